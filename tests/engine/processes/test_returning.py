"""An open step is taken back and an earlier one waits again, where one token moves alone."""

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.kernel.errors import Conflict
from engine.processes.run import advance, send_back, start, wake
from tests.engine.processes import drawing
from tests.engine.processes.drawing import (
    NOW,
    boundary,
    chain,
    complete,
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

S = drawing.start()
DEADLINE = timer("timeDuration", "P5D")
THREE = S + steps("a", "b", "c") + end() + chain("s", "a", "b", "c", "e")
EDGED = S + steps("a", "b", "late") + boundary("t", "a", DEADLINE) + boundary("u", "b", DEADLINE)
EDGED += end() + end("e2") + chain("s", "a", "b", "e") + chain("t", "late", "e2")
EDGED += end("e3") + chain("u", "e3")
ASIDE = S + steps("a", "b", "aside") + boundary("t", "a", DEADLINE, interrupts=False)
ASIDE += end() + end("e2") + chain("s", "a", "b", "e") + chain("t", "aside", "e2")
BRANCHES = S + steps("a", "x", "y", "b") + gateway("parallel", "f") + gateway("parallel", "j")
BRANCHES += end() + chain("s", "a", "f", "x", "j", "b", "e") + chain("f", "y", "j")
INNER = drawing.start("s1") + steps("x", "y") + end("e1") + chain("s1", "x", "y", "e1")
PART = S + steps("a", "b") + f'<subProcess id="p1">{INNER}</subProcess>' + end()
PART += chain("s", "a", "p1", "b", "e")
EACH = S + steps("a") + step("each", instances()) + steps("b") + end()
EACH += chain("s", "a", "each", "b", "e")
CHOICE = S + steps("a", "x", "y", "b") + gateway("exclusive", "g") + end() + chain("s", "a", "g")
CHOICE += flow("g", "x", "金额 > 10") + flow("g", "y", "金额 <= 10")
CHOICE += chain("x", "b") + chain("y", "b") + chain("b", "e")


def begin(body, **data):
    definition = read(body)
    return definition, start(definition, data, no_tables, NOW)


def back(definition, case, to_step, done, now=NOW):
    return send_back(definition, case.state, case.open[0].id, to_step, done, no_tables, now)


def through(definition, case, *names, **said):
    for name in names:
        case = complete(definition, case, name, **said)
    return case


@pytest.mark.parametrize("to_step", ["a", "b"])
def test_an_earlier_step_waits_again_and_what_was_said_stays(to_step):
    definition, case = begin(THREE)
    before = through(definition, case, "a", "b", opinion="同意")
    case = back(definition, before, to_step, {"a", "b"})
    assert open_steps(case) == [to_step]
    assert [one.step for one in case.opened] == [to_step]
    assert case.closed == (before.open[0].id,)
    assert case.opened[0].id not in [one.id for one in before.open]
    assert case.data == {"opinion": "同意"}
    names = ["a", "b", "c"]
    assert through(definition, case, *names[names.index(to_step) :]).end == "e"


def test_a_case_is_sent_back_again_and_again():
    definition, case = begin(THREE)
    for _ in range(5):
        case = through(definition, case, "a", "b")
        case = back(definition, case, "b", {"a", "b"})
        case = back(definition, case, "a", {"a", "b"})
    sizes = [len(case.state)]
    for _ in range(20):
        case = back(definition, through(definition, case, "a"), "a", {"a"})
        sizes.append(len(case.state))
    assert max(sizes) - min(sizes) < 50
    assert through(definition, case, "a", "b", "c").ended


def test_the_events_on_the_edge_are_armed_anew_and_those_of_the_step_taken_back_are_gone():
    definition, case = begin(EDGED)
    case = through(definition, case, "a")
    later = NOW + timedelta(days=3)
    case = back(definition, case, "a", {"a"}, later)
    assert case.next_due == later + timedelta(days=5)
    quiet = wake(definition, case.state, no_tables, NOW + timedelta(days=6))
    assert open_steps(quiet) == ["a"]
    rang = wake(definition, case.state, no_tables, NOW + timedelta(days=8))
    assert open_steps(rang) == ["late"]
    assert complete(definition, rang, "late").end == "e2"
    assert through(definition, case, "a", "b").end == "e"


def test_a_step_of_each_unit_asks_all_units_again():
    definition, case = begin(EACH, units=[3, 26])
    case = through(definition, case, "a", "each", "each")
    assert open_steps(case) == ["b"]
    case = back(definition, case, "each", {"a", "each"})
    assert [one.item for one in case.open] == [3, 26]
    assert through(definition, case, "each", "each", "b").ended


def test_a_part_that_was_passed_is_done_again():
    definition, case = begin(PART)
    case = through(definition, case, "a", "x", "y")
    case = back(definition, case, "a", {"a", "x", "y"})
    assert through(definition, case, "a", "x", "y", "b").ended


def test_inside_a_part_one_goes_back_within_the_part():
    definition, case = begin(PART)
    case = through(definition, case, "a", "x")
    case = back(definition, case, "x", {"a", "x"})
    assert through(definition, case, "x", "y", "b").ended


@pytest.mark.parametrize(
    ("body", "way", "to_step", "done", "because"),
    [
        (THREE, ["a"], "c", {"a", "c"}, "scope"),
        (THREE, ["a"], "b", {"a", "b"}, "scope"),
        (THREE, ["a"], "nowhere", {"a", "nowhere"}, "not_done"),
        (THREE, ["a", "b"], "a", {"b"}, "not_done"),
        (CHOICE, ["a", "x"], "y", {"a", "x"}, "not_done"),
        (PART, ["a"], "a", {"a"}, "scope"),
        (PART, ["a", "x", "y"], "x", {"a", "x", "y"}, "scope"),
        (BRANCHES, ["a", "x", "y"], "a", {"a", "x", "y"}, "branches"),
        (BRANCHES, ["a", "x", "y"], "x", {"a", "x", "y"}, "branches"),
        (BRANCHES, ["a"], "a", {"a"}, "others_open"),
        (BRANCHES, ["a", "x"], "a", {"a", "x"}, "others_open"),
        (EACH, ["a"], "a", {"a"}, "instance"),
    ],
    ids=["later", "itself", "unknown", "never done", "other way", "out of a part", "into a part",
         "over branches", "into a branch", "beside a branch", "branch waits", "instance"],
)  # fmt: skip
def test_what_cannot_be_sent_back_stays_where_it_is(body, way, to_step, done, because):
    definition, case = begin(body, units=[3], amount=20)
    case = through(definition, case, *way)
    with pytest.raises(Conflict) as refused:
        back(definition, case, to_step, done)
    said = refused.value.params
    assert refused.value.code == "process.cannot_send_back"
    assert (said["element"], said["because"]) == (to_step, because)


def test_what_an_event_opened_beside_is_under_way_too():
    definition, case = begin(ASIDE)
    case = wake(definition, case.state, no_tables, NOW + timedelta(days=5))
    case = complete(definition, case, "a")
    task = next(one for one in case.open if one.step == "b")
    with pytest.raises(Conflict, match=r"process\.cannot_send_back"):
        send_back(definition, case.state, task.id, "a", {"a"}, no_tables, NOW)


def test_a_task_that_no_longer_waits_is_not_sent_back():
    definition, case = begin(THREE)
    case = through(definition, case, "a", "b")
    again = back(definition, case, "a", {"a"})
    with pytest.raises(Conflict, match=r"task\.not_ready"):
        send_back(definition, again.state, case.open[0].id, "a", {"a"}, no_tables, NOW)


class Sketch:
    """Draws random blocks; conditions ask for variables that never change."""

    def __init__(self, draw):
        self.draw, self.count, self.body = draw, 0, ""

    def name(self, kind):
        self.count += 1
        return f"{kind}{self.count}"

    def task(self, before, depth):
        name = self.name("t")
        self.body += steps(name)
        if self.draw(st.booleans()):
            late = self.name("late")
            self.body += boundary(late, name, DEADLINE) + end(f"end_{late}")
            self.body += chain(late, f"end_{late}")
        return self.link(before, name)

    def link(self, before, name, condition=None):
        self.body += flow(before, name, condition)
        return name

    def part(self, before, depth):
        name, outside = self.name("p"), self.body
        self.body = drawing.start(f"s_{name}")
        last = self.blocks(f"s_{name}", depth + 1)
        self.body += end(f"e_{name}") + chain(last, f"e_{name}")
        self.body = f'{outside}<subProcess id="{name}">{self.body}</subProcess>'
        return self.link(before, name)

    def fork(self, before, depth, kind):
        fork, join = self.name("f"), self.name("j")
        self.body += gateway(kind, fork) + gateway(kind, join)
        self.link(before, fork)
        for condition in ("金额 > 10", "金额 <= 10"):
            first = self.name("t")
            self.body += steps(first)
            self.link(fork, first, condition if kind == "exclusive" else None)
            self.link(self.blocks(first, depth + 1), join)
        return join

    def blocks(self, before, depth):
        kinds = ["task"] if depth > 1 else ["task", "part", "exclusive", "parallel"]
        for kind in self.draw(st.lists(st.sampled_from(kinds), min_size=1, max_size=3)):
            if kind in ("exclusive", "parallel"):
                before = self.fork(before, depth, kind)
            else:
                before = getattr(self, kind)(before, depth)
        return before


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_after_going_back_and_forward_again_a_case_ends_as_without(data):
    sketch = Sketch(data.draw)
    sketch.body = S
    last = sketch.blocks("s", 0)
    definition = read(sketch.body + end() + chain(last, "e"))
    case = start(definition, {"amount": data.draw(st.sampled_from([5, 20]))}, no_tables, NOW)
    straight, done, sent = [], [], 0
    while not case.ended:
        task = case.open[0]
        for to_step in dict.fromkeys(done):
            try:
                again = send_back(definition, case.state, task.id, to_step, done, no_tables, NOW)
            except Conflict:
                continue
            sent += 1
            assert [one.step for one in again.opened] == [to_step]
            assert len(again.open) == len(case.open)
            place = max(n for n, one in enumerate(done) if one == to_step)
            forward = list(done[place:])
            for name in forward:
                assert name in open_steps(again)
                again = complete(definition, again, name)
            assert open_steps(again) == open_steps(case)
            assert again.data == case.data
            if data.draw(st.booleans()):
                case, task = again, again.open[0]
        straight.append(task.step)
        done.append(task.step)
        case = advance(definition, case.state, task.id, {}, no_tables, NOW)
    assert case.end == "e"
    fresh = start(definition, {"amount": case.data["amount"]}, no_tables, NOW)
    for name in straight:
        fresh = complete(definition, fresh, name)
    assert (fresh.ended, fresh.end, fresh.data) == (True, "e", case.data)
