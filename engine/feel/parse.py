"""FEEL text to tree: recursive descent with precedence climbing, no backtracking.

Loosest first: for, if, some, every, function · or · and · comparison, between, in, instance of ·
`+ -` · `* /` · `**` · unary minus · path, filter, call. Source: DMN 1.5, 10.3.1.2.
"""

import re
from collections.abc import Callable, Collection, Mapping

from engine.feel.evaluation import NoValue
from engine.feel.nodes import (
    Anything,
    Arithmetic,
    Between,
    Call,
    Compared,
    Comparison,
    ContextLiteral,
    Filter,
    For,
    FormalParameter,
    FunctionLiteral,
    If,
    In,
    InstanceOf,
    ListLiteral,
    Literal,
    Logic,
    Name,
    Negation,
    Node,
    Path,
    Quantified,
    RangeLiteral,
    TemporalLiteral,
    Tests,
    TypeName,
    Variable,
)
from engine.feel.reader import Reader
from engine.feel.scan import AFTER_NAME, KEYWORDS, Names
from engine.feel.temporal_text import read_temporal

OR, AND, COMPARE, ADD, MULTIPLY, POWER = range(1, 7)
LEVELS = {
    "or": OR,
    "and": AND,
    **dict.fromkeys(("=", "!=", "<", "<=", ">", ">=", "between", "in", "instance"), COMPARE),
    **dict.fromkeys(("+", "-"), ADD),
    **dict.fromkeys(("*", "/"), MULTIPLY),
    "**": POWER,
}
COMPARISONS = frozenset({"=", "!=", "<", "<=", ">", ">="})
ARGUMENT_NAME = re.compile(r'[^:,()"\[\]{}]*:')
CONSTANTS = {"true": True, "false": False, "null": None}


def parse(
    text: str,
    names: Collection[str],
    builtins: Names,
    fields: Collection[str] = (),
    types: Collection[str] = (),
) -> Node:
    """Return the tree of an expression; Invalid("feel.syntax" | "feel.too_deep" | …)."""
    parser = _Parser(text, names, builtins, fields, types)
    tree = parser.expression()
    parser.finish()
    return tree


def parse_tests(
    text: str,
    names: Collection[str],
    builtins: Names,
    fields: Collection[str] = (),
    types: Collection[str] = (),
) -> Tests:
    """Return the tree of a cell's unary tests; an empty cell is `-`."""
    parser = _Parser(text, [*names, "?"], builtins, fields, types)
    tree = parser.cell()
    parser.finish()
    return tree


def parse_type(text: str, types: Collection[str] = ()) -> TypeName:
    """Return the tree of a type's name; `types` are the declared ones."""
    reader = Reader(text, (), Names(), types=types)
    tree = reader.type_name()
    reader.finish()
    return tree


class _Parser(Reader):
    """One text on its way to a tree."""

    # Expressions

    def expression(self, level: int = 0) -> Node:
        self.deeper()
        node = self.rest(self.prefix(), level)
        self.depth -= 1
        return node

    def rest(self, left: Node, level: int) -> Node:
        """Return `left` with all operators after it that bind tighter than `level`."""
        chained = 0
        while True:
            scan = self.scan
            sign = scan.symbol
            own = LEVELS.get(sign, 0)
            if own <= level or scan.kind not in ("sign", "word"):
                self.depth -= chained
                return left
            if own <= AND:
                left = self.logic(left, sign, own)
            elif own >= ADD:
                left = self.arithmetic(left, own)
            else:
                self.deeper()
                chained += 1
                left = self.compared(left, sign)

    def logic(self, left: Node, operator: str, level: int) -> Node:
        operands = [left]
        while self.at(operator):
            operands.append(self.expression(level))
        return Logic(left.start, self.scan.last, operator, tuple(operands))

    def arithmetic(self, first: Node, level: int) -> Node:
        operators, operands = [], []
        while self.scan.kind == "sign" and LEVELS.get(self.scan.symbol) == level:
            operators.append(self.scan.symbol)
            self.scan.step()
            operands.append(self.expression(level))
        return Arithmetic(first.start, self.scan.last, first, tuple(operators), tuple(operands))

    def compared(self, left: Node, sign: str) -> Node:
        self.scan.step()
        if sign in COMPARISONS:
            right = self.expression(COMPARE)
            return Comparison(left.start, self.scan.last, sign, left, right)
        if sign == "between":
            low = self.expression(COMPARE)
            self.expect("and")
            high = self.expression(COMPARE)
            return Between(left.start, self.scan.last, left, low, high)
        if sign == "instance":
            self.expect("of")
            kind = self.type_name()
            return InstanceOf(left.start, self.scan.last, left, kind)
        tests = self.in_tests()
        return In(left.start, self.scan.last, left, tests)

    def in_tests(self) -> tuple[Node, ...]:
        """Return what stands after `in`: one test, or several in brackets."""
        start = self.scan.start
        if self.scan.symbol != "(" or self.scan.kind != "sign":
            return (self.test(COMPARE),)
        self.deeper()
        self.scan.step()
        tests = [self.test()]
        if self.scan.symbol == ".." and not isinstance(tests[0], Compared):
            node = self.range_after(start, tests[0], False)
        else:
            while self.at(","):
                tests.append(self.test())
            self.expect(")")
            if len(tests) > 1 or isinstance(tests[0], Compared):
                self.depth -= 1
                return tuple(tests)
            node = tests[0]
        self.depth -= 1
        return (self.rest(self.postfix(node), COMPARE),)

    def prefix(self) -> Node:
        scan = self.scan
        start = scan.start
        if scan.kind == "sign" and scan.symbol == "-":
            scan.step()
            self.deeper()
            operand = self.prefix()
            self.depth -= 1
            return Negation(start, scan.last, operand)
        if scan.kind == "word":
            special = SPECIAL.get(scan.symbol)
            if special is not None and self.declared() is None:
                return special(self)
        return self.postfix(self.primary())

    def primary(self) -> Node:
        scan = self.scan
        start, symbol = scan.start, scan.symbol
        match scan.kind:
            case "number":
                scan.step()
                return Literal(start, scan.last, self.number(symbol, start))
            case "string":
                scan.step()
                return Literal(start, scan.last, self.string(symbol, start))
            case "word":
                return self.name()
        match symbol:
            case "(":
                return self.bracket()
            case "[":
                return self.square()
            case "]":
                scan.step()
                return self.range_after(start, self.expression(), False)
            case "{":
                return self.context()
            case "@":
                return self.temporal()
        raise scan.error("expression")

    def postfix(self, node: Node) -> Node:
        scan = self.scan
        start, chained = node.start, 0
        while scan.kind == "sign" and scan.symbol in (".", "[", "("):
            if scan.symbol == "[" and self.closes_range():
                break
            self.deeper()
            chained += 1
            sign = scan.symbol
            scan.step()
            if sign == ".":
                name = self.field()
                node = Path(start, scan.last, node, name)
            elif sign == "[":
                condition = self.scoped(("item",), self.expression)
                self.expect("]")
                node = Filter(start, scan.last, node, condition)
            else:
                node = self.call(node)
        self.depth -= chained
        return node

    def closes_range(self) -> bool:
        """Return whether `[` is the open end of `]a..b[`: nothing can be filtered after it."""
        kind, symbol = self.scan.peek()
        if kind == "word":
            return symbol in AFTER_NAME and symbol != "not"
        if symbol == "-":  # a negative place of a list, unless nothing closes the bracket
            return "]" not in self.scan.text[self.scan.end :]
        return kind == "end" or (kind == "sign" and symbol not in "([{-@]") or symbol == "]"

    # Names and literals

    def name(self) -> Node:
        scan = self.scan
        start, symbol = scan.start, scan.symbol
        best = self.declared()
        if best is None and symbol in CONSTANTS:
            scan.step()
            return Literal(start, scan.last, CONSTANTS[symbol])
        if best is None and symbol in KEYWORDS and symbol != "not":
            raise scan.error("expression")
        end = scan.end if best is None else best[1]
        scan.jump(end)
        goes_on = scan.kind == "word" and scan.symbol not in AFTER_NAME
        if best is None or goes_on:
            scan.move(start)
            name, end = scan.run()
            scan.jump(end)
            return Name(start, end, name)
        return Name(start, end, best[0])

    def temporal(self) -> Node:
        scan = self.scan
        start = scan.start
        scan.step()
        if scan.kind != "string":
            raise scan.error("string")
        text = self.string(scan.symbol, scan.start)
        scan.step()
        try:
            return TemporalLiteral(start, scan.last, text, read_temporal(text), None)
        except NoValue as fault:
            return TemporalLiteral(start, scan.last, text, None, fault)

    def bracket(self) -> Node:
        """Return `(a)`, `(a..b)`, or the test value `(< a)`."""
        scan = self.scan
        start = scan.start
        scan.step()
        if scan.kind == "sign" and scan.symbol in COMPARISONS:
            test = self.test()
            self.expect(")")
            assert isinstance(test, Compared)  # noqa: S101  # by the sign it begins with
            return self.one_sided(start, test)
        if scan.kind == "sign" and scan.symbol == "..":
            scan.step()
            return self.range_end(start, None, False)
        node = self.expression()
        if scan.symbol == ".." and scan.kind == "sign":
            return self.range_after(start, node, False)
        self.expect(")")
        return node

    def one_sided(self, start: int, test: Compared) -> Node:
        end, operator = self.scan.last, test.operator
        if operator in ("=", "!="):
            return RangeLiteral(start, end, test.operand, test.operand, True, True, operator)
        closed = operator in ("<=", ">=")
        if operator[0] == "<":
            return RangeLiteral(start, end, None, test.operand, False, closed)
        return RangeLiteral(start, end, test.operand, None, closed, False)

    def square(self) -> Node:
        """Return `[a, b]` or `[a..b]`."""
        scan = self.scan
        start = scan.start
        scan.step()
        items: list[Node] = []
        if self.at("]"):
            return ListLiteral(start, scan.last, ())
        items.append(self.expression())
        if scan.symbol == ".." and scan.kind == "sign":
            return self.range_after(start, items[0], True)
        while self.at(","):
            items.append(self.expression())
        self.expect("]")
        return ListLiteral(start, scan.last, tuple(items))

    def range_after(self, start: int, low: Node, closed: bool) -> Node:
        self.expect("..")
        return self.range_end(start, low, closed)

    def range_end(self, start: int, low: Node | None, closed: bool) -> Node:
        scan = self.scan
        open_end = scan.symbol == ")" or (scan.symbol == "[" and self.closes_range())
        high = None if low is not None and open_end else self.expression(COMPARE)
        if scan.kind != "sign" or scan.symbol not in ("]", ")", "["):
            raise scan.error("]")
        high_closed = scan.symbol == "]"
        scan.step()
        return RangeLiteral(start, scan.last, low, high, closed, high_closed)

    def context(self) -> Node:
        scan = self.scan
        start = scan.start
        scan.step()
        names: list[str] = []
        values: list[Node] = []
        scope = Names()
        self.scopes.append(scope)
        if self.own_fields is None:
            self.own_fields = Names()
        while scan.symbol != "}" or names:
            if scan.kind == "string":
                name = self.string(scan.symbol, scan.start)
                scan.step()
            else:
                name = self.written_name((":",))
            self.expect(":")
            self.own_fields.add(name)
            values.append(self.expression())
            names.append(name)
            scope.add(name)
            if not self.at(","):
                break
        self.expect("}")
        self.scopes.pop()
        return ContextLiteral(start, scan.last, tuple(names), tuple(values))

    # Calls and functions

    def call(self, function: Node) -> Node:
        scan = self.scan
        arguments: list[Node] = []
        names: list[str] = []
        named = scan.kind == "word" and ARGUMENT_NAME.match(scan.text, scan.start) is not None
        while scan.symbol != ")" or arguments:
            if named:
                names.append(self.written_name((":",)))
                self.expect(":")
            arguments.append(self.expression())
            if not self.at(","):
                break
        self.expect(")")
        if len(set(names)) < len(names):
            raise scan.error("name", function.start)
        given = tuple(names) if named else None
        return Call(function.start, scan.last, function, tuple(arguments), given)

    def function(self) -> Node:
        scan = self.scan
        start = scan.start
        scan.step()
        self.expect("(")
        parameters: list[FormalParameter] = []
        while scan.symbol != ")" or parameters:
            own = scan.start
            name = self.written_name((":", ",", ")"))
            kind = self.type_name() if self.at(":") else None
            parameters.append(FormalParameter(own, scan.last, name, kind))
            if not self.at(","):
                break
        self.expect(")")
        external = scan.kind == "word" and self.at("external")
        body = self.scoped([one.name for one in parameters], self.expression)
        return FunctionLiteral(start, scan.last, tuple(parameters), body, external)

    # if, for, some, every

    def conditional(self) -> Node:
        scan = self.scan
        start = scan.start
        conditions: list[Node] = []
        values: list[Node] = []
        while True:
            self.expect("if")
            conditions.append(self.expression())
            self.expect("then")
            values.append(self.expression())
            self.expect("else")
            if scan.symbol != "if" or self.declared() is not None:
                break
        otherwise = self.expression()
        return If(start, scan.last, tuple(conditions), tuple(values), otherwise)

    def variables(self) -> tuple[Variable, ...]:
        """Return the variables of an iteration; leaves a scope open that holds their names."""
        scan = self.scan
        scan.step()
        scope = Names()
        self.scopes.append(scope)
        found: list[Variable] = []
        while True:
            start = scan.start
            name = self.written_name(("in",))
            self.expect("in")
            source = self.expression()
            until = self.expression() if self.at("..") else None
            found.append(Variable(start, scan.last, name, source, until))
            scope.add(name)
            if not self.at(","):
                return tuple(found)

    def loop(self) -> Node:
        start = self.scan.start
        variables = self.variables()
        self.expect("return")
        self.scopes[-1].add("partial")
        body = self.expression()
        self.scopes.pop()
        return For(start, self.scan.last, variables, body)

    def quantified(self) -> Node:
        start, quantifier = self.scan.start, self.scan.symbol
        variables = self.variables()
        self.expect("satisfies")
        condition = self.expression()
        self.scopes.pop()
        return Quantified(start, self.scan.last, quantifier, variables, condition)

    # Unary tests

    def cell(self) -> Tests:
        scan = self.scan
        start = scan.start
        if scan.kind == "end":
            return Tests(0, 0, (Anything(0, 0),), False)
        if scan.symbol == "-" and not scan.text[scan.end :].strip():
            scan.step()
            return Tests(start, scan.last, (Anything(start, scan.last),), False)
        if scan.symbol == "not" and self.declared() in (None, ("not", scan.end)):
            return self.negated_cell()
        tests = self.test_list([self.test()])
        return Tests(start, scan.last, tests, False)

    def test_list(self, tests: list[Node]) -> tuple[Node, ...]:
        while self.at(","):
            tests.append(self.test())
        return tuple(tests)

    def negated_cell(self) -> Tests:
        """Return `not(tests)`; when the cell goes on behind it, `not` is the function."""
        scan = self.scan
        start, name_end = scan.start, scan.end
        scan.step()
        self.expect("(")
        tests = self.test_list([self.test()])
        self.expect(")")
        if scan.kind == "end":
            return Tests(start, scan.last, tests, True)
        if len(tests) > 1 or isinstance(tests[0], Compared):
            raise scan.error("end")
        call = Call(start, scan.last, Name(start, name_end, "not"), tests, None)
        return Tests(start, scan.last, self.test_list([self.rest(self.postfix(call), 0)]), False)

    def test(self, level: int = 0) -> Node:
        scan = self.scan
        if scan.kind == "sign" and scan.symbol in COMPARISONS:
            start, operator = scan.start, scan.symbol
            scan.step()
            operand = self.expression(COMPARE)
            return Compared(start, scan.last, operator, operand)
        return self.expression(level)


SPECIAL: Mapping[str, Callable[[_Parser], Node]] = {
    "if": _Parser.conditional,
    "for": _Parser.loop,
    "some": _Parser.quantified,
    "every": _Parser.quantified,
    "function": _Parser.function,
}
