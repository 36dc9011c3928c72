from pathlib import Path

from flask import Flask, abort, render_template

app = Flask(__name__)
NOTES = Path(__file__).with_name("notes.txt")


def notes():
    return [line for line in NOTES.read_text(encoding="utf-8").splitlines() if line]


@app.get("/")
def index():
    return render_template("index.html", notes=notes())


@app.get("/notes/<int:number>")
def note(number):
    known = notes()
    if not 0 < number <= len(known):
        abort(404)
    return {"note": known[number - 1]}


@app.get("/healthz")
def healthz():
    return "ok"
