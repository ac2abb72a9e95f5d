"""Constraints on expressions: formal, with a body, in a known language (8.4.7)."""

import re
from urllib.parse import urlsplit

from lxml import etree

from engine.processes.bpmn import drawn, kind, tag
from engine.processes.findings import broken
from engine.processes.standard.model import (
    Findings,
    Model,
    executable,
    formal,
    local,
    words,
)

URI = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*:[^\s<>\"{}|\\^`]+")
# Elements of the type tExpression that an engine computes, by the element around them.
COMPUTED = frozenset(
    {
        ("adHocSubProcess", "completionCondition"),
        ("assignment", "from"),
        ("assignment", "to"),
        ("complexGateway", "activationCondition"),
        ("multiInstanceLoopCharacteristics", "completionCondition"),
        ("multiInstanceLoopCharacteristics", "loopCardinality"),
        ("sequenceFlow", "conditionExpression"),
        ("standardLoopCharacteristics", "loopCondition"),
        ("timerEventDefinition", "timeCycle"),
        ("timerEventDefinition", "timeDate"),
        ("timerEventDefinition", "timeDuration"),
    }
)
# Elements whose type in the schema is tFormalExpression already.
FORMAL = frozenset(
    {
        ("complexBehaviorDefinition", "condition"),
        ("correlationPropertyBinding", "dataPath"),
        ("correlationPropertyRetrievalExpression", "messagePath"),
        ("dataInputAssociation", "transformation"),
        ("dataOutputAssociation", "transformation"),
        ("resourceAssignmentExpression", "formalExpression"),
    }
)
BOOLEAN_TEXT = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?|\"[^\"]*\"")


def computed_is_formal(model: Model) -> Findings:
    """What a process that runs computes is a formal expression, not natural language (8.4.7.2)."""
    for around, name in sorted(COMPUTED):
        for node in _children(model, around, name):
            if _runs(node) and not formal(node):
                yield broken(drawn(node), "EXT012", "process.not_formal", expression=name)


def formal_has_a_body(model: Model) -> Findings:
    """A formal expression has a text (8.4.7.2)."""
    for node in model.root.iter(etree.Element):
        if not formal(node) or not kind(node) or kind(node) == "condition":
            continue
        if not "".join(map(str, node.itertext())).strip():
            yield broken(_near(node), "EXT013", "process.no_text", expression=kind(node))
    for around, name in sorted(FORMAL):
        for node in _children(model, around, name):
            if not words(node) and not formal(node):
                yield broken(_near(node), "EXT013", "process.no_text", expression=name)
    for node in model.every("complexBehaviorDefinition"):
        condition = node.find(tag("condition"))
        if condition is not None and formal(condition) and not words(condition):
            yield broken(_near(node), "EXT013", "process.no_text", expression="condition")


def language_is_a_uri(model: Model) -> Findings:
    """The language of an expression is named by a URI (8.4.7.2; 8.2.2 Definitions)."""
    for node in model.root.iter(etree.Element):
        names = ("expressionLanguage", "typeLanguage") if node is model.root else ("language",)
        for name in names:
            said = node.get(name)
            if said is not None and kind(node) and not is_uri(said):
                yield broken(_near(node), "EXT014", "process.language_uri", said=said)


def condition_is_boolean(model: Model) -> Findings:
    """A completion condition of a multi-instance activity is true or false (10.3.8)."""
    for node in _children(model, "multiInstanceLoopCharacteristics", "completionCondition"):
        if not _may_be_boolean(model, node):
            yield broken(drawn(node), "EXT071", "process.not_boolean", expression=words(node))


def behaviour_is_boolean(model: Model) -> Findings:
    """The condition of a complex behaviour is true or false (10.3.8)."""
    for node in _children(model, "complexBehaviorDefinition", "condition"):
        if not _may_be_boolean(model, node):
            yield broken(drawn(node), "EXT072", "process.not_boolean", expression=words(node))


def condition_event_is_formal(model: Model) -> Findings:
    """The condition of an event of a process that runs is a formal expression (10.5.5)."""
    for node in model.every("conditionalEventDefinition"):
        condition = node.find(tag("condition"))
        if not _runs(node):
            continue
        if condition is None or not formal(condition) or not words(condition):
            yield broken(_near(node), "EXT123", "process.not_formal", expression="condition")


def transaction_method_is_a_uri(model: Model) -> Findings:
    """The method of a transaction is named by a URI or one of three words (10.3.5)."""
    for node in model.every("transaction"):
        said = node.get("method")
        if said is None or said in ("##Compensate", "##Store", "##Image", "##compensate"):
            continue
        if not is_uri(said):
            yield broken(node, "EXT060", "process.transaction_method", said=said)


def is_uri(text: str) -> bool:
    """Whether a text is an absolute URI (RFC 3986)."""
    if not URI.fullmatch(text.strip()):
        return False
    try:
        parts = urlsplit(text.strip())
    except ValueError:
        return False
    return bool(parts.netloc or parts.path)


def _may_be_boolean(model: Model, node: etree._Element) -> bool:
    """False for a bare number or text, and where the expression says that it is another type."""
    if BOOLEAN_TEXT.fullmatch(words(node)):
        return False
    said = node.get("evaluatesToTypeRef")
    if said is None:
        return True
    item = model.get(said)
    name = local((item.get("structureRef") if item is not None else said) or said)
    return name.lower() == "boolean"


def _children(model: Model, around: str, name: str) -> list[etree._Element]:
    return [child for node in model.every(around) for child in node.findall(tag(name))]


def _runs(node: etree._Element) -> bool:
    """Whether a process computes this: it stands in one that runs, or is shared by such events."""
    return executable(node) or next(node.iterancestors(tag("process")), None) is None


def _near(node: etree._Element) -> etree._Element:
    """The element a designer selects, or the nearest one with an id."""
    place = drawn(node)
    if place.get("id"):
        return place
    here: etree._Element | None = node
    while here is not None and not here.get("id"):
        here = here.getparent()
    return node if here is None else here


CONSTRAINTS = (
    computed_is_formal,
    formal_has_a_body,
    language_is_a_uri,
    transaction_method_is_a_uri,
    condition_is_boolean,
    behaviour_is_boolean,
    condition_event_is_formal,
)
