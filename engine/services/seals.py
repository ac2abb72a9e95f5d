"""Use of the approval seal (行政审批专用章): bound to one decision, voided, not deleted."""

from engine.domain.case import Case
from engine.domain.confirmed import WITH_DECISION, Confirmed, refuse_unconfirmed
from engine.domain.events.seals import SealUsed, SealVoided
from engine.domain.people import Official
from engine.domain.seal import Document, SealUse, refuse_unexplained
from engine.kernel.errors import Conflict, Forbidden
from engine.services import authority
from engine.services.authority import Ruling, record_act_refused, refused
from engine.services.hall import Hall
from engine.storage import cases, licences
from engine.storage import seals as rows
from engine.storage.unit import Unit

POWER, ACT = "seal", "seal.use"


def use(
    hall: Hall,
    by: Official,
    case_id: str,
    document: Document,
    confirmed: Confirmed,
    seen: int,
    reason: str | None = None,
) -> SealUse:
    """Set the seal under a document of the decision of a case, as he who just confirmed it.

    Raises Forbidden `confirm.stale` for the confirmation of another or of a while ago; Conflict
    `seal.no_decision` before there is one, `case.changed`; Invalid `seal.reason` for a second use
    for the same decision without a reason; Forbidden `authority.refused` without the power (the
    try is kept).
    """
    with hall.unit(by) as unit:
        refuse_unconfirmed(confirmed, by, unit.at)
        case = cases.lock(unit, case_id, seen)
        if case.decided_at is None:
            raise Conflict("seal.no_decision", case=case.case_no)
        answer = authority.may(hall, unit, by, POWER, case)
        if answer.verdict.allowed:
            refuse_unexplained(rows.of_case(unit, case.id), case.decided_at, reason)
            if answer.decision is not None:
                cases.add_decisions(unit, case.id, [(ACT, answer.decision)])
            why = (reason or "").strip() or None
            used = _put(unit, _use(unit, by, case, document, why, answer), confirmed.how, answer)
            cases.update(unit, case, seen)
            return used
        record_act_refused(unit, case, ACT, POWER, answer.verdict)
    raise refused(answer.verdict)


def uses(hall: Hall, by: Official, case_id: str) -> list[SealUse]:
    """Return the uses of the seal for a case, void ones too; Forbidden `case.other_unit`."""
    with hall.reading() as unit:
        case = cases.case(unit, case_id)
        if by.unit_no != case.unit_no and not by.may("case.read_all"):
            raise Forbidden("case.other_unit", case=case.case_no)
        return rows.of_case(unit, case_id)


def stamp(hall: Hall, unit: Unit, by: Official, case: Case) -> SealUse | None:
    """Set the seal under the licence of a case just decided, where its official holds the power.

    Returns None without a licence and for one who does not hold the power: then somebody else
    seals it.
    """
    if case.decided_at is None or case.parent_id is not None:
        return None
    licence = licences.by_case(unit, case.id)
    if licence is None:
        return None
    answer = authority.may(hall, unit, by, POWER, case)
    if not answer.verdict.allowed:
        return None
    document = Document(licence.no, licence.digest)
    return _put(unit, _use(unit, by, case, document, None, answer), WITH_DECISION, answer)


def void_for(unit: Unit, case_id: str, because: str) -> list[SealUse]:
    """Void the uses of the seal for a decision that no longer stands, and return them."""
    standing = [one for one in rows.of_case(unit, case_id) if not one.is_void]
    for one in standing:
        rows.void(unit, one.id, because)
        unit.record(
            SealVoided(case_id=case_id, use_id=one.id, document=one.document, reason=because)
        )
    return standing


def _use(
    unit: Unit,
    by: Official,
    case: Case,
    document: Document,
    reason: str | None,
    answer: Ruling,
) -> SealUse:
    if case.decided_at is None:
        raise Conflict("seal.no_decision", case=case.case_no)
    return SealUse(
        id=unit.ids(),
        case_id=case.id,
        decided_at=case.decided_at,
        document=document.name,
        digest=document.digest,
        used_by=by.id,
        used_at=unit.at,
        reason=reason,
        mandate_no=answer.mandate_no,
        acting_for=answer.acting_for,
    )


def _put(unit: Unit, used: SealUse, confirmed: str, answer: Ruling) -> SealUse:
    rows.add(unit, used)
    unit.record(
        SealUsed(
            case_id=used.case_id,
            use_id=used.id,
            document=used.document,
            digest=used.digest,
            decided_at=used.decided_at.isoformat(),
            reason=used.reason,
            row=answer.verdict.row,
            mandate_no=used.mandate_no,
            acting_for=used.acting_for,
            confirmed=confirmed,
        )
    )
    return used
