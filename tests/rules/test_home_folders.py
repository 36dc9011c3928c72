"""What install scripts fetch into a home directory: carried where it is surely there, in the way where it may be."""

from __future__ import annotations

import json

import pytest

from dfmigrate.context import Context
from dfmigrate.migrate import migrate
from dfmigrate.migration import Migration

DOCKERFILE = """\
FROM node:20-alpine
{before}WORKDIR /app
COPY . .
RUN {mount}{install} && npm run build
CMD ["npm", "start"]
"""
COPIED = "COPY --from=builder /root/.cache/puppeteer /root/.cache/puppeteer\n"


def project(package: str = "puppeteer", version: str = "22.7.1", *, dev: bool = False, **entry: bool) -> dict[str, str]:
    """A program in TypeScript that loads one package."""
    packages: dict[str, object] = {
        "": {},
        "node_modules/typescript": {"version": "5.4.0"},
        f"node_modules/{package}": {"version": version, "hasInstallScript": True, "dev": dev, **entry},
    }
    tables = {"dependencies": {"typescript": "^5.4.0"}, "devDependencies": {}}
    tables["devDependencies" if dev else "dependencies"][package] = f"^{version}"
    return {
        "index.ts": f"import browser from '{package}'\n",
        "package.json": json.dumps(
            {"name": "shots", "scripts": {"build": "tsc -p .", "start": "node index.js"}, **tables}
        ),
        "package-lock.json": json.dumps({"lockfileVersion": 3, "packages": packages}),
        "tsconfig.json": "{}",
    }


def migrated(
    files: dict[str, str], before: str = "", install: str = "npm ci", mount: str = "", base: str = "node:20-alpine"
) -> Migration:
    text = DOCKERFILE.format(before=before, install=install, mount=mount).replace("node:20-alpine", base)
    return migrate(text.encode(), path="Dockerfile", context=Context.of({"Dockerfile": text, **files}))


def runtime(migration: Migration) -> str:
    text = bytes(migration.after).decode()
    assert "--from=builder" in text, [(one.code, one.message) for one in migration.declines]
    return text[text.rindex("FROM ") :]


def codes(migration: Migration, rule: str = "split-stages") -> set[str]:
    assert "--from=" not in bytes(migration.after).decode()
    return {decline.code for decline in migration.declines if decline.rule == rule}


def test_a_browser_that_is_surely_there_is_carried_to_the_same_place() -> None:
    done = migrated(project())
    assert COPIED in runtime(done)
    # The process looks in its own home directory.
    assert "USER" not in runtime(done)


def test_an_update_does_not_go_back_behind_what_is_locked() -> None:
    assert COPIED in runtime(migrated(project(), install="npm update puppeteer && npm install"))


def test_it_is_carried_from_where_a_variable_moves_it() -> None:
    done = migrated(project(), before="ENV PUPPETEER_CACHE_DIR=/opt/browsers\n")
    assert "COPY --from=builder /opt/browsers /opt/browsers\n" in runtime(done)


def test_it_is_carried_from_the_home_of_the_user_that_installs() -> None:
    done = migrated(project(), before="ENV HOME=/srv/home\n")
    assert "COPY --from=builder /srv/home/.cache/puppeteer /srv/home/.cache/puppeteer\n" in runtime(done)


@pytest.mark.parametrize(
    "files",
    [
        {".puppeteerrc.cjs": "module.exports = {skipDownload: true};\n"},
        {"puppeteer.config.js": "export default {};\n"},
        {".npmrc": "ignore-scripts=true\n"},
        {".npmrc": "puppeteer_skip_download=true\n"},
        {"docker/npmrc": "ignore-scripts=true\n"},
    ],
)
def test_settings_that_may_say_otherwise_stand_in_the_way(files: dict[str, str]) -> None:
    assert codes(migrated({**project(), **files})) == {"A3"}


def test_so_do_settings_in_the_manifest() -> None:
    files = project()
    manifest = json.loads(files["package.json"])
    for told in ({"puppeteer": {"skipDownload": True}}, {"config": {"puppeteer_skip_download": "true"}}):
        assert codes(migrated({**files, "package.json": json.dumps({**manifest, **told})})) == {"A3"}


@pytest.mark.parametrize(
    ("before", "install"),
    [
        ("", "npm ci --ignore-scripts"),
        ("RUN npm config set puppeteer_skip_download true\n", "npm ci"),
        ("", "PUPPETEER_SKIP_DOWNLOAD=1 npm ci"),
        ("ARG PUPPETEER_SKIP_DOWNLOAD\n", "npm ci"),
        ("ENV PUPPETEER_SKIP_DOWNLOAD=false\n", "npm ci"),
        ("ENV PUPPETEER_CACHE_DIR=browsers\n", "npm ci"),
        ("ENV PUPPETEER_CHROME_SKIP_DOWNLOAD=true\n", "npm ci"),
        ("ENV npm_config_puppeteer_skip_download=true\n", "npm ci"),
        ("ENV NPM_CONFIG_IGNORE_SCRIPTS=true\n", "npm ci"),
        ("ARG npm_config_ignore_scripts=true\n", "npm ci"),
        ("ARG NPM_CONFIG_IGNORE_SCRIPTS\n", "npm ci"),
        ("ENV YARN_ENABLE_SCRIPTS=false\n", "npm ci"),
        ("ENV NPM_CONFIG_USERCONFIG=/etc/npm/own\n", "npm ci"),
        ("", "NPM_CONFIG_IGNORE_SCRIPTS=true npm ci"),
        # Without effect since version 20.
        ("ENV PUPPETEER_SKIP_CHROMIUM_DOWNLOAD=true\n", "npm ci"),
    ],
)
def test_so_do_variables_and_options(before: str, install: str) -> None:
    assert "A3" in codes(migrated(project(), before, install))


def test_what_surely_lies_in_a_folder_that_is_carried_whole_is_there() -> None:
    before = "ENV PUPPETEER_CACHE_DIR=/app/browsers\n"
    assert "/app/browsers ./browsers\n" in runtime(migrated(project(), before))
    assert "A3" in codes(migrated({**project(), ".puppeteerrc.cjs": "module.exports = {}\n"}, before))


@pytest.mark.parametrize(
    "clean",
    [
        "rm -rf ~/.cache",
        "rm -rf ~/.cache /tmp/*",
        "rm -rf $HOME/.cache",
        'rm -rf "${HOME}/.cache"',
        "mv ~/.cache /opt/old",
    ],
)
def test_what_is_taken_away_again_is_not_carried(clean: str) -> None:
    assert ".cache/puppeteer" not in runtime(migrated(project(), install=f"npm ci\nRUN {clean}\nRUN true"))
    assert COPIED not in bytes(migrated(project(), install=f"npm ci && {clean}").after).decode()


@pytest.mark.parametrize(
    "clean", ["rm -rf ~/.cache/yarn", "rm -rf $HOME/.npm/*", "rm -rf /root/.cache/pip*", "rm -rf ~/*.log"]
)
def test_what_only_lies_beside_is_taken_away_without_harm(clean: str) -> None:
    assert COPIED in runtime(migrated(project(), install=f"npm ci\nRUN {clean}\nRUN true"))


@pytest.mark.parametrize(
    "clean",
    [
        "rm -rf $HOME/.cache/*",
        "rm -rf /root/.cache/*",
        "rm -rf /root/.[a-z]*",
        "rm -rf ${CLEAN:-/root}/.cache",
        '[ -z "$CI" ] || rm -rf ~/.cache',
        "cd $CLEAN && rm -rf .cache && cd /app",
        "for one in .cache .npm; do rm -rf /root/$one; done",
        "find / -name .cache -exec rm -rf {} +",
        "find ~ -mindepth 1 -delete",
        "find /root -mindepth 1 -delete",
        "sh -c 'rm -rf ~/.cache'",
    ],
)
def test_what_may_have_been_taken_away_is_not_counted_on(clean: str) -> None:
    assert "--from=" not in bytes(migrated(project(), install=f"npm ci\nRUN {clean}\nRUN true").after).decode()


@pytest.mark.parametrize(
    "entry", [{"optional": True}, {"peer": True}, {"devOptional": True}], ids=lambda entry: next(iter(entry))
)
def test_a_package_that_may_be_missing_may_have_left_nothing(entry: dict[str, bool]) -> None:
    assert "A3" in codes(migrated(project(**entry)))


def test_other_programs_may_not_run_install_scripts() -> None:
    files = project()
    del files["package-lock.json"]
    assert "A3" in codes(migrated({**files, "pnpm-lock.yaml": "lockfileVersion: '9.0'\n"}, install="pnpm install"))
    assert "A3" in codes(migrated({**files, "bun.lockb": "x"}, install="bun install", base="oven/bun:1-alpine"))


@pytest.mark.parametrize(
    ("package", "version", "before"),
    [
        # In node_modules before version 19
        ("puppeteer", "18.2.1", ""),
        ("puppeteer", "22.7.1", "ENV PUPPETEER_SKIP_DOWNLOAD=true\n"),
        ("puppeteer", "22.7.1", "ENV PUPPETEER_EXECUTABLE_PATH=/usr/bin/chromium-browser\n"),
        ("puppeteer", "19.11.1", "ENV PUPPETEER_SKIP_CHROMIUM_DOWNLOAD=true\n"),
        # Nothing is fetched at install since version 1.38
        ("playwright", "1.40.0", ""),
    ],
)
def test_nothing_is_carried_where_nothing_was_fetched(package: str, version: str, before: str) -> None:
    assert ".cache" not in runtime(migrated(project(package, version), before))


@pytest.mark.parametrize(
    ("package", "version"),
    [("playwright", "1.30.0"), ("@playwright/browser-chromium", "1.50.0"), ("playwright-chromium", "1.50.0")],
)
def test_other_browsers_are_not_lost_either(package: str, version: str) -> None:
    assert "A3" in codes(migrated(project(package, version)))


def test_what_is_in_neither_image_is_not_missed() -> None:
    done = migrated(project(), mount="--mount=type=cache,target=/root/.cache ")
    assert ".cache/puppeteer" not in runtime(done)
    done = migrated(project(), install="npm ci\nRUN rm -rf /root/.cache")
    assert ".cache/puppeteer" not in runtime(done)


def test_a_package_for_development_that_the_program_loads_is_served_too() -> None:
    assert COPIED in runtime(migrated(project(dev=True)))


def test_one_that_only_tests_load_is_not() -> None:
    files = {**project(dev=True), "index.ts": "console.log(1)\n", "test/page.test.ts": "import 'puppeteer'\n"}
    assert ".cache" not in runtime(migrated(files))


def test_another_user_has_another_home_directory() -> None:
    text = 'FROM node:20-alpine\nWORKDIR /app\nCOPY . .\nRUN npm ci\nCMD ["node", "index.js"]\n'
    files = {**project(), "index.js": "require('puppeteer')\n", ".puppeteerrc.cjs": "module.exports = {}\n"}
    done = migrate(text.encode(), path="Dockerfile", context=Context.of({"Dockerfile": text, **files}))
    assert "USER" not in bytes(done.after).decode()
    assert "E6" in {decline.code for decline in done.declines if decline.rule == "run-as-user"}


@pytest.mark.parametrize(
    ("command", "path"),
    [
        ("npx playwright install chromium", "/root/.cache/ms-playwright"),
        ("npx puppeteer browsers install chrome", "/root/.cache/puppeteer"),
    ],
)
def test_what_a_command_fetches_is_carried_and_nothing_else_of_the_home(command: str, path: str) -> None:
    files = project("playwright", "1.40.0")
    assert f"COPY --from=builder {path} {path}\n" in runtime(migrated(files, install=f"npm ci && {command}"))
