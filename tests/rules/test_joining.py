"""What opinions add up to: no grant against a refusal, no consent within a limit (M-JOINT-3)."""

from itertools import product
from pathlib import Path

import pytest

from engine.decisions.decide import decide, read_table
from engine.domain.facts import by_name

TABLE = read_table((Path(__file__).parents[2] / "rules" / "tables" / "joining.dmn").read_bytes())
PHASES = by_name("project_phase").codes
COUNTS = ("opinions_refused", "opinions_conditional", "opinions_waiting", "opinions_silent")
CASES = [
    dict(zip((*COUNTS, "silence_consents"), said, strict=True))
    for said in product((0, 1, 3), (0, 2), (0, 1), (0, 1), (False, True))
]


@pytest.mark.parametrize("phase", PHASES)
def test_every_case_is_answered_as_the_law_wants_it(phase):
    for said in CASES:
        found = decide(TABLE, said | {"project_phase": phase}).outcome
        outcome = found["joint_outcome"]
        if said["opinions_refused"]:
            assert outcome in ("refuse", "wait"), said
        elif said["opinions_waiting"] or (said["opinions_silent"] and not said["silence_consents"]):
            assert outcome == "wait", said
        else:
            wanted = "conditional" if said["opinions_conditional"] else "grant"
            assert outcome == wanted, said


@pytest.mark.parametrize(
    ("phase", "others"),
    [("siting", "end"), ("construction", "suspend"), ("completion", "finish")],
)
def test_m_par_3_the_row_says_what_the_others_do_after_a_refusal(phase, others):
    said = dict.fromkeys(COUNTS, 0) | {"opinions_refused": 1, "opinions_waiting": 2}
    found = decide(TABLE, said | {"project_phase": phase, "silence_consents": False})
    assert found.outcome["others"] == others
    assert len(found.rows) == 1
