"""What a diagram is refused for: findings with their place, collected before anything is raised."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from lxml import etree

from engine.kernel.errors import Invalid


@dataclass(frozen=True)
class Finding:
    """One reason to refuse a diagram: a code, the id and name of the element, what else it says.

    A finding whose `severity` is `warning` is told to the designer and refuses nothing. `rule` in
    the params is the number of a broken constraint of the standard, or several with spaces.
    """

    code: str
    element: str
    name: str
    params: Mapping[str, object] = field(default_factory=dict)
    severity: str = "error"

    def plain(self) -> dict[str, object]:
        """Return the finding as plain values."""
        said = {"code": self.code, "element": self.element, "name": self.name, **self.params}
        return said if self.severity == "error" else {**said, "severity": self.severity}


def at(node: etree._Element, code: str, **params: object) -> Finding:
    """Return a finding about `node`; an element without an id is named by its tag and line."""
    element = node.get("id") or f"{etree.QName(node).localname}:{node.sourceline}"
    return Finding(code, element, node.get("name") or "", params)


def broken(node: etree._Element, rule: str, code: str, **params: object) -> Finding:
    """Return the finding that `node` breaks a constraint; `rule` is its number in the list.

    The list is the published one of BPMN serialisation constraints (Geiger 2013).
    """
    return at(node, code, rule=rule, **params)


def warn(node: etree._Element, code: str, **params: object) -> Finding:
    """Return a finding about `node` that is told and refuses nothing."""
    return replace(at(node, code, **params), severity="warning")


def merged(findings: Iterable[Finding]) -> list[Finding]:
    """Return findings in their order, those that say the same once, with the rules of all."""
    found: dict[object, Finding] = {}
    for one in findings:
        rest = {name: value for name, value in one.params.items() if name != "rule"}
        key = (one.code, one.element, str(sorted(rest.items())))
        rules = [
            str(it.params["rule"]) for it in (found.get(key), one) if it and "rule" in it.params
        ]
        said = {**rest, "rule": " ".join(dict.fromkeys(rules))} if rules else rest
        found[key] = replace(found.get(key, one), params=said)
    return list(found.values())


def refuse(findings: Iterable[Finding]) -> None:
    """Raise Invalid with the first error, and with all of them in `findings` if there are more.

    Returns without a word when there is none; a warning refuses nothing.
    """
    found = [one for one in findings if one.severity == "error"]
    if not found:
        return
    first = found[0].plain()
    code = str(first.pop("code"))
    if len(found) > 1:
        first["findings"] = [finding.plain() for finding in found]
    raise Invalid(code, **first)
