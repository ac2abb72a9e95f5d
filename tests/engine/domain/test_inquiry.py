"""Who answers for a contact while it goes from one to the next."""

from engine.domain.inquiry import Inquiry, Transfer, in_charge, pending
from engine.kernel.now import hall_moment

AT = hall_moment("2015-10-26T09:00")
ASKED = Inquiry(
    "i", "first", 6, None, "怎么办营业执照?", "apply", "lead_to", "intake", True, "routing#14", AT
)


def handed(serial, receiver, confirmed=None):
    return Transfer("i", serial, "giver", receiver, "不归我管", AT, confirmed)


def test_the_first_officer_answers_until_the_next_confirms():
    assert in_charge(ASKED, []) == "first"
    assert in_charge(ASKED, [handed(1, "next")]) == "first"
    assert in_charge(ASKED, [handed(1, "next", AT)]) == "next"
    assert in_charge(ASKED, [handed(1, "next", AT), handed(2, "third")]) == "next"


def test_only_the_last_transfer_can_wait():
    waits = handed(2, "third")
    assert pending([]) is None
    assert pending([handed(1, "next", AT)]) is None
    assert pending([handed(1, "next", AT), waits]) == waits
