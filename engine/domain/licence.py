"""The licence (证照) that a granted case ends with."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from engine.domain.codes import new_uscc
from engine.kernel.canonical import dumps
from engine.kernel.crypto import fingerprint

USCC = "uscc"


@dataclass(frozen=True)
class Licence:
    """A licence; `no` is a unified social credit code where the matter founds an enterprise.

    `digest` covers number, holder and content, so that a changed byte is seen when the
    licence is checked. The seal of the demo hall is drawn and named 演示印章: no legal effect.
    """

    id: str
    no: str
    case_id: str
    matter_no: int
    name: str
    holder: str
    content: Mapping[str, object]
    issued_at: datetime
    issued_by: str
    digest: str
    handed_out_at: datetime | None = None
    handed_out_by: str | None = None
    taken_by: str | None = None


def licence_no(scheme: str, basic_code: str, year: int, serial: int) -> str:
    """Return the number of a new licence.

    The scheme `uscc` gives an enterprise its unified social credit code (GB 32100); every other
    licence is numbered by matter and year.
    """
    if scheme == USCC:
        return new_uscc(serial)
    return f"{basic_code}-{year}-{serial:06d}"


def sealed(licence: Licence) -> Licence:
    """Return the licence with the digest of what it says."""
    return replace(licence, digest=_digest(licence))


def is_unaltered(licence: Licence) -> bool:
    """Return whether the licence still says what was issued."""
    return licence.digest == _digest(licence)


def _digest(licence: Licence) -> str:
    said = {
        "no": licence.no,
        "name": licence.name,
        "holder": licence.holder,
        "content": dict(licence.content),
        "issued_at": licence.issued_at,
        "matter_no": licence.matter_no,
    }
    return fingerprint(dumps(said))
