"""A duty in Slack: told to its owner, pressed as done, taken back, listed, and counted for its side."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.demo.cast import CHANNEL, MARA, MILO, RITA
from bot.demo.run import TEXT
from tests.story.week import BERLIN, Week, opened, read, value_of


@pytest.fixture
def soon_due(tmp_path: Path) -> Iterator[Week]:
    """The usual week, with a duty of Marketing that is due on Wednesday."""
    assert "due: 25th" in TEXT
    with opened(tmp_path, text=TEXT.replace("due: 25th", "due: 3rd")) as week:
        week.go("mon 09:05")
        yield week


def duty_dms(week: Week, user: str) -> list[dict[str, object]]:
    return [one for one in week.dms(user) if "campaign calendar" in read(one)]


def test_the_owner_is_told_and_done_is_one_press(soon_due: Week) -> None:
    (dm,) = duty_dms(soon_due, MARA.id)
    assert "Due Wed 17:00: Share the campaign calendar of next month" in read(dm)
    assert "§9.1" in read(dm)
    assert "*1 duty is open.*" in soon_due.type(MARA.id, "/sla help")
    hint = soon_due.press(MARA.id, dm, "duty.done", value_of(dm, "Done"))
    assert "Done: Share the campaign calendar" in hint
    (dm,) = duty_dms(soon_due, MARA.id)
    assert "in time" in read(dm)
    assert "*Marketing:* duties 1 of 1" in soon_due.type(MARA.id, "/sla")


def test_done_is_taken_back_by_who_pressed_it(soon_due: Week) -> None:
    (dm,) = duty_dms(soon_due, MARA.id)
    soon_due.press(MARA.id, dm, "duty.done", value_of(dm, "Done"))
    (dm,) = duty_dms(soon_due, MARA.id)
    assert "waits again" in soon_due.press(MARA.id, dm, "duty.undo", value_of(dm, "Take Back"))
    (dm,) = duty_dms(soon_due, MARA.id)
    assert "Due Wed 17:00" in read(dm)


def test_a_reminder_comes_on_the_day_and_late_counts_as_late(soon_due: Week) -> None:
    soon_due.go("wed 09:01")
    first, reminder = duty_dms(soon_due, MARA.id)
    assert "Due today, by Wed 17:00" in read(first)
    assert "Due today, by Wed 17:00" in read(reminder)
    soon_due.go("wed 17:01")
    assert all("late counts as late, not as lost" in read(one) for one in duty_dms(soon_due, MARA.id))
    assert "duties 0 of 1" in soon_due.type(MARA.id, "/sla")
    listed = soon_due.type(MILO.id, "/sla agreement duties")
    assert "1 duty is open" in listed
    assert "was due Wed 17:00" in listed
    assert "Next" in listed


def test_the_list_has_the_same_button(soon_due: Week) -> None:
    answer = soon_due.demo.sandbox.command(MILO.id, CHANNEL, "/sla agreement duties")["message"]
    assert "marked it as done" not in soon_due.press(MILO.id, answer, "duty.done")
    assert "✓ Share the campaign calendar" in soon_due.type(RITA.id, "/sla agreement duties")


def test_why_shows_the_clause(soon_due: Week) -> None:
    (dm,) = duty_dms(soon_due, MARA.id)
    said = soon_due.press(MARA.id, dm, "duty.why", value_of(dm, "Why This?"))
    assert "§9.1 of version 1" in said
    assert "every month, due 3rd" in said


def test_the_digest_counts_duties_as_promises(soon_due: Week) -> None:
    (dm,) = duty_dms(soon_due, MARA.id)
    soon_due.press(MARA.id, dm, "duty.done", value_of(dm, "Done"))
    soon_due.type(MILO.id, "/sla log webinar B=7")
    soon_due.demo.stage.advance(datetime(2026, 6, 8, 9, 31, tzinfo=BERLIN).astimezone(UTC))
    digest = soon_due.demo.sandbox.messages(CHANNEL)[-2]
    assert "✓ duties 1 of 1" in read(digest)
