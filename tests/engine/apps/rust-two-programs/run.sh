#!/bin/sh
# TERM must reach the server
exec ./target/release/guestbook
