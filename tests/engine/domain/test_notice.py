"""What another notice may say: nothing that was known, everything that is new."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.domain.facts import by_name
from engine.domain.notice import (
    SERIES,
    Channel,
    NoticeItem,
    OneTimeNotice,
    Wanting,
    repetition,
    slip_number,
    specimen_of,
)

RECEIVED = datetime(2026, 9, 18, 1, tzinfo=UTC)
DAY = timedelta(days=1)


def item(no):
    return NoticeItem(no, f"材料{no}", "missing", "", "", 1, 0, "第三十二条", f"01:{no}")


def notice(*numbers, after=1):
    return OneTimeNotice(
        id="n",
        no="S-2026-000001",
        case_id="c",
        items=tuple(map(item, numbers)),
        channel=Channel.WINDOW,
        issued_at=RECEIVED + after * DAY,
        issued_by="o",
    )


def wanting(no, since=0):
    return Wanting(no, f"材料{no}", RECEIVED + since * DAY)


@pytest.mark.parametrize(
    ("earlier", "wanted", "known", "standing", "fresh"),
    [
        pytest.param([], [wanting(1)], [], [], [1], id="the first notice is all new"),
        pytest.param([notice(1)], [wanting(1)], [], [1], [], id="named and not brought"),
        pytest.param([notice(1)], [wanting(2)], [2], [], [], id="lay there unnamed"),
        pytest.param([notice(1)], [wanting(1, since=2)], [], [], [1], id="brought since"),
        pytest.param([notice(1)], [wanting(2, since=2)], [], [], [2], id="came after the notice"),
        pytest.param(
            [notice(1), notice(2, after=3)],
            [wanting(1), wanting(2), wanting(3), wanting(4, since=2), wanting(5, since=4)],
            [3, 4],
            [1, 2],
            [5],
            id="two notices before",
        ),
        pytest.param([notice(1)], [], [], [], [], id="nothing is wanting"),
    ],
)
def test_papers_are_known_standing_or_new(earlier, wanted, known, standing, fresh):
    found = repetition(earlier, wanted)
    assert [[one.no for one in part] for part in (found.known, found.standing, found.fresh)] == [
        known,
        standing,
        fresh,
    ]


def test_every_kind_of_slip_has_its_own_series():
    assert set(SERIES) >= {word.code for word in by_name("slip").values}
    assert len(set(SERIES.values())) == len(SERIES)


def test_slips_are_numbered_by_kind_year_and_serial():
    assert slip_number("supplement", 2026, 7) == "S-2026-000007"


def test_a_specimen_is_named_by_its_list_and_number():
    assert specimen_of("0100100001", 3) == "0100100001:3"


MOMENTS = st.integers(0, 6)
PAPERS = st.lists(st.tuples(st.integers(1, 5), MOMENTS), unique_by=lambda one: one[0])


@given(
    earlier=st.lists(st.tuples(st.sets(st.integers(1, 5), min_size=1), MOMENTS), max_size=3),
    wanted=PAPERS,
)
def test_every_paper_is_exactly_one_of_the_three(earlier, wanted):
    notices = [notice(*sorted(numbers), after=after) for numbers, after in earlier]
    papers = [wanting(no, since=since) for no, since in wanted]
    found = repetition(notices, papers)
    parts = [*found.known, *found.standing, *found.fresh]
    assert sorted(one.no for one in parts) == sorted(one.no for one in papers)
    for paper in found.known:
        told = [one for one in notices if one.issued_at >= paper.since]
        assert told
        assert not any(one.names(paper.no) for one in told)
    assert all(one.since > each.issued_at for one in found.fresh for each in notices)
