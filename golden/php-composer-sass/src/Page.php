<?php

namespace Example;

final class Page
{
    public static function render(string $title): string
    {
        return "<link rel=\"stylesheet\" href=\"example.css\"><h1>{$title}</h1>\n";
    }
}
