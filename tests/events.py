"""The kinds of events there are, found by looking into every module of events."""

import importlib
import pkgutil

from engine.domain import events
from engine.domain.events.base import Event


def event_kinds():
    """Return the kinds of events themselves: those that no other is made from, by name."""
    for module in pkgutil.iter_modules(events.__path__):
        importlib.import_module(f"{events.__name__}.{module.name}")
    return sorted(_below(Event), key=lambda kind: kind.__name__)


def _below(kind):
    below = kind.__subclasses__()
    return [one for each in below for one in _below(each)] if below else [kind]
