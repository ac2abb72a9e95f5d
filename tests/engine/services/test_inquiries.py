"""First-inquiry duty (M-FIRST-1, M-FIRST-2)."""

import pytest

from engine.kernel.errors import Conflict, Forbidden, HallError, Invalid, Missing
from engine.services import inquiries
from engine.services.inquiries import Asked

ASKED = Asked("怎么办营业执照?", "apply", "林晓禾", right_window=False)


@pytest.fixture
def officers(cast):
    return [cast.seated("clerk", no) for no in (6, 5, 247)]


def ids(views):
    return [view.inquiry.id for view in views]


def test_the_table_of_routing_says_what_the_officer_owes(hall, officers):
    found = inquiries.open_inquiry(hall, officers[0], ASKED)
    assert (found.first_inquiry, found.window_kind, found.stays_open, found.row) == (
        "lead_to", "intake", True, "routing#routing-14",
    )  # fmt: skip
    assert found.window_no == 6
    assert ASKED.visitor not in found.visitor
    nameless = inquiries.open_inquiry(hall, officers[0], Asked("几点下班?", "inquiry"))
    assert (nameless.visitor, nameless.first_inquiry) == (None, "answer")


def test_m_first_1_a_contact_stays_open_for_the_first_until_the_next_confirms(hall, officers):
    first, second, _ = officers
    asked = inquiries.open_inquiry(hall, first, ASKED)
    inquiries.hand_on(hall, first, asked.id, second.account, "属于设立登记")
    assert ids(inquiries.open_for(hall, first)) == [asked.id]
    assert inquiries.open_for(hall, first)[0].waiting_for == second.name
    assert inquiries.open_for(hall, second) == []
    inquiries.confirm(hall, second, asked.id)
    assert inquiries.open_for(hall, first) == []
    assert inquiries.open_for(hall, second)[0].open_for == second.name
    closed = inquiries.close(hall, second, asked.id, "请备齐章程, 在6号窗口申请")
    assert (closed.closed_by, inquiries.open_for(hall, second)) == (second.id, [])


def test_m_first_2_two_transfers_without_an_answer_show_with_all_names(hall, cast, officers):
    first, second, third = officers
    manager = cast.holder(None, "hall_manager")
    asked = inquiries.open_inquiry(hall, first, ASKED)
    inquiries.hand_on(hall, first, asked.id, second.account, "不归我管")
    assert inquiries.passed_around(hall, manager) == []
    inquiries.confirm(hall, second, asked.id)
    inquiries.hand_on(hall, second, asked.id, third.account, "也不归我管")
    shown = inquiries.passed_around(hall, manager)
    assert shown[0].names == (first.name, second.name, third.name)
    assert (shown[0].open_for, shown[0].waiting_for) == (second.name, third.name)
    inquiries.close(hall, second, asked.id, "已答复")
    assert inquiries.passed_around(hall, manager) == []


def test_the_board_is_for_managers_and_supervisors(hall, officers):
    with pytest.raises(Forbidden) as refused:
        inquiries.passed_around(hall, officers[0])
    assert refused.value.code == "inquiry.board"


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        pytest.param(Asked(" ", "apply"), "inquiry.text", id="nothing asked"),
        pytest.param(Asked("问" * 2001, "apply"), "inquiry.text", id="too long"),
        pytest.param(Asked("问", "visit"), "inquiry.purpose", id="no such purpose"),
        pytest.param(Asked("问", "apply", "名" * 101), "inquiry.visitor", id="a long name"),
        pytest.param(Asked("问", "apply", units_involved=0), "inquiry.units", id="no unit"),
    ],
)
def test_a_contact_with_bad_input_is_refused(hall, officers, asked, code):
    with pytest.raises(Invalid) as refused:
        inquiries.open_inquiry(hall, officers[0], asked)
    assert refused.value.code == code


def test_only_who_answers_for_a_contact_hands_it_on_or_closes_it(hall, officers):
    first, second, third = officers
    asked = inquiries.open_inquiry(hall, first, ASKED)
    for act in (
        lambda: inquiries.hand_on(hall, third, asked.id, second.account, "转"),
        lambda: inquiries.close(hall, third, asked.id, "已答复"),
    ):
        with pytest.raises(Forbidden) as refused:
            act()
        assert refused.value.code == "inquiry.not_in_charge"
    with pytest.raises(Conflict) as nothing:
        inquiries.confirm(hall, second, asked.id)
    assert nothing.value.code == "inquiry.nothing"
    inquiries.hand_on(hall, first, asked.id, second.account, "转")
    with pytest.raises(Forbidden) as stranger:
        inquiries.confirm(hall, third, asked.id)
    assert stranger.value.code == "inquiry.not_receiver"
    with pytest.raises(Conflict) as again:
        inquiries.hand_on(hall, first, asked.id, third.account, "再转")
    assert again.value.code == "inquiry.pending"


@pytest.mark.parametrize(
    ("account", "reason", "code"),
    [
        pytest.param("nobody", "转", "account.unknown", id="to nobody"),
        pytest.param("clerk06", "转", "inquiry.same_person", id="to himself"),
        pytest.param("clerk05", " ", "inquiry.text", id="without a reason"),
    ],
)
def test_a_transfer_that_cannot_be_is_refused(hall, officers, account, reason, code):
    asked = inquiries.open_inquiry(hall, officers[0], ASKED)
    with pytest.raises(HallError) as refused:
        inquiries.hand_on(hall, officers[0], asked.id, account, reason)
    assert refused.value.code == code


def test_a_closed_contact_is_closed_and_an_unknown_one_missing(hall, officers):
    asked = inquiries.open_inquiry(hall, officers[0], ASKED)
    inquiries.close(hall, officers[0], asked.id, "已答复")
    with pytest.raises(Conflict) as refused:
        inquiries.close(hall, officers[0], asked.id, "再答复")
    assert refused.value.code == "inquiry.closed"
    with pytest.raises(Missing):
        inquiries.confirm(hall, officers[0], "nothing")
