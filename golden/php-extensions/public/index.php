<?php require "../vendor/autoload.php"; echo "hi";
