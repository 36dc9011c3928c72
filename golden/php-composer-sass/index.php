<?php

require __DIR__ . '/vendor/autoload.php';

echo Example\Page::render('Hello from PHP');
