"""A year on one page: what drawn lives must come to, day by day, without the hall.

Days, limits and cards are counted from the lives alone, in the plainest way.
"""

from collections import Counter
from datetime import timedelta

from tests.journeys.plain import ONE_DAY, days_of, due_after, works

STEP_DAYS = {"instant": (1,), "one_review": (1, 2), "commitment": (2, 5, 3)}
EXTENSION = 10


def later(day, days):
    """Return the day some working days after another."""
    return due_after(day, days) if days else day


def left(day, due):
    """Working days until a due day, negative once it has passed."""
    count, step = 0, 1 if due >= day else -1
    while day != due:
        day += ONE_DAY * step
        if works(day if step > 0 else day + ONE_DAY):
            count += step
    return count


class Course:
    """One life as days: accepted, steps opened and done, stopped, extended, ended."""

    def __init__(self, life, promised_days, statutory_days):
        self.life, self.promised_days, self.statutory_days = life, promised_days, statutory_days
        self.accepted = life.applied.date()
        if life.papers is not None:
            self.accepted = later(self.accepted, life.papers)
        self.stopped = self.told = self.ended = self.decided = None
        self.opened, self.done = [], []
        self.withdrawn = False
        self._walk()
        self.extended = None
        if life.extended:
            day = later(self.accepted, 1)
            # On the day itself the extension comes first: it was planned with the acceptance.
            if self.ended >= day:
                self.extended = day

    def _walk(self):
        day = self.accepted
        for place, takes in enumerate(self.life.steps):
            self.opened.append(day)
            stop = self.life.stop
            if stop is not None and stop.step == place and self.life.withdrawn != place:
                begins = later(day, stop.after)
                self.stopped = (begins, later(begins, stop.lasted))
                self.told = later(begins, stop.announced)
                day = self.stopped[1]
            day = later(day, takes)
            self.done.append(day)
            if self.life.withdrawn == place:
                self.withdrawn = True
                break
        self.ended = day
        self.decided = None if self.withdrawn else day

    def not_counted(self, day):
        """The days that the stop takes out, as they are known on the morning of a day."""
        if self.stopped is None or day <= self.stopped[0]:
            return frozenset()
        first, ended = self.stopped
        last = ended - ONE_DAY if day > ended else self.told
        return days_of(first, last) if last >= first else frozenset()

    def dues(self, day):
        """Return the promised and the statutory day as they are known on the morning of a day."""
        out = self.not_counted(day)
        extra = EXTENSION if self.extended is not None and day > self.extended else 0
        statutory = due_after(self.accepted, self.statutory_days + extra, out)
        promised = due_after(self.accepted, self.promised_days + extra, out)
        return (min(promised, statutory) if extra else promised), statutory

    def mornings(self):
        """The working mornings on which the case is open."""
        day = self.accepted + ONE_DAY
        while day <= self.ended:
            if works(day):
                yield day
            day += ONE_DAY

    def cards(self):
        """The cards that the mornings raise: a rule, once for each occasion."""
        raised = set()
        for day in self.mornings():
            if self.stopped is not None and self.stopped[0] < day <= self.stopped[1]:
                if day > self.told:
                    raised.add(("S10", self.told))
                continue
            promised, statutory = self.dues(day)
            to_promise, to_law = left(day, promised), left(day, statutory)
            if to_law < 0:
                raised.add(("S04", statutory))
            elif to_promise < -3:
                raised.add(("S04", promised))
            elif to_promise < 0:
                raised.add(("S03", promised))
            else:
                if to_promise <= 1:
                    raised.add(("S02", promised))
                for place, opened in enumerate(self.opened):
                    if opened < day <= self.done[place]:
                        limit = STEP_DAYS[self.life.kind][place]
                        if left(day, due_after(opened, limit, self.not_counted(day))) < 0:
                            raised.add(("S05", place))
        return raised


def totals(lives, matters):
    """Return the figures of a year; `matters` are promised and statutory days by number."""
    courses = [Course(life, *matters[life.matter_no]) for life in lives]
    decided = [one for one in courses if one.decided is not None]
    end = timedelta(days=1)
    dues = [(one, *one.dues(one.decided + end)) for one in decided]
    stopped = [one for one in courses if one.stopped is not None]
    return {
        "applied": len(courses),
        "accepted": len(courses),
        "supplemented": sum(one.life.papers is not None for one in courses),
        "withdrawn": sum(one.withdrawn for one in courses),
        "extended": sum(one.extended is not None for one in courses),
        "decided": len(decided),
        "refused": sum(one.life.refused for one in decided),
        "on_the_spot": sum(one.decided == one.accepted for one in decided),
        "late": sum(one.decided > promised for one, promised, _statutory in dues),
        "over_statutory": sum(one.decided > statutory for one, _promised, statutory in dues),
        "stops": len(stopped),
        "stopped_days": sum(
            sum(works(day) for day in days_of(one.stopped[0], one.stopped[1] - ONE_DAY))
            for one in stopped
        ),
        "cards": dict(sorted(Counter(rule for one in courses for rule, _ in one.cards()).items())),
    }
