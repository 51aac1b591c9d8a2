"""A week in the demo's workspace, told step by step: the real bot, its Slack, and one clock moved by hand."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from sqlmodel import Session, select

from bot.demo.cast import CHANNEL, ZONE
from bot.demo.run import TEXT, Demo, staged
from bot.models import Agreement, Notice
from bot.sandbox.traffic import Call
from bot.services import agreements
from bot.services.agreements import Agreed
from tests import isolation, stores
from tests.http.front import by_http
from tests.sandbox.small_bot import hang_up
from tests.slack.office import everything_said
from tests.twin import ours

CHECK = "white_check_mark"
MOMENT = timedelta(seconds=10)
"""Slack takes one message a second in a channel, and an edit of ours waits its turn."""
BERLIN = ZoneInfo(ZONE)
MONDAY = date(2026, 6, 1)
DAYS = {
    name: MONDAY + timedelta(days=n)
    for name, n in {"mon": 0, "tue": 1, "wed": 2, "thu": 3, "fri": 4, "sat": 5, "next mon": 7}.items()
}
DATE_TOKEN = re.compile(r"<!date\^(\d+)\^[^|>]*\|[^>]*>")


def at(when: str) -> datetime:
    """Read "tue 09:50" as an instant of the week, in Berlin."""
    day, _, clock = when.rpartition(" ")
    return datetime.combine(DAYS[day], time.fromisoformat(clock), BERLIN).astimezone(UTC)


def local(seconds: float) -> datetime:
    """Give an instant on Berlin's wall."""
    return datetime.fromtimestamp(seconds, BERLIN)


def read(message: Mapping[str, Any]) -> str:
    """Read all text of a message, its instants as people in Berlin see them."""
    return DATE_TOKEN.sub(lambda found: f"{local(int(found[1])):%a %H:%M}", everything_said(message))


def value_of(message: Mapping[str, Any], label: str) -> str:
    """Give the value of a message's button by what stands on it."""
    rows = [block["elements"] for block in message["blocks"] if block["type"] == "actions"]
    return next(str(one["value"]) for row in rows for one in row if one["text"]["text"] == label)


@dataclass
class Week:
    """Short ways to say what people do and see."""

    demo: Demo

    # --- time -----------------------------------------------------------------------------------------

    def go(self, when: str) -> None:
        """Move the clock on, doing all that falls due on the way."""
        self.demo.stage.advance(at(when))

    def sleep_until(self, when: str) -> None:
        """Move the clock on while the bot is down: nothing is done on the way."""
        self.demo.stage.clock.move_to(at(when))

    def settle(self) -> None:
        """Let a moment pass, in which the bot says what it has to say."""
        self.demo.stage.advance(self.demo.stage.clock.now() + MOMENT)

    # --- what people do -------------------------------------------------------------------------------

    def type(self, user: str, line: str) -> str:
        """Type a command in the channel; gives what is answered, to this person alone."""
        answer = self.demo.sandbox.command(user, CHANNEL, line)
        assert answer["ok"], answer
        self.settle()
        return read(answer["message"])

    def log_list(self, user: str, source: str, campaign: str, content: bytes) -> str:
        """Log a list of leads by the form; gives what stands in its place afterwards."""
        file = self.demo.sandbox.add_file(user, "leads.csv", content)
        assert self.demo.sandbox.command(user, CHANNEL, "/sla log")["ok"]
        fields = {"source": source, "campaign": campaign, "file": [file]}
        answer = self.demo.sandbox.submit(user, {name: {"value": value} for name, value in fields.items()})
        self.demo.sandbox.dismiss(user)
        self.settle()
        return read(answer["view"])

    def react(self, user: str, number: int, *, is_on: bool = True) -> str:
        """Put ✅ on a card or take it off; gives the private hint that follows, if one does."""
        act = self.demo.sandbox.react if is_on else self.demo.sandbox.unreact
        with self.hinted(user) as hints:
            assert act(user, CHANNEL, self.card(number)["ts"], CHECK)["acked"]
        self.settle()
        return "\n".join(hints)

    def press(self, user: str, where: Mapping[str, Any], action: str, value: Any = None) -> str:
        """Press a button; gives the private hint that follows, if one does."""
        with self.hinted(user) as hints:
            assert self.demo.sandbox.press(user, dict(where), action, value)["ok"]
        self.settle()
        return "\n".join(hints)

    @contextmanager
    def hinted(self, user: str) -> Iterator[list[str]]:
        """Fill a list with what one person alone is shown within the block."""
        before, hints = len(self._hints(user)), list[str]()
        yield hints
        hints += self._hints(user)[before:]

    def _hints(self, user: str) -> list[str]:
        calls = [call.body for call in self.demo.sandbox.calls("chat.postEphemeral")]
        return [read(body) for body in calls if body["user"] == user]

    # --- what is seen ---------------------------------------------------------------------------------

    def card(self, number: int) -> dict[str, Any]:
        """Find the card of a handoff in the channel."""
        return next(
            one for one in self.demo.sandbox.messages(CHANNEL) if re.match(rf"H-{number}\b", one["text"])
        )

    def says(self, number: int) -> str:
        """Read the card of a handoff."""
        return read(self.card(number))

    def dms(self, user: str) -> list[dict[str, Any]]:
        """List what the bot wrote to a person."""
        return [one for one in self.demo.sandbox.dms(user) if "bot_id" in one]

    def kind_of(self, session: Session, message: Mapping[str, Any]) -> str:
        """Say of which kind the notice is that stands in a message."""
        return session.exec(select(Notice.kind).where(ours(Notice)).where(Notice.ts == message["ts"])).one()

    def calls(self, method: str) -> list[Call]:
        """List what the bot asked of Slack by one method, and Slack did."""
        return [call for call in self.demo.sandbox.calls(method) if call.ok]

    # --- what is stored -------------------------------------------------------------------------------

    @contextmanager
    def reading(self) -> Iterator[tuple[Session, Agreed]]:
        """Open the store to read, with the one agreement in it."""
        with self.demo.baton.context.reading() as session:
            row = session.exec(select(Agreement).where(ours(Agreement))).one()
            yield session, agreements.by_id(session, row.workspace_id, row.id or 0)


@contextmanager
def opened(
    folder: Path, *, signed_at: datetime | None = None, text: str = TEXT, over_http: bool = False
) -> Iterator[Week]:
    """Open a week, on Monday at nine unless told otherwise, the agreement signed by both leads."""
    url = stores.url(folder / "baton.db")
    with staged(database_url=url, signed_at=signed_at or at("mon 09:00"), text=text) as demo:
        way = by_http(demo.sandbox, demo.baton.app) if over_http else nullcontext()
        with way, isolation.held(demo.baton.context.engine):
            yield Week(demo)
        hang_up(demo.sandbox, demo.handler)
