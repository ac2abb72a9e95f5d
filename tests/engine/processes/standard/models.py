"""Small models for the constraints of the standard: right ones, and one fault in each other."""

import inspect
import re

from engine.processes.load import read_tree
from engine.processes.standard.model import Model
from tests.engine.processes.drawing import HEAD

FORMAL = 'xsi:type="tFormalExpression"'


def flow(name, source, target, condition=""):
    inside = f"<conditionExpression {FORMAL}>{condition}</conditionExpression>" if condition else ""
    ends = f'sourceRef="{source}" targetRef="{target}"'
    return f'<sequenceFlow id="{name}" {ends}>{inside}</sequenceFlow>'


def node(kind, name, into="", out="", inside="", attributes=""):
    """Return a flow node with its lists of flows (names with spaces between)."""
    lists = "".join(f"<incoming>{one}</incoming>" for one in into.split())
    lists += "".join(f"<outgoing>{one}</outgoing>" for one in out.split())
    return f'<{kind} id="{name}" {attributes}>{lists}{inside}</{kind}>'


S = node("startEvent", "s", out="f1")
E = node("endEvent", "e", into="f2")
FLOWS = flow("f1", "s", "x") + flow("f2", "x", "e")
MESSAGE = (
    '<itemDefinition id="text" structureRef="String"/><itemDefinition id="int" structureRef="Int"/>'
    '<itemDefinition id="texts" structureRef="String" isCollection="true"/>'
    '<message id="m" name="m" itemRef="text"/><interface id="if" name="if">'
    '<operation id="op" name="op"><inMessageRef>m</inMessageRef></operation></interface>'
    '<signal id="sig" name="sig"/><error id="err" name="err" errorCode="E1"/>'
    '<error id="bare" name="bare"/><escalation id="esc" name="esc" escalationCode="C1"/>'
    '<escalation id="mute" name="mute"/>'
)
CAUGHT = (
    '<messageEventDefinition messageRef="m"><operationRef>op</operationRef>'
    "</messageEventDefinition>"
)
TIMER = f"<timerEventDefinition><timeDuration {FORMAL}>PT1S</timeDuration></timerEventDefinition>"
CARDINALITY = f"<loopCardinality {FORMAL}>3</loopCardinality>"


def process(body, attributes='isExecutable="true"'):
    return f'{MESSAGE}<process id="p" {attributes}>{body}</process>'


def around(x):
    """Return a process in which `x`, with f1 in and f2 out, stands between start and end."""
    return process(S + x + E + FLOWS)


def task(inside="", kind="task", attributes=""):
    return around(node(kind, "x", "f1", "f2", inside, attributes))


def io(inputs="", outputs="", input_sets=None, output_sets=None):
    """Return inputs and outputs (`name` or `name:item`), by default each in the only set."""
    drawn = ""
    for kind, listed in (("dataInput", inputs), ("dataOutput", outputs)):
        for one in listed.split():
            name, _, item = one.partition(":")
            typed = f' itemSubjectRef="{item}"' if item else ""
            many = ' isCollection="true"' if item == "texts" else ""
            drawn += f'<{kind} id="{name}"{typed}{many}/>'
    for kind, listed, said in (
        ("input", inputs, input_sets),
        ("output", outputs, output_sets),
    ):
        name = kind.capitalize()
        for refs in [listed] if said is None else said:
            inner = "".join(
                f"<data{name}Refs>{one.partition(':')[0]}</data{name}Refs>" for one in refs.split()
            )
            drawn += f"<{kind}Set>{inner}</{kind}Set>"
    return f"<ioSpecification>{drawn}</ioSpecification>"


def catch(inside, place="intermediateCatchEvent"):
    return around(node(place, "x", "f1", "f2", inside))


def throw(inside):
    return catch(inside, "intermediateThrowEvent")


def ending(inside):
    return process(S + node("endEvent", "x", "f1", "", inside) + flow("f1", "s", "x"))


def starting(inside):
    return process(node("startEvent", "x", "", "f1", inside) + node("endEvent", "e", "f1")
                   + flow("f1", "x", "e"))  # fmt: skip


def edge(inside, attributes="", out="f3", host="task", extra=""):
    """Return a process with a boundary event `b` on the activity `x`."""
    event = node("boundaryEvent", "b", "", out, inside, f'attachedToRef="x" {attributes}')
    last = node("endEvent", "e2", "f3") + flow("f3", "b", "e2") if out else ""
    return process(S + node(host, "x", "f1", "f2") + event + last + E + FLOWS + extra)


def sub(inside, kind="subProcess", attributes=""):
    return around(node(kind, "x", "f1", "f2", inside, attributes))


def event_sub(start, attributes="", more=""):
    inner = node("startEvent", "is", "", "g1", start, attributes) + node("endEvent", "ie", "g1")
    around_it = f'<subProcess id="es" triggeredByEvent="true">{inner}{flow("g1", "is", "ie")}{more}'
    return process(S + node("task", "x", "f1", "f2") + E + FLOWS + around_it + "</subProcess>")


def split(kind, direction=""):
    """Return a gateway `x` with two ways out."""
    said = f'gatewayDirection="{direction}"' if direction else ""
    gate = node(kind, "x", "f1", "f2 f3", "", said)
    return process(S + gate + E + node("endEvent", "e2", "f3") + FLOWS + flow("f3", "x", "e2"))


def choice(first, second, instantiate=""):
    """Return an event gateway `g` that leads to two nodes `x` and `y`."""
    gate = node("eventBasedGateway", "g", "f0", "f1 f3", "", instantiate)
    return process(
        node("startEvent", "s", "", "f0") + flow("f0", "s", "g") + gate
        + flow("f1", "g", "x") + flow("f3", "g", "y") + first + second
        + node("endEvent", "e", "f2 f4") + flow("f2", "x", "e") + flow("f4", "y", "e")
    )  # fmt: skip


def waits(name, into, out, inside=CAUGHT):
    return node("intermediateCatchEvent", name, into, out, inside)


def linked(source="<source>l1</source>", target="<target>l2</target>"):
    """Return a throwing link `x` (l1) and a catching link `y` (l2)."""
    throws = f'<linkEventDefinition id="l1" name="L">{target}</linkEventDefinition>'
    catches = f'<linkEventDefinition id="l2" name="L">{source}</linkEventDefinition>'
    return process(
        S + flow("f1", "s", "x") + node("intermediateThrowEvent", "x", "f1", "", throws)
        + node("intermediateCatchEvent", "y", "", "f2", catches) + flow("f2", "y", "e") + E
    )  # fmt: skip


def undone(association='<association id="a" sourceRef="b" targetRef="h"/>', mark="true", flows=""):
    handler = node("task", "h", "", "", "", f'isForCompensation="{mark}"')
    return edge("<compensateEventDefinition/>", out="", extra=handler + association + flows)


def pools(flow_between="", second="<process id='q'/>", events="", inside=""):
    both = '<participant id="one" processRef="p"/><participant id="two"/>'
    talk = f'<collaboration id="c">{both}{inside}{flow_between}</collaboration>'
    return talk + (events or task())


def talk(source, target):
    return f'<messageFlow id="mf" sourceRef="{source}" targetRef="{target}"/>'


def many(inside, data=""):
    return task(
        f"{data}<multiInstanceLoopCharacteristics>{inside}</multiInstanceLoopCharacteristics>"
    )


def read(source="o", target="i", inside="", data="", item=""):
    """Return a task `x` that reads the data object `o` into its input `i`."""
    ends = f"<sourceRef>{source}</sourceRef>" if source else ""
    association = (
        f'<dataInputAssociation id="d">{ends}<targetRef>{target}</targetRef>{inside}'
        "</dataInputAssociation>"
    )
    held = f'<dataObject id="o" name="O" {item}/>{data}'
    x = node("task", "x", "f1", "f2", io("i:text") + association)
    return process(S + x + E + FLOWS + held)


NOTE = '<textAnnotation id="n"><text>n</text></textAnnotation>'
SERVICE = 'operationRef="op"'
MANY_IN = "<loopDataInputRef>i</loopDataInputRef>"
ITEM_IN = '<inputDataItem id="ii" itemSubjectRef="text"/>'


RIGHT = {
    "a task": task(),
    "neither start nor end": process(node("task", "x")),
    "a script": task("<script>[]</script>", "scriptTask", 'scriptFormat="feel"'),
    "a split and two ends": split("parallelGateway", "Diverging"),
    "a message waited for": catch(CAUGHT),
    "an event with data": catch(
        '<dataOutput id="o" itemSubjectRef="text"/><dataOutputAssociation id="a"><sourceRef>o'
        "</sourceRef><targetRef>d</targetRef></dataOutputAssociation><outputSet><dataOutputRefs>o"
        f"</dataOutputRefs></outputSet>{CAUGHT}"
    ).replace("</process>", '<dataObject id="d" itemSubjectRef="text"/></process>'),
    "an event definition shared by events": catch(
        "<eventDefinitionRef>shared</eventDefinitionRef>"
    ).replace("<process", '<signalEventDefinition id="shared" signalRef="sig"/><process', 1),
    "an error thrown": ending('<errorEventDefinition errorRef="err"/>'),
    "an error on the edge, of any code": edge("<errorEventDefinition/>"),
    "a deadline beside the work": edge(TIMER, 'cancelActivity="false"'),
    "an event sub-process": event_sub(CAUGHT, 'isInterrupting="false"'),
    "a choice of events": choice(waits("x", "f1", "f2"), waits("y", "f3", "f4", TIMER)),
    "a pair of links": linked(),
    "a compensation": undone(),
    "a transaction cancelled": edge("<cancelEventDefinition/>", host="transaction"),
    "an ad-hoc sub-process": sub('<task id="t"/>', "adHocSubProcess"),
    "three instances": many(CARDINALITY),
    "instances of a collection": many(MANY_IN + ITEM_IN, io("i:texts")),
    "a service with an operation": task(io("i:text", ""), "serviceTask", SERVICE),
    "a message sent": task(io("i:text"), "sendTask", 'messageRef="m"'),
    "a message received": task(io("", "o:text"), "receiveTask", 'messageRef="m"'),
    "data read": read(item='itemSubjectRef="text"'),
    "two pools that talk": pools(talk("two", "x")),
    "a called process without a start": task("", "callActivity", 'calledElement="q"')
    + '<process id="q"><task id="qt"/></process>',
    "a condition beside another way": process(
        S + node("task", "x", "f1", "f2 f3") + E + node("endEvent", "e2", "f3")
        + flow("f1", "s", "x") + flow("f2", "x", "e", "true") + flow("f3", "x", "e2")
    ),
}  # fmt: skip

WRONG = [
    ("EXT002", task().replace('id="e"', 'id="x"'), "x"),
    ("EXT003", task().replace(' id="s"', ""), "startEvent:2"),
    ("EXT004", task('<documentation id="d" textFormat="plain">x</documentation>'), "d"),
    ("EXT006", process(S + NOTE + flow("f1", "s", "n")), "f1"),
    ("EXT007", process(NOTE + E + flow("f2", "n", "e")), "f2"),
    ("EXT008", pools(talk("two", "n"), inside=NOTE), "mf"),
    ("EXT009", pools(talk("n", "two"), inside=NOTE), "mf"),
    ("EXT010", ending('<errorEventDefinition errorRef="bare"/>'), "x"),
    ("EXT010", ending("<errorEventDefinition/>"), "x"),
    ("EXT011", throw('<escalationEventDefinition escalationRef="mute"/>'), "x"),
    ("EXT012", catch(TIMER.replace(FORMAL, "")), "x"),
    ("EXT012", many(CARDINALITY.replace(FORMAL, "")), "x"),
    ("EXT013", catch(TIMER.replace("PT1S", " ")), "x"),
    ("EXT014", catch(TIMER.replace(FORMAL, f'{FORMAL} language="no uri"')), "x"),
    ("EXT017", split("exclusiveGateway", "Converging"), "x"),
    ("EXT019", split("exclusiveGateway", "Mixed"), "x"),
    ("EXT020", read(item='itemSubjectRef="texts"'), "o"),
    ("EXT021", event_sub(TIMER).replace("</process>", flow("f9", "es", "e") + "</process>"), "f9"),
    ("EXT022", event_sub(TIMER).replace("</process>", flow("f9", "x", "es") + "</process>"), "f9"),
    ("EXT023", task().replace("<incoming>f1</incoming>", ""), "f1"),
    ("EXT024", task().replace('id="f1"', 'id="f1" isImmediate="false"'), "f1"),
    ("EXT025", task().replace(flow("f2", "x", "e"), flow("f2", "x", "e", "true")), "f2"),
    ("EXT026", task(attributes='default="f1"'), "x"),
    ("EXT027", '<globalConversation id="c"><choreographyRef>z</choreographyRef>'
     '</globalConversation>' + task(), "c"),
    ("EXT028", sub('<task id="i"/>').replace("</process>", flow("f9", "i", "e") + "</process>"),
     "f9"),
    ("EXT029", pools().replace('<participant id="two"/>', '<participant id="two">'
     '<participantMultiplicity minimum="-1"/></participant>'), "two"),
    ("EXT030", pools().replace('<participant id="two"/>', '<participant id="two">'
     '<participantMultiplicity minimum="3" maximum="2"/></participant>'), "two"),
    ("EXT031", pools(talk("one", "x")), "mf"),
    ("EXT032", '<globalConversation id="c"><conversation id="k"/></globalConversation>' + task(),
     "c"),
    ("EXT033", '<choreography id="z" isClosed="true"/><collaboration id="c"><choreographyRef>z'
     "</choreographyRef></collaboration>" + task(), "c"),
    ("EXT035", process(node("task", "x"), 'processType="Public" isExecutable="true"'), "p"),
    ("EXT037", task(attributes='startQuantity="0"'), "x"),
    ("EXT038", task(attributes='completionQuantity="-1"'), "x"),
    ("EXT039", task('<performer id="r"><resourceRef>z</resourceRef><resourceAssignmentExpression>'
     "<formalExpression>1</formalExpression></resourceAssignmentExpression></performer>"), "r"),
    ("EXT040", task('<performer id="r"><resourceParameterBinding parameterRef="z">'
     "<formalExpression>1</formalExpression></resourceParameterBinding></performer>"), "r"),
    ("EXT041", task("<standardLoopCharacteristics/><multiInstanceLoopCharacteristics/>"), "x"),
    ("EXT042", task("", "serviceTask", SERVICE), "x"),
    ("EXT043", task(io("i:text", "o", output_sets=["o", "o"]), "serviceTask", SERVICE), "x"),
    ("EXT044", task(io("i:int"), "serviceTask", SERVICE), "x"),
    ("EXT045", task(io("i:text"), "serviceTask", SERVICE).replace("</inMessageRef>",
     "</inMessageRef><outMessageRef>m</outMessageRef>"), "x"),
    ("EXT046", task(io("i:text", input_sets=["i", "i"]), "sendTask", 'messageRef="m"'), "x"),
    ("EXT047", task(io("i:text j:text"), "sendTask", 'messageRef="m"'), "x"),
    ("EXT048", task(io("i:int"), "sendTask", 'messageRef="m"'), "x"),
    ("EXT049", task("", "receiveTask", 'instantiate="true"'), "x"),
    ("EXT050", task(io("", "o:text", output_sets=["o", "o"]), "receiveTask", 'messageRef="m"'),
     "x"),
    ("EXT051", task(io("", "o:text q:text"), "receiveTask", 'messageRef="m"'), "x"),
    ("EXT052", task(io("", "o:int"), "receiveTask", 'messageRef="m"'), "x"),
    ("EXT053", task("<script>1</script>", "scriptTask"), "x"),
    ("EXT057", event_sub(TIMER).replace("</process>", flow("f9", "x", "es") + "</process>"), "es"),
    ("EXT058", event_sub(TIMER, more='<startEvent id="is2"/>'), "es"),
    ("EXT059", event_sub(""), "is"),
    ("EXT059", event_sub("<errorEventDefinition/>", 'isInterrupting="false"'), "is"),
    ("EXT129", event_sub(""), "is"),
    ("EXT060", sub("", "transaction", 'method="not a uri"'), "x"),
    ("EXT061", sub("", "adHocSubProcess"), "x"),
    ("EXT062", sub('<task id="t"/><endEvent id="ie"/>', "adHocSubProcess"), "ie"),
    ("EXT063", task(io("i:text"), "callActivity", 'calledElement="q"')
     + '<process id="q"><task id="qt"/></process>', "x"),
    ("EXT064", task() + '<globalTask id="g"><supportedInterfaceRef>if</supportedInterfaceRef>'
     "</globalTask>", "g"),
    ("EXT067", many(""), "x"),
    ("EXT068", many("<loopDataInputRef>sig</loopDataInputRef>", io("i:texts")), "x"),
    ("EXT069", many(CARDINALITY + "<loopDataOutputRef>o</loopDataOutputRef>"
     '<outputDataItem id="oi" itemSubjectRef="int"/>', io("", "o:texts")), "x"),
    ("EXT070", many(MANY_IN + '<inputDataItem id="ii" itemSubjectRef="texts"/>', io("i:texts")),
     "x"),
    ("EXT071", many(CARDINALITY + f"<completionCondition {FORMAL}>23</completionCondition>"), "x"),
    ("EXT076", read(data='<dataObjectReference id="r" dataObjectRef="o" name="O">'
     '<dataState name="done"/></dataObjectReference>'), "r"),
    ("EXT078", '<property id="z"/>' + task(), "z"),
    ("EXT079", sub(io("i"), "subProcess"), "x"),
    ("EXT084", task(io("i j", input_sets=["i"])), "j"),
    ("EXT088", task(io("", "o q", output_sets=["o"])), "q"),
    ("EXT085", task(io("i").replace("</dataInputRefs>", "</dataInputRefs><optionalInputRefs>z"
     "</optionalInputRefs>")), "x"),
    ("EXT090", task(io("", "o").replace("</dataOutputRefs>", "</dataOutputRefs>"
     "<whileExecutingOutputRefs>z</whileExecutingOutputRefs>")), "x"),
    ("EXT091", read(item='itemSubjectRef="int"'), "d"),
    ("EXT092", read(inside="", source="o</sourceRef><sourceRef>o"), "d"),
    ("EXT096", process(S.replace("<outgoing", "<incoming>f9</incoming><outgoing")
     + node("task", "x", "f1", "f2 f9") + E + FLOWS + flow("f9", "x", "s")), "s"),
    ("EXT097", process(node("task", "x", "", "f2") + E + flow("f2", "x", "e")), "e"),
    ("EXT098", starting("<errorEventDefinition/>"), "x"),
    ("EXT099", starting(CAUGHT).replace('id="p"', 'id="q"', 1)
     + '<process id="r"><callActivity id="k" calledElement="q"/></process>', "q"),
    ("EXT100", sub(node("startEvent", "is", "", "g1", TIMER) + node("endEvent", "ie", "g1")
     + flow("g1", "is", "ie")), "is"),
    ("EXT101", process('<startEvent id="s"/>' + '<endEvent id="e"/>'), "s"),
    ("EXT102", pools(talk("s", "two")), "mf"),
    ("EXT103", pools(talk("two", "s")), "s"),
    ("EXT104", process(S + node("task", "x", "f1 f9", "f2") + node("endEvent", "e", "f2", "f9")
     + FLOWS + flow("f9", "e", "x")), "e"),
    ("EXT105", process(S + node("task", "x", "f1") + flow("f1", "s", "x")), "s"),
    ("EXT106", ending("<cancelEventDefinition/>"), "x"),
    ("EXT107", process('<startEvent id="s"/>' + '<endEvent id="e"/>'), "e"),
    ("EXT108", pools(talk("two", "e")), "mf"),
    ("EXT109", pools(talk("e", "two")), "e"),
    ("EXT110", edge("<terminateEventDefinition/>"), "b"),
    ("EXT147", edge("<errorEventDefinition/>", 'cancelActivity="false"'), "b"),
    ("EXT111", edge("<cancelEventDefinition/>"), "b"),
    ("EXT130", edge(""), "b"),
    ("EXT113", edge(TIMER, out=""), "b"),
    ("EXT114", edge("<compensateEventDefinition/>"), "b"),
    ("EXT115", process(S + node("task", "x", "f1", "f2") + E + FLOWS
     + node("intermediateCatchEvent", "y", "", "", TIMER)), "y"),
    ("EXT116", process(S + node("task", "x", "f1", "f2") + E + FLOWS
     + node("intermediateCatchEvent", "y", "", "", TIMER)), "y"),
    ("EXT117", linked().replace("</process>", flow("f9", "x", "e") + "</process>"), "x"),
    ("EXT118", linked(source="<source>l2</source>"), "x"),
    ("EXT119", pools(talk("x", "two"), events=catch(CAUGHT)), "mf"),
    ("EXT121", starting("<compensateEventDefinition/>"), "x"),
    ("EXT122", catch("<compensateEventDefinition/>"), "x"),
    ("EXT123", catch("<conditionalEventDefinition><condition>x</condition>"
     "</conditionalEventDefinition>"), "x"),
    ("EXT124", linked(source=""), "y"),
    ("EXT125", linked(target=""), "x"),
    ("EXT127", catch(CAUGHT.replace('messageRef="m"', "")), "x"),
    ("EXT128", catch('<messageEventDefinition messageRef="m"/>'), "x"),
    ("EXT131", catch(TIMER.replace("</timeDuration>", "</timeDuration><timeCycle>R/PT1S"
     "</timeCycle>")), "x"),
    ("EXT135", task("", "exclusiveGateway"), "x"),
    ("EXT136", task("", "eventBasedGateway"), "x"),
    ("EXT137", choice(waits("x", "f1", "f2"), waits("y", "f3", "f4")).replace(
     flow("f1", "g", "x"), flow("f1", "g", "x", "true")), "f1"),
    ("EXT138", choice(waits("x", "f1", "f2"), node("task", "y", "f3", "f4")), "f3"),
    ("EXT139", choice(waits("x", "f1", "f2"), node("receiveTask", "y", "f3", "f4")), "g"),
    ("EXT140", choice(waits("x", "f1", "f2", TIMER), node("receiveTask", "y", "f3", "f4")
     + node("boundaryEvent", "b", "", "", TIMER, 'attachedToRef="y"')), "y"),
    ("EXT141", choice(waits("x", "f1 f9", "f2"), waits("y", "f3", "f4", TIMER)
     + node("task", "z", "", "f9") + flow("f9", "z", "x")), "x"),
    ("EXT142", choice(waits("x", "f1", "f2"), waits("y", "f3", "f4"), 'instantiate="true"'), "g"),
    ("EXT143", undone(association=""), "b"),
    ("EXT144", undone(mark="false"), "h"),
    ("EXT145", undone(flows=flow("f9", "x", "h")), "h"),
    ("EXT146", ending(TIMER), "x"),
    ("EXT148", catch("<errorEventDefinition/>"), "x"),
    ("EXT149", throw(TIMER), "x"),
    ("EXT150", process(S + node("task", "x", "f1", "f2") + E + FLOWS + node("task", "y")), "y"),
    ("EXT151", process(S + node("task", "x", "f1", "f2") + E + FLOWS + node("task", "y")), "y"),
    ("EXT152", sub('<task id="i"/>').replace("</process>", flow("f9", "i", "e") + "</process>"),
     "f9"),
    ("REF018", task().replace('sourceRef="s"', 'sourceRef="ghost"'), "f1"),
    ("REF028", pools().replace('processRef="p"', 'processRef="x"'), "one"),
    ("REF049", task(attributes='default="ghost"'), "x"),
    ("REF057", task("", "callActivity", 'calledElement="ghost"'), "x"),
    ("REF062", many("<loopDataInputRef>ghost</loopDataInputRef>"), "x"),
    ("REF087", edge(TIMER).replace('attachedToRef="x"', 'attachedToRef="e"'), "b"),
    ("REF089", edge('<errorEventDefinition errorRef="sig"/>'), "b"),
    ("REF093", catch(CAUGHT.replace('messageRef="m"', 'messageRef="ghost"')), "x"),
]  # fmt: skip


def file_of(model):
    """Return the bytes of a file that holds a model."""
    return f"{HEAD}{model}</definitions>".encode()


def told_by(module, model):
    """Return (rule, element) of what the constraints of one module say of a model."""
    seen = Model(read_tree(file_of(model)))
    return {
        (one.params["rule"], one.element)
        for constraint in module.CONSTRAINTS
        for one in constraint(seen)
    }


def wrong_for(module):
    """Return the wrong models whose rule a module looks after."""
    rules = set(re.findall(r"(?:EXT|REF)[0-9]{3}", inspect.getsource(module)))
    return [one for one in WRONG if one[0] in rules]
