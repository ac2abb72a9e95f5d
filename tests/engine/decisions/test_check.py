"""The proof finds each gap, overlap and dead row, with a case that the evaluator confirms."""

import re
import time
from decimal import Decimal
from itertools import product

import pytest
import z3
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.decisions import check as module
from engine.decisions.cells import Equal
from engine.decisions.check import SHOWN, Severity, check
from engine.decisions.decide import Table, explain
from engine.decisions.table import read_draft
from engine.domain.facts import FACTS, FactKind, by_name
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
    names = ["法定天数", "涉及单位数", "环节数", "承诺天数", "参与单位编号", "最少人数"]
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


SEVEN = [
    "法定天数",
    "涉及单位数",
    "环节数",
    "承诺天数",
    "参与单位编号",
    "最少人数",
    "优先级",
]
FLAGS = ["现场勘查", "听证", "检验检测", "专家评审", "数量限制", "停计", "仅形式审查"]
CHOICES = ["岗位", "权力", "办件类型", "程序种类", "来意", "窗口类型", "项目阶段"]
MIXED = [("法定天数", "number"), ("岗位", "string"), ("现场勘查", "boolean"), ("金额", "number")]
MIXED += [("程序种类", "string"), ("听证", "boolean"), ("权力", "string")]
SHAPES = {
    "numbers": [(name, "number") for name in SEVEN],
    "words": [(name, "string") for name in CHOICES],
    "yes and no": [(name, "boolean") for name in FLAGS],
    "mixed": MIXED,
}


def thrown(rnd, name, kind):
    """A cell of a random table, as wide as makes many rows meet."""
    if rnd.random() < 0.3:
        return "-"
    if kind == "boolean":
        return rnd.choice(["true", "false"])
    if kind == "number":
        low = rnd.randint(1, 900)
        return rnd.choice([f"[{low}..{low + rnd.randint(1, 500)}]", f"< {low}", f"not({low})"])
    codes = by_name(name).codes or tuple(f"t{number}" for number in range(20))
    words = rnd.sample(codes, rnd.randint(1, len(codes) - 1))
    return ", ".join(f'"{word}"' for word in words)


@pytest.mark.parametrize("policy", ["UNIQUE", "FIRST"])
@pytest.mark.parametrize("shape", SHAPES)
def test_five_hundred_rows_of_any_shape_are_judged_in_bounded_time(table, dice, shape, policy):
    """Random rows that overlap at will are the hardest: what is not known then is said."""
    rnd, facts = dice(7), SHAPES[shape]
    rows = [[*(thrown(rnd, *fact) for fact in facts), '"x"'] for _ in range(500)]
    draft = read_draft(table(facts, [("理由", "string")], rows, policy))
    began = time.process_time()
    findings = check(draft)
    assert time.process_time() - began < 2, "under 1 s on a quiet machine"
    shown = [one for one in findings if one.code == "check.gap"]
    assert len(shown) <= SHOWN
    for finding in findings:
        if finding.code == "check.gap":
            assert asked(draft, finding.case).rows == ()
        if finding.code == "check.overlap":
            with pytest.raises(Conflict) as caught:
                asked(draft, finding.case)
            assert set(finding.rows) <= set(caught.value.params["rows"])
        if finding.code == "check.shadowed":
            never = next(rule for rule in draft.source.rules if rule.id == finding.rows[0])
            assert never.number > 1


def test_rows_that_stand_for_a_hard_riddle_are_left_undecided_and_named(table, dice):
    """Forty yes-no facts and clauses of three: nobody can decide this quickly for certain."""
    rnd = dice(3)
    flags = [fact for fact in FACTS if fact.kind is FactKind.BOOLEAN][:40]
    facts = [(fact.zh, "boolean") for fact in flags]
    rows = []
    for _ in range(170):
        row = ["-"] * len(facts)
        for place in rnd.sample(range(len(facts)), 3):
            row[place] = rnd.choice(["true", "false"])
        rows.append([*row, '"x"'])
    began = time.process_time()
    findings = check(read_draft(table(facts, [("理由", "string")], rows, "FIRST")))
    assert time.process_time() - began < 3
    assert codes(findings, Severity.NOTE)[0] == "check.overlaps"
    told = [one for one in findings if one.code in ("check.gap", "check.unfinished")]
    assert told, "a gap or the honest word that it is not known"


def test_a_proof_that_would_take_too_long_tells_what_it_found_and_that_it_is_unfinished(
    days, monkeypatch
):
    rows = [("2", "-", '"a"'), ("4", "true", '"b"'), ("6", "-", '"c"'), ("8", "false", '"d"')]
    whole = check(read_draft(days(rows)))
    assert codes(whole) == ["check.gap"] * 3
    monkeypatch.setattr(module, "STEPS", 60)
    findings = check(read_draft(days(rows)))
    assert codes(findings, Severity.NOTE) == ["check.unfinished"]
    assert 0 < len(codes(findings)) < 3
    monkeypatch.setattr(module, "STEPS", 1)
    first = check(read_draft(days(rows, "FIRST")))
    unknown = [one.rows for one in first if one.code == "check.unfinished_rows"]
    assert unknown == [("r1", "r2", "r3", "r4")]


def test_gaps_come_largest_first_five_of_them_and_the_others_are_counted(table):
    facts = [("法定天数", "number"), ("环节数", "number")]
    rows = [(str(number), str(number), '"a"') for number in range(1, 9)]
    draft = read_draft(table(facts, [("办件类型", "string")], rows))
    findings = check(draft)
    gaps = [one for one in findings if one.code == "check.gap"]
    assert len(gaps) == SHOWN
    assert gaps[0].case == {"法定天数": 9, "环节数": 1}, "a row of its own for each step"
    (more,) = (one.params for one in findings if one.code == "check.more_gaps")
    assert more["more"] > 0
    assert more["at_least"] is False


def test_what_does_not_matter_in_a_case_is_told_apart(days):
    (gap,) = check(read_draft(days([("<= 10", "-", '"a"'), (">= 12", "-", '"b"')])))
    assert gap.free == ("现场勘查",)
    assert gap.case["法定天数"] == 11


def test_a_case_that_the_closures_do_not_confirm_is_only_possible(table):
    """One fact in two columns: the boxes know nothing of it, the case does."""
    twice = [("法定天数", "number"), ("法定天数", "number")]
    rows = [("<= 10", "-", '"a"'), ("-", "> 10", '"b"')]
    logic = table(twice, [("办件类型", "string")], rows).decode()
    once = logic.replace(logic[logic.index("<inputData") : logic.index("</inputData>") + 12], "", 1)
    need = '<informationRequirement><requiredInput href="#i-法定天数"/></informationRequirement>'
    findings = check(read_draft(once.replace(need, "", 1).encode()))
    assert codes(findings) == []
    assert set(codes(findings, Severity.NOTE)) == {"check.possible_gap", "check.possible_overlap"}


def test_a_computed_cell_whose_case_shows_the_gap_makes_it_certain(days):
    findings = check(read_draft(days([("? * 2 > 20", "true", '"a"')])))
    assert codes(findings)[0] == "check.gap"


def solved(draft, number_of_rows):
    """Gaps, overlapping pairs and shadowed rows of a table of whole numbers, words, yes-no: z3."""
    names = [fact.key for fact in draft.direct]
    known, domain = {}, []
    for fact in draft.direct:
        if fact.kind is FactKind.NUMBER:
            known[fact.key] = z3.Int(fact.key)
            domain.append(known[fact.key] >= int(fact.least))
        elif fact.kind is FactKind.BOOLEAN:
            known[fact.key] = z3.Bool(fact.key)
        else:
            known[fact.key] = z3.Int(fact.key)
            domain += [known[fact.key] >= 0, known[fact.key] < len(fact.codes)]
    rows = []
    for cells in draft.rows.cells:
        tests = zip(names, cells, draft.direct, strict=True)
        rows.append(z3.And([formula(known[name], cell, fact) for name, cell, fact in tests]))

    def possible(*parts):
        solver = z3.Solver()
        solver.add(*domain, *parts)
        return solver.check() == z3.sat

    pairs = {
        (one, two)
        for one in range(number_of_rows)
        for two in range(one + 1, number_of_rows)
        if possible(rows[one], rows[two])
    }
    reached = [possible(row) for row in rows]
    shadowed = {
        place
        for place, row in enumerate(rows)
        if reached[place] and not possible(row, *(z3.Not(other) for other in rows[:place]))
    }
    return possible(*(z3.Not(row) for row in rows)), pairs, shadowed


def formula(known, cell, fact):
    parts = []
    for test in cell.tests:
        if isinstance(test, Equal):
            if fact.kind is FactKind.ENUMERATION:
                parts.append(known == fact.codes.index(test.value))
            elif fact.kind is FactKind.NUMBER:
                parts.append(known == int(test.value))
            else:
                parts.append(known == test.value)
            continue
        ends = []
        if test.low is not None:
            ends.append(known >= int(test.low) if test.low_closed else known > int(test.low))
        if test.high is not None:
            ends.append(known <= int(test.high) if test.high_closed else known < int(test.high))
        parts.append(z3.And(ends))
    if not parts:
        return z3.BoolVal(True)
    return z3.Not(z3.Or(parts)) if cell.negated else z3.Or(parts)


WORDS = ("clerk", "reviewer", "chief", "stand_in", "head")
NUMBER_CELLS = st.one_of(
    st.just("-"),
    st.builds(
        lambda sign, n: f"{sign} {n}", st.sampled_from(["<", "<=", ">", ">="]), st.integers(0, 12)
    ),
    st.builds(
        lambda low, more, a, b: f"{a}{low}..{low + more}{b}",
        st.integers(0, 12),
        st.integers(1, 8),
        st.sampled_from("[("),
        st.sampled_from("])"),
    ),
    st.builds(lambda one, two: f"{one}, {two}", st.integers(1, 12), st.integers(1, 12)),
    st.builds(lambda one, two: f"not({one}, {two})", st.integers(1, 12), st.integers(1, 12)),
)
WORD_CELLS = st.one_of(
    st.just("-"),
    st.builds(
        lambda words, denied: f"not({words})" if denied else words,
        st.lists(st.sampled_from(WORDS), min_size=1, max_size=4, unique=True).map(
            lambda words: ", ".join(f'"{word}"' for word in words)
        ),
        st.booleans(),
    ),
)
COLUMNS = [
    (("法定天数", "number"), NUMBER_CELLS),
    (("岗位", "string"), WORD_CELLS),
    (("现场勘查", "boolean"), st.sampled_from(["-", "true", "false"])),
    (("环节数", "number"), NUMBER_CELLS),
]


@st.composite
def random_tables(draw):
    """The columns and rows of a table with 2 to 4 columns."""
    columns = draw(st.permutations(COLUMNS))[: draw(st.integers(2, 4))]
    cells = st.tuples(*(cell for _, cell in columns))
    rows = draw(st.lists(cells, min_size=1, max_size=8))
    return [fact for fact, _ in columns], [[*row, '"x"'] for row in rows]


@given(random_tables())
@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_gaps_overlaps_and_shadowed_rows_are_those_that_z3_finds(table, made):
    facts, rows = made
    unique = read_draft(table(facts, [("理由", "string")], rows))
    gap, pairs, shadowed = solved(unique, len(rows))
    findings = check(unique)
    assert ("check.gap" in codes(findings)) == gap
    found = {one.rows for one in findings if one.code == "check.overlap"}
    assert found == {(f"r{one + 1}", f"r{two + 1}") for one, two in pairs}
    first = check(read_draft(table(facts, [("理由", "string")], rows, "FIRST")))
    dead = {one.rows[0] for one in first if one.code == "check.shadowed"}
    assert dead == {f"r{place + 1}" for place in shadowed}
    assert not [one for one in (*findings, *first) if one.code in UNSURE]


UNSURE = ("check.unfinished", "check.possible_gap", "check.possible_overlap")


@given(random_tables(), st.randoms(use_true_random=False))
@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_no_point_that_is_thrown_contradicts_the_proof(table, made, rnd):
    facts, rows = made
    first = read_draft(table(facts, [("理由", "string")], rows, "FIRST"))
    findings = check(first)
    closed = "check.gap" not in codes(findings)
    dead = {one.rows[0] for one in findings if one.code in ("check.shadowed", "check.unreachable")}
    for _ in range(50):
        values = {
            name: rnd.randint(1, 25)
            if kind == "number"
            else rnd.choice(WORDS)
            if kind == "string"
            else rnd.random() < 0.5
            for name, kind in facts
        }
        hit = asked(first, values).rows
        assert hit or not closed
        assert not set(hit) & dead
