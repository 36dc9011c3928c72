<?php

return [
    // Links that the `storage:link` command makes.
    'links' => [],
];
