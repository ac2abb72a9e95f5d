"""Who does a step, by which form and until when: what other tools say becomes `hall:step`."""

import re
from collections.abc import Mapping

from lxml import etree

from engine.processes.bpmn import STEPS, every, extension, lanes, tag
from engine.processes.importing.foreign import ZEEBE, extend, local, take, take_elements
from engine.processes.importing.report import Report
from engine.processes.words import MAX_DAYS, NAME

WHO = ("candidateGroups", "assignee", "candidateUsers", "owner")
PERFORMERS = ("humanPerformer", "performer", "potentialOwner", "resourceRole")
WHOLE_DAYS = re.compile(r"P(\d{1,4})D")
WRAPPER = re.compile(r"(?:user|group)\(([^()]*)\)")
FORM_PATH = re.compile(r"[:/\\]")


def steps(root: etree._Element, roles: Mapping[str, str], report: Report) -> None:
    """Map roles, forms and limits of every step; `roles` gives the role for each known name."""
    stands_in = lanes(root)
    for node in every(root, STEPS):
        _role(node, roles, stands_in.get(node.get("id") or "", ""), report)
        _form(node, report)
        _due(node, report)
    for node in root.iter(tag("startEvent")):
        _start_form(node, report)


def _role(node: etree._Element, roles: Mapping[str, str], lane: str, report: Report) -> None:
    said = _who(node)
    step = extension(node, "step")
    if step is not None and step.get("role"):
        return
    texts = [text for part in said.values() for text in _words(part)]
    known = [roles[text.casefold()] for text in texts if text.casefold() in roles]
    unknown = [text for text in texts if text.casefold() not in roles]
    source = "; ".join(f"{name}={text}" for name, text in said.items())
    if not known and lane.casefold() in roles:
        known, source = [roles[lane.casefold()]], source or f"lane={lane}"
    made = " ".join(dict.fromkeys(known))
    if unknown:
        # Half of those who may do a step would be a rule that nobody has made.
        params = {"said": ", ".join(unknown), "known": made or "-"}
        report.ask(node, "role", source, "import.role_unknown", **params)
    elif known:
        extend(node, "step").set("role", made)
        report.mapped(node, "role", source, made, "import.role", role=made)
    else:
        report.ask(node, "role", source or lane, "import.role_missing")


def _who(node: etree._Element) -> dict[str, str]:
    """What the source says about who does it, by the name of the attribute or element."""
    said = {name: text for name in WHO if (text := take(node, name))}
    for made in take_elements(node, "assignmentDefinition"):
        for name in WHO:
            if made.get(name):
                said[name] = str(made.get(name)).strip()
    for name in PERFORMERS:
        for performer in node.findall(tag(name)):
            text = " ".join("".join(map(str, performer.itertext())).split())
            if text:
                said[name] = text
            node.remove(performer)
    return said


def _words(text: str) -> list[str]:
    # Camunda 8 writes lists of names as FEEL: = ["a", "b"].
    plain = WRAPPER.sub(r"\1", text)
    if plain.startswith("="):
        plain = plain[1:].replace("[", "").replace("]", "").replace('"', "")
    return [word.strip() for word in plain.split(",") if word.strip()]


def _form(node: etree._Element, report: Report) -> None:
    said = take(node, "formKey", "formRef")
    take(node, "formRefBinding", "formRefVersion", "formFieldValidation")
    fields: list[str] = []
    for made in take_elements(node, "formDefinition", "formData", "formProperty", "userTaskForm"):
        said = said or made.get("formId") or made.get("formKey") or ""
        said = said or made.get("externalReference") or local(made)
        inner = [made, *made.iter("{*}formField")]
        fields += [str(one.get("id")) for one in inner if one.get("id") and _is_field(one)]
    step = extension(node, "step")
    if step is not None and step.get("form"):
        return
    if not said:
        report.ask(node, "form", "", "import.form_missing", form=_form_name(node))
        return
    if NAME.fullmatch(said) and not fields and not FORM_PATH.search(said) and said != "formData":
        made_name = said
    else:
        made_name = _form_name(node)
    extend(node, "step").set("form", made_name)
    if fields:
        params = {"form": made_name, "fields": ", ".join(fields)}
        report.stubbed(node, "form", ", ".join(fields), "import.form_fields", **params)
    else:
        report.mapped(node, "form", said, made_name, "import.form", form=made_name)


def _is_field(node: etree._Element) -> bool:
    return local(node) in ("formField", "formProperty") and etree.QName(node).namespace != ZEEBE


def _form_name(node: etree._Element) -> str:
    process = next(node.iterancestors(tag("process")), None)
    key = (process.get("id") or "") if process is not None else ""
    return f"{key}.{node.get('id')}"


def _start_form(node: etree._Element, report: Report) -> None:
    """The form of a start event is the application form, which is found by its name."""
    said = take(node, "formKey", "formRef")
    take(node, "formRefBinding", "formRefVersion")
    fields: list[str] = []
    for made in take_elements(node, "formDefinition", "formData", "formProperty"):
        said = said or made.get("formId") or made.get("formKey") or local(made)
        fields += [
            str(one.get("id"))
            for one in [made, *made.iter("{*}formField")]
            if one.get("id") and _is_field(one)
        ]
    if said:
        process = next(node.iterancestors(tag("process")), None)
        key = (process.get("id") or "") if process is not None else ""
        source = ", ".join(fields) or said
        report.dropped(node, "form", source, "import.start_form", form=f"{key}.apply")


def _due(node: etree._Element, report: Report) -> None:
    said = take(node, "dueDate")
    for made in take_elements(node, "taskSchedule"):
        said = said or made.get("dueDate") or ""
        later = made.get("followUpDate")
        if later:
            report.dropped(node, "attribute", later, "import.attribute", word="followUpDate")
    for made in take_elements(node, "userTask"):
        # Only says that the step is a task of the engine and not of a worker.
        report.noise(etree.QName(made).namespace or "")
    if not said:
        return
    match = WHOLE_DAYS.fullmatch(said)
    step = extension(node, "step")
    if (
        match is not None
        and 1 <= int(match[1]) <= MAX_DAYS
        and not (step is not None and step.get("days"))
    ):
        extend(node, "step").set("days", match[1])
        report.mapped(node, "days", said, match[1], "import.days", days=int(match[1]))
    else:
        report.ask(node, "days", said, "import.due_date", said=said)
