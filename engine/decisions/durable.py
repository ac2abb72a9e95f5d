"""A table's rows as rule sets of durable-rules, by the one pattern that never fails.

As shipped that library loses rows, hangs and crashes. Here its C module sees small integers only,
under one lock, in shards, primed before use, and each table was built in a child first.
Nothing of it is saved: it finds the rows that hit, and that is all.
"""

import json
import os
import resource
import subprocess
import sys
import threading
import weakref
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import durable_rules_engine as c_module

from engine.kernel.crypto import fingerprint
from engine.kernel.errors import Conflict, Invalid, Unavailable

Test = dict[str, object]  # one condition of the library, e.g. {"$lt": {"c0": 20000}}
Message = dict[str, int]  # projected facts, e.g. {"c0": 30000, "n_c1": 1}

SHARD = 60  # the library fails above 64 matches of sibling conditions
MAX_PROPERTIES = 240  # it fails above 252
MAX_ROWS = 4_000
GUARD = "k"  # its own state messages lack this property, so they match no row
PRIME = '{"id":"p","p":1}'
MATCHED, NOTHING = 0, 1

CHILD_MEMORY = 1 << 30
CHILD_SECONDS = 5
CHILD_PATIENCE = 30  # seconds of the wall clock, for a machine that is busy with other things
CHILD = (
    "import sys; sys.path.insert(0, sys.argv[1]); "
    "from engine.decisions.durable import answer_parent; answer_parent()"
)
ROOT = Path(__file__).resolve().parents[2]


def rule_sets(rows: Sequence[Sequence[Test]]) -> tuple[str, ...]:
    """Return the rule sets, one JSON text a shard; row n becomes rule `r<n>`.

    A row is the list of its conditions, in the order in which the columns are to be tested;
    rows with the same beginning are put side by side, since the library shares it.
    """
    order = sorted(range(len(rows)), key=lambda n: [json.dumps(test) for test in rows[n]])
    shards = []
    for start in range(0, max(len(order), 1), SHARD):
        rules: dict[str, object] = {
            f"r{n}": {"all": [{"m": {"$and": [{GUARD: 1}, *rows[n]]}}]}
            for n in order[start : start + SHARD]
        }
        rules["prime"] = {"all": [{"m": {"p": 1}}]}
        shards.append(json.dumps(rules))
    return tuple(shards)


class Matcher:
    """Finds the rows that hold for one message; safe under threads and forks."""

    def __init__(self, shards: Sequence[str]) -> None:
        self._shards = tuple(shards)
        self._lock = threading.Lock()
        self._handles: list[int] = []
        # A version that nobody uses any more gives its memory back by itself.
        weakref.finalize(self, _delete, self._handles).atexit = False
        self._build()
        with REGISTRY:
            LIVE.add(self)

    @property
    def digest(self) -> str:
        """What the rule sets are known by, in parent and child."""
        return fingerprint("\n".join(self._shards).encode())

    def rows(self, message: Message) -> tuple[int, ...]:
        """Return the numbers of the rows that hold, ascending.

        Raises Unavailable `decision.matcher_failed` after the rule sets were built anew.
        """
        text = json.dumps({"id": "f", GUARD: 1, **message})
        with self._lock:
            try:
                found = {name for handle in self._handles for name in _ask(handle, text)}
            except (c_module.error, RuntimeError) as error:
                # A poisoned handle crashes when it is deleted: it is left behind instead.
                self._handles.clear()
                self._build()
                raise Unavailable("decision.matcher_failed", said=str(error)) from error
        return tuple(sorted(int(name[1:]) for name in found))

    def close(self) -> None:
        """Give the memory back; the matcher is not usable afterwards."""
        with self._lock:
            _delete(self._handles)

    def _build(self) -> None:
        for shard in self._shards:
            handle = c_module.create_ruleset("t", shard)
            self._handles.append(handle)
            # Without an action that ran, deleting the state would free what was never made.
            _ask(handle, PRIME)

    def lock_for_fork(self) -> None:
        """Wait until no evaluation is half done, since a child would inherit the half."""
        self._lock.acquire()

    def unlock_after_fork(self) -> None:
        """Let evaluations go on, in the parent and in the child."""
        self._lock.release()


def _ask(handle: int, text: str) -> list[str]:
    result, offset = c_module.assert_fact(handle, text)
    if result == NOTHING:
        return []
    if result != MATCHED:
        raise RuntimeError(f"assert_fact gave {result}")
    names: list[str] = []
    started = c_module.start_action_for_state(handle, offset)
    action = started[1] if started else None
    while action:
        names.append(next(iter(json.loads(action))))
        action = c_module.complete_and_start_action(handle, offset)
    c_module.retract_fact(handle, text)
    return names


def _delete(handles: list[int]) -> None:
    while handles:
        handle = handles.pop()
        # In this order: the other one leaks the state.
        c_module.delete_state(handle, "0")
        c_module.delete_ruleset(handle)


LIVE: weakref.WeakSet[Matcher] = weakref.WeakSet()
REGISTRY = threading.Lock()
HELD: list[Matcher] = []


def _before_fork() -> None:
    REGISTRY.acquire()
    HELD.extend(LIVE)
    for matcher in HELD:
        matcher.lock_for_fork()


def _after_fork() -> None:
    for matcher in HELD:
        matcher.unlock_after_fork()
    HELD.clear()
    REGISTRY.release()


os.register_at_fork(before=_before_fork, after_in_parent=_after_fork, after_in_child=_after_fork)


@dataclass(frozen=True)
class Disagreement:
    """A case that both ways of matching answer differently."""

    case: int
    reference: tuple[int, ...]
    matcher: tuple[int, ...]


def first_disagreement(
    ask: Callable[[Message], tuple[int, ...]],
    cases: Iterable[tuple[Message, Sequence[int]]],
) -> Disagreement | None:
    """Return the first case whose rows are not those expected."""
    for number, (message, expected) in enumerate(cases):
        found = ask(message)
        if found != tuple(expected):
            return Disagreement(number, tuple(expected), found)
    return None


def build_in_child(shards: Sequence[str], cases: Sequence[tuple[Message, Sequence[int]]]) -> None:
    """Build the rule sets and run the cases in a child process, with limits.

    A table that the library cannot bear hangs with the interpreter's lock held or corrupts the
    heap, so only another process can find out. Raises Invalid `table.matcher_hangs` or
    `table.matcher_crashes` and Conflict `table.disagreement` (case, reference, matcher: numbers
    of the case and of the rows).
    """
    request = json.dumps({"shards": list(shards), "cases": list(cases)})
    try:
        done = subprocess.run(  # noqa: S603 - our own interpreter and a constant program
            [sys.executable, "-I", "-c", CHILD, str(ROOT)],
            input=request,
            capture_output=True,
            text=True,
            timeout=CHILD_PATIENCE,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise Invalid("table.matcher_hangs", seconds=CHILD_PATIENCE) from error
    if _ran_out(done.returncode):
        raise Invalid("table.matcher_hangs", seconds=CHILD_SECONDS)
    if done.returncode != 0:
        raise Invalid("table.matcher_crashes", seconds=CHILD_SECONDS)
    answer = json.loads(done.stdout)
    if answer["digest"] != fingerprint("\n".join(shards).encode()):
        raise Invalid("table.matcher_crashes", seconds=CHILD_SECONDS)
    if answer["differs"] is not None:
        case, reference, matcher = answer["differs"]
        raise Conflict("table.disagreement", case=case, reference=reference, matcher=matcher)


def _ran_out(returncode: int) -> bool:
    """SIGXCPU, or SIGKILL at the hard limit one second later."""
    return returncode in (-24, -9)


def answer_parent() -> None:
    """Be the child: read the request from standard input, write the answer to standard output."""
    resource.setrlimit(resource.RLIMIT_AS, (CHILD_MEMORY, CHILD_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (CHILD_SECONDS, CHILD_SECONDS + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    request = json.load(sys.stdin)
    matcher = Matcher(request["shards"])
    differs = first_disagreement(matcher.rows, request["cases"])
    said = None if differs is None else (differs.case, differs.reference, differs.matcher)
    json.dump({"digest": matcher.digest, "differs": said}, sys.stdout)
