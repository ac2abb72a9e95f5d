"""A case stays small however long it runs, and still ends as drawn."""

from tests.engine.processes import drawing
from tests.engine.processes.activities import S, run
from tests.engine.processes.drawing import (
    boundary,
    chain,
    complete,
    end,
    flow,
    gateway,
    open_steps,
    steps,
    timer,
)

TURNING = S + gateway("exclusive", "m") + steps("a") + gateway("exclusive", "g", "f_g_e") + end()
TURNING += chain("s", "m", "a", "g", "e") + flow("g", "m", "again")


def test_a_loop_of_many_steps_does_not_grow():
    definition, case, _ = run(TURNING, again=True)
    sizes = []
    for _ in range(300):
        case = complete(definition, case, "a")
        sizes.append(len(case.state))
    assert max(sizes) == sizes[0]
    assert complete(definition, case, "a", again=False).ended


def test_parts_that_are_over_are_dropped_with_what_they_held():
    inner = drawing.start("is") + steps("x") + end("ie") + chain("is", "x", "ie")
    body = S + gateway("exclusive", "m") + f'<subProcess id="sub">{inner}</subProcess>'
    body += gateway("exclusive", "g", "f_g_e") + end() + chain("s", "m", "sub", "g", "e")
    definition, case, _ = run(body + flow("g", "m", "again"), again=True)
    sizes = []
    for _ in range(50):
        case = complete(definition, case, "x")
        sizes.append(len(case.state))
    assert max(sizes) == sizes[0]


def test_the_edge_of_an_open_activity_is_kept():
    body = S + steps("a", "b", "late") + end() + end("le") + chain("s", "a", "b", "e")
    body += boundary("due", "b", timer("timeDuration", "P2D")) + chain("due", "late", "le")
    definition, case, _ = run(body)
    case = complete(definition, case, "a")
    assert case.next_due is not None
    assert open_steps(case) == ["b"]
    case = complete(definition, case, "b")
    assert case.ended
    assert case.next_due is None
