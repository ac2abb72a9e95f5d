"""The cases on which both ways must agree reach every boundary, and a difference is named."""

from decimal import Decimal
from itertools import combinations

import pytest

from engine.decisions.index import Index
from engine.decisions.project import Projection, project
from engine.decisions.prove import cases, prove
from engine.decisions.table import read_draft
from engine.feel.evaluation import Evaluation
from engine.kernel.errors import Conflict

TABLES = ("classification", "authority", "escalation")


@pytest.fixture
def drafted(days):
    return lambda *rows, policy="COLLECT": read_draft(days(rows, policy))


def test_the_cases_hold_each_bound_its_neighbours_null_and_both_truths(drafted):
    draft = drafted(("[3..5)", "true", '"a"'))
    found = list(cases(draft))
    numbers = {case["法定天数"] for case in found}
    assert {Decimal(n) for n in (2, 3, 4, 5, 6)} | {None} <= numbers
    assert {case["现场勘查"] for case in found} == {True, False, None}


@pytest.mark.parametrize("name", TABLES)
def test_every_pair_of_values_across_two_facts_stands_in_a_case(hall_table, name):
    draft = read_draft(hall_table(name))
    found = list(cases(draft))
    for one, two in combinations([fact.zh for fact in draft.inputs], 2):
        firsts, seconds = ({repr(case[fact]) for case in found} for fact in (one, two))
        pairs = {(repr(case[one]), repr(case[two])) for case in found}
        assert pairs == {(first, second) for first in firsts for second in seconds}


def test_the_cases_hit_every_row_and_every_two_rows_that_can_hold_together(drafted):
    draft = drafted(
        ("[100..120]", "true", '"a"'), ("110", "-", '"b"'), ("(700..701)", "false", '"c"')
    )
    together = set()
    for case in cases(draft):
        facts = [case[fact.zh] for fact in draft.inputs]
        scope = draft.scope(facts, Evaluation())
        judged = draft.judged(facts, scope, Evaluation())
        together.add(draft.rows.hits(judged, scope, Evaluation()))
    assert {(0,), (1,), (0, 1), (2,), ()} <= together


def test_the_same_table_has_the_same_cases_every_time(hall_table):
    draft = read_draft(hall_table("authority"))
    assert list(cases(draft)) == list(cases(draft))


@pytest.mark.parametrize("name", TABLES)
def test_the_tables_of_the_hall_are_proved(hall_table, name):
    draft = read_draft(hall_table(name))
    proof = prove(draft, project(draft.rows, draft.index))
    assert proof.cases >= 500
    assert proof.compared == proof.cases


def test_a_wrong_projection_is_found_and_the_case_is_named(drafted):
    draft = drafted(("<= 5", "-", '"a"'), ("> 5", "-", '"b"'))
    right = project(draft.rows, draft.index)
    first, second = right.rows
    wrong = Projection(((*second,), (*first,)), right.words, right.extra, right.index)
    with pytest.raises(Conflict) as caught:
        prove(draft, wrong)
    params = caught.value.params
    assert caught.value.code == "table.disagreement"
    assert (params["table"], set(params["facts"])) == ("d", {"法定天数", "现场勘查"})
    assert {*params["reference"], *params["matcher"]} == {"r1", "r2"}
    assert params["reference"] != params["matcher"]


def test_a_wrong_index_is_found_even_without_durable_rules(drafted, monkeypatch):
    draft = drafted(("<= 5", "-", '"a"'))
    monkeypatch.setattr(Index, "bits", lambda self, key: 0)
    with pytest.raises(Conflict) as caught:
        prove(draft, None)
    assert (caught.value.params["reference"], caught.value.params["matcher"]) == (["r1"], [])


def test_a_table_without_inputs_has_one_case(table):
    draft = read_draft(table([], [("办件类型", "string")], [('"a"',)]))
    assert list(cases(draft)) == [{}]
    assert prove(draft, project(draft.rows, draft.index)).cases == 1
