"""What a case and the world around it tell each other: what it awaits, throws and computes."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Awaited:
    """A message or signal that something waits for: `kind` is "message" or "signal".

    `name` is that of the message or signal, `element` the drawn id of the event or task.
    """

    kind: str
    name: str
    element: str


@dataclass(frozen=True)
class Thrown:
    """A message or signal on its way: `kind` and `name` as in Awaited, `element` its thrower.

    `data` are plain values that become variables of the case that receives it.
    """

    kind: str
    name: str
    element: str
    data: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class ScriptDone:
    """A script task that completed: its drawn id, the variable it wrote, the plain value."""

    element: str
    variable: str
    value: object


Observe = Callable[[ScriptDone], None]
