"""The conformance runner of BPMN is honest: it counts what happened, whatever goes wrong."""

import json
import os
import time

import pytest

from engine.kernel.errors import Invalid
from engine.processes.conform import Broken, apart, run_kit
from engine.processes.definition import read_definitions
from engine.processes.playing import Played
from tests.engine.processes.drawing import chain, document, end, gateway, script, start
from tests.kits import BPMN, needs_bpmn

ONE = start() + script("a", "[]", "log") + script("b", 'append(log, "task1")', "log") + end()
GOOD = document(ONE + chain("s", "a", "b", "e"))
LOOP = document(
    start() + gateway("exclusive", "g") + script("a", "1", "x") + end()
    + chain("s", "g", "a") + '<sequenceFlow id="back" sourceRef="a" targetRef="g"/>'
    + '<sequenceFlow id="out" sourceRef="g" targetRef="e"><conditionExpression '
    'xsi:type="tFormalExpression">false</conditionExpression></sequenceFlow>'
)  # fmt: skip
WRONG = document(start() + end() + chain("s", "e"), mended=False)


@pytest.fixture
def kit(tmp_path):
    """Write a kit of one run case and, if wanted, one wrong model."""

    def make(expected=(("task1",),), end="completed", source=GOOD, wrong=None, rule="EXT023"):
        run = tmp_path / "run"
        run.mkdir()
        (run / "a.bpmn").write_bytes(source)
        case = {
            "id": "a", "group": "basics", "model": "a.bpmn", "process": "p", "start_first": [],
            "inputs": {}, "run_for": "PT0S", "expected": expected, "end": end, "notes": "",
        }  # fmt: skip
        (run / "cases.json").write_text(json.dumps([case]))
        if wrong is not None:
            (tmp_path / "refuse").mkdir()
            (tmp_path / "refuse" / "w.bpmn").write_bytes(wrong)
            listed = [{"model": "w.bpmn", "rule": rule, "why": ""}]
            (tmp_path / "refuse" / "cases.json").write_text(json.dumps(listed))
        return tmp_path

    return make


def test_a_case_with_the_expected_trace_and_end_passes(kit):
    report = run_kit(kit()).plain()
    assert report["run"]["passed"] == report["run"]["strict"] == report["run"]["total"] == 1
    assert report["refuse"]["total"] == 0
    assert report["failures"] == []


def test_an_altered_expectation_fails(kit):
    report = run_kit(kit(expected=[["task2"]])).plain()
    assert report["run"]["passed"] == 0
    assert report["failures"] == [
        {"case": "run/a", "expected": "completed: [task2]", "actual": "completed: [task1]"}
    ]


def test_any_of_several_traces_is_right(kit):
    assert run_kit(kit(expected=[["x"], ["task1"]])).run.passed == 1


def test_an_item_more_or_less_is_not_the_trace(kit):
    assert run_kit(kit(expected=[["task1", "task1"]])).run.passed == 0


def test_another_end_state_fails_the_strict_score_only(kit):
    count = run_kit(kit(end="waiting")).run
    assert (count.passed, count.strict, count.models_passed, count.models_strict) == (1, 0, 1, 0)


@pytest.mark.parametrize("wanted", ["incident", "error E1", "refused or incident"])
def test_an_end_state_that_is_always_compared_fails_both(kit, wanted):
    count = run_kit(kit(end=wanted)).run
    assert (count.passed, count.strict) == (0, 0)


def test_a_right_model_that_is_refused_is_counted(kit):
    count = run_kit(kit(expected=[[]], source=WRONG)).run
    assert (count.passed, count.wrongly_refused) == (0, 1)


def test_an_endless_run_is_a_failure(kit):
    report = run_kit(kit(expected=[[]], end="incident", source=LOOP))
    assert report.run.passed == 0
    assert report.failures[0].actual.startswith("endless")


def test_a_crash_is_a_failure_and_the_runner_goes_on(kit):
    def play(source, case):
        raise ZeroDivisionError("boom")

    report = run_kit(kit(end="incident", wrong=WRONG), play=play)
    assert report.run.passed == 0
    assert report.failures[0].actual == "crash: ZeroDivisionError: boom"
    assert report.refuse.refused == 1


def test_a_process_that_dies_without_a_word_is_a_crash():
    assert apart(lambda: os._exit(3)) == Broken("crash")


def test_what_takes_too_long_is_stopped():
    began = time.monotonic()
    assert apart(lambda: time.sleep(60), seconds=0.2) == Broken("time")
    assert time.monotonic() - began < 10


def test_a_wrong_model_is_counted_with_its_rule(kit):
    report = run_kit(kit(wrong=WRONG))
    assert (report.refuse.refused, report.refuse.right_rule, report.refuse.total) == (1, 1, 1)
    assert (report.refuse.rules, report.refuse.rules_complete) == (1, 1)


def test_a_wrong_model_refused_for_another_rule_is_told(kit):
    report = run_kit(kit(wrong=WRONG, rule="EXT999"))
    assert (report.refuse.refused, report.refuse.right_rule) == (1, 0)
    assert "EXT023" in report.failures[0].actual


def test_a_wrong_model_that_is_accepted_is_not_refused(kit):
    report = run_kit(kit(wrong=GOOD))
    assert report.refuse.refused == 0
    assert report.failures[0].actual == "accepted"


def test_a_refusal_without_a_place_or_a_crash_is_no_refusal(kit, tmp_path):
    def vague(source):
        raise Invalid("process.somehow", element="", name="")

    def crash(source):
        raise KeyError("x")

    folder = kit(wrong=WRONG)
    assert run_kit(folder, read=vague).refuse.refused == 0
    assert run_kit(folder, read=crash).refuse.refused == 0


def test_an_engine_that_refuses_everything_scores_nothing_in_run(kit):
    report = run_kit(kit(wrong=WRONG), play=lambda source, case: Played((), "refused"))
    assert report.run.passed == 0
    assert report.run.wrongly_refused == 1


def test_a_folder_without_cases_is_refused(tmp_path):
    with pytest.raises(Invalid, match=r"conform\.no_cases"):
        run_kit(tmp_path)


def test_a_model_outside_the_kit_is_refused(kit):
    folder = kit()
    cases = json.loads((folder / "run" / "cases.json").read_text())
    cases[0]["model"] = "../../secret.bpmn"
    (folder / "run" / "cases.json").write_text(json.dumps(cases))
    with pytest.raises(Invalid, match=r"conform\.value"):
        run_kit(folder)


@needs_bpmn
def test_all_wrong_models_of_the_kit_are_refused_for_their_rule():
    report = run_kit(BPMN, play=lambda source, case: Played((), "refused"))
    assert report.refuse.right_rule == report.refuse.total
    assert report.refuse.total >= 100
    assert read_definitions(GOOD)[0].key == "p"
