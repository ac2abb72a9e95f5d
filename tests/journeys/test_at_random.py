"""Officials, applicants, clocks and grants act at random; a hall on one page says what must follow.

No case gets stuck, no clock is wrong, nobody acts without authority.
"""

from datetime import datetime, time, timedelta

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from engine.demo.carry import answers_for, application_for
from engine.domain.case import CaseState
from engine.domain.people import SYSTEM
from engine.kernel.errors import Conflict, HallError
from engine.kernel.now import HALL_ZONE, hall_day, hall_moment
from engine.services import clocks, endings, extensions, intake, people, work
from engine.services.clocks import Cause
from engine.storage import authority, cases
from tests.journeys.plain import ONE_DAY, STEPS, Person, PlainCase, days_of
from tests.story import first_matter

MONDAY = "2026-03-02T09:00"
POSTS = ("clerk", "reviewer", "chief", "head", "stand_in")
EXTENSION = 10
REFUSAL = {
    "decision_outcome": "refuse",
    "refuse_reason": "不符合法定条件",
    "refuse_law": "行政许可法第三十八条",
    "refuse_remedy": "六十日内可申请行政复议",
}
GRANT = {"decision_outcome": "grant", "review_outcome": "pass"}


class HallAtRandom(RuleBasedStateMachine):
    """Everything that is done to the hall is done to the plain one too."""

    def __init__(self, hall, cast, now):
        super().__init__()
        self.hall, self.cast, self.now = hall, cast, now
        self.matters = {kind: first_matter(hall, kind) for kind in STEPS}
        self.cases, self.taken_back = {}, []

    @initialize()
    def begin(self):
        """Start on a Monday with the people of the units, and the grants they hold."""
        self.now.move_to(max(self.now(), hall_moment(MONDAY)))
        self.officials, self.people = {}, {}
        for unit_no in {matter.unit_no for matter in self.matters.values()}:
            for post in POSTS:
                for official in self.cast.all_of(post, unit_no)[:2]:
                    self.officials[official.id] = official
                    self.people[official.id] = self._person(official)

    def _person(self, official):
        powers = {one.power: one.valid_to for one in self._grants(official.id)}
        return Person(official.id, official.post, official.unit_no, powers)

    def _grants(self, official_id):
        with self.hall.reading() as unit:
            found = authority.grants_of(unit, official_id)
        return [one for one in found if one.revoked_on is None]

    @property
    def today(self):
        return hall_day(self.now())

    def _open(self, data):
        known = [one for one in self.cases.values() if one.state == "accepted"]
        return data.draw(st.sampled_from(known))

    def _anybody(self, data, unit_no):
        """Mostly somebody of the unit, sometimes a stranger."""
        near = [one for one in self.people.values() if one.unit == unit_no]
        return data.draw(st.sampled_from(near if data.draw(st.integers(0, 5)) else self._all()))

    def _all(self):
        return list(self.people.values())

    def _case(self, plain):
        with self.hall.reading() as unit:
            return cases.case(unit, plain.id)

    def _task(self, plain):
        with self.hall.reading() as unit:
            return next(task for task in cases.tasks_of(unit, plain.id) if task.is_open)

    @rule(kind=st.sampled_from(sorted(STEPS)))
    def apply(self, kind):
        """A complete application is received and accepted."""
        matter = self.matters[kind]
        clerk = self.cast.clerk(matter.unit_no)
        case = intake.receive(self.hall, clerk, application_for(self.hall, matter)).case
        self.cases[case.id] = PlainCase(
            case.id,
            kind,
            matter.unit_no,
            self.today,
            matter.promised_days,
            matter.statutory_days,
        )

    def _some_case_is_open(self):
        return any(one.state == "accepted" for one in self.cases.values())

    @precondition(_some_case_is_open)
    @rule(data=st.data(), grant=st.booleans())
    def complete(self, data, grant):
        """Somebody tries the step that waits."""
        plain = self._open(data)
        person = self._anybody(data, plain.unit)
        task, case = self._task(plain), self._case(plain)
        wanted = GRANT if grant else {**GRANT, **REFUSAL}
        answers = answers_for(work.form_of(self.hall, task), wanted)
        no = plain.why_not(person, self.today)
        official = self.officials[person.id]
        refused = error_of(work.complete_task, self.hall, official, task.id, answers, case.rev)
        self._expect(refused, plain, person, no)
        if refused is None:
            self._went_on(plain, person)

    def _expect(self, refused, plain, person, no):
        """A step that another holds is taken; otherwise the plain hall's no is the hall's."""
        if plain.holder not in (None, person.id):
            assert refused.code == "task.taken"
        else:
            assert (refused.params["because"] if refused else None) == no

    def _went_on(self, plain, person):
        plain.done, plain.holder = (*plain.done, person.id), None
        plain.place += 1
        if plain.place == len(STEPS[plain.kind]):
            plain.state = "decided"

    @precondition(_some_case_is_open)
    @rule(data=st.data())
    def claim(self, data):
        """Somebody takes the step that waits for himself."""
        plain = self._open(data)
        person = self._anybody(data, plain.unit)
        task, no = self._task(plain), plain.why_not(person, self.today)
        refused = error_of(work.claim, self.hall, self.officials[person.id], task.id)
        self._expect(refused, plain, person, no)
        if refused is None:
            plain.holder = person.id

    @precondition(lambda self: any(one.holder for one in self.cases.values()))
    @rule(data=st.data())
    def release(self, data):
        """Whoever holds a step gives it back."""
        held = [one for one in self.cases.values() if one.holder and one.state == "accepted"]
        if held:
            plain = data.draw(st.sampled_from(held))
            work.release(self.hall, self.officials[plain.holder], self._task(plain).id)
            plain.holder = None

    @rule(days=st.integers(1, 4))
    def pass_days(self, days):
        """Some days pass."""
        day = self.today + timedelta(days=days)
        self.now.move_to(datetime.combine(day, time(9), HALL_ZONE))

    @rule(data=st.data())
    def revoke(self, data):
        """A mandate is taken back today; what its holder can do no more is offered again."""
        holders = [one for one in self._all() if one.powers]
        if not holders:
            return
        person = data.draw(st.sampled_from(holders))
        power = data.draw(st.sampled_from(sorted(person.powers)))
        grant = next(one for one in self._grants(person.id) if one.power == power)
        people.revoke(self.hall, SYSTEM, grant.id, self.today, "收回授权")
        self.taken_back.append(grant)
        del person.powers[power]
        for plain in self.cases.values():
            if plain.holder == person.id and plain.step and plain.why_not(person, self.today):
                plain.holder = None

    @precondition(lambda self: self.taken_back)
    @rule(data=st.data())
    def give(self, data):
        """A mandate that was taken back is given anew."""
        self._give(data.draw(st.sampled_from(self.taken_back)))

    def _give(self, old):
        self.taken_back.remove(old)
        given = people.NewGrant(
            self.officials[old.official_id].account,
            old.unit_no,
            old.power,
            "雁政授〔2026〕7号",
            self.today,
            matter_types=old.matter_types,
        )
        people.grant(self.hall, SYSTEM, [given])
        self.people[old.official_id].powers[old.power] = None

    @precondition(_some_case_is_open)
    @rule(data=st.data(), days=st.integers(0, 9))
    def stop(self, data, days):
        """A special procedure stops the clocks of a case, until a day that is told."""
        plain = self._open(data)
        until = self.today + ONE_DAY * days
        cause = Cause("inspection", until, "行政许可法第四十五条", "p")
        if plain.stopped_since is None:
            self._clocks(plain, clocks.suspend, cause)
            plain.stopped_since, plain.stopped_until = self.today, until
        else:
            with pytest.raises(Conflict) as refused:
                self._clocks(plain, clocks.suspend, cause)
            assert refused.value.code == "clock.stopped"

    @precondition(
        lambda self: any(
            one.stopped_since and one.state == "accepted" for one in self.cases.values()
        )
    )
    @rule(data=st.data())
    def resume(self, data):
        """The procedure ends, early or late, and the clocks run again."""
        stopped = [one for one in self.cases.values() if one.stopped_since and one.step]
        plain = data.draw(st.sampled_from(stopped))
        self._clocks(plain, clocks.resume, "p")
        if self.today > plain.stopped_since:
            plain.stopped |= days_of(plain.stopped_since, self.today - ONE_DAY)
        plain.stopped_since = plain.stopped_until = None

    def _clocks(self, plain, act, *args):
        with self.hall.unit(self.cast.clerk(plain.unit)) as unit:
            case = cases.lock(unit, plain.id)
            cases.update(unit, act(self.hall, unit, case, *args), case.rev)

    @precondition(_some_case_is_open)
    @rule(data=st.data())
    def extend(self, data):
        """Somebody tries to extend the limit; only the head of the unit may, and only once."""
        plain = self._open(data)
        person = self._anybody(data, plain.unit)
        official, rev = self.officials[person.id], self._case(plain).rev
        refused = error_of(extensions.extend, self.hall, official, plain.id, "案情复杂", rev)
        if (person.unit, person.post) != (plain.unit, "head"):
            expected = "authority.refused"
        elif plain.extended:
            expected = "clock.extended"
        else:
            expected = "clock.passed" if self.today > plain.statutory_due() else None
        assert (refused.code if refused else None) == expected
        if refused is None:
            plain.promise_extended = self.today <= plain.promised_due()
            plain.extended = EXTENSION

    @precondition(_some_case_is_open)
    @rule(data=st.data())
    def withdraw(self, data):
        """The applicant takes his application back."""
        plain = self._open(data)
        clerk = self.cast.clerk(plain.unit)
        endings.withdraw(self.hall, clerk, plain.id, "不再办理", self._case(plain).rev)
        plain.state = "withdrawn"

    @invariant()
    def clocks_are_right(self):
        """Each open case is due when the plain one is; ends stay what they are."""
        for plain in list(self.cases.values())[-8:]:
            case = self._case(plain)
            if plain.state == "accepted":
                assert case.state is CaseState.ACCEPTED
                assert case.promised_due == plain.promised_due()
                assert case.statutory_due == plain.statutory_due()
                assert self._task(plain).step == plain.step.name
            else:
                assert case.state.value == plain.state

    def teardown(self):
        """Whatever happened, every case that is open can be brought to its end by somebody."""
        for grant in list(self.taken_back):
            self._give(grant)
        for plain in self.cases.values():
            while plain.state == "accepted":
                able = [one for one in self._all() if plain.why_not(one, self.today) is None]
                assert able, f"nobody may do {plain.step.name}"
                person = next((one for one in able if plain.holder in (None, one.id)), None)
                if person is None:
                    work.release(self.hall, self.officials[plain.holder], self._task(plain).id)
                    plain.holder, person = None, able[0]
                task = self._task(plain)
                answers = answers_for(work.form_of(self.hall, task), GRANT)
                official, rev = self.officials[person.id], self._case(plain).rev
                work.complete_task(self.hall, official, task.id, answers, rev)
                self._went_on(plain, person)


def error_of(act, *args):
    """Do something and return the error that it was refused with, None when it was done."""
    try:
        act(*args)
    except HallError as error:
        return error
    return None


def walk(hall, cast, now, examples, steps):
    run_state_machine_as_test(
        lambda: HallAtRandom(hall, cast, now),
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_two_thousand_random_acts_leave_no_case_stuck_and_no_clock_wrong(hall, cast, now):
    walk(hall, cast, now, examples=20, steps=50)


@pytest.mark.nightly
def test_twenty_thousand_random_acts(hall, cast, now):
    walk(hall, cast, now, examples=200, steps=100)
