"""Extending the statutory limit (延期, 行政许可法 art. 42): once, by the head, reasons told."""

from engine.domain.case import Case, CaseState
from engine.domain.clocks import EXTENSION_DAYS, JOINT, STATUTORY
from engine.domain.events.clocks import Extended
from engine.domain.people import Official
from engine.kernel.errors import Conflict, Invalid
from engine.kernel.now import hall_day
from engine.services import authority, clocks
from engine.services.hall import Hall
from engine.storage import cases, serials
from engine.storage import clocks as rows

POWER = "extend"
LONGEST_REASON = 1000


def extend(
    hall: Hall, by: Official, case_id: str, reason: str, seen: int, days: int | None = None
) -> Case:
    """Extend the statutory limit of a case under way, by at most what the law allows.

    Without `days` (working days) by all of it: 10, or 15 of a joint limit. The applicant is told,
    with the reasons. Raises Invalid `extension.reason` or `extension.days` (most), Conflict
    `case.changed`, `case.not_in_state`, and as `clocks.extend`; Forbidden `authority.refused` for
    everybody but the head of the unit (the try is kept in the history).
    """
    if not reason.strip() or len(reason) > LONGEST_REASON:
        raise Invalid("extension.reason", longest=LONGEST_REASON)
    with hall.unit(by) as unit:
        case = cases.lock(unit, case_id, seen)
        answer = authority.may(hall, unit, by, POWER, case)
        if answer.verdict.allowed:
            if case.state is not CaseState.ACCEPTED:
                raise Conflict("case.not_in_state", state=case.state.value, wanted=POWER)
            kinds = {clock.kind for clock in rows.running(unit, case.id)}
            most = EXTENSION_DAYS[JOINT if JOINT in kinds else STATUTORY]
            longer = most if days is None else days
            if not 1 <= longer <= most:
                raise Invalid("extension.days", days=longer, most=most)
            extended = clocks.extend(hall, unit, case, longer)
            year = hall_day(unit.at).year
            serial = serials.next_serial(unit, f"notice:extension:{year}")
            unit.record(
                Extended(
                    case_id=case.id,
                    days=longer,
                    reason=reason.strip(),
                    row=answer.verdict.row,
                    notice_no=f"{year}延{serial:05}",
                )
            )
            unit.enqueue("notice.send", f"{case.id}:extended", {"case_id": case.id}, lane="outside")
            return cases.update(unit, extended, seen)
        authority.record_act_refused(unit, case, POWER, POWER, answer.verdict)
    raise authority.refused(answer.verdict)
