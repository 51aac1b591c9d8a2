"""Cuts HTTP connections in the middle, which ASGI has no word for."""

import asyncio

from starlette.requests import Request
from uvicorn.protocols.http.h11_impl import H11Protocol

# Address of the caller → its transport, while the connection is open.
_open: dict[tuple[str, int], asyncio.Transport] = {}


class Cuttable(H11Protocol):
    """uvicorn's HTTP protocol, with its connections remembered by the caller's address."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        _open[transport.get_extra_info("peername")[:2]] = transport

    def connection_lost(self, exc: Exception | None) -> None:
        _open.pop(self.transport.get_extra_info("peername")[:2], None)
        super().connection_lost(exc)


async def cut(request: Request) -> None:
    """Close the connection of a request without an answer."""
    if request.client:
        transport = _open.get((request.client.host, request.client.port))
        if transport:
            transport.abort()
    # Lets uvicorn see the loss before it would answer in our place.
    await asyncio.sleep(0)
    await asyncio.sleep(0)
