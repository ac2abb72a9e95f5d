"""What a refused form keeps of what was typed, and where the fault is said."""

import pytest

from engine.kernel.errors import Conflict, Invalid, Missing
from webui.admin.refusals import NOTHING, day, refused


@pytest.fixture
def sent(app):
    with app.test_request_context(
        method="POST", data={"reason": " x ", "matters": ["1", "2"], "seen": "3"}
    ):
        yield


def test_a_fault_stands_at_its_field_only_where_the_form_has_it(sent):
    at_field = refused("act", Invalid("grant.reason", field="reason"))
    assert (list(at_field.errors), at_field.said) == (["reason"], "")
    whole = refused("act", Invalid("grant.mandate_missing", field="mandate_no"))
    assert (dict(whole.errors), whole.said) == ({}, "缺少授权文件号")


def test_what_was_typed_is_kept_for_its_own_form_only(sent):
    wrong = refused("act", Conflict("people.left", account="a", day="b"))
    assert wrong.status == 409
    assert wrong.one("act", "reason") == " x "
    assert wrong.all("act", "matters") == ["1", "2"]
    assert "seen" not in wrong.typed
    assert (wrong.one("other", "reason", "y"), wrong.all("other", "matters")) == ("y", [])
    assert (wrong.faults("other"), wrong.fault("other", "reason")) == ({}, "")
    assert NOTHING.one("act", "reason", "y") == "y"


def test_a_word_that_names_nothing_was_typed_wrongly(sent):
    assert refused("act", Missing("matter.unknown", matter=9)).status == 422


def test_no_day_is_said_at_its_field(sent):
    with pytest.raises(Invalid) as wrong:
        day("reason")
    assert (wrong.value.code, wrong.value.params["field"]) == ("people.day", "reason")
