"""The hall as its services see it: the collaborators that every request gets."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import time, timedelta

from engine.domain.attachment import FileType
from engine.domain.events.configuration import DecisionDisagreed
from engine.domain.people import SYSTEM, Official
from engine.domain.working_time import CLOSE_OF_BUSINESS
from engine.kernel.crypto import Vault
from engine.kernel.errors import Unavailable
from engine.kernel.ids import Ids
from engine.kernel.now import Now
from engine.services.library import Library
from engine.storage.blobs import Blobs
from engine.storage.unit import Store, Unit

DISAGREEMENT = "decision.disagreement"


@dataclass(frozen=True)
class Rules:
    """The figures of the house that an administrator may set; see docs/reference.md."""

    session_idle: timedelta = timedelta(minutes=30)
    session_longest: timedelta = timedelta(hours=10)
    sign_in_tries: int = 5
    sign_in_window: timedelta = timedelta(minutes=30)
    page_size: int = 50
    tolerance_days: int = 10
    urgent_review_days: int = 5
    count_first_day: bool = False
    close_of_business: time = CLOSE_OF_BUSINESS
    joint_answer_days: int = 2
    live_pages: int = 640
    file_types: Mapping[str, FileType] = field(default_factory=dict)


@dataclass(frozen=True)
class Hall:
    """What a service needs and nothing else; `demo` says that invented data are loaded."""

    store: Store
    now: Now
    ids: Ids
    vault: Vault
    blobs: Blobs
    rules: Rules = Rules()
    demo: bool = False
    library: Library = field(default_factory=Library)

    @contextmanager
    def unit(self, by: Official = SYSTEM) -> Iterator[Unit]:
        """Begin a unit of work of `by`: one transaction that commits at its end or not at all."""
        with self._reporting(), self.store.unit(self.now, self.ids, by) as unit:
            yield unit

    @contextmanager
    def reading(self) -> Iterator[Unit]:
        """Begin a unit that only reads."""
        with self._reporting(), self.store.reading(self.now, self.ids) as unit:
            yield unit

    def read_ahead(self) -> None:
        """Read all definitions in force, before everybody asks for them at once."""
        with self.reading() as unit:
            self.library.read_ahead(unit)

    @contextmanager
    def _reporting(self) -> Iterator[None]:
        # The step was refused and rolled back; that two ways of matching differ must be known.
        try:
            yield
        except Unavailable as error:
            if error.code == DISAGREEMENT:
                with self.store.unit(self.now, self.ids, SYSTEM) as unit:
                    unit.record(_disagreed(error))
            raise


def _disagreed(error: Unavailable) -> DecisionDisagreed:
    said = error.params
    reference, matcher = said["reference"], said["matcher"]
    return DecisionDisagreed(
        table=str(said["table"]),
        version=str(said["version"]),
        rows_reference=tuple(reference) if isinstance(reference, list | tuple) else (),
        rows_matcher=tuple(matcher) if isinstance(matcher, list | tuple) else (),
    )
