"""The ledger carries the article's figures, counted from the rows (M-LEDG-1)."""

from engine.domain.people import SYSTEM
from engine.domain.reform import Burden
from engine.services import catalogue, reform
from engine.stock import read_catalogue


def test_the_ledger_is_the_one_of_the_article(hall):
    assert reform.ledger(hall).plain() == {
        "licences": 205,
        "steps_before": 1025,
        "steps": 408,
        "steps_cut_percent": 60.2,
        "days_before": 4100,
        "days": 906,
        "days_cut_percent": 77.9,
        "instant_percent": 29.8,
        "matters": 494,
        "matters_instant_percent": 29.8,
        "units": 50,
        "windows": 258,
    }


def test_m_three_1_three_old_processes_and_the_new_one_show_what_was_saved(hall):
    (three,) = [one for one in reform.mergers(hall) if "三证合一" in one.name]
    assert [old.name for old in three.old] == ["工商营业执照", "组织机构代码证", "税务登记证"]
    assert three.before == Burden(steps=12, days=35, papers=20, visits=6)
    assert three.now == Burden(steps=2, days=3, papers=8, visits=1)
    assert three.saved == Burden(steps=10, days=32, papers=12, visits=5)


def test_what_is_saved_is_counted_from_the_rows_as_they_are(hall):
    rows = dict(read_catalogue())
    rows["baselines"] = [{**row, "papers": "10"} for row in rows["baselines"]]
    catalogue.load(hall, SYSTEM, rows)
    (three,) = reform.mergers(hall)
    assert (three.before.papers, three.saved.papers) == (30, 22)
