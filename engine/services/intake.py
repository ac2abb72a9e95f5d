"""Receiving applications, with the outcomes of 行政许可法 art. 32: accept, decline and the rest.

The one-time notice, which is one of them too, stands in `notices`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

from engine.domain.case import Case, CaseState, move
from engine.domain.codes import case_number, check_id_number, check_uscc
from engine.domain.events.cases import Applied, Declined
from engine.domain.events.intake import Corrected, NoLicenceNeeded
from engine.domain.matter import Matter
from engine.domain.notice import NOTICE_DAYS, Slip
from engine.domain.people import Applicant, Official
from engine.forms.compile import Form
from engine.forms.validate import validate
from engine.kernel.errors import Forbidden, Invalid
from engine.kernel.now import HALL_ZONE, hall_day
from engine.services import acceptance, agency, clocks, papers
from engine.services.acceptance import Findings, Judged, Receipt
from engine.services.hall import Hall
from engine.services.papers import MISSING, RECEIVED, TOLERATED, MaterialHandedIn
from engine.storage import cases, notices, serials, tickets
from engine.storage.cases import CaseMaterial
from engine.storage.unit import Unit

__all__ = [
    "MISSING",
    "RECEIVED",
    "TOLERATED",
    "Application",
    "Corrections",
    "Findings",
    "Judged",
    "MaterialHandedIn",
    "Receipt",
    "accept",
    "application_form",
    "apply",
    "correct",
    "decline",
    "deem_accepted",
    "judge",
    "no_licence",
    "receive",
]

PERSON = "person"
LONGEST_NAME = 200


@dataclass(frozen=True)
class Application:
    """What an applicant asks for; `answers` by field of the form, `materials` by number.

    `situation` are the flags of the table `materials` that hold (that an agent applies is known
    by his name). `extra` are the papers that the situation adds, by name; None when nobody noted
    what was looked at, and then none of them counts as missing. `mandate_no` is that of the
    agent who hands it in for the applicant (代办).
    """

    matter_no: int
    applicant: Applicant
    answers: Mapping[str, object]
    materials: Mapping[int, MaterialHandedIn]
    ticket_id: str | None = None
    window_no: int | None = None
    amount: Decimal | None = None
    once: str | None = None
    situation: frozenset[str] = frozenset()
    extra: Mapping[str, MaterialHandedIn] | None = None
    mandate_no: str | None = None


@dataclass(frozen=True)
class Corrections:
    """An application after its errors were corrected, the slip of that, and what it is now."""

    case: Case
    slip: Slip
    judged: Judged


def application_form(hall: Hall, matter_no: int) -> Form:
    """Return the form that an application for this matter fills in today."""
    with hall.reading() as unit:
        matter = hall.library.matter(unit, matter_no)
        version = hall.library.in_force(unit, "form", matter.form, hall_day(unit.at))
        return hall.library.form(unit, matter.form, version)


def judge(
    hall: Hall, by: Official, application: Application, findings: Findings | None = None
) -> Judged:
    """Say which outcome an application would have that was not entered yet, with the row.

    Raises Invalid and Missing as `apply` does for its papers and its matter.
    """
    with hall.reading() as unit:
        matter = _matter(hall, unit, by, application.matter_no)
        rows = _papers(hall, unit, application, matter)
        return acceptance.judge(hall, unit, unit.at, rows, findings or Findings())


def receive(hall: Hall, by: Official, application: Application) -> Receipt:
    """Receive and accept an application at the window in one act.

    Raises Invalid `form.answers` (by field), `intake.materials_missing` (names),
    `applicant.…`, Missing `matter.unknown`, Forbidden `intake.other_unit`. A repeated `once` key
    gets the first receipt again.
    """
    with hall.unit(by) as unit:
        known = unit.once(application.once)
        if known is not None:
            return _repeated(unit, str(known))
        case, matter, rows = _apply(hall, unit, by, application)
        judged = acceptance.judge(hall, unit, case.pinned_at, rows, Findings())
        receipt = acceptance.accept(hall, unit, by, case, matter, rows, judged)
        unit.answer(application.once, case.id)
        return receipt


def apply(hall: Hall, by: Official, application: Application) -> Receipt:
    """Enter an application that will be accepted or declined later.

    From here the five days run in which a notice must be given; see `deem_accepted`.
    """
    with hall.unit(by) as unit:
        known = unit.once(application.once)
        if known is not None:
            return _repeated(unit, str(known))
        case, _, _ = _apply(hall, unit, by, application)
        due = clocks.open_clock(hall, unit, case, acceptance.NOTICE, NOTICE_DAYS)
        _plan_deeming(unit, case, due.day)
        unit.answer(application.once, case.id)
        return Receipt(case)


def accept(hall: Hall, by: Official, case_id: str, seen: int) -> Receipt:
    """Accept an application: the legal clocks start and the first step waits.

    One whose notice was not given in time is accepted as of its receipt, whatever is missing.
    Raises Conflict `case.changed` or `case.not_in_state`, Invalid `intake.materials_missing`.
    """
    with hall.unit(by) as unit:
        case = papers.locked(unit, by, case_id, seen)
        move(case.state, CaseState.ACCEPTED)
        rows = cases.materials_of(unit, case.id)
        judged = acceptance.judge_case(hall, unit, case, Findings(), rows)
        clocks.close(unit, case.id, {acceptance.NOTICE})
        matter = hall.library.matter(unit, case.matter_no)
        return acceptance.accept(hall, unit, by, case, matter, rows, judged)


def decline(
    hall: Hall,
    by: Official,
    case_id: str,
    reason: str,
    legal_basis: str,
    seen: int,
    organ: str = "",
) -> Receipt:
    """Decline an application that is not the unit's business, with reason and law.

    `organ` is whom the applicant should turn to (art. 32, 2). Raises Invalid
    `intake.reason_missing`, Conflict `intake.judged_otherwise` when the table says otherwise,
    and as `accept`.
    """
    if not reason.strip() or not legal_basis.strip():
        raise Invalid("intake.reason_missing")
    with hall.unit(by) as unit:
        case = papers.locked(unit, by, case_id, seen)
        findings = Findings(competent=False)
        content = {"declined": reason.strip(), "law": legal_basis.strip(), "organ": organ.strip()}
        closed, slip = _turn_away(hall, unit, case, findings, acceptance.DECLINE, content)
        unit.record(
            Declined(case_id=case.id, reason=reason.strip(), legal_basis=legal_basis.strip())
        )
        return Receipt(cases.update(unit, closed, seen), slip=slip)


def no_licence(hall: Hall, by: Official, case_id: str, reason: str, seen: int) -> Receipt:
    """Tell at once that what is asked for needs no licence (art. 32, 1), and why.

    Raises as `decline`.
    """
    if not reason.strip():
        raise Invalid("intake.reason_missing")
    with hall.unit(by) as unit:
        case = papers.locked(unit, by, case_id, seen)
        findings = Findings(licence_needed=False)
        content = {"told": reason.strip()}
        closed, slip = _turn_away(hall, unit, case, findings, acceptance.NO_LICENCE, content)
        law = str(slip.content["legal_basis"])
        unit.record(NoLicenceNeeded(case_id=case.id, reason=reason.strip(), legal_basis=law))
        return Receipt(cases.update(unit, closed, seen), slip=slip)


def correct(
    hall: Hall, by: Official, case_id: str, fields: Mapping[str, object], seen: int
) -> Corrections:
    """Let the applicant correct fields of his form on the spot (art. 32, 3), and judge again.

    The slip keeps what stood there before. Raises Invalid `intake.nothing_corrected`,
    `form.answers` by field, Conflict `intake.judged_otherwise`, and as `accept`.
    """
    with hall.unit(by) as unit:
        case = papers.locked(unit, by, case_id, seen)
        move(case.state, CaseState.ACCEPTED)
        before = cases.answers_of_application(unit, case.id)
        form = hall.library.form(unit, case.form, case.form_version)
        after = validate(form, {**before, **fields})
        changed = sorted(name for name in {*before, *after} if before.get(name) != after.get(name))
        if not changed:
            raise Invalid("intake.nothing_corrected")
        found = acceptance.judge_case(hall, unit, case, Findings(errors=tuple(changed)))
        judged = acceptance.expect(found, acceptance.CORRECT)
        acceptance.keep(unit, case, judged)
        said = {name: [before.get(name), after.get(name)] for name in changed}
        slip = acceptance.make_slip(unit, case, judged, {"corrected": said})
        unit.record(Corrected(case_id=case.id, corrected=tuple(changed), row=judged.row))
        notices.correct_answers(unit, case.id, after)
        kept = {name: value for name, value in case.data.items() if name not in before}
        corrected = cases.update(unit, replace(case, data={**kept, **after}), seen)
        return Corrections(
            corrected, slip, acceptance.judge_case(hall, unit, corrected, Findings())
        )


def deem_accepted(hall: Hall, unit: Unit, case_id: str) -> None:
    """Accept an application that nobody answered within the five days, as of its receipt.

    Leaves it alone when it was answered, and looks again later when its last day has moved.
    """
    case = cases.lock(unit, case_id)
    if case.state is not CaseState.APPLIED or notices.notices_of(unit, case.id):
        return
    due = acceptance.notice_due(hall, unit, case)
    if hall_day(unit.at) <= due:
        _plan_deeming(unit, case, due)
        return
    rows = cases.materials_of(unit, case.id)
    judged = acceptance.judge_case(hall, unit, case, Findings(), rows)
    clocks.close(unit, case.id, {acceptance.NOTICE})
    matter = hall.library.matter(unit, case.matter_no)
    acceptance.accept(hall, unit, unit.by, case, matter, rows, judged)


def _plan_deeming(unit: Unit, case: Case, due: date) -> None:
    after = datetime.combine(due + timedelta(days=1), time(), HALL_ZONE).astimezone(UTC)
    key = f"{case.id}:{due.isoformat()}"
    unit.enqueue("intake.deem", key, {"case_id": case.id}, due_at=after, case_id=case.id)


def _turn_away(
    hall: Hall,
    unit: Unit,
    case: Case,
    findings: Findings,
    outcome: str,
    content: Mapping[str, object],
) -> tuple[Case, Slip]:
    """Close an application that is not accepted; the case is not written."""
    closed = replace(
        case,
        state=move(case.state, CaseState.DECLINED),
        closed_at=unit.at,
        decided_by=unit.by.id,
    )
    judged = acceptance.expect(acceptance.judge_case(hall, unit, case, findings), outcome)
    acceptance.keep(unit, case, judged)
    clocks.close(unit, case.id, {acceptance.NOTICE})
    return closed, acceptance.make_slip(unit, case, judged, content)


def _matter(hall: Hall, unit: Unit, by: Official, matter_no: int) -> Matter:
    matter = hall.library.matter(unit, matter_no)
    if by.unit_no != matter.unit_no:
        raise Forbidden("intake.other_unit", case=matter.name)
    return matter


def _papers(hall: Hall, unit: Unit, application: Application, matter: Matter) -> list[CaseMaterial]:
    rows = papers.listed(matter, application.materials)
    if application.extra is None and not application.situation:
        return rows
    situation = dict.fromkeys(application.situation, True)
    situation[papers.AGENT] = application.applicant.agent is not None
    kind = application.applicant.kind
    extras = papers.extras(hall, unit, unit.at, kind, situation)
    if application.extra is None:
        return rows
    names = {row.name for row in rows}
    return rows + papers.added([one for one in extras if one.name not in names], application.extra)


def _apply(
    hall: Hall, unit: Unit, by: Official, application: Application
) -> tuple[Case, Matter, list[CaseMaterial]]:
    matter = _matter(hall, unit, by, application.matter_no)
    applicant = _checked(application.applicant, matter)
    today = hall_day(unit.at)
    form_version = hall.library.in_force(unit, "form", matter.form, today)
    form = hall.library.form(unit, matter.form, form_version)
    answers = validate(form, application.answers)
    if application.ticket_id is not None:
        tickets.ticket(unit, application.ticket_id)
    rows = _papers(hall, unit, application, matter)
    serial = serials.next_serial(unit, f"case:{matter.task_code}:{today.isoformat()}")
    case = Case(
        id=unit.ids(),
        case_no=case_number(matter.task_code, today, serial),
        matter_no=matter.no,
        unit_no=matter.unit_no,
        state=CaseState.APPLIED,
        rev=0,
        process=matter.process,
        process_version=hall.library.in_force(unit, "process", matter.process, today),
        form=matter.form,
        form_version=form_version,
        applicant_kind=applicant.kind,
        applicant_name=applicant.name,
        data=answers | _said_beside(application),
        process_state=None,
        applied_at=unit.at,
        applied_by=by.id,
        ticket_id=application.ticket_id,
        window_no=application.window_no,
    )
    cases.insert(
        unit,
        case,
        matter_type=matter.type.code,
        applicant_id=hall.vault.seal(applicant.id_number),
        applicant_phone=hall.vault.seal(applicant.phone),
        agent=applicant.agent,
        answers=answers,
    )
    cases.add_materials(unit, case.id, rows)
    unit.record(
        Applied(
            case_id=case.id,
            case_no=case.case_no,
            matter_no=matter.no,
            window_no=application.window_no,
            ticket_id=application.ticket_id,
            form_version=form_version,
        )
    )
    if application.mandate_no is not None:
        agency.applied(hall, unit, application.mandate_no, case)
    return case, matter, rows


def _said_beside(application: Application) -> dict[str, object]:
    """What the application says beside its form; decision tables ask for it by these names."""
    said: dict[str, object] = dict.fromkeys(sorted(application.situation), True)
    return said if application.amount is None else said | {"amount": application.amount}


def _checked(applicant: Applicant, matter: Matter) -> Applicant:
    if applicant.kind not in matter.applicant_kinds:
        raise Invalid("applicant.kind", kind=applicant.kind, matter=matter.name)
    name = applicant.name.strip()
    if not name or len(name) > LONGEST_NAME:
        raise Invalid("applicant.name")
    number = applicant.id_number.strip().upper()
    # An enterprise that is being founded has no code yet; its founder's own number stands in.
    if applicant.kind == PERSON or number[:1] not in "9" or len(number) != 18:
        check_id_number(number)
    else:
        check_uscc(number)
    phone = applicant.phone.strip()
    if not phone.isascii() or not phone.replace("-", "").removeprefix("+").isdigit():
        raise Invalid("applicant.phone")
    return replace(applicant, name=name, id_number=number, phone=phone)


def _repeated(unit: Unit, case_id: str) -> Receipt:
    waiting = [task for task in cases.tasks_of(unit, case_id) if task.is_open]
    return Receipt(cases.case(unit, case_id), tuple(waiting))
