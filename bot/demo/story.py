"""Three weeks as two teams might have lived them, acted through Slack's own doors."""

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlmodel import col

from bot.demo.cast import CHANNEL, MARA, MARKETERS, MILO, REPS, ZONE
from bot.demo.stage import Stage
from bot.models import Handoff, Lead
from bot.sandbox.server import Sandbox
from sla_rules.kinds import LeadState

START_ON = date(2026, 5, 26)
OPENS_AT = datetime(2026, 6, 18, 9, 40, tzinfo=ZoneInfo(ZONE)).astimezone(UTC)
"""Where the demo opens: a Thursday morning."""
SEED = 7
REACTION = "white_check_mark"
REASONS = ("outside_icp", "wrong_role", "bad_contact_data", "no_intent", "duplicate", "already_customer")
BATCHES = (
    # weekday, hour, marketer, source, campaign, leads by tier
    (0, 10, MILO, "content", "ROI guide", {"B": 9}),
    (1, 10, MARA, "webinar", "Forecasting in practice", {"B": 12, "C": 8}),
    (2, 11, MILO, "paid search", "Brand and category", {"B": 8}),
    (3, 10, MARA, "partner", "Partner referrals", {"B": 6}),
    (4, 9, MILO, "newsletter", "Monthly letter", {"C": 9}),
)
OUTCOMES = (("won 12000", "sql", "recycled", "lost"), (6, 24, 30, 40))
"""What becomes of leads, and how often in a hundred."""
OPEN = (LeadState.OPEN, LeadState.TAKEN, LeadState.TOUCHED)
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
        self.random = random.Random(SEED)  # noqa: S311  (a story, not a secret)
        self.scenes: list[Scene] = []
        self.number = 0

    def play(self, progress: Callable[[datetime], object] = lambda _: None) -> None:
        """Play everything until the demo opens."""
        self._write()
        while self.scenes:
            scene = min(self.scenes)
            self.scenes.remove(scene)
            if scene.at >= OPENS_AT:
                continue
            self.stage.advance(scene.at)
            scene.play()
            self.stage.settle()
            progress(scene.at)
        self.stage.advance(OPENS_AT)

    def _add(self, at: datetime, play: Callable[[], object]) -> None:
        self.scenes.append(Scene(at, len(self.scenes), play))

    # ---- what Marketing does

    def _write(self) -> None:
        day = START_ON
        while day <= OPENS_AT.date():
            if day.weekday() < 5:  # noqa: PLR2004  (Monday to Friday)
                self._write_day(day)
            day += timedelta(days=1)
        self._add(_at(date(2026, 6, 17), 15, 0), self._plan)

    def _write_day(self, day: date) -> None:
        for weekday, hour, marketer, source, campaign, tiers in BATCHES:
            if weekday == day.weekday():
                leads = " ".join(
                    f"{tier}={max(2, count + self.random.randint(-2, 2))}" for tier, count in tiers.items()
                )
                line = f'/sla log {source.replace(" ", "-")} "{campaign}" {leads}'
                self._add(
                    _at(day, hour, self.random.randint(0, 40)),
                    partial(self._log, marketer.id, line),
                )
        for hour in self.random.sample(DEMO_HOURS, k=self.random.choice((0, 1, 1, 2))):
            minute = self.random.randint(0, 45)
            late = self.random.random() < 0.2  # noqa: PLR2004  (one in five is handed over late)
            arrived = _at(day, hour, minute) - timedelta(minutes=25 if late else 6)
            local = arrived.astimezone(ZoneInfo(ZONE))
            count = self.random.choice((1, 1, 2))
            line = f'/sla log demo-request "Website form" A={count} arrived {local:%H:%M}'
            marketer = self.random.choice(MARKETERS)
            self._add(_at(day, hour, minute), partial(self._log, marketer.id, line))

    def _log(self, marketer: str, line: str) -> None:
        answer = self.sandbox.command(marketer, CHANNEL, line)
        if not answer.get("ok"):
            raise RuntimeError(f"{line}: {answer}")
        self.number += 1
        is_hand_raiser = "A=" in line
        for step, rep in enumerate(self.random.sample(REPS, k=len(REPS))):
            wait = self.random.randint(3, 25) if is_hand_raiser else self.random.randint(15, 150)
            self._add(
                self.stage.clock.now() + timedelta(minutes=wait + 35 * step * (not is_hand_raiser)),
                lambda who=rep.id, number=self.number, hot=is_hand_raiser: self._decide(
                    who, number, is_hot=hot
                ),
            )

    def _plan(self) -> None:
        self.sandbox.command(MARA.id, CHANNEL, "/sla plan 45 trade-fair 24 Jun")
        self.sandbox.command(MILO.id, CHANNEL, "/sla plan 20 webinar 23 Jun")

    # ---- what Sales does

    def _decide(self, rep: str, number: int, *, is_hot: bool) -> None:
        card = self._card(number)
        if card is None:
            return
        if not is_hot and self.random.random() < 0.3:  # noqa: PLR2004  (three in ten refuse some)
            self._refuse(rep, number)
        self.sandbox.react(rep, CHANNEL, card["ts"], REACTION)
        now = self.stage.clock.now()
        wait = self.random.randint(5, 30) if is_hot else self.random.randint(90, 700)
        self._add(_within_hours(now + timedelta(minutes=wait)), partial(self._touch, rep, number))

    def _refuse(self, rep: str, number: int) -> None:
        undecided = self._leads(number, owner=None)[: self.random.choice((1, 1, 2, 3))]
        if undecided:
            numbers = ",".join(map(str, undecided))
            reason = self.random.choice(REASONS)
            self.sandbox.command(
                rep, CHANNEL, f"/sla reject H-{number} {reason} {numbers} note seen on the call"
            )

    def _touch(self, rep: str, number: int) -> None:
        self.sandbox.command(rep, CHANNEL, f"/sla touch H-{number}")
        days = self.random.randint(2, 9)
        self._add(
            _within_hours(self.stage.clock.now() + timedelta(days=days)), partial(self._close, rep, number)
        )

    def _close(self, rep: str, number: int) -> None:
        for n in self._leads(number, owner=rep):
            (result,) = self.random.choices(*OUTCOMES)
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
        cards = (message for message in self.sandbox.messages(CHANNEL) if message["text"].startswith(f"H-{number}:"))
        return next(cards, None)


def _at(day: date, hour: int, minute: int) -> datetime:
    return datetime.combine(day, time(hour, minute), ZoneInfo(ZONE)).astimezone(UTC)


def _within_hours(at: datetime) -> datetime:
    """Move what falls outside hours to the next morning."""
    local = at.astimezone(ZoneInfo(ZONE))
    while local.weekday() > 4 or not 9 <= local.hour < 17:  # noqa: PLR2004  (Friday, nine to five)
        day = local.date() + timedelta(days=local.hour >= 17 or local.weekday() > 4)  # noqa: PLR2004
        local = datetime.combine(day, time(9, 20 + local.minute % 30), ZoneInfo(ZONE))
        if local.weekday() > 4:  # noqa: PLR2004
            continue
    return local.astimezone(UTC)
