"""Nothing is published that the hall could not run."""

from dataclasses import replace
from datetime import date

import pytest

from engine.demo.carry import carry
from engine.demo.story import ANSWERS
from engine.domain.people import SYSTEM
from engine.kernel.errors import Conflict, Forbidden, HallError, Invalid, Missing
from engine.kernel.now import hall_moment
from engine.services import cases, intake, publishing, warnings, work
from engine.services.publishing import Definitions
from engine.stock import read_definitions
from engine.storage import audit
from engine.storage import cases as rows
from tests.story import answers, application, first_matter, walk_through_matter


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
    "a refusal whose form asks for no reason": (
        lambda s: replace(
            s,
            forms={
                "instant.decide": s.forms["instant.decide"]
                .replace(b"refuse_reason", b"refuse_words")
                .replace("不予许可的理由".encode(), "不予许可的话".encode())
            },
        ),
        "process.no_reason",
    ),
    "a process that takes longer than is promised": (
        lambda s: bpmn(s, b'days="1"', b'days="2"'),
        "process.too_many_days",
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


MONDAY, TUESDAY, FRIDAY = date(2015, 10, 26), date(2015, 10, 27), date(2015, 10, 30)


@pytest.fixture
def policy(cast):
    """Return two of the policy staff."""
    return cast.all_of("policy", None)[:2]


def tables(**sources):
    return Definitions({}, {}, sources)


def noted(stock, table, word):
    """Return the source of a table with a comment: another version that decides the same."""
    return stock.tables[table].replace(b"</definitions>", f"<!-- {word} --></definitions>".encode())


def test_who_publishes_needs_the_permission_and_a_second_person(hall, stock, cast, policy):
    changed = tables(authority=noted(stock, "authority", "2"))
    first, second = policy
    for by, other, code in (
        (first, None, "publish.second_person"),
        (first, first, "publish.second_person"),
        (first, cast.holder(None, "designer"), "publish.not_allowed"),
        (cast.holder(None, "designer"), second, "publish.not_allowed"),
    ):
        with pytest.raises(Forbidden) as refused:
            publishing.publish(hall, by, changed, TUESDAY, second=other)
        assert refused.value.code == code
    assert publishing.publish(
        hall, first, changed, TUESDAY, second=second, note="雁政发〔2015〕8号"
    )
    line = publishing.versions(hall, SYSTEM, "table", "authority")[0]
    assert (line.author, line.second, line.note) == (first.id, second.id, "雁政发〔2015〕8号")
    assert (line.author_name, line.second_name) == (first.name, second.name)
    with hall.reading() as unit:
        event = audit.events_of(unit, "configuration")[-1]
    assert (event.kind, event.body["second"]) == ("Published", second.id)


def test_a_coming_version_is_seen_beforehand_and_the_past_stays(hall, stock, now):
    before = publishing.versions(hall, SYSTEM, "table", "authority", MONDAY)
    made = publishing.publish(
        hall, SYSTEM, tables(authority=noted(stock, "authority", "2")), TUESDAY
    )
    states = [
        (line.version, line.state, line.effective_from, line.effective_to)
        for line in publishing.versions(hall, SYSTEM, "table", "authority")
    ]
    old = before[0].version
    assert states == [
        (made[0].version, "planned", TUESDAY, None),
        (old, "in_force", MONDAY, MONDAY),
    ]
    now.move_to(hall_moment("2015-10-28T09:00"))
    assert [line.state for line in publishing.versions(hall, SYSTEM, "table", "authority")] == [
        "in_force",
        "superseded",
    ]
    (held,) = publishing.versions(hall, SYSTEM, "table", "authority", MONDAY)
    assert held.version == old
    assert publishing.in_force(hall, MONDAY).tables["authority"] == stock.tables["authority"]


@pytest.mark.parametrize("kind", ["table", "form", "process"])
def test_the_versions_of_every_kind_are_listed(hall, stock, kind):
    lines = publishing.versions(hall, SYSTEM, kind, on=MONDAY)
    assert {line.key for line in lines} == set(stock.of(kind))
    assert {line.kind for line in lines} == {kind}
    assert publishing.versions(hall, SYSTEM, kind, on=date(2015, 10, 25)) == []


def test_nobody_lists_what_his_pages_do_not_show(hall, cast):
    clerk, designer = cast.clerk(26), cast.holder(None, "designer")
    assert publishing.versions(hall, clerk) == []
    with pytest.raises(Forbidden):
        publishing.versions(hall, clerk, "table")
    assert {line.kind for line in publishing.versions(hall, designer)} == set(publishing.KINDS)
    with pytest.raises(Invalid) as refused:
        publishing.versions(hall, designer, "licence")
    assert refused.value.code == "definition.kind"


def test_periods_that_overlap_are_refused_and_name_the_other_version(hall, stock):
    planned = publishing.publish(
        hall, SYSTEM, tables(authority=noted(stock, "authority", "2")), FRIDAY
    )
    for first, last in ((TUESDAY, None), (FRIDAY, None), (TUESDAY, FRIDAY)):
        with pytest.raises(Conflict) as refused:
            publishing.publish(
                hall, SYSTEM, tables(authority=noted(stock, "authority", "3")), first, last
            )
        assert refused.value.code == "definition.overlap"
        assert refused.value.params["version"] == planned[0].version
    assert publishing.publish(
        hall, SYSTEM, tables(authority=noted(stock, "authority", "3")), TUESDAY, date(2015, 10, 29)
    )


def test_nothing_begins_in_the_past(hall, stock, now):
    now.move_to(hall_moment("2015-10-28T09:00"))
    changed = tables(authority=noted(stock, "authority", "2"))
    with pytest.raises(Invalid) as refused:
        publishing.publish(hall, SYSTEM, changed, TUESDAY)
    assert refused.value.code == "definition.past"
    assert publishing.publish(hall, SYSTEM, changed)


def test_what_was_withdrawn_holds_to_its_last_day_and_leaves_a_hole(hall, policy, now):
    first, second = policy
    with pytest.raises(Invalid):
        publishing.withdraw(hall, first, "table", "priority", MONDAY, second=second)
    with pytest.raises(Forbidden):
        publishing.withdraw(hall, first, "table", "priority")
    assert publishing.withdraw(hall, first, "table", "priority", second=second) == MONDAY
    with hall.reading() as unit:
        assert hall.library.in_force(unit, "table", "priority", MONDAY)
        with pytest.raises(Missing):
            hall.library.in_force(unit, "table", "priority", TUESDAY)
    with pytest.raises(Missing):
        publishing.withdraw(hall, first, "table", "priority", FRIDAY, second=second)


def test_a_plan_that_was_withdrawn_never_happens(hall, stock):
    publishing.publish(hall, SYSTEM, tables(priority=noted(stock, "priority", "2")), FRIDAY)
    assert publishing.withdraw(hall, SYSTEM, "table", "priority", FRIDAY) is None
    new, old = publishing.versions(hall, SYSTEM, "table", "priority")
    assert (new.state, old.state, old.effective_to) == ("withdrawn", "in_force", None)


def test_rolling_back_publishes_the_old_content_anew(hall, stock, now):
    (old,) = publishing.versions(hall, SYSTEM, "table", "authority")
    publishing.publish(hall, SYSTEM, tables(authority=noted(stock, "authority", "2")), TUESDAY)
    now.move_to(hall_moment("2015-10-28T09:00"))
    made = publishing.roll_back(hall, SYSTEM, "table", "authority", old.version, FRIDAY)
    assert [(one.version, one.effective_from) for one in made] == [(old.version, FRIDAY)]
    assert len(publishing.versions(hall, SYSTEM, "table", "authority")) == 3
    with pytest.raises(Missing):
        publishing.roll_back(hall, SYSTEM, "table", "authority", "0" * 64)


def receive(hall, cast, process):
    matter = first_matter(hall, process)
    receipt = intake.receive(hall, cast.clerk(matter.unit_no), application(hall, matter))
    return receipt.case, receipt.opened[0]


def complete(hall, cast, case, task):
    official = cast.for_task(task)
    work.complete_task(hall, official, task.id, answers(hall, task), case.rev)
    with hall.reading() as unit:
        made = rows.decisions_of(unit, case.id)
    return [one.version for one in made if one.table == "authority"][-1]


def test_a_case_is_judged_by_the_version_of_its_day_of_acceptance(hall, cast, stock, now):
    """Authority holds by the day of 受理; escalation by today's version."""
    (old,) = publishing.versions(hall, SYSTEM, "table", "authority", MONDAY)
    made = publishing.publish(
        hall,
        SYSTEM,
        tables(
            authority=noted(stock, "authority", "2"), escalation=noted(stock, "escalation", "2")
        ),
        TUESDAY,
    )
    new = {one.key: one.version for one in made}
    earlier, task = receive(hall, cast, "one_review")
    now.move_to(hall_moment("2015-10-27T10:00"))
    later, other = receive(hall, cast, "one_review")
    assert complete(hall, cast, earlier, task) == old.version
    assert complete(hall, cast, later, other) == new["authority"]
    due = earlier.promised_due
    now.move_to(hall_moment(f"{due.isoformat()}T16:00"))
    with hall.unit() as unit:
        warnings.watch(hall, unit, earlier.id)
    history = cases.case(hall, cast.clerk(earlier.unit_no), earlier.id).history
    warned = [line for line in history if line.kind == "LimitWarned"]
    assert [line.params["table_version"] for line in warned] == [new["escalation"]]


def test_what_was_published_later_that_day_does_not_touch_a_case_of_the_morning(
    hall, cast, stock, now
):
    (old,) = publishing.versions(hall, SYSTEM, "table", "authority", MONDAY)
    now.move_to(hall_moment("2015-10-26T10:00"))
    morning, task = receive(hall, cast, "one_review")
    now.move_to(hall_moment("2015-10-26T14:00"))
    made = publishing.publish(hall, SYSTEM, tables(authority=noted(stock, "authority", "2")))
    now.move_to(hall_moment("2015-10-26T15:00"))
    afternoon, other = receive(hall, cast, "one_review")
    assert complete(hall, cast, morning, task) == old.version
    assert complete(hall, cast, afternoon, other) == made[0].version


def test_a_case_goes_on_by_its_version_after_the_table_was_withdrawn(hall, cast, now):
    case, task = receive(hall, cast, "one_review")
    publishing.withdraw(hall, SYSTEM, "table", "authority")
    now.move_to(hall_moment("2015-10-27T10:00"))
    assert complete(hall, cast, case, task)
    later, other = receive(hall, cast, "one_review")
    with pytest.raises(Missing) as refused:
        complete(hall, cast, later, other)
    assert refused.value.code == "definition.none"


def test_a_decided_case_says_by_which_moment_it_was_judged(hall, cast):
    matter = walk_through_matter(hall)
    case = carry(hall, cast, matter.no, ANSWERS).case
    view = cases.case(hall, cast.clerk(matter.unit_no), case.id)
    told = cases.explain(hall, cast.clerk(matter.unit_no), view.decisions[0].id)
    assert (told["moment"], told["same"]) == ("acceptance", True)


def test_a_table_with_an_unknown_moment_is_refused(hall, stock):
    source = stock.tables["escalation"].replace(b'hall:moment="now"', b'hall:moment="soon"')
    with pytest.raises(HallError) as refused:
        publishing.publish(hall, SYSTEM, tables(escalation=source))
    assert refused.value.code == "table.moment"
    assert refused.value.params["value"] == "soon"
