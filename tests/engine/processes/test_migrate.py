"""A running case goes on in another version of its process, or is refused with the element."""

from datetime import timedelta

import pytest

from engine.kernel.errors import Conflict
from engine.processes.definition import read_definition
from engine.processes.migrate import carry_over
from engine.processes.run import advance, start, wake
from tests.engine.processes import drawing
from tests.engine.processes.drawing import (
    NOW,
    boundary,
    call,
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

S = drawing.start()
LINE = read(S + steps("a", "b") + end() + chain("s", "a", "b", "e"))
LONGER = read(S + steps("a", "site", "b") + end() + chain("s", "a", "site", "b", "e"))


def begun(definition, *answered, data=None):
    """Start a case and complete the named steps."""
    made = start(definition, data or {}, no_tables, NOW)
    for name in answered:
        task = next(one for one in made.open if one.step == name)
        made = advance(definition, made.state, task.id, {}, no_tables, NOW)
    return made


def carried(old, new, made, now=NOW):
    return wake(new, carry_over(old, new, made.state), no_tables, now)


def finished(definition, made):
    """Complete whatever is open until the case ends, and return the steps in order."""
    trace = []
    while made.open:
        trace.append(made.open[0].step)
        made = advance(definition, made.state, made.open[0].id, {}, no_tables, NOW)
    return trace, made.ended


def test_an_inserted_step_ahead_is_done_and_open_tasks_keep_their_ids():
    before = begun(LINE)
    after = carried(LINE, LONGER, before)
    assert [task.id for task in after.open] == [task.id for task in before.open]
    assert after.data == before.data
    assert finished(LONGER, after) == (["a", "site", "b"], True)


def test_a_step_inserted_before_the_open_one_is_not_done():
    assert finished(LONGER, carried(LINE, LONGER, begun(LINE, "a"))) == (["b"], True)


@pytest.mark.parametrize(
    ("answered", "gone"), [([], "a"), (["a"], "a")], ids=["open step", "finished step"]
)
def test_a_step_that_is_gone_is_named(answered, gone):
    without = read(S + steps("b") + end() + chain("s", "b", "e"))
    with pytest.raises(Conflict, match=r"migrate\.removed") as refused:
        carry_over(LINE, without, begun(LINE, *answered).state)
    assert refused.value.params["element"] == gone


def test_a_gateway_that_is_gone_behind_us_is_no_matter():
    old = read(
        S + steps("a", "b") + gateway("exclusive", "g") + end()
        + chain("s", "a", "g", "b", "e")
    )  # fmt: skip
    assert finished(LINE, carried(old, LINE, begun(old, "a"))) == (["b"], True)


def test_what_became_another_kind_of_element_is_named():
    other = read(S + steps("a") + '<manualTask id="b"/>' + end() + chain("s", "a", "b", "e"))
    with pytest.raises(Conflict, match=r"migrate\.changed") as refused:
        carry_over(LINE, other, begun(LINE, "a").state)
    assert refused.value.params["element"] == "b"


TIMED = (
    S + steps("a", "late") + end() + end("le") + boundary("d", "a", timer("timeDuration", "P3D"))
)
TIMED += chain("d", "late", "le")


def test_open_timers_keep_their_due_time():
    old = read(TIMED + chain("s", "a", "e"))
    new = read(TIMED + steps("site") + chain("s", "a", "site", "e"))
    before = begun(old)
    later = NOW + timedelta(days=2)
    after = carried(old, new, before, later)
    assert after.next_due == before.next_due == NOW + timedelta(days=3)
    assert open_steps(after) == ["a"]
    assert open_steps(wake(new, after.state, no_tables, before.next_due)) == ["late"]


def test_an_event_that_was_put_on_the_edge_of_an_open_step_is_refused():
    plain = read(S + steps("a", "late") + end() + end("le") + chain("s", "a", "late", "e")
                 + flow("late", "le"))  # fmt: skip
    armed = read(TIMED + chain("s", "a", "e"))
    with pytest.raises(Conflict, match=r"migrate\.events") as refused:
        carry_over(plain, armed, begun(plain).state)
    assert refused.value.params["element"] == "a"


def block(*branches, tail=()):
    """A parallel block of branches, each a tuple of steps."""
    names = {name for branch in branches for name in branch}
    body = S + steps(*sorted(names), *tail) + gateway("parallel", "f") + gateway("parallel", "j")
    body += end() + chain("s", "f") + chain("j", *tail, "e")
    return read(body + "".join(chain("f", *branch, "j") for branch in branches))


BLOCK = block(("a",), ("b",))


def test_inside_a_block_a_step_may_be_inserted_while_nobody_waits_at_the_join():
    wider = block(("a",), ("b", "site"))
    assert finished(wider, carried(BLOCK, wider, begun(BLOCK)))[1]


@pytest.mark.parametrize(
    ("new", "answered"),
    [
        pytest.param(block(("a", "site"), ("b",)), ["a"], id="a token waits on a way that is gone"),
        pytest.param(block(("a",), ("b",), ("c",)), [], id="a branch nobody ever started"),
    ],
)
def test_branches_under_way_must_meet_as_they_did(new, answered):
    with pytest.raises(Conflict, match=r"migrate\.join") as refused:
        carry_over(BLOCK, new, begun(BLOCK, *answered).state)
    assert refused.value.params["element"] == "j"


def test_behind_the_block_anything_may_change():
    longer = block(("a",), ("b",), tail=("site",))
    assert finished(longer, carried(BLOCK, longer, begun(BLOCK, "a"))) == (["b", "site"], True)


def test_a_block_that_lies_ahead_may_change():
    def with_start(*branches):
        names = sorted({name for branch in branches for name in branch})
        body = S + steps("first", *names) + gateway("parallel", "f") + gateway("parallel", "j")
        body += end() + chain("s", "first", "f") + chain("j", "e")
        return read(body + "".join(chain("f", *branch, "j") for branch in branches))

    old, new = with_start(("a",), ("b",)), with_start(("a",), ("b",), ("c",))
    trace, ended = finished(new, carried(old, new, begun(old)))
    assert (sorted(trace), ended) == (["a", "b", "c", "first"], True)


def repeated(*after):
    return read(S + step("a", instances()) + steps(*after) + end() + chain("s", "a", *after, "e"))


def test_a_repeated_step_under_way_goes_on_when_what_follows_is_the_same():
    old, new = repeated("b"), repeated("b", "site")
    before = begun(old, data={"units": ["u1", "u2"]})
    after = carried(old, new, before)
    assert [task.item for task in after.open] == [task.item for task in before.open]
    assert finished(new, after) == (["a", "a", "b", "site"], True)


def test_a_repeated_step_under_way_is_refused_when_what_follows_changed():
    old, new = repeated("b"), repeated("site", "b")
    with pytest.raises(Conflict, match=r"migrate\.instances") as refused:
        carry_over(old, new, begun(old, data={"units": ["u1", "u2"]}).state)
    assert refused.value.params["element"] == "a"


def part(*inner):
    inside = drawing.start("is") + steps(*inner) + end("ie") + chain("is", *inner, "ie")
    body = S + f'<subProcess id="sub">{inside}</subProcess>' + steps("b") + end()
    return read(body + chain("s", "sub", "b", "e"))


def test_a_case_inside_a_sub_process_is_carried_with_it():
    old, new = part("x"), part("x", "y")
    assert finished(new, carried(old, new, begun(old))) == (["x", "y", "b"], True)


def test_a_case_that_has_ended_stays_in_its_version():
    with pytest.raises(Conflict, match=r"migrate\.ended"):
        carry_over(LINE, LONGER, begun(LINE, "a", "b").state)


def test_carrying_there_and_back_gives_the_same_state():
    before = begun(LINE)
    again = carry_over(LONGER, LINE, carry_over(LINE, LONGER, before.state))
    assert finished(LINE, wake(LINE, again, no_tables, NOW)) == (["a", "b"], True)


def test_a_child_case_under_way_belongs_to_the_call_as_it_was_drawn():
    def asking(process, *more):
        body = S + call("x", process, days="5") + steps(*more) + end()
        source = drawing.document(body + chain("s", "x", *more, "e"))
        return read_definition(source, processes=["opinion", "advice"])

    old = asking("opinion")
    assert open_steps(carried(old, asking("opinion", "b"), begun(old))) == ["x"]
    with pytest.raises(Conflict, match=r"migrate\.changed") as refused:
        carry_over(old, asking("advice"), begun(old).state)
    assert refused.value.params["element"] == "x"
