"""The one hardened XML reader: what no diagram and no table needs is refused before lxml."""

from xml.parsers import expat

from lxml import etree

from engine.kernel.errors import Invalid

MAX_BYTES = 5_000_000
MAX_ELEMENTS = 20_000
MAX_DEPTH = 64
ENCODINGS = frozenset({"utf-8", "utf8", "us-ascii", "ascii"})


def read(data: bytes, *, limit: int = MAX_BYTES) -> etree._Element:
    """Return the root element of an XML file of at most `limit` bytes, comments kept.

    Raises Invalid `xml.too_large` (size, limit), `xml.encoding` (encoding; only UTF-8 is read),
    `xml.doctype`, `xml.instruction` (target), `xml.too_deep` and `xml.too_many_elements`
    (limit), `xml.broken` (column); all but the first with the line. Source: operations.md §7.2
    of the design, OWASP ASVS 1.5.1.
    """
    if len(data) > limit:
        raise Invalid("xml.too_large", size=len(data), limit=limit)
    _Inspection().run(data)
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        strip_cdata=False,
        encoding="utf-8",
    )
    try:
        return etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        line, column = error.position
        raise Invalid("xml.broken", line=line, column=column) from error


class _Inspection:
    """One pass by expat, which stops at the first refused thing instead of after it."""

    def __init__(self) -> None:
        self._depth = self._elements = 0
        self._parser = parser = expat.ParserCreate()
        parser.XmlDeclHandler = self._declaration
        parser.StartDoctypeDeclHandler = self._doctype
        parser.ProcessingInstructionHandler = self._instruction
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end

    def run(self, data: bytes) -> None:
        try:
            self._parser.Parse(data, True)
        except expat.ExpatError as error:
            raise Invalid("xml.broken", line=error.lineno, column=error.offset + 1) from error
        finally:
            # Handlers are bound methods: without this the parser would live until a collection.
            self._parser.StartElementHandler = self._parser.EndElementHandler = None

    def _line(self) -> int:
        return self._parser.CurrentLineNumber

    def _declaration(self, version: str, encoding: str | None, standalone: int) -> None:
        if encoding is not None and encoding.lower() not in ENCODINGS:
            raise Invalid("xml.encoding", encoding=encoding, line=self._line())

    def _doctype(self, name: str, system: str | None, public: str | None, subset: bool) -> None:
        raise Invalid("xml.doctype", line=self._line())

    def _instruction(self, target: str, content: str) -> None:
        raise Invalid("xml.instruction", target=target, line=self._line())

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        self._elements += 1
        if self._depth > MAX_DEPTH:
            raise Invalid("xml.too_deep", limit=MAX_DEPTH, line=self._line())
        if self._elements > MAX_ELEMENTS:
            raise Invalid("xml.too_many_elements", limit=MAX_ELEMENTS, line=self._line())

    def _end(self, name: str) -> None:
        self._depth -= 1
