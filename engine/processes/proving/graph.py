"""The graph on which tokens are played: places for tokens, and nodes that join and split them."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(slots=True, eq=False)
class Edge:
    """A place for one token: a flow, or a state between two nodes that were drawn as one.

    `first` are the drawn ids that a token touches in the same move as its source, `then` those
    that follow, `last` is where it rests, `late` are those that it touches when it goes on;
    `ids` are all drawn elements that the edge stands for. A token does not rest on an `instant`
    edge: the move that would put it there ends it.
    """

    source: "Node | None"
    target: "Node"
    first: tuple[str, ...] = ()
    then: tuple[str, ...] = ()
    last: str = ""
    late: tuple[str, ...] = ()
    ids: list[str] = field(default_factory=list)
    instant: bool = False


@dataclass(slots=True, eq=False)
class Node:
    """Takes tokens as `join` says (xor, and, or, complex) and puts them as `split` says.

    `split` is xor, and, or (at least one), or main (the first `sure` ones, and any of the others);
    `otherwise` is the default flow of the latter two, taken when none of the others is.
    `end` is what happens where nothing leads on: "end", "terminate" or "throw:" with its kind and
    code. `needs` is the number of tokens that a complex join waits for, None if nobody knows.
    `label` are the drawn ids of the move, `after` what follows it by itself.
    """

    label: tuple[str, ...]
    join: str = "xor"
    split: str = "and"
    end: str = ""
    needs: int | None = None
    sure: int = 1
    otherwise: "Edge | None" = None
    ins: list[Edge] = field(default_factory=list)
    outs: list[Edge] = field(default_factory=list)
    ids: list[str] = field(default_factory=list)
    after: tuple[str, ...] = ()


@dataclass(frozen=True)
class Reaction:
    """An event sub-process: `id`, whether it interrupts, what it catches.

    `on` is None for an event from outside, else the throw that wakes it, as in `Node.end`;
    `throws` are the errors that its own body lets out.
    """

    id: str
    interrupts: bool
    on: str | None
    throws: tuple[str, ...]


@dataclass(frozen=True)
class Outcome:
    """How a scope can come to an end: by itself, or by throwing what nobody in it catches.

    `throws` are errors and cancellations, `calls` the escalations it may send on the way.
    """

    completes: bool
    throws: tuple[str, ...]
    calls: tuple[str, ...]


@dataclass
class Graph:
    """The nodes of one scope; `entry` is where the first token stands."""

    entry: Edge
    nodes: list[Node]
    reactions: tuple[Reaction, ...]
    heads: Mapping[str, Node]
    kinds: Mapping[str, str]

    def node(self, label: str = "", join: str = "xor", split: str = "and") -> Node:
        """Add a node; without a label it stands for no drawn element."""
        made = Node((label,) if label else (), join, split, ids=[label] if label else [])
        self.nodes.append(made)
        return made

    def connect(self, source: Node, target: Node, flow: str = "", place: str = "") -> Edge:
        """Add an edge for a drawn flow, or one for a state at the element `place`."""
        ids = [flow] if flow else []
        made = Edge(source, target, (flow,) if flow else (), (), flow or place, (), ids)
        source.outs.append(made)
        target.ins.append(made)
        return made
