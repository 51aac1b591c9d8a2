"""The small Slack as one object: started in a thread, driven by tests and by the demo."""

import asyncio
import socket
import threading
import time
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from typing import Any, Self

import uvicorn

from bot.sandbox import page_api, web
from bot.sandbox.acts import Acts
from bot.sandbox.connections import Cuttable
from bot.sandbox.delivery import DELAYED_EVENTS_SECONDS, Delivery
from bot.sandbox.driving import Driving
from bot.sandbox.faults import Faults
from bot.sandbox.hooks import Hooks
from bot.sandbox.later import Later
from bot.sandbox.manifest import Manifest
from bot.sandbox.parts import Parts
from bot.sandbox.refusals import Json
from bot.sandbox.sockets import Sockets
from bot.sandbox.traffic import Traffic
from bot.sandbox.watchers import Watchers
from bot.sandbox.workspace import Workspace

HOST = "127.0.0.1"
START_SECONDS = 10


class Sandbox(Driving):
    """One workspace served on this machine.

    `now` gives `ts`, `Date`, rates, retries and response URLs their time; acknowledgements and triggers
    go by the machine's clock, and are waited for longer where `ack_seconds` says so. Scopes, events,
    commands and shortcuts come from `manifest` (a file), or from the arguments. `on_clock(move)` serves
    the page's clock. `request_url` chooses HTTP mode.
    """

    def __init__(
        self,
        port: int = 0,
        now: Callable[[], float] = time.time,
        *,
        manifest: Path | None = None,
        scopes: Iterable[str] | None = None,
        events: Iterable[str] | None = None,
        shortcuts: Iterable[Json] | None = None,
        team: str = "Sandbox",
        request_url: str | None = None,
        on_clock: Callable[[str], float | None] | None = None,
        hints: Iterable[Json] = (),
        ack_seconds: float = 3.0,
        seed: int = 0,
    ) -> None:
        asked = Manifest.read(manifest) if manifest else Manifest()
        asked.scopes = list(asked.scopes if scopes is None else scopes)
        asked.events = list(asked.events if events is None else events)
        asked.shortcuts = list(asked.shortcuts if shortcuts is None else shortcuts)
        slack = Workspace(now=now, scopes=asked.scopes, name=team)
        faults, traffic, later = Faults(seed), Traffic(), Later(now)
        slack.triggers.good_for = max(slack.triggers.good_for, ack_seconds)
        sockets, hooks = Sockets(slack, ack_seconds), Hooks(slack)
        delivery = Delivery(
            slack, sockets, faults, traffic, later, events=asked.events, ack_seconds=ack_seconds
        )
        delivery.request_url = request_url
        acts = Acts(slack, delivery, hooks, asked)
        parts = Parts(
            slack, traffic, faults, later, sockets, delivery, hooks, acts, asked, list(hints), on_clock
        )
        super().__init__(parts, asyncio.new_event_loop())
        self.teams = [parts]
        self._socket = _listening(port)
        slack.base_url = f"http://{HOST}:{self.port}"
        self._server: uvicorn.Server | None = None
        self._thread: threading.Thread | None = None

    @property
    def url(self) -> str:
        return self.parts.slack.base_url

    @property
    def port(self) -> int:
        return int(self._socket.getsockname()[1])

    @property
    def api_url(self) -> str:
        return f"{self.url}/api/"

    @property
    def bot_token(self) -> str:
        return self.parts.slack.bot_token

    @property
    def app_token(self) -> str:
        return self.parts.slack.app_token

    @property
    def signing_secret(self) -> str:
        return self.parts.slack.signing_secret

    def start(self) -> Self:
        """Serve from a thread of its own; ready when this returns."""
        watchers = Watchers(self.parts.slack, self._loop)
        self.parts.slack.listeners += [watchers.changed, partial(self._hear, self.parts)]
        self.parts.traffic.listeners.append(watchers.traffic)
        config = uvicorn.Config(
            web.app(self.teams, page_api.routes(self.parts, watchers)),
            http=Cuttable,
            ws="websockets-sansio",
            lifespan="off",
            log_config=None,
            log_level="critical",
            access_log=False,
            date_header=False,
            server_header=False,
            timeout_graceful_shutdown=1,
        )
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._serve, name="sandbox", daemon=True)
        self._thread.start()
        until = time.monotonic() + START_SECONDS
        while not self._server.started:
            if time.monotonic() > until or not self._thread.is_alive():
                raise RuntimeError("the sandbox did not start")
            time.sleep(0.002)
        return self

    def stop(self) -> None:
        """Close all connections and wait for the thread to end."""
        if self._server and self._thread:
            self._server.should_exit = True
            self._thread.join(START_SECONDS)
            self._server = None
        self._socket.close()
        if not self._loop.is_running():
            self._loop.close()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()

    def add_team(self, team_id: str, name: str = "Neighbours") -> Driving:
        """Host another workspace in which people can install the app; the page shows the first alone."""
        parts = self.parts.neighbour(team_id, name)
        parts.slack.listeners.append(partial(self._hear, parts))
        self.teams.append(parts)
        return Driving(parts, self._loop)

    def delay_events(self) -> None:
        """Turn on Slack's Delayed Events: hourly retries for a day after the first three."""
        self.parts.delivery.retry_after = (*self.parts.delivery.retry_after, *DELAYED_EVENTS_SECONDS)

    def _serve(self) -> None:
        asyncio.set_event_loop(self._loop)
        try:
            self._loop.run_until_complete(self._live())
        finally:
            self._loop.run_until_complete(self._loop.shutdown_asyncgens())
            self._loop.run_until_complete(self._loop.shutdown_default_executor())

    async def _live(self) -> None:
        assert self._server is not None  # noqa: S101 - start() made it
        retries = asyncio.create_task(self.parts.later.run())
        await self._server.serve(sockets=[self._socket])
        retries.cancel()

    def _hear(self, parts: Parts, what: str, facts: Json) -> None:
        """Deliver the events that calls of the bot itself bring about."""
        if what == "event":

            def deliver(event: Any = facts["event"]) -> None:
                parts.later.soon(parts.delivery.event(event))

            self._loop.call_soon_threadsafe(deliver)


def _listening(port: int) -> socket.socket:
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listening.bind((HOST, port))
    return listening
