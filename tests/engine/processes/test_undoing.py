"""What undoes: order, once each, loops, sub-processes, event sub-processes, transactions."""

import re
from datetime import timedelta
from itertools import count

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.processes.definition import read_definition
from engine.processes.run import start, wake
from tests.engine.processes.drawing import (
    NOW,
    boundary,
    chain,
    complete,
    document,
    end,
    flow,
    gateway,
    no_tables,
    open_steps,
    script,
    step,
    steps,
    timer,
)
from tests.engine.processes.drawing import start as begin

COMPENSATE = "<compensateEventDefinition/>"
S = begin() + script("open", "[]", "log") + flow("s", "open")


def note(name, mark=""):
    """Return a script task that writes its own name into the log."""
    drawn = script(name, f'append(log, "{name}")', "log")
    return drawn.replace("<scriptTask ", f"<scriptTask {mark} ", 1)


def undo(host, handler=None, name=""):
    """Return a compensation boundary event on `host`, its handler and their association."""
    name = name or f"u_{host}"
    drawn = handler or note(name, 'isForCompensation="true"')
    event = f'<boundaryEvent id="b_{host}" attachedToRef="{host}">{COMPENSATE}</boundaryEvent>'
    line = f'<association id="l_{host}" associationDirection="One" sourceRef="b_{host}"'
    return f'{event}{drawn}{line} targetRef="{name}"/>'


def throw(name, whom="", wait=True):
    said = f' activityRef="{whom}"' if whom else ""
    said += "" if wait else ' waitForCompletion="false"'
    definition = f"<compensateEventDefinition{said}/>"
    return f'<intermediateThrowEvent id="{name}">{definition}</intermediateThrowEvent>'


def sorted_out(body):
    """Return a body with its associations at the end, where the schema wants them."""
    drawn = re.findall('<association [^>]*"/>', body)  # those of inner scopes end in a space
    lines = "".join(line.replace("/>", " />") for line in drawn)
    return re.sub('<association [^>]*"/>', "", body) + lines


def sub(name, body, kind="subProcess", said=""):
    return f'<{kind} id="{name}" {said}>{sorted_out(body)}</{kind}>'


def run(body, rest="", **data):
    definition = read_definition(document(sorted_out(body), rest=rest))
    return definition, start(definition, data, no_tables, NOW)


def log(case):
    return case.data["log"]


def test_what_completed_is_undone_last_first_and_the_token_goes_on():
    body = S + note("a") + undo("a") + note("b") + undo("b") + note("c") + throw("t") + note("d")
    _, case = run(body + end() + chain("open", "a", "b", "c", "t", "d", "e"))
    assert log(case) == ["a", "b", "c", "u_b", "u_a", "d"]
    assert case.ended
    assert case.end == "e"


def test_an_end_event_undoes_before_its_token_is_gone():
    body = S + note("a") + undo("a") + end("e", COMPENSATE) + chain("open", "a", "e")
    _, case = run(body)
    assert log(case) == ["a", "u_a"]
    assert case.ended
    assert case.end == "e"


def test_one_activity_is_undone_where_it_is_named():
    body = S + note("a") + undo("a") + note("b") + undo("b") + throw("t", "a") + end()
    _, case = run(body + chain("open", "a", "b", "t", "e"))
    assert log(case) == ["a", "b", "u_a"]


def test_what_was_undone_is_not_undone_again():
    body = S + note("a") + undo("a") + note("b") + undo("b") + throw("t", "a") + throw("again")
    _, case = run(
        body + throw("third") + end() + chain("open", "a", "b", "t", "again", "third", "e")
    )
    assert log(case) == ["a", "b", "u_a", "u_b"]
    assert case.ended


def test_nothing_to_undo_passes():
    body = S + throw("t") + note("a") + undo("a") + end() + chain("open", "t", "a", "e")
    _, case = run(body)
    assert log(case) == ["a"]
    assert case.ended


def test_what_never_ran_is_not_undone():
    body = S + gateway("exclusive", "g") + note("a") + undo("a") + note("b") + undo("b")
    body += gateway("exclusive", "m") + throw("t") + end() + chain("open", "g")
    body += flow("g", "a", "1 = 1") + flow("g", "b", "1 = 2") + chain("a", "m") + chain("b", "m")
    _, case = run(body + chain("m", "t", "e"))
    assert log(case) == ["a", "u_a"]


def test_each_turn_of_a_way_back_is_undone():
    body = S + script("n", "if n = null then 1 else n + 1", "n") + undo("n", name="u_n")
    body += gateway("exclusive", "back") + gateway("exclusive", "g") + throw("t") + end()
    body += chain("open", "back", "n", "g") + flow("g", "back", "n < 3") + flow("g", "t", "n >= 3")
    _, case = run(body + chain("t", "e"))
    assert log(case) == ["u_n"] * 3


def test_each_instance_of_a_loop_is_undone_once():
    loop = "<standardLoopCharacteristics loopMaximum='3'/>"
    body = S + note("a").replace("<script>", loop + "<script>") + undo("a") + throw("t") + end()
    _, case = run(body + chain("open", "a", "t", "e"))
    assert log(case) == ["a", "a", "a", "u_a", "u_a", "u_a"]


INNER = begin("s1") + note("a") + undo("a") + note("b") + undo("b") + end("e1")
INNER += chain("s1", "a", "b", "e1")


def test_a_completed_sub_process_is_undone_through_what_undoes_its_content():
    body = S + note("x") + undo("x") + sub("p1", INNER) + note("y") + undo("y") + throw("t") + end()
    _, case = run(body + chain("open", "x", "p1", "y", "t", "e"))
    assert log(case) == ["x", "a", "b", "y", "u_y", "u_b", "u_a", "u_x"]


def test_a_handler_on_its_edge_undoes_a_sub_process_as_a_whole():
    body = S + sub("p1", INNER) + undo("p1") + throw("t", "p1") + end()
    _, case = run(body + chain("open", "p1", "t", "e"))
    assert log(case) == ["a", "b", "u_p1"]


def test_a_throw_inside_undoes_only_its_own_scope():
    inner = begin("s1") + note("a") + undo("a") + end("e1", COMPENSATE) + chain("s1", "a", "e1")
    body = S + note("x") + undo("x") + sub("p1", inner) + end() + chain("open", "x", "p1", "e")
    _, case = run(body)
    assert log(case) == ["x", "a", "u_a"]
    assert case.ended


def event_sub(name, inside, trigger=COMPENSATE):
    first = f'<startEvent id="s_{name}">{trigger}</startEvent>'
    return sub(name, first + inside, said='triggeredByEvent="true"')


def test_a_compensation_event_sub_process_stands_for_its_scope_and_may_undo_its_content():
    inside = note("w") + throw("inner") + end("e2") + chain("s_esp", "w", "inner", "e2")
    body = S + sub("p1", INNER + event_sub("esp", inside)) + throw("t") + note("z") + end()
    _, case = run(body + chain("open", "p1", "t", "z", "e"))
    assert log(case) == ["a", "b", "w", "u_b", "u_a", "z"]
    assert case.ended


def test_a_compensation_event_sub_process_may_name_one_activity_of_its_scope():
    inside = throw("inner", "a") + end("e2") + chain("s_esp", "inner", "e2")
    body = S + sub("p1", INNER + event_sub("esp", inside)) + throw("t") + end()
    _, case = run(body + chain("open", "p1", "t", "e"))
    assert log(case) == ["a", "b", "u_a"]


def test_a_compensation_event_sub_process_sleeps_while_its_scope_runs():
    inner = begin("s1") + note("a") + undo("a") + throw("now") + end("e1")
    inner += chain("s1", "a", "now", "e1") + event_sub("esp", note("w") + chain("s_esp", "w"))
    _, case = run(S + sub("p1", inner) + end() + chain("open", "p1", "e"))
    assert log(case) == ["a", "u_a"]


def test_handlers_may_wait_for_people_one_after_the_other():
    handler = step("take_back", attributes='isForCompensation="true"')
    body = S + note("a") + undo("a") + note("b") + undo("b", handler, "take_back")
    other = step("return_c", attributes='isForCompensation="true"')
    body += note("c") + undo("c", other, "return_c") + throw("t") + note("d") + end()
    definition, case = run(body + chain("open", "a", "b", "c", "t", "d", "e"))
    assert open_steps(case) == ["return_c"]
    case = complete(definition, case, "return_c", why="撤销")
    assert open_steps(case) == ["take_back"]
    assert log(case) == ["a", "b", "c"]
    case = complete(definition, case, "take_back")
    assert log(case) == ["a", "b", "c", "u_a", "d"]
    assert case.ended
    assert case.data["why"] == "撤销"


def test_a_throw_that_does_not_wait_goes_on_at_once_and_the_case_ends_when_all_is_undone():
    handler = step("take_back", attributes='isForCompensation="true"')
    body = S + note("a") + undo("a", handler, "take_back") + throw("t", wait=False) + steps("d")
    definition, case = run(body + end() + chain("open", "a", "t", "d", "e"))
    assert sorted(open_steps(case)) == ["d", "take_back"]
    case = complete(definition, case, "d")
    assert not case.ended
    assert complete(definition, case, "take_back").ended


def test_a_handler_may_be_a_sub_process_with_its_own_ways():
    inner = begin("s2") + note("h1") + note("h2") + end("e2") + chain("s2", "h1", "h2", "e2")
    handler = sub("h", inner, said='isForCompensation="true"')
    body = S + note("a") + undo("a", handler, "h") + throw("t") + end()
    _, case = run(body + chain("open", "a", "t", "e"))
    assert log(case) == ["a", "h1", "h2"]


def test_parallel_branches_are_undone_in_reverse_order_of_completion():
    body = S + gateway("parallel", "f") + steps("a", "b") + undo("a") + undo("b")
    body += gateway("parallel", "j") + throw("t") + end() + chain("open", "f", "a", "j", "t", "e")
    definition, case = run(body + chain("f", "b", "j"))
    case = complete(definition, case, "b")
    case = complete(definition, case, "a")
    assert log(case) == ["u_a", "u_b"]


def test_a_called_process_is_undone_through_its_content():
    called = sub("q", INNER, "process", 'isExecutable="true"')
    body = S + '<callActivity id="k" calledElement="q"/>' + throw("t") + end()
    _, case = run(body + chain("open", "k", "t", "e"), rest=called)
    assert log(case) == ["a", "b", "u_b", "u_a"]


def test_what_an_interrupted_sub_process_had_done_is_not_undone_from_outside():
    error = '<error id="bad" errorCode="B"/>'
    fails = '<errorEventDefinition errorRef="bad"/>'
    inner = begin("s1") + note("a") + undo("a") + end("e1", fails) + chain("s1", "a", "e1")
    body = S + sub("p1", inner) + boundary("err", "p1", fails) + throw("t") + end() + end("e9")
    body += chain("open", "p1", "e9") + chain("err", "t", "e")
    _, case = run(body, rest=error)
    assert log(case) == ["a"]
    assert case.end == "e"


CANCEL = "<cancelEventDefinition/>"


def transaction(last, edge=True):
    inner = begin("s1") + note("a") + undo("a") + note("b") + undo("b") + end("e1", last)
    body = S + note("x") + undo("x") + sub("tx", inner + chain("s1", "a", "b", "e1"), "transaction")
    body += note("after") + end() + chain("open", "x", "tx", "after", "e")
    if edge:
        body += boundary("left", "tx", CANCEL) + note("cancelled") + end("ec")
        body += chain("left", "cancelled", "ec")
    return body


def test_a_cancelled_transaction_undoes_its_own_content_and_leaves_by_its_edge():
    _, case = run(transaction(CANCEL))
    assert log(case) == ["x", "a", "b", "u_b", "u_a", "cancelled"]
    assert case.ended
    assert case.end == "ec"


def test_a_transaction_that_succeeds_undoes_nothing():
    _, case = run(transaction(""))
    assert log(case) == ["x", "a", "b", "after"]
    assert case.end == "e"


def test_a_cancelled_transaction_without_an_edge_still_ends():
    _, case = run(transaction(CANCEL, edge=False))
    assert log(case) == ["x", "a", "b", "u_b", "u_a"]
    assert case.ended


def test_an_error_leaves_a_transaction_without_undoing():
    fails = '<errorEventDefinition errorRef="bad"/>'
    body = transaction(fails, edge=False) + boundary("hazard", "tx", fails) + note("hazards")
    body += end("eh") + chain("hazard", "hazards", "eh")
    _, case = run(body, rest='<error id="bad" errorCode="B"/>')
    assert log(case) == ["x", "a", "b", "hazards"]
    assert case.end == "eh"


def test_cancelling_stops_what_still_runs_and_waits_for_the_people_who_undo():
    handler = step("give_back", attributes='isForCompensation="true"')
    inner = begin("s1") + gateway("parallel", "f") + steps("slow", "pay", "no")
    inner += undo("pay", handler, "give_back") + undo("slow") + end("e1") + end("ex", CANCEL)
    inner += chain("s1", "f", "slow", "e1") + chain("f", "pay", "no", "ex")
    body = S + sub("tx", inner, "transaction") + boundary("left", "tx", CANCEL) + note("out")
    body += end() + end("ec") + chain("open", "tx", "e") + chain("left", "out", "ec")
    definition, case = run(body)
    case = complete(definition, case, "pay")
    assert sorted(open_steps(case)) == ["no", "slow"]
    case = complete(definition, case, "no")
    assert open_steps(case) == ["give_back"]
    assert log(case) == []
    case = complete(definition, case, "give_back")
    assert log(case) == ["out"]
    assert case.ended
    assert case.end == "ec"


def test_a_cancel_inside_a_sub_process_cancels_the_transaction_around_it():
    inside = begin("s2") + note("c") + undo("c") + end("e2", CANCEL) + chain("s2", "c", "e2")
    inner = begin("s1") + note("a") + undo("a") + sub("p2", inside) + end("e1")
    body = S + sub("tx", inner + chain("s1", "a", "p2", "e1"), "transaction") + end() + end("ec")
    body += boundary("left", "tx", CANCEL) + chain("open", "tx", "e") + chain("left", "ec")
    _, case = run(body)
    assert log(case) == ["a", "c", "u_c", "u_a"]
    assert case.end == "ec"


@pytest.mark.parametrize("turns", [1, 40], ids=["once", "forty times"])
def test_the_notes_are_gone_when_all_is_undone(turns):
    loop = f"<standardLoopCharacteristics loopMaximum='{turns}'/>"
    body = S + note("a").replace("<script>", loop + "<script>") + undo("a") + throw("t")
    definition, case = run(body + steps("w") + end() + chain("open", "a", "t", "w", "e"))
    assert b"hall_undo_a" not in case.state
    assert complete(definition, case, "w").ended


ERROR = '<errorEventDefinition errorRef="bad"/>'
BAD = '<error id="bad" errorCode="B"/>'


@pytest.mark.parametrize(
    ("thrown", "undone"),
    [(throw("t"), ["u_b", "u_a"]), (throw("t", "a"), ["u_a"])],
    ids=["everything", "one activity"],
)
def test_an_event_sub_process_that_handles_an_error_undoes_what_its_scope_had_done(thrown, undone):
    inner = begin("s1") + note("a") + undo("a") + note("b") + undo("b") + end("e1", ERROR)
    handle = thrown + note("h") + end("e2") + chain("s_esp", "t", "h", "e2")
    inner += chain("s1", "a", "b", "e1") + event_sub("esp", handle, ERROR)
    body = S + note("x") + undo("x") + sub("p1", inner) + note("y") + end()
    _, case = run(body + chain("open", "x", "p1", "y", "e"), rest=BAD)
    assert log(case) == ["x", "a", "b", *undone, "h", "y"]
    assert case.ended


def test_a_scope_with_an_event_sub_process_is_undone_later_like_any_other():
    inner = begin("s1") + note("a") + undo("a") + end("e1") + chain("s1", "a", "e1")
    inner += event_sub("esp", note("h") + end("e2") + chain("s_esp", "h", "e2"), ERROR)
    body = S + sub("p1", inner) + throw("t") + end() + chain("open", "p1", "t", "e")
    _, case = run(body, rest=BAD)
    assert log(case) == ["a", "u_a"]


def test_what_an_event_sub_process_did_is_undone_with_its_scope():
    inner = begin("s1") + note("a") + undo("a") + end("e1", ERROR) + chain("s1", "a", "e1")
    handle = note("h") + undo("h") + end("e2") + chain("s_esp", "h", "e2")
    inner += event_sub("esp", handle, ERROR)
    body = S + sub("p1", inner) + throw("t") + end() + chain("open", "p1", "t", "e")
    _, case = run(body, rest=BAD)
    assert log(case) == ["a", "h", "u_h", "u_a"]


def test_a_transaction_with_an_event_sub_process_is_cancelled_as_well():
    inner = begin("s1") + note("a") + undo("a") + end("e1", CANCEL) + chain("s1", "a", "e1")
    inner += event_sub("esp", note("h") + end("e2") + chain("s_esp", "h", "e2"), ERROR)
    body = S + sub("tx", inner, "transaction") + boundary("left", "tx", CANCEL) + note("out")
    body += end() + end("ec") + chain("open", "tx", "e") + chain("left", "out", "ec")
    _, case = run(body, rest=BAD)
    assert log(case) == ["a", "u_a", "out"]
    assert case.end == "ec"


def test_the_main_process_may_undo_from_its_own_event_sub_process():
    handle = throw("t") + end("e2") + chain("s_esp", "t", "e2")
    body = S + note("a") + undo("a") + end("e1", ERROR) + chain("open", "a", "e1")
    _, case = run(body + event_sub("esp", handle, ERROR), rest=BAD)
    assert log(case) == ["a", "u_a"]
    assert case.ended


LOOP = '<multiInstanceLoopCharacteristics isSequential="true"><loopCardinality'
LOOP += ' xsi:type="tFormalExpression">3</loopCardinality></multiInstanceLoopCharacteristics>'


def test_each_instance_is_undone_with_its_own_number():
    handler = script("u_a", "append(log, loopCounter)", "log")
    handler = handler.replace("<scriptTask ", '<scriptTask isForCompensation="true" ')
    body = S + note("a").replace("<script>", LOOP + "<script>") + undo("a", handler, "u_a")
    _, case = run(body + throw("t") + end() + chain("open", "a", "t", "e"))
    assert log(case) == ["a", "a", "a", 3, 2, 1]


def test_the_content_of_each_instance_of_a_sub_process_is_undone():
    body = S + sub("p1", LOOP + INNER) + throw("t") + end() + chain("open", "p1", "t", "e")
    _, case = run(body)
    assert log(case) == ["a", "b"] * 3 + ["u_b", "u_a"] * 3


def test_an_event_sub_process_may_carry_the_mark_of_what_undoes():
    inside = throw("inner") + end("e2") + chain("s_esp", "inner", "e2")
    marked = event_sub("esp", inside).replace("triggered", 'isForCompensation="true" triggered', 1)
    body = S + sub("p1", INNER + marked) + throw("t", "p1") + end()
    _, case = run(body + chain("open", "p1", "t", "e"))
    assert log(case) == ["a", "b", "u_b", "u_a"]
    assert case.ended


def test_a_case_survives_many_handlers_of_people_in_little_room():
    loop = "<standardLoopCharacteristics loopMaximum='40'/>"
    handler = step("h", attributes='isForCompensation="true"')
    body = S + note("a").replace("<script>", loop + "<script>") + undo("a", handler, "h")
    definition, case = run(body + throw("t") + end() + chain("open", "a", "t", "e"))
    first = len(case.state)
    for _ in range(39):
        case = complete(definition, case, "h")
        assert len(case.state) <= first
    assert complete(definition, case, "h").ended


def test_a_transaction_that_succeeded_is_undone_like_any_sub_process():
    inner = begin("s1") + note("a") + undo("a") + end("e1") + chain("s1", "a", "e1")
    body = S + sub("tx", inner, "transaction") + throw("t") + end() + chain("open", "tx", "t", "e")
    _, case = run(body)
    assert log(case) == ["a", "u_a"]


def test_an_event_on_the_edge_stops_the_people_who_undo():
    handler = step("h", attributes='isForCompensation="true"')
    inner = begin("s1") + note("a") + undo("a", handler, "h") + throw("t") + end("e1")
    body = S + sub("p1", inner + chain("s1", "a", "t", "e1")) + end() + end("too_late")
    body += boundary("late", "p1", timer("timeDuration", "P5D")) + chain("open", "p1", "e")
    definition, case = run(body + chain("late", "too_late"))
    (task,) = case.open
    case = wake(definition, case.state, no_tables, NOW + timedelta(days=5))
    assert case.closed == (task.id,)
    assert case.ended
    assert case.end == "too_late"


def test_an_error_of_a_handler_is_caught_around_the_throw():
    fails = begin("s2") + end("e2", ERROR) + chain("s2", "e2")
    handler = sub("h", fails, said='isForCompensation="true"')
    inner = begin("s1") + note("a") + undo("a", handler, "h") + throw("t") + end("e1")
    body = S + sub("p1", inner + chain("s1", "a", "t", "e1")) + boundary("broke", "p1", ERROR)
    body += note("caught") + end() + end("e9") + chain("open", "p1", "e") + chain("broke", "caught")
    _, case = run(body + chain("caught", "e9"), rest=BAD)
    assert log(case) == ["a", "caught"]
    assert case.end == "e9"


# An activity is a number, a sub-process a list of what is in it, a loop of two turns a tuple.
PIECES = st.recursive(
    st.just(1) | st.just((1,)), lambda inner: st.lists(inner, min_size=1, max_size=3), max_leaves=7
)


def drawn(pieces, names):
    """Return the pieces as a chain of nodes from `s…` to `e…`, what they log, what undoes them."""
    own = next(names)
    nodes, ids, logged, undone = [], [], [], []
    for piece in pieces:
        name = f"n{next(names)}"
        if isinstance(piece, list):
            body, inner, back = drawn(piece, names)
            nodes.append(sub(name, body))
        else:
            loop = "<standardLoopCharacteristics loopMaximum='2'/>" if piece == (1,) else ""
            nodes.append(note(name).replace("<script>", loop + "<script>") + undo(name))
            turns = 2 if loop else 1
            inner, back = [name] * turns, [f"u_{name}"] * turns
        ids.append(name)
        logged, undone = logged + inner, back + undone
    body = begin(f"s{own}") + "".join(nodes) + end(f"e{own}")
    return body + chain(f"s{own}", *ids, f"e{own}"), logged, undone


@settings(max_examples=25, deadline=None)
@given(st.lists(PIECES, min_size=1, max_size=4))
def test_whatever_completed_is_undone_in_exactly_the_reverse_order(pieces):
    body, logged, undone = drawn(pieces, count())
    _, case = run(S + sub("whole", body) + throw("t") + end() + chain("open", "whole", "t", "e"))
    assert log(case) == [*logged, *undone]
    assert case.ended
