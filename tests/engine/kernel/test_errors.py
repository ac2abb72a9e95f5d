"""Errors carry codes."""

from engine.kernel.errors import Conflict


def test_an_error_is_a_code_with_parameters():
    error = Conflict("task.taken", by="王芳")
    assert (error.code, error.params) == ("task.taken", {"by": "王芳"})


def test_an_error_spells_its_parameters_for_the_log():
    assert str(Conflict("task.taken", by="王芳")) == "task.taken(by='王芳')"
    assert str(Conflict("case.changed")) == "case.changed"
