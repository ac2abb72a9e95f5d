"""The key project (重点工程): its number, owner and agent officer; it costs nothing."""

import re
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from engine.kernel.errors import Invalid

# Year, region of the unit that gave the number, industry, kind of procedure, serial.
NUMBER = re.compile(r"(20[0-9]{2})-([0-9]{6})-([0-9]{2})-([0-9]{2})-([0-9]{6})")
LONGEST_NAME = 200


@dataclass(frozen=True)
class Project:
    """A key project: one record for the whole of its approvals.

    `case_id` is its parent case, `agent_id` the official who acts for it (代办员), `fee` in 元 and
    always 0.
    """

    id: str
    no: str
    name: str
    owner: str
    case_id: str
    agent_id: str
    fee: Decimal
    opened_at: datetime
    opened_by: str


def check_number(number: str, today: date) -> str:
    """Return an investment project number (投资项目编号), e.g. 2015-430100-47-01-000001.

    Raises Invalid `project.number` for another shape or a year that has not come.
    """
    found = NUMBER.fullmatch(number.strip())
    if found is None or int(found[1]) > today.year:
        raise Invalid("project.number", number=number)
    return found[0]


def check_name(name: str) -> str:
    """Return a name without blanks around it; Invalid `project.name` for none or a long one."""
    clean = name.strip()
    if not clean or len(clean) > LONGEST_NAME:
        raise Invalid("project.name")
    return clean


def check_fee(fee: Decimal) -> Decimal:
    """Return 0; Invalid `project.fee` for any other fee: the agency is free (M-KEY-2)."""
    if fee != 0:
        raise Invalid("project.fee", fee=str(fee))
    return Decimal(0)
