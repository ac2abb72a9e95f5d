"""Sets of characters as intervals: what the classes of XPath regular expressions mean.

Source: XML Schema 1.1 part 2, appendix G (categories, blocks, multi-character escapes).
"""

import unicodedata
from collections.abc import Iterable
from functools import lru_cache

from engine.feel.evaluation import NoValue

LAST = 0x10FFFF
Intervals = tuple[tuple[int, int], ...]
# Blocks of Unicode by the names of XML Schema; Python's standard library does not know them.
BLOCKS: dict[str, tuple[int, int]] = {
    "BasicLatin": (0x0000, 0x007F),
    "Latin-1Supplement": (0x0080, 0x00FF),
    "LatinExtended-A": (0x0100, 0x017F),
    "LatinExtended-B": (0x0180, 0x024F),
    "IPAExtensions": (0x0250, 0x02AF),
    "CombiningDiacriticalMarks": (0x0300, 0x036F),
    "Greek": (0x0370, 0x03FF),
    "GreekandCoptic": (0x0370, 0x03FF),
    "Cyrillic": (0x0400, 0x04FF),
    "Armenian": (0x0530, 0x058F),
    "Hebrew": (0x0590, 0x05FF),
    "Arabic": (0x0600, 0x06FF),
    "Devanagari": (0x0900, 0x097F),
    "Thai": (0x0E00, 0x0E7F),
    "Tibetan": (0x0F00, 0x0FFF),
    "HangulJamo": (0x1100, 0x11FF),
    "Mongolian": (0x1800, 0x18AF),
    "LatinExtendedAdditional": (0x1E00, 0x1EFF),
    "GreekExtended": (0x1F00, 0x1FFF),
    "GeneralPunctuation": (0x2000, 0x206F),
    "SuperscriptsandSubscripts": (0x2070, 0x209F),
    "CurrencySymbols": (0x20A0, 0x20CF),
    "LetterlikeSymbols": (0x2100, 0x214F),
    "NumberForms": (0x2150, 0x218F),
    "Arrows": (0x2190, 0x21FF),
    "MathematicalOperators": (0x2200, 0x22FF),
    "EnclosedAlphanumerics": (0x2460, 0x24FF),
    "BoxDrawing": (0x2500, 0x257F),
    "GeometricShapes": (0x25A0, 0x25FF),
    "CJKRadicalsSupplement": (0x2E80, 0x2EFF),
    "KangxiRadicals": (0x2F00, 0x2FDF),
    "CJKSymbolsandPunctuation": (0x3000, 0x303F),
    "Hiragana": (0x3040, 0x309F),
    "Katakana": (0x30A0, 0x30FF),
    "Bopomofo": (0x3100, 0x312F),
    "HangulCompatibilityJamo": (0x3130, 0x318F),
    "EnclosedCJKLettersandMonths": (0x3200, 0x32FF),
    "CJKCompatibility": (0x3300, 0x33FF),
    "CJKUnifiedIdeographsExtensionA": (0x3400, 0x4DBF),
    "CJKUnifiedIdeographs": (0x4E00, 0x9FFF),
    "YiSyllables": (0xA000, 0xA48F),
    "HangulSyllables": (0xAC00, 0xD7AF),
    "PrivateUse": (0xE000, 0xF8FF),
    "CJKCompatibilityIdeographs": (0xF900, 0xFAFF),
    "CJKCompatibilityForms": (0xFE30, 0xFE4F),
    "HalfwidthandFullwidthForms": (0xFF00, 0xFFEF),
    "CJKUnifiedIdeographsExtensionB": (0x20000, 0x2A6DF),
}


def united(intervals: Iterable[tuple[int, int]]) -> Intervals:
    """Return the intervals in order, those that touch joined."""
    joined: list[tuple[int, int]] = []
    for low, high in sorted(intervals):
        if joined and low <= joined[-1][1] + 1:
            joined[-1] = (joined[-1][0], max(high, joined[-1][1]))
        else:
            joined.append((low, high))
    return tuple(joined)


def complement(intervals: Intervals) -> Intervals:
    """Return all characters outside of united intervals."""
    outside, start = [], 0
    for low, high in intervals:
        if low > start:
            outside.append((start, low - 1))
        start = high + 1
    if start <= LAST:
        outside.append((start, LAST))
    return tuple(outside)


def overlap(one: Intervals, other: Intervals) -> bool:
    """Return whether two united sets share a character."""
    left = right = 0
    while left < len(one) and right < len(other):
        if one[left][1] < other[right][0]:
            left += 1
        elif other[right][1] < one[left][0]:
            right += 1
        else:
            return True
    return False


@lru_cache(maxsize=1)
def _categories() -> dict[str, list[tuple[int, int]]]:
    found: dict[str, list[tuple[int, int]]] = {}
    start, current = 0, unicodedata.category("\0")
    for code in range(1, LAST + 2):
        category = unicodedata.category(chr(code)) if code <= LAST else ""
        if category != current:
            found.setdefault(current, []).append((start, code - 1))
            start, current = code, category
    return found


@lru_cache(maxsize=128)
def category(name: str) -> Intervals:
    """Return the characters of `\\p{name}`: `L`, `Lu`, `IsHiragana`; NoValue for no such name."""
    if name.startswith("Is"):
        block = BLOCKS.get(name[2:])
        if block is None:
            raise NoValue("feel.cause.pattern")
        return (block,)
    known = _categories()
    parts = [part for own, part in known.items() if own.startswith(name)] if name else []
    if not parts or len(name) > 2:
        raise NoValue("feel.cause.pattern")
    return united(interval for part in parts for interval in part)


SPACE = united((ord(sign), ord(sign)) for sign in " \t\n\r")


@lru_cache(maxsize=16)
def escape(letter: str) -> Intervals:
    """Return the characters of `\\s \\d \\w \\i \\c` and of their capitals, all others."""
    if letter.isupper():
        return complement(escape(letter.lower()))
    if letter == "s":
        return SPACE
    if letter == "d":
        return category("Nd")
    if letter == "w":
        return complement(united((*category("P"), *category("Z"), *category("C"))))
    start = united((*category("L"), *category("Nl"), (58, 58), (95, 95)))
    if letter == "i":
        return start
    extra = ((45, 46), (0xB7, 0xB7), *category("Nd"), *category("M"), *category("Lm"))
    return united((*start, *extra))


def pattern_class(intervals: Intervals, negated: bool = False) -> str:
    """Return the class of Python's `re` for the set; one that matches nothing when it is empty."""
    if not intervals:
        return "[\\s\\S]" if negated else "(?!)"
    parts = "".join(
        _code(low) + (f"-{_code(high)}" if high > low else "") for low, high in intervals
    )
    return f"[{'^' if negated else ''}{parts}]"


def _code(point: int) -> str:
    return f"\\U{point:08x}"
