"""Python projects with environments and package managers: what the runtime holds, or why nothing is split."""

from __future__ import annotations

import re
from dataclasses import dataclass

import pytest

from dfmigrate.context import Context
from dfmigrate.migrate import migrate
from dfmigrate.migration import Migration

SPLIT = "split-stages"
POETRY = {
    "pyproject.toml": '[tool.poetry]\nname = "shop"\nversion = "1"\n[tool.poetry.dependencies]\npython = "^3.9"\n'
    'flask = "3.0.3"\n[build-system]\nrequires = ["poetry-core"]\nbuild-backend = "poetry.core.masonry.api"\n',
    "shop/__init__.py": "import flask\n",
}
PROJECT = {
    "pyproject.toml": '[project]\nname = "shop"\nversion = "1"\nrequires-python = ">=3.11"\n'
    'dependencies = ["flask==3.0.3"]\n',
    "app.py": "import flask\n",
}
PIP = {"requirements.txt": "flask==3.0.3\n", "app.py": "import flask\n"}
PIPENV = {"Pipfile": '[packages]\nflask = "*"\n', "app.py": "import flask\n"}
START = 'CMD ["python", "app.py"]\n'


@dataclass(frozen=True)
class Split:
    """What stands in the runtime, in this order, what does not, and what stands in the builder."""

    name: str
    dockerfile: str
    files: dict[str, str]
    runtime: tuple[str, ...]
    lacks: tuple[str, ...] = ()
    builder: tuple[str, ...] = ()


def _uv(sync: str, *, start: str = START, before: str = "RUN pip install uv\n") -> str:
    return f"FROM python:3.12\n{before}WORKDIR /app\nCOPY . .\nRUN {sync}\nENV PATH=/app/.venv/bin:$PATH\n{start}"


SPLITS = [
    Split(
        "an environment of the file's own",
        "FROM python:3.12\nRUN python -m venv /opt/env\nENV PATH=/opt/env/bin:$PATH\nWORKDIR /app\n"
        "COPY requirements.txt ./\nRUN pip install -r requirements.txt\nCOPY . .\n" + START,
        PIP,
        (r"^FROM python:.*-slim$", r"^ENV PATH=/opt/env/bin", r"^COPY --from=builder /opt/env /opt/env$"),
        (r"/opt/venv", r"-m venv"),
    ),
    Split(
        "an environment that is filled by its path, beside tools in the system",
        "FROM python:3.12\nRUN pip install --upgrade pip wheel\nRUN python -m venv /opt/env\nWORKDIR /app\n"
        "COPY requirements.txt ./\nRUN /opt/env/bin/pip install -r requirements.txt\nCOPY . .\n"
        'CMD ["/opt/env/bin/python", "app.py"]\n',
        PIP,
        (r"^COPY --from=builder /opt/env /opt/env$",),
        (r"/opt/venv", r"pip"),
    ),
    Split(
        "an environment that is entered",
        "FROM python:3.12\nWORKDIR /app\nCOPY . .\nRUN python -m venv /opt/env && . /opt/env/bin/activate "
        '&& pip install -r requirements.txt\nCMD ["/opt/env/bin/python", "app.py"]\n',
        PIP,
        (r"^COPY --from=builder /opt/env /opt/env$",),
        (r"/opt/venv",),
    ),
    Split(
        "Poetry without environments",
        "FROM python:3.11\nRUN pip install poetry\nRUN poetry config virtualenvs.create false\nWORKDIR /app\n"
        'COPY . .\nRUN poetry install\nCMD ["python", "-m", "shop"]\n',
        POETRY,
        (r"^ENV PATH=/opt/venv/bin", r"^COPY --from=builder /opt/venv /opt/venv$", r"^COPY --from=builder .*shop"),
        (r"VIRTUAL_ENV", r"poetry config"),
        (r"^ENV VIRTUAL_ENV=/opt/venv PATH=/opt/venv/bin:\$PATH$", r"^RUN pip install poetry$"),
    ),
    Split(
        "Poetry in the project",
        "FROM python:3.11\nENV POETRY_VIRTUALENVS_IN_PROJECT=true\nRUN pip install poetry\nWORKDIR /app\n"
        'COPY . .\nRUN poetry install\nCMD ["/app/.venv/bin/python", "-m", "shop"]\n',
        POETRY,
        (r"^COPY --from=builder .*/app/\.venv",),
        (r"/opt/venv",),
    ),
    Split(
        "Poetry at run time, with an environment below the home directory",
        "FROM python:3.11\nRUN pip install poetry\nWORKDIR /app\nCOPY . .\nRUN poetry install\n"
        'CMD ["poetry", "run", "python", "-m", "shop"]\n',
        POETRY,
        (
            r"^COPY --from=builder /opt/venv /opt/venv$",
            r"^COPY --from=builder /root/\.cache/pypoetry/virtualenvs /root/\.cache/pypoetry/virtualenvs$",
            r"^COPY --from=builder .*pyproject\.toml",
        ),
        (r"VIRTUAL_ENV",),
    ),
    Split(
        "uv in the project",
        _uv("uv sync --no-dev"),
        PROJECT,
        (r"^COPY --from=builder .*/app/ \./$", r"^ENV PATH=/app/\.venv/bin:\$PATH$"),
        (r"/opt/venv",),
    ),
    Split(
        "uv out of its own image",
        _uv("uv sync --no-dev", before="COPY --from=ghcr.io/astral-sh/uv:latest /uv /uvx /bin/\n"),
        PROJECT,
        (r"^COPY --from=builder .*/app/ \./$",),
        (r"/bin/uv",),
    ),
    Split(
        "uv at run time",
        _uv("uv sync --frozen", start='CMD ["uv", "run", "app.py"]\n').replace(
            "RUN pip install uv", "COPY --from=ghcr.io/astral-sh/uv:0.5.1 /uv /uvx /bin/"
        ),
        {
            **PROJECT,
            "uv.lock": 'version = 1\n\n[[package]]\nname = "shop"\nversion = "1"\nsource = { virtual = "." }\n',
        },
        (r"^COPY --from=builder .*/app/ \./$", r"^COPY --from=builder /bin/uv /bin/uv$"),
    ),
    Split(
        "uv in the place of pip",
        "FROM python:3.12\nCOPY --from=ghcr.io/astral-sh/uv:latest /uv /bin/uv\nWORKDIR /app\n"
        "COPY requirements.txt ./\nRUN uv pip install --system -r requirements.txt\nCOPY . .\n" + START,
        PIP,
        (r"^ENV PATH=/opt/venv/bin:\$PATH$", r"^COPY --from=builder /opt/venv /opt/venv$"),
        (r"UV_PYTHON", r"/bin/uv"),
        (r"^ENV UV_PYTHON=/opt/venv/bin/python PATH=/opt/venv/bin:\$PATH$",),
    ),
    Split(
        "Pipenv into the system",
        "FROM python:3.11\nRUN pip install pipenv\nWORKDIR /app\nCOPY . .\nRUN pipenv install --system\n" + START,
        PIPENV,
        (r"^COPY --from=builder /opt/venv /opt/venv$",),
        (r"VIRTUAL_ENV",),
    ),
    Split(
        "the release behind another build argument",
        "ARG PYTHON_VERSION=3.11\nARG IMAGE_TAG=$PYTHON_VERSION-bookworm\nFROM python:${IMAGE_TAG}\nWORKDIR /app\n"
        "COPY requirements.txt ./\nRUN pip install -r requirements.txt\nCOPY . .\n" + START,
        PIP,
        (r"^FROM python:\$\{PYTHON_VERSION\}-slim-bookworm$",),
    ),
    Split(
        "a compiler on a slim image, with a list of packages that is emptied ahead of the application",
        "FROM python:3.11-slim\nWORKDIR /app\n"
        "RUN apt-get update && apt-get install -y gcc curl && rm -rf /var/lib/apt/lists/*\n"
        "COPY . .\nRUN pip install -r requirements.txt\nHEALTHCHECK CMD curl -f http://localhost/\n" + START,
        PIP,
        (r"^FROM python:3\.11-slim$|^FROM python:\$", r"install -y curl", r"^COPY --from=builder /opt/venv"),
        (r"gcc",),
    ),
]


@dataclass(frozen=True)
class Kept:
    name: str
    dockerfile: str
    files: dict[str, str]
    code: str


KEPT = [
    *(
        Kept(
            f"an environment of the distribution's Python: {make}",
            f"FROM python:3.12\nRUN pip install virtualenv\nRUN {make} /opt/env\n"
            "ENV PATH=/opt/env/bin:$PATH\nWORKDIR /app\nCOPY . .\nRUN pip install -r requirements.txt\n" + START,
            PIP,
            "B5",
        )
        for make in ("virtualenv -p python3.11", "/usr/bin/python3 -m venv", "python3.11 -m venv", "uv venv")
    ),
    Kept(
        "an environment that shows the image's packages",
        "FROM python:3.12\nRUN pip install flask\nRUN python -m venv --system-site-packages /opt/env\n"
        "ENV PATH=/opt/env/bin:$PATH\nWORKDIR /app\nCOPY . .\nRUN pip install -r requirements.txt\n" + START,
        PIP,
        "B5",
    ),
    Kept(
        "another Python than the image's",
        _uv("uv sync"),
        {**PROJECT, ".python-version": "3.11\n"},
        "A2",
    ),
    Kept(
        "a Python that uv may not find",
        _uv("uv sync"),
        {**PROJECT, "pyproject.toml": '[project]\nname = "a"\nversion = "1"\nrequires-python = ">=3.13"\n'},
        "A2",
    ),
    Kept(
        "development packages that come when the container starts",
        _uv("uv sync --no-dev", start='CMD ["uv", "run", "app.py"]\n'),
        PROJECT,
        "C3",
    ),
    Kept(
        "a uv that refuses UV_PYTHON",
        "FROM python:3.12\nRUN pip install uv==0.1.45\nWORKDIR /app\nCOPY . .\n"
        "RUN uv pip install --system -r requirements.txt\n" + START,
        PIP,
        "B5",
    ),
    Kept(
        "settings of Poetry that are not literal",
        "FROM python:3.11\nARG PLACE\nRUN pip install poetry && poetry config virtualenvs.path $PLACE\nWORKDIR /app\n"
        'COPY . .\nRUN poetry install\nCMD ["poetry", "run", "python", "-m", "shop"]\n',
        POETRY,
        "A2",
    ),
    Kept(
        "a script that is called activate",
        "FROM python:3.12\nWORKDIR /app\nCOPY . .\nRUN . /opt/tools/bin/activate && pip install -r requirements.txt\n"
        + START,
        PIP,
        "A2",
    ),
    Kept(
        "a build argument that the project sets",
        "ARG PYTHON_VERSION=3.11\nARG IMAGE_TAG=$PYTHON_VERSION-bookworm\nFROM python:${IMAGE_TAG}\nWORKDIR /app\n"
        "COPY requirements.txt ./\nRUN pip install -r requirements.txt\nCOPY . .\n" + START,
        {**PIP, "ci.sh": "docker build --build-arg IMAGE_TAG=3.12-bookworm .\n"},
        "B7",
    ),
    Kept(
        "Cython that compiles while the program runs",
        "FROM python:3.11\nWORKDIR /app\nCOPY . .\nRUN pip install -r requirements.txt\n" + START,
        {"requirements.txt": "cython==3.0.0\n", "app.py": "import pyximport\npyximport.install()\n"},
        "C10",
    ),
    Kept(
        "only headers, and a small program",
        "FROM python:3.11-slim\n"
        "RUN apt-get update && apt-get install -y libffi-dev wget && rm -rf /var/lib/apt/lists/*\nWORKDIR /app\n"
        "COPY . .\nRUN pip install -r requirements.txt\n" + START,
        PIP,
        "NO_BENEFIT",
    ),
]


RUN_TIME_COMPILERS = [
    ("torch", "import torch\nmodel = torch.compile(torch.nn.Linear(2, 2))\n"),
    ("torch", "import torch\n@torch.compile\ndef f(x):\n    return x\n"),
    ("torch", "from torch.utils.cpp_extension import load\nload('x', ['a.cpp'])\n"),
    ("cffi", "import cffi\nffi = cffi.FFI()\nlib = ffi.verify('int x;')\n"),
    ("numpy", "import numpy.f2py as f\nf.compile('x')\n"),
    ("numpy", "from numpy import f2py\nf2py.compile('x')\n"),
    ("invoke", "from invoke import run\nrun('convert a b')\nrun(name)\n"),
    ("invoke", "import invoke\ninvoke.run(name)\n"),
]


@pytest.mark.parametrize(("package", "source"), RUN_TIME_COMPILERS)
def test_a_source_that_compiles_or_calls_by_a_library_keeps_the_full_image(package: str, source: str) -> None:
    dockerfile = "FROM python:3.12\nWORKDIR /app\nCOPY . .\nRUN pip install -r requirements.txt\n" + START
    migration = _migrate(dockerfile, {"requirements.txt": f"{package}\n", "app.py": source})
    assert SPLIT not in {step.rule for step in migration.steps}, bytes(migration.after).decode()
    assert "C10" in {decline.code for decline in migration.declines if decline.rule == SPLIT}


def test_a_module_for_tasks_starts_nothing_by_its_name_alone() -> None:
    dockerfile = "FROM python:3.12\nWORKDIR /app\nCOPY . .\nRUN pip install -r requirements.txt\n" + START
    source = "from invoke import task\n\n@task\ndef test(c):\n    pass\n"
    migration = _migrate(
        dockerfile, {"requirements.txt": "flask==3.0.0\n", "app.py": "import flask\n", "tasks.py": source}
    )
    assert SPLIT in {step.rule for step in migration.steps}


@pytest.mark.parametrize("case", SPLITS, ids=lambda case: case.name)
def test_split(case: Split) -> None:
    migration = _migrate(case.dockerfile, case.files)
    after = bytes(migration.after).decode()
    assert SPLIT in {step.rule for step in migration.steps}, [(d.code, d.message) for d in migration.declines]
    builder, runtime = after[: after.rindex("FROM ")], after[after.rindex("FROM ") :]
    _in_order(case.runtime, runtime)
    _in_order(case.builder, builder)
    for pattern in case.lacks:
        assert re.search(pattern, runtime, re.MULTILINE) is None, runtime
    assert bytes(_migrate(after, case.files).after).decode() == after


@pytest.mark.parametrize("case", KEPT, ids=lambda case: case.name)
def test_kept(case: Kept) -> None:
    migration = _migrate(case.dockerfile, case.files)
    assert SPLIT not in {step.rule for step in migration.steps}, bytes(migration.after).decode()
    assert case.code in {decline.code for decline in migration.declines if decline.rule == SPLIT}


def _migrate(dockerfile: str, files: dict[str, str]) -> Migration:
    context = Context.of({"Dockerfile": dockerfile, ".dockerignore": ".venv\n", **files})
    return migrate(dockerfile.encode(), path="Dockerfile", context=context)


def _in_order(patterns: tuple[str, ...], text: str) -> None:
    position = 0
    for pattern in patterns:
        found = re.compile(pattern, re.MULTILINE).search(text, position)
        assert found is not None, f"{pattern} is not there, or out of order:\n{text}"
        position = found.end()
