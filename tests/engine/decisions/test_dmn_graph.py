"""A column that is taken out takes its requirement along; a new one is drawn."""

from dataclasses import replace

import pytest

from engine.decisions.dmn import read_model
from engine.decisions.dmn_graph import redrawn
from engine.decisions.dmn_source import Source
from engine.decisions.dmn_write import write_table
from engine.decisions.model import Column, Literal
from engine.decisions.table import read_draft


@pytest.fixture
def source(hall_table):
    return hall_table("classification")


def without(table, name):
    """The table without the column of a fact."""
    place = [column.expression.text for column in table.columns].index(name)
    rules = tuple(
        replace(rule, tests=(*rule.tests[:place], *rule.tests[place + 1 :])) for rule in table.rules
    )
    columns = (*table.columns[:place], *table.columns[place + 1 :])
    return replace(table, columns=columns, rules=rules)


def with_column(table, name, kind):
    rules = tuple(replace(rule, tests=(*rule.tests, "-")) for rule in table.rules)
    column = Column("", name, Literal(name, kind))
    return replace(table, columns=(*table.columns, column), rules=rules)


def drawn(data):
    return {
        part.attributes["dmnElementRef"]
        for part in Source(data).root.walk()
        if "dmnElementRef" in part.attributes
    }


def test_a_column_that_is_taken_out_takes_requirement_input_and_shapes_along(source):
    draft = read_draft(source)
    assert "survey" in [fact.key for fact in draft.inputs]
    written = write_table(source, draft.id, without(draft.source, "现场勘查"))
    after = read_draft(written)
    assert [fact.key for fact in after.inputs] == [
        fact.key for fact in draft.inputs if fact.key != "survey"
    ]
    assert drawn(source) - drawn(written) == {
        "classification-in-survey",
        "classification-needs-survey",
    }
    assert b"classification-in-survey" not in written


def test_a_fact_that_some_cell_still_names_stays_required(source):
    draft = read_draft(source)
    wished = without(draft.source, "现场勘查")
    first = wished.rules[0]
    rule = replace(first, tests=("现场勘查 = true", *first.tests[1:]))
    written = write_table(source, draft.id, replace(wished, rules=(rule, *wished.rules[1:])))
    assert "survey" in [fact.key for fact in read_draft(written).inputs]


def test_input_data_that_another_decision_requires_stays(source):
    text = source.decode()
    other = (
        '<decision id="other" name="other"><variable name="other"/><informationRequirement id="n">'
        '<requiredInput href="#classification-in-survey"/></informationRequirement></decision>'
    )
    at = text.index('<decision id="classification"')
    both = (text[:at] + other + text[at:]).encode()
    assert redrawn(both, "classification", {"现场勘查"}, ()) == both, "a column asks for it"
    cut = without(read_model(both).elements["classification"].logic, "现场勘查")
    left = write_table(both, "classification", cut)
    assert b'<inputData id="classification-in-survey"' in left
    assert b'id="classification-needs-survey"' not in left
    assert drawn(both) - drawn(left) == {"classification-needs-survey"}


def test_a_new_column_is_drawn_beside_the_others_with_its_edge(source):
    draft = read_draft(source)
    written = write_table(source, draft.id, with_column(draft.source, "金额", "number"))
    new = drawn(written) - drawn(source)
    assert new == {"classification-in-amount", "classification-needs-amount"}
    shapes = [part for part in Source(written).root.walk() if part.name == "Bounds"]
    places = [(part.attributes["x"], part.attributes["y"]) for part in shapes]
    assert len(set(places)) == len(places), "no shape lies upon another"
    edges = [part for part in Source(written).root.walk() if part.name == "DMNEdge"]
    assert all(len(edge.children) >= 2 for edge in edges)


def test_taking_out_what_was_put_in_gives_the_same_facts_and_shapes(source):
    draft = read_draft(source)
    more = write_table(source, draft.id, with_column(draft.source, "金额", "number"))
    back = write_table(more, draft.id, without(read_draft(more).source, "金额"))
    assert drawn(back) == drawn(source)
    assert read_draft(back).inputs == draft.inputs


def test_a_file_without_a_diagram_gets_none(days):
    xml = days([("<= 10", "-", '"a"')])
    draft = read_draft(xml)
    written = write_table(xml, draft.id, with_column(draft.source, "金额", "number"))
    assert drawn(written) == set()
    assert len(read_draft(written).inputs) == 3
