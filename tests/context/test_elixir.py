from __future__ import annotations

import pytest

from dfmigrate.context import Context
from dfmigrate.context.elixir import MixProject, mix_project

MIX = """defmodule Shop.MixProject do
  use Mix.Project
  @version "1.2.3"
  def project do
    [
      app: :shop,
      version: @version,
      elixir: "~> 1.15",
      aliases: aliases(),
      deps: deps(),
      RELEASES
    ]
  end
  # {:absent, "1"}
  defp deps do
    [
      {:phoenix, "~> 1.7"},
      {:tool, path: "../tool", only: :dev},
      {:forked, git: "https://example.org/x.git"}
    ]
  end
  defp releases do
    [web: [include_executables_for: [:unix], steps: [:assemble, :tar]], worker: []]
  end
  defp aliases do
    ["assets.deploy": ["tailwind default --minify", "phx.digest"]]
  end
end
"""
LOCK = '%{\n  "phoenix": {:hex, :phoenix, "1.7.0", "x"},\n  "forked": {:git, "https://example.org/x", "a", []},\n}\n'


def read(releases: str = "", **texts: str) -> MixProject:
    found = mix_project(Context.of({"app/mix.exs": MIX.replace("RELEASES", releases), **texts}), "app")
    assert found is not None
    return found


def test_a_project() -> None:
    texts = {"app/mix.lock": LOCK, "app/config/config.exs": "", "app/config/runtime.exs": ""}
    found = read(**texts)
    assert (found.app, found.version, found.elixir) == ("shop", "1.2.3", "~> 1.15")
    assert found.dependencies == {"phoenix", "tool", "forked"}
    assert found.path_dependencies == ("tool",)
    assert (found.locked, found.from_git) == ({"phoenix", "forked"}, {"forked"})
    assert found.aliases == ("assets.deploy",)
    assert found.phoenix
    assert not found.escript
    assert found.manifests == ("app/mix.exs", "app/mix.lock", "app/config/config.exs")
    assert found.runtime_config == "app/config/runtime.exs"


@pytest.mark.parametrize(
    ("written", "names"),
    [
        ("", ("shop",)),
        ("releases: [one: [applications: [a: :permanent]], two: []]", ("one", "two")),
        ("releases: releases()", ("web", "worker")),
        ("releases: other()", None),
        ("releases: @releases", None),
    ],
)
def test_releases(written: str, names: tuple[str, ...] | None) -> None:
    assert read(written).releases == names
    assert read(written).release_folder("web") == "app/_build/prod/rel/web"


def test_an_umbrella() -> None:
    root = 'def project do\n  [apps_path: "apps", releases: [all: []]]\nend\n'
    context = Context.of({"mix.exs": root, "apps/web/mix.exs": 'project: [app: :web]\n{:phoenix, "1"}', "apps/x": ""})
    found = mix_project(context)
    assert found is not None
    assert found.is_umbrella
    assert [app.app for app in found.apps] == ["web"]
    assert found.phoenix
    assert found.releases == ("all",)
    assert found.manifests == ("mix.exs", "apps/web/mix.exs")
    assert mix_project(Context.of({})) is None
