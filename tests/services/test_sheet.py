"""CSV for spreadsheets: every text comes back as it was, and none of it is run."""

import csv
from datetime import UTC, date, datetime
from io import StringIO
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.services import sheet
from sla_rules.kinds import Tier

BERLIN = ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("plain", "plain"),
        ("=1+1", "'=1+1"),
        ("+49 170", "'+49 170"),
        ("-5", "'-5"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\t'=1"),
        ("\r=1", "'\r'=1"),
        ("\uff1d1", "'\uff1d1"),
        ("\uff0b1", "'\uff0b1"),
        ("\uff0d1", "'\uff0d1"),
        ("\uff201", "'\uff201"),
        ("a=b", "a=b"),
        ("nul\0l", "null"),
        ("\0=1", "'=1"),
        (-5, -5),
        (-0.5, -0.5),
        (12, 12),
        (None, None),
        (True, "yes"),
        (Tier.A, "A"),
        (date(2026, 6, 18), date(2026, 6, 18)),
        (datetime(2026, 6, 18, 7, 50, tzinfo=UTC), "2026-06-18 09:50:00"),
    ],
)
def test_a_cell_is_text_or_a_number_and_never_a_formula(value: Any, written: Any) -> None:
    assert sheet.cell(value, BERLIN) == written


def test_a_line_is_as_the_standard_has_it() -> None:
    [line] = sheet.lines([["a,b", 'say "x"', "two\nlines", None, 3, date(2026, 6, 18)]], BERLIN)
    assert line == '"a,b","say ""x""","two\nlines",,3,2026-06-18\r\n'


@given(st.lists(st.lists(st.text(st.characters(exclude_categories=["Cs"])), min_size=2), min_size=1))
def test_what_is_written_reads_back_and_begins_with_no_sign_of_a_formula(rows: list[list[str]]) -> None:
    written = "".join(sheet.lines(rows, BERLIN))
    back = list(csv.reader(StringIO(written, newline=""), strict=True))

    assert [[cell.replace("'", "") for cell in row] for row in back] == [
        [cell.replace("\0", "").replace("'", "") for cell in row] for row in rows
    ]
    assert not any(cell.startswith(sheet.BEGINS_A_FORMULA) for row in back for cell in row)
