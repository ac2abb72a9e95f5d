"""The proof finds each gap, overlap and dead row, with a case that the evaluator confirms."""

import re
import time
from decimal import Decimal
from itertools import product

import pytest

from engine.decisions import check as module
from engine.decisions.check import Severity, check
from engine.decisions.decide import Table, explain
from engine.decisions.table import read_draft
from engine.kernel.errors import Conflict

WHOLE = [("<= 10", "false", '"a"'), ("> 10", "false", '"b"'), ("-", "true", '"c"')]


def codes(findings, severity=Severity.ERROR):
    return [finding.code for finding in findings if finding.severity is severity]


def asked(draft, case):
    """Ask the evaluator about the case of a finding; labels are the Chinese names."""
    return explain(Table(draft), case)


@pytest.mark.parametrize("name", ["classification", "authority", "escalation"])
def test_the_tables_of_the_hall_have_no_error(hall_table, name):
    assert codes(check(read_draft(hall_table(name)))) == []


def test_a_table_without_a_hole_has_no_finding(days):
    assert check(read_draft(days(WHOLE))) == []


def test_a_removed_row_is_a_gap_with_a_case_that_no_row_covers(hall_table):
    """M-CLASS-2: remove one row, and a concrete uncovered case is shown."""
    xml = hall_table("classification").decode()
    start = xml.index('<rule id="classification-8">')
    cut = xml[:start] + xml[xml.index("</rule>", start) + len("</rule>") :]
    draft = read_draft(cut.encode())
    findings = check(draft)
    assert codes(findings) == ["check.gap"]
    case = findings[0].case
    assert case == {
        "现场勘查": False,
        "听证": False,
        "检验检测": False,
        "专家评审": False,
        "数量限制": False,
        "涉及单位数": 1,
        "仅形式审查": False,
        "法定天数": 1,
    }
    assert asked(draft, case).rows == ()


@pytest.mark.parametrize(
    ("rows", "case"),
    [
        ([("<= 10", "-", '"a"'), ("> 11", "-", '"b"')], 11),
        ([("<= 10", "-", '"a"'), (">= 12", "-", '"b"')], 11),
        ([("< 1000", "-", '"a"')], 1000),
        ([("> 1", "-", '"a"')], 1),
    ],
    ids=["one day between", "both bounds in", "above", "the least value"],
)
def test_a_gap_shows_a_value_that_the_fact_may_have(days, rows, case):
    draft = read_draft(days(rows))
    findings = check(draft)
    assert codes(findings) == ["check.gap"]
    assert findings[0].case["法定天数"] == case
    assert asked(draft, findings[0].case).rows == ()


def test_values_that_a_fact_never_has_are_no_gap(days, table):
    between = [("<= 10", "-", '"a"'), (">= 11", "-", '"b"')]
    assert check(read_draft(days(between))) == [], "days are whole"
    posts = [(f'"{post}"', '"a"') for post in ("clerk", "reviewer", "chief", "stand_in", "head")]
    draft = read_draft(table([("岗位", "string")], [("办件类型", "string")], posts))
    assert check(draft) == [], "there is no sixth post"
    types = read_draft(table([("办件类型", "string")], [("理由", "string")], [('"a"', '"x"')]))
    assert codes(check(types)) == ["check.gap"], "types of matter are data: there may be more"


def test_a_word_of_a_fact_that_no_row_names_is_a_gap(table):
    rows = [('"clerk", "reviewer"', '"a"'), ('"chief"', '"a"')]
    draft = read_draft(table([("岗位", "string")], [("办件类型", "string")], rows))
    findings = check(draft)
    assert codes(findings) == ["check.gap"]
    assert findings[0].case == {"岗位": "stand_in"}
    assert asked(draft, findings[0].case).rows == ()


def test_a_row_for_the_words_that_no_other_names_is_not_shadowed(table):
    inputs, outputs = [("岗位", "string")], [("办件类型", "string")]
    rows = [('"clerk"', '"a"'), ("-", '"b"')]
    assert codes(check(read_draft(table(inputs, outputs, rows, "FIRST")))) == []
    named = [(f'"{post}"', '"a"') for post in ("clerk", "reviewer", "chief", "stand_in", "head")]
    full = read_draft(table(inputs, outputs, [*named, ("-", '"b"')], "FIRST"))
    assert codes(check(full)) == ["check.shadowed"]


def test_null_is_a_case_for_a_fact_that_may_be_unknown(table):
    def draft(*cells):
        rows = [(cell, '"none"') for cell in cells]
        return read_draft(table([("距环节到期工作日", "number")], [("级别", "string")], rows))

    assert codes(check(draft("< 0", ">= 0"))) == ["check.gap"]
    assert check(draft("< 0", ">= 0"))[0].case == {"距环节到期工作日": None}
    assert check(draft("< 0", "null, >= 0")) == []


def test_an_amount_has_decimals_between_two_bounds(table):
    rows = [("< 100", '"x"'), ("> 100.0001", '"y"')]
    draft = read_draft(table([("金额", "number")], [("理由", "string")], rows))
    shown = [finding.case["金额"] for finding in check(draft) if finding.case]
    assert 100 in shown or "100.0001" in shown
    facts = {"金额": Decimal(str(shown[0]))}
    assert asked(draft, facts).rows == ()


def test_an_overlap_under_unique_names_both_rows_and_a_common_case(days):
    draft = read_draft(
        days([("<= 10", "-", '"a"'), (">= 10", "true", '"b"'), ("> 10", "false", '"c"')])
    )
    findings = check(draft)
    assert codes(findings) == ["check.overlap"]
    assert findings[0].rows == ("r1", "r2")
    with pytest.raises(Conflict) as caught:
        asked(draft, findings[0].case)
    assert caught.value.params["rows"] == ["r1", "r2"]


def test_overlaps_under_any_are_conflicts_only_when_outputs_differ(days):
    same = [("<= 10", "-", '"a"'), ("-", "-", '"a"')]
    assert check(read_draft(days(same, "ANY"))) == []
    other = [("<= 10", "-", '"a"'), ("-", "-", '"b"')]
    assert codes(check(read_draft(days(other, "ANY")))) == ["check.conflict"]


def test_overlaps_under_first_are_only_noted(days):
    findings = check(read_draft(days([("<= 10", "-", '"a"'), ("-", "-", '"b"')], "FIRST")))
    assert [(one.severity, one.code, one.params) for one in findings] == [
        (Severity.NOTE, "check.overlaps", {"pairs": 1})
    ]


def test_a_row_that_others_cover_together_is_shadowed(days):
    rows = [
        ("<= 10", "-", '"a"'),
        ("> 10", "true", '"b"'),
        ("> 10", "false", '"c"'),
        ("20", "-", '"d"'),
    ]
    findings = check(read_draft(days(rows, "FIRST")))
    assert [(one.code, one.rows) for one in findings if one.severity is Severity.ERROR] == [
        ("check.shadowed", ("r4",))
    ]


def test_a_row_that_no_fact_can_reach_is_named(days):
    rows = [*WHOLE, ("< 1", "false", '"d"')]
    findings = check(read_draft(days(rows)))
    assert [(one.code, one.rows) for one in findings] == [("check.unreachable", ("r4",))]


def test_a_row_without_a_legal_basis_is_named(days):
    findings = check(read_draft(days(WHOLE, basis=" ")))
    assert codes(findings) == ["check.no_basis"] * 3
    assert [one.rows for one in findings] == [("r1",), ("r2",), ("r3",)]


def test_an_output_outside_its_values_is_named(table):
    rows = [("true", '"red"'), ("false", '"orange"')]
    findings = check(read_draft(table([("停计", "boolean")], [("级别", "string")], rows)))
    assert [(one.code, one.rows, one.column) for one in findings] == [
        ("check.outside_allowed", ("r2",), "级别")
    ]
    assert findings[0].params["value"] == "orange"
    assert "red" in findings[0].params["allowed"]


def test_a_table_without_rows_is_an_error(days):
    assert codes(check(read_draft(days([])))) == ["check.no_rows"]


def test_a_default_or_a_list_leaves_no_gap(days):
    assert check(read_draft(days([("> 5", "-", '"a"')], "COLLECT"))) == []
    defaulted = (
        days([("> 5", "-", '"a"')])
        .decode()
        .replace(
            '<output name="办件类型" typeRef="string"/>',
            '<output name="办件类型" typeRef="string"><defaultOutputEntry><text>"z"</text>'
            "</defaultOutputEntry></output>",
        )
    )
    assert check(read_draft(defaulted.encode())) == []


def test_a_cell_that_is_no_plain_test_leaves_the_question_open_and_says_so(days):
    rows = [("? * 2 > 20", "-", '"a"'), ("<= 10", "-", '"b"')]
    findings = check(read_draft(days(rows)))
    assert codes(findings) == []
    assert codes(findings, Severity.NOTE) == [
        "check.undecided",
        "check.possible_overlap",
        "check.possible_gap",
    ]
    closed = [("? * 2 > 20", "-", '"a"'), ("-", "-", '"b"')]
    assert "check.possible_gap" not in codes(
        check(read_draft(days(closed, "FIRST"))), Severity.NOTE
    )


@pytest.mark.parametrize("seed", range(10))
def test_random_tables_have_exactly_the_gaps_and_overlaps_that_counting_finds(table, dice, seed):
    rnd = dice(seed)
    facts = [("法定天数", "number"), ("现场勘查", "boolean"), ("岗位", "string")]
    posts = ["clerk", "reviewer", "chief", "stand_in", "head"]
    rows = []
    for _ in range(rnd.randint(2, 9)):
        low = rnd.randint(1, 9)
        number = rnd.choice(["-", f"[{low}..{rnd.randint(low, 9)}]", f"<= {low}", f"> {low}"])
        chosen = ", ".join(f'"{post}"' for post in rnd.sample(posts, 3))
        rows.append([number, rnd.choice(["-", "true", "false"]), rnd.choice(["-", chosen]), '"x"'])
    draft = read_draft(table(facts, [("办件类型", "string")], rows))
    findings = check(draft)
    gap, pairs = False, set()
    for days, survey, post in product(range(1, 12), (True, False), posts):
        values = [Decimal(days), survey, post]
        hit = draft.rows.hits(values, {}, None)
        gap = gap or not hit
        pairs |= {(f"r{one + 1}", f"r{two + 1}") for one in hit for two in hit if one < two}
    assert ("check.gap" in codes(findings)) == gap
    assert {one.rows for one in findings if one.code == "check.overlap"} == pairs
    for finding in findings:
        if finding.code == "check.gap":
            assert asked(draft, finding.case).rows == ()


def partition(rnd, count):
    """Rows that cut the whole domain into boxes, by cutting one of them in two again and again."""
    rows = [["-"] * 7]
    while len(rows) < count:
        row = rows.pop(rnd.randrange(len(rows)))
        column = rnd.randrange(7)
        if column == 6:
            cells = ["true", "false"] if row[6] == "-" else [row[6]]
        else:
            low, high = bounds(row[column])
            cut = rnd.randint(low + 1, max(high - 1, low + 1))
            cells = [span(low, cut), span(cut, high)] if cut < high else [row[column]]
        rows += [[*row[:column], cell, *row[column + 1 :]] for cell in cells]
    return [[*row, '"x"'] for row in rows]


def test_five_hundred_rows_of_seven_columns_are_proved_in_time(table, dice):
    names = ["法定天数", "涉及单位数", "环节数", "承诺天数", "距承诺到期工作日", "距法定到期工作日"]
    facts = [*((name, "number") for name in names), ("现场勘查", "boolean")]
    rows = partition(dice(4), 500)
    whole = read_draft(table(facts, [("办件类型", "string")], rows))
    less = read_draft(table(facts, [("办件类型", "string")], rows[1:]))
    more = read_draft(table(facts, [("办件类型", "string")], [*rows, rows[7]]))
    began = time.process_time()
    assert check(whole) == []
    assert time.process_time() - began < 1
    (gap,) = check(less)
    assert gap.code == "check.gap"
    assert asked(less, gap.case).rows == ()
    (overlap,) = check(more)
    assert (overlap.code, overlap.rows) == ("check.overlap", ("r8", "r501"))


TOP = 100_000


def bounds(cell):
    if cell == "-":
        return 1, TOP
    ends = [int(end) for end in re.findall(r"\d+", cell)]
    if cell.startswith("<"):
        return 1, ends[0]
    return (ends[0], TOP) if cell.startswith(">") else (ends[0], ends[1])


def span(low, high):
    if low == 1:
        return f"< {high}"
    return f">= {low}" if high == TOP else f"[{low}..{high})"


def test_a_proof_that_would_take_too_long_tells_what_it_found_and_that_it_is_unfinished(
    days, monkeypatch
):
    rows = [("2", "-", '"a"'), ("4", "true", '"b"'), ("6", "-", '"c"'), ("8", "false", '"d"')]
    whole = check(read_draft(days(rows)))
    assert codes(whole) == ["check.gap"] * 2
    monkeypatch.setattr(module, "MOST_PIECES", 3)
    findings = check(read_draft(days(rows)))
    assert codes(findings, Severity.NOTE) == ["check.unfinished"]
    assert len(codes(findings)) < 2
