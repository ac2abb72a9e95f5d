"""XPath regular expressions on top of Python's: another dialect, and nothing that can explode.

Patterns are read by the grammar of XML Schema and XPath, written anew for `re`, and judged by
`regex_cost` before they run. Source: DMN 1.5, 10.3.4.3; XPath and XQuery functions 3.1, 5.6.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

from engine.feel.characters import (
    Intervals,
    category,
    complement,
    escape,
    pattern_class,
    united,
)
from engine.feel.evaluation import MOST_DEPTH, NoValue, fits_text, over
from engine.feel.regex_cost import (
    ANY_CHARACTER,
    Assertion,
    Backreference,
    Characters,
    Choice,
    Group,
    Part,
    Repeat,
    Sequence,
    longest_input,
)

MOST_PATTERN = 1000
MOST_REPEATS = 1000
PLAIN_ESCAPES = {"n": "\n", "r": "\r", "t": "\t"}
SELF_ESCAPES = frozenset("\\|.?*+(){}-[]^$")
SET_ESCAPES = frozenset("sSdDwWiIcC")
NOT_ALONE = frozenset("?*+{}()|]")
QUANTIFIER = re.compile(r"([?*+]|\{([0-9]{1,4})(?:(,)([0-9]{1,4})?)?\})(\?)?")
REFERENCE = re.compile(r"\\([\\$])|\$([0-9])|([\\$])")
NEWLINES = ((10, 10), (13, 13))


@dataclass(frozen=True)
class Pattern:
    """A pattern that may run: on texts of at most `longest` characters."""

    found: re.Pattern[str]
    longest: int
    quoted: bool

    def search(self, text: str) -> bool:
        """Return whether the pattern is found anywhere."""
        return self.found.search(self._short(text)) is not None

    def replace(self, text: str, replacement: str) -> str:
        """Return the text with each match replaced; NoValue for a bad replacement."""
        self._matches_something()
        parts = [replacement] if self.quoted else self._parts(replacement)
        done, position, size = [], 0, 0
        for match in self.found.finditer(self._short(text)):
            put = "".join([part if isinstance(part, str) else match[part] or "" for part in parts])
            size += len(put)
            fits_text(size)
            done += [text[position : match.start()], put]
            position = match.end()
        return "".join([*done, text[position:]])

    def split(self, text: str) -> list[str]:
        """Return the parts between the matches."""
        self._matches_something()
        parts, position = [], 0
        for match in self.found.finditer(self._short(text)):
            parts.append(text[position : match.start()])
            position = match.end()
        return [*parts, text[position:]]

    def _short(self, text: str) -> str:
        if len(text) > self.longest:
            raise over("pattern", self.longest)
        return text

    def _matches_something(self) -> None:
        if self.found.match("") is not None:  # XPath refuses it: FORX0003
            raise NoValue("feel.cause.pattern")

    def _parts(self, replacement: str) -> list[str | int]:
        parts: list[str | int] = []
        position, groups = 0, self.found.groups
        while found := REFERENCE.search(replacement, position):
            parts.append(replacement[position : found.start()])
            position = found.end()
            if found[3]:
                raise NoValue("feel.cause.pattern")
            if found[1]:
                parts.append(found[1])
                continue
            number = int(found[2])
            while replacement[position : position + 1].isdecimal():
                longer = number * 10 + int(replacement[position])
                if longer > groups:
                    break
                number, position = longer, position + 1
            parts.append(number if number <= groups else "")
        return [*parts, replacement[position:]]


@lru_cache(maxsize=512)
def compiled(pattern: str, flags: str = "") -> Pattern:
    """Return the pattern ready to run.

    NoValue `feel.cause.pattern` (not XPath's grammar) or `feel.cause.pattern_unsafe` (its time
    could grow without bound).
    """
    if len(pattern) > MOST_PATTERN:
        raise over("pattern", MOST_PATTERN)
    if not set(flags) <= set("smixq"):
        raise NoValue("feel.cause.pattern")
    case = re.IGNORECASE if "i" in flags else re.NOFLAG
    if "q" in flags:
        return Pattern(re.compile(re.escape(pattern), case), longest_input(Sequence(())), True)
    reader = _Reader(_without_spaces(pattern) if "x" in flags else pattern, flags)
    tree = reader.choice()
    if reader.position < len(reader.text):
        raise NoValue("feel.cause.pattern")
    longest = longest_input(tree, anchored=reader.anchored, ignore_case=bool(case))
    return Pattern(re.compile(_written(tree), case), longest, False)


def _without_spaces(pattern: str) -> str:
    kept, depth, escaped = [], 0, False
    for sign in pattern:
        if sign in " \t\n\r" and not depth:
            continue
        if not escaped:
            depth += (sign == "[") - (sign == "]" and depth > 0)
        escaped = sign == "\\" and not escaped
        kept.append(sign)
    return "".join(kept)


class _Reader:
    """A pattern on its way to a tree."""

    def __init__(self, text: str, flags: str) -> None:
        self.text, self.position = text, 0
        self.dot_all, self.lines = "s" in flags, "m" in flags
        self.groups = 0
        self.closed: set[int] = set()
        self.depth = 0
        self.anchored = text.startswith("^") and not self.lines

    def peek(self) -> str:
        return self.text[self.position : self.position + 1]

    def take(self) -> str:
        if self.position >= len(self.text):
            raise NoValue("feel.cause.pattern")
        self.position += 1
        return self.text[self.position - 1]

    def choice(self) -> Part:
        self.depth += 1
        if self.depth > MOST_DEPTH // 2:
            raise NoValue("feel.cause.pattern_unsafe")
        branches = [self.branch()]
        while self.peek() == "|":
            self.take()
            branches.append(self.branch())
        self.depth -= 1
        if len(branches) > 1:
            self.anchored = self.anchored and self.depth > 0
        return branches[0] if len(branches) == 1 else Choice(tuple(branches))

    def branch(self) -> Part:
        parts: list[Part] = []
        while self.peek() not in ("", "|", ")"):
            part = self.atom()
            found = QUANTIFIER.match(self.text, self.position)
            if found is not None:
                if isinstance(part, Assertion):
                    raise NoValue("feel.cause.pattern")
                self.position = found.end()
                part = _repeated(part, found)
            parts.append(part)
        return parts[0] if len(parts) == 1 else Sequence(tuple(parts))

    def atom(self) -> Part:
        sign = self.take()
        if sign == "(":
            return self.group()
        if sign == "[":
            return self.character_class()
        if sign == "\\":
            return self.escaped()
        if sign == ".":
            return _characters(ANY_CHARACTER if self.dot_all else complement(NEWLINES))
        if sign == "^":
            return Assertion(r"(?:\A|(?<=\n)(?!\Z))" if self.lines else r"\A")
        if sign == "$":
            return Assertion(r"(?:(?=\n)|\Z)" if self.lines else r"\Z")
        if sign in NOT_ALONE:
            raise NoValue("feel.cause.pattern")
        return _characters(((ord(sign), ord(sign)),))

    def group(self) -> Part:
        number = 0
        if self.text.startswith("?:", self.position):
            self.position += 2
        else:
            self.groups += 1
            number = self.groups
        part = self.choice()
        if self.take() != ")":
            raise NoValue("feel.cause.pattern")
        self.closed.add(number)
        return Group(part, number)

    def escaped(self) -> Part:
        sign = self.take()
        if sign.isascii() and sign.isdigit():
            number = int(sign)
            while self.peek().isascii() and self.peek().isdigit():
                longer = number * 10 + int(self.peek())
                if longer > self.groups:
                    break
                number, self.position = longer, self.position + 1
            if number not in self.closed or number == 0:
                raise NoValue("feel.cause.pattern")
            return Backreference(number)
        return _characters(self.escaped_set(sign))

    def escaped_set(self, sign: str) -> Intervals:
        if sign in SET_ESCAPES:
            return escape(sign)
        if sign in "pP":
            end = self.text.find("}", self.position)
            if self.peek() != "{" or end < 0:
                raise NoValue("feel.cause.pattern")
            inside = category(self.text[self.position + 1 : end])
            self.position = end + 1
            return complement(inside) if sign == "P" else inside
        plain = PLAIN_ESCAPES.get(sign, sign if sign in SELF_ESCAPES else None)
        if plain is None:
            raise NoValue("feel.cause.pattern")
        return ((ord(plain), ord(plain)),)

    def character_class(self) -> Characters:
        negated = self.peek() == "^"
        self.position += negated
        found: list[tuple[int, int]] = []
        subtracted: Characters | None = None
        first = True
        while (sign := self.take()) != "]" or first:
            if sign == "]":
                raise NoValue("feel.cause.pattern")
            first = False
            if sign == "-" and self.peek() == "[":
                self.take()
                subtracted = self.character_class()
                if self.take() != "]":
                    raise NoValue("feel.cause.pattern")
                break
            found.extend(self.class_item(sign))
        own = united(found)
        text = pattern_class(own, negated)
        inside = complement(own) if negated else own
        if subtracted is not None:
            text = f"(?:(?!{subtracted.text}){text})"
            outside = complement(subtracted.intervals)
            inside = complement(united((*complement(inside), *complement(outside))))
        return Characters(inside, text)

    def class_item(self, sign: str) -> Intervals:
        """Return one character, one escape or one range `a-z` of a class."""
        if sign == "[":
            raise NoValue("feel.cause.pattern")
        low = self.escaped_set(self.take()) if sign == "\\" else ((ord(sign), ord(sign)),)
        after = self.text[self.position + 1 : self.position + 2]
        if self.peek() != "-" or after in ("]", "[", "") or len(low) > 1 or low[0][0] != low[0][1]:
            return low
        if sign == "-":
            return low
        self.take()
        sign = self.take()
        high = self.escaped_set(self.take()) if sign == "\\" else ((ord(sign), ord(sign)),)
        if len(high) > 1 or high[0][0] != high[0][1] or high[0][0] < low[0][0]:
            raise NoValue("feel.cause.pattern")
        return ((low[0][0], high[0][0]),)


def _characters(intervals: Intervals) -> Characters:
    return Characters(intervals, pattern_class(intervals))


def _repeated(part: Part, found: re.Match[str]) -> Repeat:
    lazy = bool(found[5])
    if found[1] in "?*+":
        least, most = {"?": (0, 1), "*": (0, None), "+": (1, None)}[found[1]]
        return Repeat(part, least, most, lazy)
    least = int(found[2])
    most = int(found[4]) if found[4] else None if found[3] else least
    if max(least, most or 0) > MOST_REPEATS:
        raise NoValue("feel.cause.pattern_unsafe")
    if most is not None and most < least:
        raise NoValue("feel.cause.pattern")
    return Repeat(part, least, most, lazy)


def _written(part: Part) -> str:
    match part:
        case Characters() | Assertion():
            return part.text
        case Backreference():
            return f"(?:\\{part.number})"
        case Sequence():
            return "".join(_written(one) for one in part.parts)
        case Choice():
            return "(?:" + "|".join(_written(one) for one in part.parts) + ")"
        case Group():
            return f"({'' if part.number else '?:'}{_written(part.part)})"
        case Repeat():
            most = "" if part.most is None else str(part.most)
            lazy = "?" if part.lazy else ""
            return f"(?:{_written(part.part)}){{{part.least},{most}}}{lazy}"
