"""Projects in Python, Ruby and PHP as they are published: what is split, and what rightly is not."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from dfmigrate.context import Context
from dfmigrate.migrate import migrate
from dfmigrate.migration import Migration

_RUBY = {
    "Gemfile": 'source "https://gems.example.com"\n\ngem "puma"\n',
    "Gemfile.lock": """\
GEM
  remote: https://gems.example.com/
  specs:
    nio4r (2.5.9)
    puma (6.4.0)
      nio4r (~> 2.0)

PLATFORMS
  ruby

DEPENDENCIES
  puma
""",
    "config.ru": 'run ->(env) { [200, {}, ["hello"]] }\n',
}
_GEMS = "FROM ruby:3.2\nWORKDIR /app\nCOPY Gemfile Gemfile.lock ./\nRUN bundle install\nCOPY . .\n"
_PYTHON = {"requirements.txt": "flask==3.0.3\n", "app.py": "import flask\n"}
_WHEELS = "FROM python:3.12\nWORKDIR /app\nCOPY requirements.txt .\nRUN pip install -r requirements.txt\nCOPY . .\n"


def _migrated(dockerfile: str, files: Mapping[str, str]) -> Migration:
    context = Context.of({"Dockerfile": dockerfile, **files})
    return migrate(dockerfile.encode(), path="Dockerfile", context=context)


def _declined(dockerfile: str, files: Mapping[str, str], rule: str = "split-stages") -> set[str]:
    migration = _migrated(dockerfile, files)
    assert not any(step.rule == rule for step in migration.steps), bytes(migration.after).decode()
    return {decline.code for decline in migration.declines if decline.rule == rule}


def _runtime(dockerfile: str, files: Mapping[str, str]) -> str:
    after = bytes(_migrated(dockerfile, files).after).decode()
    assert after.count("\nFROM ") + after.startswith("FROM ") == 2, after
    return after[after.rindex("\nFROM ") + 1 :]


@pytest.mark.parametrize(
    "command",
    (
        'CMD bash -c "rm -f tmp/pids/server.pid && bundle install && bundle exec puma"\n',
        "CMD bundle check || bundle install && bundle exec puma\n",
        'CMD ["sh", "-c", "gem install foreman && foreman start"]\n',
    ),
)
def test_gems_that_are_installed_at_start(command: str) -> None:
    assert "C3" in _declined(_GEMS + command, _RUBY)


@pytest.mark.parametrize("line", ("bundle", "bundle check || bundle install", "exec bundle update"))
def test_gems_that_a_start_script_installs(line: str) -> None:
    files = {**_RUBY, "bin/prod": f"#!/usr/bin/env sh\nset -e\n{line}\nexec bundle exec puma\n"}
    assert "C3" in _declined(_GEMS + 'ENTRYPOINT ["bin/prod"]\n', files)


def test_a_start_script_that_only_starts() -> None:
    files = {**_RUBY, "bin/prod": "#!/usr/bin/env sh\nset -e\nbundle check\nexec bundle exec puma\n"}
    assert "slim" in _runtime(_GEMS + 'ENTRYPOINT ["bin/prod"]\n', files)


def test_wheels_that_are_installed_at_start_need_rights_too() -> None:
    dockerfile = _WHEELS + "CMD pip install -r requirements.txt && python app.py\n"
    assert "C3" in _declined(dockerfile, _PYTHON)
    assert "E2" in _declined(dockerfile, _PYTHON, "run-as-user")


def test_what_the_application_itself_makes_at_start() -> None:
    files = {**_PYTHON, "manage.py": "import django\n", "requirements.txt": "django==5.0\ngunicorn==22.0\n"}
    dockerfile = _WHEELS + "CMD python manage.py collectstatic --noinput && gunicorn app:app\n"
    assert "slim" in _runtime(dockerfile, files)


def test_a_tool_that_the_runtime_installs_needs_its_installer() -> None:
    dockerfile = (
        "FROM ruby:3.2-alpine\nRUN apk add --no-cache build-base nodejs npm tzdata\nRUN npm install -g yarn\n"
        'WORKDIR /app\nCOPY . .\nRUN bundle install\nCMD ["./start.sh"]\n'
    )
    files = {**_RUBY, "start.sh": "#!/bin/sh\nyarn --version\nexec bundle exec puma\n"}
    migration = _migrated(dockerfile, files)
    after = bytes(migration.after).decode()
    runtime = after[after.rindex("\nFROM ") + 1 :]
    assert "RUN npm install -g yarn\n" not in runtime or " npm " in runtime, runtime


_PHP = {
    "composer.json": '{"require": {"monolog/monolog": "^3"}}',
    "composer.lock": '{"packages": [{"name": "monolog/monolog", "version": "3.5.0"}], "packages-dev": []}',
    "public/index.php": "<?php\n// Run `composer install` first.\necho 'hello';\n",
    "storage/.keep": "",
}
_INSTALLER = "curl -sS https://getcomposer.org/installer | php -- --install-dir=/usr/local/bin --filename=composer"
_EXTENSIONS = "RUN apt-get update && apt-get install -y git unzip && docker-php-ext-install pdo_mysql"
_COMPOSER = "WORKDIR /var/www/html\nCOPY . .\nRUN composer install --no-dev\n"


def test_composer_that_a_download_hands_to_php_stays_in_the_builder() -> None:
    runtime = _runtime(f"FROM php:8.2-apache\n{_EXTENSIONS}\nRUN {_INSTALLER}\n{_COMPOSER}", _PHP)
    assert "/usr/local/bin/composer" not in runtime
    assert "git" not in runtime
    assert "COPY --from=builder /var/www/html/vendor ./vendor\n" in runtime


def test_a_pipeline_in_the_run_that_installs_packages() -> None:
    runtime = _runtime(f"FROM php:8.2-apache\n{_EXTENSIONS} && {_INSTALLER}\n{_COMPOSER}", _PHP)
    assert "curl" not in runtime


def test_composer_that_the_container_calls() -> None:
    files = {**_PHP, "public/index.php": "<?php exec('composer show');\n"}
    packages = _EXTENSIONS.replace("unzip", "unzip cmake")
    assert "C10" in _declined(f"FROM php:8.2-apache\n{packages}\nRUN {_INSTALLER}\n{_COMPOSER}", files)


@pytest.mark.parametrize(
    "pipeline",
    (
        "curl -sS https://example.com/installer | php",
        "curl -sS https://getcomposer.org/installer | sh",
        "curl -sS https://getcomposer.org/installer | php -d open_basedir=/tmp",
        "curl -sS https://getcomposer.org/installer | tee setup.php | php",
    ),
)
def test_what_another_pipeline_runs_is_not_known(pipeline: str) -> None:
    assert "A2" in _declined(f"FROM php:8.2-apache\n{_EXTENSIONS}\nRUN {pipeline}\n{_COMPOSER}", _PHP)


def test_settings_of_apache_are_changed_in_the_runtime() -> None:
    change = (
        "ENV APACHE_DOCUMENT_ROOT=/var/www/html/public\n"
        "RUN sed -ri -e 's!/var/www/html!${APACHE_DOCUMENT_ROOT}!g' /etc/apache2/sites-available/*.conf\n"
    )
    dockerfile = f"FROM php:8.2-apache\n{_EXTENSIONS}\nRUN {_INSTALLER}\n"
    assert "/etc/apache2/sites-available/*.conf" in _runtime(f"{dockerfile}{_COMPOSER}{change}", _PHP)
    assert "/etc/apache2/sites-available/*.conf" in _runtime(f"{dockerfile}{change}{_COMPOSER}", _PHP)
    # A folder of the system in which a pattern may mean anything
    strange = change.replace("/etc/apache2/sites-available/*.conf", "/usr/local/bin/*")
    assert "A17" in _declined(f"{dockerfile}{strange}{_COMPOSER}", _PHP)


@pytest.mark.parametrize(
    "text",
    (
        "<?php $size = `du -s /srv`;\n",
        '<?php echo "{$sizes[`du`]}";\n',
        "<p>it's late</p><?php // one ?><?= `date` ?>\n",
    ),
)
def test_backticks_that_run_a_command(text: str) -> None:
    dockerfile = f"FROM php:8.2-apache\n{_EXTENSIONS}\n{_COMPOSER.replace('--no-dev', '')}"
    codes = _declined(dockerfile.replace("RUN composer", f"RUN {_INSTALLER}\nRUN composer"), {**_PHP, "a.php": text})
    # Whatever is called, git and the rest must stay then, and nothing is left to leave behind.
    assert "NO_BENEFIT" in codes


@pytest.mark.parametrize(
    ("path", "text"),
    (
        ("config/a.php", '<?php\n/* the `storage:link` command */\n$sql = "SELECT `a` FROM `{$table}`";\n'),
        ("config/b.php", "<?php\n$sql = <<<SQL\n  SELECT `a` -- it's\n  SQL;\n"),
        ("views/c.blade.php", "{{-- `x` --}}<script>const a = `/${b}`; /r/.exec(a)</script>{{ $a }}@if(foo(1))x@endif"),
        ("views/d.php", "<script>const a = `x`; exec(a)</script><?php echo 1 ?>"),
    ),
)
def test_backticks_that_run_nothing(path: str, text: str) -> None:
    dockerfile = f"FROM php:8.2-apache\n{_EXTENSIONS}\nRUN {_INSTALLER}\n{_COMPOSER}"
    assert "git" not in _runtime(dockerfile, {**_PHP, path: text})


_UV_LOCK = """\
version = 1
requires-python = ">=3.12"

[[package]]
name = "click"
version = "8.1.7"
source = { registry = "https://pypi.example.com/simple" }
wheels = [{ url = "https://files.example.com/click-8.1.7-py3-none-any.whl", hash = "sha256:ae" }]

[[package]]
name = "shop"
version = "0.1.0"
source = { virtual = "." }
dependencies = [{ name = "click" }]
"""
_UV = {
    "pyproject.toml": '[project]\nname = "shop"\nversion = "0.1.0"\nrequires-python = ">=3.12"\n',
    "uv.lock": _UV_LOCK,
    "main.py": "import click\n",
}


def _uv(base: str, start: str = '["uv", "run", "--no-sync", "python", "main.py"]') -> str:
    return f"FROM {base}\nWORKDIR /app\nCOPY pyproject.toml uv.lock ./\nRUN uv sync --frozen\nCOPY . .\nCMD {start}\n"


def test_the_images_of_uv_that_are_made_from_those_of_python() -> None:
    runtime = _runtime(_uv("ghcr.io/astral-sh/uv:0.5.1-python3.12-bookworm"), _UV)
    assert runtime.startswith("FROM ghcr.io/astral-sh/uv:0.5.1-python${PYTHON_VERSION}-bookworm-slim\n")
    assert "COPY --from=builder --chown=10001:10001 /app/ ./\n" in runtime
    runtime = _runtime(_uv("ghcr.io/astral-sh/uv:python3.12-bookworm"), _UV)
    assert runtime.startswith("FROM ghcr.io/astral-sh/uv:python${PYTHON_VERSION}-bookworm-slim\n")


def test_an_image_of_uv_whose_python_is_not_the_one_that_is_asked_for() -> None:
    # Another Python is downloaded, to a folder of uv's own.
    assert "A2" in _declined(_uv("ghcr.io/astral-sh/uv:python3.11-bookworm"), _UV)
    assert "A2" in _declined(_uv("ghcr.io/astral-sh/uv:bookworm"), _UV)


def test_modes_of_files_that_the_runtime_copies_itself_are_set_there() -> None:
    dockerfile = (
        "FROM python:3.12-slim\nRUN apt-get update && apt-get install -y build-essential\nWORKDIR /app\n"
        "COPY requirements.txt .\nRUN pip install -r requirements.txt\nCOPY . .\nCOPY start.sh /start.sh\n"
        'RUN chmod +x /start.sh\nENTRYPOINT ["/start.sh"]\n'
    )
    files = {**_PYTHON, "start.sh": "#!/bin/sh\nexec python app.py\n"}
    assert " . .\nCOPY start.sh /start.sh\nRUN chmod +x /start.sh\n" in _runtime(dockerfile, files)
    # What came before the last build step is copied with its mode.
    before = dockerfile.replace("COPY . .\n", "").replace("COPY requirements.txt .\n", "COPY . .\n")
    before = before.replace("COPY start.sh /start.sh\nRUN chmod +x /start.sh\n", "").replace(
        "RUN pip", "COPY start.sh /start.sh\nRUN chmod +x /start.sh && pip"
    )
    assert "chmod" not in _runtime(before, files)


def test_folders_that_are_made_for_another_user_behind_the_build() -> None:
    after = "RUN mkdir -p var/cache && chown -R www-data:www-data var/cache && chmod -R 775 var/cache\n"
    runtime = _runtime(f"FROM php:8.2-fpm\n{_EXTENSIONS}\nRUN {_INSTALLER}\n{_COMPOSER}{after}", _PHP)
    assert runtime.endswith(after)


def test_composer_that_is_moved_to_its_place() -> None:
    steps = (
        "RUN php -r \"copy('https://getcomposer.org/installer', 'composer-setup.php');\" && php composer-setup.php"
        " && php -r \"unlink('composer-setup.php');\" && mv composer.phar /usr/local/bin/composer\n"
    )
    runtime = _runtime(f"FROM php:8.2-apache\n{_EXTENSIONS}\n{steps}{_COMPOSER}", _PHP)
    assert "composer.phar" not in runtime
    assert "composer-setup.php" not in runtime
    assert "/usr/local/bin/composer" not in runtime


def test_an_archive_of_packages_whose_key_is_downloaded() -> None:
    key = "curl -o /usr/share/keyrings/db.asc https://example.com/db.asc"
    signed = "deb [signed-by=/usr/share/keyrings/db.asc] https://example.com/db main"
    install = f'echo "{signed}" > /etc/apt/sources.list.d/db.list && apt-get update && apt-get install -y vim cmake'
    rest = _GEMS.partition("WORKDIR")[2] + 'CMD ["puma"]\n'
    # In one RUN with the packages, the key would be copied only after they are installed.
    assert "A2" in _declined(f"FROM ruby:3.2\nRUN {key} && {install}\nWORKDIR{rest}", _RUBY)
    runtime = _runtime(f"FROM ruby:3.2\nRUN {key}\nRUN {install}\nWORKDIR{rest}", _RUBY)
    assert runtime.index("COPY --from=builder /usr/share/keyrings/db.asc") < runtime.index("RUN echo")


def test_what_laravel_itself_makes_at_start() -> None:
    files = {
        **_PHP,
        "artisan": "#!/usr/bin/env php\n<?php\n",
        "start.sh": '#!/bin/sh\nset -e\nphp artisan config:cache\nphp artisan migrate --force\nexec "$@"\n',
    }
    start = 'RUN chmod +x start.sh\nENTRYPOINT ["./start.sh"]\nCMD ["apache2-foreground"]\n'
    dockerfile = f"FROM php:8.2-apache\n{_EXTENSIONS}\nRUN {_INSTALLER}\n{_COMPOSER}{start}"
    assert "git" not in _runtime(dockerfile, files)
    installing = {**files, "start.sh": '#!/bin/sh\ncomposer install\nexec "$@"\n'}
    assert "C3" in _declined(dockerfile, installing)
