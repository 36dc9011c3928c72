from __future__ import annotations

import pytest

from dfmigrate.context import Context
from dfmigrate.context.python_web import Django, django_project, python_applications

MANAGE = 'os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")\n'


def django(settings: str) -> Django:
    found = django_project(Context.of({"manage.py": MANAGE, "shop/settings.py": settings}))
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("value", "path"),
    [
        ('BASE_DIR / "static" / "all"', "static/all"),
        ('os.path.join(BASE_DIR, "static")', "static"),
        ('str(BASE_DIR / "static")', "static"),
        ('"/srv/static/"  ', "/srv/static/"),
        ('env("STATIC_ROOT")', None),
        ('BASE_DIR / "static" + x', None),
    ],
)
def test_where_static_files_are_collected(value: str, path: str | None) -> None:
    found = django(f"STATIC_ROOT = {value}\n")
    assert found.static_root == path
    assert ("STATIC_ROOT" in found.computed) == (path is None)


def test_databases() -> None:
    two = 'DATABASES = {"default": {"ENGINE": "django.db.backends.postgresql"}, "o": {"ENGINE": "a.mysql"}}\n'
    assert django(two).engines == {"postgresql", "mysql"}
    assert django("DATABASES = {'default': dj_database_url.config()}\n").engines is None
    assert django("DATABASES = load()\n").engines is None
    assert django('DATABASES = {"default": {"ENGINE": env("ENGINE")}}\n').engines is None


def test_variables_that_settings_demand() -> None:
    text = 'A = os.environ["SECRET"]\nB = os.environ.get("OTHER")\nos.environ["SET"] = "1"\n'
    assert django(text).needs_environment == {"SECRET"}


def test_settings_in_a_package() -> None:
    context = Context.of(
        {
            "manage.py": MANAGE.replace("shop.settings", "shop.settings.production"),
            "shop/settings/production.py": "from .base import *\n",
            "shop/settings/base.py": 'MEDIA_ROOT = "/media"\n',
        }
    )
    found = django_project(context)
    assert found is not None
    assert found.settings == ("shop/settings/production.py", "shop/settings/base.py")
    assert found.media_root == "/media"
    assert django_project(Context.of({"manage.py": "app.run()\n"})) is None


def test_objects_that_a_server_is_given() -> None:
    context = Context.of(
        {
            "app/__init__.py": "def create_app(config):\n    app = Flask(__name__)\n",
            "app/main.py": "api: FastAPI = fastapi.FastAPI(title='x')\n# app = Flask()\n",
            "shop/wsgi.py": "application = get_wsgi_application()\n",
            "tests/app.py": "app = Flask(__name__)\n",
        }
    )
    found = {(each.module, each.name, each.framework, each.factory) for each in python_applications(context)}
    assert found == {
        ("app", "create_app", None, True),
        ("app.main", "api", "fastapi", False),
        ("shop.wsgi", "application", "django", False),
    }
