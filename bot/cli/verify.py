"""`baton verify`: rebuild what is stored from the ledger, and name any difference."""

from argparse import ArgumentParser, Namespace

from sqlalchemy import func, select
from sqlmodel import Session, SQLModel
from tqdm import tqdm

from bot.cli.refusals import FAULTS
from bot.cli.stored import opened
from bot.context import Clock
from bot.database import reading
from bot.models import Clock as ClockRow
from bot.models import Handoff, Lead, Tally, table_of
from bot.services import verify
from bot.settings import Settings

COUNTED: dict[str, type[SQLModel]] = {
    "handoffs": Handoff,
    "leads": Lead,
    "clocks": ClockRow,
    "tallies": Tally,
}


def arguments(_command: ArgumentParser) -> None:
    """Take none."""


def act(_given: Namespace, settings: Settings, _clock: Clock) -> int:
    """Name every difference; the exit code says whether there is any."""
    found = 0
    with opened(settings) as engine, reading(engine) as session:
        counts = ", ".join(f"{_count(session, table)} {name}" for name, table in COUNTED.items())
        with tqdm(total=verify.count_handoffs(session), unit=" handoffs", disable=None, leave=False) as bar:
            for difference in verify.differences(session, bar.update):
                found += 1
                bar.clear()
                print(difference)
    print(f"{counts}: {f'{found} differences' if found else 'all equal'}.")
    return FAULTS if found else 0


def _count(session: Session, table: type[SQLModel]) -> int:
    return session.scalar(select(func.count()).select_from(table_of(table))) or 0
