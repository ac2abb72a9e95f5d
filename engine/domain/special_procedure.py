"""Special procedures: of which kinds, who takes part, and which of them are not counted.

行政许可法 art. 45 is a closed list: 听证, 招标, 拍卖, 检验, 检测, 检疫, 鉴定, 专家评审. 勘查 is not
among them; a row of the table `special_law` that cites a special law may say otherwise for a
matter.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

STOPS_CLOCK = frozenset(
    {
        "hearing",
        "tender",
        "auction",
        "inspection",
        "testing",
        "quarantine",
        "appraisal",
        "expert_review",
    }
)
MOST_DAYS = 400
# The step of each part process in which those who take part sign what they found.
SIGN = "sign"
DONE, VOID, NOT_HELD, BROKEN_OFF, WITHDRAWN = "done", "void", "not_held", "broken_off", "withdrawn"
RESULTS = (DONE, BROKEN_OFF)


@dataclass(frozen=True)
class ProcedureKind:
    """How a kind of procedure is done.

    `process` is the part that runs as a child case, `duty` the word of the fact `step_duty` by
    which people are excluded: all who take part, or with `chaired` only the first of them.
    `begin_days` are the working days after acceptance within which it must begin (art. 55).
    """

    process: str
    duty: str
    chaired: bool = False
    begin_days: int | None = None


KINDS: Mapping[str, ProcedureKind] = {
    "hearing": ProcedureKind("hearing", "hearing_chair", chaired=True),
    "tender": ProcedureKind("special_procedure", "survey"),
    "auction": ProcedureKind("special_procedure", "survey"),
    "inspection": ProcedureKind("special_procedure", "survey", begin_days=5),
    "testing": ProcedureKind("special_procedure", "survey", begin_days=5),
    "quarantine": ProcedureKind("special_procedure", "survey", begin_days=5),
    "appraisal": ProcedureKind("special_procedure", "expert_review"),
    "expert_review": ProcedureKind("special_procedure", "expert_review"),
    "survey": ProcedureKind("survey", "survey"),
}


@dataclass(frozen=True)
class SpecialProcedure:
    """One special procedure of a case, from its start to its end.

    `notice_no` is the number of the last written notice of how long it takes, `legal_basis` what
    orders it; `row` is the row that said whether the clocks stop, `clock_law` what that row
    cites. `announced_days` are working days up to `announced_until`, that day included.
    `people` are officials by id, in a hearing the chair first; at least `people_needed` of them
    sign. `result` is None while it runs.
    """

    id: str
    case_id: str
    kind: str
    child_id: str
    notice_no: str
    announced_days: int
    announced_until: date
    legal_basis: str
    stops_clock: bool
    clock_law: str
    row: str
    people: tuple[str, ...]
    people_needed: int
    started_at: datetime
    started_by: str
    ended_at: datetime | None = None
    ended_by: str | None = None
    result: str | None = None

    @property
    def is_running(self) -> bool:
        """Whether it has not ended."""
        return self.ended_at is None
