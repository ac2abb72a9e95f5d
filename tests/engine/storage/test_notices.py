"""Slips and notices come back as they were made out; papers of a case with their days."""

import sqlite3
from dataclasses import replace
from datetime import date, timedelta

import psycopg
import pytest

from engine.domain.case import CaseState
from engine.domain.notice import Channel, NoticeItem, OneTimeNotice, Slip
from engine.kernel.errors import Missing
from engine.storage import cases, notices
from engine.storage.cases import CaseMaterial
from tests.engine.storage.samples import EVENT, case_of, put

ITEM = NoticeItem(
    no=2,
    name="章程\n(含“附件”)",
    wanting="defective",
    why="没有全体股东签名",
    form="",
    originals=1,
    copies=2,
    legal_basis="《公司法》第二十九条",
    specimen="01001:2",
)


@pytest.fixture
def case(office):
    with office.unit() as unit:
        put(unit, case_of(office))
    return case_of(office)


def notice_of(office, **changes):
    made = OneTimeNotice(
        id="n1",
        no="S-2026-000001",
        case_id="case-1",
        items=(ITEM, replace(ITEM, no=901, name="授权委托书", form="original")),
        channel=Channel.POST,
        issued_at=office.now(),
        issued_by="o-clerk",
        known=("章程",),
        approved_by="o-head",
    )
    return replace(made, **changes)


def slip_of(office, **changes):
    made = Slip(
        id="s1",
        no="A-2026-000001",
        kind="acceptance",
        case_id="case-1",
        row="acceptance#acceptance-5",
        content={"accepted_on": date(2026, 3, 2), "papers": [[1, "申请书", "received"]]},
        channel=Channel.WINDOW,
        issued_at=office.now(),
        issued_by="o-clerk",
    )
    return replace(made, **changes)


def store(office, *slips):
    with office.unit() as unit:
        for slip in slips:
            notices.add(unit, slip)
        unit.record(EVENT)


def test_a_slip_comes_back_as_it_was_made_out(office, case):
    slip = slip_of(office)
    store(office, slip)
    with office.reading() as unit:
        assert notices.slip(unit, slip.id) == slip
        assert notices.slips_of(unit, case.id) == [slip]
        with pytest.raises(Missing, match=r"slip\.unknown"):
            notices.slip(unit, "nobody")


def test_a_notice_comes_back_item_by_item_from_its_slip(office, case):
    notice = notice_of(office)
    store(office, notices.as_slip(notice, "acceptance#acceptance-7"), slip_of(office))
    with office.reading() as unit:
        assert notices.notices_of(unit, case.id) == [notice]
        assert notices.as_notice(notices.slip(unit, notice.id)) == notice
        with pytest.raises(Missing, match=r"notice\.unknown"):
            notices.as_notice(notices.slip(unit, "s1"))


def test_notices_come_in_the_order_in_which_they_were_given(office, case):
    first = notice_of(office, id="z")
    later = notice_of(
        office, id="a", no="S-2026-000002", issued_at=first.issued_at + timedelta(days=1)
    )
    store(office, notices.as_slip(later, "r"), notices.as_slip(first, "r"))
    with office.reading() as unit:
        assert [one.id for one in notices.notices_of(unit, case.id)] == ["z", "a"]


def test_delivery_is_the_only_thing_that_changes(office, case):
    slip = slip_of(office)
    store(office, slip)
    with office.unit() as unit:
        notices.delivered(unit, slip.id)
        unit.record(EVENT)
    with office.reading() as unit:
        assert notices.slip(unit, slip.id) == replace(slip, delivered_at=office.now())


def test_no_number_is_given_out_twice(office, case):
    store(office, slip_of(office))
    with pytest.raises((sqlite3.IntegrityError, psycopg.IntegrityError)):
        store(office, slip_of(office, id="s2"))


def paper(no, state, until=None):
    return CaseMaterial(no, f"材料{no}", True, state, 1, "", until)


def test_papers_are_waited_for_in_the_order_of_their_days(office, case):
    with office.unit() as unit:
        listed = [paper(1, "tolerated"), paper(2, "received"), paper(3, "tolerated")]
        cases.add_materials(unit, case.id, listed)
        notices.tolerate(unit, case.id, listed, date(2026, 3, 20))
        notices.save_paper(unit, case.id, paper(3, "tolerated", date(2026, 3, 10)))
        unit.record(EVENT)
    with office.reading() as unit:
        assert cases.materials_of(unit, case.id)[1] == paper(2, "received")
        waited = notices.tolerated_of(unit, case.unit_no)
        assert [(one.no, one.until) for one in waited] == [
            (3, date(2026, 3, 10)),
            (1, date(2026, 3, 20)),
        ]
        assert notices.tolerated_of(unit, 99) == []


def test_nobody_waits_for_the_papers_of_a_case_that_is_over(office):
    case = case_of(office, state=CaseState.WITHDRAWN)
    with office.unit() as unit:
        put(unit, case)
        cases.add_materials(unit, case.id, [paper(1, "tolerated", date(2026, 3, 20))])
        unit.record(EVENT)
    with office.reading() as unit:
        assert notices.tolerated_of(unit, case.unit_no) == []


def test_corrected_answers_take_the_place_of_those_before(office, case):
    with office.unit() as unit:
        notices.correct_answers(unit, case.id, {"name": "雁城禾木科技有限公司"})
        unit.record(EVENT)
    with office.reading() as unit:
        assert cases.answers_of_application(unit, case.id) == {"name": "雁城禾木科技有限公司"}
