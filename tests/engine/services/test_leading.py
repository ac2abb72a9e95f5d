"""What the lead unit may do, and what the opinions would add up to."""

from engine.services import leading
from tests.joint import open_matter


def test_the_chief_of_the_lead_unit_leads_and_is_told_the_row(hall, cast):
    parent = open_matter(hall, cast)
    led = leading.leading(hall, cast.holder(parent.unit_no, "chief"), parent)
    assert led.verdict.allowed
    assert led.joint
    assert led.reason
    assert "#" in led.row
