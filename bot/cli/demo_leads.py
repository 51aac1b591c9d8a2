"""A team's own leads in the demo in place of the story, by the same door as `baton import`."""

from argparse import Namespace
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.cli import import_, usual_columns
from bot.cli.csv_file import CsvFile, read_header
from bot.cli.refusals import Refusal, listed
from bot.context import MachineClock
from bot.demo import cast
from bot.demo.cast import ZONE
from bot.demo.run import Beginning, Demo, reload
from bot.services import rows
from bot.services.rows import Remark, Row

HANDED_OVER = ("arrived_at", "handed_over_at")
REVIEW_AFTER = timedelta(days=90)
MONTH = timedelta(days=30)
"""Of a quarter that has only begun there is little to see; then it is the one before."""
SATURDAY = 5


def beginning(path: Path, mapping: Sequence[str]) -> Beginning:
    """Begin on the working morning after the last thing the file tells.

    Columns that are not mapped are known by their usual names. Raises Refusal for a file of no use.
    """
    file = read_header(path)
    columns = _known(file, import_.read_mapping(mapping))
    pairs = [f"{field}={column}" for field, column in columns.items()]
    given = Namespace(file=path, mapping=pairs, agreement=None, faults=None)
    handed = _instants(file, columns, HANDED_OVER)
    quarter = _quarter(max(min(handed), max(handed) - MONTH))
    signed_at = _morning_after(max(_instants(file, columns, rows.INSTANTS)))
    text = cast.agreement(review_on=(signed_at + REVIEW_AFTER).date())
    return Beginning(text, signed_at, partial(_take_in, given, quarter))


def from_page(folder: Path, name: str, content: bytes) -> Beginning | str:
    """Begin with a file that somebody gave the page, or say why not; the folder keeps it until it is read."""
    path = folder / (Path(name).name or "leads.csv")
    path.write_bytes(content)
    try:
        return beginning(path, ())
    except Refusal as refusal:
        return str(refusal)


def _known(file: CsvFile, told: Mapping[str, str]) -> dict[str, str]:
    """Map the columns that have a usual name beside those told, and say how the file is read."""
    file.has(told.values())
    found = usual_columns.guessed(file.columns, told)
    if "id" not in found or not found.keys() & set(HANDED_OVER):
        raise Refusal(
            "No column is known for an id and a date of each lead; name two columns id and handed_over_at,"
            " or map them with --map id=COLUMN --map handed_over_at=COLUMN."
        )
    file.has(found.values())
    print("Read as " + listed(f"{field} from {column!r}" for field, column in found.items()) + ".")
    return found


def _take_in(given: Namespace, quarter: str, demo: Demo) -> None:
    import_.act(given, demo.baton.settings, demo.stage.clock)
    reload(demo.sandbox)
    for one in (*cast.MARKETERS, *cast.REPS, cast.INES):
        demo.sandbox.command(one.id, cast.CHANNEL, f"/sla goals {quarter}")
        demo.sandbox.command(one.id, cast.CHANNEL, "/sla simulate imported")


def _quarter(instant: datetime) -> str:
    on = instant.astimezone(ZoneInfo(ZONE))
    return f"{on.year}-Q{(on.month + 2) // 3}"


def _instants(file: CsvFile, columns: Mapping[str, str], names: Sequence[str]) -> list[datetime]:
    """List what has passed by now of some fields. Raises Refusal where nothing has."""
    told = list(import_.parsed(file, columns, ZONE))
    found = [
        row.instants[name] for row in told if isinstance(row, Row) for name in names if name in row.instants
    ]
    if passed := [at for at in found if at <= MachineClock().now()]:
        return passed
    why = next((f" Line {one.line}: {import_.said(one)}." for one in told if isinstance(one, Remark)), "")
    words = f"{file.path.name} has no row with a date that has passed; map one, as handed_over_at=COLUMN."
    raise Refusal(words + why)


def _morning_after(instant: datetime) -> datetime:
    local = instant.astimezone(ZoneInfo(ZONE)).replace(hour=9, minute=40, second=0, microsecond=0)
    day = local + timedelta(days=1)
    while day.weekday() >= SATURDAY:
        day += timedelta(days=1)
    return day.astimezone(UTC)
