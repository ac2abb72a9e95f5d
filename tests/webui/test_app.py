"""The application: its groups, its refusal of an open page, its routes."""

import pytest

from engine.kernel.errors import Unavailable
from tests.webui.visitor import Visitor
from webui import app as module
from webui.app import application, create_app
from webui.kit.guard import unguarded

GROUPS = {"account", "admin", "desk", "online", "policy", "screens", "window"}


def test_every_group_is_joined(app):
    assert set(app.blueprints) == GROUPS


def test_every_view_says_who_may_open_it(app):
    assert unguarded(app) == []


def test_a_page_without_a_guard_stops_the_start(hall, monkeypatch):
    monkeypatch.setattr(module.live, "stream", lambda app: app.add_url_rule("/x", "x", str))
    with pytest.raises(RuntimeError, match="'x'"):
        create_app(hall)


def test_no_safe_method_is_the_only_way_to_change_something(app):
    """GET never changes state: what changes has an address of its own that answers POST alone."""
    methods = {
        rule.endpoint: rule.methods - {"HEAD", "OPTIONS"} for rule in app.url_map.iter_rules()
    }
    mixed = {name for name, kinds in methods.items() if len(kinds) > 1}
    assert mixed == set()


def test_a_stranger_is_sent_to_sign_in_by_every_closed_page(app):
    """Deny by default (S-23): the closed pages are found by walking the routes."""
    stranger = Visitor(app)
    closed = [
        rule
        for rule in app.url_map.iter_rules()
        if getattr(app.view_functions[rule.endpoint], "permission", None)
    ]
    assert len(closed) > 10
    for rule in closed:
        with app.test_request_context():
            path = rule.build(dict.fromkeys(rule.arguments, 1))
        answer = stranger.get(path[1]) if "GET" in rule.methods else stranger.post(path[1])
        assert answer.status_code == 303, rule
        assert answer.location.startswith("/account/sign-in"), rule


def test_the_server_opens_the_hall_that_the_settings_name(city, monkeypatch):
    monkeypatch.setenv("HALL_DATA", str(city.data))
    made = application()
    assert Visitor(made).read("/healthz") == "ok\n"
    made.extensions["hall"].store.dispose()


def test_a_hall_that_was_never_set_up_is_not_served(tmp_path, monkeypatch):
    monkeypatch.setenv("HALL_DATA", str(tmp_path))
    with pytest.raises(Unavailable) as refused:
        application()
    assert refused.value.code == "hall.not_set_up"
