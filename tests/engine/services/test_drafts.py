"""A draft is checked, approved by somebody else, and only then in force."""

from datetime import date

import pytest

from engine.domain.people import SYSTEM
from engine.kernel.errors import Conflict, Forbidden, HallError, Invalid
from engine.kernel.now import hall_moment
from engine.services import drafts, publishing
from engine.services.publishing import Definitions
from engine.stock import read_definitions
from engine.storage import audit

TUESDAY = date(2015, 10, 27)


@pytest.fixture
def policy(cast):
    """Return two of the policy staff."""
    return cast.all_of("policy", None)[:2]


def changed(old=b"</definitions>", new=b"<!-- 2 --></definitions>"):
    source = read_definitions().tables["authority"]
    assert old in source
    return Definitions({}, {}, {"authority": source.replace(old, new)})


def states(hall):
    return [line.state for line in publishing.versions(hall, SYSTEM, "table", "authority")]


def test_from_draft_to_publication(hall, policy):
    author, second = policy
    numbers = drafts.write(hall, author, changed(), TUESDAY, note="雁政发〔2015〕8号")
    assert states(hall) == ["draft", "in_force"]
    with pytest.raises(Conflict) as refused:
        drafts.approve(hall, second, numbers)
    assert refused.value.code == "draft.not_in_state"
    drafts.check(hall, author, numbers)
    with pytest.raises(Forbidden) as alone:
        drafts.approve(hall, author, numbers)
    assert alone.value.code == "publish.second_person"
    drafts.approve(hall, second, numbers)
    assert states(hall) == ["approved", "in_force"]
    drafts.publish(hall, author, numbers)
    assert states(hall) == ["planned", "in_force"]
    line = publishing.versions(hall, SYSTEM, "table", "authority")[0]
    assert (line.author, line.second, line.publisher) == (author.id, second.id, author.id)
    with hall.reading() as unit:
        kinds = [event.kind for event in audit.events_of(unit, "configuration")]
    assert kinds[-4:] == ["DraftWritten", "DraftChecked", "DraftApproved", "Published"]


def test_a_draft_that_cannot_run_stays_a_draft(hall, policy):
    author, _ = policy
    numbers = drafts.write(hall, author, changed("持有授权".encode(), "持有红包".encode()))
    with pytest.raises(Invalid) as refused:
        drafts.check(hall, author, numbers)
    assert refused.value.code == "table.unknown_input"
    assert "draft" in states(hall)


def test_a_draft_whose_day_has_gone_by_is_not_published(hall, policy, now):
    author, second = policy
    numbers = drafts.write(hall, author, changed(), TUESDAY)
    drafts.check(hall, author, numbers)
    drafts.approve(hall, second, numbers)
    now.move_to(hall_moment("2015-10-29T09:00"))
    with pytest.raises(HallError) as late:
        drafts.publish(hall, author, numbers)
    assert late.value.code == "definition.past"
    assert "approved" in states(hall)


def test_only_those_who_may_change_rules_write_drafts(hall, cast):
    with pytest.raises(Forbidden) as refused:
        drafts.write(hall, cast.clerk(26), changed())
    assert refused.value.code == "publish.not_allowed"
