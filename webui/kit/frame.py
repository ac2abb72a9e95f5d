"""What the frame of every page knows: the menu, who is here and from where he works."""

from flask import Flask

from engine.domain.people import Official
from engine.services import catalogue
from webui.kit.guard import once_key
from webui.kit.i18n import _, named
from webui.kit.menu import official_links, public_links
from webui.kit.session import hall, official
from webui.kit.verdict import kind_said


def places_of(someone: Official) -> list[str]:
    """Return unit and window or back office of an official, as far as he has them."""
    places = []
    if someone.unit_no is not None:
        places.append(named(catalogue.unit(hall(), someone.unit_no)))
    if someone.window_no is not None:
        label = catalogue.window(hall(), someone.window_no).label
        places.append(_("layout.window", label=label))
    if someone.back_office:
        places.append(_("layout.back_office", label=someone.back_office))
    return places


def frame(app: Flask) -> None:
    """Give templates what layout.html and macros.html ask for."""
    app.jinja_env.globals.update(
        hall=hall,
        official=official,
        official_links=official_links,
        once_key=once_key,
        places_of=places_of,
        public_links=public_links,
    )
    app.jinja_env.filters["kind_said"] = kind_said
