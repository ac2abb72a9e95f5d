"""Reading DMN: what stands in the file stands in the model, and the rest is refused by name."""

import pytest

from engine.decisions.dmn import MAX_CELL, MAX_COLUMNS, MAX_ROWS, NAMESPACES, read_model, spell
from engine.decisions.model import (
    Aggregation,
    BoxedContext,
    BoxedFunction,
    BoxedList,
    Conditional,
    DecisionTable,
    Filter,
    HitPolicy,
    Invocation,
    Iteration,
    Knowledge,
    Literal,
    Relation,
    Service,
)
from engine.kernel.errors import Invalid


def text(words):
    return f"<literalExpression><text>{words}</text></literalExpression>"


def refusal(data):
    with pytest.raises(Invalid) as caught:
        read_model(data)
    return caught.value


@pytest.mark.parametrize("namespace", sorted(NAMESPACES))
def test_every_edition_from_1_2_to_1_5_is_read(model, namespace):
    body = f'<decision id="d" name="d">{text("1")}</decision>'
    assert read_model(model(body, namespace)).decisions[0].logic == Literal("1", None, 3)


def test_a_table_is_read_with_policy_cells_lines_and_annotations(days):
    rows = [("<= 10", "false", '"instant"'), ("> 10", "-", '"commitment"')]
    found = read_model(days(rows, "FIRST")).decisions[0].logic
    assert isinstance(found, DecisionTable)
    assert found.policy is HitPolicy.FIRST
    assert [column.expression.text for column in found.columns] == ["法定天数", "现场勘查"]
    assert [rule.tests for rule in found.rules] == [("<= 10", "false"), ("> 10", "-")]
    assert [rule.outputs for rule in found.rules] == [('"instant"',), ('"commitment"',)]
    assert found.annotations == ("依据",)
    assert found.rules[1].annotations == ("第四十二条",)
    assert found.rules[1].id == "r2"
    assert found.rules[0].line < found.rules[1].line


@pytest.mark.parametrize(
    ("boxed", "kind"),
    [
        (
            f'<context><contextEntry><variable name="a"/>{text(1)}</contextEntry></context>',
            BoxedContext,
        ),
        (f"<list>{text(1)}</list>", BoxedList),
        (f'<relation><column name="a"/><row>{text(1)}</row></relation>', Relation),
        (
            f'<invocation>{text("f")}<binding><parameter name="x"/>{text(1)}</binding>'
            "</invocation>",
            Invocation,
        ),
        (
            f'<functionDefinition><formalParameter name="x"/>{text("x")}</functionDefinition>',
            BoxedFunction,
        ),
        (
            f"<conditional><if>{text('true')}</if><then>{text(1)}</then><else>{text(2)}</else>"
            "</conditional>",
            Conditional,
        ),
        (f"<filter><in>{text('[1]')}</in><match>{text('item')}</match></filter>", Filter),
        (
            f'<for iteratorVariable="i"><in>{text("[1]")}</in><return>{text("i")}</return></for>',
            Iteration,
        ),
        (
            f'<some iteratorVariable="i"><in>{text("[1]")}</in><satisfies>{text("i")}</satisfies>'
            "</some>",
            Iteration,
        ),
    ],
    ids=lambda value: value.__name__ if isinstance(value, type) else None,
)
def test_every_boxed_expression_is_read(literal, boxed, kind):
    assert isinstance(read_model(literal(boxed)).decisions[0].logic, kind)


def test_graph_types_services_and_imports_are_read(model):
    found = read_model(
        model(
            '<import name="other" namespace="urn:other" importType="x"/>'
            '<itemDefinition name="t" isCollection="true"><typeRef>string</typeRef>'
            '<allowedValues><text>"a","b"</text></allowedValues></itemDefinition>'
            '<itemDefinition name="c"><itemComponent name="部　门"><typeRef>feel:number</typeRef>'
            "</itemComponent></itemDefinition>"
            '<itemDefinition name="f"><functionItem outputTypeRef="number">'
            '<parameters name="x" typeRef="string"/></functionItem></itemDefinition>'
            f'<businessKnowledgeModel id="b" name="b"><encapsulatedLogic>{text(1)}'
            "</encapsulatedLogic></businessKnowledgeModel>"
            f'<decision id="d" name="d"><question> why? </question><knowledgeRequirement>'
            f'<requiredKnowledge href="#b"/></knowledgeRequirement>{text(1)}</decision>'
            '<inputData id="i" name="i"/>'
            '<decisionService id="s" name="s"><outputDecision href="#d"/>'
            '<inputData href="urn:test#i"/></decisionService>'
        )
    )
    assert [(one.name, one.namespace) for one in found.imports] == [("other", "urn:other")]
    assert (found.items[0].collection, found.items[0].allowed) == (True, '"a","b"')
    assert (found.items[1].components[0].name, found.items[1].components[0].base) == (
        "部 门",
        "number",
    )
    assert (found.items[2].result, found.items[2].parameters[0].type) == ("number", "string")
    assert isinstance(found.elements["b"], Knowledge)
    assert found.decisions[0].question == "why?"
    service = found.elements["s"]
    assert isinstance(service, Service)
    assert [one.id for one in service.inputs + service.outputs] == ["i", "d"]


def test_foreign_elements_and_comments_are_passed_over(model):
    found = read_model(
        model(
            '<x:decision xmlns:x="urn:x" id="z" name="z"/><!-- a note -->'
            f'<decision id="d" name="d"><extensionElements><x:y xmlns:x="urn:x"/>'
            f"</extensionElements>{text(1)}</decision>"
        )
    )
    assert [node.id for node in found.decisions] == ["d"]


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ('<inputData id="a" name="a"/><inputData id="a" name="b"/>', "dmn.duplicate_id"),
        ('<decision id="d"/>', "dmn.broken"),
        (
            '<decision id="d" name="d"><literalExpression expressionLanguage="python">'
            "<text>1</text></literalExpression></decision>",
            "dmn.language",
        ),
        (
            '<decision id="d" name="d"><informationRequirement><requiredInput href="#gone"/>'
            "</informationRequirement></decision>",
            "dmn.unknown_reference",
        ),
        (
            '<decision id="d" name="d"><informationRequirement><requiredInput '
            'href="urn:elsewhere#x"/></informationRequirement></decision>',
            "dmn.unknown_reference",
        ),
        (
            '<decision id="d" name="d"><decisionTable hitPolicy="BEST"/></decision>',
            "dmn.hit_policy",
        ),
        (
            '<decision id="d" name="d"><decisionTable hitPolicy="UNIQUE" aggregation="SUM"/>'
            "</decision>",
            "dmn.aggregation",
        ),
        (
            '<decision id="d" name="d"><decisionTable hitPolicy="COLLECT" aggregation="MEAN"/>'
            "</decision>",
            "dmn.aggregation",
        ),
        (
            '<decision id="d" name="d"><decisionTable><input/></decisionTable></decision>',
            "dmn.broken",
        ),
        (
            '<decision id="d" name="d"><decisionTable><output name="a"/><rule/></decisionTable>'
            "</decision>",
            "dmn.cells",
        ),
    ],
    ids=[
        "two of one id",
        "no name",
        "another language",
        "nothing there",
        "a model not imported",
        "unknown policy",
        "aggregation without collect",
        "unknown aggregation",
        "column without expression",
        "row without cells",
    ],
)
def test_what_cannot_be_meant_is_refused_with_its_line(model, body, code):
    error = refusal(model(body))
    assert (error.code, error.params["line"]) == (code, 3)


def test_a_doctype_a_wrong_namespace_and_what_is_no_xml_are_refused(model):
    assert refusal(b"<!DOCTYPE a>" + model("")[39:]).code == "xml.doctype"
    assert refusal(b"<definitions/>").code == "dmn.namespace"
    assert (
        refusal(model("", "http://www.omg.org/spec/DMN/20151101/dmn.xsd")).code == "dmn.namespace"
    )
    assert refusal(b"not xml").code == "xml.broken"


def test_a_circle_of_requirements_is_refused_and_its_way_is_named(model):
    def needs(name, other):
        return (
            f'<decision id="{name}" name="{name}"><informationRequirement>'
            f'<requiredDecision href="#{other}"/></informationRequirement></decision>'
        )

    error = refusal(model(needs("a", "b") + needs("b", "c") + needs("c", "b")))
    assert (error.code, error.params["names"]) == ("dmn.cycle", "b → c → b")
    assert refusal(model(needs("a", "a"))).code == "dmn.cycle"


def test_a_deep_chain_of_requirements_is_no_circle_and_no_recursion(model):
    chain = "".join(
        f'<decision id="d{n}" name="d{n}"><informationRequirement>'
        f'<requiredDecision href="#d{n + 1}"/></informationRequirement></decision>'
        for n in range(3000)
    )
    assert len(read_model(model(chain + '<decision id="d3000" name="d3000"/>')).decisions) == 3001


def test_sizes_are_limited(model, days):
    wide = "<input><inputExpression><text>a</text></inputExpression></input>" * (MAX_COLUMNS + 1)
    body = f'<decision id="d" name="d"><decisionTable>{wide}</decisionTable></decision>'
    assert refusal(model(body)).code == "dmn.too_many_columns"
    many = f'<decision id="d" name="d"><decisionTable>{"<rule/>" * (MAX_ROWS + 1)}</decisionTable>'
    assert refusal(model(many + "</decision>")).code == "dmn.too_many_rows"
    long = refusal(days([("1" * (MAX_CELL + 1), "-", '"a"')]))
    assert long.code == "dmn.cell_too_long"


def test_collect_with_an_aggregation_is_read(days):
    found = read_model(days([("-", "-", "1")], "COLLECT", 'aggregation="MAX"'))
    assert found.decisions[0].logic.aggregation is Aggregation.MAX


def test_names_are_spelled_as_feel_compares_them():
    assert spell(" 申请　 类型\n") == "申请 类型"
    assert spell("e\u0301") == "\u00e9"
