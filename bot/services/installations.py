"""Who installed Baton where: tokens kept sealed, workspaces that come, leave and come back."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from hashlib import sha256
from secrets import token_urlsafe
from typing import Any

from sqlalchemy import Row, delete, exists, or_, select, update
from sqlmodel import Session, col

from bot.exchange import Grant
from bot.models import Installation, OAuthState, Workspace
from bot.seal import Seal
from bot.services import gates, welcome, workspaces

STATE_LIVES = timedelta(minutes=10)
RENEWED_BEFORE = timedelta(hours=2)
RENEWING = timedelta(minutes=1)
WITHDRAWN = "withdrawn"
"""The state of a team whose organisation goes on with others."""


# ---- the way through Slack's OAuth


def begin(session: Session, now: datetime) -> str:
    """Make the state that Slack has to bring back; kept as a hash."""
    state = token_urlsafe(32)
    session.execute(delete(OAuthState).where(col(OAuthState.expires_at) <= now))
    session.add(OAuthState(digest=_digest(state), expires_at=now + STATE_LIVES))
    return state


def end(session: Session, state: str, now: datetime) -> bool:
    """Use up a state; false for one that was never given, was used, or is too old."""
    is_it = (col(OAuthState.digest) == _digest(state), col(OAuthState.expires_at) > now)
    used = delete(OAuthState).where(*is_it).returning(col(OAuthState.digest))
    return session.execute(used).first() is not None


def _digest(state: str) -> str:
    return sha256(state.encode()).hexdigest()


# ---- what was granted


def install(session: Session, seal: Seal, grant: Grant, bot_id: str, now: datetime) -> None:
    """Keep what was granted, or grant anew to what is kept: the agreements and figures stay as they are."""
    row = session.get(Installation, grant.tenant)
    if row is None:
        row = Installation(tenant=grant.tenant, bot_token="", installed_at=now)
    row.name, row.scopes, row.installer = grant.name, grant.scopes, grant.installer
    row.bot_id, row.bot_user_id, row.installed_at = bot_id, grant.bot_user_id, now
    _keep_tokens(row, seal, grant, now)
    session.add(row)
    session.flush()
    if grant.team_id is not None:
        _serve(session, row, grant.team_id, grant.name, now)
        welcome.tell(session, workspaces.by_team(session, grant.team_id), grant.installer, now)
    for workspace in _known(session, grant.tenant):
        _serve(session, row, workspace.team_id, workspace.name, now)


def _keep_tokens(row: Installation, seal: Seal, grant: Grant, now: datetime) -> None:
    row.bot_token = seal.sealed(grant.token, row.tenant)
    row.refresh_token = seal.sealed(grant.refresh_token, row.tenant)
    row.expires_at = now + timedelta(seconds=grant.lives_s) if grant.lives_s else None
    row.renewed_by = None


def _known(session: Session, tenant: str) -> Sequence[Workspace]:
    theirs = (col(Workspace.tenant) == tenant, col(Workspace.state) != WITHDRAWN)
    return session.scalars(select(Workspace).where(*theirs)).all()


def adopt(session: Session, enterprise_id: str, team_id: str, now: datetime, *, is_late: bool) -> None:
    """Serve a team that was not served so far, where its organisation has installed Baton for all of them.

    What comes of one that was withdrawn may be `is_late`, and says nothing then.
    """
    if not (is_late and _state_of(session, team_id) == WITHDRAWN):
        grant(session, enterprise_id, team_id, now)


def grant(session: Session, enterprise_id: str, team_id: str, now: datetime) -> None:
    """Serve a team by its organisation's installation, unless it is served already."""
    row = session.get(Installation, enterprise_id)
    if row is not None and _state_of(session, team_id) != "active":
        _serve(session, row, team_id, "", now)


def _state_of(session: Session, team_id: str) -> str | None:
    return session.scalar(select(col(Workspace.state)).where(col(Workspace.team_id) == team_id))


def _serve(session: Session, row: Installation, team_id: str, name: str, now: datetime) -> None:
    workspace = workspaces.remember(
        session,
        team_id,
        name,
        row.bot_user_id,
        now,
        bot_id=row.bot_id,
        tenant=row.tenant,
        admin=row.installer,
    )
    gates.unblock(session, workspace.id or 0, gates.WORKSPACE, now)


# ---- whose token


def token_of(session: Session, workspace: int | str) -> Row[Any] | None:
    """Read by whose token a workspace is served: tenant, team_id, bot_token, sealed; None for by nobody's."""
    which = Workspace.id if isinstance(workspace, int) else Workspace.team_id
    fields: tuple[Any, ...] = (Installation.tenant, Workspace.team_id, Installation.bot_token)
    return session.execute(
        select(*fields)
        .join(Workspace, col(Workspace.tenant) == Installation.tenant)
        .where(col(which) == workspace, col(Workspace.state) == "active")
    ).first()


# ---- leaving


def stop(session: Session, tenant: str, sealed: str, now: datetime, *, has_left: bool) -> None:
    """Serve nobody by a token that Slack calls dead, unless it was renewed meanwhile."""
    is_same = exists().where(col(Installation.tenant) == tenant, col(Installation.bot_token) == sealed)
    session.execute(
        update(Workspace)
        .where(col(Workspace.tenant) == tenant, col(Workspace.state) == "active", is_same)
        .values(state="stopped", left_at=now if has_left else None)
    )


def leave(session: Session, which: str, happened_at: datetime, now: datetime) -> None:
    """Stop serving a team, or a whole organisation, that took Baton out; its token goes at once.

    Told late, of one that has installed it again since, it means nothing any more.
    """
    row = session.get(Installation, which)
    if row is not None and row.installed_at > happened_at:
        return
    session.execute(delete(Installation).where(col(Installation.tenant) == which))
    session.execute(
        update(Workspace)
        .where(
            or_(col(Workspace.team_id) == which, col(Workspace.tenant) == which),
            col(Workspace.state).in_(("active", "stopped")),
        )
        .values(state="left", left_at=now)
    )


def withdraw(session: Session, enterprise_id: str, team_ids: Sequence[str], now: datetime) -> None:
    """Stop serving teams that their organisation took out of its installation."""
    theirs = (col(Workspace.tenant) == enterprise_id, col(Workspace.team_id).in_(team_ids))
    session.execute(
        update(Workspace)
        .where(*theirs, col(Workspace.state).in_(("active", "stopped")))
        .values(state=WITHDRAWN, left_at=now)
    )


# ---- token rotation, where the app has it


def to_renew(session: Session, now: datetime) -> Sequence[str]:
    """List the tenants whose token ends soon."""
    due = (col(Installation.expires_at) <= now + RENEWED_BEFORE, col(Installation.refresh_token) != "")
    return session.scalars(select(col(Installation.tenant)).where(*due)).all()


def claim_renewal(session: Session, seal: Seal, tenant: str, now: datetime) -> str | None:
    """Take the right to renew for a minute, and give the refresh token; None where somebody else has it."""
    is_free = or_(col(Installation.renewed_by).is_(None), col(Installation.renewed_by) <= now)
    is_due = col(Installation.expires_at) <= now + RENEWED_BEFORE
    taken = update(Installation).where(col(Installation.tenant) == tenant, is_free, is_due)
    found = session.execute(
        taken.values(renewed_by=now + RENEWING).returning(col(Installation.refresh_token))
    ).first()
    return seal.opened(found[0], tenant) if found else None


def renew(session: Session, seal: Seal, tenant: str, grant: Grant, now: datetime) -> None:
    """Keep the tokens that came for the old ones, and serve again whom those had kept from being served.

    Where Baton was installed anew or taken out meanwhile, they are of no use any more.
    """
    row = session.get(Installation, tenant)
    if row is None or row.renewed_by is None:
        return
    _keep_tokens(row, seal, grant, now)
    session.add(row)
    for workspace in _known(session, tenant):
        if workspace.state == "stopped" and workspace.left_at is None:
            _serve(session, row, workspace.team_id, workspace.name, now)


# ---- keys


def seal_again(session: Session, seal: Seal) -> int:
    """Seal every token with the newest key; gives of how many installations."""
    rows = session.scalars(select(Installation)).all()
    for row in rows:
        row.bot_token = seal.sealed(seal.opened(row.bot_token, row.tenant), row.tenant)
        row.refresh_token = seal.sealed(seal.opened(row.refresh_token, row.tenant), row.tenant)
        session.add(row)
    return len(rows)


def check_keys(session: Session, seal: Seal) -> None:
    """Open every token once. Raises SealError where a key is missing."""
    for row in session.scalars(select(Installation)):
        seal.opened(row.bot_token, row.tenant)
