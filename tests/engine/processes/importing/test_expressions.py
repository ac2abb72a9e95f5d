import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.feel.compile import expression
from engine.feel.values import from_python
from engine.kernel.errors import Invalid
from engine.processes.importing.expressions import juel, kept, translated


@pytest.mark.parametrize(
    ("said", "made"),
    [
        pytest.param("${a == 1 && b > 2}", "a = 1 and b > 2", id="signs"),
        pytest.param("#{a eq 1 and b gt 2 or not c}", "(a = 1 and b > 2) or not(c)", id="words"),
        pytest.param("${!approved}", "not(approved)", id="not"),
        pytest.param("${(a || b) && c}", "((a or b)) and c", id="brackets"),
        pytest.param("${name == 'it\\'s'}", 'name = "it\'s"', id="quoted quote"),
        pytest.param("${word == 'and && x'}", 'word = "and && x"', id="operators in a text"),
        pytest.param("${status.equals('yes')}", 'status = "yes"', id="equals of Java"),
        pytest.param("${execution.getVariable('a') ne null}", "a != null", id="getter"),
        pytest.param("${a ? 'x' : 'y'}", 'if a then "x" else "y"', id="choice"),
        pytest.param("${a mod 2 == 0}", "modulo(a, 2) = 0", id="remainder"),
        pytest.param(
            "${nrOfCompletedInstances >= 2}", "numberOfCompletedInstances >= 2", id="count"
        ),
        pytest.param("=amount > 100", "amount > 100", id="FEEL of Camunda 8"),
        pytest.param('审批决定 = "grant"', '审批决定 = "grant"', id="FEEL as it is"),
    ],
)
def test_what_has_an_equal_is_translated(said, made):
    assert translated(said) == made


@pytest.mark.parametrize(
    "said",
    [
        pytest.param("${bean.check(execution)}", id="a bean"),
        pytest.param("${list[0]}", id="an index, which counts otherwise"),
        pytest.param("PT${hours}H", id="a text with a hole"),
        pytest.param("${a} and ${b}", id="two holes"),
        pytest.param("${a == b == c}", id="a chain"),
        pytest.param("${a = 1}", id="an assignment"),
        pytest.param("${'open}", id="an open text"),
        pytest.param("${}", id="nothing"),
        pytest.param("${" + "(" * 90 + "a" + ")" * 90 + "}", id="too deep"),
        pytest.param("材料 不全", id="a sentence"),
        pytest.param("", id="empty"),
        pytest.param("a" * 5000, id="too long"),
    ],
)
def test_what_has_no_sure_equal_is_not_guessed(said):
    assert translated(said) is None


def test_another_language_is_never_read_as_feel():
    assert translated("approved", "groovy") is None
    assert translated("approved", "http://www.w3.org/1999/XPath") == "approved"


@pytest.mark.parametrize(
    ("value", "empty"),
    [(None, True), ("", True), ([], True), ("a", False), ([1], False), (5, False)],
)
def test_empty_means_null_an_empty_text_or_an_empty_list(value, empty):
    made = juel("empty x")
    assert expression(made, {"x"})({"x": from_python(value)}) is empty


@pytest.mark.parametrize("said", ["approved", "a == 1", "${bean.go()}", "材料 不全"])
def test_what_is_kept_is_no_feel(said):
    assert said in kept(said)
    with pytest.raises(Invalid):
        expression(kept(said), ())


NAMES = st.sampled_from(["a", "b", "c"])
TREES = st.recursive(
    NAMES.map(lambda name: (name, lambda facts: facts[name])),
    lambda inner: st.one_of(
        st.tuples(inner, inner).map(
            lambda two: (
                f"({two[0][0]} && {two[1][0]})",
                lambda facts: two[0][1](facts) and two[1][1](facts),
            )
        ),
        st.tuples(inner, inner).map(
            lambda two: (
                f"({two[0][0]} or {two[1][0]})",
                lambda facts: two[0][1](facts) or two[1][1](facts),
            )
        ),
        inner.map(lambda one: (f"!{one[0]}", lambda facts: not one[1](facts))),
    ),
    max_leaves=8,
)


@given(TREES, st.fixed_dictionaries(dict.fromkeys("abc", st.booleans())))
@settings(max_examples=150, deadline=None)
def test_a_translated_condition_holds_when_the_source_does(tree, facts):
    text, meaning = tree
    made = translated(f"${{{text}}}")
    assert made is not None
    assert expression(made, set("abc"))(facts) is meaning(facts)
