"""Item definitions: what values a name may hold."""

from decimal import Decimal

import pytest

from engine.decisions.dmn import read_model
from engine.decisions.types import field_names, kinds_of
from engine.feel.kinds import coerce
from engine.kernel.errors import Invalid

ONE = Decimal(1)


def item(name, inside, attributes=""):
    return f'<itemDefinition name="{name}" {attributes}>{inside}</itemDefinition>'


def based(base, allowed=""):
    limits = f"<allowedValues><text>{allowed}</text></allowedValues>" if allowed else ""
    return f"<typeRef>{base}</typeRef>{limits}"


@pytest.fixture
def kinds(model):
    return lambda *items: kinds_of(read_model(model("".join(items))), {})


def test_allowed_values_limit_a_type_and_all_that_are_based_on_it(kinds):
    found = kinds(
        item("small", based("positive", "&lt; 10")),  # declared before what it is based on
        item("positive", based("number", "&gt; 0")),
    )
    assert coerce(ONE, found["small"]) == ONE
    assert coerce(Decimal(-1), found["small"]) is None
    assert coerce(Decimal(11), found["small"]) is None
    assert coerce(Decimal(11), found["positive"]) == Decimal(11)


def test_the_listed_values_are_known_in_order(kinds):
    found = kinds(item("t", based("string", '"b", "a"')), item("u", based("t")))
    assert found["t"].choices == found["u"].choices == ("b", "a")


def test_a_collection_limits_its_items_and_takes_one_value_as_a_list(kinds):
    found = kinds(item("t", based("string", '"a","b"'), 'isCollection="true"'))["t"]
    assert coerce("a", found) == ["a"]
    assert coerce(["a", "b"], found) == ["a", "b"]
    assert coerce(["a", "c"], found) is None


def test_a_constraint_is_about_the_whole_collection(kinds):
    inside = (
        "<typeRef>number</typeRef><typeConstraint><text>count(?) &lt; 3</text></typeConstraint>"
    )
    found = kinds(item("t", inside, 'isCollection="true"'))["t"]
    assert coerce([ONE, ONE], found) == [ONE, ONE]
    assert coerce([ONE, ONE, ONE], found) is None


def test_components_make_a_context(kinds):
    part = '<itemComponent name="法定 天数"><typeRef>number</typeRef></itemComponent>'
    found = kinds(item("t", part))["t"]
    assert coerce({"法定 天数": ONE}, found) == {"法定 天数": ONE}
    assert coerce({"法定 天数": "一"}, found) is None
    assert coerce({}, found) is None


def test_functions_are_types(kinds):
    inside = (
        '<functionItem outputTypeRef="t"><parameters name="x" typeRef="string"/></functionItem>'
    )
    found = kinds(item("f", inside), item("t", based("number")))["f"]
    assert (found.name, found.result.name) == ("function", "number")
    assert [part.name for part in found.parameters] == ["string"]


def test_imported_types_stand_behind_their_prefix(kinds, model):
    other = kinds(item("t", based("number")))
    found = kinds_of(read_model(model(item("u", based("law.t")))), {"law": other})
    assert found["law.t"] is other["t"]
    assert found["u"].name == "number"


@pytest.mark.parametrize(
    ("items", "code"),
    [
        ([item("t", based("nowhere"))], "dmn.unknown_type"),
        ([item("t", based("u")), item("u", based("t"))], "dmn.type_cycle"),
        ([item("t", based("number", "&lt; &lt;"))], "feel.syntax"),
    ],
    ids=["a type that nothing declares", "a circle", "allowed values that are no tests"],
)
def test_what_cannot_be_a_type_is_refused(kinds, items, code):
    with pytest.raises(Invalid) as caught:
        kinds(*items)
    assert caught.value.code == code


def test_names_of_components_are_found_at_any_depth(model):
    deep = (
        '<itemComponent name="a b"><itemComponent name="c d"><typeRef>number</typeRef>'
        "</itemComponent></itemComponent>"
    )
    assert field_names(read_model(model(item("t", deep))).items) == {"a b", "c d"}
