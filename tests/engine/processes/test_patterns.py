"""The workflow control-flow patterns 1 to 20 (van der Aalst et al.) in small drawings."""

import pytest

from tests.engine.processes.activities import (
    S,
    formal,
    inside,
    line,
    loop,
    part,
    run,
    times,
    traced,
)
from tests.engine.processes.drawing import boundary, chain, complete, end, flow, gateway, steps

E = end()


def joined(kind, *names):
    """Return a parallel split over some scripts, joined by the gateway `j`, then `z`."""
    body = S + gateway("parallel", "f") + traced(*names, "z") + kind + E + chain("s", "f")
    return body + "".join(chain("f", name, "j") for name in names) + chain("j", "z", "e")


def complexly(text):
    return f'<complexGateway id="j">{formal("activationCondition", text)}</complexGateway>'


def chosen(kind, default=""):
    body = S + gateway(kind, "g", default) + traced("a", "b") + gateway(kind, "j") + traced("z") + E
    body += chain("s", "g") + flow("g", "a", 'contains(test, "a")')
    body += flow("g", "b", None if default else 'contains(test, "b")')
    return body + chain("a", "j", "z", "e") + chain("b", "j")


CYCLE = S + gateway("exclusive", "m") + traced("a", "b") + gateway("exclusive", "g", "f_g_e")
CYCLE += E + chain("s", "m", "a", "g", "e") + flow("g", "b", "count(log) < 4") + chain("b", "m")
PATTERNS = {
    "1 sequence": (line(traced("a"), "a"), "", "az"),
    "2 and 3 parallel split, synchronisation": (joined(gateway("parallel", "j"), *"ab"), "", "abz"),
    "4 and 5 exclusive choice, simple merge": (chosen("exclusive", "f_g_b"), "b", "bz"),
    "6 and 7 multi-choice, synchronising merge, both": (chosen("inclusive"), "ab", "abz"),
    "6 and 7 multi-choice, synchronising merge, one": (chosen("inclusive"), "a", "az"),
    "8 multi-merge": (joined(gateway("exclusive", "j"), *"ab"), "", "abzz"),
    "9 discriminator": (joined(complexly("activationCount >= 1"), *"abc"), "", "abcz"),
    "9 two of three": (joined(complexly("activationCount >= 2"), *"abc"), "", "abcz"),
    "10 arbitrary cycles": (CYCLE, "", "aabb" + "a"),
    "11 implicit termination": (S + traced("a", "b") + chain("s", "a") + chain("s", "b"), "", "ab"),
    "12 instances without synchronisation": (
        S + inside(traced("a"), loop("multiInstance", times(3))) + E + chain("s", "a", "e"),
        "", "aaa",
    ),
    "13 instances known when drawn": (
        line(inside(traced("a"), loop("multiInstance", times(2))), "a"), "", "aaz",
    ),
    "14 instances known when running": (
        line(inside(traced("a"), loop("multiInstance", times("string length(test)"))), "a"),
        "xyz", "aaaz",
    ),
    "17 interleaved routing": (
        line(part(traced("a", "b", "c") + chain("a", "b"), "adHocSubProcess",
                  'ordering="Sequential"'), "sub"), "", "abcz",
    ),
    "20 cancel case": (
        S + gateway("parallel", "f") + traced("a", "b") + E + steps("u")
        + end("stop", "<terminateEventDefinition/>") + chain("s", "f", "a", "stop")
        + chain("f", "u", "b", "e"), "", "a",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("body", "test", "trace"), PATTERNS.values(), ids=PATTERNS)
def test_a_pattern_runs(body, test, trace):
    _, step, found = run(body, test=test)
    assert found == sorted(trace)
    assert step.ended


def test_16_deferred_choice_is_made_by_what_happens_first():
    body = S + gateway("eventBased", "g") + traced("a", "b") + E + end("e2")
    for name, hour in (("c1", 1), ("c2", 2)):
        body += f'<intermediateCatchEvent id="{name}"><timerEventDefinition><timeDuration '
        body += f'xsi:type="tFormalExpression">PT{hour}H</timeDuration></timerEventDefinition>'
        body += "</intermediateCatchEvent>"
    body += chain("s", "g", "c1", "a", "e") + chain("g", "c2", "b", "e2")
    _, step, trace = run(body)
    assert trace == []
    assert step.next_due is not None


def test_18_milestone_and_19_cancel_task_an_edge_takes_a_task_away():
    signal = '<signalEventDefinition signalRef="Sig"/>'
    body = S + gateway("parallel", "f") + steps("u", "w") + E + end("e2") + end("e3")
    body += f'<intermediateThrowEvent id="t">{signal}</intermediateThrowEvent>'
    body += boundary("edge", "u", signal) + chain("edge", "e3")
    body += chain("s", "f", "u", "e") + chain("f", "w", "t", "e2")
    definition, case, _ = run(body, rest='<signal id="Sig" name="Sig"/>')
    case = complete(definition, case, "w")
    assert case.open == ()
    assert case.ended
