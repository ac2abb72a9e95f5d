"""Every kind of event has a sentence that can be filled from the event itself."""

from dataclasses import fields
from datetime import UTC, datetime

import pytest

from engine.services.cases import HistoryLine
from tests.events import event_kinds
from webui.desk.history import said

AT = datetime(2015, 10, 26, 2, 20, tzinfo=UTC)
STEPS = {"review": "审查"}
VALUES = {
    "procedure": "inspection",
    "ending": "done",
    "announced_until": "2015-11-02",
    "step": "review",
    "promised_due": "2015-10-29",
    "statutory_due": "2015-11-23",
    "due_on": "2015-10-27",
    "was_due": "2015-10-26",
    "reply_by": "2015-10-30",
    "received_on": "2015-10-26",
    "way": "post",
    "act": "apply",
    "cause": "refusal",
    "day": "2015-10-30",
    "other_day": "2015-11-02",
    "joint_outcome": "wait",
    "others": "finish",
    "urgency": "out_of_order",
    "finding": "upheld",
    "purpose": "collect",
    "effective_from": "2015-01-01",
    "roles": ("clerk", "reviewer"),
    "recipients": ("officer", "chief"),
    "outcome": "granted",
    "level": "yellow",
    "rule": "S03",
    "row": "authority#authority-4",
    "because": "four_eyes",
    "power": "decide",
    "post": "clerk",
    "valid_from": "2015-01-01",
    "valid_to": "2015-12-31",
    "window_no": 6,
    "mandate_no": "雁政授〔2015〕12号",
    "licence_no": "91439900MA00000018",
}


KINDS = event_kinds()


def line(kind, **params):
    return HistoryLine(1, AT, "陈晓", kind, params)


@pytest.fixture
def speaking(app):
    """A request, since sentences ask for the reader's language."""
    with app.test_request_context():
        yield


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
@pytest.mark.parametrize("empty", [False, True], ids=["all fields", "optional fields empty"])
def test_every_event_has_its_sentence(speaking, kind, empty):
    optional = {each.name for each in fields(kind) if "None" in str(each.type)}
    params = {
        each.name: None if empty and each.name in optional else VALUES.get(each.name, "某值")
        for each in fields(kind)
    }
    sentence = said(HistoryLine(1, AT, "陈晓", kind.__name__, params), STEPS)
    assert "event." not in sentence
    assert "%(" not in sentence
    assert "None" not in sentence
    assert len(sentence) > 1


@pytest.mark.parametrize(
    ("kind", "params", "sentence"),
    [
        ("Applied", {"window_no": 6}, "06 号窗口收到申请并录入"),
        ("Applied", {"window_no": None}, "收到申请并录入"),
        (
            "TaskOpened",
            {"step": "review", "roles": ["clerk", "chief"], "due_on": "2015-10-27"},
            "“审查”等待窗口人员、首席代表办理，环节期限 2015-10-27 周二",
        ),
        (
            "ActRefused",
            {"step": "review", "because": "grant.missing", "row": "authority#authority-3"},
            "办理“审查”未获准：没有对应的授权（规则 办理权限 authority-3）",
        ),
        (
            "LimitWarned",
            {"level": "red", "rule": "S04", "recipients": ["supervisor"]},
            "监察红牌（S04 超过法定期限或严重超期），通知监察人员",
        ),
        ("DecisionMade", {"table": "authority"}, "决策表“办理权限”作出决定"),
        ("TaskClaimed", {"step": "unknown_step"}, "签收“unknown_step”"),
    ],
)
def test_the_sentence_says_it_in_words(speaking, kind, params, sentence):
    assert said(line(kind, **params), STEPS) == sentence
