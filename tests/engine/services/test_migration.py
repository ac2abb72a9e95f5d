"""Running cases go over to a new version as the dry run said, or stay and say why."""

from collections import Counter
from dataclasses import replace

import pytest

from engine.demo.carry import answers_for, application_for
from engine.demo.story import ANSWERS
from engine.domain.people import SYSTEM
from engine.kernel.errors import Missing, Unavailable
from engine.services import audit, cases, intake, migration, publishing, work
from engine.stock import read_definitions
from tests.story import first_matter

INSERTED = """
    <bpmn:userTask id="inspect" name="核查">
      <bpmn:extensionElements>
        <hall:step days="1" role="reviewer" power="accept_review" form="commitment.examine" />
      </bpmn:extensionElements>
      <bpmn:incoming>examine_to_inspect</bpmn:incoming>
      <bpmn:outgoing>examine_to_decide</bpmn:outgoing>
    </bpmn:userTask>
    <bpmn:sequenceFlow id="examine_to_inspect" sourceRef="examine" targetRef="inspect" />
    <bpmn:sequenceFlow id="examine_to_decide" sourceRef="inspect" targetRef="decide" />"""
LIMIT = """
    <bpmn:extensionElements>
      <hall:limit steps="4" days="11" basis="试点文件" />
    </bpmn:extensionElements>"""
TIMER = """
    <bpmn:boundaryEvent id="late" name="超期提醒" attachedToRef="review" cancelActivity="false">
      <bpmn:outgoing>late_to_told</bpmn:outgoing>
      <bpmn:timerEventDefinition id="two_days">
        <bpmn:timeDuration xsi:type="bpmn:tFormalExpression">P2D</bpmn:timeDuration>
      </bpmn:timerEventDefinition>
    </bpmn:boundaryEvent>
    <bpmn:endEvent id="told" name="已提醒">
      <bpmn:incoming>late_to_told</bpmn:incoming>
    </bpmn:endEvent>
    <bpmn:sequenceFlow id="late_to_told" sourceRef="late" targetRef="told" />
  </bpmn:process>"""


def with_timer(source):
    return source.replace("\n  </bpmn:process>", TIMER, 1)


def with_step(source):
    flow = '<bpmn:sequenceFlow id="examine_to_decide" sourceRef="examine" targetRef="decide" />'
    assert flow in source
    examine = source.index('<bpmn:userTask id="examine"')
    head, tail = (
        source[:examine],
        source[examine:].replace(
            "<bpmn:outgoing>examine_to_decide", "<bpmn:outgoing>examine_to_inspect", 1
        ),
    )
    drawn = (head + tail).replace(flow, INSERTED.strip(), 1)
    return drawn.replace("</bpmn:documentation>", "</bpmn:documentation>" + LIMIT, 1)


@pytest.fixture
def publish(hall):
    stock = read_definitions()

    def publish(*changes):
        source = stock.processes["commitment"].decode()
        for change in changes:
            source = change(source)
        drawn = replace(stock, processes={"commitment": source.encode()})
        (made,) = publishing.publish(hall, SYSTEM, drawn)
        return made.version

    return publish


@pytest.fixture
def running(hall, cast):
    """Receive cases and bring every third one to its second step, every sixth to its third."""
    matter = first_matter(hall, "commitment")
    given, clerk = application_for(hall, matter), cast.clerk(matter.unit_no)

    def step(task, rev, busy):
        answers = answers_for(work.form_of(hall, task), ANSWERS)
        official = cast.for_task(task, busy)
        busy.append(official.id)
        return work.complete_task(hall, official, task.id, answers, rev)

    def running(count):
        made = []
        for number in range(count):
            receipt = intake.receive(hall, clerk, given)
            case, task, busy = receipt.case, receipt.opened[0], []
            for _ in range((number % 3 == 0) + (number % 6 == 0)):
                done = step(task, case.rev, busy)
                case, task = done.case, done.opened[0]
            made.append((case, task))
        return made

    return running


def test_the_dry_run_of_a_thousand_cases_is_what_happens(hall, cast, publish, running, now):
    publish(with_timer)
    before = {case.id: (case, task) for case, task in running(1000)}
    version = publish(with_timer, with_step)
    planned = migration.plan(hall, "commitment", version)
    assert {one.case_id for one in planned} == set(before)
    assert all(cases_of(hall, cast, case).process_version != version for case, _ in before.values())
    assert migration.migrate(hall, SYSTEM, "commitment") == planned
    assert Counter(one.because for one in planned) == {None: 1000}
    for one in planned:
        case, task = before[one.case_id]
        carried = cases_of(hall, cast, case)
        assert carried.process_version == version
        assert carried.next_due == case.next_due == one.next_due
        assert one.open_steps == (task.step,)
        assert work.task(hall, SYSTEM, task.id).open
    assert migration.plan(hall, "commitment") == []
    assert audit.verify_trail(hall).intact


def cases_of(hall, cast, case):
    return cases.case(hall, cast.clerk(case.unit_no), case.id).case


def test_a_carried_case_goes_through_the_inserted_step(hall, cast, publish, running):
    ((case, task),) = running(1)[:1]
    publish(with_step)
    migration.migrate(hall, SYSTEM, "commitment")
    view = cases.case(hall, cast.clerk(case.unit_no), case.id)
    assert [line.kind for line in view.history][-1] == "Migrated"
    assert task.step == "decide"
    assert view.case.rev == case.rev + 1


def test_a_case_whose_step_is_gone_stays_and_is_named(hall, cast, publish, running):
    (case, _), (other, _) = running(2)
    publish(lambda source: source.replace('"examine"', '"look"').replace(">examine<", ">look<"))
    by_case = {one.case_id: one for one in migration.migrate(hall, SYSTEM, "commitment")}
    assert (by_case[case.id].because, by_case[case.id].element) == ("migrate.removed", "examine")
    assert by_case[other.id].because is None
    assert cases_of(hall, cast, case).process_version == case.process_version


def test_single_cases_can_be_chosen_by_number(hall, publish, running):
    (first, _), (second, _) = running(2)
    publish(with_step)
    chosen = migration.migrate(hall, SYSTEM, "commitment", case_nos=[first.case_no])
    assert [one.case_no for one in chosen] == [first.case_no]
    assert [one.case_no for one in migration.plan(hall, "commitment")] == [second.case_no]


def test_a_version_that_nobody_published_is_refused(hall, running):
    running(1)
    with pytest.raises(Unavailable, match=r"definition\.lost"):
        migration.plan(hall, "commitment", "0" * 64)
    with pytest.raises(Missing, match=r"definition\.none"):
        migration.plan(hall, "nowhere")
