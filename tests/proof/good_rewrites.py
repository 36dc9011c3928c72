"""Migrations of the optional rules that hold, for tests to break."""

from __future__ import annotations

from good_migrations import Good

# Instructions that are written otherwise, and what a rule may change on purpose.
WRITTEN_BEFORE = """\
FROM python:3.11-slim
MAINTAINER Jane
ENV GREETING hello $NAME
WORKDIR /app
RUN apt-get update && apt-get install -y ffmpeg
ADD data /srv/data
ADD requirements.txt ./
RUN pip install -r requirements.txt
COPY app.py ./
CMD python app.py
"""
WRITTEN_AFTER = """\
FROM python:3.11-slim
LABEL org.opencontainers.image.authors="Jane"
ENV GREETING="hello $NAME"
WORKDIR /app
RUN apt-get update && apt-get install --no-install-recommends -y ffmpeg && rm -rf /var/lib/apt/lists/*
COPY data /srv/data
COPY requirements.txt ./
RUN --mount=type=cache,target=/root/.cache/pip pip install -r requirements.txt
COPY app.py ./
CMD ["python", "app.py"]
"""
WRITTEN_FILES = {"requirements.txt": "flask==3.0.0\n", "app.py": "import flask\n", "data": "1,2\n"}

REMOVED_BEFORE = """\
FROM openjdk:17-jdk-slim
WORKDIR /app
COPY app.jar ./
CMD ["java", "-jar", "app.jar"]
"""
REMOVED_AFTER = """\
FROM eclipse-temurin:17-jdk
ENV LANG=C.UTF-8 LC_ALL=C.UTF-8
WORKDIR /app
COPY app.jar ./
CMD ["java", "-jar", "app.jar"]
"""
REMOVED_FILES = {"app.jar": "x"}

# Two stages already: what is ahead of the final one counts as well.
STAGES_BEFORE = """\
FROM golang:1.22-bookworm AS builder
ENV CGO_ENABLED=0
WORKDIR /app
COPY . .
RUN go build -o server .

FROM debian:bookworm-slim
COPY --from=0 /app/server /usr/local/bin/server
CMD ["server"]
"""
STAGES_AFTER = STAGES_BEFORE.replace("--from=0", "--from=builder")
STAGES_FILES = {"go.mod": "module example.com/shop\n\ngo 1.22\n", "main.go": "package main\n\nfunc main() {}\n"}

WRITTEN = Good("written", WRITTEN_BEFORE, WRITTEN_AFTER, WRITTEN_FILES, frozenset({"labels", "command", "recommends"}))
REMOVED = Good("removed", REMOVED_BEFORE, REMOVED_AFTER, REMOVED_FILES, frozenset({"base"}))
STAGES = Good("stages", STAGES_BEFORE, STAGES_AFTER, STAGES_FILES)
