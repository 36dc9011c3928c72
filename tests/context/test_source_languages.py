"""What runtime evidence says in the languages whose servers keep their sources."""

from __future__ import annotations

import pytest

from dfmigrate.context import Context
from dfmigrate.context.source_rules import HintKind
from dfmigrate.context.sources import Hints, runtime_hints

NAMES = {
    "ruby": "app.rb",
    "elixir": "app.ex",
    "rust": "src/main.rs",
    "php": "a.php",
    "dotnet": "A.cs",
    "java": "A.java",
}


def hints(language: str, code: str, **texts: str) -> Hints:
    return runtime_hints(Context.of({NAMES[language]: code, **texts}), language)


@pytest.mark.parametrize(
    ("language", "code", "program"),
    [
        ("ruby", 'system("ffmpeg -i #{name} out")', "ffmpeg"),
        ("ruby", "system 'convert', path, out", "convert"),
        ("ruby", "out, s = Open3.capture2e('git', 'log')", "git"),
        ("ruby", "version = `node --version`.strip", "node"),
        ("ruby", "IO.popen(['pdftotext', path])", "pdftotext"),
        ("ruby", "system(command)", None),
        ("ruby", "system command, arg", None),
        ("elixir", 'System.cmd("ffmpeg", ["-i", a])', "ffmpeg"),
        ("elixir", "System.cmd(program, [])", None),
        ("elixir", ":os.cmd('hostname -i')", "hostname"),
        ("rust", 'Command::new("ffmpeg").arg("-i")', "ffmpeg"),
        ("rust", "Command::new(&name)", None),
        ("rust", "use std::process::Command;", None),
    ],
)
def test_programs(language: str, code: str, program: str | None) -> None:
    assert [hit.text for hit in hints(language, code).of(HintKind.PROGRAM)] == [program]


@pytest.mark.parametrize(
    ("language", "code"),
    [
        ("ruby", "connection.exec('select 1')\nfs.system('x')\nsystem do\nend\n@exec = 1\nexec = 2\n"),
        ("ruby", "# system('x')\n=begin\nsystem('y')\n=end\nx = /[\"']/ \ny = ?\" \n# system('z')"),
        ("ruby", 'x = "select `date` from `a`"\ny = <<~SQL\n  select `b`, # `c`\nSQL\n'),
        ("elixir", '# System.cmd("x")\ny = ?"\n@doc """\nSystem.cmd is mentioned: \'\n"""\n'),
        ("rust", '// Command::new("x")\n/* Command::new("y") */\nfn f<\'a>(x: &\'a str) -> char { \'"\' }\n'),
    ],
)
def test_what_runs_nothing(language: str, code: str) -> None:
    assert hints(language, code).of(HintKind.PROGRAM) == ()


@pytest.mark.parametrize(
    ("language", "code", "kind", "text"),
    [
        ("ruby", "YAML.load_file('config/a.yml')", HintKind.READ, "config/a.yml"),
        ("ruby", 'File.read Rails.root.join("config", "b.yml")', HintKind.READ, "config"),
        ("ruby", "FileUtils.mkdir_p('tmp/pids')", HintKind.WRITE, "tmp/pids"),
        ("ruby", 'port ENV.fetch("PORT") { 3000 }', HintKind.PORT, "3000"),
        ("ruby", "ffi_lib 'magic'", HintKind.NATIVE, "magic"),
        ("elixir", 'File.read!("priv/a.json")', HintKind.READ, "priv/a.json"),
        ("elixir", 'File.mkdir_p!("/data/uploads")', HintKind.WRITE, "/data/uploads"),
        ("elixir", 'http: [port: String.to_integer(System.get_env("PORT") || "4000")]', HintKind.PORT, "4000"),
        ("rust", 'fs::read_to_string("config.toml")', HintKind.READ, "config.toml"),
        ("rust", 'ServeDir::new("static")', HintKind.READ, "static"),
        ("rust", 'fs::create_dir_all("data")', HintKind.WRITE, "data"),
        ("rust", 'TcpListener::bind("0.0.0.0:8080")', HintKind.PORT, "8080"),
        ("rust", "SocketAddr::from(([0, 0, 0, 0], 3000))", HintKind.PORT, "3000"),
        ("php", "<?php require_once __DIR__ . '/config.php';", HintKind.READ, "/config.php"),
        ("php", "<?php parse_ini_file('a.ini')", HintKind.READ, "a.ini"),
        ("php", "<?php storage_path('app')", HintKind.WRITE, "app"),
        ("dotnet", 'new FileStream("a.dat", mode)', HintKind.READ, "a.dat"),
        ("dotnet", 'Directory.GetFiles("plugins")', HintKind.READ, "plugins"),
        ("java", 'ResourceUtils.getFile("conf/a")', HintKind.READ, "conf/a"),
    ],
)
def test_files_and_ports(language: str, code: str, kind: HintKind, text: str) -> None:
    assert text in [hit.text for hit in hints(language, code).of(kind)]


def test_paths_that_are_mentioned() -> None:
    found = hints("ruby", 'x = "views/#{name}"\ny = "views"\nz = "/data/db"\n', **{"views/a.erb": ""})
    assert [path for path, _ in found.mentioned] == ["views"]
    assert [path for path, _ in found.absolute] == ["/data/db"]


def test_tests_are_left_out() -> None:
    texts = {"spec/a_spec.rb": "system('x')", "deps/a/b.ex": 'System.cmd("x", [])', "benches/a.rs": 'Command::new("x")'}
    texts["build.rs"] = 'Command::new("git")'
    for language in ("ruby", "elixir", "rust"):
        assert runtime_hints(Context.of(texts), language).hits == ()
    kept = runtime_hints(Context.of({"spec/a.go": 'import "os/exec"\nfunc f() { exec.Command("x") }'}), "go")
    assert kept.programs == {"x"}


@pytest.mark.parametrize("language", ["ruby", "elixir", "rust"])
def test_text_made_to_be_slow(language: str) -> None:
    for text in ("'" * 50_000, '"#{' * 20_000, "/(" * 30_000, "r#" * 30_000, "?\\" * 30_000, "=begin\n" * 20_000):
        hints(language, text)
