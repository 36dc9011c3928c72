from pathlib import Path

from flask import Flask, render_template_string

app = Flask(__name__)
PAGE = Path(__file__).parent / "templates" / "page.html"


@app.get("/")
def page():
    return render_template_string(PAGE.read_text(), greeting="Good morning")


@app.get("/healthz")
def healthz():
    return "ok"
