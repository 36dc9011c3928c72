"""Serves the quotes that are installed beside this module, each with a signature."""

import os
import signal
from http.server import BaseHTTPRequestHandler, HTTPServer
from importlib.resources import files

from itsdangerous import Signer

SIGNER = Signer("not a secret")


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        quotes = files("quotes").joinpath("data/quotes.txt").read_text().splitlines()
        number = self.path.strip("/")
        known = number.isdigit() and int(number) < len(quotes)
        self.send_response(200 if known else 404)
        self.send_header("Content-Type", "text/plain")
        self.end_headers()
        self.wfile.write(SIGNER.sign(quotes[int(number)]) if known else b"no such quote")


def main():
    signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
    HTTPServer(("", int(os.environ.get("PORT", "8080"))), Handler).serve_forever()
