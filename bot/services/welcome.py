"""One message to the one person who brought Baton in."""

from datetime import datetime

from sqlmodel import Session

from bot.models import Workspace
from bot.services import agreements, notices, rights

KEY = "welcome"


def tell(session: Session, workspace_id: int, installer: str, now: datetime) -> None:
    """Welcome whoever installed Baton, once for as long as the workspace is known."""
    if installer and not notices.exists(session, workspace_id, KEY):
        notices.want(
            session,
            workspace_id=workspace_id,
            key=KEY,
            kind=KEY,
            place=installer,
            person=installer,
            now=now,
        )


def first_looked(session: Session, workspace_id: int, user: str, now: datetime) -> None:
    """Take who first opens Baton for the installer, where Slack named none and nothing is agreed yet."""
    if notices.exists(session, workspace_id, KEY) or agreements.all_of(session, workspace_id):
        return
    is_named = session.get_one(Workspace, workspace_id).admin
    if not is_named and not rights.is_outsider(session, workspace_id, user):
        tell(session, workspace_id, user, now)
