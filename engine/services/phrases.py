"""The common phrases (常用意见) of an official: kept by himself, by step, read by nobody else.

They are a convenience of their author and no state of a case: no event speaks of them.
"""

from engine.domain.people import Official
from engine.domain.phrase import Phrase, phrase_text, refuse_too_many
from engine.kernel.errors import Missing
from engine.services.hall import Hall
from engine.storage import phrases as rows


def of_step(hall: Hall, by: Official, step: str) -> list[Phrase]:
    """Return what this official keeps for a step, the first one first."""
    with hall.reading() as unit:
        return rows.of_step(unit, by.id, step)


def add(hall: Hall, by: Official, step: str, text: str) -> Phrase:
    """Keep a phrase for a step; the same words once more are the phrase that is there.

    Raises Invalid `phrase.empty`, `phrase.too_long`, `phrase.too_many`.
    """
    wanted = phrase_text(text)
    with hall.unit(by) as unit:
        kept = rows.of_step(unit, by.id, step)
        same = next((one for one in kept if one.text == wanted), None)
        if same is not None:
            return same
        refuse_too_many(len(kept))
        phrase = Phrase(unit.ids(), wanted)
        rows.add(unit, by.id, step, phrase)
        return phrase


def remove(hall: Hall, by: Official, phrase_id: str) -> None:
    """Forget a phrase of one's own; Missing `phrase.unknown` for any other."""
    with hall.unit(by) as unit:
        if not rows.drop(unit, by.id, phrase_id):
            raise Missing("phrase.unknown")
