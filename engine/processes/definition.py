"""A process as it runs: read once per version, then shared by all its cases and by threads."""

from collections.abc import Collection, Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

from lxml import etree
from SpiffWorkflow.bpmn.parser.ValidationException import ValidationException

from engine.kernel.crypto import fingerprint
from engine.kernel.errors import Invalid
from engine.processes import bpmn, check, data, formulas
from engine.processes.adhoc import connect_adhoc
from engine.processes.bpmn import STEPS, kind, tag
from engine.processes.data import connect_data
from engine.processes.event_specs import starters
from engine.processes.events import BODY, waits_for_condition, waits_for_others
from engine.processes.exchange import Awaited
from engine.processes.findings import at, refuse
from engine.processes.formulas import Formulas
from engine.processes.instances import connect_loops
from engine.processes.limits import Limit, check_limits
from engine.processes.load import load
from engine.processes.normalise import Change, normalise
from engine.processes.soundness import check_soundness
from engine.processes.specs import HallParser
from engine.processes.step import UserTask, decision_of, step_of
from engine.processes.undoing import handler_specs, note_what_completes

__all__ = ["Definition", "UserTask", "read_definition", "read_definitions"]


@dataclass(frozen=True)
class Definition:
    """One version of a process; immutable, safe to share.

    `key` is the process id, `digest` that of the drawn XML, `tasks` the user tasks and the calls
    that open child cases, in the order of the file by drawn id, `tables`, `forms` and `processes`
    (of other files) what it refers to, `ends` the drawn ids of the end events of the process
    itself, `changes` what was rewritten in order to run it.
    `starters` are the messages and signals that start it, `conditional` says whether anything in
    it waits for a condition, `listens` whether anything waits for a message or signal.
    """

    key: str
    name: str
    digest: str
    tasks: Mapping[str, UserTask]
    tables: tuple[str, ...]
    forms: tuple[str, ...]
    ends: tuple[str, ...]
    xml: bytes = field(repr=False)
    changes: tuple[Change, ...] = field(repr=False)
    spec: Any = field(repr=False, compare=False)
    parts: Mapping[str, Any] = field(repr=False, compare=False)
    formulas: Formulas = field(repr=False, compare=False)
    processes: tuple[str, ...] = ()
    starters: tuple[Awaited, ...] = ()
    conditional: bool = False
    listens: bool = False


def read_definition(
    xml: bytes,
    tables: Collection[str] | None = None,
    forms: Collection[str] | None = None,
    limits: Mapping[str, Limit] | None = None,
    processes: Collection[str] = (),
) -> Definition:
    """Return the process drawn in a BPMN file: the one that does not only start by an event.

    With `tables` and `forms` (the names that exist) references to others are refused, with
    `forms` also user tasks without name, role or form; without them these are not looked at.
    With `limits` (what is promised of each process that has matters, maybe none) the process
    must also be sound and within its limits.

    Raises Invalid with `element` (drawn id) and `name`, and all of them in `findings` when there
    are several: the codes of `check`, `load` and `formulas`, e.g. `process.doctype`,
    `process.script_language`, `process.unknown_table`, `process.silently_wrong`, `process.feel`;
    with `limits` also those of `soundness` and `limits`; `process.several_processes` for a file
    with more than one. A call of one of `processes` (in other files) opens a child case.
    """
    drawn, root, changes, compiled = _read(xml, tables, forms, limits, processes)
    found = _starting(root)
    if not found:
        refuse([at(root, "process.no_process")])
    if len(found) > 1:
        found = [process for process in found if _starts_by_itself(process)] or found
        refuse(at(process, "process.several_processes") for process in found[1:])
    return _definition(xml, drawn, root, found[0], changes, compiled)


def read_definitions(
    xml: bytes,
    tables: Collection[str] | None = None,
    forms: Collection[str] | None = None,
    processes: Collection[str] = (),
) -> tuple[Definition, ...]:
    """Return every process of a file that is not only called, in the order of the file.

    Raises as `read_definition`, but not `process.several_processes`.
    """
    drawn, root, changes, compiled = _read(xml, tables, forms, None, processes)
    return tuple(
        _definition(xml, drawn, root, process, changes, compiled) for process in _starting(root)
    )


def _read(
    xml: bytes,
    tables: Collection[str] | None,
    forms: Collection[str] | None,
    limits: Mapping[str, Limit] | None,
    processes: Collection[str],
) -> tuple[etree._Element, etree._Element, tuple[Change, ...], Formulas]:
    drawn = load(xml)
    refuse(check.findings(drawn, tables, forms, processes))
    if limits is not None:
        refuse([*check_soundness(drawn), *check_limits(drawn, limits)])
    root, changes = normalise(drawn)
    compiled, wrong = formulas.take_out(root, free=tables is None and forms is None)
    refuse(wrong)
    return drawn, root, changes, compiled


def _definition(
    xml: bytes,
    drawn: etree._Element,
    root: etree._Element,
    process: etree._Element,
    changes: tuple[Change, ...],
    compiled: Formulas,
) -> Definition:
    key = process.get("id") or ""
    spec, parts = _specs(root, key)
    own = _with_called(root, process)
    lanes = bpmn.lanes(root)
    steps = [
        step_of(node, lanes.get(node.get("id") or ""))
        for each in own
        for node in each.iter()
        if kind(node) in STEPS
    ]
    rules = (decision_of(node)[0] for each in own for node in each.iter(tag("businessRuleTask")))
    here = next(one for one in drawn.findall(tag("process")) if one.get("id") == key)
    specs = [each for scope in (spec, *parts.values()) for each in scope.task_specs.values()]
    return Definition(
        key=key,
        name=process.get("name") or key,
        digest=fingerprint(xml),
        tasks={step.id: step for step in steps},
        tables=tuple(dict.fromkeys(rules)),
        forms=tuple(dict.fromkeys(step.form for step in steps if step.form is not None)),
        ends=tuple(node.get("id") or "" for node in bpmn.nodes(here) if kind(node) == "endEvent"),
        xml=xml,
        changes=changes,
        spec=spec,
        parts=parts,
        formulas=compiled,
        processes=tuple(dict.fromkeys(step.child for step in steps if step.child is not None)),
        starters=starters(spec, parts),
        conditional=any(map(waits_for_condition, specs)),
        listens=any(map(waits_for_others, specs)),
    )


def _starting(root: etree._Element) -> list[etree._Element]:
    called = {node.get("calledElement") for node in root.iter(tag("callActivity"))}
    return [
        node
        for node in root.findall(tag("process"))
        if node.get("id") not in called and bpmn.nodes(node)
    ]


def _starts_by_itself(process: etree._Element) -> bool:
    """Return whether a process has a start that waits for no message or signal."""
    bodies = [process, *process.findall(tag("subProcess"))]
    scope = next((one for one in bodies if one.get("id") == f"{BODY}{process.get('id')}"), process)
    return any(
        not bpmn.begins(one) and not {"message", "signal"} & set(bpmn.event_definitions(one))
        for one in bpmn.beginnings(scope)
    )


def _with_called(root: etree._Element, process: etree._Element) -> list[etree._Element]:
    """Return a process and all those it calls, in the order of the file."""
    by_id = {node.get("id"): node for node in root.findall(tag("process"))}
    found, ahead = {process.get("id")}, [process]
    while ahead:
        for call in ahead.pop().iter(tag("callActivity")):
            target = call.get("calledElement")
            if target in by_id and target not in found:
                found.add(target)
                ahead.append(by_id[target])
    return [node for key, node in by_id.items() if key in found]


def _specs(root: etree._Element, key: str) -> tuple[Any, Mapping[str, Any]]:
    parser = HallParser()
    # Spiff would copy data about; what is drawn of it runs here, and not in the copy it reads.
    bare = deepcopy(root)
    courses = data.take_out(bare)
    try:
        parser.add_bpmn_xml(bare)
        spec, parts = parser.get_spec(key), parser.get_subprocess_specs(key)
        parts = {**parts, **handler_specs(parser, root)}
    except ValidationException as error:
        raise Invalid(
            "process.not_understood", element=error.id, name=error.name, said=error.args[0]
        ) from error
    except RecursionError as error:
        refuse([at(root, "process.too_many_nodes", limit=check.MAX_NODES)])
        raise AssertionError from error
    for each in (spec, *parts.values()):
        connect_loops(each, root)
        connect_data(each, courses)
    connect_adhoc(parts, root)
    note_what_completes(spec, parts, root)
    return spec, parts
