"""Iterations and filters: the closures that run another closure many times.

Each turn takes a step from the budget, so their time is bounded whatever the data.
Source: DMN 1.5, 10.3.2.13.1 (for, some, every) and 10.3.2.5 (filter).
"""

from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from typing import Any

from engine.feel.arithmetic import whole
from engine.feel.evaluation import NoValue, fits_list
from engine.feel.temporal import Date, date_of
from engine.feel.values import Range, conjunction, disjunction

Env = tuple[Any, ...]
Closure = Callable[[Env], Any]
Source = tuple[Closure, Closure | None]


def _span(low: object, high: object) -> Iterator[object]:
    """Return the numbers or days from one to the other, downwards too."""
    if isinstance(low, Decimal) and isinstance(high, Decimal):
        first, last = whole(low), whole(high)
        if first != low or last != high:
            raise NoValue("feel.cause.range")
        step = 1 if first <= last else -1
        return map(Decimal, range(first, last + step, step))
    if isinstance(low, Date) and isinstance(high, Date):
        start, end = low.ordinal(), high.ordinal()
        step = 1 if start <= end else -1
        return map(date_of, range(start, end + step, step))
    raise NoValue("feel.cause.range")


def _inside(bounds: Range) -> Iterator[object]:
    """Return the whole numbers or days in a range, without its open ends."""
    low, high = bounds.low, bounds.high
    if low is None or high is None:
        raise NoValue("feel.cause.range")
    for value in _span(low, high):
        if (value == low and not bounds.low_closed) or (value == high and not bounds.high_closed):
            continue
        yield value


def _items(source: Source, env: Env) -> Iterator[object]:
    first, until = source
    value = first(env)
    if until is not None:
        return _span(value, until(env))
    if isinstance(value, list):
        return iter(value)
    if isinstance(value, Range):
        return _inside(value)
    if value is None:
        raise NoValue("feel.cause.null")
    return iter((value,))


def _turns(sources: Sequence[Source], env: Env) -> Iterator[Env]:
    """Return the environment of every turn, the last variable the quickest."""
    spend = env[1].spend
    inner = sources[1:]
    for item in _items(sources[0], env):
        spend()
        turn = (*env, item)
        if inner:
            yield from _turns(inner, turn)
        else:
            yield turn


def iterated(sources: Sequence[Source], body: Closure, partial: bool) -> Closure:
    """Return the closure of `for`; `partial` when the body looks at the results so far."""

    def loop(env: Env) -> Any:
        results: list[object] = []
        try:
            for turn in _turns(sources, env):
                if partial:
                    env[1].spend(len(results) // 128)
                    turn = (*turn, results[:])
                results.append(body(turn))
                fits_list(len(results))
        except NoValue as reason:
            return env[1].fail(reason.code)
        return results

    return loop


def quantified(sources: Sequence[Source], condition: Closure, some: bool) -> Closure:
    """Return the closure of `some` or `every`: the three-valued or, and, of all turns."""
    joined = disjunction if some else conjunction

    def quantifier(env: Env) -> Any:
        try:
            return joined(condition(turn) for turn in _turns(sources, env))
        except NoValue as reason:
            return env[1].fail(reason.code)

    return quantifier


def filtered(source: Closure, outside: Closure, inside: Closure, constant: bool) -> Closure:
    """Return the closure of `source[condition]`.

    `outside` is the condition without an item, `inside` with one; `constant` when it is a
    literal number, so a position.
    """

    def choose(env: Env) -> Any:
        value = source(env)
        items = value if isinstance(value, list) else [] if value is None else [value]
        if constant:
            env[1].spend()
            return _at(items, outside(env), env)
        if not items:
            number = outside(env)
            return None if isinstance(number, Decimal) else []
        kept = []
        for item in items:
            env[1].spend()
            holds = inside((*env, item))
            if holds is True:
                kept.append(item)
            elif isinstance(holds, Decimal):
                return _at(items, holds, env)
            elif holds is not None and holds is not False:
                return env[1].fail("feel.cause.condition")
        return kept

    return choose


def _at(items: list[object], position: Decimal, env: Env) -> object:
    try:
        index = whole(position)
    except NoValue as reason:
        return env[1].fail(reason.code)
    if index == 0 or abs(index) > len(items):
        return env[1].fail("feel.cause.index")
    return items[index - 1 if index > 0 else index]
