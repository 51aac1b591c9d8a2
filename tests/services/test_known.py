"""What was read once is known until something happens, and never longer."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, select
from sqlmodel import Session

from bot.database import reading, transaction
from bot.demo import cast
from bot.facts.clocks import ClockFact
from bot.facts.figures import StatusFact
from bot.models import Notice
from bot.services import agreements, clocks, log, plan, posted, status
from sla_rules.kinds import Tier
from tests.bench import stores

TODAY = stores.NOW


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    engine = stores.signed(tmp_path / "known.db")
    yield engine
    engine.dispose()


def asked(session: Session) -> StatusFact:
    return status.fact(session, agreements.by_id(session, 1, 1), cast.MARA.id, TODAY)


def answer(engine: Engine) -> StatusFact:
    with reading(engine) as session:
        return asked(session)


def hand_over(session: Session, leads: int) -> None:
    batch = log.Batch("webinar", {Tier.A: leads})
    agreed = agreements.by_id(session, 1, 1)
    log.log(session, agreed, batch, author=cast.MARA.id, now=TODAY, delivery=f"known.{leads}")


def hand_over_in_vain(engine: Engine) -> None:
    with transaction(engine) as session:
        hand_over(session, 5)
        assert asked(session).goals[0].so_far == 5
        raise RuntimeError("rolled back")


def test_what_is_handed_over_shows_at_once(engine: Engine) -> None:
    for leads, so_far in ((5, 5), (7, 12)):
        answer(engine)
        with transaction(engine) as session:
            hand_over(session, leads)

        assert answer(engine).goals[0].so_far == so_far

    assert answer(engine).open_handoffs == 2


def test_what_was_rolled_back_is_known_to_nobody(engine: Engine) -> None:
    with pytest.raises(RuntimeError, match="rolled back"):
        hand_over_in_vain(engine)

    assert answer(engine).goals[0].so_far == 0


def test_a_reader_who_began_before_does_not_spoil_what_others_know(engine: Engine) -> None:
    with reading(engine) as early:
        assert asked(early).open_handoffs == 0
        with transaction(engine) as session:
            hand_over(session, 5)
        assert asked(early).open_handoffs == 0

    assert answer(engine).open_handoffs == 1


def test_what_is_planned_shows_at_once(engine: Engine) -> None:
    answer(engine)
    with transaction(engine) as session:
        plan.announce(
            session,
            agreements.by_id(session, 1, 1),
            count=40,
            source="webinar",
            on=TODAY.date() + timedelta(days=1),
            author=cast.MARA.id,
            now=TODAY,
            delivery="known.plan",
        )

    assert answer(engine).goals[0].planned == 40


def test_what_is_known_of_clocks_is_late_when_they_are(engine: Engine) -> None:
    with transaction(engine) as session:
        hand_over(session, 5)
        posted.card_appeared(session, session.scalars(select(Notice).filter_by(kind="card")).one(), TODAY)

    seen = set()
    for later in range(0, 120, 5):
        at = TODAY + timedelta(minutes=later)
        with reading(engine) as session:
            known = standing(session, at)
        with transaction(engine) as session:
            assert standing(session, at) == known
        seen |= {(one.is_at_risk, one.is_breached) for one in known[1]}
    assert seen == {(True, False), (False, True)}


def standing(session: Session, at: datetime) -> tuple[Sequence[ClockFact], Sequence[ClockFact]]:
    """Say what waits on the rep on duty, and what is at risk."""
    agreed = agreements.by_id(session, 1, 1)
    at_risk = clocks.at_risk(session, agreed, at)
    owner = at_risk[0].owner if at_risk else cast.RITA.id
    return clocks.waiting_on(session, agreed, owner, at), at_risk


def test_two_stores_know_nothing_of_each_other(engine: Engine, tmp_path: Path) -> None:
    other = stores.signed(tmp_path / "other.db")
    with transaction(engine) as session:
        hand_over(session, 5)

    assert answer(engine).open_handoffs == 1
    assert answer(other).open_handoffs == 0
    other.dispose()
