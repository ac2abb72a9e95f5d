"""Cases brought from step to step: paths, choices, timers, instances, refusals."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from decimal import Decimal

import pytest

from engine.kernel.errors import Conflict, Forbidden, Invalid
from engine.processes.definition import read_definition
from engine.processes.run import advance, answer, start, wake
from tests.engine.processes import drawing
from tests.engine.processes.drawing import (
    NOW,
    Answer,
    boundary,
    call,
    chain,
    complete,
    end,
    flow,
    gateway,
    instances,
    no_tables,
    open_steps,
    read,
    rule,
    script,
    step,
    steps,
    timer,
)

S = drawing.start()
TWO = S + steps("a", "b") + end() + chain("s", "a", "b", "e")
CHOICE = (
    S
    + steps("t")
    + gateway("exclusive", "g")
    + end("yes")
    + end("no")
    + chain("s", "t", "g")
    + flow("g", "yes", '审批决定 = "grant"')
    + flow("g", "no", 'decision_outcome = "refuse"')
)


def begin(body, decide=no_tables, **data):
    definition = read(body)
    return definition, start(definition, data, decide, NOW)


def test_a_started_case_waits_at_its_first_task_and_knows_who_may_do_it():
    body = S + step("a", days="2", role="clerk chief", power="decide", form="p.a") + end()
    _, begun = begin(body + chain("s", "a", "e"))
    (task,) = begun.open
    assert (task.step, task.roles, task.days) == ("a", ("clerk", "chief"), 2)
    assert (task.power, task.form, task.item) == ("decide", "p.a", None)
    assert begun.opened == begun.open
    assert not begun.ended
    assert begun.next_due is None


def test_each_step_says_what_opened_and_what_closed():
    definition, begun = begin(TWO, amount=Decimal("1.10"))
    second = complete(definition, begun, "a", note="好")
    assert open_steps(second) == ["b"]
    assert second.closed == (begun.open[0].id,)
    assert second.data == {"amount": Decimal("1.10"), "note": "好"}
    last = complete(definition, second, "b", when=date(2026, 1, 5))
    assert last.ended
    assert last.end == "e"
    assert last.open == ()
    assert last.data["when"] == date(2026, 1, 5)


@pytest.mark.parametrize(("outcome", "reached"), [("grant", "yes"), ("refuse", "no")])
def test_a_choice_reads_facts_by_their_chinese_and_their_plain_name(outcome, reached):
    definition, begun = begin(CHOICE)
    ended = complete(definition, begun, "t", decision_outcome=outcome)
    assert ended.ended
    assert ended.end == reached


def test_the_first_true_flow_in_the_gateways_own_order_is_taken():
    listed = (
        '<exclusiveGateway id="g"><outgoing>f_g_b</outgoing><outgoing>f_g_a</outgoing>'
        "</exclusiveGateway>"
    )
    body = S + listed + steps("a", "b") + end() + chain("s", "g") + chain("a", "e")
    body += chain("b", "e") + flow("g", "a", "true") + flow("g", "b", "true")
    _, begun = begin(body)
    assert open_steps(begun) == ["b"]


@pytest.mark.parametrize(
    "default", ["", "f_g_no"], ids=["without a default", "a default does not mean unknown"]
)
def test_a_condition_that_cannot_be_computed_refuses_the_step(default):
    body = S + steps("t") + gateway("exclusive", "g", default) + end("yes") + end("no")
    body += chain("s", "t", "g") + flow("g", "yes", "金额 > 5", name="big")
    body += flow("g", "no", None if default else "金额 <= 5")
    definition, begun = begin(body)
    with pytest.raises(Invalid) as refused:
        complete(definition, begun, "t")
    assert refused.value.code == "process.undecided"
    assert refused.value.params["element"] == "big"
    assert refused.value.params["text"] == "金额 > 5"
    assert complete(definition, begun, "t", amount=Decimal(6)).end == "yes"
    assert complete(definition, begun, "t", amount=Decimal(5)).end == "no"


def test_a_choice_with_no_way_out_names_the_gateway():
    definition, begun = begin(CHOICE)
    with pytest.raises(Invalid, match=r"process\.no_way") as refused:
        complete(definition, begun, "t", decision_outcome="later")
    assert refused.value.params["element"] == "g"


def test_a_task_is_completed_once():
    definition, begun = begin(TWO)
    second = complete(definition, begun, "a")
    with pytest.raises(Conflict) as refused:
        advance(definition, second.state, begun.open[0].id, {}, no_tables, NOW)
    assert refused.value.code == "task.not_ready"


@pytest.mark.parametrize("task", ["", "nobody", "s", "Start", "../a"])
def test_a_task_that_does_not_exist_is_not_ready(task):
    definition, begun = begin(TWO)
    with pytest.raises(Conflict, match=r"task\.not_ready"):
        advance(definition, begun.state, task, {}, no_tables, NOW)


def test_eight_threads_that_share_a_definition_do_not_disturb_each_other():
    definition = read(
        S + step("a", instances()) + gateway("exclusive", "g") + end("yes") + end("no")
        + chain("s", "a", "g")
        + flow("g", "yes", "count(answers) = 3")
        + flow("g", "no", "count(answers) != 3")
    )  # fmt: skip

    def walk(number):
        case = start(definition, {"units": [number, 2, 3]}, no_tables, NOW)
        while not case.ended:
            case = complete(definition, case, "a", number=number)
        return case.end, case.data["answers"]

    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(walk, range(100, 164)))
    for number, (reached, answers) in zip(range(100, 164), found, strict=True):
        assert reached == "yes"
        assert answers == [{"unit": unit, "number": number} for unit in (number, 2, 3)]


def test_parallel_branches_share_the_variables_and_join():
    body = S + gateway("parallel", "f") + steps("a", "b") + gateway("parallel", "j") + steps("c")
    body += end() + chain("s", "f", "a", "j", "c", "e") + chain("f", "b", "j")
    definition, begun = begin(body, papers=["身份证", "身份证"])
    assert open_steps(begun) == ["a", "b"]
    one = complete(definition, begun, "b", from_b=1)
    assert open_steps(one) == ["a"]
    both = complete(definition, one, "a", from_a=2)
    assert open_steps(both) == ["c"]
    assert both.data == {"papers": ["身份证", "身份证"], "from_b": 1, "from_a": 2}
    assert complete(definition, both, "c").ended


def test_an_inclusive_choice_opens_every_true_way_and_waits_for_them():
    body = S + gateway("inclusive", "f") + steps("a", "b", "c") + gateway("inclusive", "j") + end()
    body += chain("s", "f") + flow("f", "a", "amount > 1") + flow("f", "b", "amount > 10")
    body += flow("f", "c", "amount > 100") + chain("a", "j", "e") + chain("b", "j")
    definition, begun = begin(body + chain("c", "j"), amount=50)
    assert open_steps(begun) == ["a", "b"]
    one = complete(definition, begun, "a")
    assert not one.ended
    assert complete(definition, one, "b").ended


def test_instances_keep_their_answers_apart_in_the_order_of_the_items():
    body = S + step("a", instances()) + steps("b") + end() + chain("s", "a", "b", "e")
    definition, case = begin(body, units=[26, 3, 7])
    assert [task.item for task in case.open] == [26, 3, 7]
    for unit in (7, 26, 3):
        task = next(task for task in case.open if task.item == unit)
        case = advance(definition, case.state, task.id, {"said": f"u{unit}"}, no_tables, NOW)
    assert open_steps(case) == ["b"]
    assert case.data["answers"] == [{"unit": u, "said": f"u{u}"} for u in (26, 3, 7)]
    assert "said" not in case.data


HELD = S + step("a") + step("b", holder="chair") + end() + chain("s", "a", "b", "e")


def test_a_step_goes_to_the_official_that_its_variable_names_and_stays_with_him():
    definition, case = begin(HELD, chair="o7")
    assert [task.holder for task in case.open] == [None]
    case = complete(definition, case, "a")
    assert [task.holder for task in case.opened] == ["o7"]
    later = wake(definition, case.state, no_tables, NOW)
    assert [task.holder for task in later.open] == ["o7"]


@pytest.mark.parametrize("chair", [None, "", " ", 7, ["o7"]], ids=repr)
def test_a_holder_that_is_no_id_refuses_the_step_and_names_it(chair):
    definition, case = begin(HELD)
    with pytest.raises(Invalid, match=r"process\.holder") as refused:
        complete(definition, case, "a", chair=chair)
    said = refused.value.params
    assert (said["element"], said["name"], said["variable"]) == ("b", "b", "chair")
    assert said["found"] == ("" if chair is None else str(chair))


def test_each_instance_goes_to_the_official_that_it_is_about():
    body = S + step("opinion", instances(), holder="unit") + end() + chain("s", "opinion", "e")
    _, case = begin(body, units=["o1", "o2"])
    assert [(task.item, task.holder) for task in case.open] == [("o1", "o1"), ("o2", "o2")]


def test_instances_one_after_the_other():
    body = S + step("a", instances(sequential=True)) + end() + chain("s", "a", "e")
    definition, case = begin(body, units=["x", "y"])
    seen = []
    while not case.ended:
        assert len(case.open) == 1
        seen.append(case.open[0].item)
        case = complete(definition, case, "a", n=len(seen))
    assert seen == ["x", "y"]
    assert case.data["answers"] == [{"unit": "x", "n": 1}, {"unit": "y", "n": 2}]


def test_instances_may_end_early_by_a_condition():
    until = "some each in answers satisfies each.said = false"
    body = S + step("a", instances(until=until)) + steps("b") + end() + chain("s", "a", "b", "e")
    definition, case = begin(body, units=[1, 2, 3])
    case = complete(definition, case, "a", said=True)
    assert open_steps(case) == ["a", "a"]
    case = complete(definition, case, "a", said=False)
    assert open_steps(case) == ["b"]


def test_no_items_means_no_instances():
    body = S + step("a", instances()) + steps("b") + end() + chain("s", "a", "b", "e")
    _, case = begin(body, units=[])
    assert open_steps(case) == ["b"]
    assert case.data["answers"] == []


@pytest.mark.parametrize(
    ("units", "code"),
    [
        (None, "process.items"),
        ("26", "process.items"),
        ([1, None], "process.items"),
        (list(range(201)), "process.too_many_items"),
    ],
    ids=["missing", "a text", "a null item", "more than 200"],
)
def test_items_that_are_no_list_are_refused_with_the_task(units, code):
    with pytest.raises(Invalid) as refused:
        begin(S + step("a", instances()) + end() + chain("s", "a", "e"), units=units)
    assert refused.value.code == code
    assert refused.value.params["element"] == "a"


def test_a_decision_gets_the_variables_and_its_outcome_is_kept():
    asked = []

    def decide(table, facts):
        asked.append((table, dict(facts)))
        return Answer({"allowed": True, "because": "ok"})

    body = S + rule("r", "authority", "verdict") + gateway("exclusive", "g") + end("yes")
    body += end("no") + chain("s", "r", "g") + flow("g", "yes", "verdict.allowed")
    definition = read(body + flow("g", "no", "not(verdict.allowed)"))
    assert definition.tables == ("authority",)
    case = start(definition, {"amount": 3}, decide, NOW)
    assert asked == [("authority", {"amount": 3})]
    assert case.end == "yes"
    assert case.data["verdict"] == {"allowed": True, "because": "ok"}
    (made,) = case.decisions
    assert (made.task, made.table) == ("r", "authority")


def test_an_error_of_the_table_comes_through_untouched():
    error = Forbidden("scope.amount", row="authority-4")

    def decide(table, facts):
        raise error

    with pytest.raises(Forbidden) as refused:
        begin(S + rule("r", "authority", "verdict") + end() + chain("s", "r", "e"), decide)
    assert refused.value is error


def test_a_script_writes_one_variable():
    body = S + script("x", "金额 * 2 + 1") + end() + chain("s", "x", "e")
    _, case = begin(body, amount=Decimal("0.10"))
    assert case.data["total"] == Decimal("1.20")


def test_a_script_that_cannot_be_computed_refuses_the_step():
    with pytest.raises(Invalid, match=r"process\.undecided"):
        begin(S + script("x", "金额 * 2") + end() + chain("s", "x", "e"), amount="many")


def test_an_endless_loop_without_a_person_is_stopped_and_named():
    body = S + gateway("exclusive", "h") + gateway("exclusive", "g", "f_g_e") + end()
    body += chain("s", "h", "g", "e") + flow("g", "h", "true")
    with pytest.raises(Invalid) as refused:
        begin(body)
    assert refused.value.code == "process.endless"
    assert refused.value.params["element"] in ("g", "h")


def test_a_loop_of_many_turns_does_not_lose_its_task():
    body = S + steps("t") + gateway("exclusive", "g", "f_g_e") + end()
    body += chain("s", "t", "g", "e") + flow("g", "t", "amount > 0")
    definition, case = begin(body)
    for _ in range(300):
        case = complete(definition, case, "t", amount=1)
        assert open_steps(case) == ["t"]
    assert complete(definition, case, "t", amount=0).ended


def test_an_error_leaves_the_stored_state_as_good_as_before():
    definition, begun = begin(CHOICE)
    with pytest.raises(Invalid):
        complete(definition, begun, "t")
    assert complete(definition, begun, "t", decision_outcome="grant").end == "yes"


def test_a_sub_process_works_on_the_same_variables():
    inner = drawing.start("is") + steps("x") + end("ie") + chain("is", "x", "ie")
    body = S + f'<subProcess id="sub">{inner}</subProcess>' + steps("b") + end()
    definition, case = begin(body + chain("s", "sub", "b", "e"), a=1)
    assert open_steps(case) == ["x"]
    case = complete(definition, case, "x", b=2)
    assert open_steps(case) == ["b"]
    assert case.data == {"a": 1, "b": 2}
    assert complete(definition, case, "b").end == "e"


def test_a_call_of_a_process_in_the_same_file():
    inner = drawing.start("is") + steps("x") + end("ie") + chain("is", "x", "ie")
    part = f'<process id="part" isExecutable="true">{inner}</process>'
    body = S + '<callActivity id="c" calledElement="part"/>' + end() + chain("s", "c", "e")
    definition = read(body, rest=part)
    assert definition.key == "p"
    case = start(definition, {}, no_tables, NOW)
    assert open_steps(case) == ["x"]
    assert complete(definition, case, "x", done=True).data == {"done": True}


class TestTimers:
    """Boundary and catch events by the moment of the command."""

    DEADLINE = (
        S + steps("t", "late") + end() + end("le") + chain("s", "t", "e") + chain("w", "late", "le")
    )

    def test_a_deadline_tells_when_to_wake_and_interrupts_then(self):
        definition, case = begin(self.DEADLINE + boundary("w", "t", timer("timeDuration", "P2D")))
        assert case.next_due == NOW + timedelta(days=2)
        early = wake(definition, case.state, no_tables, NOW + timedelta(days=1))
        assert open_steps(early) == ["t"]
        assert early.opened == early.closed == ()
        late = wake(definition, early.state, no_tables, NOW + timedelta(days=2))
        assert open_steps(late) == ["late"]
        assert late.closed == (case.open[0].id,)
        assert late.next_due is None
        assert complete(definition, late, "late").end == "le"

    def test_a_deadline_that_passed_comes_before_the_person_who_is_late(self):
        definition, case = begin(self.DEADLINE + boundary("w", "t", timer("timeDuration", "P2D")))
        late = NOW + timedelta(days=3)
        with pytest.raises(Conflict, match=r"task\.not_ready"):
            advance(definition, case.state, case.open[0].id, {}, no_tables, late)

    def test_a_warning_leaves_the_task_open(self):
        drawn = boundary("w", "t", timer("timeDuration", "PT1H"), interrupts=False)
        definition, case = begin(self.DEADLINE + drawn)
        warned = wake(definition, case.state, no_tables, NOW + timedelta(hours=1))
        assert open_steps(warned) == ["t", "late"]
        assert open_steps(complete(definition, warned, "t")) == ["late"]

    def test_a_finished_task_takes_its_timer_with_it(self):
        definition, case = begin(self.DEADLINE + boundary("w", "t", timer("timeDuration", "P2D")))
        done = complete(definition, case, "t")
        assert done.ended
        assert done.next_due is None

    def test_a_date_begins_at_midnight_of_the_hall(self):
        catch = "intermediateCatchEvent"
        drawn = f'<{catch} id="w">{timer("timeDate", "date(2026, 2, 1)")}</{catch}>'
        definition, case = begin(S + drawn + steps("t") + end() + chain("s", "w", "t", "e"))
        assert case.open == ()
        assert case.next_due.isoformat() == "2026-01-31T16:00:00+00:00"
        before = wake(definition, case.state, no_tables, case.next_due - timedelta(seconds=1))
        assert before.open == ()
        assert open_steps(wake(definition, before.state, no_tables, case.next_due)) == ["t"]

    def test_a_moment_without_offset_is_a_time_of_the_hall(self):
        drawn = boundary("w", "t", timer("timeDate", "2026-01-06T09:00:00"))
        _, case = begin(self.DEADLINE + drawn)
        assert case.next_due.isoformat() == "2026-01-06T01:00:00+00:00"

    def test_a_repetition_fires_as_often_as_it_says_even_after_a_long_sleep(self):
        drawn = boundary("w", "t", timer("timeCycle", "R3/P1D"), interrupts=False)
        definition, case = begin(self.DEADLINE + drawn)
        one = wake(definition, case.state, no_tables, NOW + timedelta(days=1))
        assert open_steps(one) == ["t", "late"]
        assert one.next_due == NOW + timedelta(days=2)
        rest = wake(definition, one.state, no_tables, NOW + timedelta(days=30))
        assert open_steps(rest) == ["t", "late", "late", "late"]
        assert rest.next_due is None

    @pytest.mark.parametrize(
        ("text", "value", "code"),
        [
            ("amount", None, "process.time"),
            ("amount", Decimal(5), "process.time"),
            ("region", "next week", "process.time"),
            ("region", "P1M", "process.time"),
            ("region", "P40000D", "process.time_range"),
            ("region", "9999-12-31T23:59:59Z", "process.time_range"),
            ("duration(region)", "-P1D", "process.time_range"),
        ],
        ids=["null", "a number", "words", "months", "a century", "year 9999", "negative"],
    )
    def test_a_time_that_is_none_is_refused_with_the_event(self, text, value, code):
        drawn = self.DEADLINE + boundary("w", "t", timer("timeDuration", text))
        name = "amount" if text == "amount" else "region"
        with pytest.raises(Invalid) as refused:
            begin(drawn, **{name: value})
        assert refused.value.code == code
        assert refused.value.params["element"] == "w"

    def test_an_event_gateway_takes_the_first_of_two_timers(self):
        catch = "intermediateCatchEvent"
        body = S + '<eventBasedGateway id="g"/>' + steps("a", "b") + end()
        body += f'<{catch} id="x" name="同名">{timer("timeDuration", "PT2H")}</{catch}>'
        body += f'<{catch} id="y" name="同名">{timer("timeDuration", "PT1H")}</{catch}>'
        body += chain("s", "g", "x", "a", "e") + chain("g", "y", "b", "e")
        definition, case = begin(body)
        assert case.next_due == NOW + timedelta(hours=1)
        fired = wake(definition, case.state, no_tables, NOW + timedelta(hours=1))
        assert open_steps(fired) == ["b"]


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        (0.1, "float"),
        (float("nan"), "float"),
        (Decimal("NaN"), "Decimal"),
        (NOW.replace(tzinfo=None), "datetime"),
        pytest.param(object(), "object", id="an object"),
        ({"$": "n", "v": "1"}, "dict"),
        ({1: 2}, "dict"),
        (b"x", "bytes"),
        ("\ud800", "str"),
    ],
    ids=repr,
)
def test_variables_that_could_not_be_stored_are_refused(value, kind):
    definition, begun = begin(TWO)
    for attempt in (
        lambda: begin(TWO, bad=value),
        lambda: complete(definition, begun, "a", bad=[value]),
    ):
        with pytest.raises(Invalid) as refused:
            attempt()
        assert refused.value.code == "process.data"
        assert refused.value.params == {"name": "bad", "kind": kind}


def test_too_much_data_is_refused_with_its_size():
    with pytest.raises(Invalid) as refused:
        begin(TWO, text="办" * 100_000)
    assert refused.value.code == "process.data_too_large"
    assert refused.value.params["size"] > refused.value.params["limit"]


def test_several_ends_are_waited_for_and_the_last_one_counts():
    body = S + gateway("parallel", "f") + steps("a", "b") + end("ea") + end("eb")
    definition, case = begin(body + chain("s", "f", "a", "ea") + chain("f", "b", "eb"))
    first = complete(definition, case, "b")
    assert not first.ended
    assert first.end is None
    last = complete(definition, first, "a")
    assert last.ended
    assert last.end == "ea"


def test_a_terminate_end_closes_what_is_open():
    stop = end("stop", "<terminateEventDefinition/>")
    body = S + gateway("parallel", "f") + steps("a", "b") + stop
    body += end("eb") + chain("s", "f", "a", "stop") + chain("f", "b", "eb")
    definition, case = begin(body)
    ended = complete(definition, case, "a")
    assert ended.ended
    assert ended.end == "stop"
    assert set(ended.closed) == {task.id for task in case.open}


def asking(drawn, **data):
    body = S + drawn + steps("z") + end() + chain("s", "x", "z", "e")
    definition = read_definition(drawing.document(body), processes=["opinion"])
    return definition, start(definition, data, no_tables, NOW)


def said(definition, case, number, outcome, **data):
    task = case.open[number]
    return answer(definition, case.state, task.id, outcome, data, no_tables, NOW)


def test_a_call_waits_for_its_child_case_and_takes_what_it_names():
    definition, case = asking(call("x", "opinion", returns="view law", days="5"))
    (open_task,) = case.opened
    assert (open_task.step, open_task.child, open_task.days) == ("x", "opinion", 5)
    case = said(definition, case, 0, "granted", view="agree", other=1)
    assert open_steps(case) == ["z"]
    assert case.data == {"x": {"outcome": "granted", "view": "agree", "law": None}}


def test_child_cases_of_several_units_answer_in_the_order_of_the_units():
    definition, case = asking(call("x", "opinion", instances(), "view"), units=[26, 3])
    assert [(one.item, one.child) for one in case.open] == [(26, "opinion"), (3, "opinion")]
    case = said(definition, case, 1, "refused", view="no")
    case = said(definition, case, 0, None)
    assert case.data["answers"] == [
        {"unit": 26, "outcome": None, "view": None},
        {"unit": 3, "outcome": "refused", "view": "no"},
    ]
    assert open_steps(case) == ["z"]


def test_a_child_that_nobody_waits_for_is_not_answered():
    definition, case = asking(call("x", "opinion"))
    after = said(definition, case, 0, "granted")
    with pytest.raises(Conflict, match=r"task\.not_ready"):
        answer(definition, after.state, case.open[0].id, "granted", {}, no_tables, NOW)


def test_an_event_on_the_edge_of_a_call_closes_it():
    drawn = call("x", "opinion", instances())
    late = boundary("late", "x", timer("timeDuration", "P5D")) + end("e2") + chain("late", "e2")
    definition, case = asking(drawn + late, units=[26, 3])
    after = wake(definition, case.state, no_tables, NOW + timedelta(days=5))
    assert after.end == "e2"
    assert set(after.closed) == {one.id for one in case.open}
