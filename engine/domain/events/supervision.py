"""What the electronic supervision (电子监察) does."""

from dataclasses import dataclass

from engine.domain.events.base import CaseEvent


@dataclass(frozen=True)
class CardRaised(CaseEvent):
    """The supervision table raised a card (提示, 黄牌, 红牌); the row that said so is named."""

    card_id: str
    level: str
    rule: str
    row: str
    recipients: tuple[str, ...]
    table_version: str
    reply_by: str | None
