"""What a designer says of a user task and of a decision in our own vocabulary `hall:`."""

from dataclasses import dataclass

from lxml import etree

from engine.processes.bpmn import extension

STEP_ATTRIBUTES = frozenset({"days", "role", "power", "form", "stops-clock"})
DECISION_ATTRIBUTES = frozenset({"table", "result"})
LIMIT_ATTRIBUTES = frozenset({"steps", "days", "basis"})


@dataclass(frozen=True)
class UserTask:
    """A step that a person does: its posts, power, form and limit in working days.

    `id` and `name` are the drawn ones; `lane` is the name of the innermost lane;
    `stops_clock` is one of the procedures of 行政许可法 art. 45.
    """

    id: str
    name: str
    roles: tuple[str, ...]
    power: str | None
    form: str | None
    days: int | None
    stops_clock: str | None
    lane: str | None


def step_of(node: etree._Element, lane: str | None) -> UserTask:
    """Return what is drawn and said of a user task; the file must have passed the checks."""
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
    )


def decision_of(node: etree._Element) -> tuple[str, str]:
    """Return the table and the result variable of a business rule task ("" where missing)."""
    said = extension(node, "decision")
    if said is None:
        return "", ""
    return said.get("table") or "", said.get("result") or ""


def _text(value: str | bytes | None) -> str | None:
    return str(value) if value else None
