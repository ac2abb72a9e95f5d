"""Walk every way of a process: runs made up so that each drawn flow is taken at least once.

A walk knows the diagram as a map and goes from command to command towards the nearest flow that
nobody has taken yet; answers and decisions are chosen so that the conditions on the way hold.
"""

from collections import Counter, deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from lxml import etree

from engine.domain.working_time import Calendar, NoticedDay, calendar_of
from engine.kernel.errors import Conflict, Invalid
from engine.processes.bpmn import (
    GATEWAYS,
    SCOPES,
    STEPS,
    event_definitions,
    every,
    flows,
    kind,
    nodes,
    scopes,
    tag,
)
from engine.processes.compensation import undoes
from engine.processes.definition import Definition, read_definitions
from engine.processes.exchange import Awaited, Thrown
from engine.processes.load import load
from engine.processes.normalise import normalise
from engine.processes.rewriting import called
from engine.processes.run import OpenTask, Step, advance, receive, start, wake
from engine.processes.step import decision_of
from tests.engine.processes.choosing import Values, Wish, candidates, put, values_for

BEGIN = datetime(2026, 1, 5, 1, 0, tzinfo=UTC)
MOST_COMMANDS, MOST_RUNS, TRIES = 120, 200, 3
ITEMS = ["1", "2"]
_CALENDAR = calendar_of([NoticedDay(date(2026, 1, 1), "holiday", "元旦", "published")])

Fill = Callable[[OpenTask, Mapping[str, object], Mapping[str, object]], Mapping[str, object]]


def working_days() -> Calendar:
    """Return the calendar by which timers of a walk count working days."""
    return _CALENDAR


@dataclass(frozen=True)
class Run:
    """One made-up case: the drawn ids in order of completion, its end event, what stopped it.

    `stopped` is the code of a refusal, "waits" for a case that nothing here could wake, or None.
    """

    steps: tuple[str, ...]
    end: str | None
    ended: bool
    stopped: str | None


@dataclass(frozen=True)
class Walked:
    """Which drawn flows and steps were taken and which never were, in the order of the file."""

    taken: frozenset[str]
    not_taken: tuple[str, ...]
    steps: frozenset[str]
    not_done: tuple[str, ...]
    runs: tuple[Run, ...]

    @property
    def ended(self) -> bool:
        """Whether every run came to an end."""
        return all(run.ended for run in self.runs)


def answer_as_wanted(
    task: OpenTask, wanted: Mapping[str, object], data: Mapping[str, object]
) -> Mapping[str, object]:
    """Answer a task with exactly what the way asks for."""
    return wanted


def walk(
    definition: Definition,
    fill: Fill = answer_as_wanted,
    look: Callable[[Step], None] | None = None,
) -> Walked:
    """Make up cases until every flow of a process was taken or none of three tries took it.

    `fill` answers an open task: it gets the task, the values the way asks for and the variables,
    and returns the answers. `look` sees the step after each command.
    """
    walker = _Walker(definition, fill, look)
    while len(walker.runs) < MOST_RUNS and (not walker.runs or walker.goals()):
        walker.run()
    drawn = [
        flow.get("id") or ""
        for process in _own(load(definition.xml), definition.key)
        for flow in process.iter(tag("sequenceFlow"))
    ]
    done = {name for run in walker.runs for name in run.steps}
    return Walked(
        taken=frozenset(walker.taken & set(drawn)),
        not_taken=tuple(name for name in drawn if name not in walker.taken),
        steps=frozenset(done & definition.tasks.keys()),
        not_done=tuple(name for name in definition.tasks if name not in done),
        runs=tuple(walker.runs),
    )


@dataclass(frozen=True)
class _Line:
    """A way from a node to a node: a flow by its id, or "" where none is drawn."""

    flow: str
    source: str
    target: str
    cost: int = 1


@dataclass(frozen=True)
class _Decided:
    outcome: Mapping[str, object]


@dataclass
class _Walker:
    definition: Definition
    fill: Fill
    look: Callable[[Step], None] | None
    runs: list[Run] = field(default_factory=list)
    taken: set[str] = field(default_factory=set)
    tries: Counter[str] = field(default_factory=Counter)
    pursued: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        # A copy of its own: what is noted on its specs must not be seen by anybody's cases.
        found = read_definitions(self.definition.xml, processes=self.definition.processes)
        self.copy = next(each for each in found if each.key == self.definition.key)
        self.root = normalise(load(self.definition.xml))[0]
        own = _own(self.root, self.copy.key)
        for process in self.root.findall(tag("process")):
            if process not in own:
                self.root.remove(process)
        self.lines: dict[str, list[_Line]] = {}
        for line in _lines(self.root):
            self.lines.setdefault(line.source, []).append(line)
        self.kinds = {node.get("id") or "": kind(node) for node in self.root.iter()}
        self.defaults = {node.get("default") for node in self.root.iter()}
        self.pairs = {
            (line.source, line.target): line.flow
            for lines in self.lines.values()
            for line in lines
            if line.flow
        }
        self.flows = {
            flow.get("id") or "": flow.get("sourceRef") or ""
            for flow in self.root.iter(tag("sequenceFlow"))
        }
        texts = self.copy.formulas.conditions
        self.tried = candidates(texts.values())
        self.usual = {place: values[0] for place, values in self.tried.items() if values}
        self.tables: dict[str, list[str]] = {}
        for rule in every(self.root, {"businessRuleTask"}):
            table, result = decision_of(rule)
            self.tables.setdefault(table, []).append(result)
        self.lists: dict[str, object] = {
            (node.text or "").strip(): ITEMS for node in self.root.iter(tag("loopDataInputRef"))
        }
        # The variable that holds the official whose task it is; an item of a loop goes before it.
        self.lists |= {task.holder: ITEMS[0] for task in self.copy.tasks.values() if task.holder}
        self.values: Values = {}
        self.steps: list[str] = []
        for spec in (self.copy.spec, *self.copy.parts.values()):
            for each in spec.task_specs.values():
                each.completed_event.connect(self._note)

    def goals(self) -> set[str]:
        """Return the flows worth another try."""
        return {
            name
            for name in self.flows
            if name not in self.taken and self.tries[name] < TRIES and name not in self.hidden
        }

    @property
    def hidden(self) -> frozenset[str]:
        """Return the flows that were made; nobody asks whether they are taken."""
        return frozenset(name for name in self.flows if name.startswith("hall_"))

    def run(self) -> None:
        """Make up one case and remember it."""
        self.steps, self.values, now = [], dict(self.usual), BEGIN
        self.pursued.clear()
        case: Step | None = None
        stopped: str | None = None
        entry = self.copy.spec.name
        try:
            way = self._way([entry])
            self._choose(way, self.lists, now)
            data = put(self.values, self.lists)
            case = start(
                self.copy, data, self._decide, now, self._entry(way), calendar=working_days
            )
            self._see(case)
            for _ in range(MOST_COMMANDS):
                if case.ended:
                    break
                found = self._command(case, now)
                if found is None:
                    stopped = "waits"
                    break
                case, now = found
                self._see(case)
        except (Conflict, Invalid) as refused:
            stopped = refused.code
        self.tries.update(self.pursued)
        ended = case is not None and case.ended and stopped is None
        end = case.end if case is not None else None
        self.runs.append(Run(tuple(self.steps), end, ended, stopped))

    def _entry(self, way: list[_Line]) -> Thrown | None:
        """Return what starts a case on a way, None where it starts by itself."""
        starters = {one.element: one for one in self.copy.starters}
        first = next((line.target for line in way if line.target in starters), None)
        if first is not None:
            return _thrown(starters[first])
        plain = any(line.target not in starters for line in self.lines.get(self.copy.key, []))
        return None if plain or not starters else _thrown(self.copy.starters[0])

    def _command(self, case: Step, now: datetime) -> tuple[Step, datetime] | None:
        """Do the one thing that leads on: what somebody does, what comes in, what is late."""
        due, awaited = case.next_due, {one.element: one for one in case.awaits}
        way = self._way([*(task.step for task in case.open), *awaited])
        first = way[0] if way else None
        edge = first is not None and self.kinds.get(first.target) == "boundaryEvent"
        sent = awaited.get(first.target if edge else first.source) if first is not None else None
        if sent is not None and way[-1].flow in self.goals():
            return self._receive(case, sent, now), now
        if due is not None and (edge or not case.open):
            now = max(now, due)
            return wake(self.copy, case.state, self._decide, now, calendar=working_days), now
        if not case.open:
            wanted = sent or next(iter(case.awaits), None)
            return (self._receive(case, wanted, now), now) if wanted is not None else None
        here = first.source if first is not None else ""
        task = next((task for task in case.open if task.step == here), case.open[0])
        self._choose(way, case.data, now)
        answers = self.fill(task, put(self.values, {}), case.data)
        step = advance(
            self.copy, case.state, task.id, answers, self._decide, now, calendar=working_days
        )
        return step, now

    def _receive(self, case: Step, awaited: Awaited, now: datetime) -> Step:
        thrown = _thrown(awaited)
        return receive(self.copy, case.state, thrown, self._decide, now, calendar=working_days)

    def _see(self, case: Step) -> None:
        if self.look is not None:
            self.look(case)

    def _decide(self, table: str, known: Mapping[str, object]) -> _Decided:
        outcome: dict[str, object] = {}
        data = put(self.values, {})
        for result in self.tables.get(table, []):
            said = data.get(result)
            if isinstance(said, Mapping):
                outcome |= said
        return _Decided(outcome)

    def _way(self, places: list[str]) -> list[_Line]:
        """Return the cheapest way to a flow that is still wanted, else to an end."""
        goals = self.goals()
        way = self._search(places, lambda line: line.flow in goals)
        if way:
            self.pursued.add(way[-1].flow)
            return way
        return self._search(places, lambda line: self.kinds.get(line.target) == "endEvent")

    def _search(self, places: list[str], wanted: Callable[[_Line], bool]) -> list[_Line]:
        ahead: dict[int, deque[tuple[str, tuple[_Line, ...]]]] = {0: deque()}
        ahead[0].extend((place, ()) for place in places)
        seen: set[str] = set()
        while ahead:
            cost = min(ahead)
            if not ahead[cost]:
                del ahead[cost]
                continue
            place, way = ahead[cost].popleft()
            if place in seen:
                continue
            seen.add(place)
            for line in self.lines.get(place, []):
                if wanted(line):
                    return [*way, line]
                ahead.setdefault(cost + line.cost, deque()).append((line.target, (*way, line)))
        return []

    def _choose(self, way: list[_Line], base: Mapping[str, object], now: datetime) -> None:
        """Choose the values under which a way is taken: what comes first is what counts."""
        fixed: Values = {}
        wishes: list[Wish] = []
        for line in way:
            more = self._wishes(line)
            found = values_for([*wishes, *more], self.tried, {}, base, now) if more else None
            if found is None and more:
                found = values_for(more, self.tried, fixed, base, now)
                wishes = wishes if found is None else [*wishes, *more]
            elif more:
                wishes += more
            fixed |= found or {}
        self.values |= fixed

    def _wishes(self, line: _Line) -> list[Wish]:
        """Return what must hold at a choice for one of its flows to be taken."""
        texts = self.copy.formulas.conditions
        own = texts.get(f"flow:{line.flow}")
        first = self.kinds.get(line.source) == "exclusiveGateway"
        rest = []
        for other in self.lines.get(line.source, []):
            text = texts.get(f"flow:{other.flow}")
            if other.flow == line.flow and first and own is not None:
                break
            if text is not None and other.flow != line.flow and (first or own is None):
                rest.append(Wish(text, holds=False))
        if own is None and line.flow not in self.defaults:
            return []
        return [*rest, *([Wish(own, holds=True)] if own is not None else [])]

    def _note(self, workflow: Any, task: Any) -> None:
        """Note a completed step and the flows its token has gone on."""
        source = task.task_spec.bpmn_id
        if source is None:
            return
        self.steps.append(source)
        for child in task.children:  # a choice has dropped the others by now
            flow = self.pairs.get((source, _drawn(child.task_spec)))
            if flow is not None:
                self.taken.add(flow)


def _thrown(awaited: Awaited) -> Thrown:
    return Thrown(awaited.kind, awaited.name, awaited.element)


def _own(root: etree._Element, key: str) -> list[etree._Element]:
    """Return the process of a key and those that it calls."""
    found: list[etree._Element] = []
    ahead = [process for process in root.findall(tag("process")) if process.get("id") == key]
    while ahead:
        process = ahead.pop()
        if process not in found:
            found.append(process)
            targets = (called(call, root) for call in process.iter(tag("callActivity")))
            ahead += [target for target in targets if target is not None]
    return found


def _drawn(spec: Any) -> str:
    if spec.bpmn_id is not None:
        return str(spec.bpmn_id)
    return str(spec.name).partition(".BoundaryEventSplit")[0]


def _lines(root: etree._Element) -> Iterator[_Line]:
    """Yield the ways of a normalised tree, in and out of scopes and over edges as well."""
    for scope in scopes(root):
        here = scope.get("id") or ""
        for node in nodes(scope):
            name = node.get("id") or ""
            if kind(node) == "startEvent":
                yield _Line("", here, name)
            elif kind(node) == "endEvent" and kind(scope) != "process":
                yield _Line("", name, here, 2)
            elif kind(node) == "boundaryEvent":
                yield from _over_the_edge(scope, node)
            elif kind(node) == "callActivity":
                yield _Line("", name, node.get("calledElement") or "")
            if "compensate" in event_definitions(node):
                yield from (
                    _Line("", name, part.get("id") or "", 2)
                    for part in every(root, SCOPES)
                    if undoes(part)
                )
        for flow in flows(scope):
            ends = (flow.get("sourceRef") or "", flow.get("targetRef") or "")
            yield _Line(flow.get("id") or "", *ends)


def _over_the_edge(scope: etree._Element, event: etree._Element) -> Iterator[_Line]:
    host = event.get("attachedToRef") or ""
    yield _Line("", host, event.get("id") or "", 5)
    for node in nodes(scope):
        if node.get("id") == host and kind(node) in SCOPES:
            for inner in every(node, STEPS | GATEWAYS):
                yield _Line("", inner.get("id") or "", event.get("id") or "", 9)
