"""A turn of a duty opens, is told, is done in time or late, counts for its side, and stands in the ledger."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Engine, select
from sqlmodel import col

from bot.database import reading, transaction
from bot.errors import UserError
from bot.facts.figures import PromiseFact
from bot.models import Agreement, Away, Duty, Event, Notice, Person
from bot.services import agreements, duties, figures, life, turns, verify
from sla_rules.kinds import Side
from tests.services import in_force
from tests.services.in_force import MARA, MAX, MILO, SAM, SOL, SUE, TEXT
from tests.twin import ours

BERLIN = ZoneInfo("Europe/Berlin")
JUNE, JULY = date(2026, 6, 1), date(2026, 7, 1)


def at(text: str) -> datetime:
    """Read "06-18 09:00" as an instant of 2026, in Berlin."""
    return datetime.fromisoformat(f"2026-{text}").replace(tzinfo=BERLIN).astimezone(UTC)


@dataclass
class Team:
    """An agreement in force since 1 June 2026, and its life job."""

    engine: Engine
    pressed: int = 0

    def live(self, until: str) -> None:
        """Let all happen that is due on the way, as the job does."""
        for _ in range(200):
            with transaction(self.engine) as session:
                due = life.due(session, at(until))
                if not due:
                    return
                look_at = session.scalar(select(col(Agreement.look_at)).where(ours(Agreement)))
                life.live(session, 1, 1, look_at or at(until))
        raise AssertionError("it looks without end")

    def press(self, act: str, user: str, when: str, duty_id: int = 1) -> None:
        self.pressed += 1
        with transaction(self.engine) as session:
            agreed = agreements.by_id(session, 1, 1)
            does = duties.done if act == "done" else duties.undo
            does(session, agreed, duty_id, user=user, now=at(when), delivery=f"press{self.pressed}")

    def duty(self, duty_id: int = 1) -> Duty:
        with reading(self.engine) as session:
            return session.get_one(Duty, duty_id)

    def notices(self) -> list[tuple[str, str, int]]:
        with reading(self.engine) as session:
            rows = session.scalars(
                select(Notice).where(ours(Notice)).where(col(Notice.kind) == "duty").order_by(col(Notice.id))
            )
            return [(row.key, row.place, row.wanted) for row in rows]

    def promises(self) -> dict[Side, PromiseFact]:
        with reading(self.engine) as session:
            facts = figures.promise_facts(session, agreements.by_id(session, 1, 1), JUNE, JULY)
        return {fact.side: fact for fact in facts if fact.metric == "duties"}

    def differences(self) -> list[str]:
        with reading(self.engine) as session:
            return [str(one) for one in verify.differences(session)]


@pytest.fixture
def team(tmp_path: Path) -> Iterator[Team]:
    in_force.write(tmp_path / "baton.db", TEXT, at("06-01 09:00"))
    with in_force.opened(tmp_path / "baton.db") as engine:
        yield Team(engine)


def test_a_turn_opens_five_working_days_before_it_is_due_and_is_told_to_its_owner(team: Team) -> None:
    team.live("06-18 08:59")
    assert team.notices() == []
    team.live("06-18 09:00")
    assert team.notices() == [("duty:1", MARA, 1)]
    assert (team.duty().due_at, team.duty().version) == (at("06-25 17:00"), 1)


def test_a_reminder_comes_at_the_opening_of_the_due_day_and_only_once(team: Team) -> None:
    team.live("06-25 09:00")
    keys = [key for key, *_ in team.notices()]
    assert keys.count("duty:1:due") == 1
    with transaction(team.engine) as session:
        life.live(session, 1, 1, at("06-25 12:00"))
    assert [key for key, *_ in team.notices()] == keys


def test_what_is_done_is_not_reminded_of_and_counts_as_kept(team: Team) -> None:
    team.live("06-24 12:00")
    team.press("done", MARA, "06-24 12:00")
    team.live("06-30 18:00")
    assert "duty:1:due" not in [key for key, *_ in team.notices()]
    assert not team.duty().is_late
    kept = team.promises()[Side.MARKETING]
    assert (kept.n, kept.of, kept.is_kept, kept.clause) == (1, 1, True, "9.1")


def test_after_the_hours_of_its_day_a_turn_is_broken_and_may_still_be_done(team: Team) -> None:
    team.live("06-25 16:59")
    assert Side.MARKETING not in team.promises()
    team.live("06-25 17:00")
    broken = team.promises()[Side.MARKETING]
    assert (broken.n, broken.of, broken.is_kept) == (0, 1, False)
    team.press("done", MILO, "06-26 10:00")
    assert team.duty().is_late
    assert team.promises()[Side.MARKETING].is_kept is False
    assert team.differences() == []


def test_who_marked_it_takes_it_back_until_the_end_of_the_day(team: Team) -> None:
    team.live("06-24 12:00")
    team.press("done", MARA, "06-24 12:00")
    with pytest.raises(UserError, match="duty_done_by_other"):
        team.press("undo", MILO, "06-24 13:00")
    with pytest.raises(UserError, match="duty_day_over"):
        team.press("undo", MARA, "06-25 00:01")
    team.press("undo", MARA, "06-24 23:59")
    assert team.duty().done_at is None
    assert team.differences() == []
    team.live("06-25 17:00")
    assert team.duty().is_late


@pytest.mark.parametrize(
    ("user", "refused"),
    [(MILO, None), (MAX, None), (SAM, "not_in_marketing"), ("UNOBODY", "not_in_marketing")],
)
def test_anybody_of_its_side_may_mark_it_and_nobody_else(team: Team, user: str, refused: str | None) -> None:
    team.live("06-18 09:00")
    if refused is None:
        team.press("done", user, "06-18 10:00")
        assert team.duty().done_by == user
    else:
        with pytest.raises(UserError, match=refused):
            team.press("done", user, "06-18 10:00")


def test_a_second_press_is_told_who_was_first(team: Team) -> None:
    team.live("06-18 09:00")
    team.press("done", MILO, "06-18 10:00")
    with pytest.raises(UserError, match="duty_done_already"):
        team.press("done", MARA, "06-18 10:01")


def test_the_cover_has_the_duty_of_who_is_away(team: Team) -> None:
    with transaction(team.engine) as session:
        from_at, until_at = at("06-20 09:00"), at("06-30 09:00")
        session.add(Away(workspace_id=1, user_id=SAM, cover=SOL, from_at=from_at, until_at=until_at))
    team.live("06-23 09:00")
    assert ("duty:2", SOL, 1) in team.notices()


def test_the_manager_has_the_duty_of_a_lead_who_left(team: Team) -> None:
    with transaction(team.engine) as session:
        session.get_one(Person, (1, MARA)).is_deleted = True
    team.live("06-18 09:00")
    assert team.duty().owner == MAX


def test_every_period_has_its_turn_and_the_ledger_gives_the_same_rows(team: Team) -> None:
    team.live("08-31 18:00")
    with reading(team.engine) as session:
        rows = session.scalars(select(Duty).where(ours(Duty)).order_by(col(Duty.due_at))).all()
        assert [f"{row.side} {row.due_on:%m-%d}" for row in rows] == [
            "marketing 06-25",
            "sales 06-30",
            "marketing 07-25",
            "sales 07-31",
            "marketing 08-25",
            "sales 08-31",
        ]
        assert all(row.is_late for row in rows)
        events = session.scalars(select(Event).where(ours(Event)).where(col(Event.kind).like("duty%"))).all()
    assert {type(value) for event in events for value in event.data.values()} <= {int, str}
    assert "Share" not in str([event.data for event in events])
    assert team.differences() == []
    with transaction(team.engine) as session:
        session.get_one(Duty, 1).owner = SUE
    assert team.differences() == ["agreement duty 1 owner: stored 'USUE', the ledger gives 'UMARA'"]


def test_a_duty_due_on_the_day_of_the_signing_is_owed_from_the_next_turn(tmp_path: Path) -> None:
    in_force.write(tmp_path / "late.db", TEXT, at("06-25 10:00"))
    with in_force.opened(tmp_path / "late.db") as engine:
        team = Team(engine)
        team.live("06-29 09:00")
        assert [key for key, *_ in team.notices()] == ["duty:1"]
        assert team.duty().side == Side.SALES


def test_an_amended_duty_is_owed_once_in_its_period(team: Team) -> None:
    team.live("06-18 09:00")
    with transaction(team.engine) as session:
        session.add(in_force.version(2, TEXT.replace("due: 25th", "due: 29th"), at("06-19 12:00")))
        session.flush()
        agreements.change(session, 1, 1, version=2, look_at=at("06-19 12:00"))
    team.live("06-30 18:00")
    with reading(team.engine) as session:
        assert [
            row.due_on.day for row in session.scalars(select(Duty).where(ours(Duty)).order_by(col(Duty.id)))
        ] == [25, 30]


def test_the_list_has_what_is_open_what_comes_and_what_was_done(team: Team) -> None:
    team.live("06-23 09:00")
    team.press("done", MARA, "06-23 10:00")
    with reading(team.engine) as session:
        listed = duties.listed(session, agreements.by_id(session, 1, 1), at("06-23 11:00"))
    assert [(fact.duty_id, fact.side, bool(fact.done_at)) for fact in listed] == [
        (1, Side.MARKETING, True),
        (2, Side.SALES, False),
        (0, Side.MARKETING, False),
        (0, Side.SALES, False),
    ]


def test_a_duty_of_another_agreement_does_not_exist_here(team: Team) -> None:
    with reading(team.engine) as session, pytest.raises(UserError, match="no_such_duty"):
        turns.by_id(session, agreements.by_id(session, 1, 1), 99)
