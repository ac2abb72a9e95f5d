"""The FEEL texts of a diagram: their names, their values, what is told when they are wrong."""

from decimal import Decimal

import pytest

from engine.domain.facts import FACTS
from engine.kernel.errors import Invalid
from engine.processes.formulas import take_out, vocabulary
from engine.processes.load import load
from engine.processes.normalise import normalise
from tests.engine.processes import drawing
from tests.engine.processes.drawing import (
    NOW,
    boundary,
    chain,
    document,
    end,
    flow,
    gateway,
    instances,
    rule,
    script,
    step,
    steps,
    timer,
)

S = drawing.start()


def choice(text):
    body = S + gateway("exclusive", "g", "f_g_e2") + end() + end("e2") + chain("s", "g", "e2")
    return document(body + flow("g", "e", text, name="f"))


def taken(source):
    root, _ = normalise(load(source))
    return root, *take_out(root)


def formula(text):
    _, found, wrong = taken(choice(text))
    assert wrong == []
    return found.conditions["flow:f"]


def test_the_copy_that_runs_holds_keys_and_no_text():
    body = S + script("x", "金额 + 1") + step("t", instances(until="count(answers) > 1")) + end()
    body += steps("u") + chain("s", "x", "t", "u", "e") + end("we") + chain("w", "we")
    body += boundary("w", "u", timer("timeDate", "date(2026, 2, 1)"))
    root, found, wrong = taken(document(body))
    assert wrong == []
    assert set(found.conditions) == {"script:x", "until:t"}
    assert set(found.timers) == {"timer:w"}
    texts = {
        (node.text or "").strip()
        for node in root.iter("{*}script", "{*}completionCondition", "{*}timeDate")
    }
    assert texts == {"script:x", "until:t", "timer:w"}


def test_names_are_facts_and_what_the_diagram_declares():
    body = S + script("x", "1", "合计") + rule("r", "authority", "verdict")
    names = vocabulary(load(document(body + step("t", instances()))))
    for fact in FACTS:
        assert names[fact.zh].key == names[fact.key].key == fact.key
    assert {"合计", "verdict", "units", "answers", "unit"} <= names.keys()


def test_a_formula_reads_only_what_its_text_names():
    assert formula("金额 > 5 and 现场勘查").reads == (("金额", "amount"), ("现场勘查", "survey"))


@pytest.mark.parametrize(
    ("data", "holds"), [({"amount": 6}, True), ({"amount": Decimal("5.0")}, False)]
)
def test_a_condition_holds_or_not(data, holds):
    assert formula("= 金额 > 5").holds(data, NOW) is holds


@pytest.mark.parametrize(
    ("text", "data"),
    [("金额 > 5", {}), ("金额 > 5", {"amount": "6"}), ("金额", {"amount": 1}), ("现场勘查", {})],
    ids=["missing", "a text", "no boolean", "null"],
)
def test_what_cannot_be_computed_is_undecided_and_not_false(text, data):
    with pytest.raises(Invalid, match=r"process\.undecided") as refused:
        formula(text).holds(data, NOW)
    assert refused.value.params["element"] == "f"
    assert refused.value.params["text"] == text


def test_the_moment_of_the_command_is_now():
    later = formula('now() > date and time("2026-01-05T00:59:00Z")')
    assert later.holds({}, NOW) is True


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("金额 >", "feel.syntax"),
        ("金额＞5", "feel.unknown_name"),
        ("金鹅 > 5", "feel.unknown_name"),
    ],
)
def test_a_wrong_text_is_told_with_its_place(text, said):
    _, _, wrong = taken(choice(text))
    (finding,) = wrong
    assert (finding.code, finding.element) == ("process.feel", "f")
    assert finding.params["text"] == text
    assert finding.params["told"]["line"] == 1
    assert finding.params["said"].startswith(said.rpartition(".")[0])


def test_an_outcome_that_the_fact_does_not_know_is_found():
    _, _, wrong = taken(choice('审批决定 = "granted"'))
    assert [finding.code for finding in wrong] == ["process.feel"]
