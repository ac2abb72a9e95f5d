"""Where each element of a DMN file stands in its bytes, so that an edit touches nothing else."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from xml.parsers import expat

ATTRIBUTE = re.compile(rb"""\s+([^\s=]+)\s*=\s*("[^"]*"|'[^']*')""")
NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


@dataclass
class Node:
    """An element: its tag lies in [start, opened), its content in [opened, closing).

    All are offsets of bytes; the element ends before `end`. Of `<a/>` the content is empty and
    `opened`, `closing` and `end` are the same.
    """

    space: str
    name: str
    attributes: dict[str, str]
    start: int
    opened: int
    closing: int = 0
    end: int = 0
    children: list["Node"] = field(default_factory=list)

    def below(self, *names: str) -> list["Node"]:
        """Return the children of these names in the element's own namespace."""
        return [
            child for child in self.children if child.space == self.space and child.name in names
        ]

    def child(self, *names: str) -> "Node | None":
        """Return the first of them."""
        return next(iter(self.below(*names)), None)

    def walk(self) -> Iterator["Node"]:
        """Yield the element and all below it."""
        waiting = [self]
        while waiting:
            node = waiting.pop()
            yield node
            waiting += reversed(node.children)


@dataclass(frozen=True)
class Splice:
    """Bytes to stand in place of [start, end)."""

    start: int
    end: int
    text: bytes


class Source:
    """The bytes of a file that the hardened reader has read, with their elements."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self._stack: list[Node] = []
        self._ascii = False
        self.root = self._read()

    def _read(self) -> Node:
        parser = expat.ParserCreate(namespace_separator="\n")
        roots: list[Node] = []

        def start(tag: str, attributes: dict[str, str]) -> None:
            space, _, name = tag.rpartition("\n")
            begin = parser.CurrentByteIndex
            node = Node(space, name, attributes, begin, self._tag_end(begin))
            (self._stack[-1].children if self._stack else roots).append(node)
            self._stack.append(node)

        def end(tag: str) -> None:
            node = self._stack.pop()
            if self.data[node.opened - 2 : node.opened] == b"/>":
                node.closing = node.end = node.opened
            else:
                node.closing = parser.CurrentByteIndex
                node.end = self.data.index(b">", node.closing) + 1

        def declaration(version: str, encoding: str | None, standalone: int) -> None:
            self._ascii = (encoding or "").lower() in {"ascii", "us-ascii"}

        parser.XmlDeclHandler = declaration
        parser.StartElementHandler, parser.EndElementHandler = start, end
        parser.Parse(self.data, True)
        # Handlers hold the parser and the parser them: without this both would linger.
        parser.StartElementHandler = parser.EndElementHandler = parser.XmlDeclHandler = None
        return roots[0]

    def _tag_end(self, start: int) -> int:
        """Where the tag that begins at `start` ends; `>` may stand in a value."""
        place, quote = start, 0
        while True:
            byte = self.data[place]
            if quote:
                quote = 0 if byte == quote else quote
            elif byte in b"\"'":
                quote = byte
            elif byte == ord(">"):
                return place + 1
            place += 1

    def encode(self, text: str) -> bytes:
        """Return text in the encoding of the file."""
        return text.encode("ascii" if self._ascii else "utf-8", "xmlcharrefreplace")

    def prefix(self, node: Node) -> str:
        """Return the prefix of an element's tag with its colon, empty without one."""
        tag = re.match(rb"<([^\s/>]+)", self.data[node.start : node.opened])
        name = tag.group(1).decode() if tag else ""
        return name[: -len(node.name)]

    def indent(self, node: Node) -> bytes:
        """Return the white space before an element, from the end of what stands before it."""
        start = node.start
        while start and self.data[start - 1 : start].isspace():
            start -= 1
        return self.data[start : node.start]

    def with_splices(self, start: int, end: int, splices: Sequence[Splice]) -> bytes:
        """Return the bytes of [start, end) with those of the splices that lie inside."""
        parts, place = [], start
        for splice in sorted(splices, key=lambda one: (one.start, one.end)):
            if start <= splice.start and splice.end <= end:
                parts += [self.data[place : splice.start], splice.text]
                place = splice.end
        return b"".join([*parts, self.data[place:end]])

    def indent_end(self, node: Node) -> bytes:
        """Return the white space before the closing tag of an element."""
        inner = self.data[node.opened : node.closing]
        return inner[len(inner.rstrip()) :]

    def attribute(self, node: Node, name: str, value: str | None) -> list[Splice]:
        """Return what sets an attribute of an element, or takes it away."""
        tag = self.data[node.start : node.opened]
        head = re.match(rb"<[^\s/>]+", tag)
        place = head.end() if head else 0
        written = b"" if value is None else self.encode(f' {name}="{escape_value(value)}"')
        while found := ATTRIBUTE.match(tag, place):
            if found.group(1) == name.encode():
                return [Splice(node.start + found.start(), node.start + found.end(), written)]
            place = found.end()
        at = node.start + place
        return [Splice(at, at, written)] if written else []

    def content(self, node: Node, inner: bytes) -> list[Splice]:
        """Return what replaces all the content of an element."""
        if node.closing != node.end:
            return [Splice(node.opened, node.closing, inner)]
        return self._opened(node, inner)

    def append(self, node: Node, inner: bytes, after: Node | None) -> list[Splice]:
        """Return what adds content behind a child, without one before all other content."""
        if node.closing == node.end:
            return self._opened(node, inner)
        at = node.opened if after is None else after.end
        return [Splice(at, at, inner)]

    def _opened(self, node: Node, inner: bytes) -> list[Splice]:
        """Make `<a/>` hold something."""
        tag = self.data[node.start : node.opened]
        name = f"{self.prefix(node)}{node.name}".encode()
        whole = tag[:-2].rstrip() + b">" + inner + b"</" + name + b">"
        return [Splice(node.start, node.end, whole)]


def escape_text(text: str, quotes: bool) -> str:
    """Return text as content of an element; `quotes` as `&quot;` where the file has them so."""
    plain = text.replace("\r\n", "\n").replace("\r", "\n")
    plain = plain.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return plain.replace('"', "&quot;") if quotes else plain


def escape_value(text: str) -> str:
    """Return text as the value of an attribute in double quotes."""
    escaped = escape_text(text, True)
    return escaped.replace("\n", "&#10;").replace("\t", "&#9;")
