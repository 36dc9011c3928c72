#!/usr/bin/env bash
set -e
python -m ledger.schema
exec gunicorn --bind 0.0.0.0:8000 ledger.web:app
