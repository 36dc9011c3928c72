from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

from dfmigrate.knowledge import packages
from dfmigrate.knowledge.images import image
from dfmigrate.knowledge.packages import (
    bringing,
    build_only_unless_called,
    in_base,
    is_build_only,
    provider,
    runtime_packages,
)
from dfmigrate.knowledge.releases import stable_runtime_packages


@pytest.mark.parametrize(
    ("release", "package", "needs"),
    [
        ("bullseye", "libssl-dev", ("libssl1.1",)),
        ("bookworm", "libssl-dev", ("libssl3",)),
        ("trixie", "libssl-dev", ("libssl3t64",)),
        ("bookworm", "libpq-dev", ("libpq5",)),
        ("bookworm", "default-libmysqlclient-dev", ("libmariadb3",)),
        ("bookworm", "tk-dev", ("libtcl8.6", "libtk8.6")),
        ("bookworm", "libz-dev", ("zlib1g",)),
        ("bookworm", "libeigen3-dev", ()),
        ("bookworm", "no-such-dev", None),
        ("sid", "libpq-dev", None),
    ],
)
def test_what_a_development_package_means_at_run_time(
    release: str, package: str, needs: tuple[str, ...] | None
) -> None:
    assert runtime_packages("debian", release, package) == needs


def test_ubuntu_has_names_of_its_own() -> None:
    assert runtime_packages("ubuntu", "focal", "libssl-dev") == ("libssl1.1",)
    assert runtime_packages("ubuntu", "jammy", "libssl-dev") == ("libssl3",)
    assert runtime_packages("ubuntu", "noble", "default-libmysqlclient-dev") == ("libmysqlclient21",)


@pytest.mark.parametrize(
    ("release", "package", "needs"),
    [
        ("3.14", "openssl-dev", ("libcrypto1.1", "libssl1.1")),
        ("3.20", "openssl-dev", ("libcrypto3", "libssl3")),
        ("3.14", "postgresql-dev", ("libpq", "postgresql-libs")),
        ("3.20", "libpq-dev", ("libpq",)),
        ("3.20", "postgresql-dev", None),  # not shown which package has that name by then
        ("3.20", "musl-dev", ()),
        ("3.20", "sqlite-dev", ("sqlite-libs",)),
        ("3.20", "libffi-dev", ("libffi",)),
        ("3.20", "yaml-dev", ("yaml",)),
        ("3.20", "gd-dev", ("libgd",)),
        ("3.20", "boost-dev", None),
    ],
)
def test_what_a_development_package_of_alpine_means_at_run_time(
    release: str, package: str, needs: tuple[str, ...] | None
) -> None:
    assert runtime_packages("alpine", release, package) == needs


@pytest.mark.parametrize(
    ("reference", "package", "needs"),
    [
        ("python:3.12-alpine", "libffi-dev", ("libffi",)),
        ("python:3.12-alpine", "openssl-dev", ()),
        ("python:3.12-alpine", "zlib-dev", ()),
        ("python:3.12-alpine", "build-base", ("libstdc++",)),
        ("python:3.12-alpine", "clang", ("libstdc++",)),
        ("python:3.12-alpine3.20", "boost-dev", None),
        ("python:3.12", "libpq-dev", ("libpq5",)),
        ("python:3.12", "libcurl4-openssl-dev", None),  # libcurl4 on bookworm, libcurl4t64 on trixie
        ("python:3.12-bookworm", "libcurl4-openssl-dev", ("libcurl4",)),
        ("python:3.12-bookworm", "zlib1g-dev", ()),
    ],
)
def test_what_holds_on_every_release_of_a_tag(reference: str, package: str, needs: tuple[str, ...] | None) -> None:
    base = image(reference)
    assert base is not None
    assert stable_runtime_packages(base, package) == needs


def test_the_generator_reads_alpines_recipes() -> None:
    generator = _script("generate_alpine.py")
    recipes = [
        'pkgname=x\nsource="x.tar"\nsubpackages="$pkgname-dev $pkgname-libs $pkgname-doc"\n',
        'pkgname=y\nsource="y.tar"\nsubpackages="$pkgname-dev liby"\nliby() {\n\tamove usr/lib/liby.so.*\n}\n',
        'pkgname=z\nsource="z.tar"\ndepends_dev="x-dev"\narch="noarch"\nsubpackages="$pkgname-dev"\n',
        'pkgname=s\nsource="s.tar"\nsubpackages="s-dev libs1"\nlibs1() {\n\tamove usr/lib/*.so.*\n}\n'
        'dev() {\n\tprovides="t-dev=$pkgver-r$pkgrel"\n}\n',
        'pkgname=two\nsource="two.tar"\nsubpackages="a-dev b-dev"\n',
        'pkgname=odd\nsource="o.tar"\nsubpackages="odd-dev odd-$_unknown:libodd"\nlibodd() {\n\tamove usr/lib\n}\n',
        'pkgname=some\nsource="o.tar"\nsubpackages="some-dev"\n[ $CARCH = x ] && subpackages="$subpackages libsome"\n'
        "libsome() {\n\tamove usr/lib/libsome.so.1\n}\n",
        'pkgname=meta\nsubpackages="meta-dev"\n',
    ]
    read = [generator.read_recipe(text) for text in recipes]
    assert generator.resolve(read, {"p-dev": ["p"]}) == {
        "x-dev": {"x-libs"},
        "y-dev": {"y", "liby"},
        "z-dev": {"z", "x-libs"},
        "s-dev": {"libs1"},
        "t-dev": {"libs1"},
        "p-dev": {"p"},
    }


def test_enterprise_linux_is_known_where_its_recipes_were_read() -> None:
    assert runtime_packages("rockylinux", "9", "openssl-devel") == ("openssl-libs",)
    assert runtime_packages("rhel", "8", "libffi-devel") == ("libffi",)
    assert runtime_packages("rockylinux", "9", "libcurl-devel") is None  # libcurl or libcurl-minimal
    assert runtime_packages("rockylinux", "10", "openssl-devel") is None
    assert runtime_packages("fedora", "40", "openssl-devel") is None


def test_other_distributions_and_releases_are_not_known() -> None:
    assert runtime_packages("alpine", "3.5", "openssl-dev") is None
    assert runtime_packages("ubuntu", "trusty", "libpq-dev") is None
    assert runtime_packages("debian", None, "libpq-dev") is None
    assert runtime_packages(None, None, "libpq-dev") is None


def test_metapackages_are_followed() -> None:
    boost = runtime_packages("debian", "bookworm", "libboost-all-dev")
    assert boost is not None
    assert "libboost-filesystem1.74.0" in boost
    kerberos = runtime_packages("debian", "bookworm", "libkrb5-dev")
    assert kerberos is not None
    assert {"libkrb5-3", "libgssapi-krb5-2"} <= set(kerberos)


@pytest.mark.parametrize("package", ["gcc", "g++", "gcc-12", "make", "cmake", "build-essential", "pkg-config"])
def test_packages_for_building_only(package: str) -> None:
    assert is_build_only("debian", package)
    assert not is_build_only(None, package)


@pytest.mark.parametrize("package", ["git", "curl", "ca-certificates", "libpq-dev", "python3", "tzdata", "gcc-doc-x"])
def test_packages_that_may_serve_the_application(package: str) -> None:
    assert not is_build_only("debian", package)


def test_packages_that_serve_what_calls_them() -> None:
    assert {"git", "git-upload-pack"} <= (build_only_unless_called("debian", "git") or set())
    assert build_only_unless_called("alpine", "git") == {"git"}
    assert {"unzip", "unzipsfx"} <= (build_only_unless_called("ubuntu", "unzip") or set())
    assert "npm" in (build_only_unless_called("debian", "nodejs") or ())
    assert build_only_unless_called("debian", "ca-certificates") is None
    assert build_only_unless_called(None, "git") is None


def test_who_brings_a_program() -> None:
    assert provider("debian", "pg_isready") == "postgresql-client"
    assert provider("ubuntu", "ps") == "procps"
    assert provider("alpine", "useradd") == "shadow"
    assert provider("debian", "no-such-program") is None
    assert provider(None, "curl") is None


def test_all_packages_that_bring_a_program() -> None:
    assert {"make", "build-essential"} <= bringing("debian", "make")
    assert {"python3", "software-properties-common"} <= bringing("ubuntu", "python3")
    assert bringing("debian", "mak") == frozenset()
    assert bringing("alpine", "psql") == {"postgresql-client"}
    assert bringing(None, "psql") == frozenset()


def test_modules_that_python_imports_are_not_for_building_only() -> None:
    assert not is_build_only("debian", "cython3")
    assert "python3" in (build_only_unless_called("debian", "cython3") or ())


def test_the_generator_tells_a_packages_own_programs_from_what_it_depends_on() -> None:
    generator = _script("generate_programs.py")
    index = "Package: a\nDepends: bb (>= 1) | cc\n\nPackage: bb\n\nPackage: cc\n"
    contents = [
        "usr/bin/one  devel/a",
        "bin/two   utils/bb,utils/cc",
        "usr/bin/deep/three utils/a",
        "usr/share/x utils/a",
    ]
    release = generator.Release(generator.read_depends(index), generator.read_programs(contents))
    assert list(generator.table([release], ["a", "bb", "missing"])) == ["a one | two", "bb two"]


def test_programs_of_the_minimal_images() -> None:
    assert in_base("debian", "slim", "bash") is True
    assert in_base("debian", "slim", "curl") is False
    assert in_base("debian", "slim", "adduser") is None  # gone from trixie
    assert in_base("alpine", "", "wget") is True
    assert in_base("alpine", "", "bash") is False
    assert in_base("alpine", "", "anything") is None
    assert in_base("none", "", "sh") is False
    assert in_base(None, "", "sh") is None


def test_the_generator_follows_a_metapackage_and_stops_at_a_library_of_its_own() -> None:
    generator = _script("generate_debian.py")
    index = "\n\n".join(
        [
            _stanza("libx1", "x", "libs", 500),
            _stanza("libx-dev", "x", "libdevel", 900, depends="libx1 (= 1), libc6-dev"),
            _stanza("x-all-dev", "x-defaults", "libdevel", 12, depends="libx-dev"),
            _stanza("libhidden-dev", "hidden", "libdevel", 900),
            _stanza("headers-dev", "headers", "libdevel", 900, architecture="all"),
        ]
    )
    found = generator.resolve(generator.read_packages(index), {})
    assert found == {"libx-dev": {"libx1"}, "x-all-dev": {"libx1"}, "headers-dev": frozenset()}


def test_the_generator_decides_nothing_where_a_library_may_hide() -> None:
    generator = _script("generate_debian.py")
    index = "\n\n".join(
        [
            _stanza("libn0", "n", "net", 500),
            _stanza("libn-dev", "n", "libdevel", 40, depends="libn0 (= 1)"),
            _stanza("libt1", "t", "libs", 500),
            _stanza("libother1", "t", "libs", 500),
            _stanza("t-tools", "t", "libdevel", 500, depends="libother1 (= 1)"),
            _stanza("libt-dev", "t", "libdevel", 900, depends="t-tools (= 1), libt1 (= 1)"),
        ]
    )
    assert generator.resolve(generator.read_packages(index), {}) == {"libt-dev": {"libt1"}}


def _stanza(name: str, source: str, section: str, size: int, *, depends: str = "", architecture: str = "amd64") -> str:
    return (
        f"Package: {name}\nVersion: 1\nSource: {source}\nSection: {section}\n"
        f"Architecture: {architecture}\nInstalled-Size: {size}\nDepends: {depends}"
    )


def _script(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, Path(packages.__file__).parent / "packages" / name)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    return module
