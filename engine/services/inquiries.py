"""First inquiries (首问负责制): who was asked first answers until the next one confirms."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from engine.decisions.decide import decide
from engine.domain.events.inquiries import (
    InquiryClosed,
    InquiryConfirmed,
    InquiryHandedOn,
    InquiryOpened,
)
from engine.domain.facts import by_name
from engine.domain.inquiry import TRANSFERS_TO_SHOW, Inquiry, Transfer, in_charge, pending
from engine.domain.masking import mask_name
from engine.domain.people import Official
from engine.kernel.errors import Conflict, Forbidden, Invalid, Missing
from engine.kernel.now import hall_day
from engine.services.hall import Hall
from engine.storage import inquiries as rows
from engine.storage import people
from engine.storage.unit import Unit

TABLE, PURPOSE, BOARD = "routing", "visit_purpose", "supervision.read"
LONGEST_TEXT, LONGEST_NAME = 2000, 100


@dataclass(frozen=True)
class Asked:
    """What a visitor asked, and what the officer sees of it: the facts of the table of routing.

    `purpose` is a word of the fact `visit_purpose`; the visitor need not say who he is.
    """

    question: str
    purpose: str
    visitor: str | None = None
    right_window: bool = True
    in_hall: bool = True
    key_project: bool = False
    units_involved: int = 1


@dataclass(frozen=True)
class InquiryView:
    """A contact with its way: `open_for` is who answers for it, `names` all who had it in turn.

    `waiting_for` has been handed it and has not confirmed yet.
    """

    inquiry: Inquiry
    transfers: tuple[Transfer, ...]
    open_for: str | None
    waiting_for: str | None
    names: tuple[str, ...]


def open_inquiry(hall: Hall, by: Official, asked: Asked) -> Inquiry:
    """Keep that somebody was asked first; the table of routing says what he owes the visitor.

    Raises Invalid `inquiry.text`, `inquiry.visitor`, `inquiry.purpose`, `inquiry.units`.
    """
    question = _said(asked.question, "question")
    purposes = by_name(PURPOSE)
    if purposes is None or asked.purpose not in purposes.codes:
        raise Invalid("inquiry.purpose", field="purpose", value=asked.purpose)
    if asked.units_involved < 1:
        raise Invalid("inquiry.units", field="units_involved")
    visitor = (asked.visitor or "").strip()
    if len(visitor) > LONGEST_NAME:
        raise Invalid("inquiry.visitor", field="visitor", most=LONGEST_NAME)
    with hall.unit(by) as unit:
        decision = decide(
            hall.library.judging(unit, TABLE, unit.at),
            {
                PURPOSE: asked.purpose,
                "right_window": asked.right_window,
                "in_hall": asked.in_hall,
                "key_project": asked.key_project,
                "units_involved": asked.units_involved,
            },
        )
        inquiry = Inquiry(
            id=unit.ids(),
            officer_id=by.id,
            window_no=by.window_no,
            visitor=mask_name(visitor) if visitor else None,
            question=question,
            purpose=asked.purpose,
            first_inquiry=str(decision.outcome["first_inquiry"]),
            window_kind=str(decision.outcome["window_kind"]),
            stays_open=decision.outcome["stays_open"] is True,
            row=f"{TABLE}#{decision.rows[0]}",
            opened_at=unit.at,
        )
        rows.add(unit, inquiry)
        unit.record(
            InquiryOpened(
                inquiry_id=inquiry.id,
                purpose=inquiry.purpose,
                first_inquiry=inquiry.first_inquiry,
                window_kind=inquiry.window_kind,
                row=inquiry.row,
            )
        )
        return inquiry


def hand_on(hall: Hall, by: Official, inquiry_id: str, to_account: str, reason: str) -> Transfer:
    """Hand a contact on (转交, 引导); it stays open for `by` until the receiver confirms it.

    Raises Missing `inquiry.unknown`, `account.unknown`; Invalid `inquiry.text`,
    `inquiry.same_person`; Conflict `inquiry.closed`, `inquiry.pending` while the last receiver has
    not confirmed, `inquiry.left`; Forbidden `inquiry.not_in_charge`.
    """
    why = _said(reason, "reason")
    with hall.unit(by) as unit:
        inquiry = _open(unit, inquiry_id)
        transfers = rows.transfers_of(unit, inquiry.id)
        if in_charge(inquiry, transfers) != by.id:
            raise Forbidden("inquiry.not_in_charge")
        if pending(transfers) is not None:
            raise Conflict("inquiry.pending")
        known = people.by_account(unit, to_account.strip())
        if known is None:
            raise Missing("account.unknown", account=to_account)
        to = known[0]
        if to.id == by.id:
            raise Invalid("inquiry.same_person", field="to_account")
        if not to.works_on(hall_day(unit.at)):
            raise Conflict("inquiry.left", name=to.name)
        transfer = Transfer(inquiry.id, len(transfers) + 1, by.id, to.id, why, unit.at)
        rows.add_transfer(unit, transfer)
        unit.record(
            InquiryHandedOn(
                inquiry_id=inquiry.id, receiver=to.id, transfer=transfer.serial, reason=why
            )
        )
        return transfer


def confirm(hall: Hall, by: Official, inquiry_id: str) -> Transfer:
    """Confirm a contact that was handed on; from now on `by` answers for it (M-FIRST-1).

    Raises Missing `inquiry.unknown`; Conflict `inquiry.closed`, `inquiry.nothing` when nothing
    waits to be confirmed; Forbidden `inquiry.not_receiver`.
    """
    with hall.unit(by) as unit:
        inquiry = _open(unit, inquiry_id)
        waits = pending(rows.transfers_of(unit, inquiry.id))
        if waits is None:
            raise Conflict("inquiry.nothing")
        if waits.receiver_id != by.id:
            raise Forbidden("inquiry.not_receiver")
        rows.confirm(unit, waits)
        unit.record(InquiryConfirmed(inquiry_id=inquiry.id, transfer=waits.serial))
        return replace(waits, confirmed_at=unit.at)


def close(hall: Hall, by: Official, inquiry_id: str, answer: str) -> Inquiry:
    """Close a contact with what the visitor was told.

    Who answers for it may do so, also while a receiver has not confirmed. Raises Missing
    `inquiry.unknown`; Invalid `inquiry.text`; Conflict `inquiry.closed`; Forbidden
    `inquiry.not_in_charge`.
    """
    told = _said(answer, "answer")
    with hall.unit(by) as unit:
        inquiry = _open(unit, inquiry_id)
        if in_charge(inquiry, rows.transfers_of(unit, inquiry.id)) != by.id:
            raise Forbidden("inquiry.not_in_charge")
        rows.close(unit, inquiry.id, told)
        unit.record(InquiryClosed(inquiry_id=inquiry.id))
        return replace(inquiry, answer=told, closed_at=unit.at, closed_by=by.id)


def open_for(hall: Hall, by: Official) -> list[InquiryView]:
    """Return the open contacts that an official answers for, the oldest first."""
    return [view for view in _views(hall) if _in_charge_of(view) == by.id]


def passed_around(hall: Hall, by: Official) -> list[InquiryView]:
    """Return the open contacts that were handed on twice or more, with all names (M-FIRST-2).

    For who reads the board of supervision; Forbidden `inquiry.board`.
    """
    if not by.may(BOARD):
        raise Forbidden("inquiry.board")
    return [view for view in _views(hall) if len(view.transfers) >= TRANSFERS_TO_SHOW]


def _views(hall: Hall) -> list[InquiryView]:
    with hall.reading() as unit:
        names, ways = people.names(unit), rows.transfers_of_open(unit)
        return [_view(inquiry, ways.get(inquiry.id, ()), names) for inquiry in rows.open_ones(unit)]


def _view(inquiry: Inquiry, way: Sequence[Transfer], names: Mapping[str, str]) -> InquiryView:
    waits = pending(way)
    had = [inquiry.officer_id, *(one.receiver_id for one in way)]
    return InquiryView(
        inquiry=inquiry,
        transfers=tuple(way),
        open_for=names.get(in_charge(inquiry, way)),
        waiting_for=names.get(waits.receiver_id) if waits else None,
        names=tuple(names.get(one, one) for one in had),
    )


def _in_charge_of(view: InquiryView) -> str:
    return in_charge(view.inquiry, view.transfers)


def _open(unit: Unit, inquiry_id: str) -> Inquiry:
    inquiry = rows.lock(unit, inquiry_id)
    if inquiry.closed_at is not None:
        raise Conflict("inquiry.closed")
    return inquiry


def _said(text: str, field: str) -> str:
    said = text.strip()
    if not said or len(said) > LONGEST_TEXT:
        raise Invalid("inquiry.text", field=field, most=LONGEST_TEXT)
    return said
