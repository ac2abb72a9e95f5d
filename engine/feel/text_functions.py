"""The built-in functions on texts. Source: DMN 1.5, 10.3.4.3."""

from collections.abc import Callable
from decimal import Decimal

from engine.feel import regex
from engine.feel.arithmetic import whole
from engine.feel.evaluation import Evaluation, NoValue, cost, fits_list, fits_text
from engine.feel.signatures import Table, declare

TEXT_FUNCTIONS: Table = {}


@declare(TEXT_FUNCTIONS, "substring(string: string, start position: number, length?: number)")
def substring(string: str, position: Decimal, length: Decimal | None = None) -> str:
    """Return the part from a position, 1 the first, -1 the last character."""
    start = whole(position)
    if start == 0 or abs(start) > len(string):
        raise NoValue("feel.cause.index")
    start = start - 1 if start > 0 else len(string) + start
    if length is None:
        return string[start:]
    if length < 1:
        raise NoValue("feel.cause.index")
    return string[start : start + whole(length)]


@declare(TEXT_FUNCTIONS, "string length(string: string)")
def string_length(string: str) -> Decimal:
    """Return the number of code points."""
    return Decimal(len(string))


@declare(TEXT_FUNCTIONS, "upper case(string: string)", evaluation=True)
def upper_case(evaluation: Evaluation, string: str) -> str:
    """Return the text in capitals."""
    evaluation.spend(cost(string))
    capitals = string.upper()
    fits_text(len(capitals))  # some letters have two capitals
    return capitals


@declare(TEXT_FUNCTIONS, "lower case(string: string)", evaluation=True)
def lower_case(evaluation: Evaluation, string: str) -> str:
    """Return the text in small letters."""
    evaluation.spend(cost(string))
    small = string.lower()
    fits_text(len(small))
    return small


@declare(TEXT_FUNCTIONS, "substring before(string: string, match: string)", evaluation=True)
def substring_before(evaluation: Evaluation, string: str, match: str) -> str:
    """Return what stands before the first match, or an empty text."""
    evaluation.spend(cost(string))
    return string.partition(match)[0] if match and match in string else ""


@declare(TEXT_FUNCTIONS, "substring after(string: string, match: string)", evaluation=True)
def substring_after(evaluation: Evaluation, string: str, match: str) -> str:
    """Return what stands after the first match, or an empty text."""
    evaluation.spend(cost(string))
    return string.partition(match)[2] if match else string


def _searching(name: str, search: Callable[[str, str], bool]) -> None:
    @declare(TEXT_FUNCTIONS, f"{name}(string: string, match: string)", evaluation=True)
    def answer(evaluation: Evaluation, string: str, match: str) -> bool:
        evaluation.spend(cost(string))
        return search(string, match)


_searching("contains", str.__contains__)
_searching("starts with", str.startswith)
_searching("ends with", str.endswith)


def _pattern(evaluation: Evaluation, pattern: str, flags: str | None) -> regex.Pattern:
    """Return the pattern; the first use in an evaluation pays for reading it."""
    if evaluation.patterns is None:
        evaluation.patterns = set()
    if pattern not in evaluation.patterns:
        evaluation.patterns.add(pattern)
        evaluation.spend(500 + 10 * len(pattern))
    return regex.compiled(pattern, flags or "")


@declare(TEXT_FUNCTIONS, "matches(input: string, pattern: string, flags?: string)", evaluation=True)
def matches(evaluation: Evaluation, string: str, pattern: str, flags: str | None = None) -> bool:
    """Return whether the pattern is found anywhere in the text."""
    evaluation.spend(cost(string))
    return _pattern(evaluation, pattern, flags).search(string)


@declare(
    TEXT_FUNCTIONS,
    "replace(input: string, pattern: string, replacement: string, flags?: string)",
    evaluation=True,
)
def replace(
    evaluation: Evaluation, string: str, pattern: str, replacement: str, flags: str | None = None
) -> str:
    """Return the text with every match replaced; `$1` is the first group, `$0` the match."""
    evaluation.spend(cost(string))
    return _pattern(evaluation, pattern, flags).replace(string, replacement)


@declare(
    TEXT_FUNCTIONS, "split(string: string, delimiter: string, flags?: string)", evaluation=True
)
def split(
    evaluation: Evaluation, string: str, delimiter: str, flags: str | None = None
) -> list[str]:
    """Return the parts between the matches of the pattern."""
    evaluation.spend(cost(string))
    parts = _pattern(evaluation, delimiter, flags).split(string)
    fits_list(len(parts))
    return parts


@declare(
    TEXT_FUNCTIONS,
    "string join(list: list, delimiter?: string, prefix?: string, suffix?: string)",
    evaluation=True,
)
def string_join(
    evaluation: Evaluation,
    texts: list[object],
    delimiter: str | None = None,
    prefix: str | None = None,
    suffix: str | None = None,
) -> str:
    """Return the texts in one, null left out."""
    evaluation.spend(cost(texts))
    parts = [text for text in texts if isinstance(text, str)]
    if len(parts) < sum(text is not None for text in texts):
        raise NoValue("feel.cause.argument")
    between = delimiter or ""
    around = len(prefix or "") + len(suffix or "")
    fits_text(sum(map(len, parts)) + len(between) * len(parts) + around)
    return (prefix or "") + between.join(parts) + (suffix or "")
