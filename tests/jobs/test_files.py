"""How files go out: at most once, and where that is in doubt the person is told."""

from datetime import datetime
from typing import Any

import pytest
from sqlmodel import Session

from bot.database import transaction
from bot.facts.said import Files, Message
from bot.jobs import deliver
from bot.models import Notice
from bot.services import outbox
from tests.jobs.world import World

KIND = outbox.UNKEYED[0]


def files_or_words(_session: Session, notice: Notice, _now: datetime) -> Any:
    if notice.kind != KIND:
        return Message(notice.key)
    return Message("ask again") if notice.is_plain else Files("Here", {"a.yml": b"name: A\n", "a.md": b"# A"})


@pytest.fixture
def wanted(world: World) -> World:
    world.render = files_or_words
    world.want("files:1", "U1", KIND, person="U1")
    return world


def seen(world: World) -> list[tuple[str, int]]:
    return [(message["text"], len(message.get("files", []))) for message in world.slack.dms("U1")]


def test_files_are_sent_once_and_then_nothing_is_owed(wanted: World) -> None:
    wanted.deliver()
    wanted.after(hours=30)
    assert seen(wanted) == [("Here", 2)]
    assert wanted.next_due() is None


@pytest.mark.parametrize(
    ("step", "how"),
    [
        ("upload", {"kind": "close"}),
        ("upload", {"kind": "server_error"}),
        ("files.getUploadURLExternal", {"kind": "error", "error": "missing_scope"}),
        ("files.getUploadURLExternal", {"kind": "error", "error": "file_uploads_disabled"}),
        ("files.completeUploadExternal", {"kind": "close"}),
    ],
)
def test_files_that_did_not_come_are_told_in_words(wanted: World, step: str, how: dict[str, Any]) -> None:
    wanted.slack.fail(step, **how)
    wanted.settle_down()
    assert seen(wanted) == [("ask again", 0)]
    wanted.want("card:1")
    wanted.settle_down()
    assert len(wanted.texts()) == 1, "nothing else is held up"


def test_files_whose_answer_was_lost_are_not_sent_again(wanted: World) -> None:
    wanted.slack.fail("files.completeUploadExternal", "accept_then_close")
    wanted.settle_down()
    wanted.after(hours=30)
    assert seen(wanted) == [("Here", 2), ("ask again", 0)]


def test_a_sender_that_died_with_files_in_hand_says_so_and_sends_nothing_twice(wanted: World) -> None:
    with transaction(wanted.engine) as session:
        [[due]] = outbox.due(session, wanted.clock.now()).values()
        assert outbox.claim(session, due, wanted.clock.now())
    deliver.start(wanted.context)
    wanted.settle_down()
    assert seen(wanted) == [("ask again", 0)]


def test_files_wait_for_as_long_as_slack_asks(wanted: World) -> None:
    wanted.slack.fail("files.getUploadURLExternal", "rate_limited", seconds=30)
    wanted.deliver()
    assert seen(wanted) == []
    wanted.after(seconds=31)
    assert seen(wanted) == [("Here", 2)]
