"""What people wrote beside an act: kept apart from the ledger, and emptied by retention."""

from collections.abc import Mapping

from sqlalchemy import insert, select
from sqlmodel import Session, col

from bot.errors import UserError
from bot.models import Handoff, Note, table_of

LONGEST = 500


def keep(session: Session, handoff: Handoff, seq: int, text: str, kind: str = "note") -> None:
    """Keep the words of one act."""
    row = {
        "workspace_id": handoff.workspace_id,
        "handoff_id": handoff.id,
        "seq": seq,
        "kind": kind,
        "text": text,
    }
    session.execute(insert(table_of(Note)), [row])


def of(session: Session, workspace_id: int, handoff_id: int, kind: str = "note") -> Mapping[int, str]:
    """Read the words of a handoff's acts, by the number of the act."""
    rows = session.execute(
        select(col(Note.seq), col(Note.text)).where(
            col(Note.workspace_id) == workspace_id,
            col(Note.handoff_id) == handoff_id,
            col(Note.kind) == kind,
        )
    )
    return {row[0]: row[1] for row in rows}


def required(text: str, code: str, field: str) -> str:
    """Refuse an act without the words that it needs, or with too many."""
    if not text.strip():
        raise UserError(code, field=field)
    if len(text) > LONGEST:
        raise UserError("text_too_long", field=field, most=LONGEST)
    return text.strip()
