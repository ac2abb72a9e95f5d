"""The FEEL texts of a diagram: compiled once, found by a key, never handed to Python.

The copy that SpiffWorkflow runs holds the key (`flow:f3`) in place of the text, so an engine
that got past us would evaluate a name that means nothing.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from lxml import etree

from engine.domain import facts
from engine.domain.working_time import Calendar
from engine.feel.check import check
from engine.feel.compile import Expression, expression
from engine.feel.kinds import ANY, BASES, Kind
from engine.feel.nodes import Call, Name, Path, walk
from engine.feel.values import from_python, to_python
from engine.kernel.errors import Invalid
from engine.processes import moments
from engine.processes.bpmn import called_elsewhere, hall, kind, tag, variables
from engine.processes.findings import Finding, at
from engine.processes.step import decision_of

UNTIL = "completionCondition"
# What one element can have several of, each with texts of its own.
NUMBERED = ("EventDefinition", "complexBehaviorDefinition", "assignment")
WORKING_DAYS = re.compile(r"=?\s*working days\((.+)\)\s*", re.DOTALL)
TIMES = ("timeDate", "timeDuration", "timeCycle")
PLACES = {
    "conditionExpression": "flow",
    "loopCondition": "loop",
    "completionCondition": "until",
    "loopCardinality": "count",
    "activationCondition": "activate",
    "transformation": "into",
    "from": "from",
    "condition": "when",
    "script": "script",
}


# What the standard lets the expressions of loops and complex gateways ask for (10.3.8, 10.6.5).
COUNTERS = (
    "activationCount",
    "loopCounter",
    "numberOfActiveInstances",
    "numberOfCompletedInstances",
    "numberOfInstances",
    "numberOfTerminatedInstances",
)


# The working days of the hall, asked for only where a timer counts them.
AskCalendar = Callable[[], Calendar]


@dataclass(frozen=True)
class Formula:
    """One FEEL text at its place; `reads` are the FEEL names it may use, with their keys."""

    element: str
    name: str
    text: str
    run: Expression
    reads: tuple[tuple[str, str], ...]

    def value(self, data: Mapping[str, object], now: datetime) -> object:
        """Return the FEEL value over the case's variables (plain values, plain keys)."""
        return self.run(self._facts(data), moment=now)

    def holds(self, data: Mapping[str, object], now: datetime) -> bool:
        """Return whether a condition is true.

        Raises Invalid `process.undecided` (element, name, text, cause) when it is null or no
        boolean: what is not known is not false.
        """
        found = self.value(data, now)
        if isinstance(found, bool):
            return found
        _, cause = self.run.explain(self._facts(data), moment=now)
        raise Invalid(
            "process.undecided", element=self.element, name=self.name, text=self.text, cause=cause
        )

    def plain(self, data: Mapping[str, object], now: datetime) -> object:
        """Return the plain value; Invalid `process.undecided` when it is null for a cause."""
        found, cause = self.run.explain(self._facts(data), moment=now)
        if found is None and cause is not None:
            raise Invalid(
                "process.undecided",
                element=self.element,
                name=self.name,
                text=self.text,
                cause=cause,
            )
        return to_python(found)

    def _facts(self, data: Mapping[str, object]) -> dict[str, object]:
        return {name: from_python(data.get(key)) for name, key in self.reads}


class Shift(StrEnum):
    """What becomes of a timer while the clocks of its case stand still."""

    WORKING = "working"
    CALENDAR = "calendar"
    FIXED = "fixed"


@dataclass(frozen=True)
class Timer:
    """When a timer fires: a fixed ISO text or a formula that gives one, or a repetition.

    The formula of one that counts working days (`working days(5)`) gives their number.
    """

    element: str
    name: str
    literal: str | None
    formula: Formula | None
    shift: Shift = Shift.FIXED

    def due(
        self, data: Mapping[str, object], now: datetime, calendar: AskCalendar | None = None
    ) -> datetime:
        """Return the moment in UTC; Invalid `process.time` or `process.time_range` (element)."""
        try:
            if self.shift is Shift.WORKING:
                count = self._value(data, now)
                return moments.after_working_days(count, now, calendar and calendar())
            return moments.due(self._value(data, now), now)
        except Invalid as error:
            raise self._placed(error) from error

    def cycle(self, data: Mapping[str, object], now: datetime) -> moments.Cycle:
        """Return the repetition; Invalid `process.time` (element)."""
        try:
            return moments.cycle(str(self._value(data, now)))
        except Invalid as error:
            raise self._placed(error) from error

    def _value(self, data: Mapping[str, object], now: datetime) -> object:
        return self.literal if self.formula is None else self.formula.plain(data, now)

    def _placed(self, error: Invalid) -> Invalid:
        return Invalid(error.code, **{"element": self.element, "name": self.name, **error.params})


@dataclass(frozen=True)
class Formulas:
    """All FEEL texts of one process by key, and the variables that its diagram declares."""

    conditions: Mapping[str, Formula]
    timers: Mapping[str, Timer]


def take_out(root: etree._Element, free: bool = False) -> tuple[Formulas, list[Finding]]:
    """Compile every FEEL text of a normalised tree and put its key in its place.

    With `free` a name that nothing declares is a variable that whoever starts a case may give.

    Returns the formulas, and for each text that is not right a finding `process.feel` (text;
    said and told: code and params of the language), `process.time` or `process.time_range`.
    """
    names = vocabulary(root)
    if free:
        _declare(root, names)
    conditions: dict[str, Formula] = {}
    timers: dict[str, Timer] = {}
    found: list[Finding] = []
    for key, node, text in _texts(root):
        try:
            conditions[key.text] = _formula(node, text, names)
        except Invalid as error:
            found.append(at(node, "process.feel", text=text, said=error.code, told=error.params))
        key.node.text = key.text
    for node, time in _times(root):
        key_text = f"timer:{node.get('id')}{_place(time)}"
        try:
            timers[key_text] = _timer(node, time, names)
        except Invalid as error:
            text = (time.text or "").strip()
            if error.code == "process.time":
                found.append(at(node, "process.time", time=text))
            elif error.code == "process.time_range":
                found.append(at(node, "process.time_range", time=text))
            else:
                told = error.params
                found.append(at(node, "process.feel", text=text, said=error.code, told=told))
        time.text = key_text
    return Formulas(conditions, timers), found


@dataclass(frozen=True)
class Word:
    """A FEEL name of a diagram: the key of its variable and what that can hold."""

    key: str
    kind: Kind


def vocabulary(root: etree._Element) -> dict[str, Word]:
    """Return the FEEL names of a diagram.

    Facts by their Chinese and their plain name; results of scripts and decisions, collections
    and items of the diagram by their own.
    """
    names: dict[str, Word] = {}
    for fact in facts.FACTS:
        names[fact.key] = names[fact.zh] = Word(fact.key, _kind_of(fact))
    for node in root.iter():
        name = ""
        if kind(node) == "scriptTask":
            name = node.get(hall("result")) or ""
        elif kind(node) == "businessRuleTask":
            name = decision_of(node)[1]
        elif called_elsewhere(node) is not None:
            name = node.get("id") or ""
        elif kind(node) in ("loopDataInputRef", "loopDataOutputRef"):
            name = (node.text or "").strip()
        elif kind(node) in ("inputDataItem", "outputDataItem"):
            name = node.get("id") or ""
            names[node.get("name") or name] = Word(name, ANY)
        if name:
            names[name] = Word(name, ANY)
    names |= {name: Word(name, ANY) for name in variables(root).values()}
    names |= {name: Word(name, ANY) for name in COUNTERS}
    return names


def _declare(root: etree._Element, names: dict[str, Word]) -> None:
    """Add the names that the texts of a diagram read and nothing declares.

    What is called or asked for a part is none of them: nothing is known of it.
    """
    for _, _, text in _texts(root):
        with suppress(Invalid):
            found = expression(text.removeprefix("=").strip(), names)
            kinds = {name: word.kind for name, word in names.items()}
            used = [
                part.function if isinstance(part, Call) else part.source
                for part in walk(found.tree)
                if isinstance(part, Call | Path)
            ]
            looked_into = {part.name for part in used if isinstance(part, Name)}
            for problem in check(found, kinds):
                name = str(problem.params.get("name"))
                if problem.code == "feel.unknown_name" and name not in looked_into:
                    names.setdefault(name, Word(name, ANY))


def _kind_of(fact: facts.Fact) -> Kind:
    if fact.kind is facts.FactKind.ENUMERATION:
        return Kind("string", choices=fact.codes)
    return BASES[fact.kind.value]


@dataclass(frozen=True)
class _Key:
    text: str
    node: etree._Element


def _texts(root: etree._Element) -> Iterator[tuple[_Key, etree._Element, str]]:
    for node in root.iter(*(tag(name) for name in PLACES)):
        owner = node.getparent()
        if owner is not None and kind(owner).endswith(("LoopCharacteristics", "Definition")):
            owner = owner.getparent()
        if owner is not None and kind(owner) in ("assignment", "multiInstanceLoopCharacteristics"):
            owner = owner.getparent()
        text = (node.text or "").strip()
        if owner is not None and text:
            sort = "enough" if node.getparent() is owner and kind(node) == UNTIL else None
            key = f"{sort or PLACES[kind(node)]}:{owner.get('id')}{_place(node)}"
            yield _Key(key, node), owner, text


def _times(root: etree._Element) -> Iterator[tuple[etree._Element, etree._Element]]:
    for time in root.iter(*(tag(name) for name in TIMES)):
        definition = time.getparent()
        event = definition.getparent() if definition is not None else None
        if event is not None:
            yield event, time


def _place(text: etree._Element) -> str:
    """Return what tells the texts of an event with several definitions apart."""
    definition = text.getparent()
    if definition is None or not kind(definition).endswith(NUMBERED):
        return ""
    before = len(list(definition.itersiblings(str(definition.tag), preceding=True)))
    return f".{before}" if before else ""


def _formula(node: etree._Element, text: str, names: Mapping[str, Word]) -> Formula:
    source = text.removeprefix("=").strip()
    run = expression(source, names)
    for problem in check(run, {name: word.kind for name, word in names.items()}):
        raise Invalid(problem.code, line=problem.line, column=problem.column, **problem.params)
    read = dict.fromkeys(part.name for part in walk(run.tree) if isinstance(part, Name))
    reads = tuple((name, names[name].key) for name in read if name in names)
    return Formula(node.get("id") or "", node.get("name") or "", source, run, reads)


def _timer(node: etree._Element, time: etree._Element, names: Mapping[str, Word]) -> Timer:
    text = (time.text or "").strip()
    element, name = node.get("id") or "", node.get("name") or ""
    counted = WORKING_DAYS.fullmatch(text)
    if counted is not None and kind(time) != "timeCycle":
        return Timer(element, name, None, _formula(node, counted[1], names), Shift.WORKING)
    if not moments.is_literal(text):
        formula = _formula(node, text, names)
        return Timer(element, name, None, formula, _shift(kind(time), formula))
    if kind(time) == "timeCycle":
        moments.cycle(text)
    elif kind(time) == "timeDuration":
        moments.duration(text)
    else:
        moments.moment(text)
    shift = Shift.FIXED if kind(time) == "timeDate" else Shift.CALENDAR
    return Timer(element, name, text, None, shift)


def _shift(place: str, formula: Formula) -> Shift:
    """A date that is counted from today is a term of calendar days; any other is a fixed day."""
    called = {part.function for part in walk(formula.run.tree) if isinstance(part, Call)}
    counted = any(isinstance(one, Name) and one.name in ("now", "today") for one in called)
    return Shift.CALENDAR if counted or place != "timeDate" else Shift.FIXED
