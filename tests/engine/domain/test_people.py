"""People and their pages."""

from engine.domain.people import SYSTEM, Official


def test_a_permission_opens_its_own_page_only():
    clerk = Official("o1", "clerk06", "王芳", "clerk", permissions=frozenset({"window.serve"}))
    assert clerk.may("window.serve")
    assert not clerk.may("people.manage")


def test_automatic_acts_carry_the_name_of_the_system():
    assert SYSTEM.name == "系统"
    assert not SYSTEM.may("window.serve")
