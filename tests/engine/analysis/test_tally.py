"""Counts of a replay: by case, in parts that add up."""

from engine.analysis.tally import MOST_EFFECTS, Tally, shown


def counted(*cases):
    tally = Tally()
    for one in cases:
        tally.count(*one)
    return tally


def test_a_case_is_counted_in_all_and_in_its_matter_and_unit():
    tally = counted((1, 7, True), (1, 7, False), (2, 7, True, False, True))
    told = tally.plain()
    assert (told["cases"], told["changed"], told["late_before"], told["late_after"]) == (3, 2, 0, 1)
    assert told["by_matter"]["1"] == {
        "cases": 2,
        "changed": 1,
        "late_before": 0,
        "late_after": 0,
    }
    assert told["by_unit"]["7"]["cases"] == 3


def test_parts_add_up_in_any_order_and_survive_being_stored():
    one, other = counted((1, 7, True)), counted((1, 8, False), (2, 8, True))
    one.note({"steps": 2}, {"steps": 3})
    other.untold["decision.unknown_fact"] += 1
    both, turned = Tally(), Tally()
    for tally, parts in ((both, (one, other)), (turned, (other, one))):
        for part in parts:
            tally.add(Tally.of(part.plain()))
    assert both.plain() == turned.plain()
    assert both.plain()["cases"] == 3
    assert both.plain()["effects"] == [["steps", "2", "3", 1]]
    assert both.plain()["untold"] == {"decision.unknown_fact": 1}


def test_only_what_differs_is_noted():
    tally = Tally()
    tally.note({"allowed": True, "because": "x"}, {"allowed": False, "because": "x"}, 4)
    assert dict(tally.effects) == {("allowed", "true", "false"): 4}


def test_values_of_other_kinds_are_told_apart():
    assert [shown(one) for one in (None, True, 1, ["a", "b"])] == ["", "true", "1", "a, b"]


def test_no_count_is_an_empty_one():
    assert Tally.of({}).plain() == Tally().plain()


def test_however_many_effects_there_are_the_stored_counts_stay_small():
    tally = Tally()
    for number in range(MOST_EFFECTS + 20):
        tally.note({"points": None}, {"points": number}, 2)
    tally.note({"points": None}, {"points": -1}, 9)
    told = tally.plain()
    assert told["effects"][0] == ["points", "", "-1", 9]
    assert (len(told["effects"]), told["other_effects"]) == (MOST_EFFECTS, 2 * 21)
    assert Tally.of(told).plain() == told
