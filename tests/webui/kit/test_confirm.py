"""The proof that a form gives: a password, or in the demo on this machine a word of it."""

import pytest

from engine.domain.people import SYSTEM
from engine.kernel.errors import Forbidden, Invalid
from engine.services import people
from webui.kit.confirm import confirmed


def test_a_password_confirms(app, hall):
    password = people.new_password(hall, SYSTEM, "chief26")
    with app.test_request_context("/", method="POST", data={"password": password}):
        assert confirmed("chief26").how == "password"


@pytest.mark.parametrize("sent", [{}, {"password": ""}], ids=["none", "empty"])
def test_nothing_confirms_nothing(app, sent):
    with (
        app.test_request_context("/", method="POST", data=sent),
        pytest.raises(Invalid, match=r"confirm\.password_missing"),
    ):
        confirmed("chief26")


def test_the_demo_confirms_on_this_machine(app):
    here = {"REMOTE_ADDR": "127.0.0.1"}
    with app.test_request_context("/", method="POST", data={"as_demo": "1"}, environ_base=here):
        assert confirmed("chief26").how == "demo"


@pytest.mark.parametrize("base", ["http://hall.example", "https://10.0.0.8"])
def test_the_demo_does_not_confirm_from_elsewhere(app, base):
    with (
        app.test_request_context("/", base_url=base, method="POST", data={"as_demo": "1"}),
        pytest.raises(Forbidden, match=r"demo\.only"),
    ):
        confirmed("chief26")
