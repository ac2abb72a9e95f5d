"""A contact has a chain of its own."""

from engine.domain.events.inquiries import InquiryConfirmed


def test_an_event_of_a_contact_is_hashed_into_its_chain():
    assert InquiryConfirmed(inquiry_id="i1", transfer=1).chain == "inquiry:i1"
