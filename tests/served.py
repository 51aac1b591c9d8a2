"""`baton run` as a process of its own, beside a Slack in which an agreement is in force."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Thread
from typing import cast
from urllib.error import HTTPError
from urllib.request import urlopen

from bot.context import Context
from bot.gateway import Gateway
from bot.sandbox.server import Sandbox
from bot.services import workspaces
from tests import stores
from tests.sandbox.small_bot import until
from tests.slack import office as offices
from tests.slack.office import TEAM, HandClock, Office

RUN = [sys.executable, "-m", "bot", "run"]


class MachineHand:
    """The machine's clock, for an office that moves its own."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    at = property(lambda self: self.now(), lambda _self, _at: None)


@dataclass
class Process:
    """A bot that runs, and what it said so far."""

    process: "subprocess.Popen[str]"
    said: list[str]

    @property
    def port(self) -> int:
        return int(next(found[1] for line in self.said if (found := re.search(r"port (\d+)", line))))

    def get(self, path: str) -> tuple[int, str]:
        try:
            with urlopen(f"http://127.0.0.1:{self.port}{path}") as answer:
                return answer.status, answer.read().decode()
        except HTTPError as error:
            with error:
                return error.code, error.read().decode()

    def stop(self) -> tuple[int, float]:
        """Ask politely to end; gives the exit code and how long that took."""
        began = time.monotonic()
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(15), time.monotonic() - began


@contextmanager
def workspace(folder: Path) -> Iterator[tuple[Sandbox, Context]]:
    """Open a Slack in which an agreement is in force since a moment, with its store."""
    clock = cast("HandClock", MachineHand())
    with offices.new_slack(clock) as slack:
        context = Context(stores.engine(folder / "baton.db"), clock, Gateway(slack.bot_token, slack.api_url))
        with context.transaction() as session:
            workspaces.remember(session, TEAM, "Sandbox", "U0BATON", clock.now(), bot_id="B0BATON")
        values = replace(offices.VALUES, review_on=clock.now().date() + timedelta(days=90))
        offices.sign(Office(context, slack, clock, offices.new_app(slack, context)), values=values)
        yield slack, context


def surroundings(slack: Sandbox, folder: Path, way: str) -> dict[str, str]:
    """Give the environment of a bot in this Slack, which takes any free port."""
    secret = {"SLACK_SIGNING_SECRET": slack.signing_secret} if way == "http" else {}
    own = {
        "SLACK_API_URL": slack.api_url,
        "SLACK_BOT_TOKEN": slack.bot_token,
        "SLACK_APP_TOKEN": "" if secret else slack.app_token,
        "BATON_DATABASE_URL": stores.url(folder / "baton.db"),
        "BATON_PORT": "0",
        "BATON_INPUTS_A_MINUTE": "1000000",
    }
    return os.environ | own | secret


@contextmanager
def running(slack: Sandbox, folder: Path, way: str, **more: str) -> Iterator[Process]:
    """Run the bot in a process until the block ends, however it ends."""
    environment = surroundings(slack, folder, way) | more
    with subprocess.Popen(RUN, env=environment, stderr=subprocess.PIPE, text=True) as process:
        one = Process(process, [])
        Thread(target=lambda: one.said.extend(process.stderr or ()), daemon=True).start()
        try:
            until(lambda: process.poll() is not None or "is ready" in " ".join(one.said), 30)
            assert process.poll() is None, one.said
            if way == "http":
                slack.parts.delivery.request_url = f"http://127.0.0.1:{one.port}/slack/events"
            yield one
        finally:
            process.kill()
            slack.parts.delivery.request_url = None
