"""Cases hear what other cases throw: once, all that wait for a signal, one relative a message."""

from datetime import timedelta

import pytest

from engine.bootstrap import open_hall
from engine.demo.carry import cast_of
from engine.domain.case import CaseState
from engine.domain.people import SYSTEM
from engine.kernel.errors import Invalid
from engine.kernel.now import hall_day
from engine.processes.run import Thrown, start
from engine.services import audit, clocks, exchange, intake, publishing, steps, work
from engine.services import children as children_service
from engine.services.publishing import Definitions
from engine.storage import audit as trail
from engine.storage import cases as rows
from engine.storage import exchange as stored
from engine.worker.loop import Handlers, run_once
from engine.worker.tasks import HANDLERS
from tests.engine.processes.drawing import boundary, chain, document, flow
from tests.story import answers, application, first_matter

NAMED = (
    '<message id="asked" name="征求意见"/><message id="answered" name="答复意见"/>'
    '<signal id="noticed" name="停电通知"/>'
)
STEP = (
    '<extensionElements><hall:step days="1" role="clerk chief stand_in" power="decide"'
    ' form="instant.decide"/></extensionElements>'
)


def catch(name, inside):
    return f'<intermediateCatchEvent id="{name}" name="等待">{inside}</intermediateCatchEvent>'


def throws(name, inside):
    return f'<intermediateThrowEvent id="{name}" name="发出">{inside}</intermediateThrowEvent>'


def message(ref):
    return f'<messageEventDefinition messageRef="{ref}"/>'


SIGNAL = '<signalEventDefinition signalRef="noticed"/>'


def process(key, inside, *between, start=""):
    """Return a file with one process: a start, what is between, and an end, in a row."""
    body = f'<startEvent id="begin" name="开始">{start}</startEvent>{inside}'
    body += '<endEvent id="granted" name="准予"/>' + chain("begin", *between, "granted")
    return document(body, key, NAMED)


DECIDE = f'<userTask id="decide" name="办理决定">{STEP}</userTask>'
# Asks, waits for the answer, decides.
ASKING = process(
    "instant",
    throws("ask", message("asked")) + catch("wait", message("answered")) + DECIDE,
    "ask",
    "wait",
    "decide",
)
# Is started by the question and answers when its own step is done.
ANSWERING = process(
    "answering",
    f'<userTask id="reply" name="答复">{STEP}</userTask>' + throws("answer", message("answered")),
    "reply",
    "answer",
    start=message("asked"),
)
LISTENING = process("instant", catch("wait", SIGNAL) + DECIDE, "wait", "decide")
TELLING = process("telling", throws("tell", SIGNAL), "tell", start=message("asked"))
ASKS_NOBODY = process("instant", throws("ask", message("asked")) + DECIDE, "ask", "decide")


@pytest.fixture
def hall(either_city, now):
    """Open the demo city on either database; every change must have its event."""
    opened = open_hall(either_city, now=now)
    opened.store.debug = True
    yield opened
    opened.store.dispose()


@pytest.fixture
def receive(hall):
    matter = first_matter(hall, "instant")
    clerk = cast_of(hall).clerk(matter.unit_no)
    return lambda: intake.receive(hall, clerk, application(hall, matter)).case


@pytest.fixture
def receive_long(hall):
    matter = first_matter(hall, "parallel")
    clerk = cast_of(hall).clerk(matter.unit_no)
    return lambda: intake.receive(hall, clerk, application(hall, matter)).case


def publish(hall, *sources):
    keyed = {
        source.split(b'<process id="')[1].split(b'"')[0].decode(): source for source in sources
    }
    publishing.publish(hall, SYSTEM, Definitions(keyed, {}, {}))


def twice(handlers):
    """Run the effect of every inside job twice, as after a worker that died before the end."""

    def repeated(handler):
        def run(hall, unit, job):
            handler(hall, unit, job)
            handler(hall, unit, job)

        return run

    return Handlers({kind: repeated(one) for kind, one in handlers.inside.items()}, {})


def sweep(hall, handlers=HANDLERS):
    while run_once(hall, Handlers(handlers.inside, {"notice.send": lambda *_: None})):
        pass


def children(hall, case):
    with hall.reading() as unit:
        return stored.children_of(unit, case.id)


def stands(hall, case):
    with hall.reading() as unit:
        return rows.case(unit, case.id)


def awaited(hall, case):
    with hall.reading() as unit:
        return [tuple(row) for row in stored.OF_CASE.rows(unit.line, case_id=case.id)]


def told(hall, case):
    with hall.reading() as unit:
        return [one.kind for one in trail.events_of(unit, f"case:{case.id}")]


def complete(hall, case):
    """Complete the open step of a case, whoever may, so that it goes on."""
    with hall.reading() as unit:
        (task,) = (one for one in rows.tasks_of(unit, case.id) if one.is_open)
    official = cast_of(hall).for_task(task, [])
    rev = stands(hall, case).rev
    return work.complete_task(hall, official, task.id, answers(hall, task), rev).case


@pytest.mark.parametrize("handlers", [HANDLERS, twice(HANDLERS)], ids=["once", "run twice"])
def test_two_cases_exchange_a_question_and_its_answer(hall, receive, handlers):
    publish(hall, ASKING, ANSWERING)
    asking = receive()
    assert awaited(hall, asking) == [("message", "答复意见", "wait")]
    assert children(hall, asking) == []
    sweep(hall, handlers)
    (answering,) = children(hall, asking)
    assert answering.case_no == f"{asking.case_no}-01"
    assert answering.state is CaseState.ACCEPTED
    assert answering.parent_task is None
    closed = complete(hall, answering)
    assert closed.state is CaseState.CLOSED
    sweep(hall, handlers)
    assert awaited(hall, asking) == []
    decided = complete(hall, asking)
    assert decided.state is CaseState.DECIDED
    kinds = told(hall, asking)
    first = [kinds.index(kind) for kind in ("Applied", "Accepted", "MessageSent")]
    assert first == sorted(first)
    assert [kinds.count(kind) for kind in ("ChildOpened", "MessageReceived", "Decided")] == [1] * 3
    assert told(hall, answering)[:2] == ["OpenedByParent", "TaskOpened"]
    assert told(hall, answering)[-1] == "Decided"
    assert audit.verify_trail(hall).intact


@pytest.mark.parametrize("handlers", [HANDLERS, twice(HANDLERS)], ids=["once", "run twice"])
def test_a_signal_reaches_all_that_wait_for_it_and_no_other(hall, receive, handlers):
    publish(hall, LISTENING)
    waiting = [receive() for _ in range(3)]
    publish(hall, ASKS_NOBODY, TELLING)
    other = receive()
    sweep(hall, handlers)
    (teller,) = children(hall, other)
    assert teller.state is CaseState.CLOSED
    for case in waiting:
        assert told(hall, case).count("MessageReceived") == 1
        assert awaited(hall, case) == []
        assert complete(hall, case).outcome == "granted"
    assert "MessageReceived" not in told(hall, other)
    assert told(hall, teller).count("MessageSent") == 1
    assert audit.verify_trail(hall).intact


def test_what_nobody_waits_for_is_said_once(hall, receive):
    publish(hall, ASKS_NOBODY)
    case = receive()
    sweep(hall, twice(HANDLERS))
    assert told(hall, case).count("MessageUnheard") == 1


def test_a_case_that_no_longer_waits_is_left_alone(hall, receive):
    publish(hall, LISTENING)
    case = receive()
    thrown = Thrown("signal", "停电通知", "tell")
    for key in ("first", "second", "second"):
        with hall.unit(SYSTEM) as unit:
            exchange.hear(hall, unit, key, case.id, "sender", thrown)
    kinds = told(hall, case)
    assert (kinds.count("MessageReceived"), kinds.count("MessageMissed")) == (1, 1)
    assert stands(hall, case).rev == case.rev + 1


def test_a_decided_case_waits_for_nothing(hall, receive):
    late = '<boundaryEvent id="out" name="停办" attachedToRef="decide">' + SIGNAL
    late += "</boundaryEvent>"
    late += '<endEvent id="stopped" name="停办"/>' + chain("out", "stopped")
    publish(hall, process("instant", DECIDE + late, "decide"))
    case = receive()
    assert awaited(hall, case) == [("signal", "停电通知", "out")]
    complete(hall, case)
    assert awaited(hall, case) == []
    with hall.unit(SYSTEM) as unit:
        exchange.hear(hall, unit, "late", case.id, "sender", Thrown("signal", "停电通知", "tell"))
    assert told(hall, case)[-1] == "MessageMissed"


def test_processes_that_start_each_other_come_to_an_end(hall, receive):
    restless = process("restless", throws("ask", message("asked")), "ask", start=message("asked"))
    publish(hall, ASKS_NOBODY, restless)
    case, generations = receive(), 0
    sweep(hall)
    while found := children(hall, case):
        (case,) = found
        generations += 1
    assert generations == children_service.MOST_GENERATIONS


def test_a_process_that_never_listens_asks_nothing_more_of_the_database(hall, receive):
    case = receive()
    with hall.unit(SYSTEM) as unit:
        before = unit.line.info["statements"]
        definition = hall.library.process(unit, case.process, case.process_version)
        steps._exchange(unit, case, definition, start(definition, {}, None, unit.at))
        assert unit.line.info["statements"] == before


REVIEW = DECIDE.replace('power="decide"', 'power="accept_review"')


def call(name, called, inside="", returns=""):
    result = f' hall:result="{returns}"' if returns else ""
    said = '<extensionElements><hall:step days="2"/></extensionElements>'
    activity = f'<callActivity id="{name}" name="征求意见" calledElement="{called}"{result}>'
    return f"{activity}{said}{inside}</callActivity>"


PER_UNIT = (
    '<ioSpecification><dataInput id="units" isCollection="true"/>'
    '<dataOutput id="opinions" isCollection="true"/>'
    "<inputSet><dataInputRefs>units</dataInputRefs></inputSet>"
    "<outputSet><dataOutputRefs>opinions</dataOutputRefs></outputSet></ioSpecification>"
    "<multiInstanceLoopCharacteristics><loopDataInputRef>units</loopDataInputRef>"
    '<loopDataOutputRef>opinions</loopDataOutputRef><inputDataItem id="unit" name="参与单位"/>'
    '<outputDataItem id="one" name="意见"/></multiInstanceLoopCharacteristics>'
)
UNITS = (
    '<scriptTask id="split" name="分送" scriptFormat="feel" hall:result="units">'
    "<script>[3, 26]</script></scriptTask>"
)
OPINION = process("opinion", REVIEW, "decide")
EACH_UNIT = UNITS + call("ask", "opinion", PER_UNIT, "decision_outcome")
ALL_ASKED = process("parallel", EACH_UNIT + REVIEW, "split", "ask", "decide")
ONE_ASKED = document(
    '<startEvent id="begin" name="开始"/>'
    + call("ask", "opinion", returns="decision_outcome")
    + '<exclusiveGateway id="agreed" name="同意?"/>'
    + REVIEW
    + '<endEvent id="granted" name="准予"/><endEvent id="stopped" name="停办"/>'
    + chain("begin", "ask", "agreed")
    + flow("agreed", "decide", 'ask.decision_outcome = "grant" and ask.outcome = "granted"')
    + flow("agreed", "stopped", 'ask.decision_outcome != "grant"')
    + chain("decide", "granted"),
    "parallel",
    NAMED,
)
CALLED_OFF = process(
    "parallel",
    EACH_UNIT
    + boundary("off", "ask", SIGNAL)
    + '<endEvent id="stopped" name="停办"/>'
    + chain("off", "stopped")
    + REVIEW,
    "split",
    "ask",
    "decide",
)


@pytest.mark.parametrize("handlers", [HANDLERS, twice(HANDLERS)], ids=["once", "run twice"])
def test_a_call_opens_a_child_case_per_unit_and_goes_on_when_all_have_answered(
    hall, receive_long, handlers
):
    publish(hall, OPINION, ALL_ASKED)
    parent = receive_long()
    opened = children(hall, parent)
    assert [(one.unit_no, one.process) for one in opened] == [(3, "opinion"), (26, "opinion")]
    assert [one.case_no for one in opened] == [f"{parent.case_no}-0{n}" for n in (1, 2)]
    assert all(one.promised_due < parent.statutory_due for one in opened)
    assert all(one.accepted_at == parent.accepted_at for one in opened)
    with hall.reading() as unit:
        assert rows.tasks_of(unit, parent.id) == []
    complete(hall, opened[1])
    sweep(hall, handlers)
    assert told(hall, parent).count("ChildAnswered") == 1
    assert stands(hall, parent).state is CaseState.ACCEPTED
    complete(hall, opened[0])
    sweep(hall, handlers)
    waiting = stands(hall, parent)
    assert waiting.data["opinions"] == [
        {"unit": unit, "outcome": "granted", "decision_outcome": "grant"} for unit in (3, 26)
    ]
    assert told(hall, parent).count("ChildAnswered") == 2
    assert complete(hall, waiting).state is CaseState.DECIDED
    assert audit.verify_trail(hall).intact


def test_one_child_answers_in_a_variable_named_after_the_call(hall, receive_long):
    publish(hall, OPINION, ONE_ASKED)
    parent = receive_long()
    (child,) = children(hall, parent)
    assert child.unit_no == parent.unit_no
    complete(hall, child)
    sweep(hall)
    assert stands(hall, parent).data["ask"] == {"outcome": "granted", "decision_outcome": "grant"}
    assert complete(hall, parent).state is CaseState.DECIDED


@pytest.mark.parametrize("answered", [0, 1, 2])
def test_what_is_called_off_ends_the_children_that_have_not_answered(hall, receive_long, answered):
    publish(hall, OPINION, CALLED_OFF)
    parent = receive_long()
    opened = children(hall, parent)
    for child in opened[:answered]:
        complete(hall, child)
    with hall.unit(SYSTEM) as unit:
        exchange.hear(hall, unit, "off", parent.id, "sender", Thrown("signal", "停电通知", "tell"))
    sweep(hall)
    ended = stands(hall, parent)
    assert (ended.state, ended.outcome) == (CaseState.DECIDED, "stopped")
    states = [stands(hall, child).state for child in opened]
    assert states == [CaseState.CLOSED] * answered + [CaseState.ENDED] * (2 - answered)
    assert "ChildAnswered" not in told(hall, parent)


def test_a_child_that_ends_at_once_answers_as_well(hall, receive_long):
    silent = process("opinion", "", start="")
    publish(hall, silent, ALL_ASKED)
    parent = receive_long()
    sweep(hall)
    assert [one.state for one in children(hall, parent)] == [CaseState.CLOSED] * 2
    assert complete(hall, parent).state is CaseState.DECIDED


def test_processes_that_call_each_other_in_a_circle_are_not_published(hall):
    there = process("there", call("ask", "opinion"), "ask")
    back = process("opinion", call("ask", "there"), "ask")
    with pytest.raises(Invalid, match=r"process\.calls_itself"):
        publish(hall, there, back)
    publish(hall, OPINION)
    publish(hall, there)
    with pytest.raises(Invalid, match=r"process\.calls_itself"):
        publish(hall, back)


def test_a_call_of_a_process_that_nobody_published_is_refused(hall):
    with pytest.raises(Invalid, match=r"process\.unknown_process") as refused:
        publish(hall, process("parallel", call("ask", "nowhere"), "ask"))
    assert refused.value.params["element"] == "ask"


def test_an_answer_waits_until_the_clocks_of_the_parent_run_again(hall, receive_long, now):
    publish(hall, OPINION, ONE_ASKED)
    parent = receive_long()
    (child,) = children(hall, parent)
    today = hall_day(now())
    cause = clocks.Cause("hearing", today + timedelta(9), "行政许可法第四十五条", "hearing-1")
    with hall.unit(SYSTEM) as unit:
        found = rows.lock(unit, parent.id)
        rows.update(unit, clocks.suspend(hall, unit, found, cause), found.rev)
    complete(hall, child)
    sweep(hall)
    assert "ChildAnswered" not in told(hall, parent)
    with hall.unit(SYSTEM) as unit:
        found = rows.lock(unit, parent.id)
        rows.update(unit, clocks.resume(hall, unit, found, "hearing-1"), found.rev)
    sweep(hall, twice(HANDLERS))
    assert told(hall, parent).count("ChildAnswered") == 1
    assert complete(hall, parent).state is CaseState.DECIDED
