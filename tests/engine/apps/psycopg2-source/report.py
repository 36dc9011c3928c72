"""Answers what the reports need to know of the database driver."""

import json
import os
import signal
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import psycopg2
from psycopg2 import extensions

TITLE = Path("title.txt")


def driver():
    return {"driver": psycopg2.__version__, "libpq": extensions.libpq_version(), "title": TITLE.read_text().strip()}


def refused():
    try:
        psycopg2.connect("host=127.0.0.1 port=1 connect_timeout=1 user=report")
    except psycopg2.OperationalError as error:
        return {"error": type(error).__name__, "refused": "Connection refused" in str(error)}


class Handler(BaseHTTPRequestHandler):
    answers = {"/healthz": lambda: "ok", "/driver": driver, "/connect": refused}

    def do_GET(self):
        answer = self.answers.get(self.path)
        body = json.dumps(answer() if answer else {"error": "not found"}).encode()
        self.send_response(200 if answer else 404)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(body)


if __name__ == "__main__":
    server = ThreadingHTTPServer(("", int(os.environ.get("PORT", "8080"))), Handler)
    signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
    server.serve_forever()
