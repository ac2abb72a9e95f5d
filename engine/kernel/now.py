"""The only place that asks the machine for the time; "clock" means a legal clock elsewhere."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

Now = Callable[[], datetime]
HALL_ZONE = ZoneInfo("Asia/Shanghai")


def system_now() -> datetime:
    """Return the present moment, aware, in UTC."""
    return datetime.now(UTC)


class FrozenNow:
    """A moment that stands still until it is moved: tests and the demo replay a day with it."""

    def __init__(self, moment: datetime) -> None:
        self.moment = moment.astimezone(UTC)

    def __call__(self) -> datetime:
        return self.moment

    def move_to(self, moment: datetime) -> None:
        """Go to another moment, in whatever zone it is told."""
        self.moment = moment.astimezone(UTC)

    def advance(self, **amount: float) -> None:
        """Let time pass, e.g. `advance(minutes=20)`."""
        self.moment += timedelta(**amount)


def hall_day(moment: datetime) -> date:
    """Return the date of law on which `moment` falls: the day in the hall's own zone."""
    return moment.astimezone(HALL_ZONE).date()


def hall_moment(text: str) -> datetime:
    """Return the UTC moment of a local time of the hall, e.g. `2015-10-26T09:30`."""
    return datetime.fromisoformat(text).replace(tzinfo=HALL_ZONE).astimezone(UTC)
