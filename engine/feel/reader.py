"""What every parser of FEEL needs: tokens, depth, scopes, names, texts, and names of types."""

import re
from collections.abc import Callable, Collection
from decimal import Decimal

from engine.feel.evaluation import MOST_DEPTH
from engine.feel.nodes import Node, TypeName, place
from engine.feel.scan import KEYWORDS, Names, Scanner, names_of, normalised
from engine.feel.values import NUMBERS
from engine.kernel.errors import Invalid

PROPERTIES = names_of(("time offset", "start included", "end included"))
ESCAPE = re.compile(r'\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{6})|(["\'\\nrt]))')
ESCAPED = {"n": "\n", "r": "\r", "t": "\t"}
TYPES = names_of(
    ("days and time duration", "years and months duration", "date and time", "date", "time")
)
BODIES = frozenset({"return", "satisfies"})
GENERIC = frozenset({"list", "range", "context", "function"})


class Reader:
    """A text that is being read."""

    def __init__(
        self,
        text: str,
        names: Collection[str],
        builtins: Names,
        fields: Collection[str] = (),
        types: Collection[str] = (),
    ) -> None:
        self.scan = Scanner(text)
        self.scopes = [builtins, names_of(names)]
        self.types = names_of(types)
        self.fields = [PROPERTIES, names_of(fields), *self.scopes[1:]]
        self.own_fields: Names | None = None
        self.depth = 0

    # The frame: tokens, depth, scopes

    def finish(self) -> None:
        if self.scan.kind != "end":
            raise self.scan.error("end")

    def expect(self, sign: str) -> None:
        if self.scan.symbol != sign:
            raise self.scan.error(sign)
        self.scan.step()

    def at(self, sign: str) -> bool:
        """Return whether the current symbol is this sign or keyword, and step over it."""
        if self.scan.symbol != sign:
            return False
        self.scan.step()
        return True

    def deeper(self, by: int = 1) -> None:
        self.depth += by
        if self.depth > MOST_DEPTH:
            line, column = place(self.scan.text, self.scan.start)
            raise Invalid("feel.too_deep", line=line, column=column, most=MOST_DEPTH)

    def scoped(self, names: Collection[str], part: Callable[[], Node]) -> Node:
        self.scopes.append(Names(names))
        node = part()
        self.scopes.pop()
        return node

    # Names

    def declared(self) -> tuple[str, int] | None:
        """Return the longest declared name here and its end, unless a keyword says otherwise."""
        best: tuple[str, int] | None = None
        for names in reversed(self.scopes):
            found = names.longest(self.scan.text, self.scan.start)
            if found is not None and (best is None or found[1] > best[1]):
                best = found
        return None if best is None or best[0] in KEYWORDS else best

    def field(self) -> str:
        """Return the name after a dot: the longest known entry, else all words that follow."""
        scan = self.scan
        if scan.kind != "word":
            raise scan.error("name")
        best: tuple[str, int] | None = None
        for names in (*self.fields, *([self.own_fields] if self.own_fields else [])):
            found = names.longest(scan.text, scan.start)
            if found is not None and (best is None or found[1] > best[1]):
                best = found
        run = scan.run()
        if best is None or run[1] > best[1]:
            best = run
        scan.jump(best[1])
        return best[0]

    def written_name(self, stops: tuple[str, ...]) -> str:
        """Return a name that is being declared: all that stands before one of the signs."""
        scan = self.scan
        if scan.kind != "word":
            raise scan.error("name")
        start = scan.start
        while scan.symbol not in stops:
            if scan.kind not in ("word", "number") and scan.symbol not in "./-'+*":
                raise scan.error(stops[0])
            if scan.kind == "end" or scan.symbol in BODIES:
                raise scan.error(stops[0])
            scan.step()
        return normalised(scan.text[start : scan.last])

    # Literals

    def number(self, symbol: str, start: int) -> Decimal:
        try:
            return NUMBERS.create_decimal(symbol)
        except ArithmeticError:
            raise self.scan.error("number", start) from None

    def string(self, symbol: str, start: int) -> str:
        text = symbol[1:-1]
        if "\\" not in text:
            return text
        plain = ESCAPE.sub(_unescape, text)
        try:  # two escapes may be the halves of one character
            return plain.encode("utf-16", "surrogatepass").decode("utf-16")
        except UnicodeDecodeError:
            raise self.scan.error("string", start) from None

    # Types

    def type_name(self) -> TypeName:
        scan = self.scan
        if scan.kind != "word":
            raise scan.error("type")
        self.deeper()
        start = scan.start
        name = self.type_words()
        parts: list[TypeName] = []
        names: list[str] = []
        generic = name in GENERIC and self.at("<")
        if generic:
            while scan.symbol != ">" or (name != "function" or parts):
                if name == "context":
                    names.append(self.written_name((":",)))
                    self.expect(":")
                parts.append(self.type_name())
                if not self.at(","):
                    break
            self.expect(">")
        result = self.type_name() if generic and name == "function" and self.at("->") else None
        self.depth -= 1
        return TypeName(
            start,
            scan.last,
            name,
            tuple(parts) if generic else None,
            tuple(names) if name == "context" and generic else None,
            result,
        )

    def type_words(self) -> str:
        scan = self.scan
        best: tuple[str, int] | None = None
        for names in (TYPES, self.types):
            found = names.longest(scan.text, scan.start)
            if found is not None and (best is None or found[1] > best[1]):
                best = found
        if best is None:
            best = scan.run()
        scan.jump(best[1])
        name = best[0]
        while scan.symbol == "." and scan.kind == "sign":
            scan.step()
            name += f".{scan.symbol}"
            scan.step()
        return name


def _unescape(found: re.Match[str]) -> str:
    code = found[1] or found[2]
    if code is None:
        return ESCAPED.get(found[3], found[3])
    number = int(code, 16)
    return chr(number) if number <= 0x10FFFF else found[0]
