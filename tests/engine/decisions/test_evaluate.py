"""The requirement graph: scopes, coercion, knowledge, services, imports."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from engine.decisions.dmn import read_model
from engine.decisions.evaluate import compile_model
from engine.decisions.model import Reference
from engine.feel.evaluation import Evaluation
from engine.kernel.errors import Invalid, Missing

OTHER = "urn:other"


def text(words):
    return f"<literalExpression><text>{words}</text></literalExpression>"


def data(name, kind="Any"):
    variable = f'<variable name="{name}" typeRef="{kind}"/>'
    return f'<inputData id="{name}" name="{name}">{variable}</inputData>'


def decision(name, words, *needs, kind="Any", know=()):
    required = "".join(
        f"<informationRequirement><{tag} href='#{other}'/></informationRequirement>"
        for tag, other in needs
    ) + "".join(
        f"<knowledgeRequirement><requiredKnowledge href='{other}'/></knowledgeRequirement>"
        for other in know
    )
    return (
        f'<decision id="{name}" name="{name}"><variable name="{name}" typeRef="{kind}"/>'
        f"{required}{text(words)}</decision>"
    )


def knowledge(name, words, *parameters, know=()):
    given = "".join(f'<formalParameter name="{n}" typeRef="{k}"/>' for n, k in parameters)
    needs = "".join(
        f"<knowledgeRequirement><requiredKnowledge href='#{other}'/></knowledgeRequirement>"
        for other in know
    )
    return (
        f'<businessKnowledgeModel id="{name}" name="{name}"><encapsulatedLogic>{given}'
        f"{text(words)}</encapsulatedLogic>{needs}</businessKnowledgeModel>"
    )


@pytest.fixture
def program(model):
    def make(*bodies, others=()):
        main = read_model(model("".join(bodies)))
        models = {one.namespace: one for one in (main, *map(read_model, others))}
        return compile_model(main.namespace, models)

    return make


def test_a_decision_sees_what_it_requires_and_nothing_else(program):
    found = program(
        data("a", "number"),
        data("b", "number"),
        decision("sum", "a + 1", ("requiredInput", "a")),
        decision("top", "sum * 2", ("requiredDecision", "sum")),
        decision("blind", "b + 1", ("requiredInput", "a")),
    )
    assert found.decide("top", {"a": 3}) == Decimal(8)
    assert found.decide("blind", {"a": 3, "b": 3}) is None


def test_inputs_are_coerced_and_missing_ones_are_null(program):
    found = program(data("a", "number"), decision("d", "a", ("requiredInput", "a")))
    assert found.decide("d", {"a": [7]}) == Decimal(7)
    assert found.decide("d", {"a": "七"}) is None
    assert found.decide("d", {}) is None


def test_the_value_of_a_decision_is_of_its_type(program):
    assert program(decision("d", "[5]", kind="number")).decide("d", {}) == Decimal(5)
    assert program(decision("d", '"a"', kind="number")).decide("d", {}) is None


def test_each_decision_is_evaluated_once(program):
    chain = [decision("d0", "[1]")]
    for step in range(1, 40):
        need = ("requiredDecision", f"d{step - 1}")
        chain.append(decision(f"d{step}", f"[d{step - 1}[1] + d{step - 1}[1]]", need))
    assert program(*chain).decide("d39", {}) == [Decimal(2) ** 39]


def test_now_is_the_moment_that_was_passed_in(program):
    moment = datetime(2026, 11, 22, 1, 30, tzinfo=UTC)
    found = program(decision("d", "now().year"))
    assert found.decide("d", {}, moment) == Decimal(2026)
    assert found.decide("d", {}) is None


def test_a_decision_may_be_given_instead_of_computed(program):
    found = program(decision("low", "1"), decision("top", "low + 1", ("requiredDecision", "low")))
    assert found.decide("top", {"low": 9}) == Decimal(10)


def test_a_decision_without_logic_is_null(model, program):
    assert program('<decision id="d" name="d"/>').decide("d", {}) is None


def test_knowledge_is_a_function_with_typed_parameters_over_the_knowledge_it_needs(program):
    found = program(
        knowledge("twice", "x * 2", ("x", "number")),
        knowledge("four times", "twice(twice(x))", ("x", "number"), know=["twice"]),
        decision("d", "four times([3])", know=["#four times"]),
        decision("bad", 'four times("3")', know=["#four times"]),
    )
    assert found.decide("d", {}) == Decimal(12)
    assert found.decide("bad", {}) is None


SERVICE = (
    '<decisionService id="s" name="s"><outputDecision href="#d"/>'
    '<inputDecision href="#low"/><inputData href="#a"/></decisionService>'
)
PARTS = (
    data("a", "number"),
    decision("low", "a * 100", ("requiredInput", "a")),
    decision("d", "low + a", ("requiredDecision", "low"), ("requiredInput", "a")),
)


def test_a_service_takes_input_data_then_input_decisions(program):
    found = program(*PARTS, SERVICE, decision("call", "s(1, 20)", know=["#s"]))
    assert found.call("s", {"a": 1, "low": 20}) == Decimal(21)
    assert found.decide("call", {}) == Decimal(21)


def test_a_service_of_two_outputs_is_a_context(program):
    service = '<decisionService id="s" name="s"><outputDecision href="#d"/>'
    service += '<outputDecision href="#low"/><inputData href="#a"/></decisionService>'
    found = program(*PARTS, service)
    assert found.call("s", {"a": 1}) == {"d": Decimal(101), "low": Decimal(100)}


def test_a_service_does_not_see_the_inputs_of_its_caller(program):
    service = '<decisionService id="s" name="s"><outputDecision href="#d"/></decisionService>'
    call = decision("call", "[s(), a]", ("requiredInput", "a"), know=["#s"])
    assert program(*PARTS, service, call).decide("call", {"a": 1}) == [None, Decimal(1)]


def test_an_imported_model_stands_behind_its_prefix(program, model):
    other = model(
        '<itemDefinition name="t"><typeRef>number</typeRef></itemDefinition>'
        + knowledge("add one", "x + 1", ("x", "t"))
        + data("n", "t"),
        own=OTHER,
    )
    found = program(
        f'<import name="law" namespace="{OTHER}" importType="x"/>',
        decision(
            "d", "law.add one([law.n])", ("requiredInput", "x"), know=[f"{OTHER}#add one"]
        ).replace("#x", f"{OTHER}#n"),
        others=[other],
    )
    assert found.decide("d", {"law.n": 4}) == Decimal(5)


def test_imports_that_are_missing_or_go_in_circles_are_refused(program, model):
    with pytest.raises(Invalid, match=r"dmn\.unknown_import"):
        program('<import name="x" namespace="urn:gone" importType="x"/>')
    back = model('<import name="m" namespace="urn:test" importType="x"/>', own=OTHER)
    with pytest.raises(Invalid, match=r"dmn\.import_cycle"):
        program(f'<import name="o" namespace="{OTHER}" importType="x"/>', others=[back])


def test_a_reference_into_an_import_that_lacks_it_is_a_fault(program, model):
    found = program(
        f'<import name="law" namespace="{OTHER}" importType="x"/>',
        decision("d", "1", know=[f"{OTHER}#gone"]),
        others=[model("", own=OTHER)],
    )
    assert found.faults["d"].code == "dmn.unknown_reference"
    with pytest.raises(Invalid, match=r"dmn\.unknown_reference"):
        found.find(Reference(OTHER, "gone"))


def test_one_bad_text_is_a_fault_of_its_element_alone(program):
    found = program(
        decision("good", "1"),
        decision("bad", "1 +"),
        decision("top", "bad", ("requiredDecision", "bad")),
    )
    assert found.decide("good", {}) == Decimal(1)
    assert list(found.faults) == ["bad"]
    with pytest.raises(Invalid, match=r"feel\.syntax"):
        found.decide("top", {})


def test_an_unknown_decision_is_missing(program):
    with pytest.raises(Missing, match=r"dmn\.no_decision"):
        program().decide("gone", {})
    with pytest.raises(Missing, match=r"dmn\.no_decision"):
        program().call("gone", {})


def test_the_scope_of_a_decision_can_be_asked_for(program):
    found = program(*PARTS)
    node = next(one for one in found.model.decisions if one.name == "d")
    assert found.scope_of(node, {"a": Decimal(2)}, Evaluation()) == {
        "low": Decimal(200),
        "a": Decimal(2),
    }
    assert found.names_of(node).values == {"low", "a"}


def test_work_of_the_whole_graph_is_bounded(program):
    heavy = "count(for i in 1..200, j in 1..40 return i)"
    parts = [decision(f"d{step}", heavy) for step in range(30)]
    needs = [("requiredDecision", f"d{step}") for step in range(30)]
    top = decision("top", " + ".join(f"d{step}" for step in range(30)), *needs)
    with pytest.raises(Invalid, match=r"feel\.budget"):
        program(*parts, top).decide("top", {})
