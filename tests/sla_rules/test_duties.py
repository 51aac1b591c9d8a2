"""On which day a duty is due, when its turn opens, and when its time is over."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from sla_rules.agreement import Agreement
from sla_rules.duties import due_on, turns
from sla_rules.goals import period_of
from sla_rules.kinds import Per, Side
from sla_rules.sections import Duty
from tests.sla_rules.berlin import TEXT


def duty(every: Per, due: str) -> Duty:
    return Duty(party=Side.SALES, what="Share notes", every=every, due=due)


@pytest.mark.parametrize(
    ("every", "due", "day", "expected"),
    [
        (Per.MONTH, "25th", date(2026, 6, 3), date(2026, 6, 25)),
        (Per.MONTH, "last day", date(2026, 2, 3), date(2026, 2, 28)),
        (Per.MONTH, "31st", date(2026, 6, 3), date(2026, 6, 30)),
        (Per.MONTH, "1st", date(2026, 6, 30), date(2026, 6, 1)),
        (Per.QUARTER, "last day", date(2026, 4, 1), date(2026, 6, 30)),
        (Per.QUARTER, "10th", date(2026, 5, 1), date(2026, 6, 10)),
        (Per.WEEK, "fri", date(2026, 6, 3), date(2026, 6, 5)),
        (Per.WEEK, "mon", date(2026, 6, 7), date(2026, 6, 1)),
    ],
)
def test_a_duty_is_due_on_the_day_that_the_text_names(
    every: Per, due: str, day: date, expected: date
) -> None:
    assert due_on(duty(every, due), period_of(day, every)) == expected


@pytest.mark.parametrize(
    ("written", "today", "opens", "due"),
    [
        ("month, due: 25th", date(2026, 6, 3), "06-18 09:00", "06-25 17:00"),
        ("month, due: 2nd", date(2026, 6, 1), "06-01 09:00", "06-02 17:00"),  # its period is shorter
        ("month, due: 27th", date(2026, 6, 3), "06-19 09:00", "06-26 17:00"),  # a Saturday
        ("month, due: 25th", date(2026, 12, 3), "12-17 09:00", "12-24 17:00"),  # Christmas
        (
            "month, due: 1st",
            date(2026, 8, 3),
            "07-31 09:00",
            "07-31 17:00",
        ),  # a Saturday; only Friday is left
        ("week, due: fri", date(2026, 6, 3), "06-01 09:00", "06-05 17:00"),
        ("week, due: mon", date(2026, 6, 3), "06-01 09:00", "06-01 17:00"),
    ],
)
def test_a_turn_opens_five_working_days_before_and_ends_with_the_hours(
    written: str, today: date, opens: str, due: str
) -> None:
    head, _, rest = TEXT.partition("\nduties:")
    duties = f"duties: [{{party: sales, what: Share notes, every: {written}}}]"
    document = Agreement.parse(f"{head}\n{duties}\n\n{rest[rest.index('# 10 ') :]}")
    calendar = document.calendar_with(document.expand_days_off(today))
    turn = next(iter(turns(document, calendar, today)))

    assert (local(turn.opens_at), local(turn.due_at)) == (opens, due)


def local(at: datetime) -> str:
    return f"{at.astimezone(ZoneInfo('Europe/Berlin')):%m-%d %H:%M}"
