"""The posts an agreement schedules: one a day at most, on working days, none made good, the daily true."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from bot.demo.cast import CHANNEL, MARA, MILO, RITA
from bot.services import posts
from tests.story.week import BERLIN, Week, at, local, opened, read

WHIT_MONDAY = date(2026, 5, 25)
"""A public holiday, and a Monday, the digest's day."""


@pytest.fixture
def before_whitsun(tmp_path: Path) -> Iterator[Week]:
    with opened(tmp_path, signed_at=datetime(2026, 5, 20, 9, 0, tzinfo=BERLIN).astimezone(UTC)) as week:
        yield week


def scheduled(week: Week) -> list[tuple[str, str]]:
    """List the scheduled posts in the channel, with the day and time of each."""
    with week.reading() as (session, _):
        kinds = [(week.kind_of(session, one), one) for one in week.demo.sandbox.messages(CHANNEL)]
    return [
        (kind, f"{local(float(one['ts'])):%a %d %H:%M}") for kind, one in kinds if kind in ("daily", "digest")
    ]


def test_a_holiday_has_no_post_and_moves_the_digest(before_whitsun: Week) -> None:
    before_whitsun.demo.stage.advance(datetime(2026, 5, 27, 18, 0, tzinfo=BERLIN).astimezone(UTC))
    assert scheduled(before_whitsun) == [
        ("daily", "Wed 20 16:30"),
        ("daily", "Thu 21 16:30"),
        ("daily", "Fri 22 16:30"),
        ("digest", "Tue 26 09:30"),
        ("daily", "Wed 27 16:30"),
    ]


def test_in_a_whole_year_no_day_has_two_posts_and_none_is_off(week: Week) -> None:
    with week.reading() as (_, agreed):
        day = date(2026, 6, 1)
        for _ in range(365):
            daily, digest = posts.next_daily(agreed, day), posts.next_digest(agreed, day)
            assert agreed.calendar.is_open(daily)
            assert agreed.calendar.is_open(digest)
            assert agreed.today(daily) >= day
            assert agreed.today(daily) != agreed.today(digest)
            assert digest - daily < timedelta(days=14)
            day += timedelta(days=1)


def test_what_was_missed_is_not_made_good_the_next_day(week: Week) -> None:
    week.go("tue 16:00")
    week.sleep_until("wed 10:00")
    week.settle()
    week.go("wed 17:00")
    assert scheduled(week) == [("daily", "Wed 03 16:30")]


def test_what_was_missed_by_less_than_its_day_is_posted_late(week: Week) -> None:
    week.go("tue 16:00")
    week.sleep_until("tue 16:50")
    week.settle()
    assert [kind for kind, _ in scheduled(week)] == ["daily"]


def test_the_daily_is_kept_true_during_its_day_and_stands_afterwards(week: Week) -> None:
    week.go("tue 16:31")
    (_, daily) = week.demo.sandbox.messages(CHANNEL)
    assert "0 of 160" in read(daily)
    week.type(MILO.id, "/sla log webinar B=7")
    (_, daily, _) = week.demo.sandbox.messages(CHANNEL)
    assert "7 of 160" in read(daily)

    week.go("wed 10:00")
    week.type(RITA.id, "/sla reject H-1 duplicate 1-5")
    (_, daily, _) = week.demo.sandbox.messages(CHANNEL)
    assert "7 of 160" in read(daily)


def test_a_plan_shows_in_the_daily_at_once(week: Week) -> None:
    week.go("tue 16:31")
    week.type(MARA.id, "/sla plan 90 trade-fair 10 Jun")
    (_, daily) = week.demo.sandbox.messages(CHANNEL)
    assert "90 planned" in read(daily)


def test_the_digest_comes_with_its_charts_in_the_thread(week: Week) -> None:
    week.go("wed 10:00")
    week.type(MILO.id, "/sla log webinar B=7")
    week.go("next mon 09:31")
    digest, thread = week.demo.sandbox.messages(CHANNEL)[-2:]
    assert thread["thread_ts"] == digest["ts"]
    assert "7 delivered" in read(thread)
    with week.reading() as (_, agreed):
        assert agreed.row.next_digest_at == at("next mon 09:30") + timedelta(days=7)
