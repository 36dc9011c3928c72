#!/bin/sh
set -e
exec /usr/local/bin/python hello.py
