"""The ledger carries the article's figures, counted from the rows (M-LEDG-1)."""

from engine.services import reform


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
