"""The measure of live streams: all hear what moves, and one too many is refused."""

import json

from engine.cli.main import main


def test_the_streams_of_a_unit_hear_of_its_moves_and_one_beyond_the_cap_is_refused(capsys):
    assert main(["bench", "live", "--streams", "60", "--seconds", "4", "--json"]) == 0
    figures = json.loads(capsys.readouterr().out)
    assert (figures["streams"], figures["refused_beyond"]) == (60, True)
    assert figures["heard"] == figures["concerned"] > 0 == figures["heard_in_vain"]
    assert figures["without_requests"] > 0 < figures["beside_requests"]
    assert figures["moves"] > 0


def test_no_stream_is_no_measure(capsys):
    assert main(["bench", "live", "--streams", "0"]) == 1
    assert "bench.live" in capsys.readouterr().err
