from __future__ import annotations

import pytest

from dfmigrate.context import Context
from dfmigrate.context.gemfile import Gemfile, GemSource, gemfile


def read(text: str, **texts: str) -> Gemfile:
    files = {name.replace("__", "/").replace("_", "."): value for name, value in texts.items()}
    found = gemfile(Context.of({"Gemfile": text, **files}))
    assert found is not None
    return found


PLAIN = """# frozen_string_literal: true
source "https://gems.example.com"
ruby "3.2.2"
git_source(:github) { |repo| "https://github.com/#{repo}.git" }

gem "rails", "~> 7.1"
gem 'pg', '>= 1', require: false # why
gem "tool", git: "https://example.org/tool.git", branch: "main"
gem "local", :path => "engines/local"
gem "both",
  "~> 1",
  groups: [:development, :default]

group :development, :test do
  gem "rspec"
  platforms :mri, :windows do
    gem "debug"
  end
end
gem "capybara", group: :test
path "engines" do
  gem "engine"
end
gem "tzinfo-data", platforms: %i[ windows jruby ]
"""


def test_groups_sources_and_platforms() -> None:
    found = read(PLAIN)
    gems = {gem.name: gem for gem in found.gems}
    assert gems["rails"].groups == {"default"}
    assert gems["both"].groups == {"development", "default"}
    assert gems["rspec"].groups == gems["debug"].groups == {"development", "test"}
    assert gems["debug"].platforms == {"mri", "windows"}
    assert gems["tzinfo-data"].platforms == {"windows", "jruby"}
    assert (gems["tool"].source, gems["tool"].location) == (GemSource.GIT, "https://example.org/tool.git")
    assert (gems["local"].source, gems["local"].location) == (GemSource.PATH, "engines/local")
    assert (gems["engine"].source, gems["engine"].location) == (GemSource.PATH, "engines")
    assert gems["pg"].line == 7
    assert (found.ruby, found.gemspec, found.complete) == ("3.2.2", False, True)
    assert found.without(frozenset({"development", "test"})) == {
        *("rails", "pg", "tool", "local", "both", "engine", "tzinfo-data"),
    }


@pytest.mark.parametrize(
    "text",
    [
        "gem name\n",
        'if ENV["A"]\n  gem "a"\nend\n',
        'gem "a" if ENV["A"]\n',
        "Dir['gems/*'].each { |path| gem path }\n",
        'group(*GROUPS) do\n  gem "a"\nend\n',
        'group :a do\n  gem "a"\n',
        'eval_gemfile "absent"\n',
        "end\n",
    ],
)
def test_what_is_computed_is_not_complete(text: str) -> None:
    assert not read(text).complete


def test_other_files_are_read() -> None:
    found = read(
        'ruby file: ".ruby-version"\ngemspec\neval_gemfile "Gemfile.local"\n',
        _ruby_version="",
        Gemfile_local='gem "a"\n',
    )
    assert [gem.name for gem in found.gems] == ["a"]
    assert found.gemspec
    assert found.reads == (".ruby-version", "Gemfile.local")
    versioned = gemfile(
        Context.of({"Gemfile": 'ruby file: ".tool-versions"', ".tool-versions": "nodejs 20\nruby 3.3.0\n"})
    )
    assert versioned is not None
    assert versioned.ruby == "3.3.0"


def test_files_that_evaluate_themselves_end() -> None:
    assert not read('eval_gemfile "Gemfile"\n' * 5).complete
