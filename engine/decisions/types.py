"""Item definitions of a model as kinds: what values a name may hold, and how they are coerced."""

from collections.abc import Callable, Mapping

from engine.decisions.model import ItemDefinition, Model
from engine.feel import nodes
from engine.feel.compile import unary_tests
from engine.feel.kinds import ALIASES, ANY, BASES, Kind
from engine.kernel.errors import Invalid

Allowed = Callable[[object], bool | None]


def kinds_of(model: Model, imported: Mapping[str, Mapping[str, Kind]]) -> dict[str, Kind]:
    """Return the kinds that a model defines by name, those of its imports as `prefix.name`.

    `imported` holds the kinds of each imported model by prefix. Raises Invalid
    `dmn.unknown_type` (name, line), `dmn.type_cycle` (name, line) and the errors of FEEL for
    allowed values.
    """
    kinds = {
        f"{prefix}.{name}": kind
        for prefix, those in imported.items()
        for name, kind in those.items()
    }
    return _Types(model, kinds).all()


def field_names(items: tuple[ItemDefinition, ...]) -> set[str]:
    """Return the names of all components, which FEEL needs to know when they hold spaces."""
    found: set[str] = set()
    for item in items:
        for part in item.components:
            found.add(part.name)
        found |= field_names(item.components)
    return found


class _Types:
    def __init__(self, model: Model, imported: Mapping[str, Kind]) -> None:
        self._items = {item.name: item for item in model.items}
        self._kinds = dict(imported)
        self._open: set[str] = set()

    def all(self) -> dict[str, Kind]:
        for name, item in self._items.items():
            self._named(name, item.line)
        return self._kinds

    def _named(self, name: str, line: int) -> Kind:
        if name in self._kinds:
            return self._kinds[name]
        if name in self._items:
            if name in self._open:
                raise Invalid("dmn.type_cycle", name=name, line=line)
            self._open.add(name)
            self._kinds[name] = self._kind(self._items[name])
            return self._kinds[name]
        found = BASES.get(name) or ALIASES.get(name)
        if found is None:
            raise Invalid("dmn.unknown_type", name=name, line=line)
        return found

    def _kind(self, item: ItemDefinition) -> Kind:
        one = _limited(self._one(item), item.allowed)
        if item.collection:
            one = Kind("list", of=one)
        return _limited(one, item.constraint)

    def _one(self, item: ItemDefinition) -> Kind:
        if item.parameters is not None:
            return Kind(
                "function",
                parameters=tuple(
                    ANY if part.type is None else self._named(part.type, item.line)
                    for part in item.parameters
                ),
                result=None if item.result is None else self._named(item.result, item.line),
            )
        if item.components:
            return Kind(
                "context", entries={part.name: self._kind(part) for part in item.components}
            )
        return ANY if item.base is None else self._named(item.base, item.line)


def _limited(kind: Kind, text: str | None) -> Kind:
    """The kind with allowed values of its own beside those that it has."""
    if text is None:
        return kind
    tests = unary_tests(text, ())
    outer: Allowed | None = kind.allowed

    def allowed(value: object) -> bool | None:
        if outer is not None and outer(value) is not True:
            return False
        return tests(value, {})

    return Kind(
        kind.name,
        kind.of,
        kind.entries,
        kind.parameters,
        kind.result,
        allowed,
        _choices(tests.tree) or kind.choices,
    )


def _choices(tree: nodes.Node) -> tuple[object, ...]:
    """The listed values, in order, where all are plain literals."""
    if not isinstance(tree, nodes.Tests) or tree.negated:
        return ()
    if all(isinstance(test, nodes.Literal) for test in tree.tests):
        return tuple(test.value for test in tree.tests if isinstance(test, nodes.Literal))
    return ()
