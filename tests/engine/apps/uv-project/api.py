from pathlib import Path

from fastapi import FastAPI

app = FastAPI()
GREETING = Path(__file__).with_name("greeting.txt")


@app.get("/")
def index():
    return {"greeting": GREETING.read_text().strip()}


@app.get("/healthz")
def health():
    return "ok"
