"""`baton db backup | restore | move`: the whole store, into a file, out of it, or into another database."""

import shutil
import sys
from argparse import Namespace
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import URL, Connection, Engine
from sqlalchemy.exc import ArgumentError, DBAPIError
from tqdm import tqdm

from bot import backups
from bot.cli.refusals import WRONG_USE, Refusal
from bot.cli.stored import opened
from bot.context import Clock, Context
from bot.database import engine_for, is_sqlite, reading
from bot.services import copying
from bot.settings import Settings
from bot.store import alone, migrate, sound

NEXT_TO_IT = ".replaced"


def backup(given: Namespace, settings: Settings, _clock: Clock) -> str:
    """Copy the store into a file, while Baton runs: a store in SQLite, whatever it was copied from."""
    target: Path = given.file
    if target.exists():
        raise Refusal(f"{target} is there already; name another file.", WRONG_USE)
    try:
        with opened(settings, as_it_is=True) as engine:
            if is_sqlite(engine):
                backups.copy_to(engine, target)
            else:
                _write_out(engine, target)
    except OSError as error:
        raise Refusal(f"{target} cannot be written ({error.strerror}).") from error
    with _file(target) as copied:
        sound(copied)
        with reading(copied) as session:
            counted = copying.count(session.connection())
    return f"{_listed(counted)}\n{target} is whole."


def _write_out(engine: Engine, target: Path) -> None:
    part = backups.begun(target)
    try:
        with _file(part) as copied:
            migrate(copied)
            _copy(engine, copied)
        backups.arrive(part, target)
    finally:
        backups.remove(part)


def restore(given: Namespace, settings: Settings, clock: Clock) -> str:
    """Put a backup in the place of the store, made fit to send from it again."""
    if not given.file.is_file():
        raise Refusal(f"There is no file {given.file}.", WRONG_USE)
    target = _engine(settings.database_url)
    try:
        with alone(target):
            _ask(target, is_allowed=given.replace)
            target.dispose()  # closed, a file has nothing beside it
            with _beside(target) as part:
                shutil.copyfile(given.file, part)
                with _file(part) as restored:
                    told = _quarantined(restored, settings, clock)
                    if not is_sqlite(target):
                        _put_in(restored, target)
                if is_sqlite(target):
                    _put_in_place(part, Path(str(target.url.database)))
    except OSError as error:
        raise Refusal(f"The store cannot be written ({error.strerror}); it is as it was.") from error
    finally:
        target.dispose()
    return told


def _ask(target: Engine, *, is_allowed: bool) -> None:
    """Go on only where nothing is lost, or that is wanted. Raises Refusal."""
    if _is_empty(target):
        return
    name = target.url.render_as_string(hide_password=True)
    if not is_allowed:
        raise Refusal(f"{name} is not empty; add --replace to put the backup in its place.", WRONG_USE)
    if sys.stdin.isatty() and input(f"Replace everything in {name}? Type yes: ").strip() != "yes":
        raise Refusal("Nothing was changed.")


def _is_empty(target: Engine) -> bool:
    """Say whether there is nothing to lose; a file that cannot be read may hold something."""
    if is_sqlite(target) and not Path(str(target.url.database)).exists():
        return True
    try:
        with reading(target) as session:
            return not any(copying.count(session.connection()).values())
    except DBAPIError:
        if is_sqlite(target):
            return False
        raise


@contextmanager
def _beside(target: Engine) -> Iterator[Path]:
    """Give a file that is gone in the end; of a store in a file beside it, to take its place at once."""
    if not is_sqlite(target):
        with TemporaryDirectory() as folder:
            yield Path(folder, "restored.db")
        return
    part = backups.begun(Path(str(target.url.database)))
    try:
        yield part
    finally:
        backups.remove(part)


def _quarantined(restored: Engine, settings: Settings, clock: Clock) -> str:
    """Look whether a copy is whole, and make it fit to send; gives what to say of it."""
    # They bring much of the bot with them, and most commands do without it.
    from bot.gateway import Gateway
    from bot.jobs import quarantine

    try:
        sound(restored)
        if _is_empty(restored):
            raise Refusal("There is nothing of Baton's in this file.")
        migrate(restored, keeps_copy=False)
    except DBAPIError as error:
        raise Refusal(f"This is no backup of Baton's: {error.orig}.") from error
    # No job that is run here calls Slack.
    looked_for, held_back = quarantine.run(Context(restored, clock, Gateway("", settings.slack_api_url)))
    with reading(restored) as session:
        counted = copying.count(session.connection())
    return (
        f"{_listed(counted)}\n{looked_for} messages will be looked for before they are sent;"
        f" {held_back} that fell due since the backup are not sent."
    )


def _listed(counted: Mapping[str, int]) -> str:
    return "\n".join(f"{rows:>9} {name}" for name, rows in counted.items() if rows)


def _put_in_place(part: Path, file: Path) -> None:
    """Let a store take the place of another, which stays beside it: at every moment one of them is there."""
    old = Path(f"{file}{NEXT_TO_IT}")
    backups.remove(old)
    for side in backups.SIDE_FILES:  # what could not be written into a spoilt file
        if (one := Path(f"{file}{side}")).exists():
            one.rename(f"{old}{side}")
    if file.exists():
        old.hardlink_to(file)
    backups.arrive(part, file)


def _put_in(restored: Engine, target: Engine) -> None:
    migrate(target)
    _copy(restored, target, empties=True)


def move(given: Namespace, settings: Settings, _clock: Clock) -> str:
    """Copy one store into another that is empty, and let it stand only if both hold the same."""
    source = settings.model_copy(update={"database_url": given.source or settings.database_url})
    target = _engine(given.target)
    try:
        with opened(source) as engine, alone(engine):
            if not _is_empty(target):
                raise Refusal("There is something in the store to move to; name an empty one.", WRONG_USE)
            migrate(target)
            counted = _copy(engine, target)
    finally:
        target.dispose()
    return (
        f"{_listed(counted)}\nBoth hold the same. Set BATON_DATABASE_URL to the new one, and run no Baton on"
        " the old one again: it would say everything a second time."
    )


def _copy(source: Engine, target: Engine, *, empties: bool = False) -> dict[str, int]:
    """Copy all rows, all or nothing; gives how many, by table."""
    with reading(source) as session:
        counted = copying.count(session.connection())
    with (
        tqdm(total=2 * sum(counted.values()), unit=" rows", disable=None, leave=False) as bar,
        target.begin() as to,
    ):
        if empties:
            copying.empty(to)
        with reading(source) as session:
            copied = copying.copy(session.connection(), to, bar.update)
        _compare(copied, to, bar.update)
    return {name: content.rows for name, content in copied.items()}


def _compare(copied: Mapping[str, copying.Content], target: Connection, progress: copying.Progress) -> None:
    written = copying.contents(target, progress)
    if different := sorted(name for name in copied if copied[name] != written[name]):
        raise Refusal(f"What was written differs from what was read, in {different}; nothing was kept.")


@contextmanager
def _file(path: Path) -> Iterator[Engine]:
    """Open a store in a file that nobody else uses; in the end it is whole without files beside it."""
    engine = engine_for(URL.create("sqlite", database=str(path)))
    try:
        yield engine
    finally:
        engine.dispose()


def _engine(url: str) -> Engine:
    try:
        engine = engine_for(url)
    except (ArgumentError, ValueError) as error:
        raise Refusal(f"This store cannot be used: {error}", WRONG_USE) from error
    if engine.url.database in {None, "", ":memory:"}:
        raise Refusal("Baton keeps its store in a file; the URL names none.", WRONG_USE)
    return engine
