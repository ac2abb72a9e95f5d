"""Small drawings of activities whose scripts write a trace, and what their runs left in it."""

from xml.sax.saxutils import escape

from engine.processes import state
from engine.processes.run import start
from engine.processes.spiff import Engine, Environment
from tests.engine.processes import drawing
from tests.engine.processes.drawing import NOW, chain, end, no_tables, read, script

S = drawing.start()
FORMAL = 'xsi:type="tFormalExpression"'
SIGNAL = '<signal id="Sig" name="Sig"/><signalEventDefinition id="shared" signalRef="Sig"/>'
LISTENS = '<signalEventDefinition signalRef="Sig"/>'
INNER = drawing.start("is") + script("x", 'append(log, "x")', "log") + end("ie")
INNER += chain("is", "x", "ie")


def traced(*names):
    """Return script tasks that add their name to the log."""
    return "".join(script(name, f'append(log, "{name}")', "log") for name in names)


def loop(kind, inside="", **attributes):
    said = " ".join(f'{name}="{value}"' for name, value in attributes.items())
    return f"<{kind}LoopCharacteristics {said}>{inside}</{kind}LoopCharacteristics>"


def formal(name, text):
    return f"<{name} {FORMAL}>{escape(str(text))}</{name}>"


def times(number):
    return formal("loopCardinality", number)


def inside(xml, more):
    """Put something into an activity, where the schema wants marks and data."""
    places = [xml.index(mark) for mark in ("<startEvent", "<script>") if mark in xml]
    place = min(places or [xml.rindex("</")])
    return xml[:place] + more + xml[place:]


def said(xml, attributes):
    place = xml.index(">")
    return f"{xml[:place]} {attributes}{xml[place:]}"


def part(content=INNER, kind="subProcess", attributes=""):
    return f'<{kind} id="sub" {attributes}>{content}</{kind}>'


def line(activity, name="t"):
    """Return a process of one activity, a traced script `z` and an end."""
    return S + activity + traced("z") + end() + chain("s", name, "z", "e")


def run(body, rest="", **data):
    """Return the last step of a run, its trace sorted, after a round trip of its state."""
    definition = read(body, rest=rest)
    step = start(definition, {"log": [], **data}, no_tables, NOW)
    engine = Engine(Environment(definition.formulas, no_tables, NOW))
    assert state.dump(state.load(step.state, definition, engine), definition) == step.state
    trace = [done.value[-1] for done in step.scripts if done.variable == "log" and done.value]
    return definition, step, sorted(trace)
