"""That somebody who is signed in proved again, a moment ago, that it is he."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from engine.domain.people import Official
from engine.kernel.errors import Forbidden

HOLDS_FOR = timedelta(minutes=5)
# How the use of a seal says that nobody was asked again: it came with the decision itself.
WITH_DECISION = "decision"


@dataclass(frozen=True)
class Confirmed:
    """Who confirmed, when, and how: by `password`, or as an invented person of the `demo`."""

    official: Official
    how: str
    at: datetime


def refuse_unconfirmed(confirmed: Confirmed, by: Official, moment: datetime) -> None:
    """Raise Forbidden `confirm.stale` for another person's confirmation and after five minutes."""
    if confirmed.official.id != by.id or moment - confirmed.at > HOLDS_FOR:
        raise Forbidden("confirm.stale")
