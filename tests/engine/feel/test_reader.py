"""What all parsers share: depth, names being declared, texts, names of types."""

import pytest

from engine.feel.nodes import TypeName
from engine.feel.reader import Reader
from engine.feel.scan import Names
from engine.kernel.errors import Invalid


def reader(text: str) -> Reader:
    return Reader(text, (), Names(), types=("tMine", "my type"))


@pytest.mark.parametrize(
    ("token", "value"),
    [
        ('"a"', "a"),
        ('"\\n\\t\\r\\"\\\\\\\'"', "\n\t\r\"\\'"),
        ('"\\u4e2d"', "中"),
        ('"\\uD83D\\uDE00"', "😀"),
        ('"\\U01F600"', "😀"),
        ('"\\d"', "\\d"),
        ('"a\nb"', "a\nb"),
    ],
)
def test_escapes_of_a_text(token: str, value: str) -> None:
    assert reader("").string(token, 0) == value


@pytest.mark.parametrize("token", ['"\\uD800"', '"\\uDE00\\uD83D"'])
def test_half_a_character_is_refused(token: str) -> None:
    with pytest.raises(Invalid, match=r"feel\.syntax"):
        reader(token).string(token, 0)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("a b: 1", "a b"),
        ("金额(1)", None),
        ("a-b/c: 1", "a-b/c"),
        ("for: 1", "for"),
        ("1a: 1", None),
    ],
)
def test_a_name_being_declared_ends_at_its_sign(text: str, name: str | None) -> None:
    if name is None:
        with pytest.raises(Invalid, match=r"feel\.syntax"):
            reader(text).written_name((":",))
    else:
        assert reader(text).written_name((":",)) == name


@pytest.mark.parametrize(
    ("text", "name", "parts"),
    [
        ("number", "number", None),
        ("days and time duration", "days and time duration", None),
        ("my type", "my type", None),
        ("ns.tMine", "ns.tMine", None),
        ("list<date and time>", "list", ["date and time"]),
        ("context<a: number, b c: string>", "context", ["number", "string"]),
        ("function<>-> number", "function", []),
        ("function<number, list<string>> -> boolean", "function", ["number", "list"]),
        ("range<date>", "range", ["date"]),
    ],
)
def test_names_of_types(text: str, name: str, parts: list[str] | None) -> None:
    own = reader(text)
    tree = own.type_name()
    own.finish()
    assert isinstance(tree, TypeName)
    assert tree.name == name
    assert (None if tree.parts is None else [part.name for part in tree.parts]) == parts


def test_depth_is_counted_and_given_back() -> None:
    own = reader("")
    for _ in range(64):
        own.deeper()
    with pytest.raises(Invalid, match=r"feel\.too_deep"):
        own.deeper()
