"""`baton export`: handoffs, leads, clocks or figures as CSV, row by row, to a file or to the terminal."""

import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TextIO
from zoneinfo import ZoneInfo

from sqlmodel import Session
from tqdm import tqdm

from bot.cli import days
from bot.cli.refusals import Refusal
from bot.cli.stored import chosen, opened
from bot.context import Clock
from bot.database import reading
from bot.services import export, sheet
from bot.services.agreements import Agreed
from bot.services.export import EVERYBODY, WHAT, Wanted
from bot.settings import Settings


def arguments(command: ArgumentParser) -> None:
    command.add_argument("what", choices=WHAT)
    days.arguments(command)
    command.add_argument("--agreement", metavar="NAME|ID", help="where there are several agreements")
    command.add_argument("--output", type=Path, metavar="FILE.csv", help="write there, not to the terminal")
    command.add_argument("--names", action="store_true", help="with names and addresses of leads")


def act(given: Namespace, settings: Settings, clock: Clock) -> int:
    """Write a header, and a row for each of what was asked for."""
    days.check(given)
    wanted = Wanted(given.what, given.start_on, given.end_on, EVERYBODY if given.names else None)
    with opened(settings) as engine, reading(engine) as session:
        agreed = chosen(session, given.agreement)
        if agreed is None:
            raise Refusal("Nothing is stored yet; `baton import` takes leads in.")
        with _target(given.output) as target:
            written = _write(session, agreed, wanted, clock, target)
    if given.output:
        print(f"{written} rows of {given.what} of {agreed.row.name} written to {given.output}.")
    return 0


def _write(session: Session, agreed: Agreed, wanted: Wanted, clock: Clock, target: TextIO) -> int:
    """Write the table; on a terminal a bar shows how far it is, unless the rows themselves go there."""
    now, zone = clock.now(), ZoneInfo(agreed.document.calendar.zone)
    total = export.count(session, agreed, wanted, now)
    target.writelines(sheet.lines([export.columns(wanted.what)], zone))
    is_hidden = True if target.isatty() else None
    with (
        tqdm(total=total, unit=" rows", disable=is_hidden, leave=False) as bar,
        closing(export.rows(session, agreed, wanted, now)) as rows,
    ):
        for line in sheet.lines(rows, zone):
            target.write(line)
            bar.update()
    return total


@contextmanager
def _target(path: Path | None) -> Iterator[TextIO]:
    """Give where to write: a file appears under its name once it is whole, and else not at all."""
    if path is None:
        yield sys.stdout
        return
    try:
        with TemporaryDirectory(dir=path.parent, prefix=f".{path.name}.") as beside:
            unfinished = Path(beside, path.name)
            with unfinished.open("w", encoding="utf-8", newline="") as target:
                yield target
            unfinished.replace(path)
    except OSError as error:
        raise Refusal(f"{path} cannot be written: {error.strerror}.") from error
