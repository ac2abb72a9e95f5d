"""SpiffWorkflow as it comes is measured in a process that nothing of ours has changed."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
COMMITMENT = ROOT / "bpmn" / "matters" / "commitment.bpmn"
TABLE = """<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="m" name="m"
 namespace="urn:t"><decision id="d" name="d"><decisionTable id="t" hitPolicy="COLLECT">
<input id="i"><inputExpression id="e"><text>days</text></inputExpression></input>
<output id="o" name="row"/>
<rule id="short"><inputEntry id="a"><text>? &lt; 5</text></inputEntry>
<outputEntry id="b"><text>"short"</text></outputEntry></rule>
<rule id="any"><inputEntry id="c"><text></text></inputEntry>
<outputEntry id="f"><text>"any"</text></outputEntry></rule>
</decisionTable></decision></definitions>"""


def bare(*words):
    command = [sys.executable, "-m", "engine.processes.bare", *map(str, words)]
    done = subprocess.run(command, check=True, capture_output=True, cwd=ROOT)  # noqa: S603  # ours
    return json.loads(done.stdout)


@pytest.mark.parametrize("timers", [[], ["timers"]], ids=["as drawn", "a timer for each step"])
def test_cases_are_completed_step_by_step(timers):
    done = bare("cases", COMMITMENT, 0.2, *timers)
    assert done["cases"] > 0
    assert done["steps"] == 4 * done["cases"]
    assert done["cpu_s"] > 0


def test_a_table_finds_its_rows(tmp_path):
    table, cases = tmp_path / "t.dmn", tmp_path / "c.json"
    table.write_text(TABLE, encoding="utf-8")
    cases.write_text(json.dumps([{"days": 3}, {"days": 30}]), encoding="utf-8")
    done = bare("rows", table, cases, 0.05)
    assert done["found"] == [["short", "any"], ["any"]]
    assert done["evals"] > 0
