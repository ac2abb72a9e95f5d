"""Codes that carry their own check: built here, and checked wherever one comes in.

统一社会信用代码 GB 32100-2015 · organisation code GB 11714 · 公民身份号码 GB 11643 · the
implementation code of a matter (实施编码) and the case number (办件编号) built on it.
"""

from datetime import date

from engine.kernel.errors import Invalid

DEMO_DIVISION = "439900"  # believed unassigned, so that no real unit or person is hit
ENTERPRISE = "91"  # registered by 工商, an enterprise
USCC_SYMBOLS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
USCC_WEIGHTS = tuple(pow(3, place, 31) for place in range(17))
USCC_LENGTH = 18
ORGANISATION_SYMBOLS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
ID_LENGTH = 18
ID_WEIGHTS = tuple(pow(2, 17 - place, 11) for place in range(17))
ID_CHECKS = "10X98765432"
TASK_CODE_LENGTH = 31
SERIAL_LENGTH = 4
ENTERPRISE_LEAD = "MA"  # how organisation codes given since the three-in-one reform begin
ENTERPRISE_PLACES = 6


def organisation_check(body: str) -> str:
    """Return the check character of the 8 characters of an organisation code (GB 11714)."""
    pairs = zip(body, ORGANISATION_WEIGHTS, strict=True)
    total = sum(ORGANISATION_SYMBOLS.index(symbol) * weight for symbol, weight in pairs)
    return "0123456789X0"[11 - total % 11]


def uscc_check(body: str) -> str:
    """Return the check character of the first 17 characters of a uscc (GB 32100-2015)."""
    pairs = zip(body, USCC_WEIGHTS, strict=True)
    total = sum(USCC_SYMBOLS.index(symbol) * weight for symbol, weight in pairs)
    return USCC_SYMBOLS[-total % 31]


def id_check(body: str) -> str:
    """Return the check character of the first 17 digits of an ID number (GB 11643)."""
    total = sum(int(digit) * weight for digit, weight in zip(body, ID_WEIGHTS, strict=True))
    return ID_CHECKS[total % 11]


def build_uscc(kind: str, division: str, organisation: str) -> str:
    """Return the uscc of 2 characters of kind, 6 digits of division, 8 of organisation code."""
    body = f"{kind}{division}{organisation}{organisation_check(organisation)}"
    return body + uscc_check(body)


def new_uscc(serial: int) -> str:
    """Return the uscc of the `serial`-th enterprise that the demo hall founds, from 0 on.

    Raises Invalid `code.serial` when the number does not fit.
    """
    digits = []
    rest = serial
    for _ in range(ENTERPRISE_PLACES):
        rest, digit = divmod(rest, len(USCC_SYMBOLS))
        digits.append(USCC_SYMBOLS[digit])
    if rest:
        raise Invalid("code.serial", serial=serial)
    return build_uscc(ENTERPRISE, DEMO_DIVISION, ENTERPRISE_LEAD + "".join(reversed(digits)))


def check_uscc(code: str) -> str:
    """Return `code` when it is a right uscc, else raise Invalid.

    `code.uscc_length`, `code.uscc_symbol` (position of the wrong character) or
    `code.uscc_check`, whose position is 17 when the organisation code inside does not fit its
    own check character, else 18.
    """
    if len(code) != USCC_LENGTH:
        raise Invalid("code.uscc_length", length=len(code))
    for position, symbol in enumerate(code, start=1):
        allowed = "0123456789" if 3 <= position <= 8 else USCC_SYMBOLS  # the division is digits
        if symbol not in allowed:
            raise Invalid("code.uscc_symbol", position=str(position))
    if organisation_check(code[8:16]) != code[16]:
        raise Invalid("code.uscc_check", position="17")
    if uscc_check(code[:17]) != code[17]:
        raise Invalid("code.uscc_check", position="18")
    return code


def check_id_number(number: str) -> str:
    """Return `number` when it is a right ID number, else raise Invalid.

    `code.id_length`, `code.id_symbol` (position of the wrong character), `code.id_birth` when
    characters 7-14 are no day, or `code.id_check` with position 18.
    """
    if len(number) != ID_LENGTH:
        raise Invalid("code.id_length", length=len(number))
    for position, symbol in enumerate(number, start=1):
        if symbol not in ("0123456789X" if position == ID_LENGTH else "0123456789"):
            raise Invalid("code.id_symbol", position=str(position))
    _birth(number)
    if id_check(number[:17]) != number[17]:
        raise Invalid("code.id_check", position="18")
    return number


def check_task_code(code: str) -> str:
    """Return `code` when it is an implementation code: the unit's uscc and 13 digits.

    Live codes are 31 long although GB/T 39046-2020 table 4 allows 24. Raises Invalid
    `code.task_length`, `code.task_symbol` or what `check_uscc` raises.
    """
    if len(code) != TASK_CODE_LENGTH:
        raise Invalid("code.task_length", length=len(code))
    check_uscc(code[:USCC_LENGTH])
    for position, symbol in enumerate(code[USCC_LENGTH:], start=USCC_LENGTH + 1):
        if symbol not in "0123456789":
            raise Invalid("code.task_symbol", position=str(position))
    return code


def case_number(task_code: str, day: date, serial: int) -> str:
    """Return the number of the `serial`-th case of a matter on one day: 31 + 8 + 4 characters.

    Raises Invalid `code.serial` when the day has no such number, or what `check_task_code` raises.
    """
    if not 1 <= serial < 10**SERIAL_LENGTH:
        raise Invalid("code.serial", serial=serial)
    return f"{check_task_code(task_code)}{day:%Y%m%d}{serial:0{SERIAL_LENGTH}d}"


def child_number(parent_no: str, serial: int) -> str:
    """Return the number of the `serial`-th child case: its parent's with a suffix, like `-02`."""
    return f"{parent_no}-{serial:02d}"


def _birth(number: str) -> date:
    try:
        return date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError as error:
        raise Invalid("code.id_birth", position="7-14") from error
