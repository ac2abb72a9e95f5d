"""Scripts, decisions, calls and programs of other tools: kept where they are data, else stubs.

A stub keeps its place on the diagram and is refused until somebody has filled it, so that
nothing that a program did is silently left out.
"""

from collections.abc import Collection

from lxml import etree

from engine.processes.bpmn import extension, hall, tag
from engine.processes.importing.expressions import translated
from engine.processes.importing.foreign import ZEEBE, extend, said_by, space, take, take_elements
from engine.processes.importing.report import Report
from engine.processes.words import NAME, VARIABLE

PROGRAMS = (
    "class", "delegateExpression", "expression", "topic", "type", "resource",
    "decisionRef", "resultVariable", "resultVariableName", "mapDecisionResult",
)  # fmt: skip
BINDINGS = (
    "decisionRefBinding", "decisionRefVersion", "decisionRefVersionTag", "decisionRefTenantId",
)  # fmt: skip
SINGLE = ("singleEntry", "collectEntries", "resultList")


def tasks(root: etree._Element, names: Collection[str], report: Report) -> None:
    """Map or stub every task that no person does, and every call activity."""
    for node in list(root.iter(tag("serviceTask"))):
        if _is_decision(node):
            node.tag = tag("businessRuleTask")
            report.mapped(node, "task", "serviceTask", "businessRuleTask", "import.decision_task")
    for node in root.iter(tag("scriptTask")):
        _script(node, names, report)
    for node in root.iter(tag("businessRuleTask")):
        _decision(node, report)
    for node in list(root.iter(tag("serviceTask"), tag("sendTask"))):
        _service(node, report)
    for node in root.iter(tag("messageEventDefinition")):
        _program_of_event(node, report)
    for node in root.iter(tag("callActivity")):
        _call(node, report)
    for node in root.iter(tag("conditionExpression"), tag("script")):
        take(node, "resource")


def _is_decision(node: etree._Element) -> bool:
    kinds = [node.get(name) for name in node.attrib if str(name).endswith("}type")]
    return "dmn" in kinds


def _script(node: etree._Element, names: Collection[str], report: Report) -> None:
    language = node.get("scriptFormat") or ""
    script = node.find(tag("script"))
    text = ((script.text or "") if script is not None else "").strip()
    result = take(node, "resultVariable", "resultVariableName") or node.get(hall("result")) or ""
    resource = take(node, "resource")
    worker = ""
    for made in take_elements(node, "script", "taskDefinition"):
        if made.get("expression"):
            language, text = "feel", str(made.get("expression"))
            result = made.get("resultVariable") or result
        else:
            worker = said_by(made)
    feel = translated(text, language, names) if language.lower() in ("feel", "juel") else None
    if node.get(hall("result")) and language == "feel" and not resource and not worker:
        return
    node.set("scriptFormat", "feel")
    if VARIABLE.fullmatch(result):
        node.set(hall("result"), result)
    if feel is None or worker or resource:
        if script is not None:
            node.remove(script)
        source = " ".join(part for part in (language, resource, worker, text) if part)
        report.stubbed(node, "script", source, "import.script", language=language or "-")
        return
    if script is None:
        script = etree.SubElement(node, tag("script"))
    script.text = feel
    if not VARIABLE.fullmatch(result):
        report.ask(node, "result", result, "import.script_result")
    report.mapped(node, "script", text, feel, "import.script_kept")


def _decision(node: etree._Element, report: Report) -> None:
    table = take(node, "decisionRef", "decisionTableReferenceKey")
    result = take(node, "resultVariable", "resultVariableName")
    shape = take(node, "mapDecisionResult")
    for name in BINDINGS:
        take(node, name)
    for made in take_elements(node, "calledDecision"):
        table = table or made.get("decisionId") or ""
        result = result or made.get("resultVariable") or ""
    for made in take_elements(node, "field"):
        if made.get("name") in ("decisionTableReferenceKey", "decisionServiceReferenceKey"):
            inside = "".join(map(str, made.itertext())).strip()
            table = table or made.get("stringValue") or inside
    program = _programs(node)
    node.attrib.pop("implementation", None)
    if extension(node, "decision") is not None:
        return
    if not NAME.fullmatch(table):
        source = " ".join(part for part in (table, program) if part)
        report.stubbed(node, "decision", source, "import.decision_missing")
        return
    made = extend(node, "decision")
    made.set("table", table)
    if not VARIABLE.fullmatch(result):
        report.ask(node, "result", result, "import.decision_result", table=table)
        return
    report.mapped(node, "decision", table, f"{table} → {result}", "import.decision", table=table)
    if shape in SINGLE:
        # There the variable is the answer itself; here it holds the answer under its name.
        params = {"shape": shape, "result": result}
        report.stubbed(node, "result", f"{shape} {result}", "import.decision_shape", **params)
    else:
        made.set("result", result)


def _programs(node: etree._Element) -> str:
    """Take what names a program: class, expression, topic, worker, connector."""
    said = [f"{name}={text}" for name in PROGRAMS if (text := take(node, name))]
    for made in take_elements(node, "taskDefinition", "connector", "field", "calledDecision"):
        definition = " ".join(str(made.get(name)) for name in ("type", "retries") if made.get(name))
        said.append(f"taskDefinition={definition}" if space(made) == ZEEBE else said_by(made))
    implementation = node.attrib.pop("implementation", None)
    if implementation is not None and not str(implementation).startswith("##"):
        said.append(f"implementation={implementation}")
    return "; ".join(said)


def _service(node: etree._Element, report: Report) -> None:
    program = _programs(node)
    if node.tag == tag("sendTask") and node.get("messageRef"):
        # What is sent is drawn; how it was sent there is nobody's business here.
        if program:
            report.dropped(node, "program", program, "import.event_program", program=program)
        return
    # A send task without a message would run and send nothing.
    node.tag = tag("serviceTask")
    node.attrib.pop("operationRef", None)
    report.stubbed(node, "program", program, "import.program", program=program or "-")


def _program_of_event(node: etree._Element, report: Report) -> None:
    program = _programs(node)
    if program:
        report.dropped(node, "program", program, "import.event_program", program=program)


def _call(node: etree._Element, report: Report) -> None:
    said = (node.get("calledElement") or "").strip()
    for name in ("calledElementBinding", "calledElementVersion", "calledElementType"):
        take(node, name)
    case = take(node, "caseRef")
    for made in take_elements(node, "calledElement"):
        said = said or made.get("processId") or ""
    renamed = []
    for made in take_elements(node, "in", "out"):
        source, target = made.get("source") or made.get("sourceExpression"), made.get("target")
        if made.get("variables") or made.get("businessKey") or source == target:
            report.dropped(node, "variables", said_by(made), "import.call_variables")
        else:
            renamed.append(f"{source} → {target}")
    if renamed:
        source = "; ".join([said, *renamed])
        node.attrib.pop("calledElement", None)
        report.stubbed(node, "variables", source, "import.call_renames", said=source)
    elif case or not said or any(sign in said for sign in "${}=#"):
        node.attrib.pop("calledElement", None)
        report.stubbed(node, "call", case or said, "import.call_missing")
    else:
        node.set("calledElement", said)
