<?php

require __DIR__ . "/vendor/autoload.php";

header("Content-Type: text/plain");
echo Shop\Greeter::hello("first"), " ", App\Counter::next();
