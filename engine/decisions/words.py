"""Cells in words, as policy staff read and write them in a sheet, and back into FEEL.

Limits are said as statutes say them: 以上, 以下 and 至 include the number, 超过 and 不满 do not
(民法典 art. 1259). A cell that has no words is left to the experts.
"""

import difflib
import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from engine.decisions.cells import Cell, Equal, Point, Span, read_cell
from engine.domain.facts import Fact, FactKind, Word
from engine.feel import nodes
from engine.feel.temporal import Date
from engine.feel.write import write
from engine.kernel.errors import Invalid

ANY, NULL, YES, NO, EXPERT = "任意", "空", "是", "否", "专家："
EXCEPT, BUT = "除", "外"
STARTS = "开头是"
RESERVED = frozenset({ANY, NULL, "-", "—", ""})
SEPARATORS = "、，,；;"
QUOTED = re.compile(r"“([^“”]*)”")
ITEMS = re.compile(rf"(?:“[^“”]*”|[^“”{SEPARATORS}])+|[{SEPARATORS}]")
NUMBER = r"-?\d{1,15}(?:\.\d{1,4})?"
DAY = r"\d{4}-\d{2}-\d{2}"
THOUSANDS = re.compile(r"(?<![\d.,，])\d{1,3}(?:[,，]\d{3})+(?![\d,，])")
WRITTEN_DAY = re.compile(r"(\d{4})\s*[年/.]\s*(\d{1,2})\s*[月/.]\s*(\d{1,2})\s*日?")
BRACKETS = re.compile(rf"([\[(\]])\s*({NUMBER}|{DAY})\s*\.\.\s*({NUMBER}|{DAY})\s*([\])\[])")
NEAREST = 3
HALF_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}
KEPT_FULL = {ord(sign) for sign in "，；（）：！？"}
SIGNS = {code: half for code, half in HALF_WIDTH.items() if code not in KEPT_FULL}


@dataclass(frozen=True)
class Vocabulary:
    """How the values of one column are said: their kind, and the words of their codes.

    `kind` is `number`, `string`, `boolean` or `date`; None when only experts may write there.
    """

    kind: str | None
    whole: bool = False
    labels: Mapping[str, str] = field(default_factory=dict)  # code -> word

    @property
    def codes(self) -> Mapping[str, str]:
        """The codes by their words."""
        return {label: code for code, label in self.labels.items()}


def vocabulary(fact: Fact | None, kind: str | None, words: Sequence[Word] = ()) -> Vocabulary:
    """Return how values of a fact are said; `words` name codes that are rows of data."""
    if fact is None:
        return Vocabulary(kind if kind in ("number", "string", "boolean", "date") else None)
    named = fact.values or tuple(words)
    spoken = [word.zh for word in named]
    labels = {
        word.code: word.zh for word in named if spoken.count(word.zh) == 1 and _usable(word.zh)
    }
    labels |= {
        word.code: f"“{word.code}”"
        for word in named
        if word.code not in labels and _quotable(word.code)
    }
    kind = "string" if fact.kind is FactKind.ENUMERATION else fact.kind.value
    return Vocabulary(kind, fact.whole, labels)


def _usable(word: str) -> bool:
    return (
        word not in RESERVED
        and word == word.strip()
        and not word.startswith((EXCEPT, STARTS, EXPERT, "“"))
        and not set(word) & set(SEPARATORS + '“”"\n\r\t')
        and word == unicodedata.normalize("NFC", word).translate(SIGNS)
    )


def _quotable(text: str) -> bool:
    return not set(text) & set("“”\r") and text == text.strip()


# out: trees to words


def say_test(tree: nodes.Node, words: Vocabulary) -> str | None:
    """Return an input cell in words; None for one that has none."""
    if words.kind == "string":
        begun = _begins_with(tree)
        if begun is not None:
            return f"{STARTS}“{begun}”" if _quotable(begun) else None
    cell = read_cell(tree)
    if cell is None or words.kind is None:
        return None
    return _say_cell(cell, words)


def _begins_with(tree: nodes.Node) -> str | None:
    match tree:
        case nodes.Tests(
            tests=(
                nodes.Call(
                    function=nodes.Name(name="starts with"),
                    arguments=(nodes.Name(name="?"), nodes.Literal(value=str() as text)),
                    names=None,
                ),
            ),
            negated=False,
        ):
            return text
    return None


def _say_cell(cell: Cell, words: Vocabulary) -> str | None:
    if not cell.tests:
        return ANY
    said = []
    for test in cell.tests:
        text = _say_point(test.value, words) if isinstance(test, Equal) else _say_span(test, words)
        if text is None:
            return None
        said.append(text)
    listed = "、".join(said)
    return f"{EXCEPT}{listed}{BUT}" if cell.negated else listed


def _say_point(value: Point, words: Vocabulary) -> str | None:
    match value:
        case None:
            return NULL
        case bool() if words.kind == "boolean":
            return YES if value else NO
        case Decimal() if words.kind == "number":
            return _say_number(value)
        case Date() if words.kind == "date":
            return _say_day(value)
        case str() if words.kind == "string":
            if value in words.labels:
                return words.labels[value]
            return f"“{value}”" if _quotable(value) else None
    return None


def _say_number(value: Decimal) -> str | None:
    text = format(value, "f")
    text = text.rstrip("0").rstrip(".") if "." in text else text
    text = "0" if text == "-0" else text
    return text if re.fullmatch(NUMBER, text) else None


def _say_day(day: Date) -> str | None:
    return f"{day.year:04}-{day.month:02}-{day.day:02}" if 1 <= day.year <= 9999 else None


def _say_span(span: Span, words: Vocabulary) -> str | None:
    ends = span.low, span.high
    wanted = Decimal if words.kind == "number" else Date if words.kind == "date" else None
    if wanted is None or any(end is not None and not isinstance(end, wanted) for end in ends):
        return None
    low = None if span.low is None else _say_point(span.low, words)
    high = None if span.high is None else _say_point(span.high, words)
    if (low is None) != (span.low is None) or (high is None) != (span.high is None):
        return None
    if low is not None and high is not None and not _ascending(low, high, words.kind):
        return None
    return _span_words(low, high, span, words.kind == "date")


def _span_words(low: str | None, high: str | None, span: Span, day: bool) -> str:
    more, less = ("晚于", "早于") if day else ("超过", "不满")
    at_least, at_most = ("起", "止") if day else ("以上", "以下")
    if high is None:
        return f"{low}{at_least}" if span.low_closed else f"{more}{low}"
    if low is None:
        return f"{high}{at_most}" if span.high_closed else f"{less}{high}"
    return f"{'' if span.low_closed else more}{low}至{'' if span.high_closed else less}{high}"


def _ascending(low: str, high: str, kind: str | None) -> bool:
    return Decimal(low) < Decimal(high) if kind == "number" else low < high


def say_value(tree: nodes.Node, words: Vocabulary) -> str | None:
    """Return an output cell in words; None for one that is no constant of its kind."""
    cell = read_cell(nodes.Tests(tree.start, tree.end, (tree,), False))
    if cell is None or cell.negated or len(cell.tests) != 1 or not isinstance(cell.tests[0], Equal):
        return None
    value = cell.tests[0].value
    if isinstance(value, str) and words.kind == "string" and not words.labels:
        plain = value not in (NULL, "") and not QUOTED.fullmatch(value)
        plain = plain and not value.startswith(EXPERT) and value == value.strip()
        if plain and "\r" not in value:
            return value
    return _say_point(value, words)


# in: words to FEEL


@dataclass(frozen=True)
class Said:
    """What a cell means: FEEL text, and the words as they were understood."""

    feel: str
    understood: str


def read_test(text: str, words: Vocabulary) -> Said:
    """Return the FEEL of an input cell in words.

    Raises Invalid `sheet.expert`; `sheet.unknown_word` (word, nearest), `sheet.not_number`,
    `sheet.not_day`, `sheet.not_yes_no`, `sheet.not_whole`, `sheet.quotes` (word) and
    `sheet.range` (low, high).
    """
    plain = _plain(text, words)
    if words.kind is None or plain.startswith(EXPERT):
        raise Invalid("sheet.expert")
    if plain in RESERVED - {NULL}:
        return Said("-", ANY)
    denied = plain.startswith(EXCEPT) and plain.endswith(BUT) and plain not in words.codes
    listed = plain[len(EXCEPT) : -len(BUT)] if denied else plain
    if not denied and words.kind == "string" and listed.startswith(STARTS):
        begun = QUOTED.fullmatch(listed.removeprefix(STARTS).strip())
        if begun is None:
            raise Invalid("sheet.unknown_word", word=listed, nearest=f"{STARTS}“…”")
        return Said(f"starts with(?, {_feel(begun.group(1))})", plain)
    parts = [part.strip() for part in _items(listed)]
    feel = ", ".join(_read_item(part, words) for part in parts)
    understood = "、".join(parts)
    if denied:
        return Said(f"not({feel})", f"{EXCEPT}{understood}{BUT}")
    return Said(feel, understood)


def read_value(text: str, words: Vocabulary) -> Said:
    """Return the FEEL of an output cell in words; errors as `read_test`, and `sheet.empty`."""
    stripped = text.strip()
    if not stripped:
        raise Invalid("sheet.empty")
    if words.kind is None or stripped.startswith(EXPERT):
        raise Invalid("sheet.expert")
    if words.kind == "string" and not words.labels:
        if stripped == NULL:
            return Said("null", NULL)
        quoted = QUOTED.fullmatch(stripped)
        return Said(_feel(quoted.group(1) if quoted else stripped), stripped)
    plain = _plain(text, words)
    if words.kind in ("number", "date") and not re.fullmatch(rf"{NUMBER}|{DAY}|{NULL}", plain):
        code = "sheet.not_number" if words.kind == "number" else "sheet.not_day"
        raise Invalid(code, word=plain)
    return Said(_read_item(plain, words), plain)


def _plain(text: str, words: Vocabulary) -> str:
    """The text in half width, days as 2026-01-31, no commas among the digits of a number."""
    plain = unicodedata.normalize("NFC", text).strip()
    if words.kind == "string":
        return re.sub(r'"([^"“”]*)"', r"“\1”", plain)
    plain = plain.translate(SIGNS)
    if words.kind == "number":
        plain = THOUSANDS.sub(lambda found: re.sub("[,，]", "", found.group()), plain)
    if words.kind == "date":
        plain = WRITTEN_DAY.sub(
            lambda day: f"{day.group(1)}-{int(day.group(2)):02}-{int(day.group(3)):02}", plain
        )
    return plain


def _items(text: str) -> list[str]:
    """The parts between separators; quoted ones whole."""
    parts = [""]
    for piece in ITEMS.findall(text):
        if piece in SEPARATORS:
            parts.append("")
        else:
            parts[-1] += piece
    if "".join(ITEMS.findall(text)) != text:
        raise Invalid("sheet.quotes", word=text)
    return parts


def _feel(value: object) -> str:
    return write(nodes.Literal(0, 0, value))


def _read_item(text: str, words: Vocabulary) -> str:
    if text == NULL:
        return "null"
    match words.kind:
        case "boolean":
            if text not in (YES, NO):
                raise Invalid("sheet.not_yes_no", word=text)
            return "true" if text == YES else "false"
        case "string":
            return _read_word(text, words)
    return _read_limits(text.replace(" ", ""), words)


def _read_word(text: str, words: Vocabulary) -> str:
    codes = words.codes
    if text in codes:
        return _feel(codes[text])
    quoted = QUOTED.fullmatch(text)
    if quoted is not None:
        return _feel(quoted.group(1))
    if words.labels:
        labels = list(codes)
        near = difflib.get_close_matches(text, labels, n=NEAREST, cutoff=0.0) or labels[:NEAREST]
        raise Invalid("sheet.unknown_word", word=text, nearest="、".join(near))
    if not text:
        raise Invalid("sheet.unknown_word", word=text, nearest="“…”")
    return _feel(text)


LIMITS: Sequence[tuple[str, Callable[[str, str], str]]] = (
    ("(?:>=|≥|不少于|不低于|不早于)({v})", lambda low, _: f">= {low}"),
    ("(?:<=|≤|不超过|不多于|不高于|不晚于|截至)({v})", lambda low, _: f"<= {low}"),
    ("({v})(?:以上|起)", lambda low, _: f">= {low}"),
    ("({v})(?:以下|以内|止)", lambda low, _: f"<= {low}"),
    ("(?:>|超过|大于|多于|晚于)({v})", lambda low, _: f"> {low}"),
    ("(?:<|不满|小于|少于|早于)({v})", lambda low, _: f"< {low}"),
    ("({v})", lambda low, _: low),
    ("({v})至({v})", lambda low, high: f"[{low}..{high}]"),
    ("(?:超过|大于|晚于)({v})至({v})", lambda low, high: f"({low}..{high}]"),
    ("({v})至(?:不满|小于|早于)({v})", lambda low, high: f"[{low}..{high})"),
    ("(?:超过|大于|晚于)({v})至(?:不满|小于|早于)({v})", lambda low, high: f"({low}..{high})"),
)
READERS = {
    name: [(re.compile(form.format(v=value)), said) for form, said in LIMITS]
    for name, value in (("number", NUMBER), ("date", DAY))
}


def _read_limits(text: str, words: Vocabulary) -> str:
    kind = words.kind or ""
    bracketed = BRACKETS.fullmatch(text)
    if bracketed is not None:
        first, low, high, last = bracketed.groups()
        ends = _checked(low, words), _checked(high, words)
        _refuse_descending(low, high, kind, first == "[" and last == "]")
        return f"{'[' if first == '[' else '('}{ends[0]}..{ends[1]}{']' if last == ']' else ')'}"
    for form, said in READERS[kind]:
        found = form.fullmatch(text)
        if found is None:
            continue
        named = found.groups()
        if len(named) == 1:
            return said(_checked(named[0], words), "")
        low, high = named
        written = said(_checked(low, words), _checked(high, words))
        _refuse_descending(low, high, kind, written.startswith("[") and written.endswith("]"))
        return written
    raise Invalid("sheet.not_number" if kind == "number" else "sheet.not_day", word=text)


def _refuse_descending(low: str, high: str, kind: str, closed: bool) -> None:
    if not _ascending(low, high, kind) and not (closed and low == high):
        raise Invalid("sheet.range", low=low, high=high)


def _checked(text: str, words: Vocabulary) -> str:
    """One number or day as FEEL; refused when the fact can never have it."""
    if words.kind == "date":
        try:
            date.fromisoformat(text)
        except ValueError as error:
            raise Invalid("sheet.not_day", word=text) from error
        return f'date("{text}")'
    try:
        number = Decimal(text)
    except ArithmeticError as error:
        raise Invalid("sheet.not_number", word=text) from error
    if words.whole and number != number.to_integral_value():
        raise Invalid("sheet.not_whole", word=text)
    return _say_number(number) or text
