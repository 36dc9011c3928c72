import os
import signal
import sqlite3

from flask import Flask, request

app = Flask(__name__)


@app.get("/")
def index():
    return "a counter\n"


@app.post("/visits/<name>")
def visit(name):
    with sqlite3.connect("counter.db") as database:
        database.execute(
            "INSERT INTO visits VALUES (?, 1) ON CONFLICT(name) DO UPDATE SET count = count + 1", (name,)
        )
        [count] = database.execute("SELECT count FROM visits WHERE name = ?", (name,)).fetchone()
    return {"name": name, "count": count}


@app.post("/uploads/<name>")
def upload(name):
    os.makedirs("uploads", exist_ok=True)
    with open(os.path.join("uploads", name), "wb") as file:
        file.write(request.get_data())
    return {"size": os.path.getsize(os.path.join("uploads", name))}


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
    app.run(host="0.0.0.0", port=int(os.environ.get("PORT", "5000")))
