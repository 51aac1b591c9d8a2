"""CSV as spreadsheets take it: RFC 4180, and no text in it that a spreadsheet would run as a formula."""

import csv
import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from io import StringIO
from typing import Any
from zoneinfo import ZoneInfo

BEGINS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""The last four are = + - @ in full width, as some keyboards type them."""
INSIDE = re.compile("(?<=[;\t\r\n])(?=[=+\\-@\uff1d\uff0b\uff0d\uff20])")
"""Where a text would begin one too, for a spreadsheet that parts cells at semicolons."""
Row = Iterable[Any]


def lines(rows: Iterable[Row], zone: ZoneInfo) -> Iterator[str]:
    """Write each row as a line; instants are local to the zone, numbers stay numbers, nothing is empty."""
    buffer = StringIO(newline="")
    writer = csv.writer(buffer)
    for row in rows:
        writer.writerow([cell(value, zone) for value in row])
        yield buffer.getvalue()
        buffer.seek(0)
        buffer.truncate()


def cell(value: Any, zone: ZoneInfo) -> Any:
    """Give a value as it is written: 2026-06-18 09:50:00 for an instant, an apostrophe before a formula."""
    if isinstance(value, str):
        text = INSIDE.sub("'", value.replace("\0", ""))
        return f"'{text}" if text.startswith(BEGINS_A_FORMULA) else text
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return f"{value.astimezone(zone):%Y-%m-%d %H:%M:%S}"
    return value
