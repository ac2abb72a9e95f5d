"""Plays one case of a conformance kit: the processes of a file, a clock of seconds, no persons.

The procedure is that of the kit's README: start what must wait first, start the process, then
let time pass second by second; what one instance throws reaches the others at once.
"""

import re
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from engine.kernel.errors import Conflict, HallError, Invalid
from engine.processes import run
from engine.processes.definition import Definition, read_definitions
from engine.processes.exchange import Awaited, ScriptDone, Thrown
from engine.processes.run import Step

T0 = datetime(2026, 1, 5, 1, 0, tzinfo=UTC)
BUDGET = 1_000
TRACE = "log"
MAX_SECONDS = 3_600


@dataclass(frozen=True)
class Case:
    """One case of `run/cases.json`; `process` and `start_first` are process ids."""

    id: str
    model: str
    process: str
    start_first: tuple[str, ...]
    inputs: Mapping[str, object]
    seconds: int
    expected: tuple[tuple[str, ...], ...]
    end: str


@dataclass(frozen=True)
class Played:
    """What a case came to: the trace, sorted, and the end state in the words of the kit."""

    trace: tuple[str, ...]
    end: str


@dataclass
class _Instance:
    definition: Definition
    step: Step | None = None
    error: HallError | None = None


@dataclass
class _World:
    """All instances of a file, what they have said, and the deliveries that are under way."""

    definitions: Mapping[str, Definition]
    now: datetime = T0
    trace: list[str] = field(default_factory=list)
    instances: list[_Instance] = field(default_factory=list)
    thrown: deque[tuple[_Instance, Thrown]] = field(default_factory=deque)
    steps: int = 0


def duration(text: str) -> int:
    """Return the whole seconds of `PT…S`, the only spelling of the kit.

    Raises Invalid `conform.value`.
    """
    said = re.fullmatch(r"PT([0-9]{1,5})S", text)
    if said is None or int(said[1]) > MAX_SECONDS:
        raise Invalid("conform.value", kind="duration", text=text)
    return int(said[1])


def play(source: bytes, case: Case) -> Played:
    """Run a case; a refused file, an incident and an endless run are end states, not errors."""
    try:
        definitions = {one.key: one for one in read_definitions(source)}
    except HallError:
        return Played((), "refused")
    world = _World(definitions)
    try:
        for name in case.start_first:
            _begin(world, name, {})
        main = _begin(world, case.process, case.inputs)
        for second in range(1, case.seconds + 1):
            world.now = T0 + timedelta(seconds=second)
            _let_timers_fire(world)
    except _Endless:
        return Played(tuple(sorted(world.trace)), "endless")
    return Played(tuple(sorted(world.trace)), _end(main))


class _Endless(ArithmeticError):
    """The budget of steps is used up."""


def _begin(world: _World, name: str, inputs: Mapping[str, object]) -> _Instance:
    definition = world.definitions.get(name)
    if definition is None:
        raise Invalid("conform.value", kind="process", text=name)
    instance = _Instance(definition)
    world.instances.append(instance)
    _command(
        world,
        instance,
        lambda: run.start(definition, inputs, _no_tables, world.now, observe=_listen(world)),
    )
    _deliver(world)
    return instance


def _command(world: _World, instance: _Instance, command: Callable[[], Step]) -> None:
    """Bring an instance one step on; an error of the engine is an incident of the instance."""
    world.steps += 1
    if world.steps > BUDGET:
        raise _Endless
    try:
        instance.step = command()
    except Conflict as error:
        if error.code != "process.not_awaited":
            instance.error = error
        return
    except HallError as error:
        instance.error = error
        if error.code == "process.endless":
            raise _Endless from error
        return
    world.thrown.extend((instance, one) for one in instance.step.thrown)


def _deliver(world: _World) -> None:
    """Hand on what was thrown until nothing is under way; a signal that nobody awaits is gone."""
    while world.thrown:
        thrower, thrown = world.thrown.popleft()
        found = [
            one for one in world.instances if one is not thrower and _awaits(_alive(one), thrown)
        ]
        starting = [one for one in world.definitions.values() if _matches(one.starters, thrown)]
        if thrown.kind == "message":
            # A message has one receiver, and who waits already comes first.
            found = found[:1]
            starting = [] if found else starting[:1]
        for instance in found:
            _receive(world, instance, thrown)
        for definition in starting:
            _start_by(world, definition, thrown)


def _receive(world: _World, instance: _Instance, thrown: Thrown) -> None:
    step = instance.step
    if step is None:
        return
    _command(
        world,
        instance,
        lambda: run.receive(
            instance.definition,
            step.state,
            thrown,
            _no_tables,
            world.now,
            observe=_listen(world),
        ),
    )


def _start_by(world: _World, definition: Definition, thrown: Thrown) -> None:
    instance = _Instance(definition)
    world.instances.append(instance)
    _command(
        world,
        instance,
        lambda: run.start(definition, {}, _no_tables, world.now, by=thrown, observe=_listen(world)),
    )


def _let_timers_fire(world: _World) -> None:
    """Wake every instance that is due, until none is."""
    while True:
        due = [
            one
            for one in world.instances
            if (step := _alive(one)) is not None
            and step.next_due is not None
            and step.next_due <= world.now
        ]
        for instance in due:
            _wake(world, instance)
            _deliver(world)
        if not due:
            return


def _wake(world: _World, instance: _Instance) -> None:
    step = _alive(instance)
    if step is None:
        return
    _command(
        world,
        instance,
        lambda: run.wake(
            instance.definition, step.state, _no_tables, world.now, observe=_listen(world)
        ),
    )


def _alive(instance: _Instance) -> Step | None:
    step = instance.step
    if step is None or step.ended or instance.error is not None:
        return None
    return step


def _awaits(step: Step | None, thrown: Thrown) -> bool:
    return step is not None and _matches(step.awaits, thrown)


def _matches(awaited: Sequence[Awaited], thrown: Thrown) -> bool:
    return any((one.kind, one.name) == (thrown.kind, thrown.name) for one in awaited)


def _listen(world: _World) -> Callable[[ScriptDone], None]:
    def observe(done: ScriptDone) -> None:
        if done.variable == TRACE and isinstance(done.value, list) and done.value:
            world.trace.append(str(done.value[-1]))

    return observe


def _no_tables(table: str, facts: Mapping[str, object]) -> run.DecisionLike:
    raise Invalid("process.unknown_table", element="", name="", table=table)


def _end(instance: _Instance) -> str:
    step = instance.step
    if instance.error is not None or step is None:
        return "incident"
    if step.failure is not None:
        return f"error {step.failure}"
    return "completed" if step.ended else "waiting"
