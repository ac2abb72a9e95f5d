"""Acting for an applicant (代办): who for whom, in which matters, from when to when."""

from dataclasses import dataclass
from datetime import date, datetime

from engine.domain.verdict import Verdict
from engine.kernel.errors import Invalid

ACTS = ("apply", "supplement", "inquire", "withdraw", "collect")


@dataclass(frozen=True)
class Mandate:
    """A mandate (委托书) that an applicant gave an agent.

    The numbers are sealed: they are compared, never listed. `valid_from` and `valid_to` are both
    days on which it holds.
    """

    id: str
    no: str
    applicant_kind: str
    applicant_name: str
    applicant_number: bytes
    agent_name: str
    agent_number: bytes
    agent_phone: bytes
    matter_nos: tuple[int, ...]
    valid_from: date
    valid_to: date
    entered_at: datetime
    entered_by: str
    revoked_on: date | None = None
    revoked_reason: str = ""

    def holds_on(self, day: date) -> bool:
        """Return whether the mandate lets the agent act on a day."""
        return self.valid_from <= day <= self.valid_to and self.revoked_on is None


@dataclass(frozen=True)
class AgentAct:
    """One act of an agent in a case, for the applicant; `act` is one of `ACTS`."""

    id: str
    mandate_id: str
    case_id: str
    act: str
    at: datetime
    by: str


def check_period(valid_from: date, valid_to: date, today: date) -> None:
    """Refuse a mandate that ends before it begins, or has ended: Invalid `agency.period`."""
    if valid_to < valid_from or valid_to < today:
        raise Invalid("agency.period", since=valid_from.isoformat(), until=valid_to.isoformat())


def verdict(mandate: Mandate, day: date, matter_no: int, same_applicant: bool) -> Verdict:
    """Say whether a mandate covers an act of its agent, on a day, in a matter, for an applicant."""
    if mandate.revoked_on is not None:
        return Verdict(False, "mandate.revoked", params={"mandate_no": mandate.no})
    if not mandate.holds_on(day):
        return Verdict(False, "mandate.ended", params={"mandate_no": mandate.no})
    if matter_no not in mandate.matter_nos:
        return Verdict(False, "mandate.matter", params={"mandate_no": mandate.no})
    if not same_applicant:
        return Verdict(False, "mandate.applicant", params={"mandate_no": mandate.no})
    return Verdict(True, "ok", params={"mandate_no": mandate.no})
