"""An office whose Slack speaks HTTP: the real server, the guard, the bot behind it, and any caller."""

import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path

from slack_bolt import App
from starlette.routing import Route

from bot.http import server
from bot.http.health import Health
from bot.jobs.running import Running
from bot.sandbox.driving import Driving
from bot.sandbox.posting import signature
from bot.slack_time import SlackTime
from tests.slack import office as offices
from tests.slack.office import Office

APP_ID = "A0BATON"
JSON, FORM = "application/json", "application/x-www-form-urlencoded"


@dataclass
class Front:
    """The office, and the port at which its server listens."""

    office: Office
    port: int
    running: Running

    def signed(self, body: bytes, kind: str = JSON, *, at: int | None = None) -> dict[str, str]:
        """Make the headers with which Slack would send this body now."""
        stamp = str(int(time.time()) if at is None else at)
        return {
            "Content-Type": kind,
            "X-Slack-Request-Timestamp": stamp,
            "X-Slack-Signature": signature(self.office.slack.parts.slack.signing_secret, stamp, body),
        }

    def send(self, body: bytes, headers: Mapping[str, str], path: str = server.EVENTS) -> tuple[int, bytes]:
        """Post a body with these headers and no others; gives status and body of the answer."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=15)
        try:
            connection.request("POST", path, body, dict(headers))
            return _read(connection.getresponse())
        finally:
            connection.close()

    def get(self, path: str) -> tuple[int, str]:
        """Fetch one of the addresses for whoever runs Baton."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=15)
        try:
            connection.request("GET", path)
            status, body = _read(connection.getresponse())
            return status, body.decode()
        finally:
            connection.close()


def _read(answer: HTTPResponse) -> tuple[int, bytes]:
    return answer.status, answer.read()


@contextmanager
def opened(folder: Path, *, is_signed: bool = False) -> Iterator[Front]:
    """Open an office behind its HTTP server."""
    running = Running(SlackTime(machine_now))
    with offices.opened(folder, is_signed=is_signed) as office:
        health = Health(office.context, running, lambda: True)
        with by_http(office.slack, office.app, health.routes()) as port:
            yield Front(office, port, running)


@contextmanager
def by_http(slack: Driving, app: App, others: Sequence[Route] = ()) -> Iterator[int]:
    """Have Slack reach the bot over HTTP for as long as the block lasts; gives the port."""
    taken = server.listening("127.0.0.1", 0)
    port = taken.getsockname()[1]
    with ThreadPoolExecutor(4) as pool:
        door = server.Door(app, slack.parts.slack.signing_secret, APP_ID, machine_now, pool)
        with server.serving(server.application(door, others), taken):
            slack.parts.delivery.request_url = f"http://127.0.0.1:{port}{server.EVENTS}"
            yield port
            slack.parts.delivery.request_url = None


def machine_now() -> datetime:
    return datetime.now(UTC)
