"""What a designer says of a user task and of a decision in our own vocabulary `hall:`."""

from dataclasses import dataclass

from lxml import etree

from engine.processes.bpmn import called_elsewhere, extension, hall

STEP_ATTRIBUTES = frozenset({"days", "role", "power", "form", "stops-clock", "holder"})
DECISION_ATTRIBUTES = frozenset({"table", "result"})
LIMIT_ATTRIBUTES = frozenset({"steps", "days", "basis"})


@dataclass(frozen=True)
class UserTask:
    """A step that a person does, or a child case: posts, power, form, limit in working days.

    `id` and `name` are the drawn ones; `lane` is the name of the innermost lane;
    `stops_clock` is one of the procedures of 行政许可法 art. 45; `holder` is the variable that
    holds the id of the official whose task it is, None for a task offered to its posts.
    `child` is the process of the child case that does the step in place of a person, `returns`
    are the variables of the child that come back with its outcome.
    """

    id: str
    name: str
    roles: tuple[str, ...]
    power: str | None
    form: str | None
    days: int | None
    stops_clock: str | None
    lane: str | None
    holder: str | None = None
    child: str | None = None
    returns: tuple[str, ...] = ()


def step_of(node: etree._Element, lane: str | None) -> UserTask:
    """Return what is drawn and said of a user task or of a call that opens a child case.

    The file must have passed the checks; it may be normalised.
    """
    child = called_elsewhere(node)
    said = extension(node, "step")
    words = dict(said.attrib) if said is not None else {}
    days = words.get("days")
    return UserTask(
        id=node.get("id") or "",
        name=node.get("name") or "",
        roles=tuple(str(words.get("role", "")).split()),
        power=_text(words.get("power")),
        form=_text(words.get("form")),
        days=int(days) if days is not None else None,
        stops_clock=_text(words.get("stops-clock")),
        lane=lane,
        holder=_text(words.get("holder")),
        child=child,
        returns=tuple((node.get(hall("result")) or "").split()) if child else (),
    )


def decision_of(node: etree._Element) -> tuple[str, str]:
    """Return the table and the result variable of a business rule task ("" where missing)."""
    said = extension(node, "decision")
    if said is None:
        return "", ""
    return said.get("table") or "", said.get("result") or ""


def _text(value: str | bytes | None) -> str | None:
    return str(value) if value else None
