"""What a diagram is refused for: findings with their place, collected before anything is raised."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from lxml import etree

from engine.kernel.errors import Invalid


@dataclass(frozen=True)
class Finding:
    """One reason to refuse a diagram: a code, the id and name of the element, what else it says."""

    code: str
    element: str
    name: str
    params: Mapping[str, object] = field(default_factory=dict)

    def plain(self) -> dict[str, object]:
        """Return the finding as plain values."""
        return {"code": self.code, "element": self.element, "name": self.name, **self.params}


def at(node: etree._Element, code: str, **params: object) -> Finding:
    """Return a finding about `node`; an element without an id is named by its tag and line."""
    element = node.get("id") or f"{etree.QName(node).localname}:{node.sourceline}"
    return Finding(code, element, node.get("name") or "", params)


def refuse(findings: Iterable[Finding]) -> None:
    """Raise Invalid with the first finding, and with all of them in `findings` if there are more.

    Returns without a word when there is none.
    """
    found = list(findings)
    if not found:
        return
    first = found[0].plain()
    code = str(first.pop("code"))
    if len(found) > 1:
        first["findings"] = [finding.plain() for finding in found]
    raise Invalid(code, **first)
