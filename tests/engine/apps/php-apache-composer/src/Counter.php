<?php

namespace App;

class Counter
{
    public static function next(): int
    {
        $file = __DIR__ . "/../storage/count";
        $count = 1 + (int) @file_get_contents($file);
        file_put_contents($file, (string) $count);
        return $count;
    }
}
