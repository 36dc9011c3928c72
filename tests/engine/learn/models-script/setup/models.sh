#!/bin/bash
# Trains the small model that the server answers with.
set -eu
for language in en de; do
    python3 "$(dirname "$0")/train.py" "$language"
done
