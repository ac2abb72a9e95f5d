"""Who could do it (谁能办) on any day: a power, a unit, a matter; who could not, by which row."""

from dataclasses import dataclass
from datetime import date

from flask import Response, request

from engine.domain.authority import POWERS
from engine.domain.matter import Matter
from engine.kernel.errors import Invalid
from engine.kernel.now import hall_day
from engine.services import authority, catalogue, directory
from engine.services.authority import Answer
from webui.admin.grants import amount
from webui.kit.errors import sentence
from webui.kit.guard import needs
from webui.kit.i18n import _, named
from webui.kit.pages import render
from webui.kit.session import hall, present
from webui.kit.verdict import verdict_words


@dataclass(frozen=True)
class Line:
    """One person of the answer, in words."""

    answer: Answer
    because: str
    row: str


@needs("case.read")
def page() -> Response:
    """Show the form, and once a matter is chosen who could and who could not."""
    args, errors = request.args, {}
    units = catalogue.units(hall())
    numbers = {one.no for one in units}
    asked = args.get("unit", type=int) or present().unit_no
    unit_no = asked if asked in numbers else min(numbers, default=0)
    matters = directory.matters_of(hall(), unit_no)
    matter = next((one for one in matters if one.no == args.get("matter", type=int)), None)
    power = args.get("power", POWERS[0])
    if power not in POWERS:
        power, errors["power"] = POWERS[0], _("people.power")
    on = _day(errors)
    limit = None
    try:
        limit = amount(args.get("amount", ""), "amount")
    except Invalid as error:
        errors["amount"] = sentence(error)
    lines = []
    if matter is not None and not errors:
        region = args.get("region", "").strip() or None
        found = authority.answers(hall(), power, unit_no, matter.no, on, limit, region)
        lines = [Line(one, *verdict_words(one.verdict)) for one in found]
    return render(
        "admin/authority.html",
        422 if errors else 200,
        errors=errors,
        power=power,
        unit_no=unit_no,
        matter=matter,
        on=on,
        able=[line for line in lines if line.answer.verdict.allowed],
        unable=[line for line in lines if not line.answer.verdict.allowed],
        asked=matter is not None and not errors,
        powers=[(one, _(f"power.{one}")) for one in POWERS],
        units=[(one.no, named(one)) for one in units],
        matters=[(one.no, _named(one)) for one in matters],
        typed=args,
    )


def _named(matter: Matter) -> str:
    return _("authority.matter", name=matter.name, type=named(matter.type))


def _day(errors: dict[str, str]) -> date:
    text = request.args.get("on", "").strip()
    if not text:
        return hall_day(hall().now())
    try:
        return date.fromisoformat(text)
    except ValueError:
        errors["on"] = _("people.day")
        return hall_day(hall().now())
