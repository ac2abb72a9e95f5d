"""Made models for the layout: trees of tasks and gateways with loops, lanes and boundary events."""

import random

from lxml import etree

HEAD = (
    '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" id="d"'
    ' targetNamespace="urn:x">'
)
KINDS = ("userTask", "userTask", "exclusiveGateway", "parallelGateway", "intermediateThrowEvent")


def read(text: str) -> etree._Element:
    return etree.fromstring(f"{HEAD}{text}</definitions>")


def made(count: int, seed: int, lanes: int = 0, depth: int = 0) -> etree._Element:
    """Return a file with one process of about `count` nodes, in a pool if it has lanes."""
    dice = random.Random(seed)  # noqa: S311 - models, not secrets
    names, body = _scope(dice, "n", count, depth)
    bands: list[list[str]] = [[] for _ in range(lanes)]
    for name in names if lanes else ():
        bands[dice.randrange(lanes)].append(name)
    lane_set = "".join(
        f'<lane id="lane{number}" name="岗位{number}">'
        + "".join(f"<flowNodeRef>{name}</flowNodeRef>" for name in band)
        + "</lane>"
        for number, band in enumerate(bands)
    )
    lane_part = f'<laneSet id="ls">{lane_set}</laneSet>' if lanes else ""
    process = f'<process id="p">{lane_part}{body}</process>'
    pool = '<participant id="pool" name="大厅" processRef="p"/>'
    return read(f'<collaboration id="c">{pool}</collaboration>{process}' if lanes else process)


def _scope(dice: random.Random, prefix: str, count: int, depth: int) -> tuple[list[str], str]:
    names = [f"{prefix}{number}" for number in range(count)]
    parts = [f'<startEvent id="{names[0]}" name="开始"/>']
    ways = []
    for number, name in enumerate(names[1:], 1):
        if depth and dice.random() < 0.2:
            inner = _scope(dice, f"{name}_", 4, depth - 1)[1]
            parts.append(f'<subProcess id="{name}" name="内部">{inner}</subProcess>')
        else:
            parts.append(f'<{dice.choice(KINDS)} id="{name}" name="环节{number}"/>')
        ways.append((names[max(0, number - dice.randint(1, 4))], name))
        if dice.random() < 0.15 and "Task" in parts[-1]:
            edge = f"{name}_late"
            parts.append(f'<boundaryEvent id="{edge}" attachedToRef="{name}" name="逾期"/>')
            ways.append((edge, dice.choice(names[1:])))
    for _ in range(count // 5):
        ways.append((dice.choice(names[1:]), dice.choice(names[1:])))
    flows = [
        f'<sequenceFlow id="{prefix}f{number}" sourceRef="{a}" targetRef="{b}"'
        f' name="{dice.choice(["", "", "同意"])}"/>'
        for number, (a, b) in enumerate(ways)
    ]
    return names, "".join(parts + flows)
