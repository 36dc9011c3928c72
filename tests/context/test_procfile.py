from __future__ import annotations

from dfmigrate.context.procfile import procfile


def test_process_types() -> None:
    text = "# web: old\r\nweb: bundle exec puma -p $PORT\r\n\r\nworker:sidekiq\n not a line\nrelease: rake db:migrate\n"
    found = procfile(text)
    assert found == {"web": "bundle exec puma -p $PORT", "worker": "sidekiq", "release": "rake db:migrate"}
    assert procfile("") == {}
