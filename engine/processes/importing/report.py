"""What an import did: one entry for each thing that was mapped, stubbed, asked or dropped."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum

from lxml import etree

from engine.processes.bpmn import kind, tag
from engine.processes.standard.model import FLOW_NODES, SCOPES

MOST_NOTE = 2_000
PLACES = FLOW_NODES | SCOPES
PLACES |= {"lane", "message", "messageFlow", "participant", "sequenceFlow", "textAnnotation"}


class Outcome(Enum):
    """What became of a thing.

    MAPPED: it says the same in our words. STUBBED: its place is kept, and publishing is refused
    until somebody fills it. ASK: the designer must say it on the diagram. DROPPED: it is gone
    and the diagram runs without it.
    """

    MAPPED = "mapped"
    STUBBED = "stubbed"
    ASK = "ask"
    DROPPED = "dropped"


@dataclass(frozen=True)
class Entry:
    """One thing of the source: at which element, what it is, what it said and what it says now.

    `code` names the sentence, `params` its values; `source` and `made` are texts ("" for none).
    """

    element: str
    name: str
    what: str
    source: str
    made: str
    kind: Outcome
    code: str
    params: Mapping[str, object] = field(default_factory=dict)

    def plain(self) -> dict[str, object]:
        """Return the entry as plain values; source and result stand under `from` and `to`."""
        return {
            "element": self.element,
            "name": self.name,
            "what": self.what,
            "from": self.source,
            "to": self.made,
            "kind": self.kind.value,
            "code": self.code,
            "params": dict(self.params),
        }


class Report:
    """The entries in the order in which they were made; noise is counted instead of listed."""

    def __init__(self) -> None:
        self._entries: list[Entry] = []
        self._noise: Counter[str] = Counter()

    def mapped(
        self,
        node: etree._Element,
        what: str,
        source: str,
        made: str,
        code: str,
        /,
        **params: object,
    ) -> None:
        """Say that a thing means the same in our words."""
        self._add(node, what, source, made, Outcome.MAPPED, code, params)

    def stubbed(
        self, node: etree._Element, what: str, source: str, code: str, /, **params: object
    ) -> None:
        """Say that a thing has no equal here: its place is kept, its text is kept as a note."""
        note(node, what, source)
        self._add(node, what, source, "", Outcome.STUBBED, code, params)

    def ask(
        self, node: etree._Element, what: str, source: str, code: str, /, **params: object
    ) -> None:
        """Say that the designer must decide; what the source said is kept as a note."""
        note(node, what, source)
        self._add(node, what, source, "", Outcome.ASK, code, params)

    def dropped(
        self, node: etree._Element, what: str, source: str, code: str, /, **params: object
    ) -> None:
        """Say that a thing is gone and the diagram runs without it."""
        self._add(node, what, source, "", Outcome.DROPPED, code, params)

    def noise(self, namespace: str) -> None:
        """Count a mark of another tool that says nothing about the process."""
        self._noise[namespace] += 1

    def repaired(self, element: str, rule: str, made: str) -> None:
        """Say that something which tools leave out without harm was written down."""
        params = {"rule": rule, "made": made}
        entry = Entry(element, "", "repair", "", made, Outcome.MAPPED, "import.repaired", params)
        self._entries.append(entry)

    def refused(self, element: str, name: str, code: str, params: Mapping[str, object]) -> None:
        """Say what the publish gate still refuses, in its own words."""
        self._entries.append(Entry(element, name, "gate", "", "", Outcome.ASK, code, params))

    def asks(self, element: str, what: str = "") -> bool:
        """Return whether something (of the kind `what`) is asked or stubbed at an element."""
        return any(
            entry.element == element and what in ("", entry.what)
            for entry in self._entries
            if entry.kind in (Outcome.ASK, Outcome.STUBBED)
        )

    def entries(self) -> tuple[Entry, ...]:
        """Return all entries, the counted noise last."""
        counted = (
            Entry("", "", "namespace", space, "", Outcome.DROPPED, "import.noise", {"count": count})
            for space, count in sorted(self._noise.items())
        )
        return (*self._entries, *counted)

    def _add(
        self,
        node: etree._Element,
        what: str,
        source: str,
        made: str,
        outcome: Outcome,
        code: str,
        params: Mapping[str, object],
    ) -> None:
        place = place_of(node)
        self._entries.append(
            Entry(
                place.get("id") or "",
                place.get("name") or "",
                what,
                shortened(source),
                shortened(made),
                outcome,
                code,
                params,
            )
        )


def place_of(node: etree._Element) -> etree._Element:
    """Return the nearest element around `node` that a designer can select, or else itself."""
    here: etree._Element | None = node
    while here is not None and kind(here) not in PLACES:
        here = here.getparent()
    return node if here is None else here


def note(node: etree._Element, what: str, source: str) -> None:
    """Keep what the source said in the documentation of the element that a designer selects."""
    if not source.strip():
        return
    place = place_of(node)
    if not kind(place):
        return
    made = etree.Element(tag("documentation"))
    made.text = f"{what}: {shortened(source)}"
    texts = [child.text for child in place.findall(tag("documentation"))]
    if made.text not in texts:
        place.insert(len(texts), made)


def shortened(text: str) -> str:
    """Return a text of at most 2,000 characters."""
    clean = text.strip()
    return clean if len(clean) <= MOST_NOTE else clean[: MOST_NOTE - 1] + "…"
