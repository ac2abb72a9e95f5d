"""What the lead unit of a joint matter may do, and what its opinions would add up to today."""

from dataclasses import dataclass

from engine.decisions.decide import decide
from engine.domain.case import Case
from engine.domain.parallel import TABLE, tally
from engine.domain.people import Official
from engine.domain.verdict import Verdict
from engine.services import authority, parallel
from engine.services.hall import Hall


@dataclass(frozen=True)
class Leading:
    """The verdict on leading, and the answer of the table of joining with its row."""

    verdict: Verdict
    joint: bool
    reason: str = ""
    row: str = ""


def leading(hall: Hall, by: Official, parent: Case) -> Leading:
    """Say whether `by` may lead a joint matter, and weigh its opinions without any effect."""
    with hall.reading() as unit:
        verdict = authority.may(hall, unit, by, parallel.POWER, parent).verdict
        procedure = hall.library.shelf(unit).joint_procedures.get(parent.matter_no)
        if procedure is None:
            return Leading(verdict, joint=False)
        said = parallel.opinions(hall, unit, parent)
        facts = tally(said, procedure.phase, procedure.silence_consents)
        decision = decide(hall.library.judging(unit, TABLE, parent.pinned_at), facts)
        return Leading(
            verdict, True, str(decision.outcome["reason"]), f"{TABLE}#{decision.rows[0]}"
        )
