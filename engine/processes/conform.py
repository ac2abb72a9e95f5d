"""Runs a BPMN conformance kit on this engine and counts honestly.

A model is played in a process of its own: a crash or an endless run is a failure of that model,
never a pass and never the end of the runner.
"""

import json
import multiprocessing
import os
import sys
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from engine.kernel.errors import HallError, Invalid
from engine.processes.definition import read_definitions
from engine.processes.playing import Case, Played, duration, play

SECONDS = 20.0
ALWAYS_COMPARED = "refused or incident"
Play = Callable[[bytes, Case], Played]
Read = Callable[[bytes], object]


@dataclass(frozen=True)
class Failure:
    """A case that came to something else than expected."""

    case: str
    expected: str
    actual: str

    def plain(self) -> dict[str, str]:
        """Return the failure as plain values."""
        return {"case": self.case, "expected": self.expected, "actual": self.actual}


@dataclass
class Count:
    """Cases and models that pass, also by the strict score, and right models refused."""

    total: int = 0
    passed: int = 0
    strict: int = 0
    models: int = 0
    models_passed: int = 0
    models_strict: int = 0
    wrongly_refused: int = 0


@dataclass
class Refusals:
    """Wrong models refused, those for the right rule, and rules all of whose models are."""

    total: int = 0
    refused: int = 0
    right_rule: int = 0
    rules: int = 0
    rules_complete: int = 0


@dataclass
class Report:
    """What a kit came to; `plain` is what `hall conform bpmn --json` prints."""

    run: Count = field(default_factory=Count)
    refuse: Refusals = field(default_factory=Refusals)
    failures: list[Failure] = field(default_factory=list)

    def plain(self) -> dict[str, object]:
        """Return the report as plain values."""
        return {
            "run": dict(vars(self.run)),
            "refuse": dict(vars(self.refuse)),
            "failures": [one.plain() for one in self.failures],
        }


@dataclass(frozen=True)
class Broken:
    """A model that brought its process down or did not come to an end: `crash …`, `time`."""

    text: str


def run_kit(folder: Path, play: Play = play, read: Read = read_definitions) -> Report:
    """Run both parts of a kit that are there: `run/` and `refuse/`, each with its `cases.json`.

    Raises Invalid `conform.no_cases` (folder) when neither is, `conform.value` for a list of
    cases that is none.
    """
    parts = [folder / part / "cases.json" for part in ("run", "refuse")]
    if not any(part.is_file() for part in parts):
        raise Invalid("conform.no_cases", folder=folder.name)
    report = Report()
    if parts[0].is_file():
        _run(folder / "run", _cases(parts[0]), report, play)
    if parts[1].is_file():
        _refuse(folder / "refuse", _cases(parts[1]), report, read)
    return report


def _cases(path: Path) -> list[dict[str, Any]]:
    try:
        found = json.loads(path.read_bytes())
    except ValueError as error:
        raise Invalid("conform.value", kind="cases", text=path.name) from error
    if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
        raise Invalid("conform.value", kind="cases", text=path.name)
    return found


def _run(folder: Path, listed: Iterable[Mapping[str, Any]], report: Report, play: Play) -> None:
    models: dict[str, list[Case]] = defaultdict(list)
    for one in listed:
        case = _case(one)
        models[case.model].append(case)
    for model, cases in models.items():
        source = _read(folder, model)
        played = apart(partial(_played, play, source, cases))
        results = [played] * len(cases) if isinstance(played, Broken) else played
        passes = [_passes(case, result) for case, result in zip(cases, results, strict=True)]
        _count(report, cases, results, passes)


def _played(play: Play, source: bytes, cases: Sequence[Case]) -> list[Played]:
    return [play(source, one) for one in cases]


def _count(
    report: Report,
    cases: Sequence[Case],
    results: Sequence[Played | Broken],
    passes: Sequence[tuple[bool, bool]],
) -> None:
    count = report.run
    count.total += len(cases)
    count.passed += sum(passed for passed, _ in passes)
    count.strict += sum(strict for _, strict in passes)
    count.models += 1
    count.models_passed += all(passed for passed, _ in passes)
    count.models_strict += all(strict for _, strict in passes)
    count.wrongly_refused += any(
        isinstance(result, Played) and result.end == "refused" and case.end != ALWAYS_COMPARED
        for case, result in zip(cases, results, strict=True)
    )
    for case, result, (_, strict) in zip(cases, results, passes, strict=True):
        if not strict:
            expected = f"{case.end}: {' | '.join(map(_spelt, case.expected))}"
            report.failures.append(Failure(f"run/{case.id}", expected, _said(result)))


def _case(one: Mapping[str, Any]) -> Case:
    try:
        return Case(
            id=str(one["id"]),
            model=str(one["model"]),
            process=str(one["process"]),
            start_first=tuple(map(str, one["start_first"])),
            inputs=dict(one["inputs"]),
            seconds=duration(str(one["run_for"])),
            expected=tuple(tuple(sorted(map(str, trace))) for trace in one["expected"]),
            end=str(one["end"]),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise Invalid("conform.value", kind="case", text=str(one.get("id"))) from error


def _passes(case: Case, result: Played | Broken) -> tuple[bool, bool]:
    """Whether a case passes, and whether by the strict score, which looks at every end state."""
    if isinstance(result, Broken) or result.end == "endless":
        return False, False
    if case.end == ALWAYS_COMPARED:
        passed = result.end in ("refused", "incident")
        return passed, passed
    if result.end == "refused":
        # A right model must be read, even where nothing is expected of its trace.
        return False, False
    fits = result.trace in case.expected
    ends = result.end == case.end
    compared = case.end == "incident" or case.end.startswith("error ")
    return fits and (ends or not compared), fits and ends


def _refuse(folder: Path, listed: Iterable[Mapping[str, Any]], report: Report, read: Read) -> None:
    rules: dict[str, list[bool]] = defaultdict(list)
    for one in listed:
        model, rule = str(one.get("model")), str(one.get("rule"))
        source = _read(folder, model)
        found = apart(partial(_refused, source, read))
        refused = not isinstance(found, Broken) and found is not None
        right = isinstance(found, frozenset) and rule in found
        rules[rule].append(refused)
        report.refuse.total += 1
        report.refuse.refused += refused
        report.refuse.right_rule += right
        if not right:
            actual = found.text if isinstance(found, Broken) else _rules(found)
            report.failures.append(Failure(f"refuse/{model}", f"refused: {rule}", actual))
    report.refuse.rules = len(rules)
    report.refuse.rules_complete = sum(all(refused) for refused in rules.values())


def _refused(source: bytes, read: Read) -> frozenset[str] | None:
    """The rules that a file is refused for; None if it is not, or nothing is named."""
    try:
        read(source)
    except HallError as error:
        listed = error.params.get("findings")
        findings = listed if isinstance(listed, list) else [error.params]
        rules = {rule for one in findings for rule in str(one.get("rule") or "").split()}
        named = rules or any(one.get("element") for one in findings)
        return frozenset(rules) if named else None
    return None


def _rules(found: frozenset[str] | None) -> str:
    return "accepted" if found is None else f"refused: {' '.join(sorted(found)) or '-'}"


def _read(folder: Path, model: str) -> bytes:
    path = (folder / model).resolve()
    if not path.is_relative_to(folder.resolve()) or not path.is_file():
        raise Invalid("conform.value", kind="model", text=model)
    return path.read_bytes()


def _said(result: Played | Broken) -> str:
    if isinstance(result, Broken):
        return result.text
    return f"{result.end}: {_spelt(result.trace)}"


def _spelt(trace: Iterable[str]) -> str:
    return f"[{', '.join(trace)}]"


def apart(work: Callable[[], Any], seconds: float = SECONDS) -> Any:
    """Return what `work` returns in a process of its own, or Broken if it crashed or took long."""
    context = multiprocessing.get_context("fork")
    ours, theirs = context.Pipe(duplex=False)
    child = context.Process(target=_work, args=(theirs, work), daemon=True)
    child.start()
    theirs.close()
    try:
        if not ours.poll(seconds):
            return Broken("time")
        return ours.recv()
    except EOFError:
        return Broken("crash")
    finally:
        child.kill()
        child.join()
        ours.close()


def _work(pipe: Connection, work: Callable[[], object]) -> None:
    try:
        pipe.send(work())
    finally:
        error = sys.exc_info()[1]
        if error is not None:
            pipe.send(Broken(f"crash: {type(error).__name__}: {error}"[:200]))
        pipe.close()
        # The parent has all it wants; buffers and hooks of the parent are not this child's.
        os._exit(0)
