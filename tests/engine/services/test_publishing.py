"""Nothing is published that the hall could not run."""

from dataclasses import replace
from datetime import date

import pytest

from engine.domain.people import SYSTEM
from engine.kernel.errors import Invalid
from engine.services import publishing
from engine.stock import read_definitions


@pytest.fixture
def stock():
    return read_definitions()


def test_what_is_in_force_is_not_published_again(hall, stock):
    assert publishing.publish(hall, SYSTEM, stock) == []


def test_a_change_is_published_from_its_day_on(hall, stock):
    source = stock.processes["instant"]
    changed = replace(stock, processes=stock.processes | {"instant": source + b"<!-- 2 -->"})
    made = publishing.publish(hall, SYSTEM, changed, date(2015, 11, 2))
    assert [(one.kind, one.key) for one in made] == [("process", "instant")]
    with hall.reading() as unit:
        before = hall.library.in_force(unit, "process", "instant", date(2015, 11, 1))
        after = hall.library.in_force(unit, "process", "instant", date(2015, 11, 2))
    assert before != after == made[0].version


def bpmn(stock, old, new):
    source = stock.processes["instant"]
    assert old in source
    return replace(stock, processes={"instant": source.replace(old, new, 1)})


BAD = {
    "a process with a DOCTYPE": (
        lambda s: bpmn(s, b"<bpmn:definitions", b'<!DOCTYPE x [<!ENTITY a "b">]><bpmn:definitions'),
        "process.doctype",
    ),
    "a form that is not there": (
        lambda s: bpmn(s, b"instant.decide", b"instant.nowhere"),
        "process.unknown_form",
    ),
    "a table with an unknown input": (
        lambda s: replace(
            s,
            tables={
                "authority": s.tables["authority"].replace("持有授权".encode(), "持有红包".encode())
            },
        ),
        "table.unknown_input",
    ),
    "a form with a component that the server cannot enforce": (
        lambda s: replace(
            s, forms={"x.y": b'{"type":"default","components":[{"type":"iframe","url":"x"}]}'}
        ),
        "form.unsupported",
    ),
    "a form that is no JSON": (lambda s: replace(s, forms={"x.y": b"{"}), None),
    "a process that is no XML": (lambda s: replace(s, processes={"x": b"<"}), None),
}


@pytest.mark.parametrize(("make", "code"), BAD.values(), ids=BAD.keys())
def test_a_definition_that_cannot_run_is_refused_and_nothing_changes(hall, stock, make, code):
    made = make(stock)
    whole = replace(
        stock,
        processes={**stock.processes, **made.processes},
        forms={**stock.forms, **made.forms},
        tables={**stock.tables, **made.tables},
    )
    with pytest.raises(Invalid) as refused:
        publishing.publish(hall, SYSTEM, whole)
    assert code in (None, refused.value.code)
    assert publishing.publish(hall, SYSTEM, stock) == []
