"""Random diagrams for the proof of soundness: blocks that fit, and blocks and flows that do not."""

from xml.sax.saxutils import quoteattr

NS = "http://www.omg.org/spec/BPMN/20100524/MODEL"
GATES = ("exclusive", "parallel", "inclusive")
TIMER = "<timerEventDefinition><timeDuration>P1D</timeDuration></timerEventDefinition>"
MESSAGE = "<messageEventDefinition/>"


def random_model(rng, size=8):
    """Return the XML of one file with one process of about `size` blocks at most."""
    sketch = Sketch(rng)
    body = sketch.scope("p", rng.randint(2, size), depth=0)
    errors = "".join(f'<error id="err{n}" errorCode="E{n}"/>' for n in (1, 2))
    return (
        f'<definitions xmlns="{NS}" id="d" targetNamespace="t">{errors}'
        f'<process id="p" isExecutable="true">{body}</process></definitions>'
    ).encode()


class Sketch:
    """Counts ids; draws scopes."""

    def __init__(self, rng):
        self.rng, self.count = rng, 0

    def name(self, kind):
        self.count += 1
        return f"{kind}{self.count}"

    def scope(self, name, size, depth):
        """Return what stands inside a process or sub-process."""
        draft = Draft(self, name, depth)
        rng = self.rng
        last = draft.node("startEvent")
        if depth == 0 and rng.random() < 0.08:
            other = draft.node("startEvent")
            gate = draft.node("exclusiveGateway")
            draft.flow(last, gate)
            draft.flow(other, gate)
            last = gate
        last = draft.block(last, size)
        draft.flow(last, draft.end())
        if rng.random() < 0.12:
            draft.reaction()
        if rng.random() < 0.35:
            draft.spoil()
        return draft.xml()


class Draft:
    """One scope while it is drawn."""

    def __init__(self, sketch, name, depth):
        self.sketch, self.rng, self.depth = sketch, sketch.rng, depth
        self.nodes, self.flows, self.bodies = {}, {}, []

    def node(self, kind, inside="", **said):
        name = self.sketch.name(
            {"startEvent": "s", "endEvent": "e", "userTask": "t"}.get(kind, "n")
        )
        self.nodes[name] = [kind, said, inside]
        return name

    def flow(self, source, target, condition=False):
        name = self.sketch.name("f")
        self.flows[name] = [source, target, condition]
        return name

    def end(self):
        draw = self.rng.random()
        if draw < 0.08:
            return self.node("endEvent", "<terminateEventDefinition/>")
        if draw < (0.25 if self.depth else 0.1):
            code = self.rng.choice(("err1", "err2"))
            return self.node("endEvent", f'<errorEventDefinition errorRef="{code}"/>')
        return self.node("endEvent")

    def block(self, last, size):
        """Draw about `size` elements behind `last`; return the last of them."""
        rng = self.rng
        while size > 0:
            draw = rng.random()
            if draw < 0.3 or size < 2:
                last = self.step(last)
                size -= 1
            elif draw < 0.62:
                inner = rng.randint(1, max(1, size - 1))
                last = self.split(last, inner)
                size -= inner + 1
            elif draw < 0.72:
                inner = rng.randint(1, size)
                last = self.loop(last, inner)
                size -= inner + 1
            elif draw < 0.8 and self.depth < 2:
                inner = rng.randint(1, min(4, size))
                last = self.body(last, inner)
                size -= inner
            elif draw < 0.86:
                last = self.choice_of_events(last)
                size -= 2
            elif draw < 0.9:
                last = self.jump(last)
                size -= 1
            else:
                last = self.way_out(last)
                size -= 1
        return last

    def step(self, last):
        task = self.node("userTask")
        self.flow(last, task)
        for _ in range(self.rng.choice((0, 0, 0, 0, 1, 1, 2))):
            last = self.beside(task, last)
        return task if self.rng.random() < 0.97 else last

    def beside(self, host, last, error=""):
        """Put an event on the edge of an activity; its way goes back, to an end, or on."""
        rng = self.rng
        stops = "false" if rng.random() < 0.5 and not error else "true"
        inside = error or rng.choice((TIMER, MESSAGE))
        edge = self.node("boundaryEvent", inside, attachedToRef=host, cancelActivity=stops)
        draw = rng.random()
        if stops == "false" or draw < 0.3:
            after = self.node("userTask") if rng.random() < 0.5 else edge
            if after != edge:
                self.flow(edge, after)
            self.flow(after, self.end())
        elif draw < 0.7:
            self.flow(edge, rng.choice([n for n, one in self.nodes.items() if self.enterable(n)]))
        else:
            gate = self.node("exclusiveGateway")
            self.flow(edge, gate)
            self.flow(host, gate)
            self.nodes[gate].append("meet")
            if rng.random() < 0.8:
                self.flow(gate, self.end())
        return last

    def enterable(self, name):
        return self.nodes[name][0] not in ("startEvent", "boundaryEvent") and not (
            self.nodes[name][0] == "intermediateCatchEvent" and "link" in self.nodes[name][2]
        )

    def split(self, last, size):
        rng = self.rng
        kind = rng.choice(GATES)
        join = kind if rng.random() < 0.85 else rng.choice((*GATES, "exclusive"))
        implicit = rng.random() < 0.15 and self.nodes[last][0] == "userTask"
        chosen = implicit and rng.random() < 0.6
        first = last if implicit else self.node(f"{kind}Gateway")
        if not implicit:
            self.flow(last, first)
        elif not chosen:
            join = "parallel" if rng.random() < 0.8 else join
        else:
            join = "inclusive" if rng.random() < 0.8 else join
        behind = self.node(f"{join}Gateway")
        if join == "inclusive" and rng.random() < 0.25:
            needs = (
                f"<activationCondition>activationCount >= {rng.randint(1, 2)}</activationCondition>"
            )
            self.nodes[behind][0], self.nodes[behind][2] = "complexGateway", needs
        width = rng.randint(2, 3)
        for number in range(width):
            condition = chosen and (number < width - 1 or rng.random() < 0.3)
            inside = rng.randint(0, max(0, size // width + 1))
            if inside == 0 or implicit:
                made = self.flow(first, behind, condition)
            else:
                gate = self.node("exclusiveGateway")
                made = self.flow(first, gate, condition)
                self.flow(self.block(gate, inside), behind)
            if number == 0 and (kind == "inclusive" or chosen) and rng.random() < 0.3:
                self.flows[made][2] = False
                self.nodes[first][1]["default"] = made
        return behind

    def loop(self, last, size):
        meet = self.node("inclusiveGateway" if self.rng.random() < 0.1 else "exclusiveGateway")
        self.flow(last, meet)
        part = self.node("exclusiveGateway")
        self.flow(self.block(meet, size), part)
        if self.rng.random() < 0.5:
            self.flow(part, meet)
        else:
            self.flow(self.block(part, 1), meet)
        return part

    def body(self, last, size):
        name = self.sketch.name("b")
        inside = self.sketch.scope(name, size, self.depth + 1)
        self.nodes[name] = ["subProcess", {}, inside]
        self.flow(last, name)
        for _ in range(self.rng.choice((0, 1, 1))):
            code = self.rng.choice((' errorRef="err1"', ' errorRef="err2"', ""))
            error = f"<errorEventDefinition{code}/>" if self.rng.random() < 0.6 else ""
            self.beside(name, last, error)
        return name

    def choice_of_events(self, last):
        gate, meet = self.node("eventBasedGateway"), self.node("exclusiveGateway")
        self.flow(last, gate)
        for inside in (TIMER, MESSAGE):
            event = self.node("intermediateCatchEvent", inside)
            self.flow(gate, event)
            self.flow(event, meet)
        return meet

    def jump(self, last):
        link = f"<linkEventDefinition name={quoteattr(self.sketch.name('l'))}/>"
        throw = self.node("intermediateThrowEvent", link)
        self.flow(last, throw)
        return self.node("intermediateCatchEvent", link)

    def way_out(self, last):
        gate = self.node(f"{self.rng.choice(('exclusive', 'exclusive', 'inclusive'))}Gateway")
        self.flow(last, gate)
        self.flow(gate, self.end())
        return gate

    def reaction(self):
        """An event sub-process, for an event from outside or an error from inside."""
        name = self.sketch.name("r")
        stops = self.rng.choice(("true", "false"))
        event = self.rng.choice((TIMER, MESSAGE))
        if self.rng.random() < 0.4:
            event, stops = '<errorEventDefinition errorRef="err1"/>', "true"
        start, task, end = (self.sketch.name(kind) for kind in "ste")
        flows = "".join(
            f'<sequenceFlow id="{self.sketch.name("f")}" sourceRef="{a}" targetRef="{b}"/>'
            for a, b in ((start, task), (task, end))
        )
        self.bodies.append(
            f'<subProcess id="{name}" triggeredByEvent="true">'
            f'<startEvent id="{start}" isInterrupting="{stops}">{event}</startEvent>'
            f'<userTask id="{task}"/><endEvent id="{end}"/>{flows}</subProcess>'
        )

    def spoil(self):
        """Draw a flow somewhere else, add one, or turn a gateway into one of another kind."""
        rng = self.rng
        draw = rng.random()
        targets = [name for name in self.nodes if self.enterable(name)]
        if draw < 0.4:
            self.flows[rng.choice(list(self.flows))][1] = rng.choice(targets)
        elif draw < 0.6:
            gates = [name for name, one in self.nodes.items() if one[0] == "exclusiveGateway"]
            if gates:
                self.flow(rng.choice(gates), rng.choice(targets))
        elif draw < 0.75:
            ends = [name for name, one in self.flows.items() if self.nodes[one[1]][0] == "endEvent"]
            others = [name for name in targets if self.nodes[name][0] != "endEvent"]
            if ends and others:
                self.flows[rng.choice(ends)][1] = rng.choice(others)
        else:
            gates = [name for name, one in self.nodes.items() if one[0][:-7] in GATES]
            if gates:
                self.nodes[rng.choice(gates)][0] = f"{rng.choice(GATES)}Gateway"

    def xml(self):
        text = []
        for name, (kind, said, inside, *_) in self.nodes.items():
            words = "".join(f" {key}={quoteattr(value)}" for key, value in said.items())
            text.append(f'<{kind} id="{name}"{words}>{inside}</{kind}>')
        text += self.bodies
        for name, (source, target, condition) in self.flows.items():
            inside = "<conditionExpression>x</conditionExpression>" if condition else ""
            ends = f'sourceRef="{source}" targetRef="{target}"'
            text.append(f'<sequenceFlow id="{name}" {ends}>{inside}</sequenceFlow>')
        return "".join(text)
