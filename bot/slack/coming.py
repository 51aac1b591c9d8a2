"""What takes longer than an answer may: it is asked for once, and comes by DM."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlmodel import Session

from bot.services import deliveries, notices
from bot.services.agreements import Agreed
from bot.slack.request import Asked


def send(
    session: Session, agreed: Agreed, asked: Asked, kind: str, about: Mapping[str, Any], now: datetime
) -> None:
    """Leave the notice for the one who asks; a command delivered twice leaves one."""
    if deliveries.is_new(session, agreed.workspace_id, asked.key, now):
        key = f"{kind}:{asked.user_id}:{asked.key}"
        notices.tell(session, agreed, asked.user_id, key=key, kind=kind, about=about, now=now)
