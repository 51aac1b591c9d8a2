"""A tiny Bolt app, a clock that stands, and how they meet the sandbox."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from slack_bolt import App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_bolt.authorization import AuthorizeResult
from slack_sdk import WebClient

from bot.sandbox.server import Sandbox

Json = dict[str, Any]
MODAL: Json = {
    "type": "modal",
    "callback_id": "log",
    "title": {"type": "plain_text", "text": "Log leads"},
    "submit": {"type": "plain_text", "text": "Log"},
    "blocks": [
        {
            "type": "input",
            "block_id": "count",
            "label": {"type": "plain_text", "text": "How many"},
            "element": {
                "type": "number_input",
                "action_id": "count",
                "is_decimal_allowed": False,
                "min_value": "1",
            },
        }
    ],
}


@dataclass
class Clock:
    """A clock that stands until it is moved."""

    at: float = 1_780_300_800.0

    def __call__(self) -> float:
        return self.at

    def move(self, seconds: float) -> None:
        self.at += seconds


@dataclass
class Bot:
    """A tiny Bolt app: it notes what reaches it and does what the test put in `does`."""

    sandbox: Sandbox
    client: WebClient
    heard: list[Json] = field(default_factory=list)
    headers: list[Json] = field(default_factory=list)
    does: Callable[..., None] = lambda ack, **_: ack()
    lock: threading.Lock = field(default_factory=threading.Lock)

    def app(self) -> App:
        me = AuthorizeResult(
            enterprise_id=None,
            team_id="T0SANDBOX",
            bot_token=self.sandbox.bot_token,
            bot_id="B0BATON",
            bot_user_id="U0BATON",
        )
        app = App(
            client=self.client,
            authorize=lambda **_: me,
            signing_secret=self.sandbox.signing_secret,
            process_before_response=True,
        )

        def listener(ack: Any, body: Json, request: Any) -> None:
            with self.lock:
                self.heard.append(body)
                self.headers.append(request.headers)
            self.does(ack, body=body, client=self.client)

        app.command("/sla")(listener)
        app.event("reaction_added")(listener)
        app.event("reaction_removed")(listener)
        app.event("app_home_opened")(listener)
        app.event("user_change")(listener)
        app.event("message")(listener)
        for kind in ("block_actions", "view_submission", "view_closed", "shortcut"):
            app.use(_route(kind, listener))
        return app


def _route(kind: str, listener: Callable[..., None]) -> Callable[..., Any]:
    def middleware(body: Json, ack: Any, request: Any, next_: Callable[[], Any]) -> Any:
        if body.get("type") != kind:
            return next_()
        listener(ack, body, request)
        return ack.response

    return middleware


def connect(slack: Sandbox, app: App) -> SocketModeHandler:
    """Connect one Socket Mode client and wait for its hello."""
    before = slack.connections
    handler = SocketModeHandler(app, slack.app_token)
    handler.connect()  # type: ignore[no-untyped-call]
    until(lambda: slack.connections > before)
    return handler


def until(holds: Callable[[], bool], seconds: float = 20) -> None:
    """Wait for something that another thread brings about."""
    last = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < last, "it did not come about"
        time.sleep(0.005)


def hang_up(slack: Sandbox, handler: SocketModeHandler) -> None:
    """Close a client without waiting out its timeouts."""
    client = handler.client
    client.auto_reconnect_enabled = client.default_auto_reconnect_enabled = False
    slack.drop_connections()
    until(lambda: not client.is_connected())
    # Its thread waits a second for the next message: there is none to come.
    client.closed = True
    client.enqueue_message("")
    handler.close()  # type: ignore[no-untyped-call]
