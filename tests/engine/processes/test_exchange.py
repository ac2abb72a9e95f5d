"""What cases tell each other are values: equal when they say the same."""

from engine.processes.exchange import Awaited, ScriptDone, Thrown


def test_values_that_say_the_same_are_equal():
    assert Awaited("signal", "S", "c") == Awaited("signal", "S", "c")
    assert Thrown("message", "M", "t") == Thrown("message", "M", "t", {})
    assert Thrown("message", "M", "t", {"a": 1}) != Thrown("message", "M", "t")
    assert ScriptDone("x", "total", [1]) != ScriptDone("x", "total", [2])
