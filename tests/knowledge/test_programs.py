from __future__ import annotations

import pytest

from dfmigrate.knowledge.programs import compiles_at_start, dev_server, is_known, resolve, role


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        ("npm ci", ("dependency-install", "project", True)),
        ("npm install -g pm2", ("dependency-install", "paths", True)),
        ("npm --prefix web install", ("dependency-install", "project", True)),
        ("npm run build", ("build", "project", False)),
        ("npm run test:unit", ("test", "project", False)),
        ("npm prune --omit=dev", ("cleanup", "project", False)),
        ("npm cache clean --force", ("cleanup", "home", False)),
        ("yarn", ("dependency-install", "project", True)),
        ("yarn --frozen-lockfile", ("dependency-install", "project", True)),
        ("yarn build", ("build", "project", False)),
        ("yarn next build", ("build", "project", False)),
        ("npx -p typescript tsc", ("build", "project", False)),
        ("corepack enable", ("configuration", "paths", False)),
        ("pip install -r requirements.txt", ("dependency-install", "paths", True)),
        ("python -m pip install --target /deps .", ("dependency-install", "arguments", True)),
        ("python3 -m venv /opt/venv", ("configuration", "arguments", False)),
        ("python manage.py collectstatic --noinput", ("build", "project", False)),
        ("go build -o /app .", ("build", "arguments", True)),
        ("go build ./...", ("build", "project", True)),
        ("go mod download", ("dependency-install", "none", True)),
        ("go test ./...", ("test", "none", True)),
        ("cargo build --release", ("build", "project", True)),
        ("./mvnw -B -DskipTests clean package", ("build", "project", True)),
        ("mvn dependency:go-offline", ("dependency-install", "none", True)),
        ("./gradlew bootJar", ("build", "project", True)),
        ("dotnet publish -c Release -o out", ("build", "arguments", True)),
        ("dotnet restore", ("dependency-install", "project", True)),
        ("composer install --no-dev", ("dependency-install", "project", True)),
        ("docker-php-ext-install pdo_mysql", ("build", "paths", False)),
        ("a2enmod rewrite", ("configuration", "paths", False)),
        ("bundle exec rake assets:precompile", ("build", "project", False)),
        ("make -j4 install", ("build", "paths", False)),
        ("apt-get -y --no-install-recommends install gcc", ("system-packages", "system", True)),
        ("sudo -E apt-get clean", ("cleanup", "system", False)),
        ("apk add --no-cache git", ("system-packages", "system", True)),
        ("curl -fsSLO https://example.org/x", ("download", "project", True)),
        ("curl -o /x https://example.org/x", ("download", "arguments", True)),
        ("git clone https://example.org/x /x", ("download", "arguments", True)),
        ("tar -xzf x.tgz -C /opt", ("file-operation", "arguments", False)),
        ("sed -i s/a/b/ f", ("file-operation", "arguments", False)),
        ("sed s/a/b/ f", ("inspection", "none", False)),
        ("rm -rf /var/lib/apt/lists", ("cleanup", "arguments", False)),
        ("useradd -m app", ("user-management", "paths", False)),
        ("locale-gen", ("configuration", "paths", False)),
        ("true", ("inspection", "none", False)),
        ("NODE_ENV=production npm ci", ("dependency-install", "project", True)),
    ],
)
def test_roles(command: str, expected: tuple[str, str, bool]) -> None:
    facts = role(command.split())
    assert facts is not None
    assert (facts.role, facts.writes, facts.network) == expected
    assert facts.source


@pytest.mark.parametrize(
    "command", ["./deploy", "python app.py", "bash -c x", "npm frobnicate", "npm link2", "perl x.pl"]
)
def test_what_is_not_known_is_none(command: str) -> None:
    assert role(command.split()) is None


def test_unknown_words_hide_no_facts() -> None:
    assert role([None, "install"]) is None
    assert role(["npm", None]) is None
    assert role(["apt-get", "install", None]) is not None
    assert role([]) is None


def test_scripts_of_the_project_are_marked() -> None:
    for command in ("npm run build", "make", "rake assets:precompile"):
        facts = role(command.split())
        assert facts is not None
        assert facts.scripted


def test_what_leads_to_a_program_is_dropped() -> None:
    assert resolve(["sudo", "-u", "app", "env", "A=b", "/usr/bin/npm", "ci"]) == ("npm", "ci")
    assert resolve(["python", "-m", "pip", "list"]) == ("pip", "list")
    assert resolve(["python", "app.py"]) == ("python", "app.py")
    assert resolve(["dumb-init", "--", "node", "x"]) == ("node", "x")


@pytest.mark.parametrize(
    "command",
    [
        "nodemon app.js",
        "npx react-scripts start",
        "ng serve --host 0.0.0.0",
        "vite",
        "next dev",
        "flask --app app run --debug",
        "uvicorn app:app --reload",
        "air",
        "dotnet watch run",
    ],
)
def test_development_servers(command: str) -> None:
    assert dev_server(command.split())


@pytest.mark.parametrize(
    "command",
    ["node server.js", "next start", "gunicorn app:app", "vite preview", "flask run", "java -jar app.jar", "./app"],
)
def test_servers(command: str) -> None:
    assert dev_server(command.split()) is None
    assert compiles_at_start(command.split()) is None


@pytest.mark.parametrize(
    "command",
    [
        "go run .",
        "cargo run",
        "./mvnw spring-boot:run",
        "gradle bootRun",
        "dotnet run",
        "npm run build",
        "ts-node app.ts",
        "tsc",
    ],
)
def test_commands_that_compile(command: str) -> None:
    assert compiles_at_start(command.split())


def test_known_programs() -> None:
    assert is_known("npm")
    assert not is_known("our-own-tool")
