<?php

namespace App;

class Item
{
}
