"""Import assistant: a diagram of another tool becomes ours, with a report of all that was done.

Known are Camunda 7 and 8, Flowable and Activiti, Signavio, bpmn.io and the reference models of
the BPMN MIWG. Nothing of the source is run: what has no sure equal is asked or stubbed, and the
publish gate refuses it until a designer has answered on the diagram.
"""

from collections import Counter
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass

from lxml import etree

from engine.kernel.errors import Invalid
from engine.processes import layout
from engine.processes.bpmn import tag
from engine.processes.definition import read_definitions
from engine.processes.formulas import take_out, vocabulary
from engine.processes.importing import (
    data,
    flows,
    foreign,
    loops,
    people,
    references,
    schema,
    tasks,
)
from engine.processes.importing.report import Entry, Outcome, Report
from engine.processes.importing.source import read_source, repair_ids
from engine.processes.standard.repair import repair

__all__ = ["Entry", "Imported", "Outcome", "import_drawing"]

MOST_FINDINGS = 1_000
ONLY_MARKS = frozenset({"EXT012", "EXT023", "EXT053", "EXT128"})
# What the report has asked in its own words already.
ANSWERED = frozenset(
    {
        "process.feel",
        "process.no_condition",
        "process.no_result",
        "process.no_script",
        "process.no_table",
        "process.no_time",
        "process.not_supported",
        "process.several_starts",
        "process.silently_wrong",
    }
)


@dataclass(frozen=True)
class Imported:
    """The diagram in our dialect (UTF-8) and what was done to it, in the order of the subjects.

    `ready` tells whether the checks of the standard accept it as it is and know every name in
    it; role, form and power of each step are a matter of publishing.
    """

    xml: bytes
    report: tuple[Entry, ...]
    ready: bool

    def counts(self) -> dict[str, int]:
        """Return how many entries there are of each outcome."""
        found = Counter(entry.kind for entry in self.report)
        return {outcome.value: found[outcome] for outcome in Outcome}


def import_drawing(source: bytes, roles: Mapping[str, str] | None = None) -> Imported:
    """Return a diagram of another tool in our dialect.

    `roles` gives the role of the hall for each name under which it may be known (in any case of
    letters); other names are asked. What the gate still refuses is in the report, with the code
    and the params of the gate.

    Raises Invalid `import.no_process` (there is nothing to run in the file) and the codes of
    `source.read_source`: `process.doctype`, `process.too_large`, `import.encoding`,
    `process.broken`, `process.not_bpmn` and the other refusals of the XML reader.
    """
    root = read_source(source)
    if root.find(tag("process")) is None:
        raise Invalid("import.no_process", element=root.get("id") or "", name="")
    report = Report()
    known = {name.casefold(): role for name, role in (roles or {}).items()}
    repair_ids(root, report)
    _map(root, known, report)
    _mend(root, report)
    _draw(root, report)
    schema.order(root)
    schema.fit(root, report)
    etree.cleanup_namespaces(root, keep_ns_prefixes=["bpmn", "hall", "xsi"])
    etree.indent(root)
    xml = etree.tostring(root, xml_declaration=True, encoding="UTF-8")
    ready = _ask_the_gate(root, xml, report)
    return Imported(xml, report.entries(), ready)


def _map(root: etree._Element, roles: Mapping[str, str], report: Report) -> None:
    """Take over everything that has a meaning, subject by subject, and sweep out the rest."""
    references.declarations(root, report)
    tasks.tasks(root, vocabulary(root), report)
    people.steps(root, roles, report)
    loops.loops(root, vocabulary(root), report)
    names = vocabulary(root)
    flows.expressions(root, names, report)
    flows.times(root, names, report)
    data.data(root, report)
    foreign.sweep(root, report)
    flows.starts(root, report)
    flows.choices(root, report)
    for process in root.findall(tag("process")):
        process.set("isExecutable", "true")
    if not root.get("targetNamespace"):
        root.set("targetNamespace", "urn:zhengwu-hall:matters")


def _mend(root: etree._Element, report: Report) -> None:
    """Have mended what tools leave out without harm; what is only a mark is counted."""
    marks: Counter[str] = Counter()
    for one in repair(root):
        if one.rule in ONLY_MARKS:
            marks[one.rule] += 1
        else:
            report.repaired(one.element, one.rule, one.made)
    for rule, count in sorted(marks.items()):
        report.repaired("", rule, str(count))


def _draw(root: etree._Element, report: Report) -> None:
    """Keep the drawing where it is whole; what refers to nothing is taken out of it."""
    layout.prune(root)
    if not layout.is_complete(root):
        layout.lay_out(root)
        process = next(root.iter(tag("process")))
        report.mapped(process, "layout", "", "BPMNDI", "import.layout")


def _ask_the_gate(root: etree._Element, xml: bytes, report: Report) -> bool:
    """Put into the report what would refuse the file now; return whether nothing does."""
    found = [finding.plain() for finding in take_out(deepcopy(root))[1]]
    try:
        read_definitions(xml)
    except Invalid as error:
        several = error.params.get("findings")
        found += several if isinstance(several, list) else [{"code": error.code, **error.params}]
    seen: set[tuple[str, str, str]] = set()
    for one in found[:MOST_FINDINGS]:
        code, place = str(one["code"]), str(one.get("element") or "")
        key = (code, place, str(one.get("text")))
        what = "condition" if code == "process.feel" else ""
        if key not in seen and not (code in ANSWERED and report.asks(place, what)):
            params = {name: value for name, value in one.items() if name != "code"}
            report.refused(place, str(one.get("name") or ""), *_own_words(code, params))
        seen.add(key)
    return not found


def _own_words(code: str, params: dict[str, object]) -> tuple[str, dict[str, object]]:
    """A name that nobody has declared here is nearly always a variable of the other tool."""
    told = params.get("told")
    if params.get("said") != "feel.unknown_name" or not isinstance(told, dict):
        return code, params
    return "import.unknown_name", {"text": params.get("text"), "variable": told.get("name")}
