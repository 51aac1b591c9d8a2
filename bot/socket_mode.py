"""Socket Mode: the connection by which Slack tells what happens, made anew when it went deaf."""

import json
import logging
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from queue import Empty
from threading import Event, Lock, Thread

from slack_bolt import App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.socket_mode.builtin import SocketModeClient

from bot import logs

log = logging.getLogger(__name__)

CONCURRENCY = 10
"""Listeners that run at the same time."""
CANNOT_CONNECT = (OSError, SlackApiError, SlackClientError)
LOOK_SECONDS = 10.0
DEAF_SECONDS = 60.0
"""Slack answers our pings every five seconds; the client itself gives up a silent connection after twenty."""


@contextmanager
def connected(app: App, app_token: str) -> Iterator["Line"]:
    """Take what Slack sends, for as long as the block lasts; what has come is answered before it ends."""
    line = Line(app, app_token)
    try:
        yield line
    finally:
        line.end()


class Line:
    """The connection in use."""

    def __init__(self, app: App, app_token: str, now: Callable[[], float] = time.time) -> None:
        self._app = app
        self._app_token = app_token
        self._now = now  # the client keeps its times by the machine's clock
        self._lock = Lock()
        self.handler = self._new()

    def _new(self) -> SocketModeHandler:
        made = SocketModeHandler(
            self._app, self._app_token, web_client=self._app.client, concurrency=CONCURRENCY
        )
        made.connect()  # type: ignore[no-untyped-call]
        self._heard_at = self._now()
        return made

    def is_deaf(self) -> bool:
        """Say whether nothing was heard of Slack for a minute."""
        session = self.handler.client.current_session
        if session is not None and session.is_active():
            self._heard_at = max(self._heard_at, session.last_ping_pong_time or 0.0)
        return self._now() - self._heard_at > DEAF_SECONDS

    def mend(self) -> None:
        """Put a new connection in the place of one that went deaf: the old one mends itself no more."""
        with self._lock:
            if not self.is_deaf():
                return
            log.error("nothing was heard over Socket Mode for a minute: connecting anew")
            try:
                deaf, self.handler = self.handler, self._new()
            except CANNOT_CONNECT as error:
                log.error("no new connection: %s", error)  # noqa: TRY400  (it is tried again soon)
                return
        Thread(target=hang_up, args=[deaf], name="hang-up", daemon=True).start()

    @contextmanager
    def watched(self) -> Iterator[None]:
        """Look after the connection for as long as the block lasts."""
        ended = Event()

        def watch() -> None:
            while not ended.wait(LOOK_SECONDS):
                with logs.about(job="line"):
                    self.mend()

        Thread(target=watch, name="line", daemon=True).start()
        try:
            yield
        finally:
            ended.set()

    def end(self) -> None:
        """Answer what has come, then hang up; what comes meanwhile Slack gives to another, or sends again."""
        with self._lock:
            _finish(self.handler.client)
            hang_up(self.handler)


def _finish(client: SocketModeClient) -> None:
    """Read no more, and let every listener that has begun send its acknowledgement."""
    client.auto_reconnect_enabled = client.default_auto_reconnect_enabled = False
    client.current_session_state.terminated = True
    client.closed = True
    client.enqueue_message("")  # its thread waits a second for the next message
    client.message_processor.shutdown()  # type: ignore[no-untyped-call]
    with suppress(Empty):
        while message := client.message_queue.get_nowait():
            client.message_workers.submit(_heard, client, message)
    client.message_workers.shutdown()


def _heard(client: SocketModeClient, message: str) -> None:
    told = json.loads(message)
    if told.get("type") != "disconnect":
        client.run_message_listeners(told, message)


def hang_up(handler: SocketModeHandler) -> None:
    """End the connection at once."""
    # The client holds its lock while it reads, for up to three seconds; a socket that is shut down wakes it.
    handler.client.auto_reconnect_enabled = False
    connection = handler.client.current_session
    if connection is not None and connection.sock is not None:
        with suppress(OSError):
            connection.sock.shutdown(socket.SHUT_RDWR)
    handler.close()  # type: ignore[no-untyped-call]
