"""`baton import`: take in leads and what became of them from a CSV file."""

import csv
import shlex
from argparse import ArgumentParser, Namespace
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from sqlalchemy import Engine
from tqdm import tqdm

from bot.cli import usual_columns
from bot.cli.csv_file import CsvFile, read_header
from bot.cli.refusals import FAULTS, WRONG_USE, Refusal, listed, meant
from bot.cli.stored import chosen, opened
from bot.context import Clock, held
from bot.database import transaction
from bot.services import imports, local, rows, workspaces
from bot.services.agreements import Agreed
from bot.services.imports import Report
from bot.services.rows import FIELDS, Remark, Row
from bot.settings import Settings

MOST_ROWS = 1_000_000
LINES_NAMED = 20
REMARKS = {
    "id_missing": "the id is missing",
    "date_unreadable": "the date cannot be read, or is one of two; write it like 2018-02-01T16:30",
    "lead_unknown": "no lead is known by this id, and the row does not say when it was handed over",
    "won_before_handover": "won before it was handed over: kept, and left out of conversion times",
    "rejected_with_outcome": "both rejected and with an outcome: the earlier one counts",
    "id_repeated": "an earlier row is about the same lead: put together with it",
    "stays_in_first_handoff": "handed over on another day, or from another source, before: it stays there",
    "tier_unknown": "this is no tier: taken as B",
    "amount_unreadable": "the amount cannot be read: left out",
}


def arguments(command: ArgumentParser) -> None:
    command.add_argument(
        "file",
        type=Path,
        metavar="FILE.csv",
        help="with a header, in UTF-8, UTF-16 or Windows-1252; at most a million rows",
    )
    map_argument(command)
    command.add_argument("--agreement", metavar="NAME|ID", help="where there are several agreements")
    command.add_argument("--faults", type=Path, metavar="FAULTS.csv", help="write the rows with faults there")


def map_argument(command: ArgumentParser) -> None:
    command.add_argument(
        "--map",
        dest="mapping",
        action="append",
        default=[],
        metavar="FIELD=COLUMN",
        help="where a field stands in the file; once for each of: " + ", ".join(FIELDS),
    )


def act(given: Namespace, settings: Settings, clock: Clock) -> int:
    """Take a file in; the exit code says whether any row had a fault."""
    columns = read_mapping(given.mapping)
    file = read_header(given.file)
    if "id" not in columns:
        raise Refusal(_proposed(file, columns), WRONG_USE)
    file.has(columns.values())
    if (count := file.count()) > MOST_ROWS:
        raise Refusal(f"{file.path.name} has {count} rows; take in at most {MOST_ROWS} at a time.")
    with opened(settings, is_made=True) as engine:
        with transaction(engine) as session:
            held(session, workspaces.LOCAL)
            agreed = chosen(session, given.agreement) or local.agreement(session, clock.now())
        told = parsed(file, columns, agreed.document.calendar.zone)
        report = _take_in(engine, agreed, told, clock, count)
    _print(report, agreed)
    if given.faults:
        _write_faults(given.faults, file, report.faults())
    return FAULTS if report.faults() else 0


def read_mapping(pairs: Iterable[str]) -> dict[str, str]:
    """Read `id=mql_id` and its like."""
    columns: dict[str, str] = {}
    for pair in pairs:
        name, equals, column = (part.strip() for part in pair.partition("="))
        if not (name and equals and column):
            raise Refusal(f"--map {pair!r} is not of the form FIELD=COLUMN.", WRONG_USE)
        if name not in FIELDS:
            words = f"There is no field {name!r}; there is: {listed(FIELDS)}.{meant(name, FIELDS)}"
            raise Refusal(words, WRONG_USE)
        if name in columns:
            raise Refusal(f"The field {name!r} is mapped twice.", WRONG_USE)
        columns[name] = column
    return columns


def _proposed(file: CsvFile, columns: Mapping[str, str]) -> str:
    """Propose the rest of a mapping by usual names; people decide, since what is taken in stays."""
    found = usual_columns.guessed(file.columns, columns)
    if "id" not in found:
        return f"Say which column holds what, at least --map id=COLUMN; there is: {listed(file.columns)}."
    mapping = [word for field, column in found.items() for word in ("--map", f"{field}={column}")]
    typed = shlex.join(["baton", "import", str(file.path), *mapping])
    return f"Say which column holds what; by their names it is, if you agree: {typed}"


def parsed(file: CsvFile, columns: Mapping[str, str], zone: str) -> Iterator[Row | Remark]:
    """Read the rows of a file, in the order of day and month that it has throughout."""
    day_first = rows.is_day_first(file.rows(), columns)
    return rows.parse(file.rows(), columns, zone, day_first=day_first)


def _take_in(
    engine: Engine, agreed: Agreed, told: Iterable[Row | Remark], clock: Clock, count: int
) -> Report:
    report = Report()
    with tqdm(total=count, unit=" rows", disable=None, leave=False) as bar:
        for part in rows.parts(_sound(told, report)):
            with transaction(engine) as session:
                held(session, agreed.workspace_id)
                report.add(imports.take_in(session, agreed, part, clock.now()))
            bar.update(len(part))
    return report


def _sound(told: Iterable[Row | Remark], report: Report) -> Iterator[Row]:
    for row in told:
        if isinstance(row, Remark):
            report.read += 1
            report.remarks.append(row)
        else:
            yield row


def _print(report: Report, agreed: Agreed) -> None:
    print(
        f"{report.read} rows read into {agreed.row.name}: {report.added} leads added,"
        f" {report.changed} changed, {report.unchanged} unchanged, {report.repeated} repeated,"
        f" {len(report.faults())} rows with faults."
    )
    for fault in sorted(report.faults(), key=lambda fault: fault.line):
        print(f"line {fault.line}: {said(fault)}")
    for code, words in REMARKS.items():
        lines = sorted(warning.line for warning in report.warnings() if warning.code == code)
        if lines:
            named = listed(map(str, lines[:LINES_NAMED])) + (" …" if len(lines) > LINES_NAMED else "")
            print(f"warning: {len(lines)} rows {words} (lines {named})")


def said(fault: Remark) -> str:
    return REMARKS[fault.code] + (f" ({fault.value})" if fault.value else "")


def _write_faults(path: Path, file: CsvFile, faults: Sequence[Remark]) -> None:
    """Write the rows with faults as they stand, line and reason before them, to be mended."""
    why = {fault.line: said(fault) for fault in faults}
    try:
        with path.open("w", encoding="utf-8", newline="") as target:
            writer = csv.writer(target, delimiter=file.delimiter)
            writer.writerow(["line", "fault", *file.columns])
            writer.writerows([line, why[line], *row.values()] for line, row in file.rows() if line in why)
    except OSError as error:
        raise Refusal(f"{path} cannot be written: {error.strerror}.") from error
