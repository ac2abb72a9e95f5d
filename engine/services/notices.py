"""The one-time notice (一次性告知, 行政许可法 art. 32): all that is wanting, told once.

The list that `issue` stores is the one that `notice` returns, and every page and printout reads it
there (M-NOTICE-3).
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from engine.domain.case import Case, CaseState
from engine.domain.confirmed import Confirmed, refuse_unconfirmed
from engine.domain.events.intake import NoticeDelivered, NoticeIssued, NoticeRepeated
from engine.domain.matter import Material, Matter
from engine.domain.notice import (
    Channel,
    NoticeItem,
    OneTimeNotice,
    Repetition,
    Slip,
    Wanting,
    repetition,
    specimen_of,
)
from engine.domain.people import Official
from engine.kernel.errors import Conflict, Forbidden, Invalid
from engine.services import acceptance, clocks, papers
from engine.services.acceptance import Findings, Judged
from engine.services.hall import Hall
from engine.services.papers import MISSING, RECEIVED, ExtraPaper
from engine.storage import cases, notices
from engine.storage.cases import CaseMaterial
from engine.storage.unit import Unit

# Who may let a notice through that names what an earlier one should have named.
SUPERVISES = "supervision.read"
DEFECTIVE = "defective"


@dataclass(frozen=True)
class Issued:
    """A notice that was given, and the case with its next revision."""

    notice: OneTimeNotice
    case: Case


@dataclass(frozen=True)
class Approval:
    """That a supervisor at the screen lets another notice through, as he confirmed, and why."""

    confirmed: Confirmed
    reason: str


@dataclass(frozen=True)
class _Lists:
    """What the papers of a case are asked for by: the matter's list and the situation."""

    matter: Matter
    listed: Mapping[int, Material]
    extras: Mapping[str, ExtraPaper]


def issue(
    hall: Hall,
    by: Official,
    case_id: str,
    wanted: Mapping[int | str, str],
    channel: str,
    seen: int,
    *,
    approval: Approval | None = None,
) -> Issued:
    """Give the one-time notice of an application; it stays applied for.

    `wanted` says what is wrong with papers, by number or name: those that lie there but not in
    the form of the law, and those that the situation adds. Required papers that are missing are
    on the notice without being asked for, so that it is complete.

    A second notice for what was wanting already at the first is blocked by Conflict
    `notice.known_paper` (papers); with the `approval` of a supervisor it goes through and is told
    as a breach. Papers that a notice named and that have not come stay on the next one.

    Raises Conflict `case.changed`, `case.not_in_state`, `notice.too_late` after the five days,
    `notice.nothing_new`; Invalid `notice.nothing_wanted`, `notice.paper_unknown`,
    `notice.why_missing`, `notice.channel`, `notice.approval_reason`; Forbidden
    `intake.other_unit`, `notice.approver`, `confirm.stale`.
    """
    if channel not in {one.value for one in Channel}:
        raise Invalid("notice.channel", channel=channel)
    with hall.unit(by) as unit:
        case = papers.locked(unit, by, case_id, seen)
        if case.state is not CaseState.APPLIED:
            raise Conflict("case.not_in_state", state=case.state.value, wanted="applied")
        lists = _lists(hall, unit, case)
        rows = {row.no: row for row in cases.materials_of(unit, case.id)}
        why = _why(lists, rows, wanted)
        _add_extras(unit, case, lists, rows, why)
        judged = _judged(hall, unit, case, rows, why)
        notice, compared = _written(unit, case, lists, rows, why, Channel(channel))
        if compared.known:
            notice = _approved(unit, notice, compared, approval)
        _put(unit, case, notice, judged, approval)
        for no in why:
            notices.save_paper(unit, case.id, _not_there(rows[no], why[no]))
        clocks.close(unit, case.id, {acceptance.NOTICE})
        return Issued(notice, cases.update(unit, case, seen))


def notice(hall: Hall, by: Official, notice_id: str) -> OneTimeNotice:
    """Return a notice; Missing `slip.unknown`, `notice.unknown`, Forbidden `case.other_unit`."""
    with hall.reading() as unit:
        found = notices.as_notice(notices.slip(unit, notice_id))
        case = cases.case(unit, found.case_id)
    _refuse_stranger(by, case)
    return found


def slips(hall: Hall, by: Official, case_id: str) -> list[Slip]:
    """Return the slips of a case, the first one first; raises as `notice`."""
    with hall.reading() as unit:
        case = cases.case(unit, case_id)
        found = notices.slips_of(unit, case.id)
    _refuse_stranger(by, case)
    return found


def delivered(hall: Hall, by: Official, notice_id: str) -> OneTimeNotice:
    """Note that a notice that was sent reached the applicant.

    Raises Conflict `notice.delivered` the second time, Forbidden `intake.other_unit`, and as
    `notice`.
    """
    with hall.unit(by) as unit:
        found = notices.as_notice(notices.slip(unit, notice_id))
        case = cases.lock(unit, found.case_id)
        if by.unit_no != case.unit_no:
            raise Forbidden("intake.other_unit", case=case.case_no)
        if found.delivered_at is not None:
            raise Conflict("notice.delivered", no=found.no)
        notices.delivered(unit, found.id)
        unit.record(
            NoticeDelivered(
                case_id=case.id,
                notice_id=found.id,
                notice_no=found.no,
                channel=found.channel.value,
            )
        )
        return replace(found, delivered_at=unit.at)


def _refuse_stranger(by: Official, case: Case) -> None:
    if by.unit_no != case.unit_no and not by.may("case.read_all"):
        raise Forbidden("case.other_unit", case=case.case_no)


def _lists(hall: Hall, unit: Unit, case: Case) -> _Lists:
    matter = hall.library.matter(unit, case.matter_no)
    return _Lists(
        matter=matter,
        listed={paper.no: paper for paper in matter.materials},
        extras={extra.name: extra for extra in papers.extras_of(hall, unit, case)},
    )


def _why(
    lists: _Lists, rows: Mapping[int, CaseMaterial], wanted: Mapping[int | str, str]
) -> dict[int, str]:
    """Return what is wrong with each paper by its number; nobody may ask for other papers."""
    numbers = {row.name: row.no for row in rows.values()}
    numbers |= {name: extra.no for name, extra in lists.extras.items() if name not in numbers}
    found = {}
    for paper, why in wanted.items():
        no = numbers.get(paper) if isinstance(paper, str) else paper
        if no is None or no not in numbers.values():
            raise Invalid("notice.paper_unknown", paper=paper)
        if not why.strip():
            raise Invalid("notice.why_missing", paper=paper)
        found[no] = why.strip()
    return found


def _add_extras(
    unit: Unit, case: Case, lists: _Lists, rows: dict[int, CaseMaterial], why: Mapping[int, str]
) -> None:
    """Put papers that the situation adds and nobody noted before among those of the case."""
    new = [
        CaseMaterial(extra.no, extra.name, required=True, state=MISSING, copies=0, remark="")
        for extra in lists.extras.values()
        if extra.no in why and extra.no not in rows
    ]
    cases.add_materials(unit, case.id, new)
    rows |= {row.no: row for row in new}


def _judged(
    hall: Hall,
    unit: Unit,
    case: Case,
    rows: Mapping[int, CaseMaterial],
    why: Mapping[int, str],
) -> Judged:
    defects = {no: said for no, said in why.items() if rows[no].state == RECEIVED}
    as_asked = [
        replace(row, required=True, state=MISSING) if row.no in why else row
        for row in rows.values()
    ]
    judged = acceptance.judge_case(hall, unit, case, Findings(defects=defects), as_asked)
    if judged.deemed:
        raise Conflict("notice.too_late", due=acceptance.notice_due(hall, unit, case))
    if judged.outcome == acceptance.ACCEPT:
        raise Invalid("notice.nothing_wanted")
    return acceptance.expect(judged, acceptance.SUPPLEMENT)


def _written(
    unit: Unit,
    case: Case,
    lists: _Lists,
    rows: Mapping[int, CaseMaterial],
    why: Mapping[int, str],
    channel: Channel,
) -> tuple[OneTimeNotice, Repetition]:
    asked = [row for row in rows.values() if row.no in why or _is_missing(row)]
    asked.sort(key=lambda row: row.no)
    earlier = notices.notices_of(unit, case.id)
    compared = repetition(
        earlier, [Wanting(row.no, row.name, row.brought_at or case.applied_at) for row in asked]
    )
    if earlier and not compared.known and not compared.fresh:
        raise Conflict("notice.nothing_new", no=earlier[-1].no)
    written = OneTimeNotice(
        id=unit.ids(),
        no=acceptance.next_number(unit, acceptance.SUPPLEMENT),
        case_id=case.id,
        items=tuple(_item(lists, row, why.get(row.no, row.remark)) for row in asked),
        channel=channel,
        issued_at=unit.at,
        issued_by=unit.by.id,
        delivered_at=unit.at if channel is Channel.WINDOW else None,
    )
    return written, compared


def _is_missing(row: CaseMaterial) -> bool:
    return row.required and row.state == MISSING


def _item(lists: _Lists, row: CaseMaterial, why: str) -> NoticeItem:
    wanting = DEFECTIVE if row.state == RECEIVED else MISSING
    paper = lists.listed.get(row.no)
    if paper is not None:
        return NoticeItem(
            no=row.no,
            name=row.name,
            wanting=wanting,
            why=why,
            form="",
            originals=paper.originals,
            copies=paper.copies,
            legal_basis=paper.legal_basis or lists.matter.legal_basis,
            specimen=specimen_of(lists.matter.basic_code, row.no),
        )
    extra = lists.extras[row.name]
    return NoticeItem(
        no=row.no,
        name=row.name,
        wanting=wanting,
        why=why,
        form=extra.form,
        originals=1,
        copies=0,
        legal_basis=extra.legal_basis,
        specimen=specimen_of(extra.row, row.no),
    )


def _approved(
    unit: Unit, notice: OneTimeNotice, compared: Repetition, approval: Approval | None
) -> OneTimeNotice:
    known = tuple(paper.name for paper in compared.known)
    if approval is None:
        raise Conflict("notice.known_paper", papers=known)
    approver = approval.confirmed.official
    if approver.id == unit.by.id or not approver.may(SUPERVISES):
        raise Forbidden("notice.approver", name=approver.name)
    refuse_unconfirmed(approval.confirmed, approver, unit.at)
    if not approval.reason.strip():
        raise Invalid("notice.approval_reason")
    return replace(notice, known=known, approved_by=approver.id)


def _put(
    unit: Unit, case: Case, notice: OneTimeNotice, judged: Judged, approval: Approval | None
) -> None:
    acceptance.keep(unit, case, judged)
    unit.record(
        NoticeIssued(
            case_id=case.id,
            notice_id=notice.id,
            notice_no=notice.no,
            papers=tuple(item.name for item in notice.items),
            channel=notice.channel.value,
            row=judged.row,
        )
    )
    if notice.approved_by is not None and approval is not None:
        unit.record(
            NoticeRepeated(
                case_id=case.id,
                notice_id=notice.id,
                notice_no=notice.no,
                known=notice.known,
                approved_by=notice.approved_by,
                reason=approval.reason.strip(),
                confirmed=approval.confirmed.how,
            )
        )
    acceptance.put(unit, notices.as_slip(notice, judged.row))
    if notice.channel is not Channel.WINDOW:
        unit.enqueue("notice.send", notice.id, {"case_id": case.id}, lane="outside")


def _not_there(row: CaseMaterial, why: str) -> CaseMaterial:
    """A paper that a notice asks for counts as missing until it is brought."""
    return replace(row, required=True, state=MISSING, remark=why)
