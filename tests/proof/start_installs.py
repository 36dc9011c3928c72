"""Migrations of images with a start script, and tools for tools, and how to break them: for ``test_mutations``."""

from __future__ import annotations

from good_migrations import Good

_LOCK = """\
GEM
  remote: https://gems.example.com/
  specs:
    rack (2.2.8)

PLATFORMS
  ruby

DEPENDENCIES
  rack
"""
_BEFORE = """\
FROM ruby:3.2-alpine
RUN apk add --no-cache build-base nodejs npm tzdata
RUN npm install -g yarn
WORKDIR /app
COPY Gemfile Gemfile.lock ./
RUN bundle install
COPY . .
ENTRYPOINT ["./start.sh"]
CMD ["bundle", "exec", "ruby", "app.rb"]
"""
_AFTER = """\
FROM ruby:3.2-alpine AS builder
RUN apk add --no-cache build-base nodejs npm tzdata
RUN npm install -g yarn
WORKDIR /app
COPY Gemfile Gemfile.lock ./
RUN bundle install

FROM ruby:3.2-alpine
RUN apk add --no-cache libstdc++ nodejs npm tzdata
RUN npm install -g yarn
WORKDIR /app
COPY --from=builder /usr/local/bundle /usr/local/bundle
COPY --from=builder /app/ ./
COPY . .
ENTRYPOINT ["./start.sh"]
CMD ["bundle", "exec", "ruby", "app.rb"]
"""
_FILES = {
    "Gemfile": 'source "https://gems.example.com"\ngem "rack"\n',
    "Gemfile.lock": _LOCK,
    "app.rb": 'require "rack"\n',
    "start.sh": '#!/bin/sh\nset -e\nyarn --version\nexec "$@"\n',
}

SCRIPT = Good("start script", _BEFORE, _AFTER, _FILES)
COMPOSER = Good(
    "a downloaded installer",
    """\
FROM php:8.2-apache
RUN apt-get update && apt-get install -y git
RUN curl -sS https://getcomposer.org/installer | php -- --install-dir=/usr/local/bin --filename=composer
WORKDIR /var/www/html
COPY . .
RUN composer install
RUN sed -i 's!/var/www/html!/var/www/html/public!' /etc/apache2/sites-available/*.conf
""",
    """\
FROM php:8.2-apache AS builder
RUN apt-get update && apt-get install -y git
RUN curl -sS https://getcomposer.org/installer | php -- --install-dir=/usr/local/bin --filename=composer
WORKDIR /var/www/html
COPY . .
RUN composer install

FROM php:8.2-apache
WORKDIR /var/www/html
COPY --from=builder /var/www/html/ ./
RUN sed -i 's!/var/www/html!/var/www/html/public!' /etc/apache2/sites-available/*.conf
""",
    {"composer.json": "{}", "composer.lock": '{"packages": []}', "public/index.php": "<?php // `a`\n"},
)
ARCHIVE = Good(
    "an archive of packages that is added",
    """\
FROM ruby:3.2
RUN curl -o /usr/share/keyrings/db.asc https://example.com/db.asc \\
    && echo "deb [signed-by=/usr/share/keyrings/db.asc] https://example.com/ main" > /etc/apt/sources.list.d/db.list \\
    && apt-get update \\
    && apt-get install -y postgresql-client cmake
WORKDIR /app
COPY Gemfile Gemfile.lock ./
RUN bundle install
COPY . .
CMD ["bundle", "exec", "ruby", "app.rb"]
""",
    """\
FROM ruby:3.2 AS builder
RUN curl -o /usr/share/keyrings/db.asc https://example.com/db.asc \\
    && echo "deb [signed-by=/usr/share/keyrings/db.asc] https://example.com/ main" > /etc/apt/sources.list.d/db.list \\
    && apt-get update \\
    && apt-get install -y postgresql-client cmake
WORKDIR /app
COPY Gemfile Gemfile.lock ./
RUN bundle install

FROM ruby:3.2-slim
COPY --from=builder /usr/share/keyrings/db.asc /usr/share/keyrings/db.asc
RUN echo "deb [signed-by=/usr/share/keyrings/db.asc] https://example.com/ main" > /etc/apt/sources.list.d/db.list \\
    && apt-get update \\
    && apt-get install -y postgresql-client
WORKDIR /app
COPY --from=builder /usr/local/bundle /usr/local/bundle
COPY --from=builder /app/ ./
COPY . .
CMD ["bundle", "exec", "ruby", "app.rb"]
""",
    {name: text for name, text in _FILES.items() if name != "start.sh"},
)
_KEY = "COPY --from=builder /usr/share/keyrings/db.asc /usr/share/keyrings/db.asc\n"
GOOD = (SCRIPT, COMPOSER, ARCHIVE)

BROKEN = [
    # What a command of the runtime brings does not bring the program that the command is
    (SCRIPT, "libstdc++ nodejs npm", "libstdc++", "A2"),
    # A key that comes too late
    (
        ARCHIVE,
        f"FROM ruby:3.2-slim\n{_KEY}" + ARCHIVE.after.partition(_KEY)[2].partition("WORKDIR")[0],
        "FROM ruby:3.2-slim\n" + ARCHIVE.after.partition(_KEY)[2].partition("WORKDIR")[0] + _KEY,
        "A2",
    ),
    # Settings that are changed in the builder alone
    (
        COMPOSER,
        "composer install\n\nFROM php:8.2-apache\nWORKDIR /var/www/html\nCOPY --from=builder /var/www/html/ ./\n",
        "composer install\nFROM php:8.2-apache\nWORKDIR /var/www/html\nCOPY --from=builder /var/www/html/ ./\n#",
        "A2",
    ),
]
CONTEXTS = [
    # The installer, or what it needs, is called
    (COMPOSER, {"public/index.php": "<?php exec('composer show');\n"}, "A2"),
    (COMPOSER, {"public/index.php": "<?php echo `git log`;\n"}, "C10"),
    # Installing at start, which may compile
    (SCRIPT, {"start.sh": '#!/bin/sh\nbundle check || bundle install\nexec "$@"\n'}, "C3"),
    (SCRIPT, {"start.sh": '#!/bin/sh\nif [ -n "$CI" ]; then\n  gem install rspec\nfi\nexec "$@"\n'}, "C3"),
    (SCRIPT, {"start.sh": '#!/bin/sh\nbundle\nexec "$@"\n'}, "C3"),
]
