"""A team's own leads in the demo in place of the story, by the same door as `baton import`."""

from argparse import Namespace
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.cli import import_
from bot.cli.csv_file import CsvFile, read_header
from bot.cli.refusals import Refusal
from bot.context import MachineClock
from bot.demo import cast
from bot.demo.cast import ZONE
from bot.demo.run import Beginning, Demo
from bot.services import rows
from bot.services.rows import Row

REVIEW_AFTER = timedelta(days=90)
SATURDAY = 5


def beginning(path: Path, mapping: Iterable[str]) -> Beginning:
    """Begin on the working morning after the last thing the file tells.

    Raises Refusal for a file of no use.
    """
    columns = import_.read_mapping(mapping)
    file = read_header(path)
    file.has(columns.values())
    given = Namespace(file=path, mapping=mapping, agreement=None, faults=None)
    signed_at = _morning_after(_last(file, columns))
    text = cast.agreement(review_on=(signed_at + REVIEW_AFTER).date())
    return Beginning(text, signed_at, partial(_take_in, given))


def _take_in(given: Namespace, demo: Demo) -> None:
    import_.act(given, demo.baton.settings, demo.stage.clock)


def _last(file: CsvFile, columns: Mapping[str, str]) -> datetime:
    told = (row for row in rows.parse(file.rows(), columns, ZONE) if isinstance(row, Row))
    instants = (at for row in told for at in row.instants.values())
    last = max((at for at in instants if at <= MachineClock().now()), default=None)
    if last is None:
        raise Refusal(
            f"{file.path.name} has no row with a date that has passed; map one, as handed_over_at=COLUMN."
        )
    return last


def _morning_after(instant: datetime) -> datetime:
    local = instant.astimezone(ZoneInfo(ZONE)).replace(hour=9, minute=40, second=0, microsecond=0)
    day = local + timedelta(days=1)
    while day.weekday() >= SATURDAY:
        day += timedelta(days=1)
    return day.astimezone(UTC)
