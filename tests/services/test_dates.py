"""Dates as spreadsheets and CRMs write them: one file has one order of day and month."""

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.services import dates, rows

MARCH_14 = datetime(2026, 3, 14)  # noqa: DTZ001  (as it stands in a file)


@pytest.mark.parametrize(
    ("text", "day_first", "read"),
    [
        ("2026-03-14", None, MARCH_14),
        ("2026-03-14 09:05", None, MARCH_14.replace(hour=9, minute=5)),
        ("14.03.2026", None, MARCH_14),
        ("14.3.2026 9:05:07", None, MARCH_14.replace(hour=9, minute=5, second=7)),
        ("3/14/2026 9:05 AM", False, MARCH_14.replace(hour=9, minute=5)),
        ("3/14/2026, 12:05 am", False, MARCH_14.replace(minute=5)),
        ("3/14/2026 12:05 PM", False, MARCH_14.replace(hour=12, minute=5)),
        ("3/14/2026 9:05p.m.", False, MARCH_14.replace(hour=21, minute=5)),
        ("14/03/2026", True, MARCH_14),
        ("14-03-2026 21:05", True, MARCH_14.replace(hour=21, minute=5)),
        ("3/14/2026", True, None),
        ("3/4/2026", None, None),
        ("3/14.2026", False, None),
        ("3/14/2026 13:05 PM", False, None),
        ("3/14/2026 0:05 AM", False, None),
        ("30.02.2026", None, None),
        ("14.03.26", None, None),
        ("soon", False, None),
    ],
)
def test_a_date_is_read_as_it_was_meant_or_not_at_all(
    text: str,
    day_first: bool | None,  # noqa: FBT001  (a table's column)
    read: datetime | None,
) -> None:
    assert dates.read(text, day_first=day_first) == read


@pytest.mark.parametrize(
    ("texts", "is_day_first"),
    [
        (["", "3/4/2026", "3/14/2026"], False),
        (["3/4/2026", "14/3/2026 9:05"], True),
        (["3/4/2026", "14.3.2026", "2026-03-14"], None),
        ([], None),
    ],
)
def test_the_first_date_that_can_be_but_one_tells_the_order_of_all(
    texts: list[str],
    is_day_first: bool | None,  # noqa: FBT001  (a table's column)
) -> None:
    assert dates.is_day_first(texts) is is_day_first


@given(st.datetimes(datetime(1971, 1, 1), datetime(8999, 1, 1)), st.sampled_from(["%d.%m.%Y", "%d/%m/%Y"]))  # noqa: DTZ001
def test_what_a_spreadsheet_writes_is_read_again(at: datetime, form: str) -> None:
    at = at.replace(microsecond=0)
    assert dates.read(f"{at:{form} %H:%M:%S}", day_first=True) == at
    assert dates.read(f"{at:%m/%d/%Y %I:%M:%S %p}", day_first=False) == at


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("12500", 1_250_000),
        ("12500.5", 1_250_050),
        ("$12,500.00", 1_250_000),
        ("1,250,000", 125_000_000),
        ("12.500,00 €", 1_250_000),
        ("12500,00", 1_250_000),
        ("R$ 12.500,00", 1_250_000),
        ("EUR 12,500.00", 1_250_000),
        ("12.500.00", None),
        ("12,50,00", None),
    ],
)
def test_an_amount_is_read_with_its_currency_and_in_groups(text: str, amount: int | None) -> None:
    columns = {"id": "i", "amount": "a"}
    [row] = rows.parse([(2, {"i": "1", "a": text})], columns, "UTC")
    assert isinstance(row, rows.Row)
    assert row.amount == amount
