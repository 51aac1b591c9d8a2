"""Whatever is logged, corrected, voided: no period gets more than signed, nothing is lost or overtakes."""

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, func, select
from sqlmodel import Session, col

from bot.database import transaction
from bot.models import Event, Handoff
from bot.services import agreements, away, correct, limits, log, verify, void
from bot.services.agreements import Agreed
from bot.services.log import Batch
from sla_rules import caps
from sla_rules.kinds import ActKind, Tier
from tests.services import in_force
from tests.services.in_force import MARA, REPS, SAM, TEXT
from tests.stores import copy
from tests.twin import ours

MONDAY = datetime(2026, 6, 1, 6, 0, tzinfo=UTC)
"""08:00 in Berlin, an hour before the opening."""
NEVER = datetime(2100, 1, 1, tzinfo=UTC)
LIMITS = {
    "usual": "{capacity: {A: no cap, B and C: 4}}",
    "everything": "{volume: {day: 20, week: 45, month: 90}, blackout: [2026-06-03, 2026-06-08 to 2026-06-09],"
    " capacity: {A: no cap, B and C: 6}}",
    "groups apart": "{volume: {week: 40}, capacity: {A: 2, B: 5, C: 3}}",
    "volume alone": "{volume: {day: 12, month: 60}}",
    "a blackout alone": "{blackout: [2026-06-01 to 2026-06-03]}",
    "no cap beside a month": "{volume: {month: 25}, capacity: {A and B: no cap}}",
}


def text_with(written: str) -> str:
    head, _, rest = TEXT.partition("\nlimits:")
    return f"{head}\nlimits: {written}\n{rest[rest.index('# 8 ') :]}"


@dataclass(frozen=True)
class Step:
    """Something that happens after some hours: a batch, corrected, voided; a rep who leaves or comes back."""

    what: str
    hours: int = 0
    tiers: tuple[int, int, int] = (0, 0, 0)
    choice: int = 0


STEPS = st.builds(
    Step,
    what=st.sampled_from(["log", "log", "log", "log", "correct", "void", "leave", "back", "wait"]),
    hours=st.sampled_from([0, 0, 1, 2, 5, 12, 24, 30, 72, 24 * 8]),
    tiers=st.tuples(st.integers(0, 8), st.integers(0, 30), st.integers(0, 20)),
    choice=st.integers(0, 9),
)


@dataclass
class Walk:
    """A team over weeks, with the release job running as it does."""

    engine: Engine
    now: datetime = MONDAY
    logged: list[int] = field(default_factory=list)
    count: int = 0
    corrected: set[int] = field(default_factory=set)
    """Handoffs whose leads came when their number was told anew, whoever came meanwhile."""

    def do(self, step: Step) -> None:
        self.advance(self.now + timedelta(hours=step.hours))
        self.count += 1
        with transaction(self.engine) as session:
            agreed = agreements.by_id(session, 1, 1)
            if step.what == "log" and any(step.tiers):
                self.logged.append(self.log(session, *step.tiers).id or 0)
            elif step.what in ("correct", "void") and self.logged:
                handoff = session.get_one(Handoff, self.logged[step.choice % len(self.logged)])
                if handoff.state != "voided":
                    self.change(session, agreed, handoff, step)
            elif step.what == "leave":
                until = self.now + timedelta(days=1 + step.choice)
                away.leave(
                    session, agreed, user=SAM, until=until, cover=None, now=self.now, delivery=str(self.count)
                )

    def change(self, session: Session, agreed: Agreed, handoff: Handoff, step: Step) -> None:
        if step.what == "void":
            void.void(session, agreed, handoff, user=MARA, now=self.now)
        elif any(step.tiers) and handoff.day == agreed.today(self.now):
            batch = Batch("webinar", dict(zip(Tier, step.tiers, strict=True)))
            correct.correct(session, agreed, handoff, batch, user=MARA, now=self.now)

    def log(self, session: Session, *tiers: int) -> Handoff:
        self.count += 1
        batch = Batch("webinar", dict(zip(Tier, tiers, strict=True)))
        agreed = agreements.by_id(session, 1, 1)
        return log.log(
            session, agreed, batch, author=MARA, now=self.now, delivery=f"log{self.count}", again=True
        )

    def advance(self, until: datetime) -> None:
        """Let through what falls due on the way, as the job does: handoff by handoff."""
        while (at := self.next_due()) is not None and at <= until:
            self.now = max(self.now, at)
            with transaction(self.engine) as session:
                due = limits.due(session, self.now)
            for _, _, handoff_id in due:
                with transaction(self.engine) as session:
                    limits.release_one(session, agreements.by_id(session, 1, 1), handoff_id, self.now)
        self.now = until

    def next_due(self) -> datetime | None:
        with transaction(self.engine) as session:
            return session.scalar(select(func.min(col(Handoff.release_at))).where(ours(Handoff)))

    def through(self) -> list[tuple[datetime, Tier, int, int]]:
        """List every lead that counts: when Sales got it (NEVER while it waits), tier, handoff, number."""
        with transaction(self.engine) as session:
            voided = set(
                session.scalars(
                    select(col(Handoff.id)).where(ours(Handoff)).where(col(Handoff.state) == "voided")
                )
            )
            events = session.scalars(
                select(Event).where(ours(Event)).where(col(Event.handoff_id).is_not(None))
            ).all()
        found: dict[tuple[int, int], tuple[datetime, int, Tier]] = {}
        for event in events:
            handoff_id = event.handoff_id or 0
            if handoff_id in voided:
                continue
            if event.kind == ActKind.HANDED_OVER:
                tiers = [Tier(tier) for tier, count in event.data["tiers"] for _ in range(count)]
                for n, tier in zip(event.leads, tiers, strict=True):
                    at = NEVER if n in event.data["held"] else event.happened_at
                    found[handoff_id, n] = (at, event.id or 0, tier)
            elif event.kind == ActKind.RELEASED:
                for n in event.leads:
                    assert found[handoff_id, n][0] == NEVER, "released twice"
                    found[handoff_id, n] = (event.happened_at, event.id or 0, found[handoff_id, n][2])
            elif event.kind == ActKind.CORRECTED and "tiers" in event.data:
                mine = [found.pop(key) for key in sorted(found) if key[0] == handoff_id]
                came = {tier: [one for one in mine if one[0] != NEVER and one[2] is tier] for tier in Tier}
                tiers = [Tier(tier) for tier, count in event.data["tiers"] for _ in range(count)]
                for n, tier in zip(event.leads, tiers, strict=True):
                    new = (event.happened_at, event.id or 0, tier)
                    is_held = n in event.data["held"]
                    found[handoff_id, n] = (
                        (NEVER, new[1], tier) if is_held else came[tier].pop(0) if came[tier] else new
                    )
                self.corrected.add(handoff_id)
        # Of one instant in the order in which it was done.
        in_order = sorted((at, act, *key, tier) for key, (at, act, tier) in found.items())
        return [(at, tier, handoff_id, n) for at, _, handoff_id, n, tier in in_order]


def hold_to_the_text(walk: Walk) -> None:
    """Replay what Sales got against the limits of each day, and hold the order."""
    with transaction(walk.engine) as session:
        agreed = agreements.by_id(session, 1, 1)
    document, passed = agreed.document, Counter[tuple[date, Tier]]()
    leads = walk.through()
    for at, tier, _, _ in leads:
        if at == NEVER:
            continue
        day = agreed.today(at)
        passed[day, tier] += 1
        if tier in caps.held_back(document):
            for limit in caps.limits_on(document, day, len(REPS)):
                got = sum(
                    n
                    for (on, kind), n in passed.items()
                    if kind in limit.tiers and limit.start_on <= on < limit.end_on
                )
                assert tier not in limit.tiers or got <= limit.most, f"{limit} at {at}: {got}"
    for tier in Tier:
        order = [
            at
            for at, kind, handoff_id, _ in sorted(leads, key=lambda one: one[2:])
            if kind is tier and handoff_id not in walk.corrected
        ]
        assert order == sorted(order), f"{tier} out of order: {order}"
        if tier not in caps.held_back(document):
            assert all(at != NEVER for at, kind, _, _ in leads if kind is tier)


@pytest.fixture(scope="module")
def stores(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("stores")
    for name, written in LIMITS.items():
        in_force.write(folder / f"{name}.db", text_with(written), MONDAY)
    return {name: folder / f"{name}.db" for name in LIMITS}


@contextmanager
def walk_in(store: Path) -> Iterator[Walk]:
    with TemporaryDirectory() as folder:
        path = copy(store, Path(folder) / "baton.db")
        with in_force.opened(path) as engine:
            yield Walk(engine)


def hold(store: Path, steps: Sequence[Step]) -> None:
    with walk_in(store) as walk:
        for step in steps:
            walk.do(step)
            hold_to_the_text(walk)
        for _ in range(600):
            if (at := walk.next_due()) is None:
                break
            walk.advance(at)
        hold_to_the_text(walk)
        assert all(at != NEVER for at, *_ in walk.through()), "what waited never came"
        with transaction(walk.engine) as session:
            assert [str(one) for one in verify.differences(session)] == []


def settled(examples: int) -> dict[str, Any]:
    # To make a walk shorter takes longer than many walks.
    return {
        "max_examples": examples,
        "deadline": None,
        "suppress_health_check": list(HealthCheck),
        "phases": [Phase.explicit, Phase.generate],
    }


@settings(**settled(12))
@given(name=st.sampled_from(sorted(LIMITS)), steps=st.lists(STEPS, min_size=2, max_size=7))
def test_no_period_gets_more_than_was_signed(stores: dict[str, Path], name: str, steps: list[Step]) -> None:
    hold(stores[name], steps)


@pytest.mark.slow
@settings(**settled(100))
@given(name=st.sampled_from(sorted(LIMITS)), steps=st.lists(STEPS, min_size=5, max_size=12))
def test_no_period_ever_gets_more_than_was_signed(
    stores: dict[str, Path], name: str, steps: list[Step]
) -> None:
    hold(stores[name], steps)
