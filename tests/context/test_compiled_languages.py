"""Small readers: the names of programs, and where the usual build puts them."""

from __future__ import annotations

from dfmigrate.context import Context
from dfmigrate.context.crystal import crystal_project
from dfmigrate.context.dart import dart_package
from dfmigrate.context.haskell import haskell_package
from dfmigrate.context.swift import swift_package
from dfmigrate.context.zig import zig_project


def test_swift() -> None:
    text = """// swift-tools-version:5.9
let package = Package(
    name: "shop",
    products: [.executable(name: "Shop", targets: ["App"])],
    dependencies: [.package(path: "../Lib"), .package(url: "https://example.org/x", from: "1.0.0")],
    targets: [
        // .executableTarget(name: "Old"),
        .executableTarget(name: "App", resources: [.copy("Views")]),
        .testTarget(name: "AppTests"),
    ])
"""
    found = swift_package(Context.of({"Package.swift": text, "Package.resolved": ""}))
    assert found is not None
    assert (found.name, found.tools_version, found.executables) == ("shop", "5.9", ("Shop", "App"))
    assert found.resources
    assert (found.local_packages, found.resolved) == (("../Lib",), "Package.resolved")
    assert found.output("App") == ".build/release/App"
    assert swift_package(Context.of({})) is None


def test_dart() -> None:
    text = (
        "name: shop\nenvironment:\n  sdk: ^3.0.0\ndependencies:\n  shelf: ^1.4.0\n  own:\n    path: ../own\n"
        "dev_dependencies:\n  build_runner: any\n"
    )
    found = dart_package(
        Context.of({"pubspec.yaml": text, "bin/server.dart": "", "bin/notes.md": "", "pubspec.lock": ""})
    )
    assert found is not None
    assert found.programs == {"server": "bin/server.dart"}
    assert found.output("bin/server.dart") == "bin/server.exe"
    assert (found.flutter, found.generates, found.path_dependencies) == (False, True, ("../own",))
    assert found.lock == "pubspec.lock"
    flutter = dart_package(Context.of({"pubspec.yaml": "dependencies:\n  flutter:\n    sdk: flutter\n"}))
    assert flutter is not None
    assert flutter.flutter
    assert dart_package(Context.of({"pubspec.yaml": "- a\n"})) is None


def test_haskell() -> None:
    cabal = """name: shop
data-files:
    templates/*.html,
    static/app.css
library
  extra-libraries: pq, z
executable shop-server
  main-is: Main.hs
Executable tool
  pkgconfig-depends: libpq >= 9.6, zlib
"""
    found = haskell_package(Context.of({"shop.cabal": cabal, "stack.yaml": "", "cabal.project": ""}))
    assert found is not None
    assert found.executables == ("shop-server", "tool")
    assert found.data_files == ("templates/*.html", "static/app.css")
    assert found.libraries == {"pq", "z", "libpq", "zlib"}
    assert found.stack == "stack.yaml"
    assert found.manifests == ("cabal.project", "shop.cabal", "stack.yaml")
    hpack = haskell_package(
        Context.of({"package.yaml": "executables:\n  one:\n    main: Main.hs\nextra-libraries: pq\n"})
    )
    assert hpack is not None
    assert (hpack.executables, hpack.libraries) == (("one",), {"pq"})
    assert haskell_package(Context.of({"a.cabal": "", "b.cabal": ""})) is None


def test_zig() -> None:
    text = """const exe = b.addExecutable(.{
    .name = "shop", // here
    .root_source_file = b.path("src/main.zig"),
});
const old = b.addExecutable("tool", "src/tool.zig");
exe.linkSystemLibrary("sqlite3");
"""
    found = zig_project(Context.of({"build.zig": text, "build.zig.zon": '.{ .url = "https://example.org" }'}))
    assert found is not None
    assert found.executables == ("shop", "tool")
    assert (found.libraries, found.libc, found.dependencies) == ({"sqlite3"}, True, True)
    assert found.output("shop") == "zig-out/bin/shop"
    computed = zig_project(Context.of({"build.zig": "b.addExecutable(.{ .name = name });"}))
    assert computed is not None
    assert (computed.executables, computed.libc) == (None, False)


def test_crystal() -> None:
    text = (
        "name: shop\ntargets:\n  shop:\n    main: src/shop.cr\ndependencies:\n  kemal:\n    github: a/b\n"
        "scripts:\n  postinstall: make\n"
    )
    source = '@[Link("sqlite3")]\nlib LibSQLite3\nend\n'
    found = crystal_project(Context.of({"shard.yml": text, "src/a.cr": source, "shard.lock": ""}))
    assert found is not None
    assert (found.targets, found.dependencies, found.libraries) == ({"shop": "src/shop.cr"}, {"kemal"}, {"sqlite3"})
    assert (found.post_install, found.lock, found.output("shop")) == (True, "shard.lock", "bin/shop")
