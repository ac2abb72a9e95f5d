"""Putting definitions in force: processes, forms and decision tables, checked together."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from engine.decisions.decide import read_table
from engine.domain.events import Published
from engine.domain.people import Official
from engine.forms.compile import read_form
from engine.kernel.crypto import fingerprint
from engine.kernel.now import hall_day
from engine.processes.definition import read_definition
from engine.services.hall import Hall
from engine.storage import publishing


@dataclass(frozen=True)
class Definitions:
    """Sources to be published together, by key: BPMN, form-js JSON and DMN."""

    processes: Mapping[str, bytes]
    forms: Mapping[str, bytes]
    tables: Mapping[str, bytes]


@dataclass(frozen=True)
class PublishedVersion:
    """One definition that is now in force from a day on."""

    kind: str
    key: str
    version: str
    effective_from: date


def publish(
    hall: Hall, by: Official, definitions: Definitions, effective_from: date | None = None
) -> list[PublishedVersion]:
    """Check everything, then put in force what differs from what is in force.

    Raises Invalid with the code of the first definition that cannot be run, for example
    `process.unknown_table`; nothing is published then.
    """
    tables = {key: read_table(source) for key, source in definitions.tables.items()}
    forms = {key: read_form(key, source) for key, source in definitions.forms.items()}
    for source in definitions.processes.values():
        read_definition(source, tables=set(tables), forms=set(forms))
    made: list[PublishedVersion] = []
    with hall.unit(by) as unit:
        day = effective_from or hall_day(unit.at)
        sources = (
            ("table", definitions.tables),
            ("form", definitions.forms),
            ("process", definitions.processes),
        )
        for kind, by_key in sources:
            for key, source in by_key.items():
                version = fingerprint(source)
                held = publishing.in_force(unit, kind, key, day)
                if held is not None and held[0] == version:
                    continue
                publishing.publish(unit, kind, key, version, source, day)
                unit.record(
                    Published(
                        definition=kind,
                        key=key,
                        version=version,
                        effective_from=day.isoformat(),
                    )
                )
                made.append(PublishedVersion(kind, key, version, day))
    return made
