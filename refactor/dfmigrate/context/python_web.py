"""Python web applications: Django's settings, and the objects that a server such as gunicorn or uvicorn is given."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass

from dfmigrate.context.build_context import Context
from dfmigrate.context.evidence import Place
from dfmigrate.context.remembered import remembered
from dfmigrate.context.source_text import Source, language_files, literal_at, read_sources

_CLASSES = {
    "Flask": "flask",
    "FastAPI": "fastapi",
    "Starlette": "starlette",
    "Quart": "quart",
    "Sanic": "sanic",
    "Litestar": "litestar",
    "Bottle": "bottle",
    "Dash": "dash",
    "get_wsgi_application": "django",
    "get_asgi_application": "django",
    "ProtocolTypeRouter": "django",
}
_APPLICATION = re.compile(
    rf"(?m)^(?P<name>[A-Za-z_]\w*)(?:\s*:[^=\n]+)?\s*=\s*(?:[\w.]+\.)?(?P<class>{'|'.join(_CLASSES)})\("
)
_FACTORY = re.compile(r"(?m)^(?:async\s+)?def\s+(create_app|make_app|get_app|build_app)\s*\(")
_SETTINGS = re.compile(r"DJANGO_SETTINGS_MODULE['\"]\s*,\s*")
_ENGINE = re.compile(r"['\"]ENGINE['\"]\s*:\s*")
_COMPUTED_DATABASE = re.compile(r"\bdj_database_url\b|\benv\.db(?:_url)?\(|\bDATABASES\s*=\s*+(?!\{)|\*\*\s*env")
_FOLDER = re.compile(
    r"(?:str\(\s*)?(?:os\.path\.join\(\s*(?:BASE_DIR|PROJECT_ROOT|ROOT_DIR|PROJECT_DIR)\s*,\s*|"
    r"(?:BASE_DIR|ROOT_DIR|PROJECT_ROOT)\s*/\s*|(?:BASE_DIR|ROOT_DIR)\.joinpath\(\s*)?"
)
_DEMANDED = re.compile(r"\bos\.environ\[\s*['\"](\w+)['\"]\s*\](?!\s*=[^=])")
_MAX_CODE = 400


@dataclass(frozen=True, slots=True)
class Application:
    """An object at the top of a module that a server can be given, or a function that makes one."""

    framework: str | None
    """None for a function."""
    path: str
    name: str
    factory: bool
    place: Place

    @property
    def module(self) -> str:
        """The module's dotted name seen from the context's root; a package's own file stands for the package."""
        dotted = self.path.removesuffix(".py").replace("/", ".")
        return dotted.removesuffix(".__init__")


@dataclass(frozen=True, slots=True)
class Django:
    """A Django project, by its ``manage.py``."""

    manage: str
    settings_module: str | None
    """The default of DJANGO_SETTINGS_MODULE; None when it is computed."""
    settings: tuple[str, ...]
    """The files of the settings module, and of its package; empty when they are not where the name says."""
    engines: frozenset[str] | None
    """The databases that the settings name, by the engine's last part (``postgresql``, ``sqlite3``); None: computed."""
    static_root: str | None
    """Where ``collectstatic`` writes, as the literal says, seen from the base directory; None when unknown or unset."""
    media_root: str | None
    """Where uploads are written at run time."""
    computed: frozenset[str]
    """Those of STATIC_ROOT and MEDIA_ROOT that are set to what is no plain literal."""
    needs_environment: frozenset[str]
    """Variables that the settings demand with ``os.environ[...]``: without them no command of Django runs."""


@remembered
def python_applications(context: Context) -> tuple[Application, ...]:
    """Every application object and factory at the top of a module."""
    found: list[Application] = []
    for source in read_sources(context, "python", language_files(context, "python")).files:
        for match in _APPLICATION.finditer(source.code):
            framework = _CLASSES[match["class"]]
            found.append(Application(framework, source.path, match["name"], False, source.place(match.start())))
        for match in _FACTORY.finditer(source.code):
            found.append(Application(None, source.path, match[1], True, source.place(match.start())))
    return tuple(found)


@remembered
def django_project(context: Context, folder: str = "") -> Django | None:
    """The Django project whose ``manage.py`` lies in a folder; None without one that can be read."""
    manage = posixpath.join(folder, "manage.py")
    text = context.read(manage)
    if text is None or "DJANGO_SETTINGS_MODULE" not in text:
        return None
    code = Source(manage, "python", text)
    found = _SETTINGS.search(code.code)
    literal = None if found is None else literal_at(code.code, found.end(), "python")
    module = None if literal is None else literal.value
    files = () if module is None else tuple(_settings_files(context, folder, module))
    sources = [Source(path, "python", context.read(path) or "") for path in files]
    static, media = (_setting(sources, name) for name in ("STATIC_ROOT", "MEDIA_ROOT"))
    return Django(
        manage=manage,
        settings_module=module,
        settings=files,
        engines=_engines(sources),
        static_root=static[1],
        media_root=media[1],
        computed=frozenset(
            name for name, (given, value) in (("STATIC_ROOT", static), ("MEDIA_ROOT", media)) if given and value is None
        ),
        needs_environment=frozenset(
            name
            for source in sources
            for name in re.findall(r"\bos\.environ\[\s*['\"](\w+)['\"]\s*\](?!\s*=[^=])", source.code)
        ),
    )


def _settings_files(context: Context, folder: str, module: str) -> Iterator[str]:
    if not re.fullmatch(r"\w+(?:\.\w+)*", module):
        return
    base = posixpath.join(folder, module.replace(".", "/"))
    if f"{base}.py" in context.files:
        yield f"{base}.py"
        package = posixpath.dirname(base)
        # ``config.settings.production`` takes most of what it says from the files beside it.
        if posixpath.basename(package) == "settings":
            yield from (path for path in context.children(package) if path.endswith(".py") and path != f"{base}.py")
    elif context.is_folder(base):
        yield from (path for path in context.children(base) if path.endswith(".py"))


def _engines(sources: list[Source]) -> frozenset[str] | None:
    found: set[str] = set()
    for source in sources:
        if _COMPUTED_DATABASE.search(source.code):
            return None
        for match in _ENGINE.finditer(source.code):
            # Templates and caches have no ENGINE, but other tables might; a database's name has ``backends`` in it.
            literal = literal_at(source.code, match.end(), "python")
            if literal is None or literal.value is None:
                return None
            found.add(literal.value.rpartition(".")[2])
    return frozenset(found) if found else None


def _setting(sources: list[Source], name: str) -> tuple[bool, str | None]:
    """Whether a setting is given, and the one value of all places that set it."""
    values: set[str | None] = set()
    for source in sources:
        for match in re.finditer(rf"(?m)^{name}\s*(?::[^=\n]+)?=\s*", source.code):
            values.add(_path_value(source.code[match.end() : match.end() + _MAX_CODE]))
    return bool(values), values.pop() if len(values) == 1 else None


def _path_value(code: str) -> str | None:
    """``BASE_DIR / "a" / "b"``, ``os.path.join(BASE_DIR, "a")`` or a plain literal."""
    start = _FOLDER.match(code)
    at = 0 if start is None else start.end()
    parts: list[str] = []
    while True:
        literal = literal_at(code, at, "python")
        if literal is None or literal.value is None:
            return None
        parts.append(literal.value)
        between = re.compile(r"\s*[,/]\s*(?=['\"])").match(code, literal.end)
        if between is None:
            ending = code[literal.end :].split("\n", 1)[0]
            return posixpath.join(*parts) if re.fullmatch(r"\s*,?\s*\)*\s*", ending) else None
        at = between.end()
