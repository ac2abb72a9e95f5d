"""Peers run in a process of their own and answer with figures."""

from pathlib import Path

from engine.cli.peers import bare

COMMITMENT = Path(__file__).resolve().parents[3] / "bpmn" / "matters" / "commitment.bpmn"


def test_the_peer_answers_with_figures():
    done = bare("cases", COMMITMENT, 0.1)
    assert set(done) == {"cases", "steps", "cpu_s", "wall_s"}
