"""Applications in Ruby, PHP and Elixir: what is split, and what rightly is not."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping

import pytest

from dfmigrate.context import Context
from dfmigrate.migrate import migrate

_GEMFILE = 'source "https://gems.example.com"\n\ngem "sinatra"\ngem "puma"\ngem "pg"\n'
_LOCK = """\
GEM
  remote: https://gems.example.com/
  specs:
    pg (1.5.4)
    puma (6.4.0)
      nio4r (~> 2.0)
    nio4r (2.5.9)
    rack (2.2.8)
    sinatra (3.1.0)
      rack (~> 2.2)

PLATFORMS
  ruby

DEPENDENCIES
  pg
  puma
  sinatra

BUNDLED WITH
   2.4.10
"""
_RUBY = {"Gemfile": _GEMFILE, "Gemfile.lock": _LOCK, "app.rb": 'require "sinatra"\nget("/") { "hello" }\n'}


def _ruby(base: str = "ruby:3.2", before: str = "", install: str = "RUN bundle install\n", middle: str = "") -> str:
    return (
        f"FROM {base}\n{before}WORKDIR /app\nCOPY Gemfile Gemfile.lock ./\n{install}{middle}COPY . .\n"
        'CMD ["bundle", "exec", "ruby", "app.rb"]\n'
    )


def _after(dockerfile: str, files: Mapping[str, str]) -> str:
    context = Context.of({"Dockerfile": dockerfile, **files})
    return bytes(migrate(dockerfile.encode(), path="Dockerfile", context=context).after).decode()


def _codes(dockerfile: str, files: Mapping[str, str]) -> set[str]:
    context = Context.of({"Dockerfile": dockerfile, **files})
    migration = migrate(dockerfile.encode(), path="Dockerfile", context=context)
    assert not any(step.rule == "split-stages" for step in migration.steps), bytes(migration.after).decode()
    return {decline.code for decline in migration.declines if decline.rule == "split-stages"}


def _runtime(dockerfile: str, files: Mapping[str, str]) -> str:
    after = _after(dockerfile, files)
    assert len(re.findall(r"^FROM ", after, re.MULTILINE)) == 2, after
    return after[after.rindex("\nFROM ") + 1 :]


def test_gems_are_carried_and_their_libraries_installed() -> None:
    runtime = _runtime(_ruby(), _RUBY)
    assert runtime.startswith("FROM ruby:${RUBY_VERSION}-slim\n")
    assert "COPY --from=builder /usr/local/bundle /usr/local/bundle\n" in runtime
    assert "libpq5" in runtime
    assert "libpq-dev" not in runtime


def test_nothing_is_installed_from_a_release_that_left_its_server() -> None:
    assert "D11" in _codes(_ruby("ruby:2.6.5"), _RUBY)
    lock = _LOCK.replace("    pg (1.5.4)\n", "").replace("  pg\n", "")
    files = {**_RUBY, "Gemfile": _GEMFILE.replace('gem "pg"\n', ""), "Gemfile.lock": lock}
    assert "apt-get" not in _runtime(_ruby("ruby:2.6.5"), files)


def test_what_bundler_is_told_for_all_projects_is_told_again() -> None:
    runtime = _runtime(_ruby(before="RUN bundle config set without 'development test'\n"), _RUBY)
    assert "RUN bundle config set without 'development test'\n" in runtime


def test_gems_at_an_absolute_path_that_bundler_is_told() -> None:
    assert "A2" in _codes(_ruby(before="RUN bundle config set path /gems\n"), _RUBY)


def test_a_gem_of_which_nothing_is_known() -> None:
    lock = _LOCK.replace("    nio4r (2", "    obscure_native (1.0)\n    nio4r (2").replace(
        "  pg\n", "  pg\n  obscure_native\n"
    )
    files = {**_RUBY, "Gemfile": _GEMFILE + 'gem "obscure_native"\n', "Gemfile.lock": lock}
    assert "B1" in _codes(_ruby(), files)


def test_an_optional_group_is_not_looked_at_unless_it_is_asked_for() -> None:
    lock = _LOCK.replace("    nio4r (2", "    rmagick (5.3.0)\n    nio4r (2").replace("  pg\n", "  pg\n  rmagick\n")
    gemfile = _GEMFILE + '\ngroup :pictures, optional: true do\n  gem "rmagick"\nend\n'
    files = {**_RUBY, "Gemfile": gemfile, "Gemfile.lock": lock}
    assert "slim" in _runtime(_ruby(), files)
    assert "B4" in _codes(_ruby(install="RUN bundle install --with pictures\n"), files)
    assert "B4" in _codes(_ruby(before="ENV BUNDLE_WITH=pictures\n"), files)


def test_a_gem_from_git_asks_for_git() -> None:
    lock = (
        "GIT\n  remote: https://github.com/a/rack.git\n  revision: abc\n  specs:\n    rack (2.2.8)\n\n"
        + _LOCK.replace("    rack (2.2.8)\n", "").replace("  puma\n", "  puma\n  rack!\n")
    )
    files = {**_RUBY, "Gemfile": _GEMFILE + 'gem "rack", git: "https://github.com/a/rack.git"\n', "Gemfile.lock": lock}
    assert re.search(r"install .*\bgit\b", _runtime(_ruby(), files))


def test_programs_that_ruby_sources_call() -> None:
    called = {**_RUBY, "app.rb": _RUBY["app.rb"] + 'system("convert", "a.png", "b.jpg")\n'}
    assert re.search(r"install .*\bimagemagick\b", _runtime(_ruby(), called))
    computed = {**_RUBY, "app.rb": _RUBY["app.rb"] + "system(ENV['TOOL'])\n"}
    assert "C10" in _codes(_ruby(), computed)


def test_a_ruby_script_without_an_ending_is_read() -> None:
    dockerfile = _ruby().replace('["bundle", "exec", "ruby", "app.rb"]', '["bin/serve"]')
    assert "C10" in _codes(dockerfile, {**_RUBY, "bin/serve": "#!/usr/bin/env ruby\nexec(ARGV.first)\n"})
    # A script that starts itself does not keep the reader busy for ever.
    assert _runtime(dockerfile, {**_RUBY, "bin/serve": '#!/usr/bin/env ruby\nsystem("bin/serve")\n'})


def test_packages_in_a_variable_are_told_apart_and_kept_as_they_are_written() -> None:
    before = "ARG TOOLS='build-base git'\nARG NEEDS='tzdata postgresql-client'\nRUN apk add --no-cache $TOOLS $NEEDS\n"
    dockerfile = _ruby("ruby:3.2-alpine", before, middle="RUN apk del $TOOLS\n")
    runtime = _runtime(dockerfile, _RUBY)
    assert "RUN apk add --no-cache $NEEDS\n" in runtime
    assert "ARG NEEDS='tzdata postgresql-client'\n" in runtime
    assert "build-base" not in runtime


def test_a_service_started_as_root_keeps_root() -> None:
    dockerfile = _ruby().replace(
        'CMD ["bundle", "exec", "ruby", "app.rb"]', "CMD service redis-server start && bundle exec ruby app.rb"
    )
    dockerfile = dockerfile.replace("WORKDIR", "RUN apt-get update && apt-get install -y redis-server\nWORKDIR")
    runtime = _runtime(dockerfile, _RUBY)
    assert "redis-server" in runtime
    assert "USER" not in runtime


_COMPOSER = {
    "composer.json": json.dumps({"require": {"monolog/monolog": "^3.0"}, "autoload": {"psr-4": {"App\\": "src/"}}}),
    "composer.lock": json.dumps({"packages": [{"name": "monolog/monolog", "version": "3.5.0", "type": "library"}]}),
    "src/App.php": "<?php\nnamespace App;\nclass App {}\n",
    "public/index.php": "<?php\nrequire __DIR__ . '/../vendor/autoload.php';\n",
    "storage/.keep": "",
}


def _php(packages: str, extensions: str, after: str = "") -> str:
    return (
        f"FROM php:8.2-apache\nRUN apt-get update && apt-get install -y {packages} && {extensions}\n"
        "COPY --from=composer:2 /usr/bin/composer /usr/bin/composer\nWORKDIR /var/www/html\nCOPY . .\n"
        f"RUN composer install --no-dev\n{after}"
    )


@pytest.mark.parametrize("name", ["a.module", "a.install", "a.theme", "a.inc", "a.profile", "a.engine"])
def test_what_modules_of_drupal_call_is_there(name: str) -> None:
    files = {**_COMPOSER, f"web/modules/{name}": "<?php\n$at = exec('git rev-parse HEAD');\n"}
    after = _after(_php("git unzip libicu-dev", "docker-php-ext-install intl pdo_mysql"), files)
    assert " git" in after[after.rindex("FROM ") :]


def test_extensions_of_php_are_carried() -> None:
    runtime = _runtime(_php("git unzip libicu-dev", "docker-php-ext-install intl pdo_mysql"), _COMPOSER)
    assert "COPY --from=builder /usr/local/lib/php/extensions /usr/local/lib/php/extensions\n" in runtime
    assert "COPY --from=builder /usr/local/etc/php/conf.d /usr/local/etc/php/conf.d\n" in runtime
    assert "libicu" in runtime
    assert not re.search(r"git|unzip|/usr/src|/usr/local/include|composer:2", runtime)


def test_a_part_given_to_the_server_is_given_away_again() -> None:
    runtime = _runtime(_php("git unzip", "a2enmod rewrite", "RUN chown -R www-data:www-data storage\n"), _COMPOSER)
    assert runtime.index("COPY --from=builder /var/www/html") < runtime.index("RUN chown -R www-data:www-data storage")
    assert "a2enmod rewrite" in runtime


def test_git_stays_where_a_package_of_composer_calls_it() -> None:
    lock = json.dumps({"packages": [{"name": "cpliakas/git-wrapper", "version": "3.1.0", "type": "library"}]})
    files = {**_COMPOSER, "composer.lock": lock}
    dockerfile = _php("git unzip", "docker-php-ext-install pdo_mysql")
    after = _after(dockerfile, files)
    assert after.count("FROM ") == 1 or re.search(r"install -y git\b", after[after.rindex("FROM ") :])


_MIX = {
    "mix.exs": "defmodule Shop.MixProject do\n  use Mix.Project\n\n  def project do\n"
    '    [app: :shop, version: "0.1.0", deps: deps()]\n  end\n\n  defp deps do\n'
    '    [{:jason, "~> 1.4"}, {:cowboy, "~> 2.9"}]\n  end\nend\n',
    "mix.lock": "%{\n"
    '  "cowboy": {:hex, :cowboy, "2.9.0", "865d", [:make, :rebar3], [], "hexpm", "2c72"},\n'
    '  "jason": {:hex, :jason, "1.4.0", "e855", [:mix], [], "hexpm", "79a3"},\n}\n',
    "lib/shop.ex": "defmodule Shop do\n  def hello, do: :world\nend\n",
}


def _mix(command: str = '["_build/prod/rel/shop/bin/shop", "start"]') -> str:
    return (
        "FROM elixir:1.14\nWORKDIR /app\nENV MIX_ENV=prod\nRUN mix local.hex --force && mix local.rebar --force\n"
        f"COPY . .\nRUN mix deps.get --only prod\nRUN mix release\nCMD {command}\n"
    )


def test_a_release_runs_without_hex_and_rebar() -> None:
    runtime = _runtime(_mix(), _MIX)
    assert runtime.startswith("FROM elixir:${ELIXIR_VERSION}-slim\n")
    assert "/root/.mix" not in runtime
    assert "ca-certificates.crt" in runtime


def test_mix_at_run_time_has_hex_and_rebar() -> None:
    runtime = _runtime(_mix('["mix", "run", "--no-halt"]'), _MIX)
    assert "COPY --from=builder /root/.mix /root/.mix\n" in runtime


def test_native_code_among_packages_of_hex() -> None:
    lock = _MIX["mix.lock"].replace(
        '  "jason"', '  "exqlite": {:hex, :exqlite, "0.13.0", "ab12", [:make, :mix], [], "hexpm", "cd34"},\n  "jason"'
    )
    assert "B1" in _codes(_mix(), {**_MIX, "mix.lock": lock})
    own = {**_MIX, "mix.exs": _MIX["mix.exs"].replace("[{:jason", '[{:elixir_make, "~> 0.6"}, {:jason')}
    assert "B1" in _codes(_mix(), own)
