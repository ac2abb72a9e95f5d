"""The stored state of a case: equal after a round trip, refused when it is not what was written."""

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from zlib import crc32

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from SpiffWorkflow.bpmn.serializer import BpmnWorkflowSerializer

from engine.kernel.errors import Unavailable
from engine.processes import state
from engine.processes.definition import read_definition
from engine.processes.exchange import Thrown
from engine.processes.run import advance, receive, start, wake
from engine.processes.spiff import Engine, Environment
from tests.engine.processes import drawing
from tests.engine.processes.drawing import (
    NOW,
    boundary,
    chain,
    end,
    flow,
    gateway,
    instances,
    no_tables,
    open_steps,
    read,
    step,
    steps,
    timer,
)
from tests.engine.processes.eventful import MESSAGE, SIGNAL, catch, file, handler, when

S = drawing.start()
PART = drawing.start("is") + steps("x") + end("ie") + chain("is", "x", "ie")
MODELS = {
    "choice": S + steps("a") + gateway("exclusive", "g", "f_g_e") + end()
    + chain("s", "a", "g", "e") + flow("g", "a", "amount > 0"),
    "parallel": S + gateway("parallel", "f") + steps("a", "b", "c") + gateway("parallel", "j")
    + end() + chain("s", "f", "a", "j", "e") + chain("f", "b", "c", "j"),
    "inclusive": S + gateway("inclusive", "f") + steps("a", "b") + gateway("inclusive", "j")
    + end() + chain("s", "f") + flow("f", "a", "amount >= 0") + flow("f", "b", "amount > 5")
    + chain("a", "j", "e") + chain("b", "j"),
    "instances": S + step("a", instances()) + steps("b") + end() + chain("s", "a", "b", "e"),
    "in turn": S + step("a", instances(sequential=True)) + end() + chain("s", "a", "e"),
    "part": S + f'<subProcess id="sub">{PART}</subProcess>' + steps("b") + end()
    + chain("s", "sub", "b", "e"),
    "timers": S + steps("a", "w1", "late") + end() + end("le") + chain("s", "a", "e")
    + boundary("d", "a", timer("timeDuration", "P2D")) + chain("d", "late", "le")
    + boundary("w", "a", timer("timeCycle", "R3/P1D"), interrupts=False) + chain("w", "w1"),
    "events": S + steps("a", "w1", "late") + end() + end("le") + chain("s", "a", "e")
    + boundary("d", "a", SIGNAL + MESSAGE + timer("timeDuration", "P9D")) + chain("d", "late", "le")
    + boundary("w", "a", when("amount > 0"), interrupts=False) + chain("w", "w1"),
    "handlers": S + steps("a", "b") + catch("c", timer("timeDuration", "P3D")) + end()
    + chain("s", "a", "c", "b", "e") + handler("h", "", timer("timeCycle", "R2/P1D"), False)
    + handler("k", "", when("amount = 0")),
    "choice of events": S + steps("a", "b", "c") + '<eventBasedGateway id="g"/>' + end()
    + catch("x", SIGNAL) + catch("y", timer("timeDuration", "P1D"))
    + chain("s", "a", "g", "x", "b", "e") + chain("g", "y", "c", "e"),
}  # fmt: skip
DEFINITIONS = {name: read_definition(file(body)) for name, body in MODELS.items()}
STOCK = BpmnWorkflowSerializer()


def engine_of(definition):
    return Engine(Environment(definition.formulas, no_tables, NOW))


def everything(case):
    """Return what Spiff's own serializer sees of a case, without the specs."""
    case.bpmn_events = []
    seen = STOCK.to_dict(case)
    return {key: value for key, value in seen.items() if key not in ("spec", "subprocess_specs")}


values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63 - 1)
    | st.decimals(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=("Cs",)), max_size=20)
    | st.dates()
    | st.times()
    | st.datetimes(timezones=st.just(UTC))
    | st.timedeltas(),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["a", "v", "金额", '"$"']), inner, max_size=3)
    ),
    max_leaves=6,
)


@given(st.dictionaries(st.sampled_from(["a", "v", "说明", '"$"']), values, max_size=4))
@settings(max_examples=150, deadline=None)
def test_every_plain_value_comes_back_as_it_was(data):
    definition = DEFINITIONS["choice"]
    begun = start(definition, data, no_tables, NOW)
    again = state.load(begun.state, definition, engine_of(definition))
    assert again.task_tree.data == data
    kinds = {name: type(value) for name, value in again.task_tree.data.items()}
    assert kinds == {name: type(value) for name, value in data.items()}


@given(st.data())
@settings(max_examples=60, deadline=None)
def test_a_random_walk_is_the_same_case_after_every_reload(draw):
    name = draw.draw(st.sampled_from(sorted(DEFINITIONS)))
    definition = DEFINITIONS[name]
    step_now = start(definition, {"amount": 7, "units": [1, 2, 3]}, no_tables, NOW)
    now = NOW
    for _ in range(12):
        first = state.load(step_now.state, definition, engine_of(definition))
        written = state.dump(first, definition)
        assert written == step_now.state
        second = state.load(written, definition, engine_of(definition))
        assert everything(first) == everything(second)
        assert {t.id for t in first.event_manager.tasks.values()} == {
            t.id for t in second.event_manager.tasks.values()
        }
        if step_now.ended:
            break
        if step_now.awaits and draw.draw(st.booleans()):
            heard = draw.draw(st.sampled_from(step_now.awaits))
            thrown = Thrown(heard.kind, heard.name, "outside")
            step_now = receive(definition, step_now.state, thrown, no_tables, now)
        elif draw.draw(st.booleans()) or not step_now.open:
            now += timedelta(days=1)
            step_now = wake(definition, step_now.state, no_tables, now)
        else:
            task = draw.draw(st.sampled_from(step_now.open))
            answers = {"amount": draw.draw(st.sampled_from([0, 1, Decimal("5.5")]))}
            step_now = advance(definition, step_now.state, task.id, answers, no_tables, now)


def test_tagged_values_have_their_stored_form():
    data = {
        "n": Decimal("1.10"),
        "d": date(2015, 10, 26),
        "t": time(9, 30),
        "m": datetime(2015, 10, 26, 1, 30, tzinfo=UTC),
        "s": timedelta(days=1, microseconds=1),
    }
    begun = start(DEFINITIONS["choice"], data, no_tables, NOW)
    for written in (
        b'"n":{"$":"n","v":"1.10"}',
        b'"d":{"$":"d","v":"2015-10-26"}',
        b'"t":{"$":"t","v":"09:30:00"}',
        b'"m":{"$":"m","v":"2015-10-26T01:30:00+00:00"}',
        b'"s":{"$":"s","v":"86400000001"}',
    ):
        assert written in begun.state


def test_a_commitment_with_real_answers_stays_small():
    definition = DEFINITIONS["instances"]
    begun = start(definition, {"units": [26]}, no_tables, NOW)
    assert len(begun.state) < 1000


@pytest.mark.parametrize("cut", [1, 10, 100, 400])
def test_a_state_that_was_cut_short_is_refused(cut):
    definition = DEFINITIONS["choice"]
    begun = start(definition, {}, no_tables, NOW)
    with pytest.raises(Unavailable, match=r"process\.state_"):
        wake(definition, begun.state[:-cut], no_tables, NOW)


def test_a_state_that_was_altered_anywhere_is_refused():
    definition = DEFINITIONS["choice"]
    whole = start(definition, {"amount": 7}, no_tables, NOW).state
    for place in range(0, len(whole), 3):
        altered = whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :]
        with pytest.raises(Unavailable) as refused:
            wake(definition, altered, no_tables, NOW)
        assert refused.value.code in ("process.state_broken", "process.state_revision")


@pytest.mark.parametrize("stored", [b"", b"{}", b"1 ", b"9 00000000 {}", b"\x80\x04pickle"])
def test_bytes_that_are_no_state_are_refused(stored):
    with pytest.raises(Unavailable) as refused:
        wake(DEFINITIONS["choice"], stored, no_tables, NOW)
    assert refused.value.code in ("process.state_broken", "process.state_revision")


def test_a_case_of_another_version_has_to_migrate_first():
    old = start(DEFINITIONS["choice"], {}, no_tables, NOW)
    newer = read(MODELS["choice"].replace('name="a"', 'name="另名"'))
    with pytest.raises(Unavailable, match=r"process\.other_version"):
        wake(newer, old.state, no_tables, NOW)


def test_the_form_of_revision_one_is_read_for_ever():
    definition = DEFINITIONS["choice"]
    begun = start(definition, {"amount": Decimal("1.10")}, no_tables, NOW)
    revision, checksum, body = begun.state.split(b" ", 2)
    assert revision == b"1"
    assert checksum == b"%08x" % crc32(body)
    assert body.startswith(b'{"p":"' + definition.digest[:16].encode() + b'"')
    assert open_steps(wake(definition, begun.state, no_tables, NOW)) == ["a"]
