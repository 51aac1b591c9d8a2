"""Kill the real bot at random moments while Slack fails a third of its calls; count what that did."""

import json
import random
import sys
import time
from argparse import ArgumentParser
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from signal import SIGQUIT
from tempfile import TemporaryDirectory
from threading import Event, Thread
from typing import Any, cast

from sqlmodel import col, select

from bot.context import Context
from bot.database import engine_for
from bot.gateway import Gateway
from bot.jobs import deliver
from bot.jobs.rendering import render
from bot.models import Notice
from bot.sandbox.refusals import SlackError
from bot.sandbox.server import Sandbox
from bot.services import outbox, posted, workspaces
from bot.store import migrate
from tests.chaos.bots import FASTER, Bot, FastClock
from tests.jobs.world import HandClock
from tests.postgres import Server
from tests.slack import office as offices
from tests.slack.office import CHANNEL, MAYA, REP1, TEAM, Office

FAULTS = ("close", "accept_then_close", "accept_then_error", "accept_then_truncate", "server_error")
SHARE = 0.06
"""Of posts for each of these: together, with a 429 now and then, three in ten."""
PROCESSES = {"sqlite": 1, "postgresql": 3}
MOST = 0.3
"""Of posts for each, so that in a short run without the look something is doubled for sure."""
RESTARTS = 10
"""How often the database is stopped at once and started again."""
ZOMBIES = 0.1
GROWN_UP = 0.75
"""Of the processes die after they were ready; the others while they begin."""
LIFE_SECONDS = 1.5
DOZE_SECONDS = 120
"""Of its own time: longer than a lease."""


@dataclass
class Run:
    """A Slack, a store, processes that are killed, and somebody who logs handoffs meanwhile."""

    slack: Sandbox
    clock: FastClock
    url: str
    bots: Sequence[Bot]
    chance: random.Random
    is_http: bool
    server: Server | None = None
    acknowledged: list[str] = field(default_factory=list)
    """The numbers of handoffs, as they were told to whoever logged them."""

    def kill(self, kills: int) -> None:
        """Kill one process after another, each at a random moment of its life."""
        for bot in self.bots:
            bot.start()
        for number in range(kills):
            bot = self.chance.choice(self.bots)
            if self.chance.random() < GROWN_UP:
                bot.wait_until_ready()
            time.sleep(self.chance.random() * LIFE_SECONDS)
            if self.server and self.chance.random() < ZOMBIES:
                bot.doze(DOZE_SECONDS)
            if self.server and number % max(kills // RESTARTS, 10) == 5:
                self.server.stop(SIGQUIT)
                self.server.start()
            bot.kill()
            for one in self.bots:
                one.start()
            _progress(number + 1, kills, len(self.acknowledged))

    @contextmanager
    def producing(self) -> Iterator[None]:
        """Log handoffs, and take some, for as long as the block lasts."""
        over = Event()
        threads = [Thread(target=act, args=(over,)) for act in (self._log, self._react)]
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            over.set()
            for thread in threads:
                thread.join()

    def _log(self, over: Event) -> None:
        number = 0
        while not over.wait(self.chance.random() * 0.5):
            number += 1
            answer = self._reach().command(MAYA, CHANNEL, f"/sla log webinar c{number} C=1")
            said = offices.everything_said(answer["message"]) if answer.get("message") else ""
            self.acknowledged += [word for word in said.split() if word.startswith("H-")][:1]

    def _react(self, over: Event) -> None:
        while not over.wait(self.chance.random()):
            cards = [one for one in self.slack.messages(CHANNEL) if "H-" in one["text"]]
            if cards:
                with suppress(SlackError):  # it is on that card already
                    self._reach().react(REP1, CHANNEL, self.chance.choice(cards)["ts"], "white_check_mark")

    def _reach(self) -> Sandbox:
        if self.is_http:
            port = self.chance.choice(self.bots).port
            self.slack.parts.delivery.request_url = f"http://127.0.0.1:{port}/slack/events"
        return self.slack

    def count(self) -> dict[str, int]:
        """Let what is owed be told, the clock moved by hand; then hold Slack against the store."""
        for bot in self.bots:
            bot.kill()
        self.slack.heal()
        engine = engine_for(self.url)
        gateway = Gateway(self.slack.bot_token, self.slack.api_url)
        context = Context(engine, HandClock(self.clock.now()), gateway)
        if self.bots[0].looks:  # the sweeper would tidy away what the control is to show
            _settle(context)
        with context.reading() as session:
            notices = session.exec(select(Notice).where(col(Notice.kind) != "home")).all()
        engine.dispose()
        keys = Counter(_keys(self.slack))
        cards = [one for one in notices if one.kind == "card"]
        told = {word.strip("*:·") for one in self.slack.messages(CHANNEL) for word in one["text"].split()}
        missing = {number.strip("*:·.,") for number in self.acknowledged} - told
        is_told = {one.key: one.state == "superseded" or one.shown == one.wanted for one in notices}
        stamps = [one.ts or "" for one in sorted(cards, key=lambda one: one.id or 0)]
        return {
            "acknowledged": len(self.acknowledged),
            "messages": sum(keys.values()),
            "lost": len(missing) + sum(not told for told in is_told.values()),
            "doubled": sum(times - 1 for times in keys.values()),
            "out_of_order": sum(one > other for one, other in pairwise(stamps)),
        }


def _settle(context: Context) -> None:
    """Deliver until nothing is due within two days, stepping from one due instant to the next."""
    clock = cast("HandClock", context.clock)
    clock.at += outbox.LEASE
    deliver.start(context)
    end = clock.at + timedelta(days=2)
    while True:
        with context.reading() as session:
            due = deliver.next_due(session)
        if due is None or due > end:
            return
        clock.at = max(clock.at, due) + timedelta(milliseconds=1)
        deliver.run(context, render, posted.card_appeared)


def _keys(slack: Sandbox) -> Iterator[str]:
    """List the keys of all messages of ours, in channels and DMs."""
    for place in slack.parts.slack.channels.values():
        for message in place.messages.values():
            payload = (message.metadata or {}).get("event_payload") or {}
            if "key" in payload:
                yield payload["key"]


def run(kills: int, store: str, mode: str, *, seed: int, folder: Path, looks: bool = True) -> dict[str, int]:
    """Do it, and give what was lost, doubled, or came out of order."""
    with ExitStack() as held:
        server = held.enter_context(Server(is_durable=True)) if store == "postgresql" else None
        url = server.url if server else f"sqlite:///{folder}/baton.db"
        clock = FastClock()
        slack = held.enter_context(offices.new_slack(cast("Any", clock)))
        _sign(url, slack, clock)
        _break(slack, SHARE if looks else MOST)
        settings, log = _environment(url, slack, mode), f"{folder}/bot.log"
        bots = [Bot(settings, clock, log, looks) for _ in range(PROCESSES[store])]
        for bot in bots:
            held.callback(bot.kill)
        one = Run(slack, clock, url, bots, random.Random(seed), mode == "http", server)
        with one.producing():
            one.kill(kills)
            clock.sleep(DOZE_SECONDS)
        return {"kills": kills, **one.count()}


def _sign(url: str, slack: Sandbox, clock: FastClock) -> None:
    engine = engine_for(url)
    migrate(engine)
    context = Context(engine, clock, Gateway(slack.bot_token, slack.api_url))
    with context.transaction() as session:
        workspaces.remember(session, TEAM, "Sandbox", "U0BATON", clock.now(), bot_id="B0BATON")
    values = replace(offices.VALUES, review_on=clock.now().date() + timedelta(days=90))
    office = Office(context, slack, cast("Any", clock), offices.new_app(slack, context))
    offices.sign(office, values=values)
    engine.dispose()


def _break(slack: Sandbox, share: float) -> None:
    for fault in FAULTS:
        slack.fail("chat.postMessage", fault, times=None, probability=share)
        slack.fail("chat.update", fault, times=None, probability=SHARE / 2)
    for method in ("chat.postMessage", "conversations.history"):
        slack.fail(method, "rate_limited", times=None, probability=SHARE, seconds=5)
    slack.fail("conversations.history", "server_error", times=None, probability=SHARE)


def _environment(url: str, slack: Sandbox, mode: str) -> dict[str, str]:
    return {
        "SLACK_API_URL": slack.api_url,
        "SLACK_BOT_TOKEN": slack.bot_token,
        "SLACK_APP_TOKEN": slack.app_token if mode == "socket" else "",
        "SLACK_SIGNING_SECRET": slack.signing_secret,
        "BATON_DATABASE_URL": url,
        "BATON_MODE": mode,
    }


def _progress(done: int, of: int, acknowledged: int) -> None:
    if sys.stderr.isatty() or done % 25 == 0 or done == of:
        filled = 40 * done // of
        bar = "#" * filled + "." * (40 - filled)
        end = "\r" if sys.stderr.isatty() and done < of else "\n"
        print(f"[{bar}] {done}/{of} kills, {acknowledged} handoffs", end=end, file=sys.stderr, flush=True)


def main(arguments: Sequence[str] | None = None) -> int:
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=1000)
    parser.add_argument("--store", choices=PROCESSES, default="sqlite")
    parser.add_argument("--mode", choices=("socket", "http"), default="socket")
    parser.add_argument("--seed", type=int, default=random.randrange(10**6))
    given = parser.parse_args(arguments)
    print(f"seed {given.seed}, time {FASTER} times as fast", file=sys.stderr)
    with TemporaryDirectory(prefix="baton-chaos-") as folder:
        counted = run(given.kills, given.store, given.mode, seed=given.seed, folder=Path(folder))
        print(json.dumps(counted))
    return int(any(counted[fault] for fault in ("lost", "doubled", "out_of_order")))


if __name__ == "__main__":
    raise SystemExit(main())
