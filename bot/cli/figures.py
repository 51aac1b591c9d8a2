"""`baton figures`: what was delivered, taken and won, by period and source."""

import csv
import json
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Mapping, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from bot.cli import days
from bot.cli.refusals import Refusal
from bot.cli.stored import chosen, opened
from bot.context import Clock
from bot.database import reading
from bot.services import periods, sheet
from bot.settings import Settings
from sla_rules.kinds import Per

TEXTS = ("period", "partial", *periods.BY)
UTC = ZoneInfo("UTC")
Rows = Sequence[Mapping[str, Any]]


def arguments(command: ArgumentParser) -> None:
    days.arguments(command)
    command.add_argument(
        "--per",
        choices=[per.value for per in Per],
        default=Per.MONTH.value,
        help="a row for each; month if not given",
    )
    command.add_argument("--by", choices=periods.BY, help="a row for each in each period")
    command.add_argument("--agreement", metavar="NAME|ID", help="where there are several agreements")
    form = command.add_mutually_exclusive_group()
    form.add_argument(
        "--json", dest="write", action="store_const", const=_write_json, help="a list of objects"
    )
    form.add_argument(
        "--csv",
        dest="write",
        action="store_const",
        const=_write_csv,
        help="a line for each row, below a header",
    )
    command.set_defaults(write=_write_table)


def act(given: Namespace, settings: Settings, clock: Clock) -> int:
    """Print a row for each period that has a part of the days asked for."""
    days.check(given)
    with opened(settings) as engine, reading(engine) as session:
        agreed = chosen(session, given.agreement)
        if agreed is None:
            raise Refusal("Nothing is stored yet; `baton import` takes leads in.")
        rows = periods.table(
            session,
            agreed,
            per=Per(given.per),
            now=clock.now(),
            by=given.by,
            start_on=given.start_on,
            end_on=given.end_on,
        )
    if rows or given.write is not _write_table:
        given.write(rows)
    else:
        print(f"No leads in these days{f' have a {given.by}' if given.by else ''}.")
    return 0


def _write_json(rows: Rows) -> None:
    print(json.dumps(rows, indent=2, ensure_ascii=False))


def _write_csv(rows: Rows) -> None:
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(periods.COLUMNS)
    writer.writerows([sheet.cell(value, UTC) for value in row.values()] for row in rows)


def _write_table(rows: Rows) -> None:
    """Align text to the left and figures to the right; text that stands nowhere has no column."""
    names = [name for name in periods.COLUMNS if name not in TEXTS or any(row[name] for row in rows)]
    lines = [names, *([_cell(row[name]) for name in names] for row in rows)]
    widths = [max(len(line[place]) for line in lines) for place in range(len(names))]
    is_text = [name in TEXTS for name in names]
    for line in lines:
        shown = zip(line, widths, is_text, strict=True)
        cells = [cell.ljust(width) if text else cell.rjust(width) for cell, width, text in shown]
        print("  ".join(cells).rstrip())


def _cell(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else ""
    return "-" if value is None else "".join(sign for sign in str(value) if sign.isprintable())
