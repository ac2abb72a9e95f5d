"""Multi-instance of other tools: collection and item become the data references of the standard."""

import re
from collections.abc import Collection

from lxml import etree

from engine.processes.bpmn import MODEL, kind, tag
from engine.processes.importing.expressions import translated
from engine.processes.importing.foreign import take, take_elements
from engine.processes.importing.report import Report, place_of
from engine.processes.importing.source import new_id
from engine.processes.words import VARIABLE

CHARACTERISTICS = "multiInstanceLoopCharacteristics"


def loops(root: etree._Element, names: Collection[str], report: Report) -> None:
    """Map collection, item and results of each multi-instance; what is missing is asked."""
    for mark in root.iter(tag(CHARACTERISTICS)):
        said, item, results = _said(mark)
        if not said:
            said = _reference(root, mark)
            if mark.find(tag("loopCardinality")) is not None:
                continue
        collection = translated(said, "", names) if said else None
        if collection is None or not VARIABLE.fullmatch(collection):
            report.ask(mark, "collection", said, "import.collection", said=said or "-")
            continue
        _write(root, mark, collection, item, results, report, said)


def _said(mark: etree._Element) -> tuple[str, str, str]:
    """Collection, item and collection of results in the words of the other tool."""
    collection = take(mark, "collection", "collectionString")
    item = take(mark, "elementVariable")
    take(mark, "elementIndexVariable")
    results = ""
    for made in take_elements(mark, "loopCharacteristics"):
        collection = collection or (made.get("inputCollection") or "").strip()
        item = item or made.get("inputElement") or ""
        results = results or made.get("outputCollection") or ""
    return collection, item, results


def _reference(root: etree._Element, mark: etree._Element) -> str:
    """The collection that the standard's own reference names, by the name of the data."""
    ref = (mark.findtext(tag("loopDataInputRef")) or "").strip()
    target = next((node for node in root.iter(etree.Element) if node.get("id") == ref), None)
    name = (target.get("name") or "").strip() if target is not None else ""
    return name if VARIABLE.fullmatch(name) else ref


def _write(
    root: etree._Element,
    mark: etree._Element,
    collection: str,
    item: str,
    results: str,
    report: Report,
    said: str,
) -> None:
    host = re.sub(r"\W", "_", place_of(mark).get("id") or "task")
    known = mark.find(tag("inputDataItem"))
    if not item and known is not None:
        item = known.get("name") or known.get("id") or ""
    gathered = (mark.findtext(tag("loopDataOutputRef")) or "").strip()
    wanted = item if VARIABLE.fullmatch(item) else f"{host}_item"
    results = next((n for n in (results, gathered) if VARIABLE.fullmatch(n)), f"{host}_results")
    if known is not None and known.get("id") == wanted:
        known.attrib.pop("id", None)
    for name in ("loopDataInputRef", "loopDataOutputRef", "inputDataItem", "outputDataItem"):
        for child in mark.findall(tag(name)):
            mark.remove(child)
    # The item's id is the name of its variable, and ids are unique in the file.
    unit = new_id(root, wanted)
    parts = [etree.Element(f"{{{MODEL}}}{name}") for name in ("loopDataInputRef",)]
    parts[0].text = collection
    gathers = etree.Element(tag("loopDataOutputRef"))
    gathers.text = results
    output = new_id(root, f"{host}_result")
    parts += [
        gathers,
        etree.Element(tag("inputDataItem"), id=unit, name=unit),
        etree.Element(tag("outputDataItem"), id=output, name=output),
    ]
    place = 0
    for number, child in enumerate(mark):
        if kind(child) in ("documentation", "extensionElements", "loopCardinality"):
            place = number + 1
    for part in reversed(parts):
        mark.insert(place, part)
    made = f"{collection} → {unit}; {results}"
    report.mapped(mark, "collection", said, made, "import.loop", results=results)
    if item and unit != item:
        report.ask(mark, "item", item, "import.item", item=item, made=unit)
