"""Receiving applications: apply, accept (受理), decline (不予受理, 行政许可法 art. 32)."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from engine.domain.case import Case, CaseState, Task, first_for, move
from engine.domain.codes import case_number, check_id_number, check_uscc
from engine.domain.events.cases import Accepted, Applied, Declined
from engine.domain.matter import Matter
from engine.domain.people import Applicant, Official
from engine.domain.working_time import due_on
from engine.forms.compile import Form
from engine.forms.validate import validate
from engine.kernel.errors import Conflict, Forbidden, Invalid
from engine.kernel.now import hall_day
from engine.processes.run import start
from engine.services.hall import Hall
from engine.services.steps import Decider, follow
from engine.storage import cases, serials, tickets
from engine.storage.unit import Unit

PERSON = "person"
LONGEST_NAME = 200
RECEIVED, TOLERATED, MISSING = "received", "tolerated", "missing"


@dataclass(frozen=True)
class MaterialHandedIn:
    """What happened to one paper of the list: received, tolerated (容缺) or missing."""

    state: str
    copies: int = 1
    remark: str = ""


@dataclass(frozen=True)
class Application:
    """What an applicant asks for; `answers` by field of the form, `materials` by number."""

    matter_no: int
    applicant: Applicant
    answers: Mapping[str, object]
    materials: Mapping[int, MaterialHandedIn]
    ticket_id: str | None = None
    window_no: int | None = None
    amount: Decimal | None = None
    once: str | None = None


@dataclass(frozen=True)
class Receipt:
    """What the applicant is told, and the steps that now wait for somebody."""

    case: Case
    opened: tuple[Task, ...] = ()

    def first_step_for(self, official: Official) -> Task | None:
        """Return the step that waits for this official's post in his unit, if there is one."""
        return first_for(official, self.opened)


def application_form(hall: Hall, matter_no: int) -> Form:
    """Return the form that an application for this matter fills in today."""
    with hall.reading() as unit:
        matter = hall.library.matter(unit, matter_no)
        version = hall.library.in_force(unit, "form", matter.form, hall_day(unit.at))
        return hall.library.form(unit, matter.form, version)


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
        case, matter = _apply(hall, unit, by, application)
        receipt = _accept(hall, unit, by, case, matter)
        unit.answer(application.once, case.id)
        return receipt


def apply(hall: Hall, by: Official, application: Application) -> Receipt:
    """Enter an application that will be accepted or declined later."""
    with hall.unit(by) as unit:
        known = unit.once(application.once)
        if known is not None:
            return _repeated(unit, str(known))
        case, _ = _apply(hall, unit, by, application)
        unit.answer(application.once, case.id)
        return Receipt(case)


def accept(hall: Hall, by: Official, case_id: str, seen: int) -> Receipt:
    """Accept an application: the legal clocks start and the first step waits.

    Raises Conflict `case.changed` or `case.not_in_state`, Invalid `intake.materials_missing`.
    """
    with hall.unit(by) as unit:
        case = _locked(unit, by, case_id, seen)
        matter = hall.library.matter(unit, case.matter_no)
        return _accept(hall, unit, by, case, matter)


def decline(
    hall: Hall, by: Official, case_id: str, reason: str, legal_basis: str, seen: int
) -> Receipt:
    """Decline an application with reason and law; Invalid `intake.reason_missing` without."""
    if not reason.strip() or not legal_basis.strip():
        raise Invalid("intake.reason_missing")
    with hall.unit(by) as unit:
        case = _locked(unit, by, case_id, seen)
        declined = replace(
            case, state=move(case.state, CaseState.DECLINED), closed_at=unit.at, decided_by=by.id
        )
        unit.record(Declined(case_id=case.id, reason=reason.strip(), legal_basis=legal_basis))
        return Receipt(cases.update(unit, declined, seen))


def _locked(unit: Unit, by: Official, case_id: str, seen: int) -> Case:
    case = cases.lock(unit, case_id)
    if by.unit_no != case.unit_no:
        raise Forbidden("intake.other_unit", case=case.case_no)
    if case.rev != seen:
        raise Conflict("case.changed", case=case.case_no)
    return case


def _apply(hall: Hall, unit: Unit, by: Official, application: Application) -> tuple[Case, Matter]:
    matter = hall.library.matter(unit, application.matter_no)
    if by.unit_no != matter.unit_no:
        raise Forbidden("intake.other_unit", case=matter.name)
    applicant = _checked(application.applicant, matter)
    today = hall_day(unit.at)
    form_version = hall.library.in_force(unit, "form", matter.form, today)
    form = hall.library.form(unit, matter.form, form_version)
    answers = validate(form, application.answers)
    if application.ticket_id is not None:
        tickets.ticket(unit, application.ticket_id)
    materials = _materials(matter, application.materials)
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
        data=answers if application.amount is None else answers | {"amount": application.amount},
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
    cases.add_materials(unit, case.id, materials)
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
    return case, matter


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


def _materials(
    matter: Matter, handed_in: Mapping[int, MaterialHandedIn]
) -> list[cases.CaseMaterial]:
    unknown = sorted(set(handed_in) - {paper.no for paper in matter.materials})
    if unknown:
        raise Invalid("intake.material_unknown", numbers=unknown)
    rows = []
    for paper in matter.materials:
        given = handed_in.get(paper.no, MaterialHandedIn(MISSING, 0))
        if given.state not in (RECEIVED, TOLERATED, MISSING):
            raise Invalid("intake.material_state", name=paper.name, state=given.state)
        if given.state == TOLERATED and not (matter.tolerant and paper.tolerant):
            raise Invalid("intake.not_tolerated", name=paper.name)
        rows.append(
            cases.CaseMaterial(
                no=paper.no,
                name=paper.name,
                required=paper.required,
                state=given.state,
                copies=given.copies,
                remark=given.remark,
            )
        )
    return rows


def _accept(hall: Hall, unit: Unit, by: Official, case: Case, matter: Matter) -> Receipt:
    materials = cases.materials_of(unit, case.id)
    missing = [row.name for row in materials if row.required and row.state == MISSING]
    if missing:
        raise Invalid("intake.materials_missing", missing=missing)
    today = hall_day(unit.at)
    calendar = hall.library.shelf(unit).calendar
    promised = due_on(today, matter.promised_days, calendar)
    statutory = due_on(today, matter.statutory_days, calendar)
    definition = hall.library.process(unit, case.process, case.process_version)
    step = start(
        definition, _facts(hall, unit, case, matter), Decider(hall, unit, unit.at), unit.at
    )
    accepted = replace(
        case,
        state=move(case.state, CaseState.ACCEPTED),
        accepted_at=unit.at,
        accepted_by=by.id,
        promised_due=promised.day,
        statutory_due=statutory.day,
        provisional=promised.provisional or statutory.provisional,
    )
    unit.record(
        Accepted(
            case_id=case.id,
            process=case.process,
            process_version=case.process_version,
            promised_due=promised.day.isoformat(),
            statutory_due=statutory.day.isoformat(),
            provisional=accepted.provisional,
            materials={str(row.no): row.state for row in materials},
        )
    )
    cases.add_clocks(
        unit,
        case.id,
        [
            cases.ClockRow("promised", today, matter.promised_days, promised),
            cases.ClockRow("statutory", today, matter.statutory_days, statutory),
        ],
    )
    accepted, opened = follow(hall, unit, by, accepted, matter, step)
    unit.enqueue("notice.send", f"{case.id}:accepted", {"case_id": case.id}, lane="outside")
    return Receipt(cases.update(unit, accepted, case.rev), opened)


def _facts(hall: Hall, unit: Unit, case: Case, matter: Matter) -> dict[str, object]:
    joint = hall.library.shelf(unit).joint_procedures.get(matter.no)
    units = [no for no in joint.unit_nos if no != matter.unit_no] if joint else []
    return {
        **case.data,
        "matter_type": matter.type.code,
        "applicant_kind": case.applicant_kind,
        "units": units,
    }


def _repeated(unit: Unit, case_id: str) -> Receipt:
    waiting = [task for task in cases.tasks_of(unit, case_id) if task.is_open]
    return Receipt(cases.case(unit, case_id), tuple(waiting))
