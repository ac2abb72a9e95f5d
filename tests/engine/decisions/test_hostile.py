"""Bad input and the traps of durable-rules, each through our door: refused in time, or right."""

import json
import subprocess
import sys
import time
from decimal import Decimal

import pytest

from engine.decisions.check import check
from engine.decisions.decide import decide, explain, read_table
from engine.decisions.table import read_draft
from engine.kernel.errors import Invalid

SECONDS = 2.0  # a shared machine is slow; each takes a fraction of a second on a quiet one
MEGABYTES = 200
NUMBER = [("法定天数", "number")]
REASON = [("理由", "string")]


def refused(xml):
    began = time.process_time()
    with pytest.raises(Invalid) as caught:
        read_draft(xml)
    assert time.process_time() - began < SECONDS
    return caught.value


# files


def bomb(levels):
    entities = "".join(
        f'<!ENTITY e{n} "{f"&e{n - 1};" * 10 if n else "lol"}">' for n in range(levels)
    )
    return f"<!DOCTYPE d [{entities}]><definitions>&e{levels - 1};</definitions>".encode()


@pytest.mark.parametrize(
    ("xml", "code"),
    [
        (bomb(10), "xml.doctype"),
        (b'<!DOCTYPE d SYSTEM "file:///etc/passwd"><definitions/>', "xml.doctype"),
        (b"<definitions>" + b" " * 20_000_000 + b"</definitions>", "xml.too_large"),
        (b"<a>" * 100_000, "xml.too_deep"),
        (b"<definitions>" + b"<a/>" * 1_000_000 + b"</definitions>", "xml.too_many_elements"),
        (b'<definitions xmlns="urn:other"/>', "dmn.namespace"),
        (b"\xff\xfe\x00\x00<", None),
        (b"", None),
    ],
    ids=["bomb", "doctype", "20 MB", "deep", "many", "namespace", "bytes", "empty"],
)
def test_a_hostile_file_is_refused_in_time(xml, code):
    error = refused(xml)
    assert error.code == code or code is None
    assert error.code.startswith(("xml.", "dmn."))


def test_ten_thousand_rows_and_three_hundred_columns_are_refused(table):
    rows = [(str(number), '"a"') for number in range(10_000)]
    many = refused(table(NUMBER, REASON, rows))
    assert many.code in ("xml.too_many_elements", "xml.too_large", "dmn.too_many_rows")
    assert many.params["line"] > 1
    wide = [("法定天数", "number")] * 300
    columns = refused(table(wide, REASON, [["-"] * 300 + ['"a"']]))
    assert columns.code in ("dmn.too_many_columns", "dmn.duplicate_id")
    assert columns.params["line"] > 1


FEEL = {
    "a megabyte": "1 + " * 250_000 + "1",
    "ten thousand brackets": "(" * 10_000 + "1" + ")" * 10_000,
    "attribute": "法定天数.__class__.__mro__",
    "import": '__import__("os").system("x")',
    "catastrophic": 'matches("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!", "(a+)+$")',
}


@pytest.mark.parametrize("text", FEEL.values(), ids=FEEL.keys())
def test_a_hostile_cell_is_refused_when_it_is_read_with_its_place(table, text):
    error = refused(table(NUMBER, REASON, [("1", '"a"'), (text, '"b"')]))
    assert error.code.startswith(("feel.", "dmn.", "xml."))
    assert error.params.get("row") == 2 or error.params.get("line", 0) > 1


COSTLY = {
    "a range without end": "count(for i in 1..10**12 return i)",
    "nested loops": "count(for a in 1..9999, b in 1..9999, c in 1..9999 return 1)",
    "a power": "9 ** 9 ** 9 ** 9",
    "a doubling list": "count(for i in 1..60 return if i = 1 then [1, 2] else "
    "[partial[-1], partial[-1]])",
    "a filter of a range": "count([1..10][item in [1..10**12]])",
    "a long text": 'string length(string join(for i in 1..9999 return "a", "xxxxxxxxxx"))',
}


@pytest.mark.parametrize("text", COSTLY.values(), ids=COSTLY.keys())
def test_a_costly_cell_is_bounded_when_it_is_checked_and_decided(table, text):
    xml = table(NUMBER, [("环节数", "number")], [("-", text)])
    began = time.process_time()
    try:
        draft = read_draft(xml)
        check(draft)
        decision = explain(read_table(xml), {"法定天数": 1})
    except Invalid as refusal:
        assert refusal.code.startswith(("feel.", "decision."))  # noqa: PT017  # refused or bounded
    else:
        assert decision.outcome["steps"] is None or decision.outcome["steps"] < 10**6145
    assert time.process_time() - began < SECONDS


MEMORY = """
import json, resource, sys
from engine.decisions.table import read_draft
from engine.feel.compile import expression
from engine.kernel.errors import HallError
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
outcomes = []
for text in json.load(sys.stdin):
    try:
        expression(text, ())({})
        outcomes.append("answered")
    except HallError as error:
        outcomes.append(error.code)
    try:
        read_draft(text.encode())
    except HallError:
        pass
after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print(json.dumps({"grown": (after - before) / 1024, "outcomes": outcomes}))
"""


def test_hostile_texts_together_stay_below_two_hundred_megabytes():
    texts = [*FEEL.values(), *COSTLY.values(), bomb(10).decode(), "<a>" * 500_000]
    done = subprocess.run(  # noqa: S603  # ourselves
        [sys.executable, "-c", MEMORY],
        input=json.dumps(texts),
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    told = json.loads(done.stdout)
    assert told["grown"] < MEGABYTES
    assert len(told["outcomes"]) == len(texts)


# facts


@pytest.mark.parametrize(
    "value",
    [
        Decimal("NaN"),
        Decimal("sNaN"),
        Decimal("Infinity"),
        float("nan"),
        "5",
        True,
        b"5",
        [5],
        {"x": 5},
        "\ud800",
    ],
    ids=repr,
)
def test_a_number_that_is_none_is_refused_and_no_row_is_guessed(days, value):
    table = read_table(days([("-", "-", '"a"')]))
    for ask in (decide, explain):
        with pytest.raises(Invalid) as caught:
            ask(table, {"法定天数": value})
        assert caught.value.code.startswith("decision.")


@pytest.mark.parametrize("amount", [10**30, Decimal("1E+16"), Decimal("1E-5"), 2**63, 2**64 + 1])
def test_numbers_that_durable_rules_reads_wrongly_are_decided_rightly(table, amount):
    """It clamps what is beyond 2^63 and cannot parse exponents."""
    rows = [(f"< {2**53}", '"small"'), (f">= {2**53}", '"large"')]
    made = read_table(table([("金额", "number")], REASON, [*rows]))
    expected = "large" if amount >= 2**53 else "small"
    assert decide(made, {"金额": amount}).outcome == {"reason": expected}


# durable-rules


def both(xml, facts):
    """The rows of the live way, which must be those of the reference."""
    table = read_table(xml)
    rows = decide(table, facts).rows
    assert rows == explain(table, facts).rows
    return rows


def test_more_rows_hold_than_it_has_places_for_siblings(table):
    rows = [(f">= {number}", '"a"') for number in range(1, 101)]
    assert len(both(table(NUMBER, REASON, rows, "COLLECT"), {"法定天数": 100})) == 100


def test_more_tests_below_one_node_than_its_memory_holds(table):
    rows = [(str(number), f'"{number}"') for number in range(1, 521)]
    xml = table(NUMBER, REASON, rows)
    assert both(xml, {"法定天数": 513}) == ("r513",)
    assert both(xml, {"法定天数": 521}) == ()


def test_two_hundred_and_sixty_rows_with_the_same_conditions(table):
    rows = [("<= 10", f'"{number}"') for number in range(260)]
    assert len(both(table(NUMBER, REASON, rows, "COLLECT"), {"法定天数": 3})) == 260


def test_more_columns_than_it_flattens_are_decided_by_the_index_or_refused(table, days):
    cell = ", ".join(str(number) for number in range(1, 600, 2))
    rows = [(cell, "-", '"a"'), (f"not({cell})", "-", '"b"')]
    assert both(days(rows), {"法定天数": 599}) == ("r1",)
    assert both(days(rows), {"法定天数": 600}) == ("r2",)


def test_a_missing_fact_is_null_and_differs_from_every_word(table):
    rows = [('not("东区")', '"other"'), ('"东区"', '"east"')]
    xml = table([("区域", "string")], REASON, rows)
    assert both(xml, {}) == ("r1",)
    assert both(xml, {"区域": None}) == ("r1",)
    assert both(xml, {"区域": "东区"}) == ("r2",)
    unequal = table(
        [("区域", "string")], REASON, [('!= "东区"', '"x"'), ("null", '"y"')], "COLLECT"
    )
    assert both(unequal, {}) == ("r1", "r2")


def test_texts_that_look_like_numbers_or_truths_are_texts(table):
    rows = [('"1"', '"one"'), ('"true"', '"yes"'), ('""', '"empty"'), ('"null"', '"null"')]
    xml = table([("区域", "string")], REASON, rows)
    for place, word in enumerate(["1", "true", "", "null"], 1):
        assert both(xml, {"区域": word}) == (f"r{place}",)
    assert both(xml, {"区域": "1.0"}) == ()


def test_texts_whose_hashes_meet_in_32_bits_stay_apart(table):
    rows = [('"CASE-615436"', '"a"'), ('"CASE-1019840"', '"b"')]
    xml = table([("区域", "string")], REASON, rows)
    assert both(xml, {"区域": "CASE-615436"}) == ("r1",)
    assert both(xml, {"区域": "CASE-1019840"}) == ("r2",)


def test_a_text_of_65536_bytes_is_not_the_empty_text(table):
    xml = table([("区域", "string")], REASON, [('""', '"empty"')])
    with pytest.raises(Invalid, match=r"decision\.text"):
        decide(read_table(xml), {"区域": "x" * 65_536})
    assert both(xml, {"区域": "x" * 9_999}) == ()
    assert both(xml, {"区域": "好" * 9_999}) == ()


def test_texts_made_of_its_own_syntax_are_only_texts(table):
    words = ['{"$m":1}', "$or", "k", "sid", "id", "$s", "n_c0", "*", "a\\nb", "\u0000"]
    for word in words[:-1]:
        feel = json.dumps(word, ensure_ascii=False)
        xml = table([("区域", "string")], REASON, [(feel, '"a"'), (f"not({feel})", '"b"')])
        found = explain(read_table(xml), {"区域": word}).rows
        assert both(xml, {"区域": word}) == found
    xml = table([("区域", "string")], REASON, [('"a"', '"a"'), ('not("a")', '"b"')])
    for word in words[:-1]:
        assert both(xml, {"区域": word}) == ("r2",)


def test_the_same_facts_twice_no_facts_and_no_row_leave_nothing_behind(days):
    xml = days([("<= 10", "true", '"a"'), ("> 10", "true", '"b"')])
    for _ in range(3):
        assert both(xml, {"法定天数": 5, "现场勘查": True}) == ("r1",)
        assert both(xml, {"法定天数": 5, "现场勘查": True}) == ("r1",)
        assert both(xml, {}) == ()
        assert both(xml, {"法定天数": 50, "现场勘查": True}) == ("r2",)


def test_a_row_with_alternatives_that_both_hold_counts_once(table):
    rows = [("< 10, < 20, [1..5]", "3"), ("> 1, > 2", "4")]
    xml = table(NUMBER, [("环节数", "number")], rows, "COLLECT", 'aggregation="SUM"')
    assert decide(read_table(xml), {"法定天数": 3}).outcome == {"steps": 7}


def test_patterns_are_judged_by_feel_and_never_by_its_dialect(table):
    rows = [(r'matches(?, "^\\d+$")', '"digits"'), (r'starts with(?, "[")', '"bracket"')]
    xml = table([("区域", "string")], REASON, rows)
    assert both(xml, {"区域": "123"}) == ("r1",)
    assert both(xml, {"区域": "[x"}) == ("r2",)
    assert both(xml, {"区域": "dd"}) == ()
    assert both(xml, {}) == (), "what is unknown starts with nothing"
