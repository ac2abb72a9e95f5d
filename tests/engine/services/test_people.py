"""Accounts, mandates and absences."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from engine.domain.events.people import OfficialAdded
from engine.domain.people import SYSTEM
from engine.kernel.errors import HallError
from engine.services import intake, people, sign_in, work
from engine.storage import audit, authority, handover
from engine.storage import people as stored_people
from tests.story import application

DAY = date(2015, 10, 26)


def grant(**changes):
    made = {
        "account": "chief26",
        "unit_no": 26,
        "power": "decide",
        "mandate_no": "雁政授〔2015〕1号",
        "valid_from": DAY,
    }
    return people.NewGrant(**(made | changes))


def first_grant(hall):
    """Return a mandate of the chief of unit 26."""
    with hall.reading() as unit:
        chief = next(one for one in stored_people.officials(unit) if one.account == "chief26")
        return authority.grants_of(unit, chief.id)[0]


BAD = {
    "a post nobody has heard of": (
        lambda hall: people.add(hall, SYSTEM, [people.NewOfficial("x1", "某人", "king")]),
        "post.unknown",
    ),
    "a mandate for nobody": (
        lambda hall: people.grant(hall, SYSTEM, [grant(account="nobody")]),
        "account.unknown",
    ),
    "a power that does not exist": (
        lambda hall: people.grant(hall, SYSTEM, [grant(power="rule the world")]),
        "grant.power",
    ),
    "an absence without ground": (
        lambda hall: people.cover_absence(hall, SYSTEM, "standin26", "chief26", DAY, DAY, " "),
        "absence.ground_missing",
    ),
    "an absence that ends before it begins": (
        lambda hall: people.cover_absence(
            hall, SYSTEM, "standin26", "chief26", DAY, date(2015, 10, 25), "出差"
        ),
        "absence.no_days",
    ),
    "a stand-in of another unit": (
        lambda hall: people.cover_absence(hall, SYSTEM, "standin01", "chief26", DAY, DAY, "出差"),
        "absence.other_unit",
    ),
    "standing in for oneself": (
        lambda hall: people.cover_absence(hall, SYSTEM, "chief26", "chief26", DAY, DAY, "出差"),
        "absence.same_person",
    ),
    "the same absence once more": (
        lambda hall: [
            people.cover_absence(hall, SYSTEM, "standin26", "chief26", DAY, DAY, "出差")
            for _time in range(2)
        ],
        "absence.known",
    ),
    "a mandate for a person and a post": (
        lambda hall: people.grant(hall, SYSTEM, [grant(post="chief")]),
        "grant.holder",
    ),
    "a mandate for neither": (
        lambda hall: people.grant(hall, SYSTEM, [grant(account=None)]),
        "grant.holder",
    ),
    "a mandate for a post that decides nothing": (
        lambda hall: people.grant(hall, SYSTEM, [grant(account=None, post="designer")]),
        "post.unknown",
    ),
    "a mandate without a document": (
        lambda hall: people.grant(hall, SYSTEM, [grant(mandate_no=" ")]),
        "grant.mandate_missing",
    ),
    "a mandate that ends before it begins": (
        lambda hall: people.grant(hall, SYSTEM, [grant(valid_to=date(2015, 10, 25))]),
        "grant.no_days",
    ),
    "an amount below nothing": (
        lambda hall: people.grant(hall, SYSTEM, [grant(amount_limit=Decimal(-1))]),
        "grant.amount",
    ),
    "a unit that is none": (
        lambda hall: people.grant(hall, SYSTEM, [grant(unit_no=99)]),
        "unit.unknown",
    ),
    "a type of matter that is none": (
        lambda hall: people.grant(hall, SYSTEM, [grant(matter_types=("royal",))]),
        "grant.matter_types",
    ),
    "a matter that is none": (
        lambda hall: people.grant(hall, SYSTEM, [grant(matters=(99999,))]),
        "matter.unknown",
    ),
    "revoking what was never given": (
        lambda hall: people.revoke(hall, SYSTEM, "nothing", DAY, "机构改革"),
        "grant.unknown",
    ),
    "revoking for yesterday": (
        lambda hall: people.revoke(hall, SYSTEM, first_grant(hall).id, date(2015, 10, 25), "误"),
        "grant.past",
    ),
    "revoking without a reason": (
        lambda hall: people.revoke(hall, SYSTEM, first_grant(hall).id, DAY, " "),
        "grant.reason",
    ),
    "revoking twice": (
        lambda hall: [
            people.revoke(hall, SYSTEM, first_grant(hall).id, DAY, "机构改革") for _time in range(2)
        ],
        "grant.ended",
    ),
    "a password for nobody": (
        lambda hall: people.new_password(hall, SYSTEM, "nobody"),
        "account.unknown",
    ),
}


@pytest.mark.parametrize(("act", "code"), BAD.values(), ids=BAD.keys())
def test_what_cannot_be_is_refused(hall, act, code):
    with pytest.raises(HallError) as refused:
        act(hall)
    assert refused.value.code == code


def test_an_account_is_opened_with_the_pages_of_its_post(hall):
    people.add(hall, SYSTEM, [people.NewOfficial("new1", "周启明", "supervisor")])
    found = next(one for one in people.everybody(hall) if one.account == "new1")
    assert found.may("supervision.read")


def test_the_city_has_its_people(hall):
    posts = [one.post for one in people.everybody(hall)]
    assert posts.count("chief") == posts.count("stand_in") == 50
    assert posts.count("clerk") == 258
    assert posts.count("reviewer") == 55


def test_a_revoked_mandate_is_kept_with_its_last_day_and_its_reason(hall):
    given = first_grant(hall)
    ended = people.revoke(hall, SYSTEM, given.id, date(2015, 11, 1), "机构改革")
    assert first_grant(hall) == ended
    assert (ended.last_day, given.last_day) == (date(2015, 10, 31), None)
    with hall.reading() as unit:
        told = audit.events_of(unit, "account:chief26")[-1]
    assert (told.kind, told.body["reason"]) == ("GrantRevoked", "机构改革")


def test_tasks_under_a_mandate_that_is_revoked_today_are_offered_again_at_once(hall, cast):
    receipt = intake.receive(hall, cast.clerk(26), application(hall))
    task = receipt.opened[0]
    work.claim(hall, cast.clerk(26), task.id)
    with hall.reading() as unit:
        held = authority.grants_of(unit, cast.clerk(26).id)
    for one in held:
        people.revoke(hall, SYSTEM, one.id, DAY, "机构改革")
    assert work.task(hall, cast.clerk(26), task.id).task.holder_id is None


def test_a_mandate_says_who_gave_it_and_all_of_its_limits(hall):
    manager = next(one for one in people.everybody(hall) if one.post == "security_admin")
    wanted = grant(region="城东", matters=(1, 2), amount_limit=Decimal(500), power="seal")
    people.grant(hall, manager, [wanted])
    with hall.reading() as unit:
        chief = next(one for one in stored_people.officials(unit) if one.account == "chief26")
        (found,) = (
            one for one in authority.grants_of(unit, chief.id) if one.granted_by == manager.id
        )
    assert (found.region, found.matters, found.amount_limit) == ("城东", (1, 2), Decimal(500))
    assert found.official_id == chief.id


@pytest.fixture
def keeper(cast):
    return cast.holder(None, "security_admin")


NEW = people.NewOfficial("zhou.qm", "周启明", "clerk", unit_no=26)
UNFIT = {
    "an account with a space": ({"account": "zhou qm"}, "people.account"),
    "no name": ({"name": " "}, "people.name"),
    "a clerk of no unit": ({"unit_no": None}, "people.unit_missing"),
    "a unit that is none": ({"unit_no": 99}, "unit.unknown"),
    "a window of another unit": ({"window_no": 258}, "people.window_unit"),
    "an account that is taken": ({"account": "clerk06"}, "account.taken"),
}


@pytest.mark.parametrize(("changes", "code"), UNFIT.values(), ids=UNFIT.keys())
def test_who_does_not_fit_gets_no_account(hall, keeper, changes, code):
    with pytest.raises(HallError) as refused:
        people.add(hall, keeper, [replace(NEW, **changes)])
    assert refused.value.code == code


def test_m_sec_1_no_post_with_two_administrations_is_given_to_anybody(hall, keeper):
    with hall.unit(SYSTEM) as unit:
        unit.connection.execute(
            stored_people.ROLES.insert(),
            {
                "role": "overlord",
                "name_zh": "总管",
                "name_en": "overlord",
                "permissions": ("people.manage", "audit.read"),
            },
        )
        unit.record(OfficialAdded(account="x", post="overlord", unit_no=None, window_no=None))
    with pytest.raises(HallError) as refused:
        people.add(hall, keeper, [people.NewOfficial("lord", "某人", "overlord")])
    assert refused.value.code == "people.two_administrators"


def test_accounts_and_passwords_are_made_by_who_keeps_them_only(hall, cast):
    for act in (
        lambda by: people.add(hall, by, [NEW]),
        lambda by: people.new_password(hall, by, "chief26"),
        lambda by: people.disable(hall, by, "chief26", "误"),
        lambda by: people.end_absence(hall, by, "standin26", "chief26", DAY, DAY, "误"),
    ):
        for by in (cast.clerk(26), cast.holder(None, "system_admin"), cast.holder(None, "auditor")):
            with pytest.raises(HallError) as refused:
                act(by)
            assert refused.value.code == "people.not_allowed"


def test_nobody_changes_his_own_account_or_mandates(hall, keeper):
    for act in (
        lambda: people.disable(hall, keeper, keeper.account, "误"),
        lambda: people.leave(hall, keeper, keeper.account, DAY, "误"),
        lambda: people.grant(hall, keeper, [grant(account=keeper.account)]),
    ):
        with pytest.raises(HallError) as refused:
            act()
        assert refused.value.code == "people.oneself"


def test_who_is_disabled_is_out_at_once_and_leaves_nothing_open(hall, cast, keeper):
    clerk = cast.clerk(26)
    task = intake.receive(hall, clerk, application(hall)).opened[0]
    work.claim(hall, clerk, task.id)
    session = sign_in.sign_in_as(hall, clerk.account)
    done = people.disable(hall, keeper, clerk.account, "账号外借")
    assert done.offered == (task.id,)
    assert sign_in.who(hall, session.token) is None
    with hall.reading() as unit:
        assert handover.held_by(unit, clerk.id) == []
        assert not any(one.holds_on(DAY) for one in authority.grants_of(unit, clerk.id))
    for act in (
        lambda: people.disable(hall, keeper, clerk.account, "再来"),
        lambda: people.new_password(hall, keeper, clerk.account),
        lambda: people.cover_absence(
            hall, keeper, "standin26", clerk.account, DAY, DAY, "已停用的人"
        ),
    ):
        with pytest.raises(HallError) as refused:
            act()
        assert refused.value.code == "people.left"


def test_one_who_leaves_later_may_be_disabled_today(hall, cast, keeper):
    clerk = cast.clerk(26)
    people.leave(hall, keeper, clerk.account, date(2015, 12, 31), "退休")
    people.disable(hall, keeper, clerk.account, "账号外借")
    found = next(one for one in people.everybody(hall) if one.id == clerk.id)
    assert found.left_on == date(2015, 10, 25)


def test_the_head_names_stand_ins_for_the_own_unit_only(hall, cast):
    head = cast.holder(26, "head")
    people.cover_absence(hall, head, "standin26", "chief26", DAY, DAY, "出差")
    assert people.may_cover(head, cast.holder(26, "chief")).allowed
    for act in (
        lambda: people.cover_absence(hall, head, "standin27", "chief27", DAY, DAY, "出差"),
        lambda: people.end_absence(hall, head, "standin27", "chief27", DAY, DAY, "出差"),
    ):
        with pytest.raises(HallError) as refused:
            act()
        assert refused.value.code == "absence.not_own_unit"


def test_an_absence_is_not_entered_afterwards_nor_for_who_is_no_stand_in(hall, keeper):
    for account, first, code in (
        ("standin26", date(2015, 10, 25), "absence.past"),
        ("clerk06", DAY, "absence.not_stand_in"),
    ):
        with pytest.raises(HallError) as refused:
            people.cover_absence(hall, keeper, account, "chief26", first, DAY, "出差")
        assert refused.value.code == code


def test_an_absence_that_ends_earlier_ends_the_stand_in_and_is_on_record(hall, keeper):
    last = date(2015, 10, 30)
    people.cover_absence(hall, keeper, "standin26", "chief26", DAY, last, "出差")
    people.end_absence(hall, keeper, "standin26", "chief26", DAY, date(2015, 10, 25), "取消")
    with hall.reading() as unit:
        assert authority.stand_ins_from(unit, DAY) == []
        assert audit.events_of(unit, "account:standin26")[-1].kind == "AbsenceEnded"
    for day, reason, code in (
        (date(2015, 10, 25), "再取消", "absence.end_day"),
        (DAY, " ", "handover.reason"),
    ):
        with pytest.raises(HallError) as refused:
            people.end_absence(hall, keeper, "standin26", "chief26", DAY, day, reason)
        assert refused.value.code == code
    with pytest.raises(HallError) as refused:
        people.end_absence(hall, keeper, "standin26", "chief26", last, last, "没有的")
    assert refused.value.code == "absence.unknown"
