"""Past cases led through another diagram by what was answered then."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from engine.analysis.ways import (
    CHILD,
    SENT_BACK,
    UNANSWERED,
    WAITS,
    Answered,
    Decided,
    Drawn,
    Walked,
    lead_again,
)
from engine.domain.working_time import Calendar
from engine.kernel.errors import Invalid
from engine.paths import stock_dir
from tests.engine.processes import drawing as draw

CALENDAR = Calendar(frozenset(), frozenset(), frozenset(), date(2015, 1, 1), date(2016, 12, 31))
AT = datetime(2015, 11, 2, 2, tzinfo=UTC)
TABLES = stock_dir("rules") / "tables"
NAMES = {"review": "受理审核", "examine": "审查", "decide": "决定"}
STEPS = tuple(NAMES)


def diagram(*way, middle="", grant="granted", refuse="refused"):
    """A process with these steps (and what is drawn in `middle`), which ends as is decided."""
    drawn_steps = draw.steps(*(name for name in way if f'id="{name}"' not in middle))
    body = draw.start("s") + drawn_steps + middle + draw.gateway("exclusive", "g")
    body += draw.end("granted") + draw.end("refused") + draw.chain("s", *way, "g")
    body += draw.flow("g", grant, '审批决定 = "grant"') + draw.flow(
        "g", refuse, '审批决定 = "refuse"'
    )
    return draw.document(body, pid="commitment")


COMMITMENT = diagram(*STEPS)


def drawn(source, tables=None):
    return Drawn(source, tables or {}, frozenset({"other"}), CALENDAR)


def case(*steps, outcome="granted", decided=(), **data):
    answered = tuple(Answered(step, AT, answers, NAMES[step]) for step, answers in steps)
    return Walked("c", 3, 7, AT, data, answered, tuple(decided), outcome)


def whole(grant="grant", **changes):
    steps = [
        ("review", {"review_outcome": "pass"}),
        ("examine", {"review_outcome": "pass"}),
        ("decide", {"decision_outcome": grant}),
    ]
    return case(*steps, **changes)


def test_the_same_diagram_leads_the_same_way():
    part = lead_again(drawn(COMMITMENT), [whole(), whole("refuse", outcome="refused")])
    assert part.tally.totals == [2, 0, 0, 0]
    assert not part.tally.untold
    assert part.changed == ()


def test_a_diagram_with_fewer_steps_says_which_are_gone():
    (one,) = lead_again(drawn(diagram("review", "decide")), [whole()]).changed
    assert one.before == {
        "path": "受理审核 → 审查 → 决定",
        "step_count": 3,
        "outcome": "granted",
    }
    assert one.after == {"path": "review → decide", "step_count": 2, "outcome": "granted"}


def test_a_step_under_another_name_is_the_same_step():
    renamed = [replace(one, name="初审") for one in whole().steps]
    part = lead_again(drawn(COMMITMENT), [replace(whole(), steps=tuple(renamed))])
    assert part.changed == ()


def test_another_condition_gives_another_outcome():
    turned = diagram(*STEPS, grant="refused", refuse="granted")
    (one,) = lead_again(drawn(turned), [whole()]).changed
    assert (one.before["outcome"], one.after["outcome"]) == ("granted", "refused")


@pytest.mark.parametrize(
    ("middle", "code", "element"),
    [
        (draw.step("extra"), UNANSWERED, "extra"),
        (draw.call("extra", "other"), CHILD, "extra"),
        (
            '<intermediateCatchEvent id="extra">'
            + draw.timer("timeDate", '"2030-01-01T00:00:00Z"')
            + "</intermediateCatchEvent>",
            WAITS,
            "",
        ),
    ],
    ids=["a step nobody answered", "another case", "a day to come"],
)
def test_what_cannot_be_told_is_said_and_counted_as_no_change(middle, code, element):
    source = diagram("review", "extra", "decide", middle=middle)
    part = lead_again(drawn(source), [whole()])
    assert part.tally.untold == {code: 1}
    assert part.tally.totals == [1, 0, 0, 0]
    assert part.changed[0].after["untold"] == code
    assert part.changed[0].after["element"] == element


def test_a_case_that_was_sent_back_is_not_guessed_at():
    steps = [*whole().steps, Answered("review", AT, {"review_outcome": "pass"}, "受理审核")]
    again = case(*((one.step, one.answers) for one in steps))
    assert lead_again(drawn(COMMITMENT), [again]).tally.untold == {SENT_BACK: 1}


def test_an_answer_that_the_diagram_cannot_use_is_said_by_its_code():
    part = lead_again(drawn(COMMITMENT), [whole("perhaps")])
    assert set(part.tally.untold) <= {"process.no_way", "process.undecided"}
    assert part.tally.untold.total() == 1


LAW = draw.rule("rule", "special_law", "special_law")


def judged(*decided, tables=None, **data):
    """Lead a case through a diagram that asks the table of special laws."""
    source = diagram("review", "rule", "examine", "decide", middle=LAW)
    return lead_again(drawn(source, tables), [replace(whole(decided=decided), data=data)])


def test_a_table_is_asked_again_unless_it_was_asked_the_same_then():
    made = Decided("special_law", {"special_procedure": None}, {"special_law": True})
    assert not judged(made).tally.untold
    assert judged().tally.untold == {"definition.none": 1}
    table = (TABLES / "special_law.dmn").read_bytes()
    assert not judged(tables={"special_law": table}).tally.untold


def test_a_file_that_is_no_process_is_refused():
    with pytest.raises(Invalid):
        lead_again(drawn(b"<nothing/>"), [whole()])
