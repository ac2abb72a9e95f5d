"""Past decisions made again under a draft of their table, by the reference alone.

`decide_again` is a pure function of a file and a batch of stored decisions, both of which can be
sent to another process or machine; `spread` does so on this one.
"""

import multiprocessing
from collections import Counter, OrderedDict
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from functools import lru_cache
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple, TypeVar

from engine.analysis.tally import Changed, Part, Tally
from engine.decisions.decide import Table
from engine.decisions.table import read_draft
from engine.decisions.trace import plain
from engine.kernel.canonical import dumps, loads
from engine.kernel.errors import HallError

Batch = TypeVar("Batch")
# A stored decision: id, case, number of matter and unit, facts and outcome as canonical JSON.
# A plain tuple, since a million of them go to other processes.
Past = tuple[str, str, int, int, str, str]
CASE = 1
KEPT_FACTS = 20_000
KEPT_OUTCOMES = 10_000
UNREAD = "what_if.unread"


class Again(NamedTuple):
    """What the draft gives for facts: its outcome as canonical JSON, or the code of its error."""

    outcome: str
    error: str = ""


def decide_again(source: bytes, batch: Sequence[Past]) -> Part:
    """Decide a batch again by the table of a DMN file; all decisions of a case stand together.

    The same facts are decided once. A case is changed when one of its decisions is; decisions
    that cannot be made again are told by the code of their error and change nothing.
    Raises Invalid as `read_draft`.
    """
    again, tally, changed = _decider(source), Tally(), []
    pairs: Counter[tuple[str, str]] = Counter()
    for case_id, past in groupby(batch, itemgetter(CASE)):
        others = 0
        for id_, _, matter_no, unit_no, facts, outcome in past:
            tally.asked += 1
            now = again(facts)
            if now.error:
                tally.untold[now.error] += 1
            elif now.outcome != outcome:
                differing = _differing(outcome, now.outcome)
                if differing is not None:
                    others += 1
                    pairs[outcome, now.outcome] += 1
                    changed.append(Changed(case_id, id_, matter_no, unit_no, *differing))
        tally.count(matter_no, unit_no, others > 0)
    for (then, now_too), number in pairs.items():
        tally.note(_plain(then), _plain(now_too), number)
    return Part(tally, tuple(changed))


@lru_cache(maxsize=KEPT_OUTCOMES)
def _differing(then: str, now: str) -> tuple[dict[str, object], dict[str, object]] | None:
    """Both outcomes, JSON-ready; None when only the spelling differs."""
    before, after = _plain(then), _plain(now)
    return None if before == after else (before, after)


def _plain(text: str) -> dict[str, object]:
    value = plain(loads(text.encode()))
    return value if isinstance(value, dict) else {}


@lru_cache(maxsize=2)
def _decider(source: bytes) -> Callable[[str], Again]:
    """How facts are decided by a file; kept, so that one process reads it once for all batches."""
    table = Table(read_draft(source))

    @lru_cache(maxsize=KEPT_FACTS)
    def again(text: str) -> Again:
        try:
            facts = loads(text.encode())
        except ValueError:
            return Again("", UNREAD)
        if not isinstance(facts, dict):
            return Again("", UNREAD)
        try:
            return Again(dumps(table.outcome(facts)).decode())
        except HallError as error:
            return Again("", error.code)

    return again


def spread(
    work: Callable[[Batch], Part], batches: Iterable[Batch], processes: int
) -> Iterator[Part]:
    """Do the work on each batch in so many processes, and yield the parts in order.

    `work` is a module's function, or a `partial` of one. Few batches are read ahead of the work,
    so that memory holds however many there are.
    """
    if processes < 2:
        yield from map(work, batches)
        return
    waiting: OrderedDict[int, Future[Part]] = OrderedDict()
    with _pool(processes) as pool:
        for number, batch in enumerate(batches):
            waiting[number] = pool.submit(work, batch)
            if len(waiting) > 2 * processes:
                yield waiting.popitem(last=False)[1].result()
        while waiting:
            yield waiting.popitem(last=False)[1].result()


@contextmanager
def _pool(processes: int) -> Iterator[ProcessPoolExecutor]:
    # Not forked: the caller may hold connections and threads.
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(processes, mp_context=context) as pool:
        try:
            yield pool
        finally:
            pool.shutdown(cancel_futures=True)
