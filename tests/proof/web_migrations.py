"""Migrations of web projects that hold, for tests to break."""

from __future__ import annotations

from dataclasses import replace

from good_migrations import Good

_FILES = {
    "package.json": '{"scripts": {"build": "babel src --out-dir dist"}, "dependencies": {"express": "^4.0.0"},'
    ' "devDependencies": {"babel-cli": "^6.0.0", "webpack-dev-middleware": "^1.0.0"}}',
    "src/index.js": "if (process.env.NODE_ENV !== 'production') {\n  require('webpack-dev-middleware')\n}\n"
    "require('express')().listen(80)\n",
}
_BEFORE = """\
FROM node:20-alpine
COPY . ./
RUN npm install && npm run build
ENV NODE_ENV=production
CMD node ./dist/index.js
"""
_AFTER = """\
FROM node:20-alpine AS builder
COPY . ./
RUN npm install && npm run build
RUN npm prune --omit=dev

FROM node:20-alpine
COPY --from=builder /package.json /package.json
COPY --from=builder /src /src
COPY --from=builder /node_modules /node_modules
COPY --from=builder /dist /dist
ENV NODE_ENV=production
CMD node ./dist/index.js
"""

IN_ROOT = Good("in the root folder", _BEFORE, _AFTER, _FILES)

UNSURE = tuple(
    replace(IN_ROOT, before=IN_ROOT.before.replace(old, new), after=IN_ROOT.after.replace(old, new))
    for old, new in (
        ("ENV NODE_ENV=production\n", ""),
        ("ENV NODE_ENV=production", "ENV NODE_ENV=staging"),
        ("CMD node", "CMD NODE_ENV=test node"),
    )
)
"""The same with what leaves it open whether the branch for development runs: its packages may not go."""

_NEXT_FILES = {
    "package.json": '{"scripts": {"build": "next build"}, "dependencies": {"next": "^14.0.0"}}',
    "package-lock.json": '{"lockfileVersion": 3, "packages": {"": {}, "node_modules/next": {"version": "14.0.0"}}}',
    "next.config.js": "module.exports = { output: 'standalone' }\n",
    "pages/index.js": "export default () => null\n",
}
_NEXT_BEFORE = """\
FROM node:20
WORKDIR /app
COPY . .
RUN npm ci
RUN npm run build
CMD ["node", ".next/standalone/server.js"]
"""
_NEXT_AFTER = """\
FROM node:20 AS builder
WORKDIR /app
COPY . .
RUN npm ci
RUN npm run build

FROM node:20-slim
WORKDIR /app
COPY --from=builder /app/package.json ./package.json
COPY --from=builder /app/next.config.js ./next.config.js
COPY --from=builder /app/pages ./pages
COPY --from=builder /app/.next/standalone ./.next/standalone
CMD ["node", ".next/standalone/server.js"]
"""

STANDALONE = Good("standalone server", _NEXT_BEFORE, _NEXT_AFTER, _NEXT_FILES)
LOADING = tuple(
    replace(
        STANDALONE,
        before=STANDALONE.before.replace("CMD", f"{line}CMD"),
        after=STANDALONE.after.replace("CMD", f"{line}CMD"),
        files={**_NEXT_FILES, **files},
    )
    for line, files in (
        ("ENV NODE_PATH=/app/node_modules\n", {}),
        ('HEALTHCHECK CMD ["node", "check.js"]\n', {"check.js": "require('next')\n"}),
        ("", {"package-lock.json": _NEXT_FILES["package-lock.json"].replace("/next", "/pino")}),
        ("", {"next.config.js": "module.exports = {}\n"}),
    )
)
"""The same where something may load packages that the server does not bring along."""

_START = {
    "package.json": '{"scripts": {"build": "next build", "start": "next start"}, "dependencies": {"next": "^15.0.0"},'
    ' "devDependencies": {"typescript": "^5.0.0"}}',
    "package-lock.json": '{"lockfileVersion": 3, "packages": {"": {}, "node_modules/next": {"version": "15.0.0",'
    ' "bin": {"next": "dist/bin/next"}}, "node_modules/typescript": {"version": "5.0.0", "dev": true}}}',
    "pages/index.js": "export default () => null\n",
}
_START_BEFORE = _NEXT_BEFORE.replace('["node", ".next/standalone/server.js"]', '["npm", "start"]')
_START_AFTER = """\
FROM node:20 AS builder
WORKDIR /app
COPY . .
RUN npm ci
RUN npm run build
RUN npm prune --omit=dev

FROM node:20-slim
WORKDIR /app
COPY --from=builder /app/ ./
CMD ["npm", "start"]
"""
NEXT_START = Good("next start", _START_BEFORE, _START_AFTER, {**_START, "next.config.mjs": "export default {}\n"})
COMPILED = replace(NEXT_START, files={**_START, "next.config.ts": "export default {}\n"})
"""The same with a configuration that the server compiles when it starts."""

_KIT = {
    "package.json": '{"scripts": {"build": "vite build"}, "dependencies": {"dayjs": "^1.0.0"},'
    ' "devDependencies": {"@sveltejs/kit": "^2.0.0", "@sveltejs/adapter-node": "^5.0.0", "vite": "^6.0.0"}}',
    "package-lock.json": '{"lockfileVersion": 3, "packages": {"": {}, "node_modules/dayjs": {"version": "1.0.0"},'
    ' "node_modules/@sveltejs/kit": {"version": "2.0.0", "dev": true}}}',
    "svelte.config.js": "import node from '@sveltejs/adapter-node'\nexport default { kit: { adapter: node() } }\n",
    "src/hooks.server.js": "import { redirect } from '@sveltejs/kit'\nimport dayjs from 'dayjs'\n",
}
SVELTEKIT = replace(
    NEXT_START,
    name="sveltekit",
    before=_START_BEFORE.replace('["npm", "start"]', '["node", "build"]'),
    after=_START_AFTER.replace('["npm", "start"]', '["node", "build"]'),
    files=_KIT,
)
UNBUNDLED = replace(
    SVELTEKIT, files={**_KIT, "src/hooks.server.js": "import '@sveltejs/kit'\nimport(process.argv[2])\n"}
)
"""The same where the bundler leaves something to the server that it cannot follow."""

_PM2_BEFORE = """\
FROM node:20
RUN npm install -g pm2
WORKDIR /usr/app
COPY . .
RUN npm ci
CMD ["pm2-runtime", "index.js"]
"""
_PM2_AFTER = """\
FROM node:20 AS builder
RUN npm install -g pm2
WORKDIR /usr/app
COPY . .
RUN npm ci

FROM node:20-slim
RUN apt-get update && apt-get install -y --no-install-recommends procps && rm -rf /var/lib/apt/lists/*
RUN npm install -g pm2
WORKDIR /usr/app
COPY --from=builder /usr/app/node_modules ./node_modules
COPY . .
CMD ["pm2-runtime", "index.js"]
"""
_PM2_FILES = {
    "package.json": '{"dependencies": {"express": "^4.0.0"}}',
    "package-lock.json": '{"lockfileVersion": 3, "packages": {"": {}, "node_modules/express": {"version": "4.0.0"}}}',
    "index.js": "require('express')().listen(3000)\n",
    ".dockerignore": "node_modules\n",
}

PM2 = Good("a process manager for all", _PM2_BEFORE, _PM2_AFTER, _PM2_FILES)

VOICE = Good(
    "a bot that calls ffmpeg",
    "FROM node:20\nRUN apt-get update && apt-get install -y ffmpeg\nWORKDIR /app\nCOPY . .\nRUN npm ci\n"
    'CMD ["node", "index.js"]\n',
    "FROM node:20 AS builder\nRUN apt-get update && apt-get install -y ffmpeg\nWORKDIR /app\nCOPY . .\nRUN npm ci\n\n"
    "FROM node:20-slim\nRUN apt-get update && apt-get install -y ffmpeg\nWORKDIR /app\n"
    "COPY --from=builder /app/node_modules ./node_modules\nCOPY . .\n"
    'CMD ["node", "index.js"]\n',
    {
        "package.json": '{"dependencies": {"@discordjs/voice": "^0.16.0"}}',
        "package-lock.json": '{"lockfileVersion": 3, "packages": {"": {}, '
        '"node_modules/@discordjs/voice": {"version": "0.16.1"}}}',
        "index.js": "require('@discordjs/voice')\n",
        ".dockerignore": "node_modules\n",
    },
)

_CHROMIUM = "RUN apt-get update && apt-get install -y chromium\n"
SHOTS = Good(
    "a browser of the system",
    f'FROM node:20\n{_CHROMIUM}WORKDIR /app\nCOPY . .\nRUN npm ci\nCMD ["node", "index.js"]\n',
    f"FROM node:20 AS builder\n{_CHROMIUM}WORKDIR /app\nCOPY . .\nRUN npm ci\n\n"
    f"FROM node:20-slim\n{_CHROMIUM}WORKDIR /app\nCOPY --from=builder /app/node_modules ./node_modules\nCOPY . .\n"
    'CMD ["node", "index.js"]\n',
    {
        "package.json": '{"dependencies": {"puppeteer-core": "^22.7.1"}}',
        "package-lock.json": '{"lockfileVersion": 3, "packages": {"": {}, '
        '"node_modules/puppeteer-core": {"version": "22.7.1"}}}',
        "index.js": "require('puppeteer-core')\n",
        ".dockerignore": "node_modules\n",
    },
)
