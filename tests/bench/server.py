"""Bolt apps behind one HTTP server in a process of its own, and a caller that signs like Slack."""

import json
import logging
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from http.client import HTTPConnection
from itertools import count
from pathlib import Path
from urllib.parse import urlencode

import uvicorn
from slack_bolt import Ack, App
from slack_bolt.adapter.starlette.handler import to_bolt_request, to_starlette_response
from slack_bolt.authorization import AuthorizeResult
from slack_sdk import WebClient
from slack_sdk.signature import SignatureVerifier
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot import app as baton
from bot.context import Clock
from bot.demo import cast
from bot.sandbox.server import Sandbox
from bot.settings import Settings

SECRET = "bench"
NUMBER = count(1)


def build(sandbox: Sandbox, path: Path, clock: Clock) -> baton.Baton:
    """Put the whole bot together over a store."""
    settings = Settings(
        database_url=f"sqlite:///{path}",
        slack_bot_token=sandbox.bot_token,
        slack_signing_secret=SECRET,
        slack_api_url=sandbox.api_url,
        inputs_a_minute=1_000_000,
    )
    return baton.build(settings, clock)


def bare(act: Callable[[], object] = lambda: None) -> App:
    """Make a Bolt app as ours is, that does one thing and says one word."""
    identity = AuthorizeResult(
        enterprise_id=None, team_id="T0SANDBOX", bot_id="B1", bot_user_id="U0BATON", bot_token="xoxb-1"
    )
    app = App(
        client=WebClient("xoxb-1"),
        signing_secret=SECRET,
        authorize=lambda enterprise_id, team_id, user_id: identity,
        process_before_response=True,
    )

    def echo(ack: Ack) -> None:
        act()
        ack("done")

    app.command("/sla")(echo)
    return app


def serve(apps: Mapping[str, App]) -> None:
    """Serve each app under its name, and tell the port on the first line."""
    logging.disable(logging.WARNING)
    server = Starlette(
        routes=[Route(f"/{name}", _endpoint(app), methods=["POST"]) for name, app in apps.items()]
    )
    # A socket that names its protocol is one for which asyncio turns off Nagle's waiting.
    door = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    door.bind(("127.0.0.1", 0))
    door.listen()
    print(door.getsockname()[1], flush=True)
    uvicorn.Server(uvicorn.Config(server, log_level="critical", access_log=False)).run(sockets=[door])


def _endpoint(app: App) -> Callable[[Request], object]:
    async def endpoint(request: Request) -> Response:
        asked = to_bolt_request(request, await request.body())
        return to_starlette_response(await run_in_threadpool(app.dispatch, asked))

    return endpoint


@contextmanager
def started(module: str, *arguments: object) -> Iterator["Caller"]:
    """Run a module that serves, for as long as the block lasts."""
    command = [sys.executable, "-m", module, *map(str, arguments)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        try:
            yield Caller(int(process.stdout.readline()))
        finally:
            process.kill()


class Caller:
    """Types commands as Slack passes them on, over one connection that is kept."""

    def __init__(self, port: int) -> None:
        self.connection = HTTPConnection("127.0.0.1", port)
        self.connection.connect()
        self.connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def command(self, path: str, text: str) -> bytes:
        """Type `/sla` with a text, signed, and wait for the acknowledgement."""
        body = urlencode(
            {
                "token": "t",
                "team_id": "T0SANDBOX",
                "user_id": cast.MARA.id,
                "channel_id": cast.CHANNEL,
                "command": "/sla",
                "text": text,
                "trigger_id": f"bench.{next(NUMBER)}",
                "response_url": "https://hooks.slack.com/commands/1",
            }
        )
        at = str(int(time.time()))
        signature = SignatureVerifier(SECRET).generate_signature(timestamp=at, body=body)
        headers = {
            "Content-Type": "application/x-www-form-urlencoded",
            "X-Slack-Request-Timestamp": at,
            "X-Slack-Signature": signature or "",
        }
        self.connection.request("POST", f"/{path}", body, headers)
        answer = self.connection.getresponse()
        said = answer.read()
        assert answer.status == 200, (answer.status, said)
        return said

    def said(self, path: str, text: str) -> str:
        """Give the words of the answer."""
        return str(json.loads(self.command(path, text))["text"])
