"""The events of mandates stand in the chain of the person, or of the unit for a post."""

import pytest

from engine.domain.events.authority import GrantRevoked, UnitHandedOver


@pytest.mark.parametrize(
    ("account", "chain"),
    [
        pytest.param("chief26", "account:chief26", id="of a person"),
        pytest.param(None, "unit:26", id="of a post"),
    ],
)
def test_a_mandate_is_told_where_its_holder_is_looked_for(account, chain):
    event = GrantRevoked(account, 26, "g1", "decide", "雁政授〔2015〕1号", "2015-11-01", "机构改革")
    assert event.chain == chain
    assert event.body()["revoked_on"] == "2015-11-01"


def test_a_unit_that_closes_says_so_in_its_own_chain():
    event = UnitHandedOver(26, 27, "机构改革", 3, 4)
    assert (event.chain, event.kind) == ("unit:26", "UnitHandedOver")
    assert event.topics == ("inbox",)
