"""A migration of a project whose package fetches a browser into a home directory, and ways to break it."""

from __future__ import annotations

import json

from good_migrations import Good

_BEFORE = """\
FROM node:20-alpine
WORKDIR /app
COPY . .
RUN npm ci && npm run build
CMD ["node", "index.js"]
"""
_COPY = "COPY --from=builder /root/.cache/puppeteer /root/.cache/puppeteer\n"
_AFTER = f"""\
FROM node:20-alpine AS builder
WORKDIR /app
COPY . .
RUN npm ci && npm run build

FROM node:20-alpine
WORKDIR /app
{_COPY}COPY --from=builder /app/package.json ./package.json
COPY --from=builder /app/node_modules ./node_modules
COPY --from=builder /app/index.js ./index.js
CMD ["node", "index.js"]
"""
_MANIFEST = {"scripts": {"build": "tsc -p ."}, "dependencies": {"puppeteer": "^22.0.0", "typescript": "^5.0.0"}}
_LOCK = {
    "lockfileVersion": 3,
    "packages": {
        "": {},
        "node_modules/puppeteer": {"version": "22.7.1", "hasInstallScript": True},
        "node_modules/typescript": {"version": "5.4.0"},
    },
}
_FILES = {
    "package.json": json.dumps(_MANIFEST),
    "package-lock.json": json.dumps(_LOCK),
    "tsconfig.json": "{}",
    "index.ts": "import puppeteer from 'puppeteer'\n",
}

GOOD = Good("browser", _BEFORE, _AFTER, _FILES)
BROKEN = [
    (GOOD, _COPY, "", "A3"),
    (GOOD, _COPY, _COPY.replace(" /root/.cache/puppeteer\n", " /home/node/.cache/puppeteer\n"), "A3"),
    (GOOD, _COPY, _COPY + "ENV HOME=/home/node\n", "D1"),
    (GOOD, _COPY, _COPY + "RUN rm -rf /root/.cache\n", "A2"),
]
CONTEXTS = [
    # Nobody knows whether the folder is there.
    (GOOD, {".puppeteerrc.cjs": "module.exports = {skipDownload: true};\n"}, "A6"),
    (GOOD, {"package-lock.json": "{}"}, "A6"),
]
