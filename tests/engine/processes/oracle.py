"""The twin of the proof of soundness: reads the drawing by itself and tries everything, slowly.

Nothing is merged, nothing is arithmetic: a state is a set of named places. It shares the meaning of
the constructs with `engine.processes.soundness`, and none of its code.
"""

from collections import deque
from dataclasses import dataclass, field
from itertools import combinations

from lxml import etree

NS = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
BODIES = ("subProcess", "transaction")
END = frozenset()
FAILED = frozenset({("failed", "")})


class TooMany(Exception):
    """More states than a test has time for."""


@dataclass
class Summary:
    """What a scope did in all its games."""

    verdicts: set[str] = field(default_factory=set)
    completes: bool = False
    throws: set[str] = field(default_factory=set)
    states: int = 0


def local(node):
    return node.tag.removeprefix(NS) if isinstance(node.tag, str) else ""


def events(node):
    return [local(child)[: -len("EventDefinition")] for child in node if "EventDef" in local(child)]


def verdicts(xml, cap=600):
    """Return {scope id: kinds of fault}, the scopes' bodies first."""
    root = etree.fromstring(xml)
    done = {}

    def visit(scope):
        for child in scope:
            if local(child) in BODIES:
                visit(child)
        done[scope.get("id")] = Twin(scope, done).judge(cap)

    for process in root.findall(f"{NS}process"):
        visit(process)
    return done


def verdict(kinds):
    """Return the first kind of fault, in the order in which one hides the others."""
    order = ("undecided", "second_token", "deadlock", "never_ends", "dead")
    return next((kind for kind in order if kind in kinds), "sound")


class Twin:
    """One scope, as drawn."""

    def __init__(self, scope, bodies):
        self.scope, self.bodies = scope, bodies
        self.nodes, self.lines = {}, {}
        self.reactions = {}
        self.thrown, self.chosen, self.around = set(), {}, {}
        for child in scope:
            name = local(child)
            if name == "sequenceFlow":
                self.lines[child.get("id")] = child
            elif child.get("triggeredByEvent") == "true":
                self.reactions[child.get("id")] = child
            elif name.endswith(("Task", "Gateway", "Event")) or name in (*BODIES, "task"):
                self.nodes[child.get("id")] = child
        self.kinds = {name: local(node) for name, node in self.nodes.items()}
        self.ins = {name: [] for name in self.nodes}
        self.outs = {name: [] for name in self.nodes}
        for name, line in self.lines.items():
            self.ins[line.get("targetRef")].append(name)
            self.outs[line.get("sourceRef")].append(name)

    # ---- what is drawn

    def link(self, name):
        found = self.nodes[name].find(f"{NS}linkEventDefinition")
        return None if found is None else found.get("name")

    def caught_link(self, name):
        return next(
            other
            for other, node in self.nodes.items()
            if other != name
            and self.link(other) == self.link(name)
            and local(node) == "intermediateCatchEvent"
        )

    def edges(self, name):
        if name not in self.around:
            self.around[name] = [
                other for other, node in self.nodes.items() if node.get("attachedToRef") == name
            ]
        return self.around[name]

    def error(self, node):
        for definition in node.iter(f"{NS}errorEventDefinition"):
            ref = definition.get("errorRef")
            for error in node.getroottree().getroot().findall(f"{NS}error"):
                if error.get("id") == ref:
                    return error.get("errorCode")
            return ""
        return None

    def throws(self, name):
        node = self.nodes[name]
        return self.bodies[name].throws if local(node) in BODIES else set()

    def happening(self, name):
        """The events on the edge of an activity that come from outside."""
        body = local(self.nodes[name]) in BODIES
        return [b for b in self.edges(name) if not (body and self.error(self.nodes[b]) is not None)]

    def catcher(self, name, code):
        found = [b for b in self.edges(name) if self.error(self.nodes[b]) == code]
        found += [b for b in self.edges(name) if self.error(self.nodes[b]) == ""]
        return found[0] if found else None

    def choices(self, name):
        """The lists of flows of which one list gets its tokens."""
        if name not in self.chosen:
            self.chosen[name] = self.list_choices(name)
        return self.chosen[name]

    def list_choices(self, name):
        node, out = self.nodes[name], self.outs[name]
        default, kind = node.get("default"), local(node)
        if kind in ("exclusiveGateway", "eventBasedGateway"):
            return [[one] for one in out]
        if kind == "parallelGateway":
            return [out]
        if kind.endswith("Gateway"):
            some, always = [one for one in out if one != default], []
        else:
            some = [
                one for one in out if self.lines[one].find(f"{NS}conditionExpression") is not None
            ]
            if not some:
                return [out]
            always = [one for one in out if one not in some and one != default]
        found = [
            [*always, *chosen]
            for size in range(1, len(some) + 1)
            for chosen in combinations(some, size)
        ]
        if default in out:
            found.append([*always, default])
        elif always or not some:
            found.append(always)
        return found

    def reachable(self, place, join):
        """The flows to which a token can come without passing the join."""
        found, ahead = set(), []

        def arrive(name):
            if name != join:
                ahead.append(name)

        if place[0] == "flow":
            arrive(self.lines[place[1]].get("targetRef"))
        elif place[0] == "run" and len(place) > 2:
            # What has happened beside it once will not happen again.
            inner = [one for one in self.happening(place[1]) if one not in place[2]]
            inner += [self.catcher(place[1], code) for code in self.throws(place[1])]
            for name in filter(None, inner):
                arrive(name)
            if self.kinds[place[1]] not in BODIES or self.may_complete(place[1]):
                found.update(self.outs[place[1]])
                for line in self.outs[place[1]]:
                    arrive(self.lines[line].get("targetRef"))
        elif place[0] in ("run", "begin"):
            ahead.append(place[1])
        elif place[0] == "link":
            arrive(place[1])
        seen = set()
        while ahead:
            name = ahead.pop()
            if name in seen:
                continue
            seen.add(name)
            if self.link(name) and local(self.nodes[name]) == "intermediateThrowEvent":
                arrive(self.caught_link(name))
            for other in self.happening(name):
                arrive(other)
            for code in self.throws(name):
                if self.catcher(name, code):
                    arrive(self.catcher(name, code))
            if local(self.nodes[name]) in BODIES and not self.may_complete(name):
                continue
            for line in self.outs[name]:
                found.add(line)
                arrive(self.lines[line].get("targetRef"))
        return found

    def may_complete(self, name):
        summary = self.bodies[name]
        return summary.completes or not summary.throws

    # ---- the game

    def beginnings(self):
        armed = {("armed", name) for name in self.reactions}
        starts = [name for name, node in self.nodes.items() if local(node) == "startEvent"]
        return [frozenset({("begin", name), *armed}) for name in starts]

    def put(self, state, places):
        """Return the state with more tokens, or the first place that has one already."""
        for place in places:
            if any(other[:2] == place[:2] for other in state):
                return place
            state = state | {place}
        return self.settled(state)

    def settled(self, state):
        idle = ("armed", "mark")
        return state if any(place[0] not in idle for place in state) else END

    def moves(self, state):
        """Yield (label, next state or the doubled place); the label begins with the element."""
        for name in dict.fromkeys(self.place_of(place) for place in state):
            if name in self.nodes:
                yield from self.node_moves(state, name)
        for name, body in self.reactions.items():
            begins = body.find(f"{NS}startEvent")
            code = self.error(begins)
            if ("react", name) in state:
                yield (), self.settled(state - {("react", name)})
                for thrown in self.bodies[name].throws:
                    self.thrown.add(thrown)
                    yield (), FAILED
            elif code is None and ("armed", name) in state:
                if begins.get("isInterrupting") == "false":
                    yield (name,), state - {("armed", name)} | {("react", name)}
                else:
                    yield (name,), frozenset({("react", name)})

    def place_of(self, place):
        return self.lines[place[1]].get("targetRef") if place[0] == "flow" else place[1]

    def node_moves(self, state, name):
        kind = self.kinds[name]
        filled = [line for line in self.ins[name] if ("flow", line) in state]
        tokens = [("flow", line) for line in filled]
        if kind == "complexGateway" and self.ins[name]:
            yield from self.counting(state, name, filled)
        elif kind == "parallelGateway":
            if filled and len(filled) == len(self.ins[name]):
                yield from self.leave(state - set(tokens), name, (name,))
        elif kind == "inclusiveGateway" and len(self.ins[name]) > 1:
            if filled and not self.comes(state, name, filled):
                yield from self.leave(state - set(tokens), name, (name,))
        else:
            for place in (("begin", name), ("edge", name), ("link", name)):
                if place in state:
                    tokens.append(place)
            for token in tokens:
                yield from self.enter(state - {token}, name)
        for place in list(state):
            if place[0] == "run" and place[1] == name:
                yield from self.running(state, place)

    def comes(self, state, name, filled):
        empty = set(self.ins[name]) - set(filled)
        for place in state:
            if place[0] in ("flow", "begin", "run", "link", "edge"):
                if place[0] == "flow" and place[1] in self.ins[name]:
                    continue
                ahead = self.reachable(("run", *place[1:]) if place[0] == "edge" else place, name)
                if ahead & empty and not ahead & set(filled):
                    return True
        return False

    def counting(self, state, name, filled):
        text = self.nodes[name].findtext(f"{NS}activationCondition")
        needs = int(text.rpartition(">=")[2])
        marks = {place for place in state if place[:2] == ("mark", name)}
        marked = {place[2] for place in marks}
        if not marks:
            if len(filled) >= needs:
                left = state - {("flow", line) for line in filled}
                if len(filled) < len(self.ins[name]):
                    left |= {("mark", name, line) for line in filled}
                yield from self.leave(left, name, (name,))
            return
        unmarked = [line for line in self.ins[name] if line not in marked]
        for line in unmarked:
            if line in filled:
                left = state - {("flow", line)} | {("mark", name, line)}
                if len(unmarked) == 1:
                    left = frozenset(place for place in left if place[:2] != ("mark", name))
                yield (), self.settled(left)
        waiting = [place for place in state if place[0] in ("flow", "begin", "run", "link", "edge")]
        if not any(
            (place[0] == "flow" and place[1] in unmarked)
            or (
                not (place[0] == "flow" and place[1] in self.ins[name])
                and self.reachable(("run", *place[1:]) if place[0] == "edge" else place, name)
                & set(unmarked)
            )
            for place in waiting
        ):
            yield (), self.settled(state - marks)

    def leave(self, left, name, label):
        if not self.outs[name]:
            yield label, self.settled(left)
            return
        for lines in self.choices(name):
            if lines or len(self.choices(name)) == 1:
                yield (*label, *lines), self.put(left, [("flow", line) for line in lines])

    def enter(self, left, name):
        node = self.nodes[name]
        kind = local(node)
        if kind == "endEvent":
            yield from self.end(left, name)
        elif kind == "intermediateThrowEvent" and self.link(name):
            yield (name,), self.put(left, [("link", self.caught_link(name))])
        elif self.edges(name) or self.throws(name):
            yield (name,), self.put(left, [("run", name, ())])
        else:
            yield from self.leave(left, name, (name,))

    def end(self, left, name):
        node = self.nodes[name]
        if "terminate" in events(node):
            yield (name,), END
        elif self.error(node) is not None:
            yield self.throw((name,), self.error(node))
        else:
            yield (name,), self.settled(left)

    def throw(self, label, code):
        for wanted in (code, ""):
            for reaction, body in self.reactions.items():
                if self.error(body.find(f"{NS}startEvent")) == wanted:
                    return (*label, reaction), frozenset({("react", reaction)})
        self.thrown.add(code)
        return label, FAILED

    def running(self, state, place):
        _, name, fired = place
        left = state - {place}
        for other in self.happening(name):
            if self.nodes[other].get("cancelActivity") != "false":
                yield (), self.put(left, [("edge", other)])
            elif other not in fired:
                again = ("run", name, (*fired, other))
                yield (), self.put(left, [again, ("edge", other)])
        for code in self.throws(name):
            caught = self.catcher(name, code)
            if caught:
                yield (), self.put(left, [("edge", caught)])
            else:
                yield self.throw((), code)
        if local(self.nodes[name]) not in BODIES or self.may_complete(name):
            yield from self.leave(left, name, ())

    def judge(self, cap):
        """Play all games and return what was found."""
        summary = Summary()
        touched, back, came = set(), {}, set()
        for first in self.beginnings():
            todo = deque([first])
            came.add(first)
            while todo:
                state = todo.popleft()
                if state in (END, FAILED):
                    continue
                stuck = True
                for label, after in self.moves(state):
                    stuck = False
                    touched.update(label)
                    if isinstance(after, tuple):
                        summary.verdicts.add("second_token")
                        continue
                    back.setdefault(after, set()).add(state)
                    if after not in came:
                        came.add(after)
                        todo.append(after)
                        if len(came) > cap:
                            raise TooMany
                if stuck:
                    summary.verdicts.add("deadlock")
        summary.states, summary.throws = len(came), self.thrown
        summary.completes = END in came
        if not summary.verdicts:
            good = {END, FAILED} & came
            todo = list(good)
            while todo:
                for state in back.get(todo.pop(), ()):
                    if state not in good:
                        good.add(state)
                        todo.append(state)
            if came - good:
                summary.verdicts.add("never_ends")
            elif (set(self.nodes) | set(self.reactions)) - touched:
                summary.verdicts.add("dead")
        return summary

    # ---- replay

    def replay(self, path):
        """Return all states, or doubled places, to which a path of drawn ids can lead."""
        found, seen = set(), set()
        todo = [(first, 0) for first in self.beginnings()]
        while todo:
            state, at = todo.pop()
            if (state, at) in seen:
                continue
            seen.add((state, at))
            if isinstance(state, tuple) or at == len(path):
                found.add((state, at))
            if isinstance(state, tuple):
                continue
            for label, after in self.moves(state):
                size = len(label)
                rest = path[at : at + size]
                if sorted(label) == sorted(rest) and self.begin_alike(label, rest):
                    todo.append((after, at + size))
                elif isinstance(after, tuple) and rest and set(rest) < set(label):
                    todo.append((after, len(path)))
        return found

    def begin_alike(self, label, rest):
        return not label or label[0] in self.lines or label[0] == rest[0]
