<?php

namespace Shop;

class Greeter
{
    public static function hello(string $name): string
    {
        return "greetings from the package, $name";
    }
}
