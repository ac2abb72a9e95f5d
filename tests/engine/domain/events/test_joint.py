"""What is done together is told in the chain of its case, a mandate in one of its own."""

from engine.domain.events.joint import AgentActed, MandateGiven, MandateRevoked, SurveySigned


def test_what_units_do_together_stands_in_the_chains_of_their_cases():
    assert SurveySigned("c1", "s1", 13).chain == "case:c1"
    assert AgentActed("c1", "m1", "代办〔2015〕1号", "apply").chain == "case:c1"


def test_a_mandate_has_a_chain_from_its_gift_to_its_end():
    given = MandateGiven("m1", "代办〔2015〕1号", (355,), "2015-10-26", "2015-11-30")
    revoked = MandateRevoked("m1", "代办〔2015〕1号", "不再委托")
    assert given.chain == revoked.chain == "mandate:m1"
    assert given.topics == (), "nobody's page looks again"
