"""What may be done with an application that was entered: each outcome as the table judges it."""

from dataclasses import dataclass
from datetime import date

from engine.domain.case import Case, CaseState
from engine.domain.people import Official
from engine.kernel.errors import Forbidden
from engine.services import acceptance, papers
from engine.services.acceptance import Findings, Judged
from engine.services.hall import Hall
from engine.services.papers import ExtraPaper
from engine.storage import cases
from engine.storage.cases import CaseMaterial
from engine.storage.unit import Unit

UNDER_WAY = frozenset({CaseState.ACCEPTED, CaseState.DECIDED})


@dataclass(frozen=True)
class Choices:
    """The table on an application as it lies there, and on what the clerk may find of it.

    `correct` is what it says when fields of the form are wrong and may be corrected on the spot,
    `decline` is what it says when the matter is not the unit's business, `no_licence` when no
    licence is needed. `due` is the last day of a one-time notice; `extras` are the papers that the
    situation adds and nobody noted yet.
    """

    as_it_is: Judged
    correct: Judged
    decline: Judged
    no_licence: Judged
    due: date
    extras: list[ExtraPaper]

    @property
    def accepts(self) -> bool:
        """Whether the application is to be accepted as it is."""
        return self.as_it_is.outcome == acceptance.ACCEPT

    @property
    def in_time(self) -> bool:
        """Whether a one-time notice may still be given."""
        return not self.as_it_is.deemed

    @property
    def corrects(self) -> bool:
        """Whether the applicant may correct errors of his form on the spot."""
        return self.correct.outcome == acceptance.CORRECT

    @property
    def declines(self) -> bool:
        """Whether the table turns away what is not the unit's business."""
        return self.decline.outcome == acceptance.DECLINE

    @property
    def needs_none(self) -> bool:
        """Whether the table lets the clerk tell that no licence is needed."""
        return self.no_licence.outcome == acceptance.NO_LICENCE


@dataclass(frozen=True)
class Entered:
    """An application at the window; `choices` only while it is not accepted."""

    case: Case
    papers: list[CaseMaterial]
    choices: Choices | None

    @property
    def awaited(self) -> list[CaseMaterial]:
        """The tolerated papers of a case under way that are still to come (容缺)."""
        if self.case.state not in UNDER_WAY:
            return []
        return [row for row in self.papers if row.state == papers.TOLERATED]


def entered(hall: Hall, by: Official, case_id: str) -> Entered:
    """Return what the unit of `by` may do with an application, and what the table says of each.

    Raises Missing `case.unknown`, Forbidden `intake.other_unit`.
    """
    with hall.reading() as unit:
        case = cases.case(unit, case_id)
        if by.unit_no != case.unit_no:
            raise Forbidden("intake.other_unit", case=case.case_no)
        rows = cases.materials_of(unit, case.id)
        waits = case.state is CaseState.APPLIED
        return Entered(case, rows, _choices(hall, unit, case, rows) if waits else None)


def _choices(hall: Hall, unit: Unit, case: Case, rows: list[CaseMaterial]) -> Choices:
    noted = {row.name for row in rows}

    def judged(findings: Findings) -> Judged:
        return acceptance.judge_case(hall, unit, case, findings, rows)

    return Choices(
        as_it_is=judged(Findings()),
        correct=judged(Findings(errors=(case.form,))),
        decline=judged(Findings(competent=False)),
        no_licence=judged(Findings(licence_needed=False)),
        due=acceptance.notice_due(hall, unit, case),
        extras=[one for one in papers.extras_of(hall, unit, case) if one.name not in noted],
    )
