"""The HTTP server: Slack's inputs go past the guard to a pool of threads, and health is answered at once."""

import asyncio
import logging
import socket
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from threading import Thread

import uvicorn
from slack_bolt import App, BoltRequest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from bot import metrics
from bot.http import guard
from bot.http.guard import Turned
from bot.http.hurry import Hurried

log = logging.getLogger(__name__)

EVENTS = "/slack/events"
"""The one path that Slack is told: for commands, interactions and events."""
BODY_SECONDS = 10
FINISH_SECONDS = 6
MOST_CONNECTIONS = 2_000
TOO_LATE, TOO_LONG = 408, 413
NO_MORE = {"Connection": "close"}
"""Whoever was turned away is not listened to further: what is left of the body is not read."""


@dataclass(frozen=True, slots=True)
class Door:
    """Where Slack knocks: what it signed reaches the Bolt app, in a thread of its own pool."""

    app: App
    secret: str
    app_id: str
    now: Callable[[], datetime]
    pool: ThreadPoolExecutor

    async def answer(self, request: Request) -> Response:
        """Answer one request of Slack's, or of whoever pretends to be."""
        try:
            asked = await self._read(request)
        except Turned as turned:
            metrics.TURNED_AWAY.labels(turned.why).inc()
            return Response(status_code=turned.status, headers=NO_MORE)
        if "ssl_check" in asked:
            return Response()
        if asked.get("type") == "url_verification":
            return JSONResponse({"challenge": asked["challenge"]})
        # Our listeners wait for the store: on the loop one slow one would stop all.
        working = asyncio.get_running_loop().run_in_executor(self.pool, self._work, request.headers, asked)
        return await working

    async def _read(self, request: Request) -> guard.Body:
        headers = request.scope["headers"]
        guard.look(headers)
        body = await _body(request)
        guard.verify(headers, body, self.secret, self.now())
        return guard.read(headers, body, self.app_id)

    def _work(self, headers: Mapping[str, str], asked: guard.Body) -> Response:
        # Read and verified already, it enters Bolt as Socket Mode's bodies do: one way for both.
        retries = {name: value for name, value in headers.items() if name.startswith("x-slack-retry-")}
        said = self.app.dispatch(BoltRequest(body=asked, headers={**retries}, mode="socket_mode"))
        return Response(said.body, said.status, {**said.first_headers()})


async def _body(request: Request) -> bytes:
    """Read a body, which may be neither long nor slow. Raises Turned."""
    body = bytearray()
    try:
        async with asyncio.timeout(BODY_SECONDS):
            async for part in request.stream():
                body += part
                if len(body) > guard.MOST_BYTES:
                    raise Turned(TOO_LONG, "size")
    except TimeoutError:
        raise Turned(TOO_LATE, "slow") from None
    return bytes(body)


def listening(host: str, port: int) -> socket.socket:
    """Take the port, so that who cannot have it is told before anything runs. Raises OSError."""
    # A socket that names its protocol is one for which asyncio turns off Nagle's waiting.
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    taken = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        taken.bind((host, port))
        taken.listen()
    except OSError:
        taken.close()
        raise
    return taken


def application(door: Door | None, others: Sequence[BaseRoute]) -> Starlette:
    """Put the routes together; without a door this is for health and metrics alone."""
    ours = [Route(EVENTS, door.answer, methods=["POST"])] if door else []
    return Starlette(routes=[*ours, *others])


@contextmanager
def serving(application: Starlette, taken: socket.socket) -> Iterator[None]:
    """Serve for as long as the block lasts, and let what was begun come to its end."""
    server = uvicorn.Server(
        uvicorn.Config(
            application,
            http=Hurried,
            ws="none",
            lifespan="off",
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=False,
            limit_concurrency=MOST_CONNECTIONS,
            timeout_graceful_shutdown=FINISH_SECONDS,
        )
    )
    thread = Thread(target=server.run, args=[[taken]], name="http", daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.should_exit = True
        thread.join()
