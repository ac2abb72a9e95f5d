"""Lint of the hall: what people need of a diagram beyond the standard, asked when it is published.

One function per rule; each gets the root of the drawn file and yields findings. A warning is told
to the designer and refuses nothing.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping

from lxml import etree

from engine.processes.bpmn import (
    STEPS,
    called_elsewhere,
    event_definitions,
    every,
    extension,
    flows,
    kind,
    nodes,
    scopes,
    tag,
)
from engine.processes.findings import Finding, at, warn
from engine.processes.step import step_of
from engine.processes.words import says_nothing

Findings = Iterator[Finding]
# The keys and labels of the fields of each form.
Fields = Mapping[str, Mapping[str, str]]

NAMED = frozenset({"userTask", "manualTask", "task", "endEvent", "startEvent", "exclusiveGateway"})
REFUSAL = re.compile("不予|不通过|不批准|驳回|refus", re.IGNORECASE)
NOT_ACCEPTED = re.compile("不予受理|not accepted", re.IGNORECASE)
REASON = re.compile("理由|原因|reason", re.IGNORECASE)
RETURN = re.compile("补正|补充|退回|supplement|return", re.IGNORECASE)
# Words that leave open what is asked, and names that a tool puts in place of one.
VAGUE = ("其他", "其它", "有关", "相关", "等等", "视情况", "必要时", "待定", "未命名", "TODO")
TOOL_NAME = re.compile(
    r"(New )?(Activity|Task|Gateway|Event|任务|网关)[ _-]?[0-9a-z]*", re.IGNORECASE
)
DAYS = re.compile(r"P(?:([0-9]{1,3})W|([0-9]{1,4})D)")
WORKING_DAYS = re.compile(r"=?\s*working days\(\s*([0-9]{1,4})\s*\)")


def names(root: etree._Element) -> Findings:
    """Steps of one process that people cannot tell apart, since they have one name."""
    for process in root.findall(tag("process")):
        seen: dict[str, str] = {}
        for node in every(process, STEPS):
            name = " ".join((node.get("name") or "").split())
            if name and name in seen:
                yield at(node, "process.same_name", other=seen[name])
            seen.setdefault(name, node.get("id") or "")


def blank_names(root: etree._Element) -> Findings:
    """Processes without a name, ends of which nobody can tell what they mean."""
    for node in root.findall(tag("process")):
        if not (node.get("name") or "").strip():
            yield at(node, "process.no_name")
    for process in root.findall(tag("process")):
        ends = list(every(process, {"endEvent"}))
        for node in ends if len(ends) > 1 else ():
            if not (node.get("name") or "").strip():
                yield warn(node, "process.no_name")


def vague_names(root: etree._Element) -> Findings:
    """Names that say nothing: words that leave open what is meant, and names made by a tool."""
    for node in every(root, NAMED):
        name = (node.get("name") or "").strip()
        word = next((one for one in VAGUE if one in name), None)
        if word is None and TOOL_NAME.fullmatch(name):
            word = name
        if word is not None:
            yield warn(node, "process.vague_name", word=word)


def reasons(root: etree._Element, fields: Fields) -> Findings:
    """Steps that may lead to a refusal without asking for its reason (行政许可法 art. 38).

    A refusal is an end event whose id or name says so; the steps are the last ones of a person
    before it. Their form must have a field whose key or label says reason.
    """
    for scope in scopes(root):
        here = {node.get("id"): node for node in nodes(scope)}
        before: dict[str | None, list[str | None]] = defaultdict(list)
        for flow in flows(scope):
            before[flow.get("targetRef")].append(flow.get("sourceRef"))
        for end in scope.findall(tag("endEvent")):
            if not REFUSAL.search(f"{end.get('id')} {end.get('name')}"):
                continue
            for step in _last_steps(end, here, before):
                form = step_of(step, None).form
                if form in fields and not any(
                    REASON.search(f"{key} {label}") for key, label in fields[form or ""].items()
                ):
                    yield at(step, "process.no_reason", form=form, end=end.get("name") or "")


def _last_steps(
    end: etree._Element,
    here: Mapping[str | None, etree._Element],
    before: Mapping[str | None, list[str | None]],
) -> list[etree._Element]:
    """The steps of a person from which an end is reached without another one."""
    found: list[etree._Element] = []
    ahead, seen = [end.get("id")], {end.get("id")}
    while ahead:
        for source in before.get(ahead.pop(), []):
            node = here.get(source)
            if node is None or source in seen:
                continue
            seen.add(source)
            if kind(node) in STEPS:
                found.append(node)
            else:
                ahead.append(source)
    return found


def supplement(root: etree._Element) -> Findings:
    """A process that may refuse to accept lets the applicant complete the papers first.

    What a drawing can show: an end that says 不予受理 needs, somewhere in the process, a flow back
    to an earlier step of a person, or a step, call or event that is named after 补正, 补充 or 退回
    (行政许可法 art. 32, no. 4). A process that begins when the application has been accepted
    already needs none: there the hall itself tells the applicant once what is missing.
    """
    for process in root.findall(tag("process")):
        ends = [
            node
            for node in every(process, {"endEvent"})
            if NOT_ACCEPTED.search(node.get("name") or "")
        ]
        named = any(RETURN.search(node.get("name") or "") for node in process.iter(etree.Element))
        if ends and not named and not _goes_back(process):
            yield at(ends[0], "process.no_supplement")


def _goes_back(process: etree._Element) -> bool:
    """Whether a step of a person can come again."""
    ahead: dict[str | None, set[str | None]] = defaultdict(set)
    for flow in process.iter(tag("sequenceFlow")):
        ahead[flow.get("sourceRef")].add(flow.get("targetRef"))
    for step in every(process, STEPS):
        seen, open_ends = set[str | None](), [step.get("id")]
        while open_ends:
            for target in ahead.get(open_ends.pop(), set()) - seen:
                seen.add(target)
                open_ends.append(target)
        if step.get("id") in seen:
            return True
    return False


def child_cases(root: etree._Element) -> Findings:
    """Calls that open a child case without a name, or without the days it may take."""
    for node in every(root, {"callActivity"}):
        if called_elsewhere(node) is None:
            continue
        if not (node.get("name") or "").strip():
            yield at(node, "process.no_name")
        if not step_of(node, None).days:
            yield at(node, "process.child_without_days")


def late_timers(root: etree._Element) -> Findings:
    """Deadlines on the edge of a step that surely come after the step's own days are over.

    N calendar days hold at least the working days of their whole weeks; `working days(n)` says
    them itself. Anything else cannot be known from the drawing.
    """
    hosts = {node.get("id"): node for node in every(root, STEPS | {"callActivity"})}
    for event in every(root, {"boundaryEvent"}):
        host = hosts.get(event.get("attachedToRef"))
        said = extension(host, "step") if host is not None else None
        days = (said.get("days") or "") if said is not None else ""
        if not days.isdecimal() or "timer" not in event_definitions(event):
            continue
        for time in event.iter(tag("timeDuration"), tag("timeDate")):
            least = _least_working_days((time.text or "").strip())
            if least is not None and least > int(days):
                yield at(event, "process.late_deadline", days=int(days), found=least)


def _least_working_days(text: str) -> int | None:
    found = DAYS.fullmatch(text)
    if found is not None:
        whole = int(found[1] or 0) * 7 + int(found[2] or 0)
        return whole // 7 * 5 + max(0, whole % 7 - 2)
    found = WORKING_DAYS.fullmatch(text)
    return int(found[1]) if found is not None else None


def silent_scripts(root: etree._Element) -> Findings:
    """Script tasks without a script, which the standard lets pass and nobody can have meant."""
    for node in every(root, {"scriptTask", "globalScriptTask"}):
        if says_nothing(node):
            yield at(node, "process.no_script")


RULES: tuple[Callable[[etree._Element], Findings], ...] = (
    names,
    blank_names,
    vague_names,
    supplement,
    child_cases,
    late_timers,
    silent_scripts,
)
