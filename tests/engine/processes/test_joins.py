"""Joins count tokens: in loops, with ways not taken, with tokens left over."""

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.processes.run import start
from tests.engine.processes import drawing
from tests.engine.processes.drawing import (
    NOW,
    chain,
    complete,
    end,
    flow,
    gateway,
    no_tables,
    open_steps,
    read,
    steps,
)

S = drawing.start()
PARALLEL_LOOP = (
    S + gateway("exclusive", "m") + gateway("parallel", "f") + steps("a", "b")
    + gateway("parallel", "j") + gateway("exclusive", "g", "f_g_e") + end()
    + chain("s", "m", "f", "a", "j", "g", "e") + chain("f", "b", "j") + flow("g", "m", "金额 > 0")
)  # fmt: skip
INCLUSIVE_LOOP = (
    S + gateway("exclusive", "m") + gateway("inclusive", "f") + steps("a", "b", "c")
    + gateway("inclusive", "j") + gateway("exclusive", "g", "f_g_e") + end()
    + chain("s", "m", "f") + flow("f", "a", "金额 >= 0") + flow("f", "b", "金额 > 1")
    + flow("f", "c", "金额 > 2") + chain("a", "j", "g", "e") + chain("b", "j") + chain("c", "j")
    + flow("g", "m", "金额 > 0")
)  # fmt: skip
CLOSED, WIDE = read(PARALLEL_LOOP), read(INCLUSIVE_LOOP)


@given(st.lists(st.booleans(), min_size=1, max_size=8))
@settings(max_examples=40, deadline=None)
def test_a_parallel_join_in_a_loop_waits_for_both_whatever_the_order(orders):
    case = start(CLOSED, {}, no_tables, NOW)
    for turn, a_first in enumerate(orders):
        assert sorted(open_steps(case)) == ["a", "b"]
        first, second = ("a", "b") if a_first else ("b", "a")
        case = complete(CLOSED, case, first)
        assert open_steps(case) == [second]
        case = complete(CLOSED, case, second, amount=0 if turn == len(orders) - 1 else 1)
    assert case.ended


@given(st.lists(st.tuples(st.integers(0, 3), st.permutations("abc")), min_size=1, max_size=6))
@settings(max_examples=40, deadline=None)
def test_an_inclusive_join_in_a_loop_waits_for_the_ways_that_were_opened(turns):
    amount, _ = turns[0]
    case = start(WIDE, {"amount": amount}, no_tables, NOW)
    for number, (amount, order) in enumerate(turns):
        opened = ["a"] + ["b"] * (amount > 1) + ["c"] * (amount > 2)
        assert sorted(open_steps(case)) == opened
        done = [name for name in order if name in opened]
        following = turns[number + 1][0] if number + 1 < len(turns) else 0
        for name in done[:-1]:
            case = complete(WIDE, case, name)
            assert name not in open_steps(case)
        case = complete(WIDE, case, done[-1], amount=following)
        if following == 0:
            break
    assert case.ended


def test_a_token_left_over_keeps_the_process_alive_and_is_used_by_the_next():
    body = S + gateway("parallel", "f") + steps("a", "b", "c") + gateway("exclusive", "x")
    body += gateway("parallel", "j") + steps("after") + end()
    body += (
        chain("s", "f", "a", "x", "j", "after", "e") + chain("f", "b", "x") + chain("f", "c", "j")
    )
    definition = read(body)
    case = start(definition, {}, no_tables, NOW)
    for name in ("a", "b"):
        case = complete(definition, case, name)
    assert open_steps(case) == ["c"]
    case = complete(definition, case, "c")
    assert open_steps(case) == ["after"]
    case = complete(definition, case, "after")
    assert case.open == ()
    assert not case.ended


@pytest.mark.parametrize("order", list(itertools.permutations("abc")), ids="".join)
def test_three_branches_meet_in_any_order(order):
    body = S + gateway("parallel", "f") + steps("a", "b", "c", "d") + gateway("parallel", "j")
    body += (
        end() + chain("s", "f", "a", "j", "d", "e") + chain("f", "b", "j") + chain("f", "c", "j")
    )
    definition = read(body)
    case = start(definition, {}, no_tables, NOW)
    for name in order:
        assert "d" not in open_steps(case)
        case = complete(definition, case, name)
    assert open_steps(case) == ["d"]


def test_an_inclusive_join_waits_for_a_branch_that_is_two_steps_long():
    body = S + gateway("inclusive", "f") + steps("a", "b", "c") + gateway("inclusive", "j") + end()
    body += chain("s", "f", "j", "e") + flow("f", "a", "true") + chain("a", "b", "j")
    body = body.replace(
        '<sequenceFlow id="f_f_j" sourceRef="f" targetRef="j"></sequenceFlow>',
        flow("f", "j", "true"),
    ).replace('<userTask id="c" name="c" ></userTask>', "")
    definition = read(body)
    case = start(definition, {}, no_tables, NOW)
    assert open_steps(case) == ["a"]
    case = complete(definition, case, "a")
    assert open_steps(case) == ["b"]
    assert complete(definition, case, "b").ended


def test_a_join_deeper_than_the_stock_limit_of_a_thousand():
    case = start(CLOSED, {"amount": 1}, no_tables, NOW)
    for _ in range(220):
        case = complete(CLOSED, case, "b")
        case = complete(CLOSED, case, "a")
    assert sorted(open_steps(case)) == ["a", "b"]
    case = complete(CLOSED, case, "a", amount=0)
    assert complete(CLOSED, case, "b").ended
