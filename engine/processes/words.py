"""Lint of words: what a diagram says in our vocabulary, in FEEL, and of other tools.

One function per rule, as in `check`: each gets the root of the drawn file and yields findings.
"""

import re
from collections.abc import Collection, Iterator

from lxml import etree

from engine.domain.authority import POWERS
from engine.domain.special_procedure import STOPS_CLOCK
from engine.processes.bpmn import (
    DRAWING,
    HALL,
    MODEL,
    STEPS,
    XSI,
    called_elsewhere,
    drawn,
    every,
    extension,
    hall,
    kind,
    tag,
)
from engine.processes.findings import Finding, at
from engine.processes.step import (
    DECISION_ATTRIBUTES,
    LIMIT_ATTRIBUTES,
    STEP_ATTRIBUTES,
    decision_of,
    step_of,
)

Findings = Iterator[Finding]
MAX_DAYS = 1000
VARIABLE = re.compile(r"[^\W\d]\w{0,63}")
NAME = re.compile(r"[A-Za-z][A-Za-z0-9_.\-]{0,99}")


def foreign_namespace(root: etree._Element) -> Findings:
    """Elements and attributes of other tools that would change what the diagram means."""
    for node in root.iter():
        if not isinstance(node.tag, str):
            continue
        names = [node.tag, *(str(name) for name in node.attrib)]
        spaces = {etree.QName(name).namespace or MODEL for name in names}
        for space in sorted(spaces - DRAWING - {MODEL, HALL, XSI}):
            yield at(drawn(node), "process.foreign_namespace", namespace=space)


def foreign_implementation(root: etree._Element) -> Findings:
    """Tasks that name a program of another tool."""
    for node in root.iter():
        said = node.get("implementation")
        if said is not None and said not in ("##unspecified", "##WebService"):
            yield at(node, "process.foreign_implementation", implementation=said)


def our_words(root: etree._Element) -> Findings:
    """Misspelt or misplaced words of `hall:`; a misspelling must not be a silent default."""
    places = {
        "step": STEPS | {"callActivity", "globalUserTask", "globalManualTask", "globalTask"},
        "decision": frozenset({"businessRuleTask", "globalBusinessRuleTask"}),
        "limit": frozenset({"process"}),
    }
    allowed = {
        "step": STEP_ATTRIBUTES,
        "decision": DECISION_ATTRIBUTES,
        "limit": LIMIT_ATTRIBUTES,
    }
    for node in root.iter():
        if not isinstance(node.tag, str):
            continue
        name = etree.QName(node)
        if name.namespace == HALL:
            owner = drawn(node)
            misplaced = name.localname not in places or kind(owner) not in places[name.localname]
            if misplaced or (kind(owner) == "callActivity" and called_elsewhere(owner) is None):
                yield at(owner, "process.hall_element", word=name.localname)
                continue
            for attribute in sorted(set(map(str, node.attrib)) - allowed[name.localname]):
                word = attribute.rpartition("}")[2]
                yield at(owner, "process.hall_attribute", word=word, place=name.localname)
            if any(True for _ in node.itersiblings(node.tag, preceding=True)):
                yield at(owner, "process.hall_twice", word=name.localname)
        for attribute in map(str, node.attrib):
            if attribute.startswith(f"{{{HALL}}}") and (
                attribute != hall("result") or not _has_result(node)
            ):
                yield at(drawn(node), "process.hall_attribute", word=attribute[len(HALL) + 2 :])


def _has_result(node: etree._Element) -> bool:
    calls = called_elsewhere(node) is not None
    return calls or kind(node) in ("scriptTask", "globalScriptTask")


def step_values(root: etree._Element) -> Findings:
    """Values of `hall:step` that mean nothing: days, power, procedure, role, holder."""
    for node in every(root, STEPS | {"callActivity"}):
        for result in (node.get(hall("result")) or "").split():
            if not VARIABLE.fullmatch(result):
                yield at(node, "process.no_result", result=result)
        said = extension(node, "step")
        if said is None:
            continue
        days = said.get("days")
        if days is not None and not (re.fullmatch("[0-9]{1,4}", days) and int(days) <= MAX_DAYS):
            yield at(node, "process.days", days=days, limit=MAX_DAYS)
        power = said.get("power")
        if power and power not in POWERS:
            yield at(node, "process.unknown_power", power=power, known=list(POWERS))
        stops = said.get("stops-clock")
        if stops and stops not in STOPS_CLOCK:
            yield at(node, "process.stops_clock", procedure=stops, known=sorted(STOPS_CLOCK))
        for word in (said.get("role") or "").split():
            if not NAME.fullmatch(word):
                yield at(node, "process.role_word", role=word)
        holder = said.get("holder")
        if holder is not None and not VARIABLE.fullmatch(holder):
            yield at(node, "process.holder_word", holder=holder)


def languages(root: etree._Element) -> Findings:
    """Any language but FEEL, in scripts, conditions and as the default of the file."""
    for name in ("expressionLanguage", "typeLanguage"):
        said = root.get(name) or ""
        if said and name == "expressionLanguage" and "XPath" not in said and "FEEL" not in said:
            yield at(root, "process.script_language", language=said)
    for node in root.iter():
        language = node.get("language")
        if language is not None and not language.upper().rstrip("/").endswith("FEEL"):
            yield at(drawn(node), "process.script_language", language=language)
    for node in every(root, {"scriptTask", "globalScriptTask"}):
        said = node.get("scriptFormat") or node.get("scriptLanguage") or ""
        text = node.findtext(tag("script")) or ""
        result = node.get(hall("result")) or ""
        if says_nothing(node):
            continue
        if said != "feel":
            yield at(node, "process.script_language", language=said or "-")
        elif not text.strip():
            yield at(node, "process.no_script")
        if said == "feel" and not VARIABLE.fullmatch(result):
            yield at(node, "process.no_result", result=result)


def says_nothing(node: etree._Element) -> bool:
    """Return whether a script task promises no script at all: it completes and does nothing."""
    said = (node.get(name) for name in ("scriptFormat", "scriptLanguage", hall("result")))
    return node.find(tag("script")) is None and not any(said)


def decisions(root: etree._Element) -> Findings:
    """Business rule tasks that do not say which table, or where its answer goes."""
    for node in every(root, {"businessRuleTask", "globalBusinessRuleTask"}):
        table, result = decision_of(node)
        if not NAME.fullmatch(table):
            yield at(node, "process.no_table")
        if not VARIABLE.fullmatch(result):
            yield at(node, "process.no_result", result=result)


def unknown_table(root: etree._Element, tables: Collection[str]) -> Findings:
    """Business rule tasks that name a table nobody has written."""
    for node in every(root, {"businessRuleTask"}):
        table, _ = decision_of(node)
        if table and table not in tables:
            yield at(node, "process.unknown_table", table=table)


def unknown_form(root: etree._Element, forms: Collection[str]) -> Findings:
    """User tasks that name a form nobody has drawn."""
    for node in every(root, STEPS):
        form = step_of(node, None).form
        if form is not None and form not in forms:
            yield at(node, "process.unknown_form", form=form)


def unusable_step(root: etree._Element) -> Findings:
    """User tasks that nobody could do: without name, without role, without form."""
    for node in every(root, STEPS):
        step = step_of(node, None)
        if not step.name.strip():
            yield at(node, "process.no_name")
        if not step.roles:
            yield at(node, "process.no_role")
        if step.form is None:
            yield at(node, "process.no_form")


RULES = (
    foreign_namespace,
    foreign_implementation,
    our_words,
    step_values,
    languages,
    decisions,
)
