"""The store and the agreement that a command works on."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Engine, inspect, select
from sqlalchemy.exc import ArgumentError
from sqlmodel import Session, col

from bot.cli.refusals import WRONG_USE, Refusal, listed, meant
from bot.database import engine_for, is_sqlite
from bot.models import Workspace
from bot.services import agreements
from bot.services.agreements import Agreed
from bot.settings import Settings
from bot.store import migrate


@contextmanager
def opened(settings: Settings, *, is_made: bool = False, as_it_is: bool = False) -> Iterator[Engine]:
    """Open the store beside whoever sends from it, its tables up to date unless a file is wanted `as_it_is`.

    Where there is none, it `is_made`, or else refused.
    """
    try:
        engine = engine_for(settings.database_url, checkpoints=False)
    except (ArgumentError, ValueError) as error:
        raise Refusal(f"BATON_DATABASE_URL cannot be used: {error}", WRONG_USE) from error
    if engine.url.database in {None, "", ":memory:"}:
        raise Refusal("Baton keeps its store in a file; BATON_DATABASE_URL names none.", WRONG_USE)
    try:
        if not is_made and not _is_there(engine):
            raise Refusal(
                f"There is no store at {engine.url.database}; `baton import` or `baton run` makes one."
            )
        if not (as_it_is and is_sqlite(engine)):
            migrate(engine)
        yield engine
    finally:
        engine.dispose()


def _is_there(engine: Engine) -> bool:
    if is_sqlite(engine):
        return Path(engine.url.database or "").is_file()
    return inspect(engine).has_table("workspace")


def chosen(session: Session, wanted: str | None) -> Agreed | None:
    """Find the agreement by its name or number, else the only one; None where there is none at all."""
    found = _all(session)
    if wanted is None and len(found) <= 1:
        return found[0] if found else None
    fitting = [agreed for agreed in found if wanted in (None, str(agreed.id), agreed.row.name)]
    if len(fitting) == 1:
        return fitting[0]
    names = listed(f"{agreed.id} ({agreed.row.name})" for agreed in found)
    if fitting:
        raise Refusal(f"There are several agreements; name one with --agreement: {names}.", WRONG_USE)
    nearest = meant(wanted or "", [agreed.row.name for agreed in found])
    raise Refusal(f"There is no agreement {wanted!r}; there is: {names}.{nearest}", WRONG_USE)


def _all(session: Session) -> list[Agreed]:
    workspaces = session.scalars(select(col(Workspace.id)).order_by(col(Workspace.id))).all()
    return [agreed for workspace in workspaces for agreed in agreements.all_of(session, workspace or 0)]
