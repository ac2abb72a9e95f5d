"""Runs a DMN conformance kit (TCK) on this engine and counts honestly.

A crash, an error or a value where another was expected is a failure, never a skip; an engine that
answers null to everything scores 0 among the cases whose expected value is not null.
"""

import re
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Protocol, TypeVar

from lxml import etree

from engine.decisions.dmn import read_model
from engine.decisions.evaluate import compile_model
from engine.feel import temporal_text
from engine.feel.evaluation import NoValue
from engine.feel.values import equal, literal
from engine.kernel import xml as kernel_xml
from engine.kernel.errors import HallError, Invalid

TESTS = "http://www.omg.org/spec/DMN/20160719/testcase"
INSTANCE = "http://www.w3.org/2001/XMLSchema-instance"
TOLERANCE = Decimal("1e-8")
SECONDS = 3.0
SHOWN = 200
MOMENT = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)  # what now() answers: a run can be repeated
NUMBERS = frozenset({"decimal", "double", "integer", "int", "float", "long"})


class Engine(Protocol):
    """What is judged: a set of models that answers decisions and services by name."""

    def decide(self, decision: str, inputs: Mapping[str, object], moment: datetime) -> object:
        """Return the value of a decision."""

    def call(self, service: str, inputs: Mapping[str, object], moment: datetime) -> object:
        """Return the value of a decision service."""


T = TypeVar("T")
Load = Callable[[Mapping[str, bytes], str], Engine]


@dataclass(frozen=True)
class Failure:
    """A result that is not the one expected; all texts are FEEL, errors stand as their code."""

    case: str
    expected: str
    actual: str


@dataclass
class Level:
    """The counts of one level of conformance."""

    level: int
    passed: int = 0
    total: int = 0
    non_null_passed: int = 0
    non_null_total: int = 0


@dataclass(frozen=True)
class Report:
    """What a run found; `plain` is the shape that `hall conform dmn --json` prints."""

    levels: tuple[Level, ...]
    failures: tuple[Failure, ...]
    seconds: float
    by_folder: Mapping[str, tuple[int, int]] = field(default_factory=dict)

    def plain(self) -> list[dict[str, object]]:
        """Return one JSON-ready mapping for each level."""
        return [
            {
                "level": one.level,
                "passed": one.passed,
                "total": one.total,
                "non_null_passed": one.non_null_passed,
                "non_null_total": one.non_null_total,
                "failures": [
                    {"case": it.case, "expected": it.expected, "actual": it.actual}
                    for it in self.failures
                    if it.case.startswith(f"{one.level}/")
                ],
            }
            for one in self.levels
        ]


def run(folder: Path, load: Load | None = None) -> Report:
    """Run every case below `folder` (`compliance-level-<n>/<name>/*.xml`).

    Raises Invalid `conform.no_cases` (folder) when there is none.
    """
    began = time.perf_counter()
    levels: dict[int, Level] = {}
    failures: list[Failure] = []
    folders: dict[str, tuple[int, int]] = {}
    for path in sorted(folder.glob("compliance-level-*/*/*.xml")):
        number = int(path.parent.parent.name.rpartition("-")[2])
        level = levels.setdefault(number, Level(number))
        for result in _run_file(path, load or _load):
            name = f"{number}/{path.parent.name}"
            passed, total = folders.get(name, (0, 0))
            folders[name] = (passed + (not result.failures), total + 1)
            level.total += 1
            level.passed += not result.failures
            level.non_null_total += result.non_null
            level.non_null_passed += result.non_null and not result.failures
            failures += [Failure(f"{name}/{result.id}", *pair) for pair in result.failures]
    if not levels:
        raise Invalid("conform.no_cases", folder=folder.name)
    spent = time.perf_counter() - began
    return Report(tuple(levels[n] for n in sorted(levels)), tuple(failures), spent, folders)


@dataclass(frozen=True)
class _Result:
    id: str
    non_null: bool
    failures: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class _Failed:
    """An error in place of a value; an errorResult expects one, or null."""

    text: str


def _load(sources: Mapping[str, bytes], name: str) -> Engine:
    models = {}
    for source in sources.values():
        model = read_model(source)
        models[model.namespace] = model
    return compile_model(read_model(sources[name]).namespace, models)


def _run_file(path: Path, load: Load) -> Iterable[_Result]:
    root = kernel_xml.read(path.read_bytes())
    sources = {file.name: file.read_bytes() for file in sorted(path.parent.glob("*.dmn"))}
    name = (root.findtext(f"{{{TESTS}}}modelName") or "").strip()
    engine = _guarded(lambda: load(sources, name))
    for case in root.findall(f"{{{TESTS}}}testCase"):
        yield _run_case(case, engine)


def _guarded(work: Callable[[], T]) -> "T | _Failed":
    """The value, or what went wrong: our own errors and every way in which Python crashes."""
    try:
        return work()
    except HallError as error:
        return _Failed(str(error))
    except (
        ArithmeticError,
        AssertionError,
        AttributeError,
        LookupError,
        RecursionError,
        TypeError,
        ValueError,
        NoValue,
        re.error,
    ) as error:
        return _Failed(f"crash: {type(error).__name__}: {error}")


def _run_case(case: etree._Element, engine: Engine | _Failed) -> _Result:
    inputs = {str(node.get("name")): _value(node) for node in case.findall(f"{{{TESTS}}}inputNode")}
    found: list[tuple[str, str]] = []
    non_null = False
    for node in case.findall(f"{{{TESTS}}}resultNode"):
        expected = _expected(node)
        errs = node.get("errorResult") in ("true", "1")
        non_null = non_null or (expected is not None and not errs)
        began = time.perf_counter()
        actual = _answer(engine, case, node, inputs)
        if time.perf_counter() - began > SECONDS:
            actual = _Failed("time")
        if not _passes(actual, None if errs else expected, errs):
            found.append((_shown("error" if errs else expected), _shown(actual)))
    return _Result(str(case.get("id")), non_null, tuple(found))


def _answer(
    engine: Engine | _Failed,
    case: etree._Element,
    node: etree._Element,
    inputs: Mapping[str, object],
) -> object:
    if isinstance(engine, _Failed):
        return engine
    return _guarded(lambda: _ask(engine, case, node, inputs))


def _ask(
    engine: Engine, case: etree._Element, node: etree._Element, inputs: Mapping[str, object]
) -> object:
    name = str(node.get("name"))
    if case.get("type") != "decisionService":
        return engine.decide(name, inputs, MOMENT)
    value = engine.call(str(case.get("invocableName")), inputs, MOMENT)
    several = len(case.findall(f"{{{TESTS}}}resultNode")) > 1
    if isinstance(value, dict) and (several or name in value):
        return value.get(name)
    return value


def _passes(actual: object, expected: object, errs: bool) -> bool:
    if isinstance(actual, _Failed):
        return (errs or expected is None) and not actual.text.startswith(("crash", "time"))
    return actual is None if errs else same(actual, expected)


def same(actual: object, expected: object) -> bool:
    """Return whether a value is the expected one, by the rules of the kit.

    Numbers within 1e-8, texts by code point, dates and durations of one kind by FEEL equality,
    lists and contexts item by item.
    """
    if actual is None or expected is None:
        return actual is expected
    if type(actual) is not type(expected):
        return False
    if isinstance(actual, Decimal) and isinstance(expected, Decimal):
        return abs(actual - expected) <= TOLERANCE * max(Decimal(1), abs(expected))
    if isinstance(actual, list) and isinstance(expected, list):
        return len(actual) == len(expected) and all(
            same(one, other) for one, other in zip(actual, expected, strict=True)
        )
    if isinstance(actual, dict) and isinstance(expected, dict):
        return actual.keys() == expected.keys() and all(
            same(value, expected[name]) for name, value in actual.items()
        )
    return equal(actual, expected) is True


def _shown(value: object) -> str:
    if isinstance(value, _Failed):
        return value.text[:SHOWN]
    return literal(value)[:SHOWN]


def _expected(node: etree._Element) -> object:
    expected = node.find(f"{{{TESTS}}}expected")
    return None if expected is None else _value(expected)


def _value(node: etree._Element) -> object:
    """The value that the children of a node write; none is null."""
    listed = node.find(f"{{{TESTS}}}list")
    if listed is not None:
        if _is_nil(listed):
            return None
        return [_value(item) for item in listed.findall(f"{{{TESTS}}}item")]
    parts = node.findall(f"{{{TESTS}}}component")
    if parts:
        return {str(part.get("name")): _value(part) for part in parts}
    value = node.find(f"{{{TESTS}}}value")
    return None if value is None or _is_nil(value) else _simple(value)


def _is_nil(node: etree._Element) -> bool:
    return node.get(f"{{{INSTANCE}}}nil") in ("true", "1")


def _simple(node: etree._Element) -> object:
    kind = (node.get(f"{{{INSTANCE}}}type") or "string").rpartition(":")[2]
    text = node.text or ""
    if kind == "string":
        return text
    text = text.strip()
    if kind == "boolean":
        return text in ("true", "1")
    if kind in NUMBERS:
        try:
            return Decimal(text)
        except InvalidOperation as error:
            raise Invalid("conform.value", kind=kind, text=text) from error
    try:
        return TEMPORAL[kind](text)
    except (KeyError, NoValue) as error:
        raise Invalid("conform.value", kind=kind, text=text) from error


TEMPORAL: Mapping[str, Callable[[str], object]] = {
    "date": temporal_text.read_date,
    "time": temporal_text.read_time,
    "dateTime": temporal_text.read_date_time,
    "duration": temporal_text.read_duration,
    "dayTimeDuration": temporal_text.read_duration,
    "yearMonthDuration": temporal_text.read_duration,
}
