"""What happens to accounts and absences."""

from dataclasses import dataclass

from engine.domain.events.base import PeopleEvent


@dataclass(frozen=True)
class SignedIn(PeopleEvent):
    """Somebody signed in."""


@dataclass(frozen=True)
class SignedOut(PeopleEvent):
    """Somebody signed out."""


@dataclass(frozen=True)
class SignInFailed(PeopleEvent):
    """A sign-in was refused."""

    reason: str


@dataclass(frozen=True)
class OfficialAdded(PeopleEvent):
    """Somebody got an account and a post."""

    post: str
    unit_no: int | None
    window_no: int | None


@dataclass(frozen=True)
class AbsenceCovered(PeopleEvent):
    """Somebody was named to act for an absent colleague (AB岗)."""

    stands_in_for: str
    valid_from: str
    valid_to: str
    ground: str


@dataclass(frozen=True)
class PasswordSet(PeopleEvent):
    """An administrator made a new first password for an account."""
