"""What a post sees of an applicant; the whole is shown by a logged deed only.

信息安全等级保护 GB/T 22239-2019 8.1.4 (个人信息): only what the work needs is shown.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace

from engine.domain.codes import check_id_number, check_uscc
from engine.domain.people import Applicant
from engine.kernel.errors import Invalid

STAR = "*"
ENTERPRISE = "enterprise"
COMPOUND_SURNAMES = frozenset(
    (
        "欧阳",
        "司马",
        "上官",
        "诸葛",
        "东方",
        "皇甫",
        "尉迟",
        "公孙",
        "慕容",
        "令狐",
        "长孙",
        "宇文",
        "司徒",
        "夏侯",
        "轩辕",
        "端木",
        "南宫",
        "百里",
    )
)
ID_KEPT = (6, 2)  # the division and the last two: neither birthday nor sequence
PHONE_KEPT = (3, 4)
LEAST_HIDDEN = 4

# Who meets the applicant or writes the decision needs the name, who calls back the phone too;
# an ID number is whole for nobody.
SEEN_WHOLE: Mapping[str, frozenset[str]] = {
    "clerk": frozenset({"name", "phone"}),
    "chief": frozenset({"name", "phone"}),
    "stand_in": frozenset({"name", "phone"}),
    "reviewer": frozenset({"name", "phone"}),
    "head": frozenset({"name"}),
    "supervisor": frozenset({"name"}),
}


def mask_id_number(number: str) -> str:
    """Return an ID number with birthday and sequence hidden, e.g. `110105**********2X`."""
    return _keep(number, *ID_KEPT)


def mask_phone(phone: str) -> str:
    """Return a phone number with its middle hidden, e.g. `138****5678`."""
    return _keep(phone, *PHONE_KEPT)


def mask_name(name: str) -> str:
    """Return a person's name with only the surname left, e.g. `林**`, `欧阳*`."""
    surname = 2 if len(name) > 2 and name[:2] in COMPOUND_SURNAMES else 1
    return name[:surname] + STAR * max(len(name) - surname, 1) if name else ""


def as_seen_by(post: str, applicant: Applicant) -> Applicant:
    """Return the applicant as an official of this post sees him; an unknown post sees least.

    The name and the uscc of an enterprise are public and stay; the number of an enterprise
    that is being founded is its founder's ID number and is hidden.
    """
    whole = SEEN_WHOLE.get(post, frozenset())
    public = applicant.kind == ENTERPRISE
    number = applicant.id_number
    return replace(
        applicant,
        name=applicant.name if public or "name" in whole else mask_name(applicant.name),
        id_number=number if public and _is_uscc(number) else mask_id_number(number),
        phone=applicant.phone if "phone" in whole else mask_phone(applicant.phone),
        agent=_agent(applicant.agent, whole),
    )


def _agent(agent: str | None, whole: frozenset[str]) -> str | None:
    return agent if agent is None or "name" in whole else mask_name(agent)


def _is_uscc(number: str) -> bool:
    """Whether the number is certainly that of an enterprise; a doubtful one is hidden."""
    return _passes(check_uscc, number) and not _passes(check_id_number, number)


def _passes(check: Callable[[str], str], number: str) -> bool:
    try:
        check(number)
    except Invalid:
        return False
    return True


def _keep(text: str, first: int, last: int) -> str:
    """Hide the middle; a text with too short a middle is hidden whole."""
    if len(text) < first + last + LEAST_HIDDEN:
        return STAR * len(text)
    return text[:first] + STAR * (len(text) - first - last) + text[len(text) - last :]
