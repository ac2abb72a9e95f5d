"""SpiffWorkflow as it comes, measured in a process of its own beside ours: `hall bench`.

Nothing of `engine.processes.spiff` may be imported here, since it changes the library for the
whole process. Run as `python -m engine.processes.bare cases FILE SECONDS [timers]` or
`… rows FILE CASES SECONDS`, it prints one JSON object.
"""

import json
import re
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from lxml import etree
from SpiffWorkflow.bpmn.parser.BpmnParser import BpmnParser
from SpiffWorkflow.bpmn.script_engine import PythonScriptEngine
from SpiffWorkflow.bpmn.serializer.workflow import BpmnWorkflowSerializer
from SpiffWorkflow.bpmn.workflow import BpmnWorkflow
from SpiffWorkflow.dmn.engine.DMNEngine import DMNEngine
from SpiffWorkflow.dmn.parser.DMNParser import DMNParser
from SpiffWorkflow.util.task import TaskState

from engine.kernel import xml

BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
FIRST = 50


def complete_cases(source: bytes, seconds: float, timers: bool = False) -> dict[str, object]:
    """Complete cases of a drawing, each step read from and written to SQLite (WAL, FULL).

    Conditions `name = "text"` are made Python, since stock knows nothing else. Nothing but the
    state is written: no events, tasks, clocks, decisions or jobs. With `timers` each step gets a
    timer for its limit, which is how a drawing alone can watch a clock.

    Returns `cases`, `steps`, `cpu_s` and `wall_s`.
    """
    root = xml.read(source, limit=len(source))
    answers = _python_conditions(root)
    process = next(root.iter(f"{BPMN}process"))
    if timers:
        _watch_steps(process)
    parser = BpmnParser()
    parser.add_bpmn_xml(root)
    spec = parser.get_spec(process.get("id"))
    parts = parser.get_subprocess_specs(process.get("id"))
    serializer = BpmnWorkflowSerializer(BpmnWorkflowSerializer.configure())
    with tempfile.TemporaryDirectory(prefix="hall-bare-") as folder:
        rows = _database(Path(folder))
        cases = steps = 0
        cpu, start = time.process_time(), time.perf_counter()
        while time.perf_counter() - start < seconds:
            case = BpmnWorkflow(spec, parts, script_engine=PythonScriptEngine())
            case.do_engine_steps()
            key = _insert(rows, serializer.serialize_json(case))
            steps += 1
            while True:
                case = serializer.deserialize_json(_read(rows, key))
                case.script_engine = PythonScriptEngine()
                ready = case.get_tasks(state=TaskState.READY, manual=True)
                if not ready:
                    break
                ready[0].data.update(answers)
                ready[0].run()
                case.do_engine_steps()
                _update(rows, key, serializer.serialize_json(case))
                steps += 1
                if case.completed:
                    break
            cases += 1
        figures = _spent(cpu, start)
        rows.close()
    return {"cases": cases, "steps": steps, **figures}


def _python_conditions(root: etree._Element) -> dict[str, str]:
    """Rewrite the conditions and return answers that make the first of each variable true."""
    answers: dict[str, str] = {}
    for condition in root.iter(f"{BPMN}conditionExpression"):
        name, value = re.split(r"\s*=\s*", (condition.text or "").strip(), maxsplit=1)
        answers.setdefault(name, json.loads(value))
        condition.text = f"{name} == {value}"
    return answers


def _watch_steps(process: etree._Element) -> None:
    for step in list(process.iter(f"{BPMN}userTask")):
        name = f"late_{step.get('id')}"
        event = etree.SubElement(
            process, f"{BPMN}boundaryEvent", id=name, attachedToRef=step.get("id") or ""
        )
        event.set("cancelActivity", "false")
        timer = etree.SubElement(event, f"{BPMN}timerEventDefinition")
        etree.SubElement(timer, f"{BPMN}timeDuration").text = '"P10D"'
        etree.SubElement(process, f"{BPMN}endEvent", id=f"end_{name}")
        flow = etree.SubElement(process, f"{BPMN}sequenceFlow", id=f"to_{name}")
        flow.set("sourceRef", name)
        flow.set("targetRef", f"end_{name}")


def find_rows(
    source: bytes, cases: Sequence[Mapping[str, object]], seconds: float
) -> dict[str, object]:
    """Ask stock's decision table for the rows that hit, case by case, over and over.

    Returns `evals`, `cpu_s`, `wall_s`, `load_s` and `found`, the rows of the first 50 cases.
    """
    began = time.perf_counter()
    ask = _asker(source)
    load = time.perf_counter() - began
    found = [ask(case) for case in cases[:FIRST]]
    evals = 0
    cpu, start = time.process_time(), time.perf_counter()
    while time.perf_counter() - start < seconds:
        ask(cases[evals % len(cases)])
        evals += 1
    return {"evals": evals, **_spent(cpu, start), "load_s": round(load, 4), "found": found}


def _asker(source: bytes) -> Callable[[Mapping[str, object]], list[str]]:
    root = xml.read(source, limit=len(source))
    parser = DMNParser(None, root, {"dmn": root.nsmap[None]})
    parser.parse()
    engine = DMNEngine(parser.decision.decisionTables[0])
    python = PythonScriptEngine()

    def ask(facts: Mapping[str, object]) -> list[str]:
        workflow = SimpleNamespace(script_engine=python, top_workflow=None)
        task: Any = SimpleNamespace(data=dict(facts), workflow=workflow)
        return [rule.id for rule in engine.decide(task)]

    return ask


def _database(folder: Path) -> sqlite3.Connection:
    rows = sqlite3.connect(folder / "bare.sqlite", isolation_level=None)
    rows.execute("PRAGMA journal_mode=WAL")
    rows.execute("PRAGMA synchronous=FULL")
    rows.execute("CREATE TABLE state (id INTEGER PRIMARY KEY, body TEXT)")
    return rows


def _insert(rows: sqlite3.Connection, body: str) -> int:
    return rows.execute("INSERT INTO state (body) VALUES (?)", (body,)).lastrowid or 0


def _read(rows: sqlite3.Connection, key: int) -> str:
    found: str = rows.execute("SELECT body FROM state WHERE id = ?", (key,)).fetchone()[0]
    return found


def _update(rows: sqlite3.Connection, key: int, body: str) -> None:
    rows.execute("UPDATE state SET body = ? WHERE id = ?", (body, key))


def _spent(cpu: float, start: float) -> dict[str, float]:
    return {
        "cpu_s": round(time.process_time() - cpu, 4),
        "wall_s": round(time.perf_counter() - start, 4),
    }


def main(words: Sequence[str]) -> None:
    """Do what the words of the command line ask for."""
    what, file, *rest = words
    source = Path(file).read_bytes()
    if what == "cases":
        done = complete_cases(source, float(rest[0]), timers=rest[1:] == ["timers"])
    else:
        done = find_rows(source, json.loads(Path(rest[0]).read_bytes()), float(rest[1]))
    print(json.dumps(done))


if __name__ == "__main__":
    main(sys.argv[1:])
