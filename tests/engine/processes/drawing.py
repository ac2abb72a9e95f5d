"""Small diagrams for the tests: pieces of BPMN as text, put together into a file."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise
from xml.sax.saxutils import escape, quoteattr

from lxml import etree

from engine.processes.definition import Definition, read_definition
from engine.processes.run import Step, advance
from engine.processes.standard.repair import repair

NOW = datetime(2026, 1, 5, 1, 0, tzinfo=UTC)
HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"'
    ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
    ' xmlns:hall="urn:zhengwu-hall:bpmn:1" id="definitions" targetNamespace="urn:test">'
)


def document(body: str, pid: str = "p", rest: str = "", mended: bool = True) -> bytes:
    """Return a file with one process and what else stands beside it.

    What drawing tools leave out without harm is mended (lists of flows, messages and operations,
    pairs of links …), so that pieces may be short; with `mended` false it stays as written.
    """
    process = f'<process id="{pid}" name="测试" isExecutable="true">{body}</process>'
    source = f"{HEAD}{rest}{process}</definitions>".encode()
    if not mended:
        return source
    try:
        root = etree.fromstring(source)
    except etree.XMLSyntaxError:
        return source
    repair(root)
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True)


def start(name: str = "s") -> str:
    return f'<startEvent id="{name}"/>'


def end(name: str = "e", inside: str = "") -> str:
    return f'<endEvent id="{name}">{inside}</endEvent>'


def step(name: str, inside: str = "", attributes: str = "", **said: str) -> str:
    """Return a user task; `said` are the attributes of hall:step (`_` for `-`)."""
    words = " ".join(f"{key.replace('_', '-')}={quoteattr(value)}" for key, value in said.items())
    ours = f"<extensionElements><hall:step {words}/></extensionElements>" if said else ""
    return f'<userTask id="{name}" name="{name}" {attributes}>{ours}{inside}</userTask>'


def call(name: str, process: str, inside: str = "", returns: str = "", **said: str) -> str:
    """Return a call activity; `said` are the attributes of hall:step, `returns` of hall:result."""
    words = " ".join(f"{key}={quoteattr(value)}" for key, value in said.items())
    ours = f"<extensionElements><hall:step {words}/></extensionElements>" if said else ""
    result = f" hall:result={quoteattr(returns)}" if returns else ""
    ends = f'name="{name}" calledElement="{process}"{result}'
    return f'<callActivity id="{name}" {ends}>{ours}{inside}</callActivity>'


def steps(*names: str) -> str:
    return "".join(step(name) for name in names)


def flow(source: str, target: str, condition: str | None = None, name: str = "") -> str:
    inside = ""
    if condition is not None:
        kind = 'xsi:type="tFormalExpression"'
        inside = f"<conditionExpression {kind}>{escape(condition)}</conditionExpression>"
    drawn = name or f"f_{source}_{target}"
    ends = f'sourceRef="{source}" targetRef="{target}"'
    return f'<sequenceFlow id="{drawn}" {ends}>{inside}</sequenceFlow>'


def chain(*names: str) -> str:
    return "".join(flow(a, b) for a, b in pairwise(names))


def gateway(kind: str, name: str, default: str = "") -> str:
    extra = f' default="{default}"' if default else ""
    return f'<{kind}Gateway id="{name}"{extra}/>'


def script(name: str, text: str, result: str = "total", language: str = "feel") -> str:
    return (
        f'<scriptTask id="{name}" scriptFormat="{language}" hall:result="{result}">'
        f"<script>{escape(text)}</script></scriptTask>"
    )


def rule(name: str, table: str, result: str) -> str:
    return (
        f'<businessRuleTask id="{name}"><extensionElements>'
        f'<hall:decision table="{table}" result="{result}"/>'
        "</extensionElements></businessRuleTask>"
    )


def timer(kind: str, text: str) -> str:
    return (
        f'<timerEventDefinition><{kind} xsi:type="tFormalExpression">{escape(text)}</{kind}>'
        "</timerEventDefinition>"
    )


def boundary(name: str, host: str, inside: str, interrupts: bool = True) -> str:
    cancel = "true" if interrupts else "false"
    return (
        f'<boundaryEvent id="{name}" attachedToRef="{host}" cancelActivity="{cancel}">'
        f"{inside}</boundaryEvent>"
    )


def instances(sequential: bool = False, until: str = "", output: str = "answers") -> str:
    mode = "true" if sequential else "false"
    stop = ""
    if until:
        kind = 'xsi:type="tFormalExpression"'
        stop = f"<completionCondition {kind}>{escape(until)}</completionCondition>"
    return (
        f'<multiInstanceLoopCharacteristics isSequential="{mode}">'
        f"<loopDataInputRef>units</loopDataInputRef><loopDataOutputRef>{output}</loopDataOutputRef>"
        '<inputDataItem id="unit" name="unit"/><outputDataItem id="answer" name="answer"/>'
        f"{stop}</multiInstanceLoopCharacteristics>"
    )


def read(body: str, **kwargs: str) -> Definition:
    return read_definition(document(body, **kwargs))


@dataclass(frozen=True)
class Answer:
    """What a table of the tests returns."""

    outcome: Mapping[str, object]


def no_tables(table: str, facts: Mapping[str, object]) -> Answer:
    raise AssertionError(f"no table {table} in this test")


def open_steps(step: Step) -> list[str]:
    return [task.step for task in step.open]


def complete(definition: Definition, before: Step, name: str, **answers: object) -> Step:
    """Complete the first open task of a drawn step."""
    task = next(task for task in before.open if task.step == name)
    return advance(definition, before.state, task.id, answers, no_tables, NOW)
