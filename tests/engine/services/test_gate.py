"""No table comes into force that is not proved and shown by examples."""

from datetime import date

import pytest

from engine.domain.people import SYSTEM
from engine.kernel.errors import Invalid
from engine.services import publishing
from engine.services.publishing import NONE, Definitions
from engine.stock import read_definitions

TUESDAY = date(2015, 10, 27)
STOCK = read_definitions()
TABLE, EXAMPLES = STOCK.tables["priority"], STOCK.examples["priority"]


def lines_without(row):
    return b"".join(line for line in EXAMPLES.splitlines(True) if row not in line)


def refused(hall, tables=NONE, examples=NONE):
    with pytest.raises(Invalid) as caught:
        publishing.publish(hall, SYSTEM, Definitions(NONE, NONE, tables, examples), TUESDAY)
    return caught.value


def codes(error):
    return {one["code"] for one in error.params["findings"]}


def without_a_row(source, row):
    begin = source.index(b'<rule id="' + row)
    return source[:begin] + source[source.index(b"</rule>", begin) + len(b"</rule>") :]


def test_examples_are_published_and_exported_with_their_table(hall):
    held = publishing.in_force(hall)
    assert dict(held.examples) == dict(STOCK.examples)
    assert publishing.source_of(hall, "examples", "priority") == EXAMPLES


def test_a_gap_stops_a_table_and_a_wrong_example_is_told_at_once(hall):
    table = without_a_row(STOCK.tables["classification"], b"classification-7")
    wrong = EXAMPLES.replace(b",priority-3\n", b",priority-2\n", 1)
    assert wrong != EXAMPLES
    error = refused(hall, {"classification": table}, {"priority": wrong})
    assert error.code == error.params["findings"][0]["code"]
    assert {"check.gap", "gate.example_differs"} <= codes(error)
    gap = next(one for one in error.params["findings"] if one["code"] == "check.gap")
    assert (gap["table"], bool(gap["case"])) == ("classification", True)
    told = next(one for one in error.params["findings"] if one["code"] == "gate.example_differs")
    assert (told["table"], told["row"], told["column"]) == ("priority", "priority-2", "命中行")
    assert told["line"] == 4
    assert "照顾" in told["found"]
    held = publishing.in_force(hall, TUESDAY)
    assert held.examples["priority"] == EXAMPLES


def test_a_row_that_no_example_hits_stops_the_examples(hall):
    error = refused(hall, examples={"priority": lines_without(b"priority-2")})
    assert codes(error) == {"gate.row_without_example"}
    assert (error.params["row"], error.params["rows"]) == ("priority-2", "2")


def test_a_changed_row_needs_an_example_of_its_own(hall):
    changed = TABLE.replace(b'id="priority-2"', b'id="priority-20"')
    error = refused(hall, {"priority": changed}, {"priority": lines_without(b"priority-2")})
    assert codes(error) == {"gate.changed_row_without_example"}
    assert error.params["row"] == "priority-20"


def test_a_table_without_any_examples_is_refused(hall):
    source = TABLE.replace(b'<decision id="priority"', b'<decision id="other"')
    error = refused(hall, {"other": source})
    assert codes(error) == {"gate.no_examples"}


def test_examples_of_no_table_are_refused(hall):
    assert codes(refused(hall, examples={"nowhere": EXAMPLES})) == {"gate.examples_without_table"}


def test_examples_that_cannot_be_read_are_refused_with_their_line(hall):
    error = refused(hall, examples={"priority": EXAMPLES + b"1,2\n"})
    assert error.code == "examples.width"
    assert error.params["line"] == EXAMPLES.count(b"\n") + 1


def test_rolling_back_brings_the_examples_of_then(hall, now):
    old = publishing.versions(hall, SYSTEM, "table", "priority")[0].version
    renamed = TABLE.replace(b'id="priority-2"', b'id="priority-20"')
    fitting = EXAMPLES.replace(b",priority-2\n", b",priority-20\n")
    both = Definitions(NONE, NONE, {"priority": renamed}, {"priority": fitting})
    assert len(publishing.publish(hall, SYSTEM, both, TUESDAY)) == 2
    now.advance(days=3)
    made = publishing.roll_back(hall, SYSTEM, "table", "priority", old)
    assert [one.kind for one in made] == ["table", "examples"]
    assert publishing.in_force(hall).examples["priority"] == EXAMPLES
