"""The tree: its parts, its places."""

from engine.feel.compile import expression
from engine.feel.nodes import Arithmetic, Literal, Name, children, place, walk


def test_the_parts_come_in_the_order_of_the_text() -> None:
    tree = expression("a + f(b, 1) * c", ("a", "b", "c", "f")).tree
    assert [one.name for one in walk(tree) if isinstance(one, Name)] == ["a", "f", "b", "c"]


def test_every_part_stands_within_the_whole() -> None:
    text = "if 金额 > 10 then [1, 2][item > 1] else {a: 1}.a"
    tree = expression(text, ("金额",)).tree
    for node in walk(tree):
        for part in children(node):
            assert node.start <= part.start <= part.end <= node.end
    assert (tree.start, tree.end) == (0, len(text))


def test_a_node_knows_its_text() -> None:
    text = "  金额 +  10"
    tree = expression(text, ("金额",)).tree
    assert isinstance(tree, Arithmetic)
    number = tree.operands[0]
    assert isinstance(number, Literal)
    assert text[number.start : number.end] == "10"
    assert text[tree.start : tree.end] == "金额 +  10"


def test_lines_and_columns_count_from_one_in_characters() -> None:
    assert place("😀金\n额", 0) == (1, 1)
    assert place("😀金\n额", 1) == (1, 2)
    assert place("😀金\n额", 3) == (2, 1)
