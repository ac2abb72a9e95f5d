"""Constructs of BPMN together: what a case leaves behind where one runs inside or beside another.

Expected traces follow BPMN 2.0.2 and the readings of the conformance kit; order is not compared.
"""

from dataclasses import dataclass, field

import pytest
from lxml import etree

from engine.processes.bpmn import tag
from engine.processes.playing import Case, play
from tests.engine.processes.activities import formal, inside, loop, said, times, traced
from tests.engine.processes.drawing import (
    boundary,
    chain,
    end,
    flow,
    gateway,
    script,
    start,
    step,
    timer,
)
from tests.engine.processes.eventful import (
    ERROR,
    ESCALATION,
    MESSAGE,
    SIGNAL,
    SIGNAL2,
    TERMINATE,
    catch,
    definition,
    file,
    starts,
    throws,
    when,
)

CANCEL = "<cancelEventDefinition/>"
UNDO = "<compensateEventDefinition/>"
COUNT = script("count", "n + 1", "n")
S, E = start(), end()


@dataclass(frozen=True)
class Story:
    """A process `p`, what stands beside it, and what it leaves: its trace and how it ends."""

    body: str
    trace: str
    rest: str = ""
    end: str = "completed"
    seconds: int = 0
    first: tuple[str, ...] = ()
    inputs: dict[str, object] = field(default_factory=dict)


def part(name, content, kind="subProcess", attributes="", mark=""):
    """Return a sub-process whose content stands between `<name>_s` and its own ends."""
    return f'<{kind} id="{name}" {attributes}>{mark}{content}</{kind}>'


def row(name, *names, drawn=""):
    """Return the content of a part: a start, what is drawn, an end, all in a row."""
    first, last = f"{name}_s", f"{name}_e"
    return start(first) + drawn + end(last) + chain(first, *names, last)


def on(name, trigger, *names, drawn, interrupts=True):
    """Return an event sub-process."""
    first, last = f"{name}_s", f"{name}_e"
    body = starts(first, trigger, interrupts) + drawn + end(last) + chain(first, *names, last)
    return f'<subProcess id="{name}" triggeredByEvent="true">{body}</subProcess>'


def process(name, content):
    return f'<process id="{name}" isExecutable="true">{content}</process>'


def after(activity, *, name="t", drawn=""):
    """Return a process of one activity and the traced script `z` behind it."""
    return S + activity + traced("z") + drawn + E + chain("s", name, "z", "e")


def edge(name, host, trigger, says, interrupts=True):
    """Return an event on an edge, with a traced script and an end behind it."""
    return (
        boundary(name, host, trigger, interrupts)
        + traced(says) + end(f"{name}_e") + chain(name, says, f"{name}_e")
    )  # fmt: skip


def undone(host, by):
    """Return the compensation of an activity by a traced script."""
    handler = said(traced(by), 'isForCompensation="true"')
    event = boundary(f"undo_{host}", host, UNDO)
    return (
        event + handler + f'<association id="a_{host}" sourceRef="undo_{host}" targetRef="{by}"/>'
    )


def link(name):
    return throws(name, '<linkEventDefinition name="L"/>')


def artifacts_last(source):
    """Put the associations of each scope where the schema wants them."""
    root = etree.fromstring(source)
    for node in list(root.iter(tag("association"))):
        node.getparent().append(node)
    return etree.tostring(root)


def activated(name, text):
    return f'<complexGateway id="{name}">{formal("activationCondition", text)}</complexGateway>'


def again(join, content, limit, back="x"):
    """Return a loop: an exclusive merge `x`, `count`, what is drawn, a choice `g` back to `x`."""
    body = S + gateway("exclusive", back) + COUNT + content + gateway("exclusive", "g", "f_g_z")
    body += traced("z") + E + chain("s", back, "count") + chain(join, "g", "z", "e")
    return body + flow("g", back, f"n < {limit}")


ESCALATES = row("t", "up", "a", drawn=throws("up", ESCALATION) + traced("a"))
FAILS = start("t_s") + traced("a") + end("t_e", ERROR) + chain("t_s", "a", "t_e")
FAST, SLOW = timer("timeDuration", "PT1S"), timer("timeDuration", "PT5S")
FORK = gateway("parallel", "f")

INSTANCES = {
    "an event sub-process inside instances that run side by side": Story(
        after(part("t", ESCALATES + on("h", ESCALATION, "b", drawn=traced("b"), interrupts=False),
                   mark=loop("multiInstance", times(3)))),
        "aaabbbz",
    ),
    "an interrupting event sub-process ends its own instance only": Story(
        after(part("t", FAILS + on("h", ERROR, "b", drawn=traced("b")),
                   mark=loop("multiInstance", times(3)))),
        "aaabbbz",
    ),
    "an interrupting event sub-process ends one turn of a loop": Story(
        after(part("t", FAILS + on("h", ERROR, "b", drawn=traced("b")),
                   mark=loop("standard", loopMaximum=2))),
        "aabbz",
    ),
    "an error of one instance ends them all": Story(
        after(part("t", FAILS, mark=loop("multiInstance", times(3), isSequential="true"))
              + edge("b", "t", ERROR, "c")),
        "ac",
    ),
    "an escalation of each instance reaches the edge": Story(
        after(part("t", ESCALATES, mark=loop("multiInstance", times(2)))
              + edge("b", "t", ESCALATION, "c", interrupts=False)),
        "aaccz",
    ),
    "a terminate end event ends one instance": Story(
        after(part("t", start("t_s") + gateway("parallel", "g") + traced("a", "b")
                   + catch("w", SLOW) + end("t_e", TERMINATE) + end("t_x") + chain("t_s", "g")
                   + chain("g", "a", "t_e") + chain("g", "w", "b", "t_x"),
                   mark=loop("multiInstance", times(2)))),
        "aaz",
    ),
    "the event of each instance stands on the edge itself": Story(
        after(inside(traced("t"), loop("multiInstance", times(2), behavior="None",
                                       noneBehaviorEventRef="here"))
              + edge("b", "t", '<signalEventDefinition id="here" signalRef="S"/>', "c", False)),
        "ccttz",
    ),
    "a behaviour that names no event throws none": Story(
        after(inside(traced("t"), loop("multiInstance", times(2), behavior="One"))
              + edge("b", "t", SIGNAL, "c")),
        "ttz",
    ),
    "a transaction of which one instance is cancelled": Story(
        after(part("t", start("t_s") + traced("a") + undone("a", "u") + end("t_e", CANCEL)
                   + chain("t_s", "a", "t_e"), "transaction",
                   mark=loop("multiInstance", times(2), isSequential="true"))
              + edge("b", "t", CANCEL, "c")),
        "acu",
    ),
    "a transaction that repeats and is cancelled the second time": Story(
        after(part("t", start("t_s") + COUNT + gateway("exclusive", "g", "f_g_ok") + end("ok")
                   + end("no", CANCEL) + traced("a") + chain("t_s", "count", "a", "g", "ok")
                   + flow("g", "no", "n > 1"), "transaction", mark=loop("standard", formal(
                       "loopCondition", "true"), loopMaximum=5)) + edge("b", "t", CANCEL, "c")),
        "aac", inputs={"n": 0},
    ),
    "a complex gateway counts for each instance": Story(
        after(part("t", start("t_s") + FORK + traced("a", "b", "c", "d")
                   + activated("j", "activationCount >= 2") + end("t_e") + chain("t_s", "f")
                   + "".join(chain("f", each, "j") for each in "abc") + chain("j", "d", "t_e"),
                   mark=loop("multiInstance", times(2)))),
        "aabbccddz",
    ),
}  # fmt: skip

UNDOING = {
    "each turn of a drawn loop is undone": Story(
        S + gateway("exclusive", "x") + COUNT + traced("a", "z") + undone("a", "u")
        + gateway("exclusive", "g", "f_g_th") + throws("th", UNDO) + E
        + chain("s", "x", "count", "a", "g", "th", "z", "e") + flow("g", "x", "n < 3"),
        "aaauuuz", inputs={"n": 0},
    ),
    "each instance of a sub-process is undone": Story(
        S + part("t", row("t", "a", drawn=traced("a") + undone("a", "u")),
                 mark=loop("multiInstance", times(2)))
        + throws("th", UNDO) + traced("z") + E + chain("s", "t", "th", "z", "e"),
        "aauuz",
    ),
    "what an error broke off is not undone from outside": Story(
        S + part("t", start("t_s") + traced("a") + undone("a", "u") + end("t_e", ERROR)
                 + chain("t_s", "a", "t_e"))
        + E + boundary("b", "t", ERROR) + throws("th", UNDO) + traced("c") + end("x")
        + chain("s", "t", "e") + chain("b", "th", "c", "x"),
        "ac",
    ),
    "the handler of an error undoes its scope": Story(
        after(part("t", start("t_s") + traced("a") + undone("a", "u") + end("t_e", ERROR)
                   + chain("t_s", "a", "t_e")
                   + on("h", ERROR, "th", "b", drawn=throws("th", UNDO) + traced("b")))),
        "abuz",
    ),
    "of two transactions side by side one is cancelled": Story(
        S + FORK + part("t", start("t_s") + traced("a") + end("t_e", CANCEL)
                        + chain("t_s", "a", "t_e"), "transaction")
        + edge("bt", "t", CANCEL, "c")
        + part("v", row("v", "w", "d", drawn=catch("w", FAST) + traced("d")), "transaction")
        + edge("bv", "v", CANCEL, "x") + traced("z") + E + chain("s", "f", "t", "e")
        + chain("f", "v", "z", "e"),
        "acdz", seconds=2,
    ),
    "cancelling an inner transaction leaves the outer one": Story(
        after(part("t", start("t_s")
                   + part("v", start("v_s") + end("v_e", CANCEL) + chain("v_s", "v_e"),
                          "transaction")
                   + edge("bv", "v", CANCEL, "c") + end("t_e") + chain("t_s", "v", "t_e"),
                   "transaction") + edge("bt", "t", CANCEL, "x")),
        "cz",
    ),
    "a called process is undone as a whole": Story(
        S + '<callActivity id="t" calledElement="q"/>' + undone("t", "u") + throws("th", UNDO)
        + traced("z") + E + chain("s", "t", "th", "z", "e"),
        "auz", process("q", row("q", "a", drawn=traced("a"))),
    ),
}  # fmt: skip

JOINS = {
    f"an inclusive join waits for the edge of an activity, {name}": Story(
        S + gateway("inclusive", "i") + traced("a", "b", "c", "z")
        + part("t", row("t", "w", drawn=catch("w", timer("timeDuration", "PT3S"))))
        + boundary("x", "t", FAST, stops) + gateway("inclusive", "j") + E + chain("s", "i")
        + flow("i", "a", "true") + flow("i", "t", "true") + chain("a", "j", "z", "e")
        + chain("t", "b", "j") + chain("x", "c", "j"),
        trace, seconds=4,
    )
    for name, stops, trace in (
        ("which is interrupted", True, "acz"), ("which goes on beside it", False, "abcz"),
    )
} | {
    "an inclusive join behind links": Story(
        S + gateway("inclusive", "i") + traced("a", "b", "z") + link("l")
        + catch("k", '<linkEventDefinition name="L"/>') + gateway("inclusive", "j") + E
        + chain("s", "i") + flow("i", "a", "true") + flow("i", "l", "true")
        + chain("a", "j", "z", "e") + chain("k", "b", "j"),
        "abz",
    ),
    "an inclusive join in a loop": Story(
        again("j", FORK + traced("a", "b") + gateway("inclusive", "j") + chain("count", "f")
              + chain("f", "a", "j") + chain("f", "b", "j"), 3),
        "aaabbbz", inputs={"n": 0},
    ),
    "a complex gateway for two of three, again in each turn": Story(
        again("c", FORK + traced("a", "b", "d", "c") + activated("j", "activationCount >= 2")
              + chain("count", "f") + "".join(chain("f", each, "j") for each in "abd")
              + chain("j", "c"), 2),
        "aabbccddz", inputs={"n": 0},
    ),
    "a complex gateway lets the late token of its turn pass in silence": Story(
        again("k", FORK + traced("a", "b", "d") + catch("w", FAST) + catch("k", timer(
            "timeDuration", "PT3S")) + activated("j", "activationCount >= 2") + chain("count", "f")
              + chain("f", "a", "j") + chain("f", "b", "j") + chain("f", "w", "d", "j")
              + chain("j", "k"), 2),
        "aabbddz", seconds=9, inputs={"n": 0},
    ),
    "a terminate end event of a part leaves the branches beside it": Story(
        S + FORK + part("t", start("t_s") + gateway("parallel", "g") + traced("a", "b")
                        + catch("w", SLOW) + end("t_e", TERMINATE) + end("t_x")
                        + chain("t_s", "g") + chain("g", "a", "t_e") + chain("g", "w", "b", "t_x"))
        + traced("c", "z") + gateway("parallel", "j") + E + chain("s", "f", "t", "j", "z", "e")
        + chain("f", "c", "j"),
        "acz",
    ),
    "a terminate end event of the process ends parts, calls and handlers": Story(
        S + FORK + part("t", row("t", "w", "a", drawn=catch("w", SLOW) + traced("a")))
        + '<callActivity id="call" calledElement="q"/>' + throws("th", SIGNAL)
        + catch("k", FAST) + traced("z") + end("stop", TERMINATE) + E + chain("s", "f", "t", "e")
        + chain("f", "call", "e") + chain("f", "th", "k", "z", "stop")
        + on("h", SIGNAL, "v", "b", drawn=catch("v", SLOW) + traced("b"), interrupts=False),
        "z", process("q", row("q", "u", "c", drawn=catch("u", SLOW) + traced("c"))), seconds=9,
    ),
    "two flows between the same two nodes carry two tokens": Story(
        S + traced("a", "b") + E + chain("s", "a") + flow("a", "b", name="one")
        + flow("a", "b", name="two") + chain("b", "e"),
        "abb",
    ),
    "an event-based gateway waits anew in each turn": Story(
        S + gateway("exclusive", "x") + gateway("eventBased", "ev") + catch("k", FAST)
        + catch("l", SLOW) + COUNT + gateway("exclusive", "g", "f_g_z") + traced("a", "z") + E
        + end("late") + chain("s", "x", "ev", "k", "count", "g", "z", "e")
        + chain("ev", "l", "a", "late") + flow("g", "x", "n < 3"),
        "z", seconds=4, inputs={"n": 0},
    ),
    "several links lead to one place": Story(
        S + FORK + traced("a", "b", "z") + link("l") + link("m")
        + catch("k", '<linkEventDefinition name="L"/>') + E + chain("s", "f", "a", "l")
        + chain("f", "b", "m") + chain("k", "z", "e"),
        "abzz",
    ),
}  # fmt: skip

EVENTS = {
    "an error of a called process reaches the edge of its call": Story(
        after('<callActivity id="t" calledElement="q"/>' + edge("b", "t", ERROR, "c")),
        "ac",
        process("q", start("q_s") + traced("a") + end("q_e", ERROR) + chain("q_s", "a", "q_e")),
    ),
    "a signal of a called process reaches the handler of the caller": Story(
        after('<callActivity id="t" calledElement="q"/>'
              + on("h", SIGNAL, "b", drawn=traced("b"), interrupts=False)),
        "abz",
        process("q", row("q", "th", "a", drawn=throws("th", SIGNAL) + traced("a"))),
    ),
    "an escalation goes up from scope to scope as another one": Story(
        after(part("t", start("t_s") + part("v", row("v", "up", "a", drawn=throws("up", ESCALATION)
                                                     + traced("a")))
                   + boundary("x", "v", ESCALATION, False) + throws("on", definition(
                       "escalation", "V")) + end("x_e") + traced("b") + end("t_e")
                   + chain("t_s", "v", "b", "t_e") + chain("x", "on", "x_e"))
              + edge("y", "t", definition("escalation", "V"), "c", interrupts=False)),
        "abcz",
    ),
    "a handler inside hears an error before the edge does": Story(
        after(part("t", FAILS + on("h", ERROR, "b", drawn=traced("b")))
              + edge("x", "t", ERROR, "c")),
        "abz",
    ),
    "an error that a handler throws goes on to the edge": Story(
        after(part("t", FAILS + '<subProcess id="h" triggeredByEvent="true">'
                   + starts("h_s", ERROR) + traced("b") + end("h_e", ERROR)
                   + chain("h_s", "b", "h_e") + "</subProcess>") + edge("x", "t", ERROR, "c")),
        "abc",
    ),
    "a condition comes true by what another branch writes": Story(
        S + FORK + step("u") + edge("b", "u", when("n = 1"), "c") + catch("w", FAST) + COUNT
        + end("x") + E + chain("s", "f", "u", "e") + chain("f", "w", "count", "x"),
        "c", seconds=1, inputs={"n": 0},
    ),
    "a condition of the process itself is true from the start": Story(
        after(traced("t") + on("h", when("n = 0"), "b", drawn=traced("b"), interrupts=False)),
        "btz", inputs={"n": 0},
    ),
    "an interrupting condition of the process comes before its first activity": Story(
        after(traced("t") + on("h", when("n = 0"), "b", drawn=traced("b"))),
        "b", inputs={"n": 0},
    ),
    "of a parallel multiple event one part is not enough": Story(
        S + FORK + catch("k", SIGNAL + SIGNAL2, 'parallelMultiple="1"') + traced("a", "z")
        + catch("w", FAST) + throws("th", SIGNAL) + E + chain("s", "f", "k", "a", "e")
        + chain("f", "w", "th", "z", "e"),
        "z", end="waiting", seconds=2,
    ),
    "a parallel multiple event happens when all its parts have": Story(
        S + FORK + catch("k", SIGNAL + SIGNAL2, 'parallelMultiple="true"') + traced("a", "z")
        + catch("w", FAST) + throws("th", SIGNAL + SIGNAL2) + E + chain("s", "f", "k", "a", "e")
        + chain("f", "w", "th", "z", "e"),
        "az", seconds=2,
    ),
    "a signal reaches every pool that waits and starts every one that may": Story(
        after(throws("t", SIGNAL)),
        "abz",
        process("q", row("q", "k", "a", drawn=catch("k", SIGNAL) + traced("a")))
        + process("r", starts("r_s", SIGNAL) + traced("b") + end("r_e") + chain("r_s", "b", "r_e")),
        first=("q",),
    ),
    "two messages start two instances": Story(
        S + throws("one", MESSAGE) + throws("two", MESSAGE) + traced("z") + E
        + chain("s", "one", "two", "z", "e"),
        "aaz",
        process("q", starts("q_s", MESSAGE) + traced("a") + end("q_e") + chain("q_s", "a", "q_e")),
    ),
    "a scope waits for a handler that runs on": Story(
        after(part("t", row("t", "th", "a", drawn=throws("th", SIGNAL) + traced("a"))
                   + on("h", SIGNAL, "u", drawn=step("u"), interrupts=False))),
        "a", end="waiting",
    ),
    "marks may be spelt as one and nought": Story(
        after(part("t", row("t", "th", "a", drawn=throws("th", SIGNAL) + traced("a"))
                   + '<subProcess id="h" triggeredByEvent="1"><startEvent id="h_s"'
                   f' isInterrupting="0">{SIGNAL}</startEvent>' + traced("b") + end("h_e")
                   + chain("h_s", "b", "h_e") + "</subProcess>")),
        "abz",
    ),
    "a script task without a script does nothing": Story(after('<scriptTask id="t"/>'), "z"),
}  # fmt: skip

AD_HOC = {
    "a user task holds an ad-hoc sub-process": Story(
        after(part("t", traced("a") + step("u"), "adHocSubProcess")), "a", end="waiting"
    ),
    "a time on the edge ends an ad-hoc sub-process": Story(
        after(part("t", traced("a") + step("u"), "adHocSubProcess") + edge("b", "t", FAST, "c")),
        "ac", seconds=1,
    ),
    "enough done stops the user task of an ad-hoc sub-process": Story(
        after(part("t", traced("a") + step("u") + formal("completionCondition", "count(log) > 0"),
                   "adHocSubProcess")),
        "az",
    ),
    "an ad-hoc sub-process in turn, in each instance": Story(
        after(part("t", row("t", "v", drawn=part("v", traced("a", "b"), "adHocSubProcess",
                                                 'ordering="Sequential"')),
                   mark=loop("multiInstance", times(2)))),
        "aabbz",
    ),
    "a sequential ad-hoc sub-process of parts that take their time": Story(
        after(part("t", part("v", row("v", "w", "a", drawn=catch("w", FAST) + traced("a")))
                   + part("x", row("x", "y", "b", drawn=catch("y", FAST) + traced("b"))),
                   "adHocSubProcess", 'ordering="Sequential"')),
        "abz", seconds=2,
    ),
}  # fmt: skip

STORIES = INSTANCES | UNDOING | JOINS | EVENTS | AD_HOC


@pytest.mark.parametrize("story", STORIES.values(), ids=STORIES)
def test_constructs_run_together(story):
    case = Case("c", "m", "p", story.first, story.inputs, story.seconds, (), story.end)
    found = play(artifacts_last(file(story.body, story.rest)), case)
    assert "".join(found.trace) == "".join(sorted(story.trace))
    assert found.end == story.end
