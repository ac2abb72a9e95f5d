"""Files of other tools, written for these tests, and short ways to look into an import."""

from pathlib import Path

from lxml import etree

from engine.processes.assistant import Imported, import_drawing

FILES = sorted((Path(__file__).parent / "files").iterdir())
ROLES = {"clerk": "clerk", "窗口人员": "clerk", "reviewer": "reviewer", "chief": "chief"}
ROLES |= {"首席代表": "chief", "head": "head", "单位负责人": "head"}
HEAD = (
    '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"'
    ' xmlns:camunda="http://camunda.org/schema/1.0/bpmn"'
    ' xmlns:zeebe="http://camunda.org/schema/zeebe/1.0"'
    ' xmlns:flowable="http://flowable.org/bpmn"'
    ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
    ' xmlns:hall="urn:zhengwu-hall:bpmn:1" id="d" targetNamespace="urn:x">'
)
NAMES = {
    "b": "http://www.omg.org/spec/BPMN/20100524/MODEL",
    "h": "urn:zhengwu-hall:bpmn:1",
    "di": "http://www.omg.org/spec/BPMN/20100524/DI",
    "dc": "http://www.omg.org/spec/DD/20100524/DC",
}


def text(body: str, rest: str = "") -> str:
    return f'{HEAD}{rest}<process id="p">{body}</process></definitions>'


def chained(*nodes: str) -> str:
    """Nodes between a start and an end, one after the other; their ids are n1, n2, …"""
    ids = ["s", *(f"n{number}" for number in range(1, len(nodes) + 1)), "e"]
    flows = "".join(
        f'<sequenceFlow id="f{number}" sourceRef="{ids[number]}" targetRef="{ids[number + 1]}"/>'
        for number in range(len(ids) - 1)
    )
    return f'<startEvent id="s"/>{"".join(nodes)}<endEvent id="e"/>{flows}'


def imported(body: str, rest: str = "") -> Imported:
    return import_drawing(text(body, rest).encode(), ROLES)


def codes(made: Imported, element: str) -> set[str]:
    return {entry.code for entry in made.report if entry.element == element}


def found(made: Imported, path: str) -> etree._Element:
    nodes = etree.fromstring(made.xml).xpath(path, namespaces=NAMES)
    assert len(nodes) == 1, (path, nodes)
    return nodes[0]


def values(made: Imported, path: str) -> list[str]:
    return [str(value) for value in etree.fromstring(made.xml).xpath(path, namespaces=NAMES)]
