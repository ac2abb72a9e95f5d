"""Constraints on link events: pairs that name each other on one level (10.5.5)."""

from lxml import etree

from engine.processes.bpmn import kind
from engine.processes.findings import broken
from engine.processes.standard.model import (
    Findings,
    Model,
    texts,
)


def link_is_entered_or_left(model: Model) -> Findings:
    """A throwing link has no way out and a catching one no way in (10.5.5)."""
    for node in model.every("intermediateCatchEvent", "intermediateThrowEvent"):
        catches = kind(node) == "intermediateCatchEvent"
        wrong = model.into(node) if catches else model.out_of(node)
        if model.has_trigger(node, "link") and wrong:
            yield broken(node, "EXT117", "process.link_flow")


def link_leads_back(model: Model) -> Findings:
    """The target of a throwing link names it as a source, and the other way round (10.5.5)."""
    for node, link in _links(model, "intermediateThrowEvent"):
        for ref in texts(link, "target"):
            target = model.get(ref)
            if target is None or link.get("id") not in texts(target, "source"):
                yield broken(node, "EXT118", "process.link", link=link.get("name"))
    for node, link in _links(model, "intermediateCatchEvent"):
        for ref in texts(link, "source"):
            source = model.get(ref)
            if source is None or link.get("id") not in texts(source, "target"):
                yield broken(node, "EXT118", "process.link", link=link.get("name"))


def catching_link_has_a_source(model: Model) -> Findings:
    """A catching link names its sources (10.5.5)."""
    for node, link in _links(model, "intermediateCatchEvent"):
        if not texts(link, "source"):
            yield broken(node, "EXT124", "process.link", link=link.get("name"))


def throwing_link_has_one_target(model: Model) -> Findings:
    """A throwing link names exactly one target (10.5.5)."""
    for node, link in _links(model, "intermediateThrowEvent"):
        if len(texts(link, "target")) != 1:
            yield broken(node, "EXT125", "process.link", link=link.get("name"))


def link_stays_on_its_level(model: Model) -> Findings:
    """A link leads to a place of the same process and level (10.5.5)."""
    levels = {link: node.getparent() for node, link in _links(model, "intermediateCatchEvent")}
    for node, link in _links(model, "intermediateThrowEvent"):
        for ref in texts(link, "target"):
            target = model.get(ref)
            if target is not None and levels.get(target) is not node.getparent():
                yield broken(node, "EXT126", "process.link_level", link=link.get("name"))


def _links(model: Model, place: str) -> list[tuple[etree._Element, etree._Element]]:
    return [
        (node, definition)
        for node in model.every(place)
        for name, definition in model.triggers(node)
        if name == "link"
    ]


CONSTRAINTS = (
    link_is_entered_or_left,
    link_leads_back,
    catching_link_has_a_source,
    throwing_link_has_one_target,
    link_stays_on_its_level,
)
