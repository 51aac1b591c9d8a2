"""An office on this machine: a store, a small Slack, a clock moved by hand, and the bot between them."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from pydantic import SecretStr
from slack_bolt import App, BoltRequest, BoltResponse
from sqlalchemy import select
from sqlmodel import SQLModel

from bot.app import bolt
from bot.context import Context
from bot.gateway import Gateway
from bot.jobs import deliver, people, tick
from bot.jobs.rendering import render
from bot.sandbox.driving import Driving
from bot.sandbox.server import Sandbox
from bot.services import agreements, posted, setup, versions, workspaces
from bot.settings import Settings
from bot.store import migrate
from sla_rules.starter import StarterValues, starter
from tests import isolation, stores
from tests.sandbox.small_bot import connect, hang_up
from tests.twin import ours

MONDAY = datetime(2026, 6, 15, 8, 0, tzinfo=UTC)
"""10:00 in Berlin."""
TEAM, CHANNEL, ELSEWHERE = "T0SANDBOX", "CSLA", "CELSE"
MAYA, MIKE, SARA, REP1, REP2 = "UMAYA", "UMIKE", "USARA", "UREP1", "UREP2"
ALAN, GUEST = "UALAN", "UGUEST"
"""A colleague of neither side, and a guest."""
MANIFEST = Path(__file__).parents[2] / "manifest.yml"
UNBOUNDED = 1_000_000
"""Inputs of one person in a minute, where the clock stands."""
KEPT = [table for table in SQLModel.metadata.sorted_tables if table.name != "person"]
"""All tables but the one that also keeps whom the bot has yet to ask Slack about."""
VALUES = StarterValues(
    name="DACH",
    marketing_lead=MAYA,
    marketing_manager=MAYA,
    marketing_members=(MAYA, MIKE),
    sales_lead=SARA,
    sales_manager=SARA,
    sales_members=(SARA, REP1, REP2),
    sales_rota=(REP1, REP2),
    zone="Europe/Berlin",
    review_on=date(2026, 9, 15),
)


PATIENCE_S = 30
"""For an answer of the bot: that it takes Slack's three seconds at most is measured, not tested."""


@dataclass
class HandClock:
    """A clock that stands until it is moved."""

    at: datetime = MONDAY

    def now(self) -> datetime:
        return self.at

    def sleep(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)


def new_slack(clock: HandClock) -> Sandbox:
    slack = Sandbox(now=lambda: clock.now().timestamp(), manifest=MANIFEST, ack_seconds=PATIENCE_S)
    slack.ignore_rates()
    move_in(slack)
    return slack


def move_in(slack: Driving) -> None:
    """Bring the people and the channels into a workspace."""
    for user in (MAYA, MIKE, SARA, REP1, REP2, ALAN):
        slack.add_person(user[1:].lower(), id=user, tz="Europe/Berlin")
    slack.add_person("guest", id=GUEST, is_restricted=True)
    everyone = [MAYA, MIKE, SARA, REP1, REP2, ALAN, GUEST]
    slack.add_channel("sla", everyone, id=CHANNEL)
    slack.add_channel("elsewhere", everyone, id=ELSEWHERE)


@dataclass
class Office:
    """All parts, and short ways to say what a test does with them."""

    context: Context
    slack: Driving
    clock: HandClock
    app: App

    # --- what happens by itself ---------------------------------------------------------------------

    def settle(self) -> None:
        """Deliver what is due, a little later each time, until nothing is."""
        for _ in range(30):
            self.clock.at += timedelta(seconds=2)
            if not self.deliver():
                return

    def deliver(self) -> int:
        """Deliver what is due at this moment; gives on how many notices was worked."""
        return deliver.run(self.context, render, posted.card_appeared)

    def after(self, **span: float) -> None:
        """Move the clock, look at the clocks that are due, and deliver."""
        self.clock.at += timedelta(**span)
        tick.run(self.context)
        self.settle()

    def meet(self) -> None:
        """Ask Slack about the people who are named."""
        people.run(self.context)

    # --- what people do -----------------------------------------------------------------------------

    def type(self, user: str, line: str, channel: str = CHANNEL) -> str:
        """Type a command; gives the text that is answered, all of it."""
        answer = self.slack.command(user, channel, line)
        assert answer["ok"], answer
        return everything_said(answer["message"]) if answer["message"] else ""

    def press(self, user: str, where: Mapping[str, Any], action: str, value: Any = None) -> str:
        """Press a button; gives the hint that follows, if one does."""
        before = self.hints(user)
        answer = self.slack.press(user, dict(where), action, value)
        assert answer["ok"], answer
        return "\n".join(self.hints(user)[len(before) :])

    def react(
        self, user: str, where: Mapping[str, Any], *, is_on: bool = True, name: str = "white_check_mark"
    ) -> str:
        before = self.hints(user)
        act = self.slack.react if is_on else self.slack.unreact
        assert act(user, where["channel"], where["ts"], name)["acked"]
        return "\n".join(self.hints(user)[len(before) :])

    def submit(self, user: str, **fields: Any) -> dict[str, Any]:
        """Fill in the modal on top and submit it."""
        return self.slack.submit(user, {name: {"value": value} for name, value in fields.items()})

    def dispatch(self, body: Mapping[str, Any], **headers: str) -> BoltResponse:
        """Hand a body to the bot as Socket Mode does."""
        lists: dict[str, str | Sequence[str]] = {
            name.replace("_", "-"): [value] for name, value in headers.items()
        }
        return self.app.dispatch(BoltRequest(body=dict(body), mode="socket_mode", headers=lists))

    # --- what is seen -------------------------------------------------------------------------------

    def hints(self, user: str) -> list[str]:
        """List what was shown to one person alone."""
        calls = [call.body for call in self.slack.calls("chat.postEphemeral")]
        return [everything_said(call) for call in calls if call["user"] == user]

    def card(self, number: int = 1) -> Mapping[str, Any]:
        """Find the card of a handoff in the channel."""
        cards = [one for one in self.slack.messages(CHANNEL) if f"H-{number}" in one["text"]]
        return cards[0]

    def dm(self, user: str) -> Mapping[str, Any]:
        """Give the newest message of the bot to a person."""
        return self.slack.dms(user)[-1]

    def view(self, user: str) -> dict[str, Any]:
        """Give the modal on top."""
        return self.slack.views(user)[-1]

    def rows(self) -> dict[str, list[Any]]:
        """Read all that an act could have changed."""
        with self.context.engine.connect().execution_options(ro=True) as connection:
            read = {table.name: connection.execute(select(table).where(ours(table))) for table in KEPT}
            return {name: [tuple(row) for row in rows] for name, rows in read.items()}


def everything_said(message: Mapping[str, Any]) -> str:
    """Read all text of a message or a view."""
    return "\n".join([str(message.get("text") or ""), *_texts(message.get("blocks") or [])])


def _texts(node: Any) -> Iterator[str]:
    if isinstance(node, Mapping):
        if isinstance(node.get("text"), str):
            yield node["text"]
        for value in node.values():
            yield from _texts(value)
    elif isinstance(node, list):
        for one in node:
            yield from _texts(one)


@contextmanager
def opened(folder: Path, *, is_signed: bool = True) -> Iterator[Office]:
    """Open an office: with an agreement in force, or with none."""
    clock = HandClock()
    engine = stores.engine(folder / "baton.db")
    migrate(engine)
    with new_slack(clock) as slack, isolation.held(engine):
        context = Context(engine, clock, Gateway(slack.bot_token, slack.api_url))
        with context.transaction() as session:
            workspaces.remember(session, TEAM, "Sandbox", "U0BATON", clock.now(), bot_id="B0BATON")
        app = new_app(slack, context)
        handler = connect(slack, app)
        office = Office(context, slack, clock, app)
        try:
            if is_signed:
                sign(office)
            yield office
        finally:
            hang_up(slack, handler)
            engine.dispose()


def new_app(slack: Sandbox, context: Context) -> App:
    settings = Settings(
        slack_api_url=slack.api_url,
        slack_signing_secret=SecretStr(slack.signing_secret),
        inputs_a_minute=UNBOUNDED,
    )
    return bolt(settings, context)


def sign(office: Office, workspace_id: int = 1, values: StarterValues = VALUES) -> None:
    """Put the agreement of its channel into force."""
    now = office.clock.now()
    with office.context.transaction() as session:
        proposal = setup.Proposal(starter(values), CHANNEL, MAYA)
        made = setup.create(session, workspace_id, proposal, now, "setup")
    office.meet()
    with office.context.transaction() as session:
        agreed = agreements.by_id(session, workspace_id, made.id)
        text_hash = versions.named(session, agreed, 1).sha256
        for lead in (MAYA, SARA):
            agreed = versions.sign(session, agreed, 1, text_hash, lead, now)
    office.settle()
