"""Boxed expressions mean what chapter 10.2 of the standard says."""

from decimal import Decimal

import pytest

from engine.decisions.dmn import read_model
from engine.decisions.evaluate import compile_model
from engine.kernel.errors import Invalid


def text(words, kind=""):
    return f"<literalExpression{kind}><text>{words}</text></literalExpression>"


def entry(name, inside, kind=""):
    variable = f'<variable name="{name}"{kind}/>' if name else ""
    return f"<contextEntry>{variable}{inside}</contextEntry>"


def n(*values):
    found = [Decimal(value) for value in values]
    return found[0] if len(found) == 1 else found


@pytest.fixture
def value(literal):
    def evaluate(boxed, before="", **inputs):
        model = read_model(literal(boxed, list(inputs), before))
        return compile_model(model.namespace, {model.namespace: model}).decide("d", inputs)

    return evaluate


NUMBER = ' typeRef="number"'
TWICE = (
    '<functionDefinition><formalParameter name="x" typeRef="number"/>'
    f"{text('x * 2')}</functionDefinition>"
)


@pytest.mark.parametrize(
    ("boxed", "expected"),
    [
        (text("1 + 2"), n(3)),
        (text("[5]", NUMBER), n(5)),
        (text("'no text'"), "fault"),
        (f"<context>{entry('a', text(1))}{entry('b b', text('a + 1'))}</context>",
         {"a": n(1), "b b": n(2)}),
        (f"<context>{entry('a', text(1))}{entry('', text('a + 1'))}</context>", n(2)),
        (f"<context>{entry('a', text('[1]'), NUMBER)}</context>", {"a": n(1)}),
        (f"<list>{text(1)}<list>{text(2)}</list></list>", [n(1), [n(2)]]),
        (f'<relation><column name="a"/><column name="b"/><row>{text(1)}{text(2)}</row>'
         f"<row>{text(3)}{text(4)}</row></relation>",
         [{"a": n(1), "b": n(2)}, {"a": n(3), "b": n(4)}]),
        (f"<context>{entry('f', TWICE)}{entry('', text('f(4)'))}</context>", n(8)),
        (f"<context>{entry('f', TWICE)}{entry('', text('f(x: 4)'))}</context>", n(8)),
        (f"<context>{entry('f', TWICE)}{entry('', text('f([4])'))}</context>", n(8)),
        (f"<context>{entry('f', TWICE)}{entry('', text('f(true)'))}</context>", None),
        (f"<context>{entry('k', text(3))}{entry('f', TWICE.replace('x * 2', 'x * k'))}"
         f"{entry('', text('f(5)'))}</context>", n(15)),
        (f"<conditional><if>{text('1 = 1')}</if><then>{text(1)}</then><else>{text(2)}</else>"
         "</conditional>", n(1)),
        (f"<conditional><if>{text('null')}</if><then>{text(1)}</then><else>{text(2)}</else>"
         "</conditional>", n(2)),
        (f"<conditional><if>{text(5)}</if><then>{text(1)}</then><else>{text(2)}</else>"
         "</conditional>", None),
        (f"<filter><in>{text('[1, 2, 3]')}</in><match>{text('item &gt; 1')}</match></filter>",
         n(2, 3)),
        (f"<filter><in>{text('null')}</in><match>{text('true')}</match></filter>", None),
        (f"<filter><in>{text('[1]')}</in><match>{text(1)}</match></filter>", None),
        (f'<for iteratorVariable="i"><in>{text("[1..3]")}</in><return>{text("i * i")}</return>'
         "</for>", n(1, 4, 9)),
        (f'<for iteratorVariable="i"><in>{text("[1, 2]")}</in>'
         f"<return>{text('count(partial)')}</return></for>", n(0, 1)),
        (f'<for iteratorVariable="i"><in>{text("null")}</in><return>{text("i")}</return></for>',
         None),
        (f'<some iteratorVariable="i"><in>{text("[1, 2]")}</in>'
         f"<satisfies>{text('i &gt; 1')}</satisfies></some>", True),
        (f'<every iteratorVariable="i"><in>{text("[1, 2]")}</in>'
         f"<satisfies>{text('i &gt; 1')}</satisfies></every>", False),
        (f'<every iteratorVariable="i"><in>{text("[]")}</in><satisfies>{text("i")}</satisfies>'
         "</every>", True),
        (f'<some iteratorVariable="i"><in>{text("[1, 2]")}</in><satisfies>{text("i")}</satisfies>'
         "</some>", None),
        ('<functionDefinition kind="Java"/>', None),
    ],
)  # fmt: skip
def test_a_boxed_expression_has_its_value(value, boxed, expected):
    if expected == "fault":
        with pytest.raises(Invalid, match=r"feel\.syntax"):
            value(boxed)
    else:
        assert value(boxed) == expected


def test_an_invocation_binds_by_name_and_refuses_strange_names(value):
    knowledge = (
        '<businessKnowledgeModel id="f" name="f"><encapsulatedLogic><formalParameter name="x"/>'
        f"{text('x + 1')}</encapsulatedLogic></businessKnowledgeModel>"
    )
    need = '<knowledgeRequirement><requiredKnowledge href="#f"/></knowledgeRequirement>'

    def call(name):
        return (
            f"<invocation>{text('f')}<binding><parameter name='{name}'/>{text(2)}</binding>"
            "</invocation>"
        )

    assert value(need + call("x"), knowledge) == n(3)
    assert value(need + call("y"), knowledge) is None


def test_a_filter_sees_the_entries_of_its_items(value, literal):
    types = (
        '<itemDefinition name="t"><itemComponent name="a b"><typeRef>number</typeRef>'
        "</itemComponent></itemDefinition>"
    )
    boxed = (
        f"<filter><in>{text('列')}</in><match>{text('a b &gt; 1 and item.a b &lt; 9')}</match>"
        "</filter>"
    )
    given = [{"a b": 1}, {"a b": 2}, {"a b": 9}]
    assert value(boxed, types, 列=given) == [{"a b": n(2)}]


def test_an_iteration_is_bounded(value):
    endless = text("for i in 1..9000, j in 1..9000 return i")
    with pytest.raises(Invalid, match=r"feel\.budget"):
        value(endless)
    nested = f'<for iteratorVariable="i"><in>{text("[1..400]")}</in><return>{{}}</return></for>'
    boxed = nested.format(nested.format(text("i")))
    with pytest.raises(Invalid, match=r"feel\.budget"):
        value(boxed.replace("[1..400]", "[1..4000]"))
