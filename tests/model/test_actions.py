from __future__ import annotations

import pytest

from dfmigrate.model.actions import Action
from dfmigrate.model.interpret import interpret
from dfmigrate_grammar import parse


def actions(*lines: str, base: str = "golang:1.22") -> list[Action]:
    build = interpret(parse("\n".join((f"FROM {base}", "WORKDIR /src", *lines, "")).encode()), None)
    return [action for layer in build.final.layers for action in layer.actions]


def written(*lines: str, base: str = "golang:1.22") -> list[str]:
    """The paths and kinds that the last command writes, or why they are not known."""
    last = actions(*lines, base=base)[-1]
    return [last.opaque] if last.opaque else [f"{write.kind.name.lower()} {write.path}" for write in last.writes]


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        ("cp -r a /b", ["tree /b"]),
        ("wget https://example.org/x", ["tree /src"]),
        ("wget -O /x https://example.org/x", ["file /x"]),
        ("curl -fsSLo x https://example.org/x", ["file /src/x"]),
        ("tar xfz x.tgz -C /opt", ["tree /opt"]),
        ("mkdir -p a /b", ["directory /src/a", "directory /b"]),
        ("sed -i -e s/a/b/ f", ["file /src/f"]),
        ("sed -i s/a/b/ f", ["file /src/f"]),
        ("sed -i.bak s/a/b/ f", ["file /src/f", "file /src/f.bak"]),
        ("echo x > /y", ["file /y"]),
        ("make -C sub", ["tree /src/sub"]),
        ("make -C /other", ["tree /other"]),
        ("npm --prefix web run build", ["tree /src/web"]),
        ("git clone https://example.org/a/b.git", ["tree /src/b"]),
        ("git -C /x clone https://example.org/a/b.git", ["tree /x/b"]),
        ("go install ./cmd/app", ["tree /go/bin"]),
        ("pip install --target /deps x", ["tree /deps"]),
        ("rm -rf /x", []),
        ("openssl req -x509 -newkey rsa -keyout /k -out /c", ["file /k", "file /c"]),
    ],
)
def test_where_commands_write(command: str, expected: list[str]) -> None:
    assert written(f"RUN {command}") == expected


@pytest.mark.parametrize(
    ("base", "said", "command", "folder"),
    [
        ("python:3.12", "UV_PYTHON_INSTALL_DIR=/py", "uv python install 3.12", "/py"),
        ("python:3.12", "PIP_TARGET=/deps", "pip install flask", "/deps"),
        ("node:20", "npm_config_prefix=/g", "npm install -g x", "/g"),
        ("node:20", "PNPM_HOME=/pnpm", "pnpm add -g x", "/pnpm"),
        ("rust:1.80", "CARGO_TARGET_DIR=/t", "cargo build --release", "/t"),
        ("rust:1.80", "CARGO_INSTALL_ROOT=/r", "cargo install --path .", "/r"),
        ("php:8.3-cli", "COMPOSER_VENDOR_DIR=/v", "composer install", "/v"),
        ("elixir:1.16", "MIX_BUILD_PATH=/b", "mix compile", "/b"),
        ("elixir:1.16", "MIX_ENV=prod", "mix release --overwrite --path /r", "/r"),
        ("mcr.microsoft.com/dotnet/sdk:8.0", "DOTNET_CLI_HOME=/h", "dotnet tool install -g x", "/h"),
    ],
)
def test_a_variable_names_another_folder(base: str, said: str, command: str, folder: str) -> None:
    assert f"tree {folder}" in written(f"ENV {said}", f"RUN {command}", base=base)
    assert f"tree {folder}" in written(f"RUN export {said} && {command}", base=base)


def test_a_variable_with_an_unknown_value_names_an_unknown_folder() -> None:
    assert written("RUN COMPOSER_VENDOR_DIR=$UNSET composer install", base="php:8.3-cli") == [
        "the path that `composer` writes is not known"
    ]


@pytest.mark.parametrize(
    "command",
    [
        "gzip x",
        "cp a $(where)",
        "find . -exec touch {} +",
        "./test",
        "./rm x",
        "bash install",
        "mkdir $UNSET",
        "make -C $UNSET",
        "GOPATH=$(where) go install .",
        "curl -D headers https://example.org/x",
    ],
)
def test_where_commands_write_is_not_known(command: str) -> None:
    assert actions(f"RUN {command}")[-1].opaque


def test_a_variable_moves_what_is_installed() -> None:
    assert written("ENV GOBIN=/out", "RUN go install .")[0] == "tree /out"
    assert written("RUN GOBIN=/out go install .")[0] == "tree /out"
    assert written("RUN export GOBIN=/out && go install .")[0] == "tree /out"


@pytest.mark.parametrize(
    "lines",
    [
        ("RUN ./configure --prefix=/opt/x && make && make install",),
        ("RUN ./configure --prefix=/opt/x", "RUN make install"),
        ("RUN cmake -DCMAKE_INSTALL_PREFIX=/opt/x . && make install",),
        ("RUN cmake -DCMAKE_INSTALL_PREFIX:PATH=/opt/x .", "RUN cmake --build . --target install"),
        ("RUN meson setup b --prefix /opt/x && ninja -C b install",),
    ],
)
def test_an_installation_goes_where_it_was_told_before(lines: tuple[str, ...]) -> None:
    assert "tree /opt/x" in written(*lines)


def test_an_installation_to_an_unknown_prefix_is_opaque() -> None:
    assert written("RUN ./configure --prefix=$(pwd)/x && make install") == ["it installs to a prefix that is not known"]


def test_an_unknown_image_may_set_the_variable() -> None:
    assert actions("RUN go install .", base="example.org/go")[-1].opaque
    told = written("ENV GOPATH=/x GOBIN=/y", "RUN go install .", base="example.org/go")
    assert told == ["tree /y", "tree /x/bin"]


def test_python_packages_go_to_the_environment_on_the_path() -> None:
    environment = "ENV PATH=/venv/bin:/usr/local/bin:/usr/bin:/bin"
    assert written(environment, "RUN pip install x", base="python:3.12") == ["tree /venv"]
    assert written(environment, "RUN pip install -e .", base="python:3.12") == ["tree /src", "tree /venv"]


def test_a_file_that_describes_the_system_sets_variables_and_nothing_else() -> None:
    described = actions("RUN . /etc/os-release && cd /x")
    assert [(action.role, action.opaque, action.writes) for action in described[:1]] == [("inspection", None, ())]
    assert actions("RUN . /etc/environment")[0].opaque is not None
    assert actions("ENV VERSION=1", "RUN . /etc/os-release && touch /x-$VERSION")[-1].argv == ("touch", None)


ARCHIVE = "https://github.com/acme/shop/archive"


@pytest.mark.parametrize(
    ("commands", "expected"),
    [
        (f"wget -q {ARCHIVE}/v1.2.tar.gz", ["file /src/v1.2.tar.gz"]),
        (f"wget {ARCHIVE}/v1.2.tar.gz && tar xzf v1.2.tar.gz", ["tree /src/shop-1.2"]),
        (f"curl -fsSLo x.tgz {ARCHIVE}/refs/tags/v1.2.tar.gz && tar -xf x.tgz -C /opt", ["tree /opt/shop-1.2"]),
        (f"curl -sLO {ARCHIVE}/main.tar.gz && tar xf main.tar.gz", ["tree /src/shop-main"]),
        (f"wget {ARCHIVE}/v1.tar.gz && tar xf v1.tar.gz --strip-components=1", ["tree /src"]),
        (f"wget {ARCHIVE}/v1.tar.gz && tar xf other.tar.gz", ["tree /src"]),
        (f"wget -i list {ARCHIVE}/v1.tar.gz && tar xf v1.tar.gz", ["tree /src"]),
        ("wget https://example.org/v1.tar.gz && tar xf v1.tar.gz", ["tree /src"]),
    ],
)
def test_where_the_archive_of_a_repository_is_unpacked(commands: str, expected: list[str]) -> None:
    assert written(f"RUN {commands}") == expected
