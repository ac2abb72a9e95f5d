"""A form-js file is read whole or refused by the name of what cannot be enforced."""

import json
from decimal import Decimal

import pytest

from engine.forms.compile import read_form
from engine.kernel.errors import Invalid


def drawn(*components, **more):
    return json.dumps({"type": "default", "components": list(components), **more}).encode()


def text(key="a", **more):
    return {"type": "textfield", "key": key, "label": key, **more}


def refused(source):
    with pytest.raises(Invalid) as found:
        read_form("f", source)
    return found.value


def test_every_property_of_a_question_is_read():
    form = read_form(
        "f",
        drawn(
            {
                "type": "number",
                "key": "capital",
                "label": "注册资本",
                "description": "万元",
                "decimalDigits": 2,
                "defaultValue": 10,
                "validate": {"required": True, "min": 0.1, "max": 100},
            },
            {
                "type": "textfield",
                "key": "phone",
                "label": "电话",
                "validate": {"minLength": 11, "maxLength": 11, "pattern": "^1[0-9]{10}$"},
            },
            {
                "type": "select",
                "key": "kind",
                "label": "类型",
                "values": [{"label": "公司", "value": "company"}],
            },
            {"type": "datetime", "key": "day", "subtype": "date", "dateLabel": "日期"},
            {"type": "text", "text": "请如实填写"},
            {"type": "button", "key": "go", "label": "提交", "action": "submit"},
        ),
    )
    capital = form.fields["capital"]
    assert (capital.minimum, capital.maximum) == (Decimal("0.1"), Decimal(100))
    assert (capital.digits, capital.default, capital.required) == (2, 10, True)
    assert form.fields["phone"].pattern == "^1[0-9]{10}$"
    assert form.fields["kind"].choices == (("company", "公司"),)
    assert form.fields["day"].label == "日期"
    assert [each.kind for each in form.components] == [
        "number",
        "textfield",
        "select",
        "datetime",
        "text",
    ]
    assert form.components[4].text == "请如实填写"


def test_groups_and_lists_keep_their_tree():
    form = read_form(
        "f",
        drawn(
            {"type": "group", "label": "组", "components": [text("a"), text("b")]},
            {"type": "dynamiclist", "path": "rows", "label": "行", "components": [text("a")]},
        ),
    )
    assert list(form.fields) == ["a", "b", "rows"]
    assert [each.key for each in form.components[0].fields] == ["a", "b"]
    assert [each.key for each in form.fields["rows"].fields] == ["a"]


def test_the_digest_is_that_of_the_drawn_bytes():
    one, other = drawn(text()), drawn(text()) + b"\n"
    assert read_form("f", one).digest != read_form("f", other).digest
    assert read_form("f", one).source == one


def test_a_condition_of_a_group_holds_for_its_fields():
    form = read_form(
        "f",
        drawn(
            text("a"),
            {"type": "group", "conditional": {"hide": '=a = "x"'}, "components": [text("b")]},
        ),
    )
    assert form.fields["b"].condition.text == 'a = "x"'
    assert form.fields["b"].condition.reads == {"a": ""}


@pytest.mark.parametrize(
    ("component", "what"),
    [
        ({"type": "filepicker", "key": "f"}, "filepicker"),
        ({"type": "expression", "key": "f"}, "expression"),
        ({"type": "html", "content": "<b>x</b>"}, "html"),
        ({"type": "iframe", "url": "https://example.org"}, "iframe"),
        ({"type": "image", "source": "x"}, "image"),
        ({"type": "table"}, "table"),
        ({"type": "number", "key": "n", "increment": 3}, "increment"),
        ({"type": "number", "key": "n", "serializeToString": True}, "serializeToString"),
        ({"type": "select", "key": "s", "valuesKey": "countries"}, "valuesKey"),
        ({"type": "select", "key": "s", "valuesExpression": "=x"}, "valuesExpression"),
        ({"type": "select", "key": "s", "values": []}, "values"),
        ({"type": "select", "key": "s", "values": [{"value": 1}]}, "values"),
        ({"type": "radio", "key": "s", "values": [{"value": "a"}, {"value": "a"}]}, "values"),
        ({"type": "datetime", "key": "t", "subtype": "time"}, "subtype"),
        ({"type": "number", "key": "n", "validate": {"min": "=a"}}, "min"),
        ({"type": "number", "key": "n", "validate": {"min": 2, "max": 1}}, "min"),
        ({"type": "number", "key": "n", "decimalDigits": -1}, "decimalDigits"),
        ({"type": "number", "key": "n", "defaultValue": "1"}, "defaultValue"),
        ({"type": "button", "key": "b", "action": "reset"}, "action"),
        (text(validate={"minLength": 5, "maxLength": 4}), "minLength"),
        (text(validate={"maxLength": "4"}), "maxLength"),
        (text(validate={"maxLength": 99999}), "maxLength"),
        (text(validate={"pattern": "^(a+)+$"}), "pattern"),
        (text(validate={"pattern": "^[z-a]$"}), "pattern"),
        (text(validate={"pattern": "^a*b*c*$"}), "pattern"),
        (text(validate={"required": "yes"}), "required"),
        (text(validate={"validationType": "email"}), "validationType"),
        (text(validate=["required"]), "validate"),
        (text(readonly=True), "readonly"),
        (text(disabled=True), "disabled"),
        (text(key="a b"), "key"),
        (text(key="__proto__"), "key"),
        (text(key=""), "key"),
        (text(conditional={"show": "=true"}), "conditional"),
        (text(conditional={"hide": "=a >"}), "condition"),
        (text(conditional={"hide": "x" * 20_000}), "condition"),
        (text(defaultValue=5), "defaultValue"),
        (
            {"type": "group", "conditional": {"hide": "=true"},
             "components": [text(conditional={"hide": "=false"})]},
            "condition inside a conditional group",
        ),
        (
            {"type": "dynamiclist", "path": "p",
             "components": [text(conditional={"hide": "=true"})]},
            "condition inside a list",
        ),
        (
            {"type": "dynamiclist", "path": "p",
             "components": [{"type": "dynamiclist", "path": "q", "components": []}]},
            "list inside a list",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)  # fmt: skip
def test_what_the_server_cannot_enforce_is_refused_by_name(component, what):
    error = refused(drawn(component))
    assert error.code == "form.unsupported"
    assert error.params["what"] == what
    assert error.params["form"] == "f"


def test_a_key_stands_once():
    assert refused(drawn(text("a"), text("a"))).params["what"] == "key twice"


def test_a_condition_cannot_read_an_answer_that_is_itself_conditional():
    chained = drawn(
        text("a"),
        text("b", conditional={"hide": '=a = "x"'}),
        text("c", conditional={"hide": '=b = "y"'}),
    )
    error = refused(chained)
    assert (error.params["what"], error.params["key"]) == ("condition", "c")


def test_an_unknown_property_of_the_form_is_refused():
    assert refused(drawn(text(), onSubmit="alert(1)")).params["what"] == "onSubmit"


@pytest.mark.parametrize(
    "source",
    [
        b"",
        b"[]",
        b"{}",
        b'{"components": 1}',
        b'{"components": [1]}',
        b'{"components": [{"type": "number", "key": "n", "validate": {"min": NaN}}]}',
        b"\xff\xfe",
        b'{"components": ' + b"[" * 100_000,
    ],
    ids=["nothing", "a list", "no components", "a number", "no object", "NaN", "bytes", "deep"],
)
def test_what_is_no_form_is_refused(source):
    assert refused(source).code == "form.broken"


def test_a_file_too_large_is_refused():
    assert refused(b" " * 600_000).code == "form.too_large"


def test_too_many_components_are_refused():
    error = refused(drawn(*(text(f"k{n}") for n in range(301))))
    assert error.params["what"] == "too many components"
