from __future__ import annotations

import time

import pytest

from dfmigrate.context import Context
from dfmigrate.context.source_rules import HintKind
from dfmigrate.context.source_text import Source
from dfmigrate.context.sources import runtime_hints

PROGRAMS: list[tuple[str, str, set[str] | None]] = [
    ("node", "const cp = require('child_process'); cp.spawn('ffmpeg', ['-i', x])", {"ffmpeg"}),
    ("node", "import { exec } from 'child_process'; exec(`convert ${a} ${b}`)", {"convert"}),
    ("node", "import { exec } from 'node:child_process'; exec(`${tool} -v`)", None),
    ("node", "import { exec } from 'node:child_process'; exec('git log | wc -l')", {"git", "wc"}),
    ("node", "import { spawn } from 'child_process'; spawn(tool)", None),
    ("node", "import { spawn } from 'child_process'; const tool = 'dot'; spawn(tool)", {"dot"}),
    ("node", "import * as x from 'child_process'; run(x)", None),
    ("node", "import { execa } from 'execa'; execa('zip', [])", {"zip"}),
    ("node", "const found = /a/.exec(text); pattern.exec(text)", set()),
    ("node", "// require('child_process').exec('rm')\nlet a = 'b'", set()),
    ("python", "import subprocess\nsubprocess.run(['ffmpeg', '-i', x])", {"ffmpeg"}),
    ("python", "import subprocess\nsubprocess.Popen('pdftotext a b', shell=True)", {"pdftotext"}),
    ("python", "import subprocess\nsubprocess.run(cmd)", None),
    ("python", "from subprocess import check_output\ncheck_output(['git'])", {"git"}),
    ("python", "import os\nos.system(f'convert {a}')", {"convert"}),
    ("python", "import os\nos.system(command)", None),
    ("python", "'''\nos.system(x)\n'''\n# os.system(y)\nos.path.join('a')", None),
    ("python", "import sh\nsh.ls()", None),
    ("python", "print('subprocess')", set()),
    ("java", 'Runtime.getRuntime().exec("wkhtmltopdf a b");', {"wkhtmltopdf"}),
    ("java", 'new ProcessBuilder("git", "log").start();', {"git"}),
    ("java", "new ProcessBuilder(arguments).start();", None),
    ("dotnet", 'Process.Start("git", "log");', {"git"}),
    ("dotnet", 'new ProcessStartInfo { FileName = "ffmpeg" };', {"ffmpeg"}),
    ("dotnet", "new ProcessStartInfo { FileName = tool };", None),
    ("php", "<?php shell_exec('gs -v'); $db->exec('select');", {"gs"}),
    ("php", '<?php exec("convert $a $b");', {"convert"}),
    ("php", "<?php system($command);", None),
    ("c", 'int main() { system("ls -l"); }', {"ls"}),
    ("c", 'execlp("git", "git", NULL);', {"git"}),
    ("c", "subsystem(x); /* system(y) */", set()),
]

NAMES = {"node": "a.js", "python": "a.py", "java": "A.java", "dotnet": "A.cs", "php": "a.php", "c": "a.c", "go": "a.go"}


@pytest.mark.parametrize(("language", "text", "expected"), PROGRAMS)
def test_programs(language: str, text: str, expected: set[str] | None) -> None:
    assert runtime_hints(Context.of({NAMES[language]: text}), language).programs == expected


def test_an_unread_source_leaves_the_programs_unknown() -> None:
    hints = runtime_hints(Context.of({"a.py": "x = 1\0"}), "python")
    assert not hints.complete
    assert hints.programs is None


def test_tests_and_other_peoples_code_are_left_out() -> None:
    text = "require('child_process').spawn(x)"
    files = {"node_modules/a/i.js": text, "a.test.js": text, "tests/b.js": text, "a.min.js": text}
    assert runtime_hints(Context.of(files), "node").programs == set()


PORTS: list[tuple[str, str, set[int]]] = [
    ("go", 'http.ListenAndServe(":8080", nil)', {8080}),
    ("go", 'net.Listen("tcp", "0.0.0.0:80")', {80}),
    ("go", "http.ListenAndServe(addr, nil)", set()),
    ("go", 'redis.Options{Addr: "localhost:6379"}', set()),
    ("node", "app.listen(3000)", {3000}),
    ("node", "const port = process.env.PORT || 80; app.listen(port)", {80}),
    ("node", "createTransport({ port: 25 })", set()),
    ("python", "app.run(host='0.0.0.0', port=5000)", {5000}),
    ("python", "uvicorn.run('a:b', port=int(x))", set()),
    ("java", "new ServerSocket(9000)", {9000}),
    ("dotnet", 'builder.WebHost.UseUrls("http://*:5000");', {5000}),
]


@pytest.mark.parametrize(("language", "text", "ports"), PORTS)
def test_ports(language: str, text: str, ports: set[int]) -> None:
    assert runtime_hints(Context.of({NAMES[language]: text}), language).ports == ports


def test_paths() -> None:
    context = Context.of(
        {
            "main.go": '\n\nvar a = "templates/*.html"\nvar b = "/var/lib/app"\nvar c = "miss/x"\nvar d = "static"\n',
            "templates/a.html": "",
            "static/a.css": "",
        }
    )
    hints = runtime_hints(context, "go")
    assert [(text, place.line) for text, place in hints.mentioned] == [("templates/*.html", 3), ("static", 6)]
    assert [(text, place.line) for text, place in hints.absolute] == [("/var/lib/app", 4)]


def test_writes_and_state() -> None:
    hints = runtime_hints(Context.of({"a.py": "f = open('/data/x', 'w')\nimport sqlite3\n"}), "python")
    assert [(hit.kind, hit.text, hit.place.line) for hit in hints.writes] == [
        (HintKind.WRITE, "/data/x", 1),
        (HintKind.STATE, None, 2),
    ]
    assert runtime_hints(Context.of({"a.py": "f = open('/data/x')\n"}), "python").writes == ()


def test_native_libraries() -> None:
    hints = runtime_hints(Context.of({"a.py": "import ctypes\nctypes.CDLL('libmagic.so.1')\n"}), "python")
    assert [hit.text for hit in hints.of(HintKind.NATIVE)] == ["libmagic.so.1"]


@pytest.mark.parametrize(
    ("language", "text", "kept"),
    [
        ("node", "a = /[/*]/; spawn(x) // b", "spawn"),
        ("node", "a = 'http://x'; spawn()", "spawn"),
        ("node", "a = `//${b}`; spawn()", "spawn"),
        ("python", "a = '# no'; run()", "run"),
        ("go", "a := `/*`; run()", "run"),
        ("dotnet", 'a = @"c:\\"; run(); // "', "run"),
    ],
)
def test_comments_are_told_from_literals(language: str, text: str, kept: str) -> None:
    code = Source("a", language, text).code
    assert kept in code
    assert len(code) == len(text)


@pytest.mark.parametrize("text", ['"\\' * 50_000, "/*" * 50_000, "(/[" * 25_000, "`" * 75_001, "exec(" * 25_000])
@pytest.mark.parametrize("language", sorted(NAMES))
def test_hostile_text_takes_no_time(language: str, text: str) -> None:
    started = time.monotonic()
    runtime_hints(Context.of({NAMES[language]: text}), language)
    assert time.monotonic() - started < 5
