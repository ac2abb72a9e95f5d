"""Answers become clean values, or errors by field that say what is wrong."""

import json
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.forms.compile import read_form
from engine.forms.validate import parse_text, validate
from engine.kernel.errors import Invalid


def choices(*values):
    return [{"label": value.upper(), "value": value} for value in values]


FORM = read_form(
    "f",
    json.dumps(
        {
            "type": "default",
            "components": [
                {"type": "textfield", "key": "name", "label": "名称",
                 "validate": {"required": True, "minLength": 2, "maxLength": 6}},
                {"type": "textarea", "key": "note", "label": "说明"},
                {"type": "textfield", "key": "phone", "label": "电话",
                 "validate": {"pattern": "^1[0-9]{10}$"}},
                {"type": "number", "key": "capital", "label": "资本", "decimalDigits": 2,
                 "validate": {"min": 1, "max": 1000}},
                {"type": "select", "key": "kind", "label": "类型", "values": choices("a", "b")},
                {"type": "checklist", "key": "tags", "label": "标签", "values": choices("x", "y")},
                {"type": "datetime", "key": "day", "dateLabel": "日期", "subtype": "date"},
                {"type": "checkbox", "key": "agree", "label": "承诺",
                 "validate": {"required": True}},
                {"type": "textarea", "key": "reason", "label": "理由",
                 "conditional": {"hide": '=kind != "b"'}, "validate": {"required": True}},
                {"type": "dynamiclist", "path": "rows", "label": "股东", "components": [
                    {"type": "textfield", "key": "who", "label": "姓名",
                     "validate": {"required": True}},
                    {"type": "number", "key": "share", "label": "出资",
                     "validate": {"min": 0, "max": 100}},
                ]},
            ],
        }
    ).encode(),
)  # fmt: skip
GOOD = {"name": "禾木", "agree": True}


def errors(answers):
    with pytest.raises(Invalid) as refused:
        validate(FORM, answers)
    assert refused.value.code == "form.answers"
    return {key: error["code"] for key, error in refused.value.params["fields"].items()}


def test_a_complete_answer_becomes_clean_values():
    answers = {
        **GOOD,
        "note": "  一\n二 ",
        "phone": "13900000000",
        "capital": Decimal("10.50"),
        "kind": "b",
        "reason": "补充",
        "tags": ["y", "x"],
        "day": "2015-10-26",
        "rows": [{"who": " 甲 ", "share": 40}],
    }
    assert validate(FORM, answers) == {
        "name": "禾木",
        "note": "一\n二",
        "phone": "13900000000",
        "capital": Decimal("10.50"),
        "kind": "b",
        "tags": ["x", "y"],
        "day": date(2015, 10, 26),
        "agree": True,
        "reason": "补充",
        "rows": [{"who": "甲", "share": Decimal(40)}],
    }


@pytest.mark.parametrize(
    ("answers", "key", "code"),
    [
        ({"evil": 1}, "evil", "form.unknown_field"),
        ({"name": None}, "name", "form.required"),
        ({"name": "   "}, "name", "form.required"),
        ({"name": 5}, "name", "form.text"),
        ({"name": ["a"]}, "name", "form.text"),
        ({"name": "一"}, "name", "form.min_length"),
        ({"name": "一二三四五六七"}, "name", "form.max_length"),
        ({"name": "a\x00b"}, "name", "form.characters"),
        ({"name": "a\nb"}, "name", "form.characters"),
        ({"name": "a\ud800b"}, "name", "form.characters"),
        ({"note": "字" * 4001}, "note", "form.max_length"),
        ({"phone": "１3900000000"}, "phone", "form.pattern"),
        ({"phone": "139000000001"}, "phone", "form.pattern"),
        ({"capital": "ten"}, "capital", "form.number"),
        ({"capital": "10"}, "capital", "form.number"),
        ({"capital": True}, "capital", "form.number"),
        ({"capital": Decimal("NaN")}, "capital", "form.number"),
        ({"capital": float("inf")}, "capital", "form.number"),
        ({"capital": Decimal("1E+400")}, "capital", "form.number"),
        ({"capital": Decimal("1.005")}, "capital", "form.digits"),
        ({"capital": 0}, "capital", "form.min"),
        ({"capital": 1001}, "capital", "form.max"),
        ({"kind": "c"}, "kind", "form.choice"),
        ({"kind": ["a"]}, "kind", "form.choice"),
        ({"tags": "x"}, "tags", "form.list"),
        ({"tags": ["z"]}, "tags", "form.choice"),
        ({"tags": ["x", "x"]}, "tags", "form.choice"),
        ({"tags": [{}]}, "tags", "form.choice"),
        ({"day": "2015-02-30"}, "day", "form.date"),
        ({"day": "26.10.2015"}, "day", "form.date"),
        ({"day": "20151026"}, "day", "form.date"),
        ({"day": 20151026}, "day", "form.date"),
        ({"agree": False}, "agree", "form.must_agree"),
        ({"agree": "yes"}, "agree", "form.yes_or_no"),
        ({"kind": "b"}, "reason", "form.required"),
        ({"rows": {"who": "x"}}, "rows", "form.list"),
        ({"rows": ["x"]}, "rows", "form.list"),
        ({"rows": [{"share": 1}]}, "rows.0.who", "form.required"),
        ({"rows": [{"who": "x"}, {"who": "y", "share": 101}]}, "rows.1.share", "form.max"),
        ({"rows": [{"who": "x", "evil": 1}]}, "rows.0.evil", "form.unknown_field"),
        ({"rows": [{"who": "x"}] * 201}, "rows", "form.too_many_rows"),
    ],
    ids=lambda value: repr(value)[:40],
)
def test_a_wrong_answer_is_refused_at_its_field(answers, key, code):
    assert errors({**GOOD, **answers}) == {key: code}


def test_every_field_that_is_wrong_is_named_at_once():
    assert errors({"capital": "x", "evil": 1}) == {
        "name": "form.required",
        "capital": "form.number",
        "agree": "form.must_agree",
        "evil": "form.unknown_field",
    }


def test_errors_carry_what_their_sentence_mentions():
    with pytest.raises(Invalid) as refused:
        validate(FORM, {**GOOD, "name": "一", "capital": 0})
    fields = refused.value.params["fields"]
    assert fields["name"]["params"] == {"least": 2, "length": 1}
    assert fields["capital"]["params"] == {"least": "1"}


def test_a_hidden_answer_is_dropped_and_not_required():
    assert "reason" not in validate(FORM, {**GOOD, "kind": "a", "reason": "x"})
    assert "reason" not in validate(FORM, {**GOOD, "reason": "x"})


def test_a_hidden_answer_that_is_wrong_is_dropped_as_well():
    assert "reason" not in validate(FORM, {**GOOD, "kind": "a", "reason": 5})


def test_a_condition_may_read_what_is_known_of_the_case():
    source = {
        "components": [
            {
                "type": "textfield",
                "key": "why",
                "label": "理由",
                "conditional": {"hide": "=amount < 100"},
                "validate": {"required": True},
            }
        ]
    }
    form = read_form("f", json.dumps(source).encode())
    assert validate(form, {}, {"amount": Decimal(5)}) == {}
    with pytest.raises(Invalid):
        validate(form, {}, {"amount": Decimal(500)})
    assert validate(form, {}) == {}


def test_a_mistake_in_one_answer_asks_for_no_reason_that_is_hidden():
    shared = {"type": "textfield", "validate": {"required": True}}
    source = {
        "components": [
            {"type": "number", "key": "amount", "label": "金额", "validate": {"max": 100}},
            {**shared, "key": "why", "label": "理由", "conditional": {"hide": "=amount > 50"}},
            {"type": "textarea", "key": "note", "label": "备注"},
            {**shared, "key": "who", "label": "联系人", "conditional": {"hide": '=note = ""'}},
        ]
    }
    form = read_form("f", json.dumps(source).encode())
    with pytest.raises(Invalid) as refused:
        validate(form, {"amount": 500})
    assert set(refused.value.params["fields"]) == {"amount"}


def test_an_unticked_box_is_an_answer():
    source = {"components": [{"type": "checkbox", "key": "urgent", "label": "加急"}]}
    form = read_form("f", json.dumps(source).encode())
    assert validate(form, {}) == {"urgent": False}


def test_a_rare_character_counts_as_one():
    assert validate(FORM, {**GOOD, "name": "𠮷" * 6})["name"] == "𠮷" * 6


class TestPostedText:
    """HTML form values become answers; what is no number stays text."""

    def test_each_kind(self):
        posted = {
            "name": [" 禾木 "],
            "note": ["一\r\n二"],
            "capital": [" 1０.5 "],
            "kind": ["b"],
            "tags": ["x", "y"],
            "day": ["2015-10-26"],
            "agree": ["on"],
            "phone": [""],
        }
        assert parse_text(FORM, posted) == {
            "name": " 禾木 ",
            "note": "一\n二",
            "capital": Decimal("10.5"),
            "kind": "b",
            "tags": ["x", "y"],
            "day": "2015-10-26",
            "agree": True,
        }

    @pytest.mark.parametrize(
        "text", ["ten", "1e5", "1,000", "NaN", "0x10", "--1", "9" * 60, "１，０"]
    )
    def test_what_is_no_number_stays_text_and_is_refused_by_its_field(self, text):
        answers = parse_text(FORM, {"name": ["禾木"], "agree": ["true"], "capital": [text]})
        assert answers["capital"] == text
        assert errors(answers) == {"capital": "form.number"}

    def test_a_box_with_a_hidden_twin(self):
        assert parse_text(FORM, {"agree": ["false", "true"]}) == {"agree": True}
        assert parse_text(FORM, {"agree": ["false"]}) == {"agree": False}

    def test_rows_in_order_without_the_blank_ones(self):
        posted = {
            "rows.10.who": ["丙"],
            "rows.2.who": ["乙"],
            "rows.2.share": ["30"],
            "rows.3.who": [""],
            "rows.3.share": [" "],
            "rows.2.evil": ["x"],
        }
        assert parse_text(FORM, posted)["rows"] == [
            {"who": "乙", "share": Decimal(30), "evil": "x"},
            {"who": "丙"},
        ]

    def test_unknown_names_are_kept_so_that_they_are_refused(self):
        answers = parse_text(
            FORM, {"name": ["禾木"], "agree": ["1"], "evil": ["1"], "r.1.x": ["2"]}
        )
        assert errors(answers) == {"evil": "form.unknown_field", "r.1.x": "form.unknown_field"}


anything = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.decimals(allow_nan=True)
    | st.text(max_size=8)
    | st.sampled_from(["a", "b", "x", "2015-10-26", "13900000000", "禾木"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["who", "share", "evil"]), inner, max_size=3)
    ),
    max_leaves=5,
)


def checked(answers):
    """Return clean answers, or None and what is wrong with them; nothing else may happen."""
    try:
        return validate(FORM, answers), None
    except Invalid as error:
        return None, error.params["fields"]


@given(st.dictionaries(st.sampled_from([*FORM.fields, "evil"]), anything))
@settings(max_examples=300, deadline=None)
def test_any_answers_are_clean_or_refused_by_field_and_clean_ones_stay_so(answers):
    clean, trouble = checked(answers)
    assert (clean is None) is bool(trouble)
    if clean is not None:
        assert validate(FORM, clean) == clean
        assert clean.keys() <= FORM.fields.keys()


@given(
    st.dictionaries(
        st.sampled_from([*FORM.fields, "evil", "rows.0.who", "rows.1.share", "rows.x.y"]),
        st.lists(st.text(max_size=6), max_size=3),
    )
)
@settings(max_examples=200, deadline=None)
def test_any_posted_page_is_read_without_an_accident(posted):
    answers = parse_text(FORM, posted)
    clean, trouble = checked(answers)
    assert (clean is None) is bool(trouble)
