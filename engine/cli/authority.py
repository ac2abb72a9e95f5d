"""Authority from the shell: `hall authority --who-can` tells who could do something on a day."""

import argparse
import json
from datetime import date
from decimal import Decimal, InvalidOperation

from engine.bootstrap import open_hall
from engine.cli.commands import Commands
from engine.cli.sentences import sentence
from engine.domain.authority import POWERS
from engine.kernel.now import hall_day
from engine.services import authority, catalogue
from engine.services.authority import Holder


def add_to(commands: Commands) -> None:
    """Add the commands of this family."""
    asking = commands.add_parser("authority", help="tell who could use a power on a day")
    asking.add_argument("--who-can", required=True, choices=POWERS, metavar="POWER", dest="power")
    asking.add_argument("--matter", required=True, type=int, help="number of the matter")
    asking.add_argument("--on", type=date.fromisoformat, help="the day, today without it")
    asking.add_argument("--unit", type=int, help="number of the unit, that of the matter without")
    asking.add_argument("--amount", type=_amount, help="amount of the case in yuan")
    asking.add_argument("--region", help="region of the case")
    asking.add_argument("--json", action="store_true", help="print it as JSON")
    asking.set_defaults(run=_who_can)


def _amount(text: str) -> Decimal:
    try:
        amount = Decimal(text)
    except InvalidOperation as error:
        raise argparse.ArgumentTypeError(text) from error
    if not amount.is_finite() or amount < 0:
        raise argparse.ArgumentTypeError(text)
    return amount


def _who_can(asked: argparse.Namespace) -> int:
    hall = open_hall()
    matter = catalogue.matter(hall, asked.matter)
    unit_no = matter.unit_no if asked.unit is None else catalogue.unit(hall, asked.unit).no
    day = asked.on or hall_day(hall.now())
    found = authority.who_can(
        hall, asked.power, unit_no, asked.matter, day, asked.amount, asked.region
    )
    if asked.json:
        print(json.dumps([_figures(one) for one in found], ensure_ascii=False))
        return 0
    for one in found:
        print(_said(one))
    if not found:
        print(sentence("authority.nobody", {"day": day.isoformat()}))
    return 0


def _figures(one: Holder) -> dict[str, object]:
    return {
        "account": one.official.account,
        "name": one.official.name,
        "post": one.official.post,
        "unit": one.official.unit_no,
        "mandate": one.grant.mandate_no if one.grant else None,
        "grant": one.grant.id if one.grant else None,
        "by_post": one.grant is None or one.grant.post is not None,
        "stand_in_for": one.stand_in_for.account if one.stand_in_for else None,
        "row": one.row,
        "legal_basis": one.legal_basis,
    }


def _said(one: Holder) -> str:
    mandate = one.grant.mandate_no if one.grant else sentence("authority.holder.by_post", {})
    words = {
        "name": one.official.name,
        "post": sentence(f"post.{one.official.post}", {}),
        "mandate": mandate,
        "row": one.row,
        "basis": one.legal_basis,
    }
    if one.stand_in_for is None:
        return sentence("authority.holder", words)
    return sentence("authority.holder.stand_in", {**words, "absent": one.stand_in_for.name})
