"""What the law asks of every decision: reasons of a refusal, delivery in time, delay told.

The function takes the open unit and is called once for each case that reaches an end.
"""

from engine.domain.case import Case
from engine.domain.events.intake import DecidedLate
from engine.domain.working_time import left_at
from engine.kernel.errors import Conflict, Invalid
from engine.services import clocks
from engine.services.hall import Hall
from engine.storage import special_procedures
from engine.storage.unit import Unit

# 行政许可法 art. 44: within ten days of the decision.
DELIVERY, DELIVERY_DAYS = "delivery", 10
REFUSED = "refused"
# What every refusal says to the applicant (art. 38): reason, law, and how to appeal.
REFUSAL = ("refuse_reason", "refuse_law", "refuse_remedy")


def after_decision(hall: Hall, unit: Unit, case: Case) -> Case:
    """Hold a decision against the law, start its clock of delivery, and return the case.

    A decision after the statutory limit holds, and an event tells by how many working days it was
    late. Raises Invalid `ending.refusal` (fields) for a refusal without reason, law or remedy
    (行政许可法 art. 38), whatever its form asked for, Conflict `procedure.open` while a special
    procedure runs: a hearing is decided on its record (art. 48). Child cases answer their parent
    only.
    """
    if special_procedures.running(unit, case.id):
        raise Conflict("procedure.open", case=case.case_no)
    if case.parent_id is not None:
        return case
    if case.outcome == REFUSED:
        wanting = [name for name in REFUSAL if not str(case.data.get(name) or "").strip()]
        if wanting:
            raise Invalid("ending.refusal", fields=wanting)
    left = _left(hall, unit, case)
    if case.statutory_due is not None and left < 0:
        unit.record(
            DecidedLate(
                case_id=case.id,
                statutory_due=case.statutory_due.isoformat(),
                days_over=-left,
            )
        )
    clocks.open_clock(hall, unit, case, DELIVERY, DELIVERY_DAYS)
    return case


def _left(hall: Hall, unit: Unit, case: Case) -> int:
    """The working days until the statutory limit ends, at close of business; negative after it."""
    if case.statutory_due is None:
        return 0
    calendar, close = hall.library.shelf(unit).calendar, hall.rules.close_of_business
    return left_at(unit.at, case.statutory_due, calendar, close=close)
