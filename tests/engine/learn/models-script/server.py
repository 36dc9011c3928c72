"""Answers with the word that follows one: /en/the."""

from __future__ import annotations

import json
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

from markupsafe import escape

MODELS = {name: json.loads(Path(f"/opt/models/{name}/model.json").read_text("utf-8")) for name in ("en", "de")}


class Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        language, _, word = self.path.strip("/").partition("/")
        found = MODELS.get(language, {}).get(word)
        body = escape(" ".join(found or ["?"])).encode()
        self.send_response(200 if found is not None else 404)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


HTTPServer(("", 8000), Handler).serve_forever()
