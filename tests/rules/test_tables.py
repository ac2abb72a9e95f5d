"""Every table of the hall: no gap, every row with its law, every example right, both ways agree."""

import csv
import re
from itertools import combinations, product
from pathlib import Path

import pytest

from engine.decisions.check import Severity, check
from engine.decisions.decide import decide, explain, read_table
from engine.decisions.examples import read_examples, try_examples
from engine.domain.facts import FactKind, by_name
from engine.kernel.errors import HallError

RULES = Path(__file__).resolve().parents[2] / "rules"
TABLES = sorted((RULES / "tables").glob("*.dmn"))


@pytest.fixture(params=TABLES, ids=lambda path: path.stem)
def path(request):
    return request.param


@pytest.fixture
def table(path):
    """Read and prove the table: closures, index and durable-rules agree on the boundary cases."""
    return read_table(path.read_bytes())


@pytest.fixture
def examples(path, table):
    return read_examples((RULES / "examples" / f"{path.stem}.csv").read_bytes(), table)


def test_the_walk_found_tables():
    assert len(TABLES) >= 12
    examples = sorted((RULES / "examples").glob("*.csv"))
    assert [path.stem for path in examples] == [path.stem for path in TABLES]


def test_a_table_is_named_like_its_file_and_its_rows_like_the_table(path, table):
    assert table.id == path.stem
    names = [rule.id for rule in table.draft.source.rules]
    assert all(name.startswith(f"{table.id}-") for name in names)
    assert len(set(names)) == len(names)


def test_no_case_is_without_a_row_and_every_row_can_decide_by_law(table):
    findings = check(table.draft)
    assert [finding for finding in findings if finding.severity is Severity.ERROR] == []


def test_both_ways_of_matching_are_asked(table):
    assert table.alone is None


def test_every_example_is_answered_as_written_and_every_row_has_one(table, examples):
    tried = try_examples(table, examples)
    wrong = [(one.example.line, one.example.note, one.found) for one in tried.differences]
    assert wrong == []
    assert tried.uncovered == ()


def test_both_ways_agree_on_every_example(table, examples):
    for example in examples:
        if example.error:
            with pytest.raises(HallError):
                decide(table, example.facts)
        else:
            assert decide(table, example.facts) == explain(table, example.facts)


def test_the_files_open_in_a_spreadsheet(path):
    source = (RULES / "examples" / f"{path.stem}.csv").read_bytes()
    assert source.startswith(b"\xef\xbb\xbf"), "Excel needs the mark to read Chinese"


SPECIAL = ("survey", "hearing", "testing", "expert_review")


@pytest.mark.parametrize("procedure", SPECIAL)
def test_a_matter_with_a_special_procedure_is_never_done_on_the_spot(procedure):
    """M-CLASS-1: the answer names the row and the input."""
    table = read_table((RULES / "tables" / "classification.dmn").read_bytes())
    facts = {"units_involved": 1, "statutory_days": 1}
    facts |= {"quantity_limit": False, "formal_review": True}
    facts |= {name: name == procedure for name in SPECIAL}
    decision = explain(table, facts)
    assert decision.outcome["matter_type"] != "instant"
    assert decision.rows
    instant = next(row for row in decision.trace if row.row == "classification-7")
    assert [cell.value for cell in instant.failed] == [True]


@pytest.mark.parametrize(
    ("left", "level"),
    [(2, "none"), (1, "reminder"), (0, "reminder"), (-1, "yellow"), (-3, "yellow"), (-4, "red")],
)
def test_the_level_grows_with_the_days_over_the_promise(left, level):
    """M-SUP-1 and M-SUP-2."""
    table = read_table((RULES / "tables" / "escalation.dmn").read_bytes())
    facts = {"suspended": False, "promised_left": left, "statutory_left": left + 10}
    assert explain(table, facts).outcome["level"] == level


@pytest.mark.parametrize("post", ["clerk", "reviewer", "chief", "stand_in", "head"])
@pytest.mark.parametrize("power", ["decide", "accept_review", "joint"])
def test_nobody_does_two_steps_of_one_case_whatever_the_post(post, power):
    """M-REV-1."""
    table = read_table((RULES / "tables" / "authority.dmn").read_bytes())
    facts = {"post": post, "power": power, "same_person": True, "holds_grant": True}
    facts |= {"matter_type": "instant", "steps": 1, "over_amount": False, "outside_region": False}
    assert decide(table, facts).outcome == {"allowed": False, "because": "four_eyes"}


FLAGS = ("formal_review", "survey", "hearing", "testing", "expert_review", "quantity_limit")


def test_every_matter_of_the_catalogue_is_of_the_type_that_the_table_gives_it():
    table = read_table((RULES / "tables" / "classification.dmn").read_bytes())
    with (RULES / "catalogue" / "matters.csv").open(encoding="utf-8", newline="") as file:
        matters = list(csv.DictReader(file))
    wrong = [
        row["name"]
        for row in matters
        if decide(
            table,
            {
                "units_involved": int(row["units_involved"]),
                "statutory_days": int(row["statutory_days"]),
                **{flag: row[flag] == "1" for flag in FLAGS},
            },
        ).outcome["matter_type"]
        != row["matter_type"]
    ]
    assert wrong == []
    assert len(matters) == 494


def rule_table(name):
    return read_table((RULES / "tables" / f"{name}.dmn").read_bytes())


def blank(table, **known):
    """Facts of a case in which nothing is special: every yes or no is no, unless it is known."""
    flags = {fact.key: False for fact in table.inputs if fact.kind is FactKind.BOOLEAN}
    return flags | known


def rows_of(name):
    with (RULES / "catalogue" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


LOCAL = re.compile(r"《雁城市[^》]+（演示）》(第[一二三四五六七八九十]+条|S\d\d)")
# The articles that the handbook of the project gives; others would have to be read first.
GIVEN = {
    *("二十六", "二十九", "三十", "三十一", "三十二", "三十四", "三十六", "三十七", "三十八"),
    *("四十二", "四十三", "四十四", "四十五", "四十六", "四十七", "四十八", "四十九", "五十"),
    *("五十五", "五十七", "五十八", "六十九", "七十", "七十二", "七十三", "七十四", "八十二"),
}


def test_every_row_rests_on_a_known_article_or_on_a_demo_rule(path, table):
    for place, rule in enumerate(table.draft.source.rules):
        for part in re.split("; ", table.draft.basis(place)):
            law = part.startswith(("《中华人民共和国行政许可法》", "《优化营商环境条例》"))
            assert law or LOCAL.match(part), (rule.id, part)
            if law:
                assert set(re.findall("第([一二三四五六七八九十]+)条", part)) <= GIVEN, rule.id


def test_a_paper_is_asked_for_once_and_never_by_a_catch_all_word():
    """M-NOTICE-1 and M-GUIDE-1: whatever the applicant's situation."""
    table = rule_table("materials")
    flags = [fact.key for fact in table.inputs if fact.kind is FactKind.BOOLEAN]
    for kind in ("person", "enterprise", "other"):
        for chosen in product([False, True], repeat=len(flags)):
            facts = {"applicant_kind": kind} | dict(zip(flags, chosen, strict=True))
            papers = explain(table, facts).outcome["extra_paper"]
            assert papers, "somebody has to show who applies"
            assert len(papers) == len(set(papers)), facts
            assert not [
                word for paper in papers for word in ("等", "相关", "其他") if word in paper
            ]


def test_an_agent_adds_two_papers_and_takes_none_away():
    table = rule_table("materials")
    for kind in ("person", "enterprise", "other"):
        alone = decide(table, blank(table, applicant_kind=kind)).outcome["extra_paper"]
        by_agent = blank(table, applicant_kind=kind, by_agent=True)
        papers = decide(table, by_agent).outcome["extra_paper"]
        assert set(papers) - set(alone) == {"授权委托书", "代理人身份证"}
        assert set(alone) <= set(papers)


def test_all_five_outcomes_of_acceptance_exist_and_each_leaves_its_own_slip():
    """M-LAW-1."""
    table = rule_table("acceptance")
    slips = {}
    flags = [fact.key for fact in table.inputs if fact.kind is FactKind.BOOLEAN]
    for chosen in product([False, True], repeat=len(flags)):
        for days in (0, 5, 6):
            facts = {"days_since_receipt": days} | dict(zip(flags, chosen, strict=True))
            outcome = explain(table, facts).outcome
            slips.setdefault(outcome["accept_outcome"], set()).add(outcome["slip"])
    assert {name: len(found) for name, found in slips.items()} == dict.fromkeys(
        ("accept", "supplement", "correct", "decline", "no_licence"), 1
    )
    assert len(set.union(*slips.values())) == 5


@pytest.mark.parametrize(("days", "deemed"), [(5, False), (6, True)])
def test_without_a_notice_within_five_days_the_application_is_accepted(days, deemed):
    """M-NOTICE-2; with a notice it waits for the supplement."""
    table = rule_table("acceptance")
    facts = blank(table, licence_needed=True, competent=True, days_since_receipt=days)
    assert decide(table, facts).outcome["deemed_accepted"] is deemed
    told = decide(table, facts | {"notice_given": True}).outcome
    assert (told["deemed_accepted"], told["accept_outcome"]) == (False, "supplement")


def test_who_is_sent_on_stays_with_the_first_officer_until_the_next_one_confirms():
    """M-FIRST-1: open exactly when the first officer neither answers nor handles."""
    table = rule_table("routing")
    purposes = by_name("visit_purpose").codes
    for purpose, right, inside, project, units in product(purposes, *[[False, True]] * 3, [1, 2]):
        facts = {"visit_purpose": purpose, "right_window": right, "in_hall": inside}
        facts |= {"key_project": project, "units_involved": units}
        outcome = explain(table, facts).outcome
        assert outcome["stays_open"] is (outcome["first_inquiry"] in ("transfer", "lead_to"))


TRAITS = {
    "enterprise_opening": ("none", ("new_enterprise",)),
    "joint_siting": ("siting", ("new_land", "environmental_impact")),
    "construction_permit": ("construction", ("fire_safety", "civil_defence", "lightning")),
    "joint_completion": ("completion", ("fire_safety", "civil_defence", "environmental_impact")),
    "catering_opening": ("none", ("food_business", "fire_safety", "environmental_impact")),
    "key_project": (
        "whole",
        ("new_land", "environmental_impact", "fire_safety", "civil_defence"),
    ),
}


@pytest.mark.parametrize("row", rows_of("joint_procedures"), ids=lambda row: row["code"])
def test_the_units_of_a_joint_procedure_follow_from_the_traits_of_its_project(row):
    table = rule_table("participants")
    phase, traits = TRAITS[row["code"]]
    facts = blank(table, project_phase=phase, **dict.fromkeys(traits, True))
    found = decide(table, facts).outcome["participant_no"]
    assert sorted(found) == sorted(int(no) for no in row["unit_nos"].split(";"))


def test_a_unit_that_takes_part_is_one_of_the_hall_and_is_asked_once():
    table = rule_table("participants")
    units = {int(row["no"]): row["name"] for row in rows_of("units")}
    flags = [fact.key for fact in table.inputs if fact.kind is FactKind.BOOLEAN]
    met = set()
    for phase in by_name("project_phase").codes:
        for chosen in product([False, True], repeat=len(flags)):
            facts = {"project_phase": phase} | dict(zip(flags, chosen, strict=True))
            outcome = explain(table, facts).outcome
            numbers = outcome["participant_no"]
            assert len(numbers) == len(set(numbers)), facts
            met |= set(zip(numbers, outcome["participant"], strict=True))
    assert met <= set(units.items())
    assert len(met) == 17, "every row names a unit that some project meets"


@pytest.mark.parametrize("flag", ["reviewed_case", "interest"])
def test_the_chair_of_a_hearing_has_neither_reviewed_the_case_nor_an_interest(flag):
    """M-LAW-2."""
    table = rule_table("four_eyes")
    decision = decide(table, blank(table, step_duty="hearing_chair", **{flag: True}))
    assert decision.outcome["excluded"] is True
    assert decision.legal_basis == ("《中华人民共和国行政许可法》第四十八条",)


def test_a_survey_needs_two_people_and_everything_else_one():
    """M-LAW-5."""
    table = rule_table("four_eyes")
    flags = [fact.key for fact in table.inputs if fact.kind is FactKind.BOOLEAN]
    for duty in by_name("step_duty").codes:
        for chosen in product([False, True], repeat=len(flags)):
            facts = {"step_duty": duty} | dict(zip(flags, chosen, strict=True))
            outcome = explain(table, facts).outcome
            assert outcome["people_needed"] == (2 if duty == "survey" else 1)
            assert outcome["excluded"] is (outcome["exclusion"] != "none")


CLOSED_LIST = {
    *("hearing", "tender", "auction", "inspection"),
    *("testing", "quarantine", "appraisal", "expert_review"),
}


@pytest.mark.parametrize("kind", by_name("procedure_kind").codes)
def test_only_the_closed_list_stops_the_clocks_of_an_accepted_case(kind):
    """M-SPEC-1 and M-SPEC-2: a survey needs a special law; what stops is told in writing."""
    table = rule_table("special_procedure")
    facts = {"accepted": True, "procedure_kind": kind, "special_law": False}
    assert decide(table, facts).outcome["stops_clock"] is (kind in CLOSED_LIST)
    special = decide(table, facts | {"special_law": True}).outcome
    surveys = {"survey", "joint_survey"}
    assert special["stops_clock"] is (kind in CLOSED_LIST | surveys)
    assert special["written_notice"] is (kind in CLOSED_LIST | surveys)
    assert decide(table, facts | {"accepted": False}).outcome["stops_clock"] is False


def test_visitors_are_called_in_the_order_of_the_hall():
    """M-APPT-1, M-APPT-2 and M-QUEUE-2."""
    table = rule_table("priority")
    waiting = {
        "missed": {"missed_call": True},
        "walk-in": {},
        "booked, 16 minutes late": {"appointment_late": 16},
        "key project": {"key_project": True},
        "booked for now": {"appointment_late": 0},
        "elderly": {"needs_care": True},
        "urgent": {"urgent_handling": True},
    }
    ranks = {
        name: decide(table, blank(table, **facts)).outcome["priority"]
        for name, facts in waiting.items()
    }
    assert sorted(ranks, key=ranks.__getitem__) == [
        *("urgent", "elderly", "booked for now", "key project"),
        *("walk-in", "booked, 16 minutes late", "missed"),
    ]
    assert ranks["walk-in"] == ranks["booked, 16 minutes late"]


CLOCK_RULES = ("S02", "S03", "S04", "S05")


def test_supervision_and_escalation_judge_the_clocks_alike():
    """One breach of a limit is one card; the first of them is the warning that was sent."""
    escalation, supervision = rule_table("escalation"), rule_table("supervision")
    for suspended, statutory, promised, step in product(
        [False, True], [-2, 0, 3], range(-5, 4), [None, -1, 0]
    ):
        facts = {"suspended": suspended, "statutory_left": statutory, "promised_left": promised}
        facts["step_left"] = step
        warned = explain(escalation, facts).outcome
        cards = explain(supervision, blank(supervision, **facts)).outcome
        assert set(cards["rule"]) <= set(CLOCK_RULES)
        first = (cards["rule"][0], cards["level"][0]) if cards["rule"] else (None, "none")
        assert first == (warned["rule"], warned["level"]), facts
        assert len(cards["rule"]) == len(set(cards["rule"]))


def test_all_fourteen_rules_of_supervision_can_raise_a_card():
    rules = rule_table("supervision").draft.rows
    texts = {values[0].tree.value for values in rules.values}
    assert texts == {f"S{number:02}" for number in range(1, 15)}


def test_one_breach_counts_once_with_the_points_of_its_heaviest_row():
    """M-ASS-3: points of several findings on one event are those of one row, never their sum."""
    table = rule_table("assessment")
    choices = {fact.key: True for fact in table.inputs if fact.kind is FactKind.BOOLEAN}
    del choices["veto_event"]
    single = [{key: value} for key, value in choices.items()]
    single += [{"upheld_card": card} for card in ("yellow", "red")]
    single += [{"rating": rating} for rating in ("4", "5")]

    def points(**known):
        return explain(table, blank(table, **{"upheld_card": "none"} | known)).outcome["points"]

    for first, second in combinations(single, 2):
        if not first.keys() & second.keys():
            assert points(**first, **second) == min(points(**first), points(**second))
    assert points() == 0


def test_a_veto_event_is_a_veto_whatever_else_was_found():
    """M-ASS-2."""
    table = rule_table("assessment")
    for late, card in product([False, True], ["none", "yellow", "red"]):
        facts = blank(table, veto_event=True, late_decision=late, upheld_card=card)
        assert decide(table, facts).outcome["veto"] is True
        assert decide(table, facts | {"veto_event": False}).outcome["veto"] is False
