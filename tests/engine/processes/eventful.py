"""Diagrams with events for the tests: what is thrown and caught, and the trace a case leaves."""

from engine.processes import run, state
from engine.processes.definition import read_definition
from engine.processes.exchange import Thrown
from engine.processes.playing import Case, Played, play
from engine.processes.spiff import Engine, Environment
from tests.engine.processes import drawing
from tests.engine.processes.drawing import NOW, chain, document, end, no_tables

NAMED = (
    '<signal id="S" name="S"/><signal id="S2" name="S2"/>'
    '<message id="M" name="M"/><message id="M2" name="M2"/>'
    '<error id="E" name="E" errorCode="E1"/><error id="F" name="F" errorCode="E2"/>'
    '<escalation id="U" name="U" escalationCode="U1"/>'
    '<escalation id="V" name="V" escalationCode="U2"/>'
)


def definition(kind, ref=""):
    said = f' {kind}Ref="{ref}"' if ref else ""
    return f"<{kind}EventDefinition{said}/>"


SIGNAL, SIGNAL2 = definition("signal", "S"), definition("signal", "S2")
MESSAGE, ERROR, ESCALATION = (
    definition("message", "M"),
    definition("error", "E"),
    definition("escalation", "U"),
)
TERMINATE = "<terminateEventDefinition/>"


def when(text):
    kind = 'xsi:type="tFormalExpression"'
    return (
        "<conditionalEventDefinition>"
        f"<condition {kind}>{text.replace('<', '&lt;')}</condition></conditionalEventDefinition>"
    )


def catch(name, inside, more=""):
    return f'<intermediateCatchEvent id="{name}" {more}>{inside}</intermediateCatchEvent>'


def throws(name, inside):
    return f'<intermediateThrowEvent id="{name}">{inside}</intermediateThrowEvent>'


def starts(name, inside, interrupts=True, more=""):
    stops = "" if interrupts else ' isInterrupting="false"'
    return f'<startEvent id="{name}"{stops} {more}>{inside}</startEvent>'


def says(*names):
    """Return script tasks that add their own id to the trace."""
    return "".join(drawing.script(name, f'["{name}"]', "log") for name in names)


def first(name="zero"):
    return drawing.script(name, "[]", "log")


def scope(name, inside):
    return f'<subProcess id="{name}">{inside}</subProcess>'


def handler(name, inside, start, interrupts=True):
    """Return an event sub-process that says its own name behind a start event `<name>_s`."""
    body = starts(f"{name}_s", start, interrupts) + inside + says(f"{name}_x") + end(f"{name}_e")
    body += chain(f"{name}_s", f"{name}_x", f"{name}_e")
    return f'<subProcess id="{name}" triggeredByEvent="true">{body}</subProcess>'


def line(*names):
    """Return a start, scripts that say their names, and an end, in a row."""
    return drawing.start() + says(*names) + end() + chain("s", *names, "e")


def file(body, rest=""):
    return document(body, rest=NAMED + rest)


def played(body, rest="", process="p", first=(), inputs=None, seconds=0) -> Played:
    case = Case("c", "m", process, tuple(first), inputs or {}, seconds, (), "completed")
    return play(file(body, rest), case)


def read(body, rest=""):
    return read_definition(file(body, rest))


class Walk:
    """A case that is stored and read again after every command, and must be the same."""

    def __init__(self, body, rest="", by=None, **data):
        self.definition = read(body, rest) if isinstance(body, str) else body
        self.now = NOW
        self.said = []
        self.keep(run.start(self.definition, data, no_tables, NOW, by=by))

    def keep(self, step):
        engine = Engine(Environment(self.definition.formulas, no_tables, self.now))
        again = state.dump(state.load(step.state, self.definition, engine), self.definition)
        assert again == step.state
        self.step = step
        self.said += [one.value[-1] for one in step.scripts if one.value]
        return step

    def wait(self, until):
        self.now = until
        return self.keep(run.wake(self.definition, self.step.state, no_tables, until))

    def hear(self, kind, name):
        thrown = Thrown(kind, name, "outside")
        return self.keep(run.receive(self.definition, self.step.state, thrown, no_tables, self.now))

    def do(self, name, **answers):
        task = next(task for task in self.step.open if task.step == name)
        return self.keep(
            run.advance(self.definition, self.step.state, task.id, answers, no_tables, self.now)
        )

    @property
    def open(self):
        return [task.step for task in self.step.open]
