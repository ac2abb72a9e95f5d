"""Results of decided cases: handed out or sent; licences shown, checked, and their whole life.

Change 变更 and renewal 延续 (行政许可法 art. 49-50), revocation 撤销 (art. 69), cancellation 注销
(art. 70): each with reason and law, the former editions kept.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta

from engine.domain.case import Case, CaseState, move
from engine.domain.events.cases import HandedOut
from engine.domain.events.intake import Sent
from engine.domain.events.licences import (
    LicenceCancelled,
    LicenceChanged,
    LicenceRenewed,
    LicenceRevoked,
    RenewalAsked,
    RenewalRefused,
)
from engine.domain.licence import (
    Licence,
    LicenceState,
    changed,
    ended,
    is_unaltered,
    last_day_to_ask,
    renewed,
)
from engine.domain.people import Official
from engine.kernel.errors import Conflict, Forbidden, Invalid, Late, Missing
from engine.kernel.now import HALL_ZONE, hall_day
from engine.services import authority, clocks, papers, seals
from engine.services.duties import DELIVERY
from engine.services.hall import Hall
from engine.storage import cases, licences
from engine.storage.unit import Unit

WAYS = ("post", "online")
DECIDE = "decide"
# What an act makes of a licence in the open unit, by the mandate with this number.
Act = Callable[[Unit, Licence, str | None], Licence]


@dataclass(frozen=True)
class HandOutLine:
    """A decided case whose result waits for the applicant."""

    case_id: str
    case_no: str
    matter_name: str
    applicant_name: str
    outcome: str
    licence_no: str | None
    decided_at: datetime
    rev: int


@dataclass(frozen=True)
class LicenceCheck:
    """The answer of the public check: valid, expired, revoked, cancelled, altered or unknown."""

    state: str
    licence: Licence | None


def to_hand_out(hall: Hall, by: Official) -> list[HandOutLine]:
    """Return the results that wait at the windows of the official's unit, oldest first."""
    if by.unit_no is None:
        return []
    with hall.reading() as unit:
        waiting = cases.decided_of(unit, by.unit_no)
        return [_line(hall, unit, case) for case in waiting]


def hand_out(
    hall: Hall, by: Official, case_id: str, taken_by: str, window_no: int | None, seen: int
) -> Case:
    """Hand the result to the applicant and close the case (送达, art. 44).

    Raises Invalid `licence.taken_by_missing`, Conflict `case.changed` or `case.not_in_state`,
    Forbidden `intake.other_unit`.
    """
    taken_by = taken_by.strip()
    if not taken_by:
        raise Invalid("licence.taken_by_missing")
    with hall.unit(by) as unit:
        case = papers.locked(unit, by, case_id, seen)
        closed, licence_no = _delivered(unit, by, case, taken_by)
        unit.record(HandedOut(case_id=case.id, window_no=window_no, licence_no=licence_no))
        return cases.update(unit, closed, seen)


def send(hall: Hall, by: Official, case_id: str, way: str, reference: str, seen: int) -> Case:
    """Send the result by `post` or `online` and close the case.

    `reference` is the number of the parcel or of the electronic delivery. Raises Invalid
    `licence.way`, `licence.reference_missing`, and as `hand_out`.
    """
    if way not in WAYS:
        raise Invalid("licence.way", way=way)
    reference = reference.strip()
    if not reference:
        raise Invalid("licence.reference_missing")
    with hall.unit(by) as unit:
        case = papers.locked(unit, by, case_id, seen)
        closed, licence_no = _delivered(unit, by, case, reference)
        unit.record(Sent(case_id=case.id, way=way, reference=reference, licence_no=licence_no))
        return cases.update(unit, closed, seen)


def licence(hall: Hall, licence_no: str) -> Licence:
    """Return a licence by its number; Missing `licence.unknown`."""
    with hall.reading() as unit:
        found = licences.by_no(unit, licence_no)
    if found is None:
        raise Missing("licence.unknown", no=licence_no)
    return found


def check(hall: Hall, licence_no: str) -> LicenceCheck:
    """Say whether a licence with this number was issued, is unaltered and holds today."""
    with hall.reading() as unit:
        found = licences.by_no(unit, licence_no.strip().upper())
        today = hall_day(unit.at)
    if found is None:
        return LicenceCheck("unknown", None)
    return LicenceCheck(found.standing(today) if is_unaltered(found) else "altered", found)


def change(
    hall: Hall,
    by: Official,
    licence_no: str,
    content: Mapping[str, object],
    reason: str,
    legal_basis: str,
    *,
    holder: str = "",
) -> Licence:
    """Change what a licence says (变更, art. 49); the edition before is kept with its digest.

    `content` are the fields that change. Raises Invalid `licence.reason_missing`,
    `licence.field_unknown`, `licence.nothing_changed`; Conflict `licence.not_in_state`,
    `licence.altered`; Missing `licence.unknown`; Forbidden `intake.other_unit`, and
    `authority.refused` for one who may not decide such a case (the try is kept).
    """
    _reasoned(reason, legal_basis)

    def do(unit: Unit, found: Licence, mandate_no: str | None) -> Licence:
        _in_force(unit, found)
        unknown = sorted(set(content) - set(found.content))
        if unknown:
            raise Invalid("licence.field_unknown", fields=unknown)
        names = sorted(name for name in content if found.content[name] != content[name])
        holds = holder.strip() or found.holder
        if holds != found.holder:
            names.append("holder")
        if not names:
            raise Invalid("licence.nothing_changed")
        after = changed(found, {**found.content, **content}, holds)
        licences.keep_edition(unit, found)
        unit.record(
            LicenceChanged(
                case_id=found.case_id,
                licence_no=found.no,
                edition=after.edition,
                changed=tuple(names),
                reason=reason.strip(),
                legal_basis=legal_basis.strip(),
                digest=after.digest,
                mandate_no=mandate_no,
            )
        )
        return after

    return _decided(hall, by, licence_no, "change", do)


def ask_renewal(hall: Hall, by: Official, licence_no: str) -> Licence:
    """Note that the holder asks that his licence go on (延续, art. 50).

    When nobody answers until its last day, silence renews it. Raises Late `licence.asked_late`
    (last_day) less than thirty days before the end; Conflict `licence.no_end`,
    `licence.renewal_asked`, `licence.not_in_state`; and as `change`.
    """
    with hall.unit(by) as unit:
        found = _in_force(unit, _locked(unit, by, licence_no)[0])
        last_day, today = last_day_to_ask(found), hall_day(unit.at)
        if last_day is None or found.valid_to is None:
            raise Conflict("licence.no_end", no=found.no)
        if found.renewal_asked_on is not None:
            raise Conflict("licence.renewal_asked", no=found.no, day=found.renewal_asked_on)
        if today > last_day:
            raise Late("licence.asked_late", no=found.no, last_day=last_day)
        asked = replace(found, renewal_asked_on=today)
        licences.save(unit, asked)
        unit.record(
            RenewalAsked(
                case_id=found.case_id, licence_no=found.no, valid_to=found.valid_to.isoformat()
            )
        )
        after = datetime.combine(found.valid_to + timedelta(days=1), time(), HALL_ZONE)
        unit.enqueue(
            "licence.silence",
            f"{found.id}:{found.valid_to.isoformat()}",
            {"licence_no": found.no},
            due_at=after.astimezone(UTC),
            case_id=found.case_id,
        )
        return asked


def renewals(hall: Hall, by: Official, until: date) -> list[Licence]:
    """Return the licences of the unit that end by a day and whose renewal nobody answered yet."""
    with hall.reading() as unit:
        return [
            found
            for found in licences.renewals_asked(unit, until)
            if hall.library.matter(unit, found.matter_no).unit_no == by.unit_no
        ]


def renew(hall: Hall, by: Official, licence_no: str) -> Licence:
    """Grant the renewal that was asked for; the next term begins where the present one ends.

    Raises Conflict `licence.renewal_not_asked`, and as `change`.
    """

    def do(unit: Unit, found: Licence, mandate_no: str | None) -> Licence:
        return _renewed(hall, unit, _asked(found), mandate_no, by_silence=False)

    return _decided(hall, by, licence_no, "renew", do)


def refuse_renewal(
    hall: Hall, by: Official, licence_no: str, reason: str, legal_basis: str, remedy: str
) -> Licence:
    """Refuse a renewal with reason, law and remedy; the licence ends on its last day.

    Raises Invalid `licence.reason_missing`, `licence.remedy_missing`, and as `renew`.
    """
    _reasoned(reason, legal_basis)
    if not remedy.strip():
        raise Invalid("licence.remedy_missing")

    def do(unit: Unit, found: Licence, mandate_no: str | None) -> Licence:
        refused = replace(_asked(found), renewal_asked_on=None)
        unit.record(
            RenewalRefused(
                case_id=found.case_id,
                licence_no=found.no,
                reason=reason.strip(),
                legal_basis=legal_basis.strip(),
                remedy=remedy.strip(),
                mandate_no=mandate_no,
            )
        )
        return refused

    return _decided(hall, by, licence_no, "refuse_renewal", do)


def renew_by_silence(hall: Hall, unit: Unit, licence_no: str) -> None:
    """Renew a licence whose renewal was asked for in time and that nobody answered (art. 50)."""
    found = licences.lock(unit, licence_no)
    if found is None or found.renewal_asked_on is None or found.valid_to is None:
        return
    if hall_day(unit.at) > found.valid_to and found.state is LicenceState.VALID:
        licences.save(unit, _renewed(hall, unit, found, None, by_silence=True))


def revoke(hall: Hall, by: Official, licence_no: str, reason: str, legal_basis: str) -> Licence:
    """Revoke a licence that should not have been given (撤销, art. 69).

    Raises Invalid `licence.reason_missing`, Conflict `licence.not_in_state`, and as `change`.
    """
    return _ended(hall, by, licence_no, LicenceState.REVOKED, LicenceRevoked, (reason, legal_basis))


def cancel(hall: Hall, by: Official, licence_no: str, reason: str, legal_basis: str) -> Licence:
    """Strike a licence from the register (注销, art. 70): expired, revoked, given up or moot.

    Raises as `revoke`.
    """
    return _ended(
        hall, by, licence_no, LicenceState.CANCELLED, LicenceCancelled, (reason, legal_basis)
    )


def _delivered(unit: Unit, by: Official, case: Case, taken_by: str) -> tuple[Case, str | None]:
    """Close a decided case whose result leaves the hall; return it and the licence's number."""
    closed = replace(case, state=move(case.state, CaseState.CLOSED), closed_at=unit.at)
    issued = licences.by_case(unit, case.id)
    if issued is not None:
        licences.hand_out(unit, issued.id, by.id, taken_by)
    clocks.close(unit, case.id, {DELIVERY})
    return closed, issued.no if issued else None


def _reasoned(reason: str, legal_basis: str) -> None:
    if not reason.strip() or not legal_basis.strip():
        raise Invalid("licence.reason_missing")


def _decided(hall: Hall, by: Official, licence_no: str, act: str, do: Act) -> Licence:
    """Do an act that takes the power to decide, and store the licence; a refused try is kept."""
    with hall.unit(by) as unit:
        found, case = _locked(unit, by, licence_no)
        answer = authority.may(hall, unit, by, DECIDE, case)
        if answer.verdict.allowed:
            after = do(unit, found, answer.mandate_no)
            licences.save(unit, after)
            return after
        authority.record_act_refused(unit, case, f"licence.{act}", DECIDE, answer.verdict)
    raise authority.refused(answer.verdict)


def _ended(
    hall: Hall,
    by: Official,
    licence_no: str,
    state: LicenceState,
    event: type[LicenceRevoked] | type[LicenceCancelled],
    why: tuple[str, str],
) -> Licence:
    _reasoned(*why)

    def do(unit: Unit, found: Licence, mandate_no: str | None) -> Licence:
        after = ended(found, state, hall_day(unit.at))
        reason, law = (text.strip() for text in why)
        if state is LicenceState.REVOKED:
            seals.void_for(unit, found.case_id, reason)
        unit.record(event(found.case_id, found.no, reason, law, mandate_no))
        return after

    return _decided(hall, by, licence_no, state.value, do)


def _locked(unit: Unit, by: Official, licence_no: str) -> tuple[Licence, Case]:
    found = licences.lock(unit, licence_no.strip().upper())
    if found is None:
        raise Missing("licence.unknown", no=licence_no)
    case = cases.lock(unit, found.case_id)
    if by.unit_no != case.unit_no:
        raise Forbidden("intake.other_unit", case=found.no)
    if not is_unaltered(found):
        raise Conflict("licence.altered", no=found.no)
    return found, case


def _in_force(unit: Unit, found: Licence) -> Licence:
    standing = found.standing(hall_day(unit.at))
    if standing != LicenceState.VALID:
        raise Conflict("licence.not_in_state", no=found.no, state=standing)
    return found


def _asked(found: Licence) -> Licence:
    if found.renewal_asked_on is None:
        raise Conflict("licence.renewal_not_asked", no=found.no)
    return found


def _renewed(
    hall: Hall, unit: Unit, found: Licence, mandate_no: str | None, *, by_silence: bool
) -> Licence:
    days = hall.library.matter(unit, found.matter_no).licence_days
    if days is None:
        raise Conflict("licence.no_end", no=found.no)
    after = renewed(found, days)
    unit.record(
        LicenceRenewed(
            case_id=found.case_id,
            licence_no=found.no,
            valid_to=str(after.valid_to),
            by_silence=by_silence,
            digest=after.digest,
            mandate_no=mandate_no,
        )
    )
    return after


def _line(hall: Hall, unit: Unit, case: Case) -> HandOutLine:
    issued = licences.by_case(unit, case.id)
    return HandOutLine(
        case_id=case.id,
        case_no=case.case_no,
        matter_name=hall.library.matter(unit, case.matter_no).name,
        applicant_name=case.applicant_name,
        outcome=case.outcome or "",
        licence_no=issued.no if issued else None,
        decided_at=case.decided_at or unit.at,
        rev=case.rev,
    )
