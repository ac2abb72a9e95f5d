"""What is promised of each process, by the hall's rows and by the files they came from."""

import pytest

from engine.kernel.errors import Invalid
from engine.processes.limits import Limit
from engine.services.promises import promised, promised_by
from engine.stock import read_catalogue


def test_rows_and_files_promise_the_same(hall):
    with hall.reading() as unit:
        found = promised(unit)
    assert found == promised_by(read_catalogue())
    kinds = read_catalogue()["matter_types"]
    assert {row["process"] for row in kinds} < found.keys()
    for row in kinds:
        assert found[row["process"]] == Limit(int(row["steps"]), int(row["promised_days"]))


def test_a_process_of_matters_of_several_types_is_held_to_the_least():
    kinds = [
        {"code": "a", "process": "p", "steps": "3", "promised_days": "10"},
        {"code": "b", "process": "q", "steps": "1", "promised_days": "1"},
    ]
    matters = [
        {"matter_type": "a", "process": "own"},
        {"matter_type": "b", "process": ""},
        {"matter_type": "b", "process": "p"},
    ]
    procedures = [{"process": "own", "promised_days": "8"}]
    files = {"matter_types": kinds, "matters": matters, "joint_procedures": procedures}
    assert promised_by(files) == {"p": Limit(1, 1), "q": Limit(1, 1), "own": Limit(3, 8)}


@pytest.mark.parametrize("row", [{"code": "a"}, {"code": "a", "process": "p", "steps": "three"}])
def test_rows_that_mean_nothing_are_refused(row):
    with pytest.raises(Invalid) as refused:
        promised_by({"matter_types": [row]})
    assert refused.value.code == "check.catalogue"
