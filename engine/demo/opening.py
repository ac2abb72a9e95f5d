"""Opens the demo city: catalogue, definitions, people and their mandates, through the services."""

from collections.abc import Callable, Mapping

from engine.bootstrap import make_hall
from engine.demo import city
from engine.domain.people import SYSTEM
from engine.kernel.ids import Ids
from engine.kernel.now import Now, system_now
from engine.services import catalogue, people, publishing
from engine.services.hall import Hall
from engine.settings import Settings
from engine.stock import read_catalogue, read_definitions

Progress = Callable[[str, Mapping[str, object]], None]


def quiet(_code: str, _params: Mapping[str, object]) -> None:
    """Say nothing of the progress."""


def open_city(
    settings: Settings, now: Now = system_now, ids: Ids | None = None, say: Progress = quiet
) -> Hall:
    """Make a hall with the whole demo city in it; what is there already is brought up to date."""
    say("init.database", {"data": str(settings.data)})
    hall = make_hall(settings, demo=True, now=now, ids=ids)
    load_stock(hall, say)
    known = {official.account for official in people.everybody(hall)}
    units, windows = catalogue.units(hall), catalogue.windows(hall)
    everybody = city.people(units, windows)
    newcomers = [
        people.NewOfficial(
            account=one.account,
            name=one.name,
            post=one.post,
            unit_no=one.unit_no,
            window_no=one.window_no,
            back_office=one.back_office,
        )
        for one in everybody
        if one.account not in known
    ]
    people.add(hall, SYSTEM, newcomers)
    added = {one.account for one in newcomers}
    mandates = [
        people.NewGrant(
            account=one.account,
            unit_no=one.unit_no,
            power=one.power,
            mandate_no=one.mandate_no,
            valid_from=one.valid_from,
            valid_to=one.valid_to,
            matter_types=one.matter_types,
            amount_limit=one.amount_limit,
        )
        for one in city.grants(everybody)
        if one.account in added
    ]
    people.grant(hall, SYSTEM, mandates)
    say("init.people", {"people": len(everybody), "grants": len(mandates)})
    return hall


def load_stock(hall: Hall, say: Progress = quiet) -> None:
    """Load catalogue and definitions from the files of bpmn/ and rules/."""
    counts = catalogue.load(hall, SYSTEM, read_catalogue())
    say("init.catalogue", dict(counts))
    published = publishing.publish(hall, SYSTEM, read_definitions())
    say("init.definitions", {"published": len(published)})
