"""A process as it runs: read once per version, then shared by all its cases and by threads."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from lxml import etree
from SpiffWorkflow.bpmn.parser.ValidationException import ValidationException

from engine.kernel.crypto import fingerprint
from engine.kernel.errors import Invalid
from engine.processes import bpmn, check, formulas
from engine.processes.bpmn import STEPS, kind, tag
from engine.processes.findings import at, refuse
from engine.processes.formulas import Formulas
from engine.processes.load import load
from engine.processes.normalise import Change, normalise
from engine.processes.specs import HallParser, connect_loops
from engine.processes.step import UserTask, decision_of, step_of

__all__ = ["Definition", "UserTask", "read_definition"]


@dataclass(frozen=True)
class Definition:
    """One version of a process; immutable, safe to share.

    `key` is the process id, `digest` that of the drawn XML, `tasks` the user tasks in the order
    of the file by drawn id, `tables` and `forms` what it refers to, `ends` the drawn ids of the
    end events of the process itself, `changes` what was rewritten in order to run it.
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


def read_definition(
    xml: bytes, tables: Collection[str] | None = None, forms: Collection[str] | None = None
) -> Definition:
    """Return the process drawn in a BPMN file.

    With `tables` and `forms` (the names that exist) references to others are refused, with
    `forms` also user tasks without name, role or form; without them these are not looked at.

    Raises Invalid with `element` (drawn id) and `name`, and all of them in `findings` when there
    are several: the codes of `check`, `load` and `formulas`, e.g. `process.doctype`,
    `process.script_language`, `process.unknown_table`, `process.silently_wrong`, `process.feel`.
    """
    drawn = load(xml)
    refuse(check.findings(drawn, tables, forms))
    root, changes = normalise(drawn)
    compiled, wrong = formulas.take_out(root)
    refuse(wrong)
    process = next(_starting(root))
    key = process.get("id") or ""
    spec, parts = _specs(root, key)
    lanes = bpmn.lanes(root)
    steps = [
        step_of(node, lanes.get(node.get("id") or ""))
        for node in root.iter()
        if kind(node) in STEPS
    ]
    rules = (decision_of(node)[0] for node in root.iter(tag("businessRuleTask")))
    ends = (node for node in bpmn.nodes(process) if kind(node) == "endEvent")
    return Definition(
        key=key,
        name=process.get("name") or key,
        digest=fingerprint(xml),
        tasks={step.id: step for step in steps},
        tables=tuple(dict.fromkeys(rules)),
        forms=tuple(dict.fromkeys(step.form for step in steps if step.form is not None)),
        ends=tuple(node.get("id") or "" for node in ends),
        xml=xml,
        changes=changes,
        spec=spec,
        parts=parts,
        formulas=compiled,
    )


def _starting(root: etree._Element) -> Iterator[etree._Element]:
    called = {node.get("calledElement") for node in root.iter(tag("callActivity"))}
    return (node for node in root.findall(tag("process")) if node.get("id") not in called)


def _specs(root: etree._Element, key: str) -> tuple[Any, Mapping[str, Any]]:
    parser = HallParser()
    try:
        parser.add_bpmn_xml(root)
        spec, parts = parser.get_spec(key), parser.get_subprocess_specs(key)
    except ValidationException as error:
        raise Invalid(
            "process.not_understood", element=error.id, name=error.name, said=error.args[0]
        ) from error
    except RecursionError as error:
        refuse([at(root, "process.too_many_nodes", limit=check.MAX_NODES)])
        raise AssertionError from error
    for each in (spec, *parts.values()):
        connect_loops(each)
    return spec, parts
