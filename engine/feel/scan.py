"""The scanner of FEEL: tokens on demand, and names by what the scope declares.

Names may hold spaces, operators and keywords (`授权 范围 and 办件`), so a name can only be read
with the declared names at hand: the longest one wins. Source: DMN 1.5, 10.3.1.2 rules 20 to 32.
"""

import re
import unicodedata
from collections.abc import Collection, Iterable
from functools import lru_cache

from engine.feel.evaluation import MOST_SOURCE
from engine.feel.nodes import place
from engine.kernel.errors import Invalid

_START = (
    "A-Za-z_?\u00b7\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u1fff\u200c\u200d\u2070-\u218f\u2c00-\u2fef"
    "\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
)
_SPACES = "\\s\u0085\u00a0\u1680\u180e\u2000-\u200b\u2028\u2029\u202f\u205f\u3000\ufeff"
WORD = re.compile(f"[{_START}][{_START}0-9\u0300-\u036f\u203f\u2040]*")
SPACE = re.compile(f"(?:[{_SPACES}]|//[^\n]*|/\\*.*?\\*/)+", re.DOTALL)
GAP = re.compile(f"[{_SPACES}]+")
PART = re.compile(f"({WORD.pattern})|([0-9]+)|([{_SPACES}]+)|(.)", re.DOTALL)
TOKEN = re.compile(
    r"(?P<number>(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)"
    r'|(?P<string>"(?:[^"\\]|\\.)*")'
    f"|(?P<word>{WORD.pattern})"
    r"|(?P<sign>\*\*|\.\.|<=|>=|!=|->|[-+*/<>=()\[\]{},.:@'])",
    re.DOTALL,
)
KEYWORDS = frozenset(
    {"and", "or", "then", "else", "in", "between", "return", "satisfies", "instance", "if", "for"}
    | {"some", "every", "function", "external", "true", "false", "null", "not"}
)
# What Chinese input gives in place of the signs of FEEL; to the standard most are letters.
HALF_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {
    ord(wide): narrow
    for wide, narrow in zip("　、。《》〈〉【】“”‘’－—", " ,.<><>[]\"\"''--", strict=True)
}
# Two names side by side never stand in FEEL, so a word after a name belongs to it unless …
AFTER_NAME = KEYWORDS - {"if", "for", "some", "every", "function", "true", "false", "null", "not"}


def half_width(text: str) -> str:
    """Return the text with full-width signs as FEEL's own: `金额＞１，` becomes `金额>1,`."""
    return text.translate(HALF_WIDTH)


class Names:
    """Declared names as a tree of their parts, for the longest match at a place."""

    __slots__ = ("root",)

    def __init__(self, names: Iterable[str] = ()) -> None:
        self.root: dict[str, object] = {}
        for name in names:
            self.add(name)

    def add(self, name: str) -> None:
        """Declare one more name."""
        level = self.root
        normal = normalised(name)
        for found in PART.finditer(normal):
            part = " " if found[3] else found[0]
            deeper = level.setdefault(part, {})
            assert isinstance(deeper, dict)  # noqa: S101  # only the end mark holds a text
            level = deeper
        level[""] = normal

    def longest(self, text: str, start: int) -> tuple[str, int] | None:
        """Return the longest declared name that stands at `start`, and where it ends."""
        level, position = self.root, start
        best: tuple[str, int] | None = None
        while position < len(text):
            found = PART.match(text, position)
            if found is None:
                break
            part = " " if found[3] else found[0]
            deeper = level.get(part)
            if deeper is None and not part.isascii():
                deeper = level.get(unicodedata.normalize("NFC", part))
            if not isinstance(deeper, dict):
                break
            level, position = deeper, found.end()
            name = level.get("")
            if isinstance(name, str):
                best = name, position
        return best


@lru_cache(maxsize=512)
def _names(names: frozenset[str]) -> Names:
    return Names(names)


def names_of(names: Collection[str]) -> Names:
    """Return the tree of the names, remembered for equal collections; not to be added to."""
    return _names(frozenset(names))


def normalised(name: str) -> str:
    """Return the name as it is declared: NFC, one space for each run of white space."""
    return unicodedata.normalize("NFC", GAP.sub(" ", name).strip())


class Scanner:
    """The current token of a text; `kind` is number, string, word, sign or end."""

    __slots__ = ("end", "kind", "last", "start", "symbol", "text")

    def __init__(self, text: str) -> None:
        if len(text) > MOST_SOURCE:
            raise Invalid("feel.too_long", length=len(text), most=MOST_SOURCE)
        self.text = text
        self.last = 0  # where the token before ended
        self.start = self.end = 0
        self.kind = self.symbol = ""
        self.move(0)

    def move(self, position: int) -> None:
        """Make the token at or after `position` the current one."""
        space = SPACE.match(self.text, position)
        start = space.end() if space else position
        self.start = start
        found = TOKEN.match(self.text, start)
        if found is not None:
            self.kind, self.symbol, self.end = found.lastgroup or "", found[0], found.end()
        elif start == len(self.text):
            self.kind, self.symbol, self.end = "end", "", start
        else:
            self.kind, self.symbol, self.end = "wrong", self.text[start], start + 1

    def step(self) -> None:
        """Go to the next token."""
        self.last = self.end
        self.move(self.end)

    def jump(self, position: int) -> None:
        """Go to the token after a name that ends at `position`."""
        self.last = position
        self.move(position)

    def peek(self) -> tuple[str, str]:
        """Return kind and text of the next token."""
        space = SPACE.match(self.text, self.end)
        start = space.end() if space else self.end
        found = TOKEN.match(self.text, start)
        if found is None:
            return ("end", "") if start == len(self.text) else ("wrong", self.text[start])
        return found.lastgroup or "", found[0]

    def error(self, expected: str, start: int | None = None) -> Invalid:
        """Return the error that something else was expected here."""
        offset = self.start if start is None else start
        line, column = place(self.text, offset)
        near = self.text[offset : offset + 20]
        return Invalid(
            "feel.syntax",
            text=self.text,
            line=line,
            column=column,
            offset=offset,
            near=near,
            expected=expected,
            half_width=half_width(near) if half_width(near) != near else None,
        )

    def run(self) -> tuple[str, int]:
        """Return the words from here on that can only be one name, and where they end."""
        end = self.end
        while True:
            gap = GAP.match(self.text, end)
            found = WORD.match(self.text, gap.end()) if gap else None
            if found is None or found[0] in AFTER_NAME:
                return normalised(self.text[self.start : end]), end
            end = found.end()
