"""Data as drawn: data objects, inputs, outputs, properties and the associations between them.

A data object or property of a process is a variable by its name; the inputs, outputs and
properties of an activity, and the data objects of a sub-process, belong to one run of it.
Source: BPMN 2.0.2, 10.4.1 and 10.4.2.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from lxml import etree

from engine.processes import scope
from engine.processes.bpmn import kind, tag, variables
from engine.processes.findings import Finding, at
from engine.processes.plain import plain
from engine.processes.spiff import environment_of

ASSOCIATIONS = ("dataInputAssociation", "dataOutputAssociation")
DRAWN = (*ASSOCIATIONS, "ioSpecification", "property", "dataObject", "dataObjectReference")
STORES = ("dataStore", "dataStoreReference")


@dataclass(frozen=True)
class Move:
    """One association: from a name, or by a formula's key, to a name."""

    source: str | None
    key: str | None
    target: str


@dataclass
class Course:
    """What one run of an activity has of its own, and what moves in and out."""

    own: list[str] = field(default_factory=list)
    outputs: list[str] = field(default_factory=list)
    into: list[Move] = field(default_factory=list)
    out: list[Move] = field(default_factory=list)

    def open(self, workflow: Any, task: Any) -> None:
        """Give a task its own data, filled from outside."""
        kept = task.internal_data
        if scope.LOCAL in kept:
            return
        seen = scope.seen(task)
        local: dict[str, object] = {name: seen.get(name) for name in self.outputs}
        local.update(dict.fromkeys(self.own))
        moved = {move.target: _value(move, task) for move in self.into}
        kept[scope.LOCAL] = local | moved

    def close(self, workflow: Any, task: Any) -> None:
        """Bring what a task made to where it belongs; an output that was not made stays out."""
        for move in self.out:
            value = _value(move, task)
            if value is not None:
                scope.keep(task, move.target, value, outside=True)


def findings(root: etree._Element) -> Iterator[Finding]:
    """Yield associations that read a data store: there is none here (`process.data_store`)."""
    stores = {node.get("id") for node in root.iter(*(tag(name) for name in STORES))}
    for association in root.iter(*(tag(name) for name in ASSOCIATIONS)):
        host = association.getparent()
        for ref in association.findall(tag("sourceRef")):
            if host is not None and (ref.text or "").strip() in stores:
                yield at(host, "process.data_store")


def name_associations(root: etree._Element) -> None:
    """Give every association an id, by which its formulas are found; resolve loop collections."""
    by_id = variables(root)
    for number, node in enumerate(root.iter(*(tag(name) for name in ASSOCIATIONS))):
        if node.get("id") is None:
            node.set("id", f"hall_data_{number}")
    for ref in root.iter(tag("loopDataInputRef"), tag("loopDataOutputRef")):
        said = (ref.text or "").strip()
        ref.text = by_id.get(said, said)


def take_out(root: etree._Element) -> dict[str, Course]:
    """Take data out of a normalised tree whose formulas are taken out; return what runs, by id."""
    by_id = variables(root)
    found: dict[str, Course] = {}
    for node in list(root.iter(*(tag(name) for name in DRAWN))):
        host = node.getparent()
        if host is None or kind(host) in ("process", "definitions"):
            continue
        course = found.setdefault(host.get("id") or "", Course())
        if kind(node) in ASSOCIATIONS:
            moves = course.into if kind(node) == ASSOCIATIONS[0] else course.out
            moves += _moves(node, by_id)
        elif kind(node) in ("property", "dataObject"):
            course.own.append(by_id[node.get("id") or ""])
    for host_id, course in found.items():
        outputs = {move.source for move in course.out if move.source is not None}
        course.outputs = sorted(outputs & _outputs(root, host_id, by_id))
    for node in list(root.iter(*(tag(name) for name in (*DRAWN, *STORES)))):
        parent = node.getparent()
        if parent is not None:
            parent.remove(node)
    return {name: course for name, course in found.items() if course != Course()}


def connect_data(spec: Any, courses: Mapping[str, Course]) -> None:
    """Let the activities and events of a process open and close their data."""
    for name, course in courses.items():
        task_spec = spec.task_specs.get(name)
        if task_spec is not None:
            task_spec.update_event.connect(course.open)
            task_spec.completed_event.connect(course.close)


def _outputs(root: etree._Element, host: str, by_id: Mapping[str, str]) -> set[str]:
    return {
        by_id[node.get("id") or ""]
        for node in root.iter(tag("dataOutput"))
        if any(above.get("id") == host for above in node.iterancestors())
    }


def _moves(node: etree._Element, by_id: Mapping[str, str]) -> Iterator[Move]:
    target = _ref(node, "targetRef", by_id)
    assignments = node.findall(tag("assignment"))
    for assignment in assignments:
        key = (assignment.findtext(tag("from")) or "").strip()
        to = (assignment.findtext(tag("to")) or "").strip()
        named = by_id.get(to, to if to in by_id.values() else target)
        if key and named is not None:
            yield Move(None, key, named)
    key = (node.findtext(tag("transformation")) or "").strip()
    source = _ref(node, "sourceRef", by_id)
    if target is not None and (key or (source is not None and not assignments)):
        yield Move(source, key or None, target)


def _ref(node: etree._Element, name: str, by_id: Mapping[str, str]) -> str | None:
    return by_id.get((node.findtext(tag(name)) or "").strip())


def _value(move: Move, task: Any) -> object:
    if move.key is None:
        return scope.seen(task).get(move.source or "")
    environment = environment_of(task)
    formula = environment.formula(move.key)
    return plain(formula.plain(scope.seen(task), environment.now), move.target)
