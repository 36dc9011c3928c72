"""Writes what the server reads: how often a word stands behind another one."""

from __future__ import annotations

import json
import pathlib
import sys

TEXTS = {"en": "the cat and the dog and the bird", "de": "die Katze und der Hund und die Maus"}

language = sys.argv[1]
words = TEXTS[language].split()
model = {word: words[number + 1 : number + 2] for number, word in enumerate(words)}
folder = pathlib.Path("/opt/models") / language
folder.mkdir(parents=True, exist_ok=True)
(folder / "model.json").write_text(json.dumps(model, sort_keys=True), encoding="utf-8")
