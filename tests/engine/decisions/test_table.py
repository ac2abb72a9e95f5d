"""A table of the hall speaks of known facts only, and says where it is wrong."""

from dataclasses import replace
from decimal import Decimal

import pytest

from engine.decisions.dmn_write import write_table
from engine.decisions.table import read_draft
from engine.feel.evaluation import Evaluation
from engine.kernel.crypto import fingerprint
from engine.kernel.errors import Invalid

DAYS, SURVEY = ("法定天数", "number"), ("现场勘查", "boolean")
TYPE = ("办件类型", "string")


def refused(xml):
    with pytest.raises(Invalid) as caught:
        read_draft(xml)
    return caught.value


def test_a_table_knows_its_facts_its_version_and_its_rows(hall_table):
    xml = hall_table("escalation")
    draft = read_draft(xml)
    assert (draft.id, draft.name, draft.version) == ("escalation", "预警升级", fingerprint(xml))
    assert [fact.key for fact in draft.inputs] == [
        "suspended",
        "statutory_left",
        "promised_left",
        "step_left",
    ]
    assert [fact.key for fact in draft.outputs] == ["level", "recipients", "rule"]
    assert "第四十五条" in draft.basis(0)
    assert draft.note(6) == "在期限内"
    assert draft.question
    assert draft.order == (0, 1, 2, 3)


@pytest.mark.parametrize(
    ("inputs", "outputs", "code", "params"),
    [
        ([("法定天敷", "number")], [TYPE], "table.unknown_input",
         {"table": "d", "input": "法定天敷", "nearest": "法定天数"}),
        ([("企业名称", "string")], [TYPE], "table.unknown_input", {"input": "企业名称"}),
        ([DAYS], [("办件类形", "string")], "table.unknown_output",
         {"output": "办件类形", "nearest": "办件类型"}),
        ([("法定天数", "string")], [TYPE], "table.wrong_kind",
         {"name": "法定天数", "kind": "string", "expected": "number"}),
        ([DAYS], [("办件类型", "number")], "table.wrong_kind", {"name": "办件类型"}),
    ],
    ids=["unknown input", "no fact", "unknown output", "kind of an input", "kind of an output"],
)  # fmt: skip
def test_what_is_no_known_fact_is_refused(table, inputs, outputs, code, params):
    error = refused(table(inputs, outputs, [("-", '"a"')]))
    assert error.code == code
    assert params.items() <= error.params.items()


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("< 金额", "feel.unknown_name"),
        ("金额＞5", "feel.unknown_name"),
        ("today() > ?", "table.clock"),
        ("<", "feel.syntax"),
        ('"十"', "feel.kinds"),
    ],
    ids=["a fact not required", "a full-width sign", "the clock", "no test", "a text for a number"],
)
def test_a_cell_that_cannot_be_right_is_refused_with_row_and_cell(days, cell, code):
    error = refused(days([("1", "-", '"a"'), (cell, "-", '"a"')]))
    assert (error.params["row"], error.params["cell"]) == (2, 1)
    assert error.code.split(".")[0] == code.split(".")[0]
    if code in ("table.clock", "feel.syntax"):
        assert error.code == code


def test_an_unknown_name_in_an_output_is_refused(days):
    error = refused(days([("1", "-", "法定天数 + 金额")]))
    assert (error.params["row"], error.params["cell"]) == (1, 3)


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ("", "table.one_decision"),
        ('<decision id="a" name="a"/><decision id="b" name="b"/>', "table.one_decision"),
        (
            '<decision id="a" name="a"><literalExpression><text>1</text></literalExpression>'
            "</decision>",
            "table.no_table",
        ),
        ('<decision id="a" name="a"/>', "table.no_table"),
    ],
    ids=["no decision", "two decisions", "an expression", "nothing in it"],
)
def test_a_file_holds_one_table(model, body, code):
    assert refused(model(body)).code == code


def test_a_doctype_is_refused(days):
    xml = days([("-", "-", '"a"')])
    head, _, rest = xml.partition(b"\n")
    assert refused(head + b"\n<!DOCTYPE x>\n" + rest).code == "xml.doctype"


def test_a_column_without_a_declared_type_has_that_of_its_fact(days):
    xml = days([("<= 3", "-", '"a"')]).replace(
        b'<inputExpression typeRef="number">', b"<inputExpression>"
    )
    draft = read_draft(xml)
    assert draft.rows.kinds[0].name == "number"
    assert not draft.index.derived


def test_a_table_may_require_a_decision_of_its_file(table):
    before = (
        '<decision id="half" name="half"><variable name="half" typeRef="number"/>'
        '<informationRequirement><requiredInput href="#i-法定天数"/></informationRequirement>'
        "<literalExpression><text>法定天数 / 2</text></literalExpression></decision>"
    )
    xml = table([DAYS], [TYPE], [("-", '"a"')], before=before).decode()
    xml = xml.replace(
        '<decision id="d" name="d"><variable name="d"/>',
        '<decision id="d" name="d"><variable name="d"/><informationRequirement>'
        '<requiredDecision href="#half"/></informationRequirement>',
    ).replace("<text>-</text>", "<text>? &gt; half + 4</text>")
    draft = read_draft(xml.encode())
    assert (draft.plain, draft.order) == (False, None)
    facts = [Decimal(10)]
    scope = draft.scope(facts, Evaluation())
    assert scope == {"half": Decimal(5), "法定天数": Decimal(10)}
    assert draft.judged(facts, scope, Evaluation()) == (Decimal(10),)
    assert draft.rows(scope, Evaluation()) == "a"


def with_moment(source, attribute, namespace="urn:zhengwu-hall:dmn:1"):
    head = b'<decision id="authority" '
    assert head in source
    return source.replace(head, head + f'xmlns:own="{namespace}" {attribute} '.encode())


@pytest.mark.parametrize(
    ("attribute", "namespace", "moment"),
    [
        ("", "urn:zhengwu-hall:dmn:1", "acceptance"),
        ('own:moment="now"', "urn:zhengwu-hall:dmn:1", "now"),
        ('own:moment="acceptance"', "urn:zhengwu-hall:dmn:1", "acceptance"),
        ('own:moment="now"', "urn:somebody:else", "acceptance"),
    ],
    ids=["not said", "now", "acceptance", "the attribute of somebody else"],
)
def test_a_table_says_which_version_judges_a_case(hall_table, attribute, namespace, moment):
    source = with_moment(hall_table("authority"), attribute, namespace)
    assert read_draft(source).moment == moment


@pytest.mark.parametrize("value", ["", "NOW", "下周"])
def test_a_moment_that_nobody_knows_is_refused_with_its_line(hall_table, value):
    error = refused(with_moment(hall_table("authority"), f'own:moment="{value}"'))
    assert error.code == "table.moment"
    assert error.params["line"] > 1


@pytest.mark.parametrize("table", ["escalation", "supervision", "assessment", "priority"])
def test_what_watches_the_hall_judges_by_the_newest_version_and_an_edit_keeps_that(
    hall_table, table
):
    source = hall_table(table)
    draft = read_draft(source)
    assert draft.moment == "now"
    wished = replace(draft.source, rules=draft.source.rules[:-1])
    assert read_draft(write_table(source, table, wished)).moment == "now"
