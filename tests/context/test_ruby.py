from __future__ import annotations

from dfmigrate.context import Context
from dfmigrate.context.gemfile_lock import gemfile_lock
from dfmigrate.context.ruby import RubyProject, ruby_project

GEMFILE = """source "https://gems.example.com"
gem "rails"
gem "pg"
gem "nokogiri"
gem "propshaft"
gem "jsbundling-rails"
gem "bootsnap", require: false
group :test do
  gem "selenium"
end
"""
LOCK = """GIT
  remote: https://example.org/tool.git
  revision: abc
  specs:
    tool (0.1.0)

GEM
  remote: https://gems.example.com/
  specs:
    actionpack (7.1.0)
      rack (>= 2.2.4)
    bootsnap (1.18.0)
      msgpack (~> 1.2)
    jsbundling-rails (1.3.0)
    msgpack (1.7.0)
    nokogiri (1.16.0-aarch64-linux)
      racc (~> 1.4)
    nokogiri (1.16.0-x86_64-linux)
      racc (~> 1.4)
    pg (1.5.0)
    propshaft (0.8.0)
    racc (1.7.0)
    rack (3.0.0)
    rails (7.1.0)
      actionpack (= 7.1.0)
      bundler (>= 1.15.0)
    selenium (4.0.0)

PLATFORMS
  aarch64-linux
  x86_64-linux

DEPENDENCIES
  bootsnap
  jsbundling-rails
  nokogiri
  pg
  propshaft
  rails
  selenium
  tool!

RUBY VERSION
   ruby 3.2.2p53

BUNDLED WITH
   2.5.3
"""
RAILS = {
    "Gemfile": GEMFILE + 'gem "tool", git: "https://example.org/tool.git"\n',
    "Gemfile.lock": LOCK,
    "config/application.rb": "",
    "config/boot.rb": 'require "bootsnap/setup"\n',
    "config/database.yml": "default: &default\n  adapter: postgresql\n",
    "config/environments/production.rb": (
        'x if ENV["RAILS_SERVE_STATIC_FILES"].present?\nconfig.active_storage.service = :local\n'
    ),
    "config/credentials.yml.enc": "",
    "config/master.key": "",
    "config.ru": "",
}


def read(**changes: str) -> RubyProject:
    texts = {**RAILS, **{name.replace("_lock", ".lock"): text for name, text in changes.items()}}
    found = ruby_project(Context.of(texts))
    assert found is not None
    return found


def test_what_production_installs() -> None:
    found = read()
    assert found.production == {
        *("rails", "actionpack", "rack", "pg", "nokogiri", "racc", "propshaft", "jsbundling-rails", "bootsnap"),
        *("msgpack", "tool"),
    }
    assert found.ruby == "3.2.2"
    assert found.needs_git
    assert not found.needs_source
    assert found.manifests == ("Gemfile", "Gemfile.lock")


def test_a_lock_file_that_does_not_fit_tells_nothing() -> None:
    assert read(Gemfile=GEMFILE + 'gem "absent"\n').production is None
    assert read(Gemfile_lock="").production is None
    assert ruby_project(Context.of({"Gemfile": ""})) is not None


def test_a_gem_for_other_platforms_is_not_pinned() -> None:
    declared = RAILS["Gemfile"] + 'gem "tzinfo-data", platforms: %i[windows jruby]\n'
    found = read(Gemfile=declared, Gemfile_lock=LOCK.replace("  tool!\n", "  tool!\n  tzinfo-data\n"))
    assert found.production == read().production


def test_platforms_of_one_machine_only() -> None:
    lock = gemfile_lock(Context.of({"Gemfile.lock": LOCK.replace("aarch64-linux", "x86_64-linux-musl")}))
    assert lock is not None
    gem = lock.gems["nokogiri"]
    assert gem.platforms == {"x86_64-linux", "x86_64-linux-musl"}
    assert lock.bundler == "2.5.3"
    assert lock.platforms == ("x86_64-linux-musl", "x86_64-linux")


def test_rails() -> None:
    rails = read().rails
    assert rails is not None
    assert (rails.version, rails.assets, rails.bundlers) == ("7.1.0", "propshaft", ("jsbundling-rails",))
    assert rails.needs_node
    assert rails.bootsnap
    assert rails.credentials == ("config/credentials.yml.enc",)
    assert rails.master_keys == ("config/master.key",)
    assert rails.databases == {"postgresql"}
    assert rails.serves_assets_if == "RAILS_SERVE_STATIC_FILES"
    assert rails.writes == ("log", "tmp", "storage")


def test_a_database_that_is_computed() -> None:
    texts = {**RAILS, "config/database.yml": "production:\n  adapter: <%= ENV['DB'] %>\n"}
    found = ruby_project(Context.of(texts))
    assert found is not None
    assert found.rails is not None
    assert found.rails.databases is None


def test_rack_and_gems() -> None:
    rack = ruby_project(Context.of({"config.ru": ""}))
    assert rack is not None
    assert (rack.rack, rack.rails, rack.needs_source) == ("config.ru", None, True)
    own = ruby_project(Context.of({"Gemfile": "gemspec\n", "own.gemspec": "", ".ruby-version": "ruby-3.1.4\n"}))
    assert own is not None
    assert (own.gemspecs, own.ruby, own.needs_source) == (("own.gemspec",), "3.1.4", True)
    assert own.manifests == ("Gemfile", ".ruby-version", "own.gemspec")
    assert ruby_project(Context.of({"a.rb": ""})) is None
