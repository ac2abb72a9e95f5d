"""All constraints of the standard, in the order in which their findings are told."""

from lxml import etree

from engine.processes.findings import Finding, merged
from engine.processes.standard import (
    activities,
    calling,
    collaboration,
    compensation,
    data,
    events,
    expressions,
    flows,
    gateways,
    links,
    references,
)
from engine.processes.standard.model import Constraint, Model

CONSTRAINTS: tuple[Constraint, ...] = (
    *references.CONSTRAINTS,
    *flows.CONSTRAINTS,
    *gateways.CONSTRAINTS,
    *events.CONSTRAINTS,
    *links.CONSTRAINTS,
    *compensation.CONSTRAINTS,
    *activities.CONSTRAINTS,
    *calling.CONSTRAINTS,
    *expressions.CONSTRAINTS,
    *data.CONSTRAINTS,
    *collaboration.CONSTRAINTS,
)


def violations(root: etree._Element) -> list[Finding]:
    """Return every constraint of BPMN 2.0.2 that a file breaks.

    `rule` in the params is its published number; constraints that say the same of an element
    make one finding.
    """
    model = Model(root)
    return merged(finding for constraint in CONSTRAINTS for finding in constraint(model))
