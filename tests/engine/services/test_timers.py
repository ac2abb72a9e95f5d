"""While the clocks of a case stand still its timers do too; afterwards they move on."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from engine.domain.people import SYSTEM
from engine.domain.working_time import Suspension
from engine.kernel.now import hall_moment
from engine.services import clocks, intake, publishing, timers
from engine.services.clocks import Cause
from engine.stock import read_definitions
from engine.storage import cases as rows
from engine.worker.loop import run_once
from engine.worker.tasks import HANDLERS
from tests.story import application, first_matter

LATE = """
    <bpmn:boundaryEvent id="too_late" name="超过期限" attachedToRef="decide">
      <bpmn:outgoing>to_lapsed</bpmn:outgoing>
      <bpmn:timerEventDefinition id="limit">
        <bpmn:timeDuration xsi:type="bpmn:tFormalExpression">{}</bpmn:timeDuration>
      </bpmn:timerEventDefinition>
    </bpmn:boundaryEvent>
    <bpmn:endEvent id="lapsed" name="逾期终止">
      <bpmn:incoming>to_lapsed</bpmn:incoming>
    </bpmn:endEvent>
    <bpmn:sequenceFlow id="to_lapsed" sourceRef="too_late" targetRef="lapsed" />
  </bpmn:process>"""
# Its limit, when that is over, and when after eight working days (ten days) of standing still.
LIMITS = {
    "calendar days": ("P3D", "2015-10-29T09:00", "2015-11-08T09:00"),
    "working days": ("working days(1)", "2015-10-28T00:00", "2015-11-07T00:00"),
}


@pytest.fixture(params=LIMITS.values(), ids=LIMITS)
def limit(request):
    return request.param


@pytest.fixture
def case(limit, hall, cast):
    stock = read_definitions()
    source = stock.processes["instant"].decode()
    drawn = source.replace("\n  </bpmn:process>", LATE.format(limit[0]), 1)
    publishing.publish(hall, SYSTEM, replace(stock, processes={"instant": drawn.encode()}))
    matter = first_matter(hall, "instant")
    return intake.receive(hall, cast.clerk(matter.unit_no), application(hall, matter)).case


def stop(hall, case):
    cause = Cause("hearing", date(2015, 11, 20), "行政许可法第四十五条", "hearing-1")
    with hall.unit(SYSTEM) as unit:
        found = rows.lock(unit, case.id)
        rows.update(unit, clocks.suspend(hall, unit, found, cause), found.rev)


def run_on(hall, case):
    with hall.unit(SYSTEM) as unit:
        found = rows.lock(unit, case.id)
        rows.update(unit, clocks.resume(hall, unit, found, "hearing-1"), found.rev)


def sweep(hall):
    while run_once(hall, HANDLERS):
        pass


def stands(hall, case):
    with hall.reading() as unit:
        return rows.case(unit, case.id)


def test_a_timer_waits_while_the_clocks_stand_still_and_then_as_long_as_it_had_left(
    hall, case, limit, now
):
    assert case.next_due == hall_moment(limit[1])
    stop(hall, case)
    now.move_to(hall_moment("2015-11-05T09:00"))
    sweep(hall)
    assert stands(hall, case).outcome is None
    run_on(hall, case)
    later = stands(hall, case).next_due
    assert later == hall_moment(limit[2])
    sweep(hall)
    assert stands(hall, case).outcome is None
    now.move_to(later)
    sweep(hall)
    assert stands(hall, case).outcome == "lapsed"


def test_a_decided_case_has_no_timers_to_move(hall, case, now):
    now.move_to(hall_moment("2015-11-05T09:00"))
    sweep(hall)
    ended = stands(hall, case)
    assert ended.outcome == "lapsed"
    with hall.unit(SYSTEM) as unit:
        assert timers.postpone(hall, unit, ended, date(2015, 10, 26), date(2015, 11, 5)) is ended


def span(first, last):
    return Suspension(date(2015, 11, first), date(2015, 11, last))


@pytest.mark.parametrize(
    ("ended", "before", "days"),
    [
        (span(2, 9), [], 7),
        (span(2, 9), [span(2, 9)], 0),
        (span(2, 9), [span(4, 6)], 5),
        (span(5, 10), [span(2, 7), span(1, 3)], 3),
        (span(5, 9), [span(2, 5)], 4),
        (span(2, 9), [span(10, 12)], 7),
        (span(2, 2), [], 0),
    ],
    ids=["alone", "covered", "round another", "overlapping", "adjoining", "apart", "same day"],
)
def test_a_day_of_two_suspensions_moves_a_timer_once(hall, case, limit, ended, before, days):
    with hall.unit(SYSTEM) as unit:
        found = rows.lock(unit, case.id)
        moved = timers.run_on(hall, unit, found, ended, before)
        rows.update(unit, moved, found.rev)
    if limit[0] == "P3D":
        assert moved.next_due - case.next_due == timedelta(days)
    else:
        assert moved.next_due >= case.next_due
        assert (moved.next_due > case.next_due) is (days > 0)
