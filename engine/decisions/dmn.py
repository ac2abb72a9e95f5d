"""DMN XML of 1.2 to 1.5 into a `Model`; what cannot be meant is refused with its line."""

import unicodedata
from collections.abc import Iterator

from lxml import etree

from engine.decisions.model import (
    Aggregation,
    Boxed,
    BoxedContext,
    BoxedFunction,
    BoxedList,
    Column,
    Conditional,
    DecisionNode,
    DecisionTable,
    Element,
    Entry,
    Filter,
    HitPolicy,
    Import,
    InputData,
    Invocation,
    ItemDefinition,
    Iteration,
    Knowledge,
    Literal,
    Model,
    Output,
    Reference,
    Relation,
    Rule,
    Service,
    Variable,
)
from engine.kernel import xml as kernel_xml
from engine.kernel.errors import Invalid

NAMESPACES = frozenset(
    {
        "http://www.omg.org/spec/DMN/20180521/MODEL/",  # 1.2
        "https://www.omg.org/spec/DMN/20191111/MODEL/",  # 1.3
        "https://www.omg.org/spec/DMN/20211108/MODEL/",  # 1.4
        "https://www.omg.org/spec/DMN/20230324/MODEL/",  # 1.5
    }
)
HALL_NAMESPACE = "urn:zhengwu-hall:dmn:1"
FEEL_LANGUAGES = ("feel", "/FEEL/")
MAX_ROWS = 5_000
MAX_COLUMNS = 100
MAX_CELL = 16_384
BOXED = (
    "literalExpression",
    "decisionTable",
    "context",
    "invocation",
    "relation",
    "list",
    "functionDefinition",
    "conditional",
    "filter",
    "for",
    "some",
    "every",
)


def read_model(data: bytes) -> Model:
    """Return the model of one DMN file.

    Raises Invalid: `xml.…` of the hardened reader; `dmn.namespace` (namespace) for what is no
    DMN 1.2 to 1.5; `dmn.duplicate_id` (id); `dmn.hit_policy`, `dmn.aggregation` (value);
    `dmn.cells` (row, expected, found); `dmn.too_many_rows`, `dmn.too_many_columns` (limit);
    `dmn.cell_too_long` (limit); `dmn.language` (language); `dmn.broken` (element, missing);
    `dmn.unknown_reference` (href); `dmn.cycle` (names). All but `xml.too_large` with the line.
    """
    root = kernel_xml.read(data)
    name = etree.QName(root)
    if name.localname != "definitions" or name.namespace not in NAMESPACES:
        raise Invalid("dmn.namespace", namespace=name.namespace or "", line=_line(root))
    return _Reader(root, name.namespace).model()


def _line(element: etree._Element) -> int:
    return int(element.sourceline or 0)


class _Reader:
    """Reads one file; knows its DMN namespace, so that foreign elements are passed over."""

    def __init__(self, root: etree._Element, namespace: str) -> None:
        self._root, self._space = root, namespace
        self._own = root.get("namespace", "")

    def model(self) -> Model:
        self._refuse_double_ids()
        elements: dict[str, Element] = {}
        for node in self._children(self._root):
            element = self._element(node)
            if element is not None:
                elements[element.id] = element
        model = Model(
            self._root.get("name", ""),
            self._own,
            tuple(
                Import(self._need(node, "name"), self._need(node, "namespace"), _line(node))
                for node in self._children(self._root, "import")
            ),
            tuple(self._item(node) for node in self._children(self._root, "itemDefinition")),
            elements,
        )
        _refuse_unknown(model)
        _refuse_cycles(model)
        return model

    # the tree of XML

    def _children(self, node: etree._Element, *tags: str) -> Iterator[etree._Element]:
        for child in node:
            if isinstance(child.tag, str):
                name = etree.QName(child)
                if name.namespace == self._space and (not tags or name.localname in tags):
                    yield child

    def _child(self, node: etree._Element, *tags: str) -> etree._Element | None:
        return next(self._children(node, *tags), None)

    def _need(self, node: etree._Element, attribute: str) -> str:
        value = node.get(attribute)
        if not value:
            raise Invalid("dmn.broken", element=_tag(node), missing=attribute, line=_line(node))
        return value

    def _text(self, node: etree._Element | None) -> str | None:
        """The content of the `text` child; None without one."""
        found = None if node is None else self._child(node, "text")
        if found is None:
            return None
        text = "".join(str(part) for part in found.itertext()).strip()
        if len(text) > MAX_CELL:
            raise Invalid("dmn.cell_too_long", limit=MAX_CELL, line=_line(found))
        return text

    def _refuse_double_ids(self) -> None:
        seen: set[str] = set()
        for node in self._root.iter(f"{{{self._space}}}*"):
            mark = node.get("id")
            if mark is not None and mark in seen:
                raise Invalid("dmn.duplicate_id", id=mark, line=_line(node))
            if mark is not None:
                seen.add(mark)

    # the graph

    def _element(self, node: etree._Element) -> Element | None:
        tag = _tag(node)
        if tag not in {"inputData", "decision", "businessKnowledgeModel", "decisionService"}:
            return None
        name, line = self._need(node, "name"), _line(node)
        id_ = str(node.get("id") or name)
        variable = self._variable(node)
        match tag:
            case "inputData":
                return InputData(id_, name, variable, line)
            case "decision":
                logic, question = self._boxed(node), self._child(node, "question")
                asked = "" if question is None else (question.text or "").strip()
                moment = node.get(f"{{{HALL_NAMESPACE}}}moment")
                return DecisionNode(
                    id_, name, variable, self._requirements(node), logic, asked, line, moment
                )
            case "businessKnowledgeModel":
                within = self._child(node, "encapsulatedLogic")
                function = BoxedFunction((), None) if within is None else self._function(within)
                return Knowledge(id_, name, variable, self._requirements(node), function, line)
        return Service(
            id_,
            name,
            variable,
            self._hrefs(node, "inputData") + self._hrefs(node, "inputDecision"),
            self._hrefs(node, "outputDecision"),
            line,
        )

    def _variable(self, node: etree._Element) -> Variable:
        variable = self._child(node, "variable")
        if variable is None:
            return Variable(spell(node.get("name", "")))
        return Variable(spell(variable.get("name") or node.get("name") or ""), _type(variable))

    def _requirements(self, node: etree._Element) -> tuple[Reference, ...]:
        found: list[Reference] = []
        for need in self._children(node, "informationRequirement", "knowledgeRequirement"):
            found += self._hrefs(need, "requiredInput", "requiredDecision", "requiredKnowledge")
        return tuple(found)

    def _hrefs(self, node: etree._Element, *tags: str) -> tuple[Reference, ...]:
        found = []
        for child in self._children(node, *tags):
            space, _, mark = self._need(child, "href").rpartition("#")
            found.append(Reference(space or self._own, mark))
        return tuple(found)

    def _item(self, node: etree._Element) -> ItemDefinition:
        reference = self._child(node, "typeRef")
        function = self._child(node, "functionItem")
        return ItemDefinition(
            spell(node.get("name", "")),
            None if reference is None else _plain_type(reference.text),
            node.get("isCollection") in {"true", "1"},
            tuple(self._item(part) for part in self._children(node, "itemComponent")),
            self._text(self._child(node, "allowedValues")),
            self._text(self._child(node, "typeConstraint")),
            None if function is None else self._parameters(function, "parameters"),
            None if function is None else _plain_type(function.get("outputTypeRef")),
            _line(node),
        )

    def _parameters(self, node: etree._Element, tag: str) -> tuple[Variable, ...]:
        return tuple(
            Variable(spell(part.get("name", "")), _type(part)) for part in self._children(node, tag)
        )

    # boxed expressions

    def _boxed(self, node: etree._Element | None) -> Boxed | None:
        """The first expression below `node`; None where nothing is written."""
        found = None if node is None else self._child(node, *BOXED)
        return None if found is None else self._expression(found)

    def _part(self, node: etree._Element, tag: str) -> Boxed:
        """The expression in the child `tag`, e.g. the `then` of a conditional."""
        child = self._child(node, tag)
        return self._boxed(child) or Literal("null", None, _line(node if child is None else child))

    def _expression(self, node: etree._Element) -> Boxed:
        match _tag(node):
            case "literalExpression":
                return self._literal(node)
            case "decisionTable":
                return self._table(node)
            case "context":
                return BoxedContext(
                    tuple(self._entry(part) for part in self._children(node, "contextEntry")),
                    _type(node),
                )
            case "list":
                return BoxedList(self._items(node), _type(node))
            case "relation":
                rows = tuple(self._items(row) for row in self._children(node, "row"))
                return Relation(self._parameters(node, "column"), rows, _type(node))
            case "invocation":
                return Invocation(
                    self._boxed(node) or Literal("null"),
                    tuple(self._binding(part) for part in self._children(node, "binding")),
                    _type(node),
                )
            case "functionDefinition":
                return self._function(node)
            case "conditional":
                condition, then = self._part(node, "if"), self._part(node, "then")
                return Conditional(condition, then, self._part(node, "else"), _type(node))
            case "filter":
                return Filter(self._part(node, "in"), self._part(node, "match"), _type(node))
        body = "return" if _tag(node) == "for" else "satisfies"
        return Iteration(
            _tag(node),
            spell(self._need(node, "iteratorVariable")),
            self._part(node, "in"),
            self._part(node, body),
            _type(node),
        )

    def _literal(self, node: etree._Element) -> Literal:
        language = node.get("expressionLanguage")
        if language is not None and not language.endswith(FEEL_LANGUAGES):
            raise Invalid("dmn.language", language=language, line=_line(node))
        return Literal(self._text(node) or "null", _type(node), _line(node))

    def _items(self, node: etree._Element) -> tuple[Boxed, ...]:
        return tuple(self._expression(part) for part in self._children(node, *BOXED))

    def _entry(self, node: etree._Element) -> Entry:
        variable = self._child(node, "variable")
        named = None if variable is None else self._variable(node)
        return Entry(named, self._boxed(node) or Literal("null"))

    def _binding(self, node: etree._Element) -> tuple[str, Boxed]:
        parameter = self._child(node, "parameter")
        if parameter is None:
            raise Invalid("dmn.broken", element="binding", missing="parameter", line=_line(node))
        return spell(self._need(parameter, "name")), self._boxed(node) or Literal("null")

    def _function(self, node: etree._Element) -> BoxedFunction:
        kind = node.get("kind", "FEEL")
        return BoxedFunction(
            self._parameters(node, "formalParameter"), self._boxed(node), kind, _type(node)
        )

    # tables

    def _table(self, node: etree._Element) -> DecisionTable:
        columns = tuple(self._column(part) for part in self._children(node, "input"))
        outputs = tuple(self._output(part) for part in self._children(node, "output"))
        if len(columns) + len(outputs) > MAX_COLUMNS:
            raise Invalid("dmn.too_many_columns", limit=MAX_COLUMNS, line=_line(node))
        rows = list(self._children(node, "rule"))
        if len(rows) > MAX_ROWS:
            raise Invalid("dmn.too_many_rows", limit=MAX_ROWS, line=_line(node))
        policy, aggregation = node.get("hitPolicy", "UNIQUE"), node.get("aggregation")
        if policy not in set(HitPolicy):
            raise Invalid("dmn.hit_policy", value=policy, line=_line(node))
        if aggregation is not None and (
            aggregation not in set(Aggregation) or policy != HitPolicy.COLLECT or len(outputs) > 1
        ):
            raise Invalid("dmn.aggregation", value=aggregation, line=_line(node))
        return DecisionTable(
            columns,
            outputs,
            tuple(
                self._rule(row, number, len(columns), len(outputs))
                for number, row in enumerate(rows, 1)
            ),
            HitPolicy(policy),
            None if aggregation is None else Aggregation(aggregation),
            tuple(part.get("name", "") for part in self._children(node, "annotation")),
            _type(node),
            _line(node),
        )

    def _column(self, node: etree._Element) -> Column:
        expression = self._child(node, "inputExpression")
        text = self._text(expression)
        if expression is None or text is None:
            raise Invalid(
                "dmn.broken", element="input", missing="inputExpression", line=_line(node)
            )
        return Column(
            node.get("id", ""),
            node.get("label") or text,
            Literal(text, _type(expression), _line(expression)),
            self._text(self._child(node, "inputValues")),
        )

    def _output(self, node: etree._Element) -> Output:
        default = self._child(node, "defaultOutputEntry")
        within = default if default is None else self._child(default, "literalExpression")
        return Output(
            node.get("id", ""),
            spell(node.get("name", "")),
            node.get("label") or node.get("name") or "",
            _type(node),
            self._text(self._child(node, "outputValues")),
            self._text(default if within is None else within),
        )

    def _rule(self, node: etree._Element, number: int, columns: int, outputs: int) -> Rule:
        tests = tuple(self._text(part) or "-" for part in self._children(node, "inputEntry"))
        values = tuple(self._text(part) or "null" for part in self._children(node, "outputEntry"))
        if (len(tests), len(values)) != (columns, outputs):
            raise Invalid(
                "dmn.cells",
                row=number,
                expected=columns + outputs,
                found=len(tests) + len(values),
                line=_line(node),
            )
        notes = tuple(self._text(part) or "" for part in self._children(node, "annotationEntry"))
        return Rule(node.get("id") or f"row-{number}", number, tests, values, notes, _line(node))


def spell(name: str) -> str:
    """Return a name as FEEL compares it: NFC, runs of white space (U+3000 too) one space."""
    return " ".join(unicodedata.normalize("NFC", name).split())


def _tag(node: etree._Element) -> str:
    return str(etree.QName(node).localname)


def _type(node: etree._Element) -> str | None:
    return _plain_type(node.get("typeRef"))


def _plain_type(text: str | None) -> str | None:
    """A type's name without the prefix that older tools put before FEEL's own types."""
    if text is None or not text.strip():
        return None
    return spell(text.strip().removeprefix("feel:"))


def _refuse_unknown(model: Model) -> None:
    imported = {item.namespace for item in model.imports}
    for element in model.elements.values():
        for reference in _needs(element):
            known = model.elements if reference.namespace == model.namespace else None
            if reference.namespace not in imported and (known is None or reference.id not in known):
                raise Invalid("dmn.unknown_reference", href=reference.text, line=element.line)


def _needs(element: Element) -> tuple[Reference, ...]:
    match element:
        case DecisionNode() | Knowledge():
            return element.requires
        case Service():
            return element.inputs + element.outputs
    return ()


def _refuse_cycles(model: Model) -> None:
    """Walk the requirements; a service needs nothing that would close a circle by itself."""
    done: set[str] = set()
    for start in model.elements:
        path: list[str] = []
        stack: list[tuple[str, bool]] = [(start, False)]
        while stack:
            mark, leaving = stack.pop()
            if leaving:
                done.add(path.pop())
                continue
            if mark in done or mark not in model.elements:
                continue
            if mark in path:
                names = [model.elements[part].name for part in path[path.index(mark) :]]
                raise Invalid(
                    "dmn.cycle",
                    names=" → ".join([*names, names[0]]),
                    line=model.elements[mark].line,
                )
            path.append(mark)
            stack.append((mark, True))
            stack += [
                (need.id, False)
                for need in _needs(model.elements[mark])
                if need.namespace == model.namespace
            ]
