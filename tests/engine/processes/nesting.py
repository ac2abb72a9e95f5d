"""Random models of blocks in blocks, with the trace that their composition must leave.

A block has one way in and one way out; what it says and how long it takes follow from its parts.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import pairwise
from random import Random

from tests.engine.processes.activities import loop, said, times
from tests.engine.processes.drawing import boundary, chain, end, flow, gateway, script, start, timer
from tests.engine.processes.eventful import ERROR, ESCALATION, catch, starts, throws

UNDO = "<compensateEventDefinition/>"
CANCEL = "<cancelEventDefinition/>"
NEVER = timer("timeDuration", "PT90S")


@dataclass(frozen=True)
class Block:
    """A piece of a diagram from `first` to `last`, what it adds to the trace, and its seconds."""

    first: str
    last: str
    drawn: str
    trace: str = ""
    seconds: int = 0


@dataclass
class Builder:
    """Draws blocks by chance; `processes` are those that are called."""

    random: Random
    processes: str = ""
    number: int = 0
    kinds: list[Callable[[int], Block]] = field(init=False)

    def __post_init__(self) -> None:
        self.kinds = [
            self.row, self.row, self.branches, self.branches, self.part, self.repeated, self.called,
            self.broken_off, self.handled, self.undone, self.quantities, self.ended, self.ad_hoc,
            self.race, self.linked,
        ]  # fmt: skip

    def name(self, word: str) -> str:
        self.number += 1
        return f"{word}{self.number}"

    def says(self) -> Block:
        letter, name = self.random.choice("abcdefgh"), self.name("t")
        return Block(name, name, script(name, f'["{letter}"]', "log"), letter)

    def block(self, depth: int) -> Block:
        if depth == 0:
            return self.random.choice([self.says, self.says, self.wait])()
        return self.random.choice(self.kinds)(depth - 1)

    def wait(self) -> Block:
        name = self.name("w")
        return Block(name, name, catch(name, timer("timeDuration", "PT1S")), "", 1)

    def row(self, depth: int) -> Block:
        parts = [self.block(depth) for _ in range(self.random.randint(2, 3))]
        flows = "".join(flow(one.last, two.first) for one, two in pairwise(parts))
        return Block(
            parts[0].first,
            parts[-1].last,
            "".join(one.drawn for one in parts) + flows,
            "".join(one.trace for one in parts),
            sum(one.seconds for one in parts),
        )

    def branches(self, depth: int) -> Block:
        parts = [self.block(depth) for _ in range(self.random.randint(2, 3))]
        kind = self.random.choice(["parallel", "inclusive", "exclusive", "complex"])
        split, join = self.name("g"), self.name("g")
        taken = parts
        if kind == "exclusive":
            taken = [self.random.choice(parts)]
        elif kind != "parallel":
            taken = [one for one in parts if self.random.random() < 0.6] or parts[:1]
        meets = kind if kind == "complex" else self.random.choice([kind, "inclusive"])
        drawn = gateway(kind, split) + gateway(meets, join)
        for one in parts:
            holds = None if kind == "parallel" else str(one in taken).lower()
            drawn += one.drawn + flow(split, one.first, holds) + flow(one.last, join)
        trace = "".join(one.trace for one in taken)
        return Block(split, join, drawn, trace, max(one.seconds for one in taken))

    def inside(
        self, block: Block, name: str, kind: str = "subProcess", mark: str = "", last: str = ""
    ) -> str:
        ends = (f"{name}_s", f"{name}_e")
        content = start(ends[0]) + block.drawn + end(ends[1], last)
        content += chain(ends[0], block.first) + chain(block.last, ends[1])
        return f'<{kind} id="{name}">{mark}{content}</{kind}>'

    def part(self, depth: int) -> Block:
        block, name = self.block(depth), self.name("p")
        edge, late = self.name("b"), self.says()
        drawn = self.inside(block, name) + boundary(edge, name, NEVER, self.random.random() < 0.5)
        drawn += late.drawn + end(f"{edge}_e") + chain(edge, late.first, f"{edge}_e")
        return Block(name, name, drawn, block.trace, block.seconds)

    def repeated(self, depth: int) -> Block:
        block, name, turns = self.block(depth), self.name("p"), self.random.randint(1, 3)
        in_turn = self.random.random() < 0.5
        mark = self.random.choice(
            [
                loop("standard", loopMaximum=turns),
                loop("multiInstance", times(turns), isSequential=str(in_turn).lower()),
            ]
        )
        seconds = block.seconds * (turns if in_turn or mark.startswith("<standard") else 1)
        drawn = self.inside(block, name, mark=mark)
        return Block(name, name, drawn, block.trace * turns, seconds)

    def called(self, depth: int) -> Block:
        block, name, process = self.block(depth), self.name("c"), self.name("q")
        body = self.inside(block, process, "process").replace(">", ' isExecutable="true">', 1)
        self.processes += body
        drawn = f'<callActivity id="{name}" calledElement="{process}"/>'
        return Block(name, name, drawn, block.trace, block.seconds)

    def broken_off(self, depth: int) -> Block:
        """An error, a cancel or an escalation at the end of a part, caught on its edge."""
        block, name, edge, join = self.block(depth), self.name("p"), self.name("b"), self.name("g")
        kind, trigger = self.random.choice(
            [("subProcess", ERROR), ("transaction", CANCEL), ("subProcess", ESCALATION)]
        )
        caught, passed = self.says(), self.says()
        drawn = self.inside(block, name, kind, last=trigger) + boundary(edge, name, trigger)
        drawn += caught.drawn + passed.drawn + gateway("exclusive", join)
        drawn += chain(name, passed.first, join) + chain(edge, caught.first, join)
        return Block(name, join, drawn, block.trace + caught.trace, block.seconds)

    def handled(self, depth: int) -> Block:
        """An escalation in a part, heard by an event sub-process that interrupts or does not."""
        block, name, up, stops = self.block(depth), self.name("p"), self.name("up"), False
        stops = self.random.random() < 0.5
        heard, rest, ends = self.says(), self.says(), (self.name("s"), self.name("e"))
        handler = starts(ends[0], ESCALATION, stops) + heard.drawn + end(ends[1])
        handler += chain(ends[0], heard.first, ends[1])
        drawn = block.drawn + throws(up, ESCALATION) + rest.drawn
        drawn += chain(block.last, up, rest.first)
        drawn += f'<subProcess id="{self.name("h")}" triggeredByEvent="true">{handler}</subProcess>'
        trace = block.trace + heard.trace + ("" if stops else rest.trace)
        whole = Block(block.first, rest.last, drawn)
        return Block(name, name, self.inside(whole, name), trace, block.seconds)

    def undone(self, depth: int) -> Block:
        """A script that is undone at the end of its part."""
        block, name, done, undo = self.block(depth), self.name("p"), self.says(), self.says()
        edge, up = self.name("b"), self.name("up")
        drawn = done.drawn + said(undo.drawn, 'isForCompensation="true"') + block.drawn
        drawn += boundary(edge, done.first, UNDO) + chain(done.last, block.first)
        drawn += f'<association id="a_{edge}" sourceRef="{edge}" targetRef="{undo.first}"/>'
        only = f'<compensateEventDefinition activityRef="{done.first}"/>'
        drawn += throws(up, only) + chain(block.last, up)
        trace = done.trace + block.trace + undo.trace
        whole = Block(done.first, up, drawn)
        return Block(name, name, self.inside(whole, name), trace, block.seconds)

    def quantities(self, depth: int) -> Block:
        one, two, tokens = self.says(), self.says(), self.random.randint(2, 3)
        drawn = said(one.drawn, f'completionQuantity="{tokens}"')
        drawn += said(two.drawn, f'startQuantity="{tokens}"') + chain(one.last, two.first)
        return Block(one.first, two.last, drawn, one.trace + two.trace)

    def ended(self, depth: int) -> Block:
        """A branch that terminates its part while another one still waits."""
        block, name, split = self.block(depth), self.name("p"), self.name("g")
        wait, late = self.name("w"), self.says()
        drawn = gateway("parallel", split) + block.drawn + catch(wait, NEVER) + late.drawn
        drawn += end(f"{wait}_e") + chain(split, wait, late.first, f"{wait}_e")
        drawn += chain(split, block.first)
        whole = Block(split, block.last, drawn)
        inside = self.inside(whole, name, last="<terminateEventDefinition/>")
        return Block(name, name, inside, block.trace, block.seconds)

    def ad_hoc(self, depth: int) -> Block:
        block, part, name = self.block(depth), self.name("p"), self.name("o")
        beside = [self.says(), self.says()]
        content = self.inside(block, part) + "".join(one.drawn for one in beside)
        ordering = self.random.choice(["Parallel", "Sequential"])
        drawn = f'<adHocSubProcess id="{name}" ordering="{ordering}">{content}</adHocSubProcess>'
        trace = block.trace + "".join(one.trace for one in beside)
        return Block(name, name, drawn, trace, block.seconds)

    def race(self, depth: int) -> Block:
        block, choice, join, late = self.block(depth), self.name("g"), self.name("g"), self.says()
        soon, never = self.name("w"), self.name("w")
        drawn = gateway("eventBased", choice) + gateway("exclusive", join) + block.drawn
        drawn += late.drawn + catch(soon, timer("timeDuration", "PT1S")) + catch(never, NEVER)
        drawn += chain(choice, soon, block.first) + chain(block.last, join)
        drawn += chain(choice, never, late.first, join)
        return Block(choice, join, drawn, block.trace, block.seconds + 1)

    def linked(self, depth: int) -> Block:
        block, before, away, here = self.block(depth), self.says(), self.name("l"), self.name("l")
        name = f'<linkEventDefinition name="{here}"/>'
        drawn = before.drawn + throws(away, name) + catch(here, name) + block.drawn
        drawn += chain(before.last, away) + chain(here, block.first)
        return Block(before.first, block.last, drawn, before.trace + block.trace, block.seconds)
