"""Socket Mode: the bot's WebSocket connections, envelopes out and acknowledgements in."""

import asyncio
import json
from dataclasses import dataclass, field
from typing import Any

from starlette.websockets import WebSocket, WebSocketDisconnect

from bot.sandbox.refusals import Json
from bot.sandbox.workspace import Workspace

MOST_CONNECTIONS = 10
NEVER_ACKED = "timeout"


@dataclass(frozen=True)
class Answer:
    """What came back for a delivery: acknowledged with this body, or not and why."""

    is_acked: bool
    body: Any = None
    failure: str = ""
    status: int = 200
    may_retry: bool = True


@dataclass
class Connection:
    socket: WebSocket
    waiting: dict[str, asyncio.Future[Answer]] = field(default_factory=dict)
    is_leaving: bool = False


class Sockets:
    """All open connections of the app; each envelope goes to one of them, in turn."""

    def __init__(self, slack: Workspace, ack_seconds: float) -> None:
        self._slack = slack
        self._ack_seconds = ack_seconds
        self._turn = 0
        self.connections: list[Connection] = []
        self.accepted = 0

    async def serve(self, socket: WebSocket) -> None:
        """Hold one connection from hello to its end."""
        ticket = socket.query_params.get("ticket", "")
        if ticket not in self._slack.tickets:
            await socket.close(4401)
            return
        self._slack.tickets.discard(ticket)
        await socket.accept()
        if len(self.connections) >= MOST_CONNECTIONS:
            await self._goodbye(Connection(socket), "too_many_websockets")
            return
        connection = Connection(socket)
        await socket.send_text(json.dumps(self._hello()))
        self.connections.append(connection)
        self.accepted += 1
        try:
            while True:
                self._read(connection, await socket.receive_text())
        except (WebSocketDisconnect, RuntimeError):
            pass  # RuntimeError: Starlette's word for a socket closed from our side
        finally:
            self._forget(connection)

    def _hello(self) -> Json:
        debug = {"host": "sandbox", "build_number": 1, "approximate_connection_time": 18060}
        return {
            "type": "hello",
            "num_connections": len(self.connections) + 1,
            "debug_info": debug,
            "connection_info": {"app_id": self._slack.app_id},
        }

    def _read(self, connection: Connection, text: str) -> None:
        try:
            envelope = json.loads(text)
        except ValueError:
            return
        future = connection.waiting.pop(str(envelope.get("envelope_id")), None)
        if future and not future.done():
            future.set_result(Answer(is_acked=True, body=envelope.get("payload")))

    def _forget(self, connection: Connection) -> None:
        if connection in self.connections:
            self.connections.remove(connection)
        for future in connection.waiting.values():
            if not future.done():
                future.set_result(Answer(is_acked=False, failure="connection_failed", status=0))

    async def send(self, kind: str, payload: Json, *, attempt: int = 0, reason: str = "") -> Answer:
        """Send one envelope and wait for its acknowledgement."""
        open_ones = [connection for connection in self.connections if not connection.is_leaving]
        if not open_ones:
            return Answer(is_acked=False, failure="connection_failed", status=0)
        self._turn += 1
        connection = open_ones[self._turn % len(open_ones)]
        envelope: Json = {
            "envelope_id": self._slack.next_id("envelope"),
            "type": kind,
            "payload": payload,
            "accepts_response_payload": kind != "events_api",
        }
        if kind == "events_api":
            envelope |= {"retry_attempt": attempt, "retry_reason": reason}
        future: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        connection.waiting[envelope["envelope_id"]] = future
        try:
            await connection.socket.send_text(json.dumps(envelope))
            return await asyncio.wait_for(future, self._ack_seconds)
        except TimeoutError:
            return Answer(is_acked=False, failure=NEVER_ACKED, status=0)
        except (WebSocketDisconnect, RuntimeError):
            return Answer(is_acked=False, failure="connection_failed", status=0)
        finally:
            connection.waiting.pop(envelope["envelope_id"], None)

    async def disconnect(self, reason: str) -> None:
        """Say goodbye on every connection; `warning` leaves it open, the others close it."""
        for connection in list(self.connections):
            await self._goodbye(connection, reason)

    async def drop(self) -> None:
        """Cut every connection without a word."""
        for connection in list(self.connections):
            self._forget(connection)
            await connection.socket.close(1011)

    async def _goodbye(self, connection: Connection, reason: str) -> None:
        frame = {"type": "disconnect", "reason": reason, "debug_info": {"host": "sandbox"}}
        connection.is_leaving = True
        await connection.socket.send_text(json.dumps(frame))
        if reason != "warning":
            await connection.socket.close(1000)
