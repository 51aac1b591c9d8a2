"""Numbers and dates that are none, or not ours: refused where they are typed, by command, form and file."""

from collections.abc import Iterator
from zoneinfo import ZoneInfo

import pytest

from bot.services import rows
from tests.slack.office import MAYA, REP1, Office

OF_ASCII = ("1e309", "NaN", "inf", "٣", "३", "1.5", "1,5", "-0", "-1", "+3", "0x10", "1_000", "9" * 400)
NUMBERS = (*OF_ASCII, "9223372036854775808", "²", "Ⅷ", "３")  # noqa: RUF001  (digits of other kinds)
AMOUNTS = (*(one for one in NUMBERS if one != "1.5"), "12.345", "1 2", "1,23,4", "--1", "1e5", "$12")
DAYS = (
    "0000-01-01",
    "9999-12-31",
    "2026-02-30",
    "2026-13-01",
    "30 Feb",
    "31.6.",
    "2026-06-31",
    "10000-01-01",
    "-1-01-01",
    "٢٠٢٦-٠٦-١٨",
)


@pytest.fixture
def unmoved(shared: Office) -> Iterator[Office]:
    """An office in which a test changes nothing."""
    before = shared.rows()
    yield shared
    changed = {name for name, kept in shared.rows().items() if kept != before[name]}
    assert changed <= {"notice", "delivery"}
    shared.slack.dismiss(MAYA)
    shared.slack.dismiss(REP1)


@pytest.mark.parametrize("number", NUMBERS)
def test_what_is_no_number_of_leads_is_refused_by_command_and_under_its_field(
    unmoved: Office, number: str
) -> None:
    assert "logged" not in unmoved.type(MAYA, f"/sla log B={number} webinar X").lower()
    if number != "1,5":  # which are two leads by their numbers
        assert "yours" not in unmoved.type(REP1, f"/sla take H-1 {number}")
    unmoved.type(MAYA, "/sla log")
    assert "tier_b" in unmoved.submit(MAYA, source="fair", tier_b=number)["errors"]


@pytest.mark.parametrize("amount", AMOUNTS)
def test_what_is_no_amount_is_refused(unmoved: Office, amount: str) -> None:
    assert "won" not in unmoved.type(REP1, f"/sla outcome H-1 1 won {amount}").splitlines()[0].lower()[:6]


@pytest.mark.parametrize("day", DAYS)
def test_what_is_no_day_is_refused(unmoved: Office, day: str) -> None:
    assert "planned" not in unmoved.type(MAYA, f"/sla plan 90 webinar {day}").lower()
    assert "until" in unmoved.type(REP1, f"/sla away until {day}").lower()
    unmoved.type(MAYA, f"/sla log 3 fair arrived {day}")


@pytest.mark.parametrize("amount", [*AMOUNTS, "Infinity", "sNaN", "-0.0", "1" * 16])
def test_what_is_no_amount_in_a_file_is_left_out_and_told(amount: str) -> None:
    [row] = rows.parse([(2, {"i": "L1", "d": "2026-06-01", "a": amount})], COLUMNS, "Europe/Berlin")
    assert isinstance(row, rows.Row)
    assert row.amount is None or amount in ("12.345", "$12")
    assert row.amount is not None or [one.code for one in row.oddities] == ["amount_unreadable"]


COLUMNS = {"id": "i", "handed_over_at": "d", "amount": "a"}


@pytest.mark.parametrize(
    "day", [*(day for day in DAYS if day not in ("30 Feb", "31.6.")), "2026-06-01T25:00", "now"]
)
def test_what_is_no_day_in_a_file_is_a_fault(day: str) -> None:
    [fault] = rows.parse([(2, {"i": "L1", "d": day, "a": ""})], COLUMNS, "Europe/Berlin")
    assert isinstance(fault, rows.Remark)
    assert fault.code == "date_unreadable"


@pytest.mark.parametrize(
    ("typed", "utc"),
    [
        ("2026-03-29T02:30", "2026-03-29T01:30:00+00:00"),  # the hour that was left out
        ("2026-10-25T02:30", "2026-10-25T00:30:00+00:00"),  # the hour that came twice: the first
        ("2026-10-25T02:30+01:00", "2026-10-25T01:30:00+00:00"),
    ],
)
def test_an_hour_that_was_left_out_or_came_twice_is_one_instant(typed: str, utc: str) -> None:
    at = rows.read_instant(typed, ZoneInfo("Europe/Berlin"))
    assert at is not None
    assert at.isoformat() == utc
