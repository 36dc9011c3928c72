from __future__ import annotations

import pytest

from dfmigrate.context import Context
from dfmigrate.context.go import GoProject, go_project


def project(files: dict[str, str]) -> GoProject:
    found = go_project(Context.of({"go.mod": "module example.org/app\n\ngo 1.21\n", **files}))
    assert found is not None
    return found


MAIN = "package main\n\nfunc main() {}\n"


def test_the_module_file() -> None:
    found = go_project(
        Context.of(
            {
                "go.mod": (
                    "// about\nmodule example.org/app/v2 // here\n\ngo 1.21.3\ntoolchain go1.22.0\n"
                    "require (\n\tgithub.com/a/b v1.2.3\n\tgithub.com/c/d v0.0.1 // indirect\n)\n"
                    "require github.com/e/f v1.0.0\n"
                    "replace (\n\tgithub.com/a/b => ../b\n\tgithub.com/c/d => github.com/x/d v1.0.0\n)\n"
                    "replace github.com/e/f v1.0.0 => ./f\n"
                ),
                "go.sum": "",
            }
        )
    )
    assert found is not None
    assert (found.module, found.go_version, found.toolchain) == ("example.org/app/v2", "1.21.3", "go1.22.0")
    assert found.requires == {"github.com/a/b": "v1.2.3", "github.com/c/d": "v0.0.1", "github.com/e/f": "v1.0.0"}
    assert found.replaced == {"github.com/a/b": "../b", "github.com/e/f": "./f"}
    assert found.manifests == ("go.mod", "go.sum")
    assert found.binary_name == "app"
    assert found.cgo is None


@pytest.mark.parametrize("text", ["", "go 1.2\n", "modul x\n"])
def test_no_module(text: str) -> None:
    assert go_project(Context.of({"go.mod": text})) is None
    assert go_project(Context.of({"main.go": MAIN})) is None


def test_programs() -> None:
    found = project(
        {
            "main.go": MAIN,
            "cmd/a/main.go": MAIN,
            "cmd/b/b.go": "package main\n",
            "cmd/c/c.go": "//go:build ignore\n\n" + MAIN,
            "lib/lib.go": "package lib\n\nfunc main() {}\n",
            "cmd/d/d_test.go": MAIN,
            "cmd/e/e_windows.go": MAIN,
            "testdata/x.go": MAIN,
            "other/go.mod": "module other\n",
            "other/main.go": MAIN,
            "vendor/y/y.go": MAIN,
        }
    )
    assert found.mains == ("", "cmd/a")


def test_a_program_has_only_what_it_imports() -> None:
    found = project(
        {
            "cmd/a/main.go": 'package main\n\nimport "example.org/app/lib"\n\nfunc main() { lib.F() }\n',
            "cmd/b/main.go": 'package main\n\nimport (\n\t"os/exec"\n)\n\nfunc main() { exec.Command("git", "log") }\n',
            "lib/lib.go": 'package lib\n\nimport (\n\tx "net/http"\n\t_ "time/tzdata"\n)\n\n'
            "//go:embed static/*\nvar f x.FS\n",
        }
    )
    first = found.program("cmd/a")
    second = found.program("cmd/b")
    assert first is not None
    assert second is not None
    assert first.exec_programs == frozenset()
    assert second.exec_programs == {"git"}
    assert first.standard_library_cgo == {"net"}
    assert [(embed.pattern, embed.place.path, embed.place.line) for embed in first.embeds] == [
        ("static/*", "lib/lib.go", 8)
    ]
    assert found.exec_programs == {"git"}
    assert found.program("lib") is None


@pytest.mark.parametrize(
    ("files", "cgo"),
    [
        ({"main.go": MAIN}, False),
        ({"main.go": 'package main\n\n// #include <stdio.h>\nimport "C"\n'}, True),
        ({"main.go": MAIN, "c_windows.go": 'package main\n\nimport "C"\n'}, False),
        ({"main.go": 'package main\n\nvar x = `import "C"`\n'}, False),
        ({"main.go": MAIN, "go.mod": "module a\nrequire b/c v1.0.0\n"}, None),
        ({"main.go": MAIN, "go.mod": "module a\nrequire b/c v1.0.0\n", "vendor/modules.txt": ""}, False),
        (
            {
                "main.go": MAIN,
                "go.mod": "module a\nrequire b/c v1.0.0\n",
                "vendor/modules.txt": "",
                "vendor/b/c/c.go": 'package c\n\nimport "C"\n',
            },
            True,
        ),
    ],
)
def test_cgo(files: dict[str, str], cgo: bool | None) -> None:
    assert project(files).cgo is cgo


@pytest.mark.parametrize(
    ("statement", "programs"),
    [
        ('exec.Command("ffmpeg", "-i", in)', {"ffmpeg"}),
        ('exec.CommandContext(r.Context(), "git")', {"git"}),
        ("exec.CommandContext(ctx, name)", None),
        ("exec.Command(args[0])", None),
        ("exec.Command(tool)", {"convert"}),
        ('exec.LookPath("dot")', {"dot"}),
        ('// exec.Command(name)\nexec.Command("ls")', {"ls"}),
        ("run(exec.Command)", None),
    ],
)
def test_programs_that_are_run(statement: str, programs: set[str] | None) -> None:
    text = f'package main\n\nimport "os/exec"\n\nconst tool = "convert"\n\nfunc main() {{\n{statement}\n}}\n'
    assert project({"main.go": text}).exec_programs == programs
