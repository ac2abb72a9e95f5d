"""A table evaluated row by row: the plain reading that all else is compared with."""

from decimal import Decimal

import pytest

from engine.decisions.dmn import read_model
from engine.decisions.rows import Names, compile_rows
from engine.feel.evaluation import Evaluation
from engine.kernel.errors import Conflict, Invalid

NAMES = Names(frozenset({"法定天数", "现场勘查"}), {})


@pytest.fixture
def rows(days):
    def make(*given, policy="UNIQUE", extra=""):
        table = read_model(days(given, policy, extra)).decisions[0].logic
        return compile_rows(table, NAMES)

    return make


def facts(number, survey=False):
    days = None if number is None else Decimal(number)
    return {"法定天数": days, "现场勘查": survey}


@pytest.mark.parametrize(
    ("number", "survey", "outcome"),
    [
        (10, False, "instant"),
        (11, False, "commitment"),
        (10, True, None),
        (None, False, None),
    ],
    ids=["at the bound", "above it", "no row", "null is in no range"],
)
def test_the_row_that_holds_gives_the_outcome(rows, number, survey, outcome):
    table = rows(("<= 10", "false", '"instant"'), ("> 10", "-", '"commitment"'))
    assert table(facts(number, survey), Evaluation()) == outcome


def test_a_negated_word_holds_for_null_and_an_incomparable_one_does_not(rows):
    table = rows(("not(5)", "-", '"other"'), policy="FIRST")
    assert table(facts(None), Evaluation()) == "other"
    assert rows(("not(< 5)", "-", '"x"'))(facts(None), Evaluation()) is None


def test_two_rows_under_unique_are_never_a_guess(rows):
    table = rows(("-", "-", '"a"'), ("-", "-", '"b"'))
    with pytest.raises(Conflict, match=r"decision\.not_unique"):
        table(facts(1), Evaluation())


def test_lists_and_sums_collect(rows):
    both = (("-", "-", "1"), ("> 5", "-", "2"))
    listed = rows(*both, policy="COLLECT")
    assert listed(facts(6), Evaluation()) == [None, None], "numbers are no texts, as declared"
    text = rows(("-", "-", '"a"'), ("> 5", "-", '"b"'), policy="COLLECT")
    assert text(facts(6), Evaluation()) == ["a", "b"]
    assert text(facts(1), Evaluation()) == ["a"]


def test_cells_may_ask_about_other_facts(rows):
    table = rows(("if 现场勘查 then ? > 5 else ? > 9", "-", '"a"'))
    assert [table(facts(7, survey), Evaluation()) for survey in (True, False)] == ["a", None]


def test_an_error_in_a_cell_says_where_it_is(rows):
    with pytest.raises(Invalid) as caught:
        rows(("-", "-", '"a"'), ("<= ", "-", '"a"'))
    assert caught.value.code == "feel.syntax"
    assert (caught.value.params["row"], caught.value.params["cell"]) == (2, 1)
    assert caught.value.params["at_line"] > 3


def test_defaults_stand_in_where_no_row_holds(model):
    xml = model(
        '<decision id="d" name="d"><decisionTable><output name="a"><defaultOutputEntry>'
        "<text>7</text></defaultOutputEntry></output></decisionTable></decision>"
    )
    table = compile_rows(read_model(xml).decisions[0].logic, Names(frozenset(), {}))
    assert table({}, Evaluation()) == Decimal(7)


def test_an_unknown_type_is_refused(table):
    xml = table([("法定天数", "nowhere")], [("办件类型", "string")], [("-", '"a"')])
    with pytest.raises(Invalid, match=r"dmn\.unknown_type"):
        compile_rows(read_model(xml).decisions[0].logic, NAMES)
