#!/bin/sh
set -e
rm -f tmp/pids/server.pid
bundle check || bundle install
exec "$@"
