"""Whether the server lives."""

from engine.kernel.errors import Unavailable
from webui.online import health


def test_it_lives_and_is_ready(visitor):
    assert visitor.read("/healthz") == "ok\n"
    assert visitor.read("/readyz") == "ready\n"


def test_without_its_database_it_lives_and_is_not_ready(visitor, monkeypatch):
    def gone(hall):
        raise Unavailable("storage.gone")

    monkeypatch.setattr(health.live, "newest", gone)
    assert visitor.read("/healthz") == "ok\n"
    answer = visitor.get("/readyz")
    assert answer.status_code == 503
    assert "sqlite" not in answer.text.lower()


def test_old_browsers_find_the_mark(visitor):
    answer = visitor.get("/favicon.ico")
    assert answer.status_code == 301
    assert visitor.get(answer.location).mimetype == "image/svg+xml"
