"""Tree to text: an expression as FEEL writes it, so that reading it again gives the same tree.

Renaming a fact changes the tree and writes it anew; text is never searched and replaced.
"""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

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
from engine.feel.parse import AND, COMPARE, LEVELS, OR, POWER
from engine.feel.scan import KEYWORDS, WORD
from engine.feel.values import literal

UNARY, POSTFIX = POWER + 1, POWER + 2
ESCAPES = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"})


def write(node: Node) -> str:
    """Return the text of a tree."""
    return WRITERS[type(node)](node)


def _level(node: Node) -> int:
    """Return how tightly the node holds together."""
    match node:
        case For() | Quantified() | If() | FunctionLiteral():
            return 0
        case Logic():
            return OR if node.operator == "or" else AND
        case Comparison() | Between() | In() | InstanceOf():
            return COMPARE
        case Arithmetic():
            return LEVELS[node.operators[0]]
        case Negation():
            return UNARY
        case Literal() if isinstance(node.value, Decimal) and node.value < 0:
            return UNARY
    return POSTFIX


def _part(node: Node, level: int) -> str:
    """Return the text of a part, in brackets when it holds less tightly than `level`."""
    text = write(node)
    return f"({text})" if _level(node) < level else text


def _literal(node: Literal) -> str:
    if isinstance(node.value, str):
        return _string(node.value)
    return literal(node.value)


def _string(text: str) -> str:
    return f'"{text.translate(ESCAPES)}"'


def _key(name: str) -> str:
    words = name.split(" ")
    plain = all(WORD.fullmatch(word) and word not in KEYWORDS for word in words)
    return name if plain else _string(name)


def _call(node: Call) -> str:
    given = [write(argument) for argument in node.arguments]
    if node.names is not None:
        given = [f"{name}: {text}" for name, text in zip(node.names, given, strict=True)]
    return f"{_part(node.function, POSTFIX)}({', '.join(given)})"


def _arithmetic(node: Arithmetic) -> str:
    level = LEVELS[node.operators[0]]
    parts = [_part(node.first, level + 1)]
    for operator, operand in zip(node.operators, node.operands, strict=True):
        parts += [operator, _part(operand, level + 1)]
    return " ".join(parts)


def _logic(node: Logic) -> str:
    level = _level(node) + 1
    return f" {node.operator} ".join(_part(operand, level) for operand in node.operands)


def _comparison(node: Comparison) -> str:
    left = _part(node.left, COMPARE)
    return f"{left} {node.operator} {_part(node.right, COMPARE + 1)}"


def _between(node: Between) -> str:
    low, high = _part(node.low, COMPARE + 1), _part(node.high, COMPARE + 1)
    return f"{_part(node.value, COMPARE)} between {low} and {high}"


def _in(node: In) -> str:
    value = _part(node.value, COMPARE)
    only = node.tests[0]
    if (
        len(node.tests) == 1
        and isinstance(only, RangeLiteral)
        and (only.sign or not only.low or not only.high)
    ):
        return f"{value} in ({write(only)})"  # in one pair of brackets it were a test
    if len(node.tests) == 1 and not isinstance(only, Compared):
        return f"{value} in {_part(only, COMPARE + 1)}"
    return f"{value} in ({', '.join(map(write, node.tests))})"


def _if(node: If) -> str:
    pairs = zip(node.conditions, node.values, strict=True)
    branches = [f"if {write(condition)} then {write(value)} else " for condition, value in pairs]
    return "".join(branches) + write(node.otherwise)


def _variable(node: Variable) -> str:
    until = f"..{write(node.until)}" if node.until is not None else ""
    return f"{node.name} in {write(node.source)}{until}"


def _for(node: For) -> str:
    return f"for {', '.join(map(_variable, node.variables))} return {write(node.body)}"


def _quantified(node: Quantified) -> str:
    variables = ", ".join(map(_variable, node.variables))
    return f"{node.quantifier} {variables} satisfies {write(node.condition)}"


def _context(node: ContextLiteral) -> str:
    pairs = zip(node.names, node.values, strict=True)
    return "{" + ", ".join(f"{_key(name)}: {write(value)}" for name, value in pairs) + "}"


def _end(node: Node | None) -> str:
    text = _part(node, COMPARE + 1) if node is not None else ""
    # The bracket of a list could be taken for that of the range.
    return f"({text})" if text.startswith("[") else text


def _range(node: RangeLiteral) -> str:
    low, high = _end(node.low), _end(node.high)
    if node.sign:
        return f"({node.sign} {low})"
    if node.low is None:
        return f"(<{'=' if node.high_closed else ''} {high})"
    if node.high is None:
        return f"(>{'=' if node.low_closed else ''} {low})"
    return f"{'[' if node.low_closed else '('}{low}..{high}{']' if node.high_closed else ')'}"


def _type(node: TypeName) -> str:
    if node.parts is None:
        return node.name
    parts = [write(part) for part in node.parts]
    if node.names is not None:
        parts = [f"{name}: {part}" for name, part in zip(node.names, parts, strict=True)]
    result = f" -> {write(node.result)}" if node.result is not None else ""
    return f"{node.name}<{', '.join(parts)}>{result}"


def _parameter(node: FormalParameter) -> str:
    return f"{node.name}: {write(node.type)}" if node.type is not None else node.name


def _function(node: FunctionLiteral) -> str:
    parameters = ", ".join(map(_parameter, node.parameters))
    return f"function({parameters}){' external' if node.external else ''} {write(node.body)}"


def _tests(node: Tests) -> str:
    tests = ", ".join(map(write, node.tests))
    return f"not({tests})" if node.negated else tests


WRITERS: Mapping[type[Node], Callable[[Any], str]] = {
    Literal: _literal,
    TemporalLiteral: lambda node: f"@{_string(node.text)}",
    Name: lambda node: node.name,
    Path: lambda node: f"{_part(node.source, POSTFIX)}.{node.name}",
    Filter: lambda node: f"{_part(node.source, POSTFIX)}[{write(node.condition)}]",
    Call: _call,
    Arithmetic: _arithmetic,
    Negation: lambda node: f"-{_part(node.operand, UNARY)}",
    Comparison: _comparison,
    Between: _between,
    In: _in,
    Logic: _logic,
    If: _if,
    Variable: _variable,
    For: _for,
    Quantified: _quantified,
    ListLiteral: lambda node: f"[{', '.join(map(write, node.items))}]",
    ContextLiteral: _context,
    RangeLiteral: _range,
    TypeName: _type,
    InstanceOf: lambda node: f"{_part(node.value, COMPARE)} instance of {write(node.type)}",
    FormalParameter: _parameter,
    FunctionLiteral: _function,
    Anything: lambda node: "-",
    Compared: lambda node: f"{node.operator} {_part(node.operand, COMPARE + 1)}",
    Tests: _tests,
}
