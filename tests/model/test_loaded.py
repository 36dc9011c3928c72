"""Which calls in sources load a library by name."""

from __future__ import annotations

import pytest

from dfmigrate.context import Context
from dfmigrate.model.loaded import loaded_libraries


@pytest.mark.parametrize(
    ("path", "text", "call"),
    [
        ("a.py", "lib = ctypes.CDLL('libcurl.so.4')\n", "CDLL('libcurl.so.4')"),
        ("a.py", "lib = ctypes.cdll.LoadLibrary('libcurl.so.4')\n", "LoadLibrary('libcurl.so.4')"),
        ("a.py", "lib = ctypes.cdll['libcurl.so.4']\n", "cdll['libcurl.so.4']"),
        ("a.py", "lib = ctypes.cdll.curl\n", "cdll.curl"),
        ("a.py", "name = '#curl'; lib = ctypes.CDLL(name)\n", "CDLL(name)"),
        ("a.py", "lib = CDLL(\n    'libcurl.so.4',\n)\n", "CDLL( 'libcurl.so.4')"),
        ("a.py", "lib = CDLL(find_library('curl'))\n", "CDLL(find_library('curl')"),
        ("a.c", '#define LOAD dlopen("libcurl.so.4", 1)\n', 'dlopen("libcurl.so.4")'),
        ("a.rb", "ffi_lib 'curl'\n", "ffi_lib 'curl'"),
        ("a.php", '<?php $c = FFI::cdef("", "libcurl.so.4");\n', "FFI::cdef("),
        ("a.rs", 'use libloading::Library;\nlet l = Library::new("libcurl.so.4");\n', 'Library::new("libcurl.so.4")'),
        ("a.go", 'import "github.com/ebitengine/purego"\n', '"github.com/ebitengine/purego"'),
        ("a.js", "require('koffi').load('libcurl.so.4')\n", "koffi"),
        ("A.java", "import com.sun.jna.Native;\n", "com.sun.jna"),
        ("A.java", 'static { System.loadLibrary("curl"); }\n', 'System.loadLibrary("curl")'),
        ("A.cs", '[DllImport("libcurl.so.4")] static extern void f();\n', 'DllImport("libcurl.so.4")'),
        ("A.cs", 'NativeLibrary.TryLoad("libcurl.so.4", out var l);\n', "NativeLibrary.TryLoad"),
    ],
)
def test_a_library_that_is_loaded_by_name(path: str, text: str, call: str) -> None:
    assert call in [one.call for one in loaded_libraries(Context.of({path: text}))]


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("a.py", "from ctypes import cdll\nlib = ctypes.CDLL(None)\nlibc = cdll.LoadLibrary('libc.so.6')\n"),
        ("a.py", "# ctypes.CDLL('libcurl.so.4')\nctypes.CDLL(ctypes.util.find_library('c'))\n"),
        ("a.c", 'void *self = dlopen(NULL, 1);\n/* dlopen("libcurl.so.4", 1) */\n'),
        ("a.rb", "ffi_lib FFI::Library::LIBC\n"),
        (
            "A.cs",
            '[DllImport("libc")] static extern int getpid();\n[DllImport("Kernel32.dll")] static extern int f();\n',
        ),
        ("a.go", 'package main\n\nimport "C"\n'),
        ("third_party/a.c", 'dlopen("libcurl.so.4", 1);\n'),
        ("node_modules/a/a.js", "process.dlopen(m, f)\n"),
    ],
)
def test_what_every_image_has_or_others_wrote(path: str, text: str) -> None:
    assert loaded_libraries(Context.of({path: text})) == ()


BESIDE = [
    ("a.rb", 'F = Fiddle.dlopen(File.join(__dir__, "libfast.so"))\n'),
    ("a.py", "f = ctypes.CDLL(os.path.join(os.path.dirname(__file__), 'libfast.so'))\n"),
]


@pytest.mark.parametrize(("path", "text"), BESIDE)
def test_what_the_build_compiles_beside_the_source(path: str, text: str) -> None:
    assert loaded_libraries(Context.of({path: text, "fast.c": "int f(void) { return 1; }\n"})) == ()


@pytest.mark.parametrize(("path", "text"), BESIDE)
def test_what_a_finished_library_beside_the_source_needs_is_not_known(path: str, text: str) -> None:
    assert len(loaded_libraries(Context.of({path: text, "libfast.so.1": ""}))) == 1


@pytest.mark.parametrize(
    "text",
    [
        "ctypes.CDLL(os.path.join(os.path.dirname(__file__), '../../usr/lib/libcurl.so'))\n",
        "ctypes.CDLL(os.path.join(os.path.dirname(__file__), '/usr/lib/libcurl.so'))\n",
        "ctypes.CDLL('libcurl.so.4'); here = __file__\n",
    ],
)
def test_a_path_that_leaves_the_folder(text: str) -> None:
    assert len(loaded_libraries(Context.of({"a.py": text}))) == 1
