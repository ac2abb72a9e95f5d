"""Past decisions under a draft: what changes, what cannot be told, however it is spread."""

from decimal import Decimal
from functools import partial

import pytest

from engine.analysis.replay import decide_again, spread
from engine.analysis.tally import Tally
from engine.decisions.decide import Table, explain
from engine.decisions.table import read_draft
from engine.kernel.canonical import dumps
from engine.kernel.errors import HallError, Invalid
from tests.engine.decisions.conftest import decision_xml, logic_xml, model_xml

OLD = [["<=1", "-", '"instant"'], ["(1..20]", "-", '"one_review"'], [">20", "-", '"commitment"']]
NEW = [["<=1", "-", '"instant"'], ["(1..15]", "-", '"one_review"'], [">15", "-", '"commitment"']]
GAP = [["<=1", "-", '"instant"']]


INPUTS = [("法定天数", "number"), ("现场勘查", "boolean")]


def table(rows, inputs=INPUTS, outputs=(("办件类型", "string"),)):
    return model_xml(decision_xml(logic_xml(inputs, outputs, rows), inputs))


@pytest.fixture
def days():
    """Return a table of rows over days and survey, which says the type of matter."""
    return table


def stored(source, facts, number=0, case=None, matter=1, unit=1):
    """A decision as a hall stores it."""
    outcome = explain(Table(read_draft(source)), facts).outcome
    text, said = dumps(facts).decode(), dumps(outcome).decode()
    return (f"d{number}", case or f"c{number}", matter, unit, text, said)


def past(source, days_of_each):
    return [
        stored(source, {"statutory_days": days, "survey": False}, number, matter=days)
        for number, days in enumerate(days_of_each)
    ]


def test_the_same_table_changes_nothing(days):
    source = days(OLD)
    part = decide_again(source, past(source, range(1, 30)))
    assert part.tally.asked == 29
    assert part.tally.totals == [29, 0, 0, 0]
    assert part.changed == ()


def test_exactly_the_cases_whose_outcome_differs_are_found_with_both_outcomes(days):
    part = decide_again(days(NEW), past(days(OLD), range(1, 30)))
    assert [one.matter_no for one in part.changed] == [16, 17, 18, 19, 20]
    first = part.changed[0]
    assert first.before == {"matter_type": "one_review"}
    assert first.after == {"matter_type": "commitment"}
    assert part.tally.effects == {("matter_type", "one_review", "commitment"): 5}
    assert part.tally.by_matter[16] == [1, 1, 0, 0]
    assert part.tally.by_matter[15] == [1, 0, 0, 0]


def test_a_case_with_several_decisions_is_counted_once(days):
    old = days(OLD)
    facts = {"statutory_days": 18, "survey": False}
    batch = [stored(old, facts, number, case="c") for number in range(3)]
    part = decide_again(days(NEW), batch)
    assert (part.tally.asked, part.tally.totals[:2], len(part.changed)) == (3, [1, 1], 3)


def test_what_the_draft_does_not_answer_is_a_change_to_nothing(days):
    part = decide_again(days(GAP), past(days(OLD), [5]))
    assert part.changed[0].after == {"matter_type": None}


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ('{"statutory_days":"many"}', "decision.wrong_kind"),
        ('{"no_such_fact":1}', "decision.unknown_fact"),
        ("[1]", "what_if.unread"),
        ("{", "what_if.unread"),
    ],
)
def test_a_decision_that_cannot_be_made_again_is_said_and_changes_nothing(days, facts, code):
    part = decide_again(days(NEW), [("d", "c", 1, 1, facts, '{"matter_type":"instant"}')])
    assert part.tally.untold == {code: 1}
    assert part.tally.totals == [1, 0, 0, 0]


def test_another_spelling_of_a_number_is_no_change():
    source = table([["-", "5"]], [("法定天数", "number")], [("承诺天数", "number")])
    said = dumps({"promised_days": 5}).decode()
    other = dumps({"promised_days": Decimal("5")}).decode()
    batch = [("a", "a", 1, 1, '{"statutory_days":1}', one) for one in (said, other)]
    assert decide_again(source, batch).changed == ()


def test_a_file_that_is_no_table_is_refused(days):
    with pytest.raises(Invalid):
        decide_again(b"<nothing/>", past(days(OLD), [1]))


def test_two_processes_find_what_one_finds_in_the_same_order(days):
    old, work = days(OLD), partial(decide_again, days(NEW))
    batches = [past(old, range(first, first + 10)) for first in range(1, 60, 10)]
    alone, shared = (list(spread(work, batches, processes)) for processes in (1, 2))
    assert alone == shared


def test_a_replay_agrees_with_deciding_each_case_by_itself(days):
    """The fast way over classes of facts against the plain one, over every number of days."""
    source, table = days(NEW), Table(read_draft(days(NEW)))
    batch = past(days(OLD), [*range(1, 60), *range(1, 60)])
    tally = Tally()
    for _, _, matter_no, unit_no, _, outcome in batch:
        try:
            now = dumps(explain(table, {"statutory_days": matter_no, "survey": False}).outcome)
        except HallError:
            continue
        tally.count(matter_no, unit_no, now.decode() != outcome)
    assert decide_again(source, batch).tally.totals == tally.totals
