"""The tour of the demo: what there is to do, and doing it for somebody."""

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from importlib.resources import files
from typing import Any

import yaml
from sqlalchemy import select
from sqlmodel import col

from bot.demo.cast import CHANNEL, MARA, RITA, SAM
from bot.demo.looks import LOG, Look
from bot.demo.stage import Stage
from bot.messages.signing import SIGN
from bot.models import AgreementVersion
from bot.sandbox.server import Sandbox
from bot.services import workspaces

WORDS = yaml.safe_load(files("bot.demo").joinpath("tour.yml").read_text(encoding="utf-8"))
CHECK = "white_check_mark"
TARGET = re.compile(r"(metric: qualified_leads, target: )(\d+)")
LESS = 20


@dataclass(frozen=True, slots=True)
class Tour:
    """Counts what happened from `begun_at` on, by whatever way; nothing is ticked off that was not done."""

    stage: Stage
    sandbox: Sandbox
    begun_at: datetime

    def stations(self) -> list[dict[str, Any]]:
        """List the stations as bot/sandbox/tour.py says."""
        with self.looking() as look:
            seen = {words["id"]: getattr(look, words["id"])() for words in WORDS}
        return [
            words | {"is_done": is_done, "show": show}
            for words in WORDS
            for is_done, show in [seen[words["id"]]]
        ]

    def do(self, station: str) -> None:
        """Act as the people of a station; what it stands on is done first."""
        DOING[station](self)

    @contextmanager
    def looking(self) -> Iterator[Look]:
        """Look at what happened so far."""
        opened = self.sandbox.parts.slack.channel(CHANNEL).opened
        with self.stage.context.reading() as session:
            workspace = workspaces.by_team(session, self.sandbox.parts.slack.team_id)
            yield Look(session, workspace, self.begun_at, self.stage.clock.now(), opened)

    def log(self) -> None:
        self.sandbox.command(MARA.id, CHANNEL, LOG)
        self.stage.settle_now()

    def accept(self) -> None:
        if not self._card():
            self.log()
        if not self._card():  # logged out of hours, it stands in the channel when they begin
            self.stage.move("next_morning")
        self.sandbox.react(RITA.id, CHANNEL, self._card(), CHECK)
        self.stage.settle_now()

    def _card(self) -> str:
        with self.looking() as look:
            card = look.newest("card")
            return card.ts or "" if card else ""

    def sign(self) -> None:
        """Propose where nothing is proposed; then sign for whoever has not."""
        with self.looking() as look:
            _, show = look.sign()
        if "ts" not in show:
            self._propose()
        for lead in (MARA, SAM):
            with self.looking() as look:
                is_done, show = look.sign()
            if not is_done and show["as"] == lead.id:
                self.sandbox.press(lead.id, {"channel": show["c"], "ts": show["ts"]}, SIGN)
                self.stage.settle_now()

    def _propose(self) -> None:
        """Send the agreement back with another target, and put it to both leads."""
        changed = TARGET.sub(lambda found: f"{found[1]}{int(found[2]) - LESS}", self._text_in_force())
        file = self.sandbox.add_file(MARA.id, "agreement.yml", changed.encode())
        self.sandbox.command(MARA.id, CHANNEL, "/sla agreement upload")
        self.sandbox.submit(MARA.id, {"file": {"value": [file]}})
        self.sandbox.dismiss(MARA.id)
        self.sandbox.command(MARA.id, CHANNEL, "/sla propose")
        self.stage.settle_now()

    def _text_in_force(self) -> str:
        with self.looking() as look:
            texts = select(col(AgreementVersion.text)).where(
                col(AgreementVersion.workspace_id) == look.workspace_id,
                col(AgreementVersion.state) == "in_force",
            )
            return look.session.scalars(texts.order_by(col(AgreementVersion.version).desc())).first() or ""


DOING: Mapping[str, Callable[[Tour], object]] = {
    "log": Tour.log,
    "accept": Tour.accept,
    "afternoon": lambda tour: tour.stage.move("evening"),
    "digest": lambda tour: tour.stage.move("next_monday"),
    "sign": Tour.sign,
}
