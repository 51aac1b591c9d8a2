"""The life of an agreement: what its own text makes due, each step looking at its own part."""

from collections.abc import Callable, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlmodel import Session, col

from bot import models
from bot.services import (
    agreements,
    departures,
    duties,
    leave,
    limits,
    observed,
    pace,
    review,
    versions,
    workspaces,
)
from bot.services.agreements import Agreed

Step = Callable[[Session, Agreed, datetime], datetime | None]
"""Does what is due by an instant, and says when to look again; None is never."""

STEPS: Sequence[Step] = (
    versions.begin,
    departures.step,
    leave.welcome,
    limits.step,
    duties.step,
    review.step,
    observed.step,
    pace.step,
)


def due(session: Session, now: datetime) -> list[tuple[int, int]]:
    """List (workspace, agreement) to look at."""
    rows = session.execute(
        select(col(models.Agreement.workspace_id), col(models.Agreement.id)).where(
            col(models.Agreement.look_at) <= now, workspaces.serves(col(models.Agreement.workspace_id))
        )
    )
    return [(workspace_id, agreement_id or 0) for workspace_id, agreement_id in rows]


def live(session: Session, workspace_id: int, agreement_id: int, now: datetime) -> None:
    """Take every step that is due, and note when the next one is."""
    # Read again for each: a step may have put another version into force.
    following = [step(session, agreements.by_id(session, workspace_id, agreement_id), now) for step in STEPS]
    look_at = min(filter(None, following), default=None)
    agreements.change(session, workspace_id, agreement_id, look_at=look_at)
