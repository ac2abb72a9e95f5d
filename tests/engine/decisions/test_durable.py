"""The safe pattern: durable-rules finds exactly the rows that hold, whatever is done around it."""

import gc
import json
import os
import resource
import threading

import pytest

from engine.decisions import durable
from engine.decisions.durable import (
    Disagreement,
    Matcher,
    build_in_child,
    first_disagreement,
    rule_sets,
)
from engine.kernel.errors import Conflict, Invalid, Unavailable

OPERATORS = {
    "$lt": lambda a, b: a < b,
    "$lte": lambda a, b: a <= b,
    "$gt": lambda a, b: a > b,
    "$gte": lambda a, b: a >= b,
    "$neq": lambda a, b: a != b,
}


def holds(test, message):
    """What a condition means, in Python: the oracle."""
    ((name, inner),) = test.items()
    if name == "$or":
        return any(holds(part, message) for part in inner)
    if name == "$and":
        return all(holds(part, message) for part in inner)
    if name in OPERATORS:
        ((key, value),) = inner.items()
        return key in message and OPERATORS[name](message[key], value)
    return message.get(name) == inner


def random_test(rnd):
    key = f"c{rnd.randrange(4)}"
    choice = rnd.randrange(6)
    if choice == 0:
        return {key: rnd.randrange(-3, 4)}
    if choice == 1:
        return {"$or": [{key: rnd.randrange(-3, 4)} for _ in range(rnd.randint(2, 8))]}
    if choice == 2:
        low = rnd.randrange(-3, 3)
        return {"$and": [{"$gte": {key: low}}, {"$lt": {key: low + rnd.randint(1, 3)}}]}
    if choice == 3:
        return {f"n_{key}": 1}
    if choice == 4:
        return {"$or": [{f"n_{key}": 1}, {"$neq": {key: rnd.randrange(-3, 4)}}]}
    return {rnd.choice(sorted(OPERATORS)): {key: rnd.randrange(-3, 4)}}


def random_message(rnd):
    message = {}
    for n in range(4):
        if rnd.random() < 0.2:
            message[f"n_c{n}"] = 1
        else:
            message[f"c{n}"] = rnd.randrange(-4, 5)
    return message


def random_rows(rnd, count):
    return [[random_test(rnd) for _ in range(rnd.randrange(4))] for _ in range(count)]


def expected(rows, message):
    return tuple(n for n, row in enumerate(rows) if all(holds(test, message) for test in row))


@pytest.fixture
def small():
    matcher = Matcher(rule_sets([[{"c0": n}] for n in range(3)]))
    yield matcher
    matcher.close()


@pytest.mark.parametrize("count", [1, 5, 59, 60, 61, 150])
def test_random_tables_give_the_rows_that_the_oracle_gives(count, dice):
    rnd = dice(count)
    rows = random_rows(rnd, count)
    matcher = Matcher(rule_sets(rows))
    for _ in range(100):
        message = random_message(rnd)
        assert matcher.rows(message) == expected(rows, message)
    matcher.close()


def test_all_rows_that_hold_are_found_and_not_only_the_first():
    rows = [[{"c0": 1}]] * 70 + [[]]
    matcher = Matcher(rule_sets(rows))
    assert matcher.rows({"c0": 1}) == tuple(range(71))
    assert matcher.rows({"c0": 2}) == (70,)
    matcher.close()


def test_a_row_whose_alternatives_both_hold_is_found_once(small):
    matcher = Matcher(rule_sets([[{"$or": [{"c0": 1}, {"c1": 1}]}]]))
    assert matcher.rows({"c0": 1, "c1": 1}) == (0,)
    matcher.close()


def test_a_fact_leaves_nothing_behind_for_the_next_one(small):
    assert [small.rows({"c0": n}) for n in (0, 1, 1, 7, 2)] == [(0,), (1,), (1,), (), (2,)]


def test_the_librarys_own_state_message_matches_no_row():
    """`$neq` would also be asked of the state message if the guard were not there."""
    matcher = Matcher(rule_sets([[{"$or": [{"n_c0": 1}, {"$neq": {"c0": 1}}]}]]))
    assert [matcher.rows({"c0": 1}), matcher.rows({"c0": 2}), matcher.rows({"n_c0": 1})] == [
        (),
        (0,),
        (0,),
    ]
    matcher.close()


def test_an_empty_table_finds_nothing():
    matcher = Matcher(rule_sets([]))
    assert matcher.rows({"c0": 1}) == ()
    matcher.close()


def test_an_error_of_the_library_is_told_and_the_next_question_is_answered(small, monkeypatch):
    real = durable._ask
    monkeypatch.setattr(
        durable, "_ask", lambda handle, text: real(handle, text) if '"p"' in text else fail()
    )

    def fail():
        raise RuntimeError("assert_fact gave 303")

    with pytest.raises(Unavailable) as caught:
        small.rows({"c0": 1})
    assert caught.value.code == "decision.matcher_failed"
    assert "303" in caught.value.params["said"]
    monkeypatch.undo()
    assert small.rows({"c0": 1}) == (1,)


def test_threads_and_forks_under_load_never_see_a_wrong_row(dice):
    rnd = dice(11)
    rows = random_rows(rnd, 130)
    cases = [random_message(rnd) for _ in range(60)]
    wanted = [expected(rows, message) for message in cases]
    matcher = Matcher(rule_sets(rows))
    wrong: list[object] = []
    stop = threading.Event()

    def work(seed):
        own = dice(seed)
        while not stop.is_set():
            n = own.randrange(len(cases))
            if matcher.rows(cases[n]) != wanted[n]:
                wrong.append(n)

    threads = [threading.Thread(target=work, args=(seed,)) for seed in range(8)]
    for thread in threads:
        thread.start()
    codes = [fork_and_check(matcher, cases, wanted) for _ in range(3)]
    stop.set()
    for thread in threads:
        thread.join()
    assert (wrong, codes) == ([], [0, 0, 0])
    matcher.close()


def fork_and_check(matcher, cases, wanted):
    child = os.fork()
    if child == 0:
        good = all(matcher.rows(case) == want for case, want in zip(cases, wanted, strict=True))
        os._exit(0 if good else 3)
    return os.waitpid(child, 0)[1]


def test_memory_stays_flat_over_hot_reloads_and_questions(dice):
    rnd = dice(5)
    rows = random_rows(rnd, 50)
    shards = rule_sets(rows)
    messages = [random_message(rnd) for _ in range(50)]

    def reload(times):
        for n in range(times):
            matcher = Matcher(shards)
            matcher.rows(messages[n % 50])
            del matcher  # a version that nobody uses any more closes itself
        gc.collect()
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    before = reload(40)
    assert reload(80) - before < 5 * 1024
    matcher = Matcher(shards)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for n in range(3_000):
        matcher.rows(messages[n % 50])
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 5 * 1024
    matcher.close()


def test_the_child_agrees_with_right_cases_and_names_a_wrong_one():
    shards = rule_sets([[{"c0": 1}], [{"c0": 2}]])
    build_in_child(shards, [({"c0": 1}, (0,)), ({"c0": 2}, (1,)), ({"c0": 3}, ())])
    with pytest.raises(Conflict) as caught:
        build_in_child(shards, [({"c0": 1}, (0,)), ({"c0": 2}, (0, 1))])
    assert caught.value.code == "table.disagreement"
    assert caught.value.params == {"case": 1, "reference": [0, 1], "matcher": [1]}


def test_a_rule_set_that_the_library_cannot_read_is_refused_by_the_child():
    with pytest.raises(Invalid, match=r"table\.matcher_crashes"):
        build_in_child(['{"r0": {"all": [{"m": {"$and": [{"c0": 1e16}]}}]}}'], [])


def test_a_rule_set_over_the_limits_of_the_library_takes_the_child_with_it_not_us(monkeypatch):
    """600 distinct tests below one node corrupt the heap or hang with the lock held."""
    monkeypatch.setattr(durable, "CHILD_SECONDS", 1)
    monkeypatch.setattr(durable, "CHILD_PATIENCE", 4)
    rules = {f"r{n}": {"all": [{"m": {"$and": [{"k": 1}, {"c0": n}]}}]} for n in range(600)}
    with pytest.raises(Invalid) as caught:
        build_in_child([json.dumps(rules)], [])
    assert caught.value.code in {"table.matcher_hangs", "table.matcher_crashes"}


def test_the_first_disagreement_is_the_one_that_is_named():
    answers = {1: (0,), 2: (1,), 3: (2,)}
    cases = [({"c0": 1}, [0]), ({"c0": 2}, [7]), ({"c0": 3}, [8])]
    found = first_disagreement(lambda message: answers[message["c0"]], cases)
    assert found == Disagreement(1, (7,), (1,))
    assert first_disagreement(lambda message: answers[message["c0"]], cases[:1]) is None
