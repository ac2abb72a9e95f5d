"""JUEL and foreign FEEL become our FEEL, token by token; what is not understood stays untranslated.

JUEL is the expression language of Camunda 7 and Flowable (Jakarta Expression Language 3.0, §1);
FEEL that Camunda 8 writes begins with `=`.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass

from engine.feel.compile import expression
from engine.kernel.errors import Invalid

TOKEN = re.compile(
    r"""\s*(?:
      (?P<number>\d+(?:\.\d+)?(?![\w.]))
    | (?P<string>'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")
    | (?P<name>[^\W\d][\w$]*)
    | (?P<sign>&&|\|\||==|!=|<=|>=|[-+*/%<>!?:().,\[\]])
    )""",
    re.VERBOSE,
)
WRAPPED = re.compile(r"[$#]\{(.*)\}", re.DOTALL)
MOST = 4_000
DEEPEST = 40
COMPARED = {
    "==": "=", "eq": "=", "!=": "!=", "ne": "!=", "<": "<", "lt": "<",
    ">": ">", "gt": ">", "<=": "<=", "le": "<=", ">=": ">=", "ge": ">=",
}  # fmt: skip
GETTERS = frozenset({"getVariable", "getVariableLocal", "get", "getOrDefault"})
HOLDERS = frozenset({"execution", "task", "variables", "vars", "variableContainer"})
# The counters of multi-instance in the words of the standard (BPMN 2.0.2, table 10.30).
COUNTS = {
    "nrOfInstances": "numberOfInstances",
    "nrOfActiveInstances": "numberOfActiveInstances",
    "nrOfCompletedInstances": "numberOfCompletedInstances",
}
ESCAPED = re.compile(r"\\(.)", re.DOTALL)
# Texts in other languages that FEEL would read as a name of several words.
WORDS = re.compile(r"[^\W\d]\w*(\s+[^\W\d]\w*)+")


class _NoEqual(Exception):
    """A part of an expression for which FEEL has no equal, or that is no JUEL."""


@dataclass(frozen=True)
class _Token:
    kind: str
    text: str


def translated(text: str, language: str = "", names: Collection[str] = ()) -> str | None:
    """Return the FEEL for an expression of another tool, or None when there is no sure equal.

    `${…}` and `#{…}` are JUEL, a leading `=` is FEEL; anything else is FEEL unless `language`
    (an address or a name) says otherwise. `names` are the FEEL names that hold spaces or signs.
    The result parses; whether its names are known is for the publish gate to say.
    """
    clean = text.strip()
    if not clean or len(clean) > MOST:
        return None
    wrapped = WRAPPED.fullmatch(clean)
    if wrapped is not None:
        if "${" in wrapped[1] or "#{" in wrapped[1]:
            return None
        made = juel(wrapped[1])
    elif language and not _is_feel(language):
        made = juel(clean) if language.lower().endswith(("juel", "uel")) else None
    else:
        made = clean.removeprefix("=").strip()
        if WORDS.fullmatch(made) and made not in names:
            return None
    return made if made and _parses(made, names) else None


def kept(text: str) -> str:
    """Return a text that is no FEEL, so that no gate lets it pass, as near to `text` as can be."""
    return f"${{{text}}}" if _parses(text, ()) else text


def juel(text: str) -> str | None:
    """Return the FEEL for the inside of `${…}`, or None when there is no sure equal."""
    try:
        return _Reader(_tokens(text)).whole()
    except _NoEqual:
        return None


def _is_feel(language: str) -> bool:
    return language.lower().rstrip("/").endswith("feel") or "XPath" in language


def _parses(text: str, names: Collection[str]) -> bool:
    try:
        expression(text, names)
    except Invalid:
        return False
    return True


def _tokens(text: str) -> list[_Token]:
    found, at = [], 0
    clean = text.rstrip()
    while at < len(clean):
        match = TOKEN.match(clean, at)
        if match is None or match.lastgroup is None:
            raise _NoEqual
        found.append(_Token(match.lastgroup, match[match.lastgroup]))
        at = match.end()
    return [*found, _Token("end", "")]


class _Reader:
    """A reader of JUEL by falling precedence: ?:, or, and, equality, order, sum, product, sign."""

    def __init__(self, tokens: list[_Token]) -> None:
        self._tokens, self._at, self._depth = tokens, 0, 0

    def whole(self) -> str:
        made = self._choice()
        if self._now.kind != "end":
            raise _NoEqual
        return made[1:-1] if _is_bracketed(made) else made

    @property
    def _now(self) -> _Token:
        return self._tokens[self._at]

    def _take(self, *texts: str) -> str | None:
        # A quoted word is a value, never an operator.
        if self._now.kind == "string" or self._now.text not in texts:
            return None
        self._at += 1
        return self._tokens[self._at - 1].text

    def _need(self, text: str) -> None:
        if self._take(text) is None:
            raise _NoEqual

    def _choice(self) -> str:
        self._depth += 1
        if self._depth > DEEPEST:
            raise _NoEqual
        made = self._either()
        if self._take("?"):
            yes = self._choice()
            self._need(":")
            made = f"(if {made} then {yes} else {self._choice()})"
        self._depth -= 1
        return made

    def _either(self) -> str:
        parts = [self._both()]
        while self._take("||", "or"):
            parts.append(self._both())
        return parts[0] if len(parts) == 1 else f"({' or '.join(parts)})"

    def _both(self) -> str:
        parts = [self._compared()]
        while self._take("&&", "and"):
            parts.append(self._compared())
        # Brackets in FEEL are free, and nobody has to know which of the two binds closer.
        return parts[0] if len(parts) == 1 else f"({' and '.join(parts)})"

    def _compared(self) -> str:
        left = self._sum()
        sign = self._take(*COMPARED)
        if sign is None:
            return left
        made = f"{left} {COMPARED[sign]} {self._sum()}"
        if self._now.kind != "string" and self._now.text in COMPARED:
            raise _NoEqual
        return made

    def _sum(self) -> str:
        made = self._product()
        while sign := self._take("+", "-"):
            made = f"{made} {sign} {self._product()}"
        return made

    def _product(self) -> str:
        made = self._signed()
        while sign := self._take("*", "/", "div", "%", "mod"):
            right = self._signed()
            if sign in ("%", "mod"):
                made = f"modulo({made}, {right})"
            else:
                made = f"{made} {'*' if sign == '*' else '/'} {right}"
        return made

    def _signed(self) -> str:
        if self._take("!", "not"):
            return f"not({self._signed()})"
        if self._take("-"):
            return f"-{self._signed()}"
        if self._take("empty"):
            value = self._signed()
            return _empty(value, f"{value} = null")
        return self._with_ends(self._primary())

    def _primary(self) -> str:
        token = self._now
        self._at += 1
        if token.kind == "number":
            return token.text
        if token.kind == "string":
            return _quoted(token.text)
        if token.kind == "name":
            return COUNTS.get(token.text, token.text)
        if token.text == "(":
            inside = self._choice()
            self._need(")")
            return f"({inside})"
        raise _NoEqual

    def _with_ends(self, made: str) -> str:
        while True:
            if self._take("."):
                name = self._now
                if name.kind != "name":
                    raise _NoEqual
                self._at += 1
                if self._take("("):
                    made = self._call(made, name.text)
                elif made in HOLDERS:
                    made = name.text
                else:
                    made = f"{made}.{name.text}"
            elif self._take("[", "("):
                # An index of FEEL counts from 1, and a function of a tool does not exist here.
                raise _NoEqual
            else:
                return made

    def _call(self, of: str, method: str) -> str:
        arguments = []
        if not self._take(")"):
            arguments.append(self._choice())
            if not self._take(")"):
                raise _NoEqual
        if of in HOLDERS and method in GETTERS and len(arguments) == 1:
            name = arguments[0]
            if re.fullmatch(r'"[^\W\d]\w*"', name):
                return name[1:-1]
        elif method == "equals" and len(arguments) == 1:
            return f"({of} = {arguments[0]})"
        elif method == "isEmpty" and not arguments:
            return _empty(of, "null")
        elif method == "size" and not arguments:
            return f"count({of})"
        elif method == "length" and not arguments:
            return f"string length({of})"
        raise _NoEqual


def _empty(text: str, otherwise: str) -> str:
    """Whether a value is an empty text or list; FEEL compares values of one kind only."""
    as_list = f"if {text} instance of list<Any> then count({text}) = 0 else {otherwise}"
    return f'(if {text} instance of string then {text} = "" else {as_list})'


def _is_bracketed(text: str) -> bool:
    """Whether the first bracket is closed by the last sign; brackets in texts do not count."""
    depth = 0
    bare = re.sub(r'"(?:[^"\\]|\\.)*"', lambda match: "_" * len(match[0]), text)
    for place, sign in enumerate(bare):
        depth += (sign == "(") - (sign == ")")
        if not depth:
            return bare[:1] == "(" and place == len(bare) - 1
    return False


def _quoted(text: str) -> str:
    inside = ESCAPED.sub(r"\1", text[1:-1])
    return '"' + inside.replace("\\", "\\\\").replace('"', '\\"') + '"'
