"""Facts in, decision out: outcome, rows, law, trace; two ways that agree, or no decision."""

import json
import os
import threading
import time
from decimal import Decimal
from random import Random

import pytest

from engine.decisions.decide import KEPT_KEYS, Table, decide, explain, read_table
from engine.decisions.durable import Matcher
from engine.decisions.table import read_draft
from engine.domain.facts import FactKind
from engine.kernel import canonical
from engine.kernel.errors import Conflict, HallError, Invalid, Unavailable
from tests.engine.decisions.conftest import RULES

CHIEF = {
    "power": "decide",
    "post": "chief",
    "matter_type": "one_review",
    "steps": 2,
    "holds_grant": True,
    "same_person": False,
    "over_amount": False,
    "outside_region": False,
    "outside_matters": False,
}


@pytest.fixture(scope="module")
def authority(hall_table):
    return read_table(hall_table("authority"))


def test_a_decision_names_outcome_rows_law_and_version(authority):
    decision = decide(authority, CHIEF)
    assert decision.outcome == {"allowed": True, "because": "ok"}
    assert decision.rows == ("authority-15",)
    assert decision.legal_basis == ("《雁城市行政审批首席代表制度（演示）》第五条",)
    assert (decision.table, decision.version) == ("authority", authority.version)
    assert decision.facts == CHIEF


def test_the_chief_does_not_decide_a_commitment_and_the_row_says_so(authority):
    """M-CHIEF-1: the answer names the row."""
    decision = decide(authority, {**CHIEF, "matter_type": "commitment", "steps": 3})
    assert decision.outcome == {"allowed": False, "because": "scope.type"}
    assert decision.rows == ("authority-9",)


def test_facts_are_taken_by_either_name(authority):
    chinese = {"权力": "decide", "岗位": "chief", "办件类型": "one_review", "环节数": 2}
    flags = {"持有授权": True, "办过前一环节": False, "超出授权金额": False, "超出授权区域": False}
    flags |= {"超出授权事项": False}
    assert decide(authority, chinese | flags) == decide(authority, CHIEF)


def test_whole_numbers_come_back_as_integers_and_decimals_as_decimals(hall_table):
    facts = {"units_involved": 1, "statutory_days": Decimal(20)} | dict.fromkeys(
        ("survey", "hearing", "testing", "expert_review", "quantity_limit", "formal_review"), False
    )
    outcome = decide(read_table(hall_table("classification")), facts).outcome
    assert (outcome["steps"], outcome["promised_days"]) == (2, 3)
    assert type(outcome["steps"]) is int


def test_what_is_not_given_is_null_and_no_row_is_no_outcome(authority):
    decision = decide(authority, {})
    assert decision.rows == ()
    assert decision.outcome == {"allowed": None, "because": None}
    assert decision.legal_basis == ()
    assert set(decision.facts.values()) == {None}


def test_the_trace_says_of_every_row_which_cells_failed_and_with_what_value(authority):
    trace = decide(authority, CHIEF).trace
    assert [row.number for row in trace] == list(range(1, 23))
    assert [row.row for row in trace if row.matched] == ["authority-15"]
    ninth = next(row for row in trace if row.row == "authority-9")
    assert [(cell.column, cell.text, cell.value, cell.holds) for cell in ninth.failed] == [
        ("办件类型", 'not("instant", "one_review")', "one_review", False)
    ]
    assert ninth.legal_basis
    assert ninth.note


def test_a_cell_that_cannot_be_computed_is_told_apart_from_a_false_one(hall_table):
    table = read_table(hall_table("escalation"))
    trace = explain(table, {"suspended": False, "statutory_left": 5}).trace
    promised = next(cell for cell in trace[4].failed if cell.column == "距承诺到期工作日")
    assert (promised.value, promised.holds) == (None, None)
    assert next(cell for cell in trace[1].failed).holds is False


def test_what_is_said_of_a_decision_is_json_and_canonical(authority):
    plain = decide(authority, CHIEF).plain()
    assert json.loads(json.dumps(plain)) == plain
    assert canonical.dumps(plain) == canonical.dumps(explain(authority, CHIEF).plain())
    keys = {"table", "version", "moment", "facts", "outcome", "rows", "legal_basis", "trace"}
    assert keys == set(plain)


def test_a_stored_decision_is_recomputed_to_the_same_bytes(authority):
    stored = canonical.dumps(decide(authority, CHIEF).record())
    facts = json.loads(stored)["facts"]
    assert canonical.dumps(explain(authority, facts).record()) == stored


def test_explaining_and_deciding_say_the_same(authority):
    assert explain(authority, CHIEF) == decide(authority, CHIEF)


@pytest.mark.parametrize(
    ("rows", "policy", "extra", "outcome", "hit"),
    [
        ([("-", "-", '"a"'), ("> 5", "-", '"b"')], "COLLECT", "", ["a", "b"], ("r1", "r2")),
        ([("> 50", "-", '"a"')], "COLLECT", "", [], ()),
        ([("-", "-", '"a"'), ("> 5", "-", '"b"')], "COLLECT", 'aggregation="MAX"', "b",
         ("r1", "r2")),
        ([("-", "-", '"a"'), ("> 5", "-", '"a"')], "ANY", "", "a", ("r1", "r2")),
        ([("-", "-", '"a"'), ("> 5", "-", '"b"')], "RULE ORDER", "", ["a", "b"], ("r1", "r2")),
        ([("-", "-", 'if 法定天数 > 5 then "long" else "short"')], "UNIQUE", "", "long", ("r1",)),
    ],
    ids=["list", "nothing to list", "greatest", "any", "rule order", "computed output"],
)  # fmt: skip
def test_every_policy_answers_by_the_name_of_the_fact(days, rows, policy, extra, outcome, hit):
    decision = decide(read_table(days(rows, policy, extra)), {"statutory_days": 6})
    assert decision.outcome == {"matter_type": outcome}
    assert decision.rows == hit


def test_a_computed_output_is_computed_anew_for_facts_of_one_class(days):
    table = read_table(days([("> 1", "-", "string(法定天数)")]))
    found = [decide(table, {"法定天数": n}).outcome["matter_type"] for n in (5, 6, 5)]
    assert found == ["5", "6", "5"]


def test_an_outcome_that_somebody_changes_is_not_remembered_changed(days):
    table = read_table(days([("-", "-", '"a"')], "COLLECT"))
    first = decide(table, {"法定天数": 3})
    first.outcome["matter_type"].append("b")
    assert decide(table, {"法定天数": 3}).outcome == {"matter_type": ["a"]}


def test_two_rows_under_unique_are_an_error_and_never_a_guess(days):
    table = read_table(days([("-", "-", '"a"'), ("> 5", "-", '"b"')]))
    for _ in range(2):
        with pytest.raises(Conflict) as caught:
            decide(table, {"法定天数": 6})
        assert caught.value.code == "decision.not_unique"
        assert caught.value.params == {"table": "d", "rows": ["r1", "r2"]}
    assert decide(table, {"法定天数": 5}).rows == ("r1",)


@pytest.mark.parametrize("ask", [decide, explain])
def test_a_wrong_fact_is_refused_before_anything_decides(authority, ask):
    with pytest.raises(Invalid, match=r"decision\.unknown_fact"):
        ask(authority, {**CHIEF, "posts": "chief"})
    with pytest.raises(Invalid, match=r"decision\.not_allowed"):
        ask(authority, {**CHIEF, "post": "king"})


def test_durable_rules_is_asked_once_for_facts_of_one_class(days, monkeypatch):
    asked = []
    real = Matcher.rows
    table = read_table(days([("<= 5", "-", '"a"'), ("> 5", "-", '"b"')]))
    monkeypatch.setattr(
        Matcher, "rows", lambda self, message: asked.append(message) or real(self, message)
    )
    for number in (1, 2, 3, 4, 6, 7, 600, 1):
        decide(table, {"法定天数": number, "现场勘查": True})
    assert len(asked) == 2
    explain(table, {"法定天数": 5, "现场勘查": True})
    assert len(asked) == 2, "the reference alone explains"


def test_a_disagreement_refuses_the_step_and_withdraws_the_version(days, monkeypatch):
    table = read_table(days([("<= 50", "-", '"a"'), ("> 50", "-", '"b"')]))
    assert decide(table, {"法定天数": 1}).rows == ("r1",)
    monkeypatch.setattr(Matcher, "rows", lambda self, message: (0, 1))
    with pytest.raises(Unavailable) as caught:
        decide(table, {"法定天数": 51})
    assert caught.value.code == "decision.disagreement"
    assert caught.value.params["reference"] == ["r2"]
    assert caught.value.params["matcher"] == ["r1", "r2"]
    assert caught.value.params["values"] == [51, None]
    monkeypatch.undo()
    with pytest.raises(Unavailable, match=r"decision\.withdrawn"):
        decide(table, {"法定天数": 1})
    assert explain(table, {"法定天数": 51}).rows == ("r2",)


def test_a_table_the_library_cannot_hold_is_decided_by_the_closures_alone(days):
    table = read_table(days([("<= 0.00001", "-", '"a"'), ("> 0.00001", "-", '"b"')]))
    assert table.alone == "table.alone.decimals"
    assert decide(table, {"法定天数": 1}).rows == ("r2",)


def test_what_is_remembered_is_bounded(days):
    table = read_table(days([("? * 1 > 5", "-", '"a"')]))
    table._known = dict.fromkeys(range(KEPT_KEYS))
    decide(table, {"法定天数": 6})
    assert len(table._known) == 1


def test_a_table_is_read_once_for_the_same_bytes(hall_table):
    began = time.perf_counter()
    first = read_table(hall_table("escalation"))
    again = read_table(hall_table("escalation"))
    assert first is again
    assert time.perf_counter() - began < 30


def test_threads_and_forks_decide_alike(authority):
    wrong = []
    cases = [
        ({**CHIEF, "steps": steps, "post": post, "holds_grant": grant}, None)
        for steps in (1, 2, 3)
        for post in ("clerk", "chief", "head", "reviewer")
        for grant in (True, False)
    ]
    cases = [(facts, explain(authority, facts).rows) for facts, _ in cases]

    def work():
        for _ in range(30):
            wrong.extend(1 for facts, rows in cases if decide(authority, facts).rows != rows)

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    authority._known.clear()
    child = os.fork()
    if child == 0:
        authority._known.clear()
        os._exit(int(any(decide(authority, facts).rows != rows for facts, rows in cases)))
    code = os.waitpid(child, 0)[1]
    for thread in threads:
        thread.join()
    assert (wrong, code) == ([], 0)


def _drawn(fact, draw):
    """A value of a fact, or none."""
    if draw.random() < 0.1:
        return None
    match fact.kind:
        case FactKind.NUMBER:
            return draw.randrange(60)
        case FactKind.BOOLEAN:
            return draw.random() < 0.5
        case FactKind.DATE:
            return f"2015-11-{draw.randint(1, 28):02}"
    return draw.choice(fact.codes) if fact.codes else draw.choice(["commitment", "instant", "x"])


def _said(ask):
    try:
        return ask()
    except HallError as error:
        return error.code


@pytest.mark.parametrize("path", sorted((RULES / "tables").glob("*.dmn")), ids=lambda one: one.stem)
def test_the_outcome_alone_is_that_of_the_whole_explanation(path):
    """Asked twice, so that classes of facts that were decided before are met again."""
    fast, plain = (Table(read_draft(path.read_bytes())) for _ in range(2))
    draw = Random(1)  # noqa: S311 -- a fixed seed, nothing to guess
    for _ in range(150):
        facts = {fact.key: _drawn(fact, draw) for fact in fast.inputs}
        whole = _said(lambda facts=facts: explain(plain, facts).outcome)
        assert [_said(lambda facts=facts: fast.outcome(facts)) for _ in range(2)] == [whole, whole]
