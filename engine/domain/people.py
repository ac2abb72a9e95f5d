"""Who acts in the hall: officials, applicants, and the places they act from."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Zone:
    """A service area of the hall (服务区)."""

    no: int
    code: str
    name: str
    name_en: str
    floor: int


@dataclass(frozen=True)
class Unit:
    """A unit of the government with a seat in the hall (进驻单位)."""

    no: int
    name: str
    name_en: str
    zone_no: int
    uscc: str


@dataclass(frozen=True)
class Window:
    """A window (窗口); `purpose` is intake, chief, handout or utility."""

    no: int
    label: str
    zone_no: int
    floor: int
    unit_no: int
    purpose: str
    back_office: str | None = None


@dataclass(frozen=True)
class Official:
    """A person of the hall with one post; `permissions` open pages, grants open deeds.

    `left_on` is the last day of one who leaves the hall.
    """

    id: str
    account: str
    name: str
    post: str
    unit_no: int | None = None
    window_no: int | None = None
    back_office: str | None = None
    permissions: frozenset[str] = frozenset()
    left_on: date | None = None

    def works_on(self, day: date) -> bool:
        """Return whether this person has not left the hall by `day`."""
        return self.left_on is None or day <= self.left_on

    def may(self, permission: str) -> bool:
        """Return whether a page that needs `permission` opens for this person."""
        return permission in self.permissions


SYSTEM = Official(id="system", account="system", name="系统", post="system")


@dataclass(frozen=True)
class Applicant:
    """Who asks for something (申请人).

    `kind` is person or enterprise; `id_number` a citizen's number (GB 11643) or a unified
    social credit code (GB 32100); an enterprise that is being founded has none yet and gives
    the citizen's number of the person who founds it.
    """

    kind: str
    name: str
    id_number: str
    phone: str
    agent: str | None = None
