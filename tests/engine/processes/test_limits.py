"""Steps and days read off a diagram, and what is said where they are too many."""

import pytest
from lxml import etree

from engine.kernel.errors import Invalid
from engine.processes.definition import read_definition
from engine.processes.limits import Limit, check_limits, strictest
from tests.engine.processes.drawing import (
    boundary,
    call,
    chain,
    document,
    end,
    flow,
    gateway,
    start,
    step,
    timer,
)

DAY = timer("timeDuration", "P1D")


def check(body, steps=3, days=10, pid="p"):
    root = etree.fromstring(document(body, pid=pid, mended=False))
    return check_limits(root, {"p": Limit(steps, days)})


def told(body, **limit):
    return [
        (one.code.removeprefix("process."), one.params.get("found")) for one in check(body, **limit)
    ]


def straight(*days):
    names = [f"t{number}" for number in range(len(days))]
    tasks = "".join(step(name, days=str(each)) for name, each in zip(names, days, strict=True))
    return start() + tasks + end() + chain("s", *names, "e")


def test_a_fourth_step_is_refused_with_its_way():
    (one,) = check(straight(1, 1, 1, 1))
    assert (one.code, one.element) == ("process.too_many_steps", "p")
    assert (one.params["found"], one.params["limit"]) == (4, 3)
    assert one.params["path"] == [
        *("s", "f_s_t0", "t0", "f_t0_t1", "t1", "f_t1_t2", "t2", "f_t2_t3", "t3", "f_t3_e", "e")
    ]


@pytest.mark.parametrize(
    ("steps", "days", "wanted"),
    [
        (3, 10, []),
        (2, 10, [("too_many_steps", 3)]),
        (3, 9, [("too_many_days", 10)]),
        (1, 1, [("too_many_steps", 3), ("too_many_days", 10)]),
        (None, 9, [("too_many_days", 10)]),
        (None, None, []),
    ],
)
def test_steps_and_days_are_told_apart(steps, days, wanted):
    assert told(straight(2, 5, 3), steps=steps, days=days) == wanted


def test_a_process_without_matters_has_no_limits():
    root = etree.fromstring(document(straight(9, 9, 9, 9), pid="other"))
    assert check_limits(root, {"p": Limit(1, 1)}) == []


def test_of_parallel_branches_the_longest_counts():
    body = start() + gateway("parallel", "g") + gateway("parallel", "j") + end()
    body += step("a", days="4") + step("b", days="2") + step("c", days="3")
    body += chain("s", "g", "a", "j", "e") + chain("g", "b", "c", "j")
    assert told(body, steps=1, days=4) == [("too_many_steps", 2), ("too_many_days", 5)]
    assert told(body, steps=2, days=5) == []
    (one,) = check(body, steps=2, days=4)
    assert "b" in one.params["path"]
    assert "a" not in one.params["path"]


def test_a_step_that_stops_the_clock_counts_as_a_step_and_no_day():
    body = start() + step("a", days="5") + step("b", days="20", stops_clock="hearing") + end()
    body += chain("s", "a", "b", "e")
    assert told(body, steps=2, days=5) == []
    assert told(body, steps=1, days=4) == [("too_many_steps", 2), ("too_many_days", 5)]


def test_what_stands_behind_an_event_on_the_edge_does_not_count():
    body = straight(5, 5) + step("urge", days="9") + end("e2")
    body += boundary("late", "t0", DAY, interrupts=False) + chain("late", "urge", "e2")
    assert told(body, steps=2, days=10) == []


def test_what_runs_inside_a_part_counts():
    inside = straight(4, 4).replace('"s"', '"s2"').replace('"e"', '"e2"')
    body = start("s0") + f'<subProcess id="part">{inside}</subProcess>' + step("last", days="3")
    body += end("e0") + chain("s0", "part", "last", "e0")
    (steps, days) = check(body, steps=2, days=10)
    assert (steps.params["found"], days.params["found"]) == (3, 11)
    assert [name for name in steps.params["path"] if not name.startswith("f_")] == [
        *("s0", "part", "s2", "t0", "t1", "e2", "last", "e0")
    ]


def test_a_called_process_counts_where_it_is_called():
    called = f'<process id="q">{straight(4, 4)}</process>'.replace('"s"', '"s2"')
    body = start("s0") + '<callActivity id="call" calledElement="q"/>' + end("e0")
    root = etree.fromstring(document(body + chain("s0", "call", "e0"), rest=called, mended=False))
    (one,) = check_limits(root, {"p": Limit(1, 8)})
    assert (one.code, one.params["found"]) == ("process.too_many_steps", 2)


def loop(**said):
    body = start() + gateway("exclusive", "m") + step("a", days="2") + step("b", **said)
    body += gateway("exclusive", "x") + end() + chain("s", "m", "a", "b", "x", "e")
    return body + flow("x", "m")


def test_a_loop_with_counted_days_and_nothing_to_stop_it_is_refused():
    (one,) = check(loop(days="1"))
    assert (one.code, one.element) == ("process.unbounded_days", "m")
    assert one.params["path"] == ["m", "a", "b", "x"]


def test_a_loop_with_a_step_that_stops_the_clock_goes_round_once():
    assert told(loop(days="1", stops_clock="inspection"), steps=2, days=2) == []


def test_a_loop_without_days_is_none_of_our_business():
    assert told(loop().replace('days="2"', 'form="f"')) == []


@pytest.mark.parametrize(
    ("mark", "wanted"),
    [
        ('<standardLoopCharacteristics loopMaximum="3"/>', [("too_many_days", 12)]),
        ("<standardLoopCharacteristics/>", [("unbounded_days", None)]),
        ('<multiInstanceLoopCharacteristics isSequential="true"/>', [("unbounded_days", None)]),
        ("<multiInstanceLoopCharacteristics/>", []),
    ],
    ids=["three times", "nobody knows how often", "one by one", "all at once"],
)
def test_a_step_that_is_done_several_times(mark, wanted):
    body = start() + step("a", mark, days="4") + end() + chain("s", "a", "e")
    assert told(body, steps=1, days=10) == wanted


def with_limit(words):
    ours = f"<extensionElements><hall:limit {words}/></extensionElements>"
    return document(ours + straight(4, 4, 4, 4))


def test_an_exception_needs_its_legal_basis():
    limits = {"p": Limit(3, 10)}
    excused = with_limit('steps="4" days="16" basis="社会团体登记管理条例第十二条"')
    assert check_limits(etree.fromstring(excused), limits) == []
    assert read_definition(excused, limits=limits).key == "p"
    for words in ('steps="4" days="16"', 'steps="4" days="16" basis=" "'):
        found = check_limits(etree.fromstring(with_limit(words)), limits)
        assert [one.code for one in found] == [
            "process.limit_basis",
            "process.too_many_steps",
            "process.too_many_days",
        ]


def test_an_exception_may_leave_the_other_limit_and_must_be_a_number():
    limits = {"p": Limit(3, 10)}
    (one,) = check_limits(etree.fromstring(with_limit('days="16" basis="法"')), limits)
    assert (one.code, one.params["limit"]) == ("process.too_many_steps", 3)
    found = check_limits(etree.fromstring(with_limit('days="many" basis="法"')), {})
    assert [(one.code, one.params["word"]) for one in found] == [("process.limit_value", "days")]


def test_an_exception_stands_on_a_process_and_knows_its_words():
    with pytest.raises(Invalid) as refused:
        read_definition(with_limit('hours="4" basis="法"'))
    assert refused.value.code == "process.hall_attribute"
    misplaced = step("t", days="1").replace("<hall:step", '<hall:limit basis="法"/><hall:step')
    with pytest.raises(Invalid) as refused:
        read_definition(document(start() + misplaced + end() + chain("s", "t", "e")))
    assert refused.value.code == "process.hall_element"


def test_the_least_of_what_is_promised_counts():
    promises = [
        ("p", Limit(3, 10)),
        ("q", Limit(None, 5)),
        ("p", Limit(None, 7)),
        ("p", Limit(4, 20)),
    ]
    assert strictest(promises) == {"p": Limit(3, 7), "q": Limit(None, 5)}


def test_limits_are_the_gate_of_publishing_only():
    body = document(straight(1, 1, 1, 1))
    assert read_definition(body).key == "p"
    with pytest.raises(Invalid) as refused:
        read_definition(body, limits={"p": Limit(3, 10)})
    assert refused.value.code == "process.too_many_steps"
    assert refused.value.params["path"][0] == "s"


def test_a_long_drawing_is_read_quickly_and_a_knot_of_loops_too():
    names = [f"t{number}" for number in range(300)]
    body = start() + "".join(step(name, days="1") for name in names) + end()
    body += chain("s", *names, "e")
    body += "".join(flow(names[n], names[n - 3], "amount > 1", f"b{n}") for n in range(3, 300, 2))
    codes = [one.code for one in check(body)]
    assert codes == [
        "process.too_many_steps",
        "process.unbounded_days",
        "process.too_many_days",
    ]


@pytest.mark.parametrize(("stops", "days"), [({}, 6), ({"stops-clock": "hearing"}, 1)])
def test_a_call_that_opens_a_child_case_is_one_step_with_its_days(stops, days):
    body = start() + step("a", days="1") + call("x", "opinion", days="5", **stops) + end()
    assert told(body + chain("s", "a", "x", "e"), steps=1, days=days - 1) == [
        ("too_many_steps", 2),
        ("too_many_days", days),
    ]
    assert told(body + chain("s", "a", "x", "e"), steps=2, days=days) == []
