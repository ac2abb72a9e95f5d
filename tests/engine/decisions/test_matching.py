"""The bare matching finds what the closures find, whatever comes, in threads and forks too."""

import gc
import os
import resource
import threading
from datetime import date
from decimal import Decimal

import pytest

from engine.decisions.matching import read_matching
from engine.feel.evaluation import Evaluation
from engine.feel.values import from_python
from engine.kernel.errors import Invalid, Unavailable

KINDS = ("string", "number", "boolean", "date", "number")
NAMES = tuple(f"列{number}" for number in range(len(KINDS)))


@pytest.fixture
def made(table, dice):
    """Make a random table and facts for it, and say which rows its closures find."""

    def make(seed, rows=30, live=False, kinds=KINDS):
        rnd = dice(seed)
        inputs = list(zip(NAMES, kinds, strict=False))
        cells = [[*row, '"x"'] for row in rnd.rows(kinds, rows)]
        matching = read_matching(table(inputs, [("果", "string")], cells, "COLLECT"), live=live)

        def facts():
            return {name: rnd.value(kind) for name, kind in inputs}

        return matching, facts

    return make


def by_closures(matching, facts):
    scope = {name: from_python(value) for name, value in facts.items()}
    judged = matching.rows.judge(scope, Evaluation())
    places = matching.rows.hits(judged, scope, Evaluation())
    return tuple(f"r{place + 1}" for place in places)


def plain(value):
    """A whole number as an int, as most callers give it; a day as FEEL has it."""
    if isinstance(value, Decimal) and value == value.to_integral_value():
        return int(value)
    return from_python(value) if isinstance(value, date) else value


@pytest.mark.parametrize("seed", range(8))
def test_random_tables_and_facts_have_the_same_rows_by_index_closures_and_matcher(made, seed):
    matching, facts = made(seed, live=seed < 4)
    for _ in range(120):
        given = facts()
        expected = by_closures(matching, given)
        for one in (given, {name: plain(value) for name, value in given.items()}):
            assert matching.reference(one) == expected
            assert matching.live(one) == expected


@pytest.mark.nightly
@pytest.mark.parametrize("seed", range(100, 600))
def test_a_hundred_thousand_random_pairs_never_disagree(made, seed):
    matching, facts = made(seed, rows=seed % 70 + 1, live=True)
    for _ in range(200):
        given = facts()
        assert matching.reference(given) == matching.live(given) == by_closures(matching, given)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        pytest.param({"列0": 1}, ("r1", "r3"), id="one as an int"),
        pytest.param({"列0": Decimal("1.0")}, ("r1", "r3"), id="one with a decimal"),
        pytest.param({"列0": True}, ("r4",), id="true is no number"),
        pytest.param({"列0": "1"}, ("r4",), id="text is no number"),
        pytest.param({}, ("r4",), id="nothing at all"),
        pytest.param({"列0": Decimal("1.5")}, ("r2",), id="one at the point that is not whole"),
        pytest.param({"列0": 2}, ("r3",), id="between"),
        pytest.param({"列0": Decimal("1." + "0" * 32 + "1")}, ("r3",), id="the next one of all"),
        pytest.param({"列0": 10**30}, ("r3",), id="very large"),
    ],
)
def test_numbers_are_exact_and_other_kinds_are_null(table, given, expected):
    cells = [["1", '"x"'], ["1.5", '"x"'], [">= 1, > 10", '"x"'], ["null", '"x"']]
    if given.get("列0") == Decimal("1.5"):
        expected = ("r2", "r3")
    xml = table([("列0", "number")], [("果", "string")], cells, "COLLECT")
    for matching in (read_matching(xml), read_matching(xml, live=True)):
        for _ in range(2):  # the second time by what was prepared the first time
            assert matching.reference(given) == matching.live(given) == expected


def test_json_facts_are_read_by_the_kind_of_their_input(table):
    xml = table([("日", "date")], [("果", "string")], [['>= date("2026-01-31")', '"x"']], "COLLECT")
    matching = read_matching(xml)
    assert matching.reference(matching.read({"日": "2026-01-31"})) == ("r1",)
    assert matching.reference(matching.read({"日": "2026-01-30"})) == ()
    assert matching.reference(matching.read({"日": "no day"})) == ()
    with pytest.raises(Invalid, match=r"feel\.value"):
        matching.read({"日": 1.5})


def test_a_disagreement_is_no_answer_and_is_not_remembered(made, monkeypatch):
    matching, facts = made(1, live=True)
    monkeypatch.setattr("engine.decisions.durable.Matcher.rows", lambda self, message: (9999,))
    monkeypatch.setattr(matching, "_named", lambda found: tuple(f"r{one}" for one in found))
    given = facts()
    for _ in range(2):
        with pytest.raises(Unavailable, match=r"decision\.disagreement"):
            matching.live(given)


@pytest.mark.parametrize("count", [2_000, pytest.param(300_000, marks=pytest.mark.nightly)])
def test_threads_forks_and_reloads_leave_answers_right_and_memory_flat(made, count):
    matching, facts = made(7, rows=60, live=True)
    asked = [facts() for _ in range(100)]
    expected = [matching.reference(one) for one in asked]
    reloads = 200 if count > 100_000 else 3
    wrong = []

    def work():
        for number in range(count // 8):
            place = number % len(asked)
            if matching.live(asked[place]) != expected[place]:
                wrong.append(place)

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    child = os.fork()
    if child == 0:
        right = all(matching.live(one) == rows for one, rows in zip(asked, expected, strict=True))
        os._exit(0 if right else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    for reload in range(reloads + 10):  # while the others go on deciding
        if reload == 10:  # by now every thread has the memory that it works in
            gc.collect()
            before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        again, _ = made(7, rows=60, live=True)
        assert again.live(asked[0]) == expected[0]
    for thread in threads:
        thread.join()
    gc.collect()
    assert wrong == []
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert grown < (5 if count > 100_000 else 20) * 1024
