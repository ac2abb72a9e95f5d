"""The hall as its services see it: the collaborators that every request gets."""

from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import timedelta

from engine.domain.people import SYSTEM, Official
from engine.kernel.crypto import Vault
from engine.kernel.ids import Ids
from engine.kernel.now import Now
from engine.services.library import Library
from engine.storage.unit import Store, Unit


@dataclass(frozen=True)
class Rules:
    """The figures of the house that an administrator may set; see docs/reference.md."""

    session_idle: timedelta = timedelta(minutes=30)
    session_longest: timedelta = timedelta(hours=10)
    sign_in_tries: int = 5
    sign_in_window: timedelta = timedelta(minutes=30)
    page_size: int = 50


@dataclass(frozen=True)
class Hall:
    """What a service needs and nothing else; `demo` says that invented data are loaded."""

    store: Store
    now: Now
    ids: Ids
    vault: Vault
    rules: Rules = Rules()
    demo: bool = False
    library: Library = field(default_factory=Library)

    def unit(self, by: Official = SYSTEM) -> AbstractContextManager[Unit]:
        """Begin a unit of work of `by`: one transaction that commits at its end or not at all."""
        return self.store.unit(self.now, self.ids, by)

    def reading(self) -> AbstractContextManager[Unit]:
        """Begin a unit that only reads."""
        return self.store.reading(self.now, self.ids)
