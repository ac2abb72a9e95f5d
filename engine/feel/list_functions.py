"""The built-in functions on lists and booleans. Source: DMN 1.5, 10.3.4.2 and 10.3.4.4."""

from collections.abc import Callable, Iterable
from decimal import Decimal
from functools import cmp_to_key

from engine.feel import arithmetic
from engine.feel.arithmetic import whole
from engine.feel.evaluation import Evaluation, NoValue, cost, fits_list
from engine.feel.kinds import Function
from engine.feel.signatures import Table, declare
from engine.feel.temporal import DateTime, DaysDuration, Time, YearsDuration
from engine.feel.values import (
    NUMBERS,
    compare,
    conjunction,
    disjunction,
    equal,
    identity,
)

LIST_FUNCTIONS: Table = {}
List = list[object]


def _position(values: List, position: Decimal, beyond: int = 0) -> int:
    """Return the index of a position, 1 the first, -1 the last; NoValue for any other."""
    index = whole(position)
    if index == 0 or index > len(values) + beyond or -index > len(values):
        raise NoValue("feel.cause.index")
    return index - 1 if index > 0 else len(values) + index


def _one_or_many(name: str, body: Callable[[Evaluation, List], object], kinds: str = "any") -> None:
    """Enter `name(list)` and `name(c1, c2, …)`."""

    @declare(LIST_FUNCTIONS, f"{name}(list: list)", evaluation=True)
    def of_list(evaluation: Evaluation, values: List) -> object:
        evaluation.spend(cost(values))
        return body(evaluation, values)

    @declare(LIST_FUNCTIONS, f"{name}(c...: {kinds})", evaluation=True)
    def of_many(evaluation: Evaluation, *values: object) -> object:
        return body(evaluation, list(values))


def numbers(values: Iterable[object]) -> list[Decimal]:
    """Return the values, all numbers; NoValue otherwise."""
    found = list(values)
    if not all(isinstance(value, Decimal) for value in found):
        raise NoValue("feel.cause.argument")
    return found  # type: ignore[return-value]  # just checked


def _extreme(sign: int) -> Callable[[Evaluation, List], object]:
    def answer(evaluation: Evaluation, values: List) -> object:
        if not values:
            raise NoValue("feel.cause.empty")
        evaluation.spend(len(values) // 4)
        best = values[0]
        compare(best, best)
        for value in values[1:]:
            if compare(value, best) * sign > 0:
                best = value
        return best

    return answer


def total(values: Iterable[Decimal]) -> Decimal:
    """Return the sum of numbers."""
    found = Decimal(0)
    for value in values:
        found = NUMBERS.add(found, value)
    return found


def _sum(_: Evaluation, values: List) -> object:
    if not values:
        raise NoValue("feel.cause.empty")
    if isinstance(values[0], (DaysDuration, YearsDuration)):
        found: object = values[0]
        for value in values[1:]:
            found = arithmetic.add(found, value)
        return found
    return total(numbers(values))


def _mean(evaluation: Evaluation, values: List) -> object:
    return arithmetic.divide(_sum(evaluation, values), Decimal(len(values)))


def _product(_: Evaluation, values: List) -> Decimal:
    if not values:
        raise NoValue("feel.cause.empty")
    found = Decimal(1)
    for value in numbers(values):
        found = NUMBERS.multiply(found, value)
    return found


def _median(_: Evaluation, values: List) -> Decimal:
    ordered = sorted(numbers(values))
    if not ordered:
        raise NoValue("feel.cause.empty")
    middle = len(ordered) // 2
    if len(ordered) % 2:
        return ordered[middle]
    return NUMBERS.divide(NUMBERS.add(ordered[middle - 1], ordered[middle]), Decimal(2))


def _deviation(_: Evaluation, values: List) -> Decimal:
    found = numbers(values)
    if len(found) < 2:
        raise NoValue("feel.cause.empty")
    mean = NUMBERS.divide(total(found), Decimal(len(found)))
    squares = []
    for value in found:
        off = NUMBERS.subtract(value, mean)
        squares.append(NUMBERS.multiply(off, off))
    return NUMBERS.sqrt(NUMBERS.divide(total(squares), Decimal(len(found) - 1)))


def _mode(_: Evaluation, values: List) -> list[Decimal]:
    counts: dict[Decimal, int] = {}
    for value in numbers(values):
        counts[value] = counts.get(value, 0) + 1
    most = max(counts.values(), default=0)
    return sorted(value for value, count in counts.items() if count == most)


_one_or_many("min", _extreme(-1))
_one_or_many("max", _extreme(1))
_one_or_many("sum", _sum)
_one_or_many("mean", _mean)
_one_or_many("product", _product)
_one_or_many("median", _median)
_one_or_many("stddev", _deviation)
_one_or_many("mode", _mode)
_one_or_many("all", lambda _, values: conjunction(values))
_one_or_many("any", lambda _, values: disjunction(values))


@declare(LIST_FUNCTIONS, "not(negand: any)")
def negation(value: object) -> bool | None:
    """Return the opposite of a boolean, null of anything else."""
    return not value if isinstance(value, bool) else None


@declare(LIST_FUNCTIONS, "is(value1: any, value2: any)")
def same(left: object, right: object) -> bool:
    """Return whether both are the same value of the same kind, zone and offset included."""
    if isinstance(left, (Time, DateTime)) or isinstance(right, (Time, DateTime)):
        return left == right
    return equal(left, right) is True


@declare(LIST_FUNCTIONS, "list contains(list: list, element: any)", evaluation=True)
def list_contains(evaluation: Evaluation, values: List, element: object) -> bool:
    """Return whether an item equals the element; null is found too."""
    evaluation.spend(len(values))
    return any(equal(value, element) is True for value in values)


@declare(LIST_FUNCTIONS, "count(list: list)")
def count(values: List) -> Decimal:
    """Return the number of items."""
    return Decimal(len(values))


@declare(
    LIST_FUNCTIONS,
    "sublist(list: list, start position: number, length?: number)",
    evaluation=True,
)
def sublist(
    evaluation: Evaluation, values: List, position: Decimal, length: Decimal | None = None
) -> List:
    """Return the items from a position on; NoValue beyond the end."""
    evaluation.spend(cost(values))
    start = _position(values, position)
    if length is None:
        return values[start:]
    wanted = whole(length)
    if wanted < 0 or start + wanted > len(values):
        raise NoValue("feel.cause.index")
    return values[start : start + wanted]


@declare(LIST_FUNCTIONS, "append(list: list, item...: any)", evaluation=True)
def append(evaluation: Evaluation, values: List, *items: object) -> List:
    """Return the list with items behind it."""
    fits_list(len(values) + len(items))
    evaluation.spend(cost(values))
    return [*values, *items]


@declare(LIST_FUNCTIONS, "append(list: any, item...: any)")
def append_to_nothing(values: object, *items: object) -> List:
    """Return the items alone: a list that nobody began is an empty one, as diagrams write it."""
    if values is not None:
        raise NoValue("feel.cause.argument")
    return list(items)


@declare(LIST_FUNCTIONS, "concatenate(list...: list)", evaluation=True)
def concatenate(evaluation: Evaluation, *lists: List) -> List:
    """Return the lists one behind the other."""
    evaluation.spend(1 + fits_list(sum(map(len, lists))) // 16)
    return [item for values in lists for item in values]


@declare(
    LIST_FUNCTIONS, "insert before(list: list, position: number, newItem: any)", evaluation=True
)
def insert_before(evaluation: Evaluation, values: List, position: Decimal, item: object) -> List:
    """Return the list with an item at the position."""
    fits_list(len(values) + 1)
    evaluation.spend(cost(values))
    index = _position(values, position)
    return [*values[:index], item, *values[index:]]


@declare(LIST_FUNCTIONS, "remove(list: list, position: number)", evaluation=True)
def remove(evaluation: Evaluation, values: List, position: Decimal) -> List:
    """Return the list without the item at the position."""
    evaluation.spend(cost(values))
    index = _position(values, position)
    return [*values[:index], *values[index + 1 :]]


@declare(
    LIST_FUNCTIONS, "list replace(list: list, position: number, newItem: any)", evaluation=True
)
def list_replace(evaluation: Evaluation, values: List, position: Decimal, item: object) -> List:
    """Return the list with the item at the position replaced."""
    evaluation.spend(cost(values))
    index = _position(values, position)
    return [*values[:index], item, *values[index + 1 :]]


@declare(LIST_FUNCTIONS, "list replace(list: list, match: function, newItem: any)", evaluation=True)
def list_replace_where(evaluation: Evaluation, values: List, match: Function, item: object) -> List:
    """Return the list with the items replaced for which match(item, newItem) is true."""
    replaced: List = []
    for value in values:
        holds = match(evaluation, (value, item))
        if not isinstance(holds, bool):
            raise NoValue("feel.cause.condition")
        replaced.append(item if holds else value)
    return replaced


@declare(LIST_FUNCTIONS, "reverse(list: list)", evaluation=True)
def reverse(evaluation: Evaluation, values: List) -> List:
    """Return the items from the last to the first."""
    evaluation.spend(cost(values))
    return values[::-1]


@declare(LIST_FUNCTIONS, "index of(list: list, match: any)", evaluation=True)
def index_of(evaluation: Evaluation, values: List, match: object) -> List:
    """Return the positions of the items that equal the match."""
    evaluation.spend(len(values))
    return [Decimal(at) for at, value in enumerate(values, 1) if equal(value, match) is True]


def distinct(evaluation: Evaluation, values: List) -> List:
    """Return the items without the later ones that equal an earlier one."""
    evaluation.spend(len(values))
    found: dict[object, object] = {}
    for value in values:
        found.setdefault(identity(value), value)
    return list(found.values())


@declare(LIST_FUNCTIONS, "distinct values(list: list)", evaluation=True)
def distinct_values(evaluation: Evaluation, values: List) -> List:
    """Return the items, each once."""
    return distinct(evaluation, values)


@declare(LIST_FUNCTIONS, "union(list...: list)", evaluation=True)
def union(evaluation: Evaluation, *lists: List) -> List:
    """Return the items of all lists, each once."""
    return distinct(evaluation, concatenate(evaluation, *lists))


@declare(LIST_FUNCTIONS, "flatten(list: list)", evaluation=True)
def flatten(evaluation: Evaluation, values: List) -> List:
    """Return the items of the list and of the lists in it, in order."""
    flat: List = []
    waiting = [iter(values)]
    while waiting:
        evaluation.spend()
        for value in waiting[-1]:
            if isinstance(value, list):
                waiting.append(iter(value))
                break
            flat.append(value)
        else:
            waiting.pop()
            fits_list(len(flat))
    return flat


@declare(LIST_FUNCTIONS, "sort(list: list)", evaluation=True)
def sort(evaluation: Evaluation, values: List) -> List:
    """Return the items in order; NoValue when they cannot be compared."""
    evaluation.spend(len(values))
    return sorted(values, key=cmp_to_key(compare))


@declare(LIST_FUNCTIONS, "sort(list: list, precedes: function)", evaluation=True)
def sort_by(evaluation: Evaluation, values: List, precedes: Function) -> List:
    """Return the items ordered by a function that says whether its first comes first."""

    def order(left: object, right: object) -> int:
        if precedes(evaluation, (left, right)) is True:
            return -1
        return int(precedes(evaluation, (right, left)) is True)

    return sorted(values, key=cmp_to_key(order))
