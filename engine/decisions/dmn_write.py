"""A table back into its DMN file: what was edited is written, every other byte stays.

Comments, extensions, diagrams, foreign namespaces, prefixes and the order of things survive,
since the file is never written anew: the differences are spliced into its bytes.
"""

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import TypeVar

from engine.decisions.dmn import read_model
from engine.decisions.dmn_graph import redrawn
from engine.decisions.dmn_source import NOT_XML, Node, Source, Splice, escape_text, escape_value
from engine.decisions.model import Column, DecisionNode, DecisionTable, HitPolicy, Output, Rule
from engine.domain.facts import by_name
from engine.kernel.errors import Invalid, Missing

MODEL_1_5 = "https://www.omg.org/spec/DMN/20230324/MODEL/"
SINCE_1_4 = ("conditional", "filter", "for", "some", "every")
BEFORE_1_4 = {
    "http://www.omg.org/spec/DMN/20180521/MODEL/": MODEL_1_5,
    "https://www.omg.org/spec/DMN/20191111/MODEL/": MODEL_1_5,
    "http://www.omg.org/spec/DMN/20180521/DMNDI/": "https://www.omg.org/spec/DMN/20230324/DMNDI/",
    "https://www.omg.org/spec/DMN/20191111/DMNDI/": "https://www.omg.org/spec/DMN/20230324/DMNDI/",
}
DECLARED = re.compile(rb"""(xmlns(?::[^\s=]+)?\s*=\s*)(["'])(.*?)\2""", re.DOTALL)
NUMBERED = re.compile(r"(.*?)(\d{1,15})")
MARK_SPACE = "urn:zhengwu-hall:rows"
MARK = "last-row"
BEFORE_REQUIREMENTS = (
    "description",
    "extensionElements",
    "question",
    "allowedAnswers",
    "variable",
    "informationRequirement",
)
INDENT = b"\n        "
Part = TypeVar("Part")
Attributes = Mapping[str, str | None]


def write_table(
    source: bytes, decision: str, wished: DecisionTable, used: Collection[str] = ()
) -> bytes:
    """Return the DMN file with its table `decision` as wished; unchanged bytes when it is so.

    Rows, columns and outputs are known by their ids. A row with the id "" is new and gets an id
    that stands nowhere in the file, is not among `used` (ids of other versions) and was never
    that of a row taken out here: the table remembers the highest number in an attribute of our
    namespace. A new input column on a fact brings its input data and requirement,
    one that is taken out takes them along. DMN 1.2 and
    1.3 become 1.5 when an edited file holds boxed logic of 1.4.

    Raises Missing `dmn.no_decision` (name), Invalid `table.no_table` (table), `dmn.character`
    (character: what XML cannot hold) and whatever `read_model` says of the file before or after.
    """
    current = _table_of(source, decision)
    if same_table(current, wished):
        return source
    for text in _texts(wished):
        bad = NOT_XML.search(text)
        if bad is not None:
            raise Invalid("dmn.character", character=f"U+{ord(bad.group()):04X}")
    # Attributes first: an element may be opened by what comes after.
    written = _Writer(source, decision, current, wished, used).heads()
    written = _Writer(written, decision, current, wished, used).content()
    before, after = _asked(current), _asked(wished)
    written = redrawn(written, decision, before - after, after - before)
    written = _lifted(written)
    read_model(written)
    return written


def _asked(table: DecisionTable) -> set[str]:
    """The names of the facts that columns ask for."""
    return {fact.zh for column in table.columns if (fact := by_name(column.expression.text))}


def same_table(one: DecisionTable, other: DecisionTable) -> bool:
    """Return whether two tables say the same, wherever it stands in their files."""
    return _said(one) == _said(other)


def _said(table: DecisionTable) -> tuple[object, ...]:
    return (
        [(column.id, *_column_said(column)) for column in table.columns],
        table.outputs,
        [(rule.id, rule.tests, rule.outputs, _notes(rule, table)) for rule in table.rules],
        (table.policy, table.aggregation, table.annotations),
    )


def _column_said(column: Column) -> tuple[object, ...]:
    return column.label, column.expression.text, column.expression.type, column.allowed


def _notes(rule: Rule, table: DecisionTable) -> tuple[str, ...]:
    missing = len(table.annotations) - len(rule.annotations)
    return rule.annotations + ("",) * missing


def _table_of(source: bytes, decision: str) -> DecisionTable:
    element = read_model(source).elements.get(decision)
    if not isinstance(element, DecisionNode):
        raise Missing("dmn.no_decision", name=decision)
    if not isinstance(element.logic, DecisionTable):
        raise Invalid("table.no_table", table=decision)
    return element.logic


def _texts(table: DecisionTable) -> list[str]:
    found = list(table.annotations)
    for column in table.columns:
        found += [column.id, column.label, column.expression.text, column.allowed or ""]
    for output in table.outputs:
        found += [output.id, output.name, output.label, output.allowed or "", output.default or ""]
    for rule in table.rules:
        found += [rule.id, *rule.tests, *rule.outputs, *rule.annotations]
    return found


def _lifted(data: bytes) -> bytes:
    """Name the namespaces of DMN 1.5 where an older file holds boxed logic of 1.4."""
    source = Source(data)
    root = source.root
    if root.space not in BEFORE_1_4:
        return data
    if not any(node.space == root.space and node.name in SINCE_1_4 for node in root.walk()):
        return data

    def lift(found: re.Match[bytes]) -> bytes:
        space = found.group(3).decode()
        return (
            found.group(1) + found.group(2) + BEFORE_1_4.get(space, space).encode() + found.group(2)
        )

    return source.with_splices(
        0,
        len(data),
        [
            Splice(node.start, node.opened, DECLARED.sub(lift, data[node.start : node.opened]))
            for node in root.walk()
        ],
    )


class _Ids:
    """Ids for what is new: none that the file has, had, or that others use."""

    def __init__(self, root: Node, used: Collection[str]) -> None:
        self._taken = {node.attributes["id"] for node in root.walk() if "id" in node.attributes}
        self._taken |= set(used)

    def highest(self, stem: str) -> int:
        """The highest number behind a stem among the ids taken."""
        return max(
            (
                int(found.group(2))
                for one in self._taken
                if (found := NUMBERED.fullmatch(one)) and found.group(1) == stem
            ),
            default=0,
        )

    def take(self, wanted: str) -> str:
        """Return the wanted id, or the next one like it, and never again."""
        found, number = wanted, 1
        while found in self._taken:
            number += 1
            found = f"{wanted}-{number}"
        self._taken.add(found)
        return found


class _Writer:
    """The splices that make one file say what is wished of one table."""

    def __init__(
        self,
        data: bytes,
        decision: str,
        current: DecisionTable,
        wished: DecisionTable,
        used: Collection[str],
    ) -> None:
        self._source = source = Source(data)
        self._decision = next(
            node
            for node in source.root.below("decision")
            if (node.attributes.get("id") or node.attributes["name"]) == decision
        )
        self._id = decision
        table = self._decision.child("decisionTable")
        if table is None:  # pragma: no cover - `_table_of` has seen it
            raise Invalid("table.no_table", table=decision)
        self._table, self._current, self._wished = table, current, wished
        self._prefix = source.prefix(table)
        self._quotes = b"&quot;" in data[table.start : table.end]
        self._ids = _Ids(source.root, used)
        self._rules = table.below("rule")
        self._columns = _match(current.columns, wished.columns, _column_key)
        self._outputs = _match(current.outputs, wished.outputs, _output_key)

    # attributes

    def heads(self) -> bytes:
        """Return the file with the attributes of the table and of its columns."""
        now, wished, source = self._current, self._wished, self._source
        splices: list[Splice] = []
        if now.policy is not wished.policy:
            unique = wished.policy is HitPolicy.UNIQUE
            splices += source.attribute(
                self._table, "hitPolicy", None if unique else wished.policy.value
            )
        if now.aggregation is not wished.aggregation:
            splices += source.attribute(
                self._table,
                "aggregation",
                None if wished.aggregation is None else wished.aggregation.value,
            )
        inputs, outputs = self._table.below("input"), self._table.below("output")
        for old, column in zip(self._columns, wished.columns, strict=True):
            if old is not None and column.label != now.columns[old].label:
                splices += source.attribute(inputs[old], "label", column.label)
            expression = None if old is None else inputs[old].child("inputExpression")
            if (
                old is not None
                and expression is not None
                and column.expression.type != now.columns[old].expression.type
            ):
                splices += source.attribute(expression, "typeRef", column.expression.type)
        for old, output in zip(self._outputs, wished.outputs, strict=True):
            if old is None:
                continue
            was = now.outputs[old]
            for name, before, value in (
                ("name", was.name, output.name),
                ("label", was.label, output.label),
                ("typeRef", was.type, output.type),
            ):
                if before != value:
                    splices += source.attribute(outputs[old], name, value)
        splices += self._row_ids()
        return source.with_splices(0, len(source.data), splices)

    def _row_ids(self) -> list[Splice]:
        """Write down the ids that rows have by their place, before places change."""
        wished = [rule.id for rule in self._wished.rules]
        if wished == [rule.id for rule in self._current.rules]:
            return []
        splices = []
        for node, rule in zip(self._rules, self._current.rules, strict=True):
            if "id" not in node.attributes:
                splices += self._source.attribute(node, "id", rule.id)
        known = self._remembered()
        gone = {rule.id for rule in self._current.rules} - set(wished)
        highest = max([known, *map(_number, gone)])
        if highest > known:
            splices += self._remember(highest)
        return splices

    def _remember(self, highest: int) -> list[Splice]:
        table, source = self._table, self._source
        name = self._mark_name()
        if name is not None:
            return source.attribute(table, name, str(highest))
        prefix = "hall" if b"xmlns:hall=" not in source.data else "hall-rows"
        declared = source.attribute(table, f"xmlns:{prefix}", MARK_SPACE)
        return declared + source.attribute(table, f"{prefix}:{MARK}", str(highest))

    def _mark_name(self) -> str | None:
        """The mark as the table's tag spells it."""
        if f"{MARK_SPACE}\n{MARK}" not in self._table.attributes:
            return None
        tag = self._source.data[self._table.start : self._table.opened]
        found = re.search(rf"\s(\S+:{MARK})\s*=".encode(), tag)
        return None if found is None else found.group(1).decode()

    def _remembered(self) -> int:
        mark = self._table.attributes.get(f"{MARK_SPACE}\n{MARK}", "0")
        return int(mark) if NUMBERED.fullmatch(mark) else 0

    def _stem(self) -> str:
        """What most rows' ids begin with before their number; else the id of the decision."""
        stems = [
            found.group(1) for rule in self._current.rules if (found := NUMBERED.fullmatch(rule.id))
        ]
        return max(stems, key=stems.count) if stems else f"{self._id}-"

    # content

    def content(self) -> bytes:
        """Return the file with the columns, rows and cells."""
        source, table = self._source, self._table
        splices = [*self._column_parts(), *self._requirements(), *self._annotations()]
        inputs, outputs = table.below("input"), table.below("output")
        first = inputs[0].start if inputs else outputs[0].start if outputs else table.opened
        splices += self._arranged(inputs, self._columns, self._new_input, first, splices)
        last = (outputs or inputs)[-1].end if outputs or inputs else table.opened
        splices += self._arranged(outputs, self._outputs, self._new_output, last, splices)
        splices += self._rows()
        return source.with_splices(0, len(source.data), splices)

    def _arranged(
        self,
        old: Sequence[Node],
        wished: Sequence[int | None],
        new: Callable[[int], bytes],
        empty: int,
        inside: Sequence[Splice],
    ) -> list[Splice]:
        """Put elements into the wished order; `None` is a new one, at `empty` if none is there.

        Comments before an element go with it; those before one taken out stay.
        """
        if list(wished) == list(range(len(old))):
            return []
        source = self._source
        start = old[0].start if old else empty
        gap = source.indent(old[0]) if old else INDENT
        before = {0: b""}
        for place in range(1, len(old)):
            before[place] = source.data[old[place - 1].end : old[place].start]
        parts: list[bytes] = []
        for place, one in enumerate(wished):
            lead = gap if one is None else before[one] or gap
            if not parts and not old:
                lead = gap
            elif not parts:
                lead = lead.lstrip()
            body = (
                new(place)
                if one is None
                else source.with_splices(old[one].start, old[one].end, inside)
            )
            parts.append(lead + body)
        kept = b"".join(
            before[place].rstrip()
            for place in range(1, len(old))
            if place not in wished and before[place].strip()
        )
        end = old[-1].end if old else empty
        # The splices within are in the new bytes already; they would overlap.
        if isinstance(inside, list):
            inside[:] = [one for one in inside if not (start <= one.start and one.end <= end)]
        return [Splice(start, end, b"".join(parts) + kept)]

    def _column_parts(self) -> list[Splice]:
        """The texts inside the columns that stay: expression, values, default."""
        now, wished, splices = self._current, self._wished, list[Splice]()
        inputs, outputs = self._table.below("input"), self._table.below("output")
        for old, column in zip(self._columns, wished.columns, strict=True):
            if old is None:
                continue
            was, node = now.columns[old], inputs[old]
            if column.expression.text != was.expression.text:
                splices += self._text_below(node, "inputExpression", column.expression.text)
            if column.allowed != was.allowed:
                splices += self._text_below(node, "inputValues", column.allowed)
        for old, output in zip(self._outputs, wished.outputs, strict=True):
            if old is None:
                continue
            before, node = now.outputs[old], outputs[old]
            if output.default != before.default:
                splices += self._text_below(node, "defaultOutputEntry", output.default)
            if output.allowed != before.allowed:
                splices += self._text_below(node, "outputValues", output.allowed)
        return splices

    def _text_below(self, node: Node, name: str, text: str | None) -> list[Splice]:
        """Set the text of a child, which is made or taken out where need be."""
        child = node.child(name)
        if text is None:
            return [] if child is None else [Splice(child.start, child.end, b"")]
        within = None if child is None else child.child("literalExpression")
        if child is not None:
            return self._text_in(within or child, text)
        inner = self._element(name, {}, self._text(text))
        ahead = node.below("description", "extensionElements", "inputExpression", "outputValues")
        return self._source.append(node, inner, ahead[-1] if ahead else None)

    def _text_in(self, node: Node, text: str) -> list[Splice]:
        """Set the `text` child of an element; all else in it stays."""
        found = node.child("text")
        if found is None:
            before = node.below("description", "extensionElements")
            return self._source.append(node, self._text(text), before[-1] if before else None)
        return self._source.content(found, self._encoded(text))

    def _annotations(self) -> list[Splice]:
        """The annotation columns, known by their names."""
        now, wished, table = self._current, self._wished, self._table
        marks = table.below("annotation")
        ahead = table.below("input", "output", "annotation")
        places = _match(now.annotations, wished.annotations, lambda name: name)
        return self._arranged(
            marks,
            places,
            lambda place: self._tag("annotation", {"name": wished.annotations[place]}),
            ahead[-1].end if ahead else table.opened,
            [],
        )

    def _requirements(self) -> list[Splice]:
        """Input data and requirement of each fact that a new column asks for."""
        known = {
            node.attributes.get("name")
            for owner in self._source.root.below("inputData", "decision", "businessKnowledgeModel")
            for node in [owner, *owner.below("variable")]
        }
        required = {
            target.attributes.get("href", "")
            for need in self._decision.below("informationRequirement")
            for target in need.below("requiredInput", "requiredDecision")
        }
        splices: list[Splice] = []
        for old, column in zip(self._columns, self._wished.columns, strict=True):
            fact = by_name(column.expression.text)
            if old is not None or fact is None:
                continue
            data = self._input_data(fact.zh)
            mark = data.attributes.get("id") if data is not None else None
            if data is None and fact.zh in known:
                continue  # a decision or function of that name answers it
            if mark is None:
                mark = self._ids.take(f"{self._id}-in-{fact.key}")
                variable = self._tag(
                    "variable",
                    {
                        "id": self._ids.take(f"{mark}-variable"),
                        "name": fact.zh,
                        "typeRef": column.expression.type,
                    },
                )
                inner = self._element("inputData", {"id": mark, "name": fact.zh}, variable)
                at = self._decision.start
                splices.append(Splice(at, at, inner + self._source.indent(self._decision)))
            if f"#{mark}" not in required:
                need = self._tag("requiredInput", {"href": f"#{mark}"})
                own = {"id": self._ids.take(f"{self._id}-needs-{fact.key}")}
                whole = self._element("informationRequirement", own, need)
                before = self._decision.below(*BEFORE_REQUIREMENTS)
                at = before[-1].end if before else self._decision.opened
                splices.append(Splice(at, at, self._source.indent(self._table) + whole))
        return splices

    def _input_data(self, name: str) -> Node | None:
        for node in self._source.root.below("inputData"):
            variable = node.child("variable") or node
            if variable.attributes.get("name") == name:
                return node
        return None

    def _new_input(self, place: int) -> bytes:
        column = self._wished.columns[place]
        fact = by_name(column.expression.text)
        stem = fact.key if fact is not None else str(place + 1)
        mark = self._ids.take(column.id or f"{self._id}-column-{stem}")
        inner = self._element(
            "inputExpression",
            {"id": self._ids.take(f"{mark}-expression"), "typeRef": column.expression.type},
            self._text(column.expression.text),
        )
        if column.allowed is not None:
            inner += self._element("inputValues", {}, self._text(column.allowed))
        return self._element("input", {"id": mark, "label": column.label}, inner)

    def _new_output(self, place: int) -> bytes:
        output = self._wished.outputs[place]
        fact = by_name(output.name)
        stem = fact.key if fact is not None else str(place + 1)
        inner = b""
        if output.allowed is not None:
            inner += self._element("outputValues", {}, self._text(output.allowed))
        if output.default is not None:
            inner += self._element("defaultOutputEntry", {}, self._text(output.default))
        head = {
            "id": self._ids.take(output.id or f"{self._id}-output-{stem}"),
            "name": output.name,
            "label": output.label,
            "typeRef": output.type,
        }
        return self._element("output", head, inner) if inner else self._tag("output", head)

    # rows

    def _rows(self) -> list[Splice]:
        now, wished = self._current, self._wished
        places = _match(now.rules, wished.rules, lambda rule: rule.id)
        splices: list[Splice] = []
        for place, old in enumerate(places):
            if old is not None:
                splices += self._cells(self._rules[old], now.rules[old], wished.rules[place])
        stem = self._stem()
        highest = max(self._remembered(), self._ids.highest(stem))
        ids: dict[int, str] = {}
        for place, old in enumerate(places):
            if old is None:
                wanted = wished.rules[place].id
                if not wanted:
                    highest += 1
                    wanted = f"{stem}{highest}"
                ids[place] = self._ids.take(wanted)
        ahead = self._table.below("input", "output", "annotation")
        arranged = self._arranged(
            self._rules,
            places,
            lambda place: self._new_row(ids[place], wished.rules[place]),
            ahead[-1].end if ahead else self._table.opened,
            splices,
        )
        return arranged or splices

    def _cells(self, node: Node, was: Rule, rule: Rule) -> list[Splice]:
        """What changes inside a row that stays."""
        splices: list[Splice] = []
        marks = self._suffixes()
        parts = (
            ("inputEntry", self._columns, was.tests, rule.tests),
            ("outputEntry", self._outputs, was.outputs, rule.outputs),
        )
        names = _match(self._current.annotations, self._wished.annotations, lambda name: name)
        for name, places, before, after in parts:
            entries = node.below(name)
            for place, old in enumerate(places):
                if old is not None and before[old] != after[place]:
                    splices += self._text_in(entries[old], after[place])
            splices += self._arranged(
                entries,
                places,
                lambda place, name=name, after=after: self._entry(  # type: ignore[misc]  # at once
                    name, rule.id + marks[name][place], after[place]
                ),
                self._behind(node, name),
                splices,
            )
        return splices + self._note_cells(node, was, rule, names)

    def _behind(self, node: Node, name: str) -> int:
        ahead = node.below("description", "extensionElements")
        if name != "inputEntry":
            ahead += node.below("inputEntry")
        if name == "annotationEntry":
            ahead += node.below("outputEntry")
        return ahead[-1].end if ahead else node.opened

    def _note_cells(
        self, node: Node, was: Rule, rule: Rule, places: Sequence[int | None]
    ) -> list[Splice]:
        entries = node.below("annotationEntry")
        before, after = _notes(was, self._current), _notes(rule, self._wished)
        if list(places) == list(range(len(self._current.annotations))):
            if before == after:
                return []
            last = max(place for place, text in enumerate(after) if text != before[place])
            splices: list[Splice] = []
            for place, entry in enumerate(entries[: len(after)]):
                if before[place] != after[place]:
                    splices += self._text_in(entry, after[place])
            at = entries[-1].end if entries else self._behind(node, "annotationEntry")
            gap = self._source.indent(entries[-1]) if entries else self._entry_gap(node)
            missing = after[len(entries) : last + 1]
            added = b"".join(gap + self._note(text) for text in missing)
            return [*splices, Splice(at, at, added)] if added else splices
        wanted = [old if old is not None and old < len(entries) else None for old in places]
        inside: list[Splice] = []
        for place, old in enumerate(wanted):
            if old is not None and before[old] != after[place]:
                inside += self._text_in(entries[old], after[place])
        at = self._behind(node, "annotationEntry")
        arranged = self._arranged(
            entries, wanted, lambda place: self._note(after[place]), at, inside
        )
        return [*inside, *arranged]

    def _entry_gap(self, node: Node) -> bytes:
        return self._source.indent(node.children[-1]) if node.children else b""

    def _suffixes(self) -> dict[str, list[str]]:
        """For each cell of a new row what its id adds to the row's, as the first row has it."""
        found: dict[str, list[str]] = {}
        for name, places in (("inputEntry", self._columns), ("outputEntry", self._outputs)):
            entries = self._rules[0].below(name) if self._rules else []
            row = self._current.rules[0].id if self._rules else ""
            suffixes = []
            for number, old in enumerate(places, 1):
                # A first row may be shorter than the table; its missing cells have no id.
                cell = entries[old] if old is not None and old < len(entries) else None
                own = cell.attributes.get("id", "") if cell else ""
                plain = f"-{name[:-5]}-{number}"
                suffixes.append(own.removeprefix(row) if row and own.startswith(row) else plain)
            found[name] = suffixes
        return found

    def _new_row(self, mark: str, rule: Rule) -> bytes:
        source = self._source
        model = self._rules[0] if self._rules else None
        gap = source.indent(model.children[0]) if model and model.children else INDENT + b"  "
        tail = source.indent_end(model) if model else INDENT
        marks = self._suffixes()
        entries = [
            self._entry(name, mark + marks[name][place], text)
            for name, texts in (("inputEntry", rule.tests), ("outputEntry", rule.outputs))
            for place, text in enumerate(texts)
        ]
        notes = _notes(rule, self._wished)
        entries += [self._note(text) for text in notes]
        inner = b"".join(gap + entry for entry in entries)
        return self._element("rule", {"id": mark}, inner + tail)

    def _entry(self, name: str, mark: str, text: str) -> bytes:
        return self._element(name, {"id": self._ids.take(mark)}, self._text(text))

    def _note(self, text: str) -> bytes:
        return self._element("annotationEntry", {}, self._text(text))

    # tags

    def _encoded(self, text: str) -> bytes:
        return self._source.encode(escape_text(text, self._quotes))

    def _text(self, text: str) -> bytes:
        return self._element("text", {}, self._encoded(text))

    def _open(self, name: str, attributes: Attributes) -> str:
        written = "".join(
            f' {key}="{escape_value(value)}"'
            for key, value in attributes.items()
            if value is not None
        )
        return f"<{self._prefix}{name}{written}"

    def _tag(self, name: str, attributes: Attributes) -> bytes:
        return self._source.encode(self._open(name, attributes) + "/>")

    def _element(self, name: str, attributes: Attributes, inner: bytes) -> bytes:
        opened = self._source.encode(self._open(name, attributes) + ">")
        return opened + inner + f"</{self._prefix}{name}>".encode()


def _number(mark: str) -> int:
    found = NUMBERED.fullmatch(mark)
    return int(found.group(2)) if found else 0


def _column_key(column: Column) -> str:
    return column.id or column.expression.text


def _output_key(output: Output) -> str:
    return output.id or output.name


def _match(
    now: Sequence[Part], wished: Sequence[Part], key: Callable[[Part], str]
) -> list[int | None]:
    """For each wished part the place where it stands now; None for a new one."""
    places: dict[str, list[int]] = {}
    for place, part in enumerate(now):
        places.setdefault(key(part), []).append(place)
    found: list[int | None] = []
    for part in wished:
        left = places.get(key(part), [])
        found.append(left.pop(0) if left else None)
    return found
