"""Slack's own addresses: Web API, response URLs, files, Socket Mode; and how they are made to fail."""

import asyncio
import json
import time
from collections.abc import Callable
from email.utils import formatdate
from typing import Any

from starlette.applications import Starlette
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route, WebSocketRoute
from starlette.websockets import WebSocket

from bot.sandbox import methods, oauth, uploads
from bot.sandbox.connections import cut
from bot.sandbox.faults import Fault, Kind
from bot.sandbox.parts import Parts
from bot.sandbox.refusals import Json, RateLimitError, SlackError
from bot.sandbox.responses import as_json
from bot.sandbox.traffic import Call

ACCEPT_FIRST = (
    Kind.ACCEPT_THEN_CLOSE,
    Kind.ACCEPT_THEN_ERROR,
    Kind.ACCEPT_THEN_HANG,
    Kind.ACCEPT_THEN_TRUNCATE,
)


def app(teams: list[Parts], page: list[BaseRoute]) -> Starlette:
    """Build the whole web side: Slack's addresses, for every workspace, and the page's, for the first."""

    async def api(request: Request) -> Response:
        return await serve_api(teams, request)

    async def hook(request: Request) -> Response:
        named = request.path_params["team"]
        return await serve_hook(_first(teams, lambda one: one.slack.team_id == named), request)

    async def upload(request: Request) -> Response:
        key = request.path_params["key"]
        return await serve_upload(_first(teams, lambda one: key in one.slack.uploads), request)

    async def file(request: Request) -> Response:
        token = _token(request, {})
        return serve_file(_first(teams, lambda one: one.slack.knows(token)), request)

    async def socket(websocket: WebSocket) -> None:
        await teams[0].sockets.serve(websocket)

    routes: list[BaseRoute] = [
        *oauth.routes(teams),
        Route("/api/{method}", api, methods=["GET", "POST"]),
        Route("/hooks/{team}/{key}", hook, methods=["POST"]),
        Route("/upload/v1/{key}", upload, methods=["POST"]),
        Route("/files/{id}/download", file),
        WebSocketRoute("/socket/", socket),
        *page,
    ]
    return Starlette(routes=routes)


def _first(teams: list[Parts], fits: Callable[[Parts], bool]) -> Parts:
    """Find the workspace that something is about; where that is none, the first refuses it."""
    return next((one for one in teams if fits(one)), teams[0])


async def serve_api(teams: list[Parts], request: Request) -> Response:
    """Serve one call of the Web API in the workspace of its token, or fail it as ordered."""
    started = time.perf_counter()
    name = request.path_params["method"]
    args, is_json = await _arguments(request)
    token = _token(request, args)
    parts = _first(teams, lambda one: one.slack.knows(token))
    fault = parts.faults.take((name, "*"), args)
    if fault is None:
        status, answer, headers = _act(parts, name, token, args, is_json=is_json)
        response = _response(parts, answer, status, headers)
    else:
        status, answer, response = await _fail(parts, request, fault, (name, token, args, is_json))
    ms = (time.perf_counter() - started) * 1000
    ok = status == 200 and bool(answer.get("ok"))  # noqa: PLR2004 - HTTP's word for well
    parts.traffic.add(Call(parts.slack.now(), "to_slack", name, ok, status, args, answer, round(ms, 1)))
    return response


def _act(
    parts: Parts, name: str, token: str | None, args: Json, *, is_json: bool
) -> tuple[int, Json, dict[str, str]]:
    try:
        return 200, methods.call(parts.slack, name, token, args, as_json=is_json), {}
    except SlackError as refused:
        return 200, refused.answer(), {}
    except RateLimitError as limited:
        return 429, {"ok": False, "error": "ratelimited"}, {"Retry-After": str(limited.seconds)}


async def _fail(
    parts: Parts, request: Request, fault: Fault, call: tuple[str, str | None, Json, bool]
) -> tuple[int, Json, Response]:
    """Do what the order says; status 0 is a connection cut."""
    name, token, args, is_json = call
    if fault.kind is Kind.DELAY:
        await asyncio.sleep(fault.seconds)
    if fault.kind is Kind.DELAY or fault.kind in ACCEPT_FIRST:
        status, answer, headers = _act(parts, name, token, args, is_json=is_json)
        if fault.kind is Kind.DELAY or status != 200:  # noqa: PLR2004 - HTTP's word for well
            return status, answer, _response(parts, answer, status, headers)
        return await _spoiled(parts, request, fault, answer)
    if fault.kind is Kind.RATE_LIMITED:
        answer = {"ok": False, "error": "ratelimited"}
        return 429, answer, _response(parts, answer, 429, {"Retry-After": str(int(fault.seconds))})
    if fault.kind is Kind.SERVER_ERROR:
        return fault.status, {"ok": False}, Response("upstream error", fault.status, {"Date": _date(parts)})
    if fault.kind is Kind.ERROR:
        answer = {"ok": False, "error": fault.error}
        return 200, answer, _response(parts, answer, 200, {})
    if fault.kind is Kind.LATE_ACCEPT:

        async def accept() -> None:
            _act(parts, name, token, args, is_json=is_json)

        parts.later.add(fault.seconds, accept)
    await cut(request)
    return 0, {"ok": False}, Response()


async def _spoiled(parts: Parts, request: Request, fault: Fault, answer: Json) -> tuple[int, Json, Response]:
    """Lose or spoil the answer of a call that was done."""
    if fault.kind is Kind.ACCEPT_THEN_ERROR:
        return fault.status, answer, Response("upstream error", fault.status, {"Date": _date(parts)})
    if fault.kind is Kind.ACCEPT_THEN_TRUNCATE:
        half = json.dumps(answer)[: len(json.dumps(answer)) // 2]
        return 200, answer, Response(half, 200, {"Date": _date(parts)}, "application/json")
    if fault.kind is Kind.ACCEPT_THEN_HANG:
        await asyncio.sleep(fault.seconds)
    await cut(request)
    return 0, answer, Response()


def _response(parts: Parts, answer: Json, status: int, headers: dict[str, str]) -> Response:
    told = {"Date": _date(parts), "X-OAuth-Scopes": ",".join(sorted(parts.slack.scopes))}
    return as_json(answer, status, {**told, **headers})


def _date(parts: Parts) -> str:
    return formatdate(parts.slack.now(), usegmt=True)


async def _arguments(request: Request) -> tuple[Json, bool]:
    """Return the call's arguments and whether they came as JSON."""
    args: Json = dict(request.query_params)
    kind = request.headers.get("content-type", "").partition(";")[0]
    if kind == "application/json":
        try:
            body = json.loads(await request.body() or b"{}")
        except ValueError:
            body = {}
        return {**args, **(body if isinstance(body, dict) else {})}, True
    async with request.form() as form:
        args |= {name: value for name, value in form.items() if isinstance(value, str)}
    return args, False


def _token(request: Request, args: Json) -> str | None:
    """Take the token from the header or the form, and out of the arguments."""
    inline = args.pop("token", None)
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else inline


async def serve_hook(parts: Parts, request: Request) -> Response:
    """Take an answer posted to a response URL."""
    started = time.perf_counter()
    body: Any = None
    answer: Json = {"ok": True}
    status = 200
    try:
        body = json.loads(await request.body())
        parts.hooks.use(request.path_params["key"], body)
    except ValueError:
        status, answer = 400, {"ok": False, "error": "invalid_payload"}
    except SlackError as refused:
        status = 404 if refused.code.endswith("_url") else 400
        answer = refused.answer()
    ms = (time.perf_counter() - started) * 1000
    ok = bool(answer["ok"])
    parts.traffic.add(
        Call(parts.slack.now(), "to_slack", "response_url", ok, status, body, answer, round(ms, 1))
    )
    return as_json(answer, status, {"Date": _date(parts)})


async def serve_upload(parts: Parts, request: Request) -> Response:
    """Take the bytes of a file, plain or in a form, without a token: the address is secret enough."""
    started = time.perf_counter()
    fault = parts.faults.take(("upload",), {})
    content = await _content(request)
    if fault is None:
        status, words = uploads.receive(parts.slack, request.path_params["key"], content)
    else:
        status, words = (0 if fault.kind is Kind.CLOSE else fault.status), "upstream error"
    ms = (time.perf_counter() - started) * 1000
    sizes = {"bytes": len(content)}
    ok = status == 200  # noqa: PLR2004 - HTTP's word for well
    parts.traffic.add(
        Call(parts.slack.now(), "to_slack", "upload", ok, status, sizes, {"said": words}, round(ms, 1))
    )
    if not status:
        await cut(request)
    return Response(words, status or 200, {"Date": _date(parts)}, "text/plain")


async def _content(request: Request) -> bytes:
    if not request.headers.get("content-type", "").startswith("multipart/form-data"):
        return await request.body()
    async with request.form() as form:
        given = next((part for part in form.values() if isinstance(part, UploadFile)), None)
        return await given.read() if given else b""


def serve_file(parts: Parts, request: Request) -> Response:
    """Hand out a file to the bot's token; anyone else gets Slack's sign-in page, with status 200."""
    token = _token(request, {})
    file = parts.slack.files.get(request.path_params["id"])
    if token != parts.slack.bot_token or "files:read" not in parts.slack.scopes or file is None:
        return Response("<!DOCTYPE html><title>Sign in</title>", media_type="text/html")
    return Response(file.content, media_type=file.mimetype, headers={"Date": _date(parts)})
