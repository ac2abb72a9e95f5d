"""A table goes back into its file; nothing but the edit changes."""

import random
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.decisions import edits
from engine.decisions.dmn import read_model
from engine.decisions.dmn_write import same_table, write_table
from engine.decisions.model import Aggregation, Column, DecisionTable, HitPolicy, Literal, Output
from engine.kernel.errors import HallError, Invalid, Missing
from tests.kits import DMN, needs_dmn

ROOT = Path(__file__).resolve().parents[3]
TABLES = sorted((ROOT / "rules/tables").glob("*.dmn"))

MIXED = """<?xml version='1.0' encoding='UTF-8'?>
<!-- 头 -->
<dmn:definitions xmlns:dmn="https://www.omg.org/spec/DMN/20191111/MODEL/"
  xmlns:x="urn:foreign" id="m" name='m' namespace="urn:test" x:kept="yes">
  <dmn:extensionElements><x:tool version="1">留</x:tool></dmn:extensionElements>
  <dmn:inputData name="法定天数" id="i"><dmn:variable typeRef="number" name="法定天数"/></dmn:inputData>
  <dmn:decision id="d" name="d">
    <dmn:variable name="d"/>
    <dmn:informationRequirement id="n"><dmn:requiredInput href="#i"/></dmn:informationRequirement>
    <dmn:decisionTable id="t">
      <dmn:input id="c"><dmn:inputExpression typeRef="number"><dmn:text>法定天数</dmn:text></dmn:inputExpression></dmn:input>
      <dmn:output id="o" name="办件类型" typeRef="string" />
      <!-- 第一行 -->
      <dmn:rule id="r1" x:seen='1'><dmn:description>甲</dmn:description>
        <dmn:inputEntry id="r1-c"><dmn:text><![CDATA[< 10]]></dmn:text></dmn:inputEntry>
        <dmn:outputEntry id="r1-o"><dmn:text>"a"</dmn:text><x:note/></dmn:outputEntry></dmn:rule>
      <!-- 第二行 -->
      <dmn:rule>
        <dmn:inputEntry/>
        <dmn:outputEntry><dmn:text/></dmn:outputEntry>
      </dmn:rule>
      <!-- 尾 -->
    </dmn:decisionTable>
  </dmn:decision>
  <x:diagram><x:shape of="d"/></x:diagram>
</dmn:definitions>
""".encode()  # noqa: E501 - a file as tools write it


def table_of(data, decision=None):
    model = read_model(data)
    node = model.elements[decision] if decision else model.decisions[-1]
    return node.logic


def tables_of(data):
    for node in read_model(data).decisions:
        if isinstance(node.logic, DecisionTable):
            yield node.id, node.logic


@pytest.mark.parametrize("path", TABLES, ids=lambda path: path.stem)
def test_a_table_of_the_hall_opened_and_saved_is_the_same_bytes(path):
    data = path.read_bytes()
    found = list(tables_of(data))
    assert found
    for decision, table in found:
        assert write_table(data, decision, table) == data


@needs_dmn
def test_every_file_of_the_kit_opened_and_saved_is_the_same_bytes():
    tried = 0
    for path in sorted(DMN.rglob("*.dmn")):
        data = path.read_bytes()
        try:
            found = list(tables_of(data))
        except HallError:
            continue
        for decision, table in found:
            assert write_table(data, decision, table) == data, path
            tried += 1
    assert tried > 20


@needs_dmn
def test_an_edit_of_every_table_of_the_kit_is_read_back_and_undone():
    for path in sorted(DMN.rglob("*.dmn")):
        data = path.read_bytes()
        try:
            found = list(tables_of(data))
        except HallError:
            continue
        for decision, table in found:
            if not table.rules:
                continue
            first = table.rules[0]
            wished = edits.add_row(table, 1, first.tests, first.outputs)
            written = write_table(data, decision, wished)
            again = table_of(written, decision)
            assert len(again.rules) == len(table.rules) + 1, path
            back = write_table(written, decision, edits.remove_row(again, again.rules[1].id))
            assert same_table(table_of(back, decision), table) or not first.id, path


def test_a_cell_is_changed_and_not_one_other_byte():
    wished = edits.set_test(table_of(MIXED), "r1", "c", '>= 10, "<&"')
    written = write_table(MIXED, "d", wished)
    assert written == MIXED.replace(b"<![CDATA[< 10]]>", b'&gt;= 10, "&lt;&amp;"')


def test_an_empty_cell_is_opened():
    wished = edits.set_test(table_of(MIXED), "row-2", "c", "5")
    written = write_table(MIXED, "d", edits.set_output(wished, "row-2", "o", '"z"'))
    assert b"<dmn:inputEntry><dmn:text>5</dmn:text></dmn:inputEntry>" in written
    assert b'<dmn:text>"z"</dmn:text></dmn:outputEntry>' in written
    assert same_table(table_of(written), edits.set_output(wished, "row-2", "o", '"z"'))


def test_a_moved_row_takes_its_comment_along_and_gets_its_id_written_down():
    written = write_table(MIXED, "d", edits.move_row(table_of(MIXED), "row-2", 0)).decode()
    assert [rule.id for rule in table_of(written.encode()).rules] == ["row-2", "r1"]
    assert written.index("第二行") < written.index('id="row-2"') < written.index('id="r1"')
    for kept in ("头", "第一行", "尾", "x:seen='1'", "<x:note/>", "<dmn:description>甲", "x:shape"):
        assert kept in written


def test_a_row_taken_out_leaves_its_comment_and_its_number_is_not_given_again():
    one = write_table(MIXED, "d", edits.remove_row(table_of(MIXED), "row-2"))
    assert "第二行" in one.decode()
    two = write_table(one, "d", edits.add_row(table_of(one), 1, ["-"], ['"n"']))
    assert [rule.id for rule in table_of(two).rules] == ["r1", "r3"]
    three = write_table(two, "d", edits.remove_row(table_of(two), "r3"))
    four = write_table(three, "d", edits.add_row(table_of(three), 0, ["-"], ['"n"']))
    assert [rule.id for rule in table_of(four).rules] == ["r4", "r1"]
    assert four.count(b"xmlns:hall=") == 1


def test_ids_of_other_versions_are_not_given_again():
    wished = edits.add_row(table_of(MIXED), 2, ["-"], ['"n"'])
    written = write_table(MIXED, "d", wished, used={"r2", "r7"})
    assert table_of(written).rules[2].id == "r8"


def test_new_cells_are_named_as_those_of_the_row_above(hall_table):
    data = hall_table("authority")
    table = table_of(data)
    last = table.rules[-1]
    wished = edits.add_row(table, 0, last.tests, last.outputs, {"依据": "第九条"})
    written = write_table(data, "authority", wished)
    mark = table_of(written).rules[0].id
    assert mark == f"authority-{len(table.rules) + 1}"
    assert f'<inputEntry id="{mark}-same_person"><text>'.encode() in written
    assert "<annotationEntry><text>第九条</text></annotationEntry>".encode() in written
    assert (
        written.replace(
            written[
                written.index(f'<rule id="{mark}">'.encode()) : written.index(
                    b'<rule id="authority-1"'
                )
            ],
            b"",
        )
        == data
    )


def test_a_new_column_brings_its_input_and_its_requirement(days):
    data = days([["-", "-", '"a"']])
    column = Column("", "听证", Literal("听证", "boolean"))
    wished = edits.set_test(edits.add_column(table_of(data), 1, column), "r1", "听证", "true")
    written = write_table(data, "d", wished)
    model = read_model(written)
    assert [item.variable.name for item in model.inputs] == ["法定天数", "现场勘查", "听证"]
    assert "d-in-hearing" in [need.id for need in model.elements["d"].requires]
    assert table_of(written).rules[0].tests == ("-", "true", "-")
    back = write_table(written, "d", edits.remove_column(table_of(written), "听证"))
    assert table_of(back).rules[0].tests == ("-", "-")


def test_columns_of_all_kinds_change(days):
    data = days([["< 5", "true", '"a"'], [">= 5", "-", '"b"']])
    table = edits.move_column(table_of(data), "现场勘查", 0)
    table = edits.add_output(table, 0, Output("", "理由", "理由", "string", '"x", "y"'), '"x"')
    table = replace(
        table, outputs=(*table.outputs[:1], replace(table.outputs[1], label="类", default='"b"'))
    )
    table = edits.set_annotation(table, "r2", "说明", "注 & <解>")
    table = edits.set_policy(table, HitPolicy.COLLECT)
    written = write_table(data, "d", table)
    again = table_of(written)
    assert [column.label for column in again.columns] == ["现场勘查", "法定天数"]
    assert [output.name for output in again.outputs] == ["理由", "办件类型"]
    assert (again.outputs[0].allowed, again.outputs[1].default) == ('"x", "y"', '"b"')
    assert again.rules[1].annotations == ("第四十二条", "注 & <解>")
    assert again.policy is HitPolicy.COLLECT
    assert [rule.tests for rule in again.rules] == [("true", "< 5"), ("-", ">= 5")]


def test_a_policy_takes_its_aggregation_along(days):
    data = days([["-", "-", '"a"']], policy="COLLECT")
    counted = edits.set_policy(table_of(data), HitPolicy.COLLECT, Aggregation.COUNT)
    written = write_table(data, "d", counted)
    assert b'aggregation="COUNT"' in written
    back = write_table(written, "d", edits.set_policy(counted, HitPolicy.UNIQUE))
    assert b"aggregation" not in back
    assert b"hitPolicy" not in back


def test_a_file_with_boxed_logic_of_1_4_becomes_1_5_when_it_is_edited(literal, days):
    true = "<literalExpression><text>true</text></literalExpression>"
    logic = f"<conditional><if>{true}</if></conditional>"
    boxed = literal(logic).replace(b"</definitions>", b"")
    other = days([["-", "-", '"a"']])
    rest = other[other.index(b"<inputData") :].replace(b'"d"', b'"e"')
    data = boxed + rest
    assert write_table(data, "e", table_of(data, "e")) == data
    written = write_table(data, "e", edits.set_test(table_of(data, "e"), "r1", "法定天数", "1"))
    assert b'xmlns="https://www.omg.org/spec/DMN/20230324/MODEL/"' in written
    plain = write_table(other, "d", edits.set_test(table_of(other), "r1", "法定天数", "1"))
    assert b"20191111/MODEL" in plain


@pytest.mark.parametrize(
    ("decision", "edit", "code"),
    [
        ("x", lambda table: table, "dmn.no_decision"),
        ("i-法定天数", lambda table: table, "dmn.no_decision"),
        ("d", lambda table: edits.set_test(table, "r1", "法定天数", "\x01"), "dmn.character"),
        ("d", lambda table: edits.set_test(table, "r1", "法定天数", "\ud800"), "dmn.character"),
        ("d", lambda table: edits.add_row(table, 0, ["-"], ['"a"']), "dmn.cells"),
        (
            "d",
            lambda table: edits.set_policy(table, HitPolicy.UNIQUE, Aggregation.SUM),
            "dmn.aggregation",
        ),
        (
            "d",
            lambda table: edits.set_test(table, "r1", "法定天数", "1" * 20_000),
            "dmn.cell_too_long",
        ),
    ],
    ids=[
        "no decision",
        "input data",
        "a control character",
        "half a character",
        "too few cells",
        "aggregation of one row",
        "a cell too long",
    ],
)
def test_what_no_file_can_say_is_refused(days, decision, edit, code):
    data = days([["-", "-", '"a"']])
    with pytest.raises((Invalid, Missing)) as caught:
        write_table(data, decision, edit(table_of(data)))
    assert caught.value.code == code


def test_a_decision_without_a_table_is_refused(literal):
    data = literal("<literalExpression><text>1</text></literalExpression>")
    with pytest.raises(Invalid) as caught:
        write_table(data, "d", table_of(MIXED))
    assert caught.value.code == "table.no_table"


TEXTS = st.text(
    st.characters(
        codec="utf-8", exclude_categories=("Cc", "Cs"), exclude_characters="\ufffe\uffff"
    ),
    min_size=1,
    max_size=8,
).map(lambda text: text.strip() or "-")


@settings(max_examples=25, deadline=None)
@given(st.data(), st.sampled_from(["mixed", "hall"]))
def test_any_edits_are_read_back_as_wished(data, which):
    """Random edits, several times in a row on the same file."""
    path = next(path for path in TABLES if path.stem == "classification")
    source, decision = (MIXED, "d") if which == "mixed" else (path.read_bytes(), "classification")
    chance = random.Random(data.draw(st.integers(0, 2**32)))  # noqa: S311 - cases, no secret
    given_out = set()
    for _ in range(3):
        table = table_of(source, decision)
        given_out |= {rule.id for rule in table.rules}
        for _ in range(chance.randint(1, 4)):
            table = one_edit(table, chance, data.draw(TEXTS))
        source = write_table(source, decision, table)
        again = table_of(source, decision)
        fresh = {rule.id for rule in again.rules} - {rule.id for rule in table.rules}
        assert not fresh & given_out
        assert same_table(without_ids(again), without_ids(table))
        old = [rule.id for rule in table.rules if rule.id]
        assert [rule.id for rule in again.rules if rule.id in old] == old


def without_ids(table):
    columns = tuple(replace(column, id="") for column in table.columns)
    return replace(table, columns=columns, rules=tuple(replace(r, id="") for r in table.rules))


def one_edit(table, chance, text):
    deed = chance.choice(["add", "remove", "move", "test", "output", "note", "column", "shift"])
    if not table.rules and deed not in ("column", "shift"):
        deed = "add"
    if deed == "add":
        cells = [text] * len(table.columns), [text] * len(table.outputs)
        return edits.add_row(table, chance.randint(0, len(table.rules)), *cells)
    if deed == "column":
        at = chance.randint(0, len(table.columns))
        return edits.add_column(table, at, Column("", text, Literal(text, "string")))
    if deed == "shift":
        column = chance.choice(table.columns)
        to = chance.randint(0, len(table.columns) - 1)
        return edits.move_column(table, column.id or column.expression.text, to)
    kept = [rule.id for rule in table.rules if rule.id]
    if not kept:
        return table
    row = chance.choice(kept)
    if deed == "remove":
        return edits.remove_row(table, row)
    if deed == "move":
        return edits.move_row(table, row, chance.randint(0, len(table.rules) - 1))
    if deed == "test":
        column = chance.choice(table.columns)
        return edits.set_test(table, row, column.id or column.expression.text, text)
    if deed == "output":
        return edits.set_output(table, row, table.outputs[0].name, text)
    return edits.set_annotation(table, row, chance.choice(["依据", "说明"]), text)
