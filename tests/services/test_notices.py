"""Notices: one row for a message's whole life, whatever is wanted of it and how often."""

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import col, select, update

from bot.database import reading, transaction
from bot.models import Notice, Workspace
from bot.services import notices
from bot.store import migrate
from tests import stores
from tests.twin import ours

NOW = datetime(2026, 6, 15, 9, 0, tzinfo=UTC)
LATER = NOW + timedelta(minutes=15)
ONE = {"workspace_id": 1, "key": "nudge:U1", "kind": "nudge", "place": "U1", "now": NOW}


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Engine]:
    engine = stores.engine(tmp_path / "baton.db")
    migrate(engine)
    with transaction(engine) as session:
        session.add_all(Workspace(id=n, team_id=f"T{n}", created_at=NOW) for n in (1, 2))
    yield engine
    engine.dispose()


def want(store: Engine, **changes: Any) -> None:
    with transaction(store) as session:
        notices.want(session, **{**ONE, **changes})


def bump(store: Engine, now: datetime = NOW) -> None:
    with transaction(store) as session:
        notices.bump(session, 1, "nudge:U1", now)


def only(store: Engine) -> Notice:
    with reading(store) as session:
        return session.exec(select(Notice).where(ours(Notice))).one()


def becomes(store: Engine, **values: Any) -> None:
    with transaction(store) as session:
        session.execute(update(Notice).where(col(Notice.workspace_id) == 1).values(**values))


def test_what_is_wanted_twice_is_one_notice(store: Engine) -> None:
    want(store)
    want(store)
    notice = only(store)
    assert (notice.wanted, notice.shown, notice.state, notice.counts) == (2, 0, "pending", False)


def test_the_key_that_finds_a_post_again_stays_the_same(store: Engine) -> None:
    want(store)
    uuid = only(store).uuid
    want(store)
    assert only(store).uuid == uuid


def test_two_workspaces_with_the_same_key_have_a_notice_each(store: Engine) -> None:
    want(store)
    want(store, workspace_id=2)
    with reading(store) as session:
        assert {notice.wanted for notice in session.exec(select(Notice).where(ours(Notice)))} == {1}


def test_what_gathers_does_not_put_itself_off(store: Engine) -> None:
    want(store, not_before=LATER)
    want(store, not_before=LATER + timedelta(minutes=10))
    assert only(store).not_before == LATER
    want(store)
    assert only(store).not_before == NOW


def test_an_edit_comes_when_it_is_wanted(store: Engine) -> None:
    want(store)
    becomes(store, state="shown", shown=1, ts="1.000001")
    want(store, not_before=LATER)
    assert only(store).not_before == LATER


def test_an_edit_that_is_owed_already_keeps_its_turn(store: Engine) -> None:
    want(store)
    becomes(store, state="shown", shown=1, ts="1.000001")
    bump(store, NOW)
    bump(store, LATER)
    assert only(store).not_before == NOW


def test_a_wish_does_not_shorten_the_wait_for_a_lost_answer(store: Engine) -> None:
    want(store)
    becomes(store, state="uncertain", not_before=LATER)
    want(store)
    bump(store)
    notice = only(store)
    assert (notice.state, notice.not_before, notice.wanted) == ("uncertain", LATER, 3)


@pytest.mark.parametrize(
    ("state", "ts", "after_want", "after_bump"),
    [
        ("pending", None, "pending", "pending"),
        ("shown", "1.000001", "shown", "shown"),
        ("sending", None, "sending", "sending"),
        ("parked", None, "parked", "parked"),
        ("unknown", None, "unknown", "unknown"),
        ("superseded", None, "pending", "superseded"),
        ("superseded", "1.000001", "superseded", "superseded"),
        ("dead", None, "pending", "pending"),
        ("dead", "1.000001", "shown", "shown"),
    ],
)
def test_what_ended_opens_again_only_where_that_can_help(
    store: Engine, state: str, ts: str | None, after_want: str, after_bump: str
) -> None:
    want(store)
    becomes(store, state=state, ts=ts)
    want(store)
    assert only(store).state == after_want
    becomes(store, state=state, ts=ts)
    bump(store)
    assert only(store).state == after_bump


def test_a_bump_of_what_nobody_wanted_makes_nothing(store: Engine) -> None:
    bump(store)
    with reading(store) as session:
        assert session.exec(select(Notice).where(ours(Notice))).all() == []


def test_what_it_is_about_is_replaced_where_given_and_kept_where_not(store: Engine) -> None:
    want(store, about={"clocks": [1]})
    want(store)
    assert only(store).about == {"clocks": [1]}
    want(store, about={"clocks": [1, 2]})
    assert only(store).about == {"clocks": [1, 2]}


def test_only_what_was_not_posted_is_superseded(store: Engine) -> None:
    want(store)
    becomes(store, state="shown", ts="1.000001")
    supersede(store)
    assert only(store).state == "shown"
    becomes(store, state="pending", ts=None)
    supersede(store)
    assert (only(store).state, only(store).error) == ("superseded", "missed")


def supersede(store: Engine) -> None:
    with transaction(store) as session:
        notices.supersede(session, 1, "nudge:U1", "missed")


def want_and_fail(store: Engine) -> None:
    with transaction(store) as session:
        notices.want(session, **ONE)  # type: ignore[arg-type]
        raise ZeroDivisionError


def test_a_wish_whose_act_fails_leaves_nothing(store: Engine) -> None:
    with pytest.raises(ZeroDivisionError):
        want_and_fail(store)
    with reading(store) as session:
        assert session.exec(select(Notice).where(ours(Notice))).all() == []


def test_eight_who_want_at_once_lose_no_wish(store: Engine) -> None:
    def often() -> None:
        for _ in range(20):
            want(store)

    threads = [threading.Thread(target=often) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert only(store).wanted == 160
