"""What a clerk has typed for an application that is not one yet; nothing of it is ever lost."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from flask import request
from werkzeug.datastructures import MultiDict

from engine.domain.matter import Matter
from engine.domain.people import Applicant
from engine.kernel.errors import Invalid
from engine.services.intake import MaterialHandedIn

# Names of our own fields hold a hyphen, which no key of a matter's form can.
MATTER, QUERY, CHOOSE, CHANGE, TICKET = (
    "case-matter",
    "case-query",
    "case-choose",
    "case-change",
    "case-ticket",
)
APPLICANT = ("applicant-kind", "applicant-name", "applicant-id_number", "applicant-phone")
OWN = frozenset({"csrf_token", "once", "seen"})
PERSON = "person"
MISSING = "missing"
ENOUGH = frozenset({"received", "tolerated"})
LONGEST_COPIES, LONGEST_NUMBER = 3, 4


@dataclass(frozen=True)
class TypedPaper:
    """One line of the list of papers as it stands; `state` is empty until somebody looked."""

    state: str = ""
    copies: str = "1"
    remark: str = ""


@dataclass(frozen=True)
class Typed:
    """The fields of the page; `answers` are raw values by key of the matter's form."""

    matter_no: int | None = None
    ticket_id: str | None = None
    query: str = ""
    kind: str = ""
    name: str = ""
    id_number: str = ""
    phone: str = ""
    agent: str = ""
    papers: Mapping[int, TypedPaper] = field(default_factory=dict)
    answers: Mapping[str, list[str]] = field(default_factory=dict)

    def empty_fields(self) -> list[str]:
        """Return the names of the applicant's fields that must not stay empty and are."""
        typed = (self.kind, self.name, self.id_number, self.phone)
        return [name for name, value in zip(APPLICANT, typed, strict=True) if not value]

    def wanting(self, matter: Matter) -> list[str]:
        """Return the names of the required papers that are neither received nor tolerated."""
        return [
            paper.name
            for paper in matter.materials
            if paper.required and self.paper(paper.no).state not in ENOUGH
        ]

    def applicant(self) -> Applicant:
        """Return the applicant as typed; the service judges it."""
        return Applicant(
            self.kind, self.name, self.id_number.strip(), self.phone.strip(), self.agent or None
        )

    def paper(self, no: int) -> TypedPaper:
        """Return the line of one paper."""
        return self.papers.get(no, TypedPaper())

    def handed_in(self, matter: Matter) -> dict[int, MaterialHandedIn]:
        """Return what was ticked for the papers of `matter`; an untouched line is missing.

        Invalid `intake.copies` names the paper whose number of copies is none.
        """
        lines = {paper: self.paper(paper.no) for paper in matter.materials}
        return {
            paper.no: MaterialHandedIn(
                state=line.state or MISSING,
                copies=copies_of(line.copies, paper.name),
                remark=line.remark,
            )
            for paper, line in lines.items()
        }


def read_typed() -> Typed:
    """Return what the page sent."""
    return typed_of(request.form)


def typed_of(sent: MultiDict[str, str]) -> Typed:
    """Return what stands in fields; a chosen line of the search wins over the matter before."""
    matter_no = sent.get(CHOOSE, type=int) or sent.get(MATTER, type=int)
    return Typed(
        matter_no=matter_no,
        ticket_id=sent.get(TICKET) or None,
        query=sent.get(QUERY, "").strip(),
        kind=sent.get("applicant-kind", ""),
        name=sent.get("applicant-name", "").strip(),
        id_number=sent.get("applicant-id_number", "").strip(),
        phone=sent.get("applicant-phone", "").strip(),
        agent=sent.get("applicant-agent", "").strip(),
        papers=_papers_of(sent),
        answers={key: values for key, values in sent.lists() if _is_answer(key)},
    )


def _is_answer(key: str) -> bool:
    return "-" not in key and key not in OWN


def _papers_of(sent: MultiDict[str, str]) -> dict[int, TypedPaper]:
    numbers = [key.split("-")[1] for key in sent if key.startswith("paper-")]
    return {
        int(no): TypedPaper(
            state=sent.get(f"paper-{no}-state", ""),
            copies=sent.get(f"paper-{no}-copies", "1").strip(),
            remark=sent.get(f"paper-{no}-remark", "").strip(),
        )
        for no in numbers
        if no.isascii() and no.isdigit() and len(no) <= LONGEST_NUMBER
    }


def copies_of(typed: str, name: str) -> int:
    """Return a typed number of copies; Invalid `intake.copies` names its paper."""
    if not typed.isascii() or not typed.isdigit() or len(typed) > LONGEST_COPIES:
        raise Invalid("intake.copies", name=name)
    return int(typed)
