import sqlite3
from pathlib import Path

with sqlite3.connect("counter.db") as database:
    for script in sorted(Path("migrations").glob("*.sql")):
        database.executescript(script.read_text())
