"""Three weeks as two teams might have lived them, acted through Slack's own doors."""

import random
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlmodel import col

from bot.demo import leads
from bot.demo.cast import CHANNEL, MARA, MARKETERS, MILO, REPS, ZONE, Someone
from bot.demo.stage import Stage
from bot.models import Handoff, Lead
from bot.sandbox.server import Sandbox
from bot.signals import SignalEvent
from sla_rules.kinds import LeadState

START_ON = date(2026, 5, 26)
OPENS_AT = datetime(2026, 6, 18, 9, 40, tzinfo=ZoneInfo(ZONE)).astimezone(UTC)
"""Where the demo opens: a Thursday morning."""
EDITED_FROM = OPENS_AT - timedelta(hours=12)
SEED = 7
REACTION = "white_check_mark"
REASONS = ("outside_icp", "wrong_role", "bad_contact_data", "no_intent", "duplicate", "already_customer")
WON = "won 12000"
WON_AFTER = timedelta(days=2)
"""So long a deal takes from its SQL."""
OUTCOMES = ((WON, "sql", "recycled", "lost"), (6, 24, 30, 40))
"""What becomes of leads, and how often in a hundred."""
REFUSES = 0.4
HANDED_OVER_LATE = 0.15
OPEN = (LeadState.OPEN, LeadState.TAKEN, LeadState.TOUCHED)
SATURDAY = 5
NUMBER = re.compile(r"H-(\d+)")


@dataclass(frozen=True, slots=True)
class Batch:
    """What Marketing logs each week."""

    weekday: int
    hour: int
    author: Someone
    source: str
    campaign: str
    tiers: Mapping[str, int]


WEEKLY = (
    Batch(0, 10, MILO, "content", "ROI guide", {"B": 9}),
    Batch(1, 10, MARA, "webinar", "Forecasting in practice", {"B": 12, "C": 6}),
    Batch(2, 11, MILO, "paid search", "Brand and category", {"B": 7}),
    Batch(3, 10, MARA, "partner", "Partner referrals", {"B": 5}),
    Batch(4, 10, MILO, "newsletter", "Monthly letter", {"C": 8}),
)
DEMO_HOURS = (9, 11, 14, 15)


@dataclass(order=True)
class Scene:
    """One act at an instant."""

    at: datetime
    order: int
    play: Callable[[], object] = field(compare=False)


class Story:
    """Plays scenes in the order of their time; each may add later ones."""

    def __init__(self, stage: Stage, sandbox: Sandbox) -> None:
        self.stage = stage
        self.sandbox = sandbox
        self.random = random.Random(SEED)
        self.scenes: list[Scene] = []
        self.written = 0

    def play(self, progress: Callable[[datetime], object], stopped: SignalEvent) -> None:
        """Play everything until the demo opens, or until told to stop."""
        self._write()
        while self.scenes and not stopped.is_set():
            scene = min(self.scenes)
            self.scenes.remove(scene)
            if scene.at >= OPENS_AT:
                continue
            self.stage.edits_wait = scene.at < EDITED_FROM
            self.stage.advance(scene.at)
            scene.play()
            progress(scene.at)
        if not stopped.is_set():
            self.stage.edits_wait = False
            self.stage.advance(OPENS_AT)

    def _add(self, at: datetime, play: Callable[[], object]) -> None:
        self.written += 1
        self.scenes.append(Scene(at, self.written, play))

    # ---- what Marketing does

    def _write(self) -> None:
        days = [START_ON + timedelta(days=n) for n in range((OPENS_AT.date() - START_ON).days + 1)]
        for day in days:
            if day.weekday() < SATURDAY:
                self._write_day(day)
        self._add(_at(date(2026, 6, 17), 15, 0), self._plan)

    def _write_day(self, day: date) -> None:
        for batch in WEEKLY:
            if batch.weekday == day.weekday():
                minute = self.random.randint(0, 40)
                self._add(_at(day, batch.hour, minute), partial(self._log, batch, arrived_at=None))
        for hour in self.random.sample(DEMO_HOURS, k=self.random.choice((0, 1, 1, 2))):
            at = _at(day, hour, self.random.randint(5, 45))
            is_late = self.random.random() < HANDED_OVER_LATE
            author = self.random.choice(MARKETERS)
            asked = Batch(0, 0, author, "demo request", "Website form", {"A": self.random.choice((1, 1, 2))})
            arrived_at = at - timedelta(minutes=25 if is_late else 6)
            self._add(at, partial(self._log, asked, arrived_at=arrived_at))

    def _log(self, batch: Batch, arrived_at: datetime | None) -> None:
        """Log a batch with its leads, by the form and a file, as a marketer does."""
        file = self.sandbox.add_file(batch.author.id, "leads.csv", leads.csv(self.random, batch.tiers))
        values: dict[str, Any] = {
            "source": {"value": batch.source},
            "campaign": {"value": batch.campaign},
            "file": {"value": [file]},
        }
        if arrived_at is not None:
            values["arrived_at"] = {"value": int(arrived_at.timestamp())}
        self.sandbox.command(batch.author.id, CHANNEL, "/sla log")
        answer = self.sandbox.submit(batch.author.id, values)
        said = NUMBER.search(str(answer.get("view")))
        if said is None:
            raise RuntimeError(f"the story's handoff was not logged: {answer}")
        self.sandbox.dismiss(batch.author.id)
        self._work_on(int(said[1]), hand_raisers=batch.tiers.get("A", 0))

    def _plan(self) -> None:
        self.sandbox.command(MARA.id, CHANNEL, "/sla plan 45 trade-fair 24 Jun")
        self.sandbox.command(MILO.id, CHANNEL, "/sla plan 20 webinar 23 Jun")

    # ---- what Sales does

    def _work_on(self, number: int, *, hand_raisers: int) -> None:
        """Let the reps come by: one takes a hand-raiser within minutes, all three share a list."""
        is_hot = hand_raisers > 0
        reps = self.random.sample(REPS, k=hand_raisers or len(REPS))
        now = self.stage.clock.now()
        for turn, rep in enumerate(reps):
            wait = self.random.randint(3, 25) if is_hot else self.random.randint(10, 60) + 45 * turn
            at = _within_hours(now + timedelta(minutes=wait))
            self._add(at, partial(self._decide, rep.id, number, is_hot=is_hot))

    def _decide(self, rep: str, number: int, *, is_hot: bool) -> None:
        card = self._card(number)
        if card is None:
            return
        if not is_hot and self.random.random() < REFUSES:
            self._refuse(rep, number)
        self.sandbox.react(rep, CHANNEL, card["ts"], REACTION)
        wait = self.random.randint(5, 40) if is_hot else self.random.randint(60, 600)
        at = _within_hours(self.stage.clock.now() + timedelta(minutes=wait))
        self._add(at, partial(self._touch, rep, number))

    def _refuse(self, rep: str, number: int) -> None:
        undecided = self._leads(number, owner=None)[: self.random.choice((1, 1, 2, 3))]
        if undecided:
            numbers = ",".join(map(str, undecided))
            reason = self.random.choice(REASONS)
            self.sandbox.command(rep, CHANNEL, f"/sla reject H-{number} {reason} {numbers}")

    def _touch(self, rep: str, number: int) -> None:
        """Call the leads; one that went back to the pool, as the call came too late, is taken again."""
        if self._leads(number, owner=None):
            self.sandbox.command(rep, CHANNEL, f"/sla take H-{number}")
        self.sandbox.command(rep, CHANNEL, f"/sla touch H-{number}")
        at = _within_hours(self.stage.clock.now() + timedelta(days=self.random.randint(2, 6)))
        self._add(at, partial(self._close, rep, number))

    def _close(self, rep: str, number: int) -> None:
        for n in self._leads(number, owner=rep):
            (result,) = self.random.choices(*OUTCOMES)
            if result == WON:
                self.sandbox.command(rep, CHANNEL, f"/sla outcome H-{number} {n} sql")
                at = _within_hours(self.stage.clock.now() + WON_AFTER)
                self._add(at, partial(self._end, rep, number, n, result))
            else:
                self._end(rep, number, n, result)

    def _end(self, rep: str, number: int, n: int, result: str) -> None:
        self.sandbox.command(rep, CHANNEL, f"/sla outcome H-{number} {n} {result}")

    def _leads(self, number: int, *, owner: str | None) -> list[int]:
        """List the leads of a handoff that somebody works, or that nobody decided."""
        if self.stage.baton is None:
            return []
        with self.stage.baton.context.reading() as session:
            rows = session.execute(
                select(col(Lead.n))
                .join(Handoff, col(Handoff.id) == col(Lead.handoff_id))
                .where(col(Handoff.number) == number, col(Lead.state).in_(OPEN), col(Lead.owner) == owner)
            )
            return sorted(rows.scalars())

    def _card(self, number: int) -> dict[str, Any] | None:
        cards = (m for m in self.sandbox.messages(CHANNEL) if m["text"].startswith(f"H-{number}:"))
        return next(cards, None)


def _at(day: date, hour: int, minute: int) -> datetime:
    return datetime.combine(day, time(hour, minute), ZoneInfo(ZONE)).astimezone(UTC)


def _within_hours(at: datetime) -> datetime:
    """Move what falls outside nine to five to the next working morning."""
    local = at.astimezone(ZoneInfo(ZONE))
    if local.time() < time(9):
        local = datetime.combine(local.date(), time(9, 15 + local.minute % 30), ZoneInfo(ZONE))
    while local.weekday() >= SATURDAY or local.time() >= time(17):
        local = datetime.combine(
            local.date() + timedelta(days=1), time(9, 15 + local.minute % 30), ZoneInfo(ZONE)
        )
    return local.astimezone(UTC)
