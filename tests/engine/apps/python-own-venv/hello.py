import os
import sys
from pathlib import Path

from flask import Flask

app = Flask(__name__)
GREETING = Path(__file__).with_name("greeting.txt")


@app.get("/")
def index():
    return {"greeting": GREETING.read_text().strip(), "prefix": sys.prefix}


@app.get("/healthz")
def health():
    return "ok"


if __name__ == "__main__":
    app.run(host="0.0.0.0", port=int(os.environ.get("PORT", "8000")))
