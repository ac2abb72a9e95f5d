"""What a repair adds is drawn beside its neighbour, what it takes away leaves no shape."""

from pathlib import Path

from lxml import etree

from engine.processes.load import read_tree
from engine.processes.standard.repair import repair
from engine.processes.standard.shapes import DI, draw_beside

ROOT = Path(__file__).resolve().parents[4]
INSTANT = ROOT / "bpmn" / "matters" / "instant.bpmn"
MODEL = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"


def shapes(root, name="BPMNShape"):
    return {one.get("bpmnElement") for one in root.iter(f"{DI}{name}")}


def test_an_end_that_was_added_is_drawn_with_its_line():
    root = read_tree(INSTANT.read_bytes())
    process = root.find(f"{MODEL}process")
    gone = {one.get("id") for one in process.findall(f"{MODEL}endEvent")}
    for node in list(process):
        if node.get("id") in gone or node.get("targetRef") in gone:
            process.remove(node)
    made = {one.made for one in repair(root) if one.rule == "EXT105"}
    assert made
    assert made <= shapes(root)
    flows = {one.get("id") for one in process.findall(f"{MODEL}sequenceFlow")}
    assert flows <= shapes(root, "BPMNEdge")


def test_a_file_without_a_drawing_stays_without_one():
    root = etree.fromstring(f'<definitions xmlns="{MODEL[1:-1]}"><process id="p"/></definitions>')
    node = etree.SubElement(root[0], f"{MODEL}task", id="a")
    draw_beside(root, node, etree.SubElement(root[0], f"{MODEL}endEvent", id="b"))
    assert shapes(root) == set()
