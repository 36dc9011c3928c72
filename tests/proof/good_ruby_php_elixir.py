"""Migrations of Ruby, PHP and Elixir that hold, for tests to break."""

from __future__ import annotations

from good_migrations import Good

_LOCK = """\
GEM
  remote: https://gems.example.com/
  specs:
    pg (1.5.4)
    rack (2.2.8)

PLATFORMS
  ruby

DEPENDENCIES
  pg
  rack
"""
_RUBY_FILES = {
    "Gemfile": 'source "https://gems.example.com"\ngem "rack"\ngem "pg"\n',
    "Gemfile.lock": _LOCK,
    "app.rb": 'require "rack"\n',
}
RUBY = Good(
    "ruby",
    """\
FROM ruby:3.2
WORKDIR /app
COPY Gemfile Gemfile.lock ./
RUN bundle config set without test
RUN bundle install
COPY . .
CMD ["bundle", "exec", "ruby", "app.rb"]
""",
    """\
FROM ruby:3.2 AS builder
WORKDIR /app
COPY Gemfile Gemfile.lock ./
RUN bundle config set without test
RUN bundle install

FROM ruby:3.2-slim
RUN apt-get update && apt-get install -y --no-install-recommends libpq5 && rm -rf /var/lib/apt/lists/*
WORKDIR /app
RUN bundle config set without test
COPY --from=builder /usr/local/bundle /usr/local/bundle
COPY --from=builder /app/ ./
COPY . .
CMD ["bundle", "exec", "ruby", "app.rb"]
""",
    _RUBY_FILES,
)
REMOVED = Good(
    "packages taken away again",
    """\
FROM ruby:3.2-alpine
RUN apk add --no-cache build-base tzdata
WORKDIR /app
COPY Gemfile Gemfile.lock ./
RUN bundle install
RUN apk del build-base
COPY . .
CMD ["bundle", "exec", "ruby", "app.rb"]
""",
    """\
FROM ruby:3.2-alpine AS builder
RUN apk add --no-cache build-base tzdata
WORKDIR /app
COPY Gemfile Gemfile.lock ./
RUN bundle install
RUN apk del build-base

FROM ruby:3.2-alpine
RUN apk add --no-cache tzdata
WORKDIR /app
COPY --from=builder /usr/local/bundle /usr/local/bundle
COPY --from=builder /app/ ./
COPY . .
CMD ["bundle", "exec", "ruby", "app.rb"]
""",
    _RUBY_FILES,
)
PHP = Good(
    "php",
    """\
FROM php:8.2-apache
RUN apt-get update && apt-get install -y git && docker-php-ext-install pdo_mysql
WORKDIR /var/www/html
COPY . .
RUN chown -R www-data:www-data storage
""",
    """\
FROM php:8.2-apache AS builder
RUN apt-get update && apt-get install -y git && docker-php-ext-install pdo_mysql

FROM php:8.2-apache
COPY --from=builder /usr/local/lib/php/extensions /usr/local/lib/php/extensions
COPY --from=builder /usr/local/etc/php/conf.d /usr/local/etc/php/conf.d
WORKDIR /var/www/html
COPY . .
RUN chown -R www-data:www-data storage
""",
    {"index.php": "<?php echo 'hello';\n", "storage/.keep": ""},
)
MIX = Good(
    "mix",
    """\
FROM elixir:1.14
WORKDIR /app
RUN mix local.hex --force
COPY . .
RUN mix deps.get
CMD ["mix", "run", "--no-halt"]
""",
    """\
FROM elixir:1.14 AS builder
WORKDIR /app
RUN mix local.hex --force
COPY . .
RUN mix deps.get

FROM elixir:1.14-slim
WORKDIR /app
COPY --from=builder /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/ca-certificates.crt
COPY --from=builder /root/.mix /root/.mix
COPY --from=builder /app/ ./
CMD ["mix", "run", "--no-halt"]
""",
    {
        "mix.exs": 'defmodule A.MixProject do\n  def project, do: [app: :a, deps: [{:jason, "~> 1.4"}]]\nend\n',
        "mix.lock": '%{\n  "jason": {:hex, :jason, "1.4.0", "e855", [:mix], [], "hexpm", "79a3"},\n}\n',
        "lib/a.ex": "defmodule A do\nend\n",
    },
)
ALL = (RUBY, REMOVED, PHP, MIX)
