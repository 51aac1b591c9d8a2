"""What the page asks and does: the state, messages, acts, uploads, and the stream of news."""

import asyncio
import contextlib
import json
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import quote

from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route, WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from bot.sandbox import modals, page_parts
from bot.sandbox.acts import refusal
from bot.sandbox.parts import Parts
from bot.sandbox.people import Channel, File, kind_of
from bot.sandbox.refusals import Json, SlackError
from bot.sandbox.responses import as_json
from bot.sandbox.uploads import may_see
from bot.sandbox.uses import Use
from bot.sandbox.watchers import Watchers, page_message
from bot.sandbox.workspace import Workspace

MOST_BYTES = 20_000_000


def routes(parts: Parts, watchers: Watchers) -> list[BaseRoute]:
    """Return the addresses of the page."""

    async def state(request: Request) -> Response:
        return as_json(page_state(parts, request.query_params.get("as", "")))

    async def messages(request: Request) -> Response:
        return as_json(page_messages(parts.slack, watchers, dict(request.query_params)))

    async def tour(_request: Request) -> Response:
        stations = await asyncio.to_thread(parts.tour.stations) if parts.tour else []
        return as_json({"stations": stations})

    async def act(request: Request) -> Response:
        return as_json(await do(parts, await request.json()))

    async def upload(request: Request) -> Response:
        return as_json(await take_upload(parts.slack, request))

    async def file(request: Request) -> Response:
        return give_file(parts.slack, request.query_params.get("as", ""), request.path_params["id"])

    async def events(socket: WebSocket) -> None:
        await stream(watchers, socket)

    return [
        *page_parts.routes(),
        Route("/page/state", state),
        Route("/page/messages", messages),
        Route("/page/tour", tour),
        Route("/page/act", act, methods=["POST"]),
        Route("/page/upload", upload, methods=["POST"]),
        Route("/page/files/{id}", file),
        WebSocketRoute("/page/events", events),
    ]


def page_state(parts: Parts, user: str) -> Json:
    """Return all that the page needs before it shows a channel; an unknown person becomes the first."""
    slack = parts.slack
    with slack.lock:
        people = [one for one in slack.people.values() if not one.is_deleted]
        humans = [one for one in people if not one.is_bot]
        me = slack.people.get(user) or humans[0]
        shown = [
            {
                "id": one.id,
                "name": one.name,
                "real_name": one.real_name,
                "role": one.role,
                "tz": one.tz,
                "is_bot": one.is_bot,
                "is_guest": one.is_restricted,
                "avatar": None,
            }
            for one in people
        ]
        channels = [_channel(one, me.id) for one in slack.channels.values() if me.id in one.members]
        bot = slack.people[slack.bot_user_id]
        return {
            "now": slack.now(),
            "team": {"id": slack.team_id, "name": slack.name},
            "me": next(one for one in shown if one["id"] == me.id),
            "people": shown,
            "channels": channels,
            "commands": parts.manifest.commands,
            "shortcuts": parts.manifest.shortcuts,
            "hints": parts.hints,
            "app": {"id": slack.app_id, "name": bot.real_name, "bot_user_id": bot.id},
            "home": slack.homes.get(me.id),
            "views": slack.stacks.get(me.id, []),
            "can_reset": parts.on_reset is not None,
            "can_take_leads": parts.on_leads is not None,
        }


def _channel(channel: Channel, user: str) -> Json:
    return {
        "id": channel.id,
        "name": channel.name,
        "kind": channel.kind,
        "with": channel.with_whom(user),
        "unread": channel.unread(user),
        "is_member": True,
        "topic": channel.topic,
    }


def page_messages(slack: Workspace, watchers: Watchers, query: dict[str, str]) -> Json:
    """List a channel or a thread as one person sees it, and mark the channel read for that person."""
    user, thread = query.get("as", ""), query.get("thread_ts")
    with slack.lock:
        channel = slack.channels.get(query.get("channel", ""))
        if channel is None or user not in channel.members:
            return {"messages": [], "error": "channel_not_found"}
        mine = [one for one in channel.ephemerals.values() if one.only_for == user]
        everything = sorted([*channel.messages.values(), *mine], key=lambda one: one.ts)
        if thread:
            if thread not in channel.opened:
                channel.opened.append(thread)
            listed = [one for one in everything if thread in (one.ts, one.thread_ts)]
        else:
            listed = [one for one in everything if not one.is_reply or one.is_broadcast]
            channel.read_until[user] = everything[-1].ts if everything else ""
            watchers.unread(user, channel)
        return {"messages": [page_message(one) for one in listed]}


async def do(parts: Parts, body: Json) -> Json:
    """Do one act of the page; what the person would see stands in the answer."""
    act = ACTS.get(str(body.get("type")))
    if act is None:
        return refusal("unknown_act")
    try:
        return await act(parts, str(body.get("as")), body)
    except SlackError as refused:
        return refusal(refused.code)
    except (LookupError, TypeError) as error:
        return refusal(f"bad_act: {error}")


async def _block_action(parts: Parts, user: str, body: Json) -> Json:
    state: Json = body.get("state") or {}
    values: Json = state.get("values", state)
    use = Use(str(body["action_id"]), body.get("block_id"), body.get("value"), values)
    if body.get("view_id"):
        return await parts.acts.press_in_view(user, body["view_id"], use)
    return await parts.acts.press(user, body["channel"], body["ts"], use)


async def _clock(parts: Parts, _user: str, body: Json) -> Json:
    if parts.on_clock is None:
        return refusal("this clock cannot be moved")
    now = await asyncio.to_thread(parts.on_clock, str(body["move"]))
    now = parts.slack.now() if now is None else now
    parts.slack.tell("clock", now=now)
    return {"ok": True, "now": now}


async def _reset(parts: Parts, _user: str, _body: Json) -> Json:
    if parts.on_reset is None:
        return refusal("there is no beginning to go back to")
    begin, parts.on_reset = parts.on_reset, None
    await asyncio.to_thread(begin)
    return {"ok": True}


async def _leads(parts: Parts, user: str, body: Json) -> Json:
    file = parts.slack.files[str(body["file"])]
    if parts.on_leads is None or not may_see(parts.slack, user, file):
        return refusal("leads cannot be taken here")
    if fault := await asyncio.to_thread(parts.on_leads, file.name, file.content):
        return refusal(fault)
    parts.on_reset = None
    return {"ok": True}


async def _tour(parts: Parts, _user: str, body: Json) -> Json:
    if parts.tour is None:
        return refusal("there is no tour")
    await asyncio.to_thread(parts.tour.do, str(body["station"]))
    parts.slack.tell("clock", now=parts.slack.now())
    return {"ok": True, "now": parts.slack.now()}


ACTS: dict[str, Callable[[Parts, str, Any], Awaitable[Json]]] = {
    "command": lambda p, user, b: p.acts.command(user, b["channel"], b["text"], b.get("thread_ts")),
    "message": lambda p, user, b: p.acts.say(user, b["channel"], b["text"], b.get("thread_ts")),
    "reaction": lambda p, user, b: p.acts.react(
        user, b["channel"], b["ts"], b["name"], add=b.get("add", True)
    ),
    "block_action": _block_action,
    "view_submission": lambda p, user, b: modals.submit(p.acts, user, b["view_id"], b.get("values") or {}),
    "view_closed": lambda p, user, b: modals.close(p.acts, user, b["view_id"]),
    "shortcut": lambda p, user, b: p.acts.shortcut(user, b["callback_id"]),
    "home_opened": lambda p, user, _b: p.acts.open_home(user),
    "clock": _clock,
    "reset": _reset,
    "leads": _leads,
    "tour": _tour,
}


async def take_upload(slack: Workspace, request: Request) -> Json:
    """Keep a file that a person put into a modal."""
    async with request.form() as form:
        given = form.get("file")
        if not isinstance(given, UploadFile):
            return refusal("no_file_data")
        content = await given.read()
        name = given.filename or "file"
    if len(content) > MOST_BYTES:
        return refusal("file_too_large")
    file = keep_file(slack, request.query_params.get("as", ""), name, content)
    return {"ok": True, "file": {"id": file.id, "name": file.name, "size": len(content)}}


def keep_file(slack: Workspace, user: str, name: str, content: bytes) -> File:
    file = File(slack.next_id("F"), name, kind_of(name), content, user, int(slack.now()))
    slack.files[file.id] = file
    return file


def give_file(slack: Workspace, user: str, id: str) -> Response:  # noqa: A002 - Slack's word
    """Hand a file to a person who may see it, to be saved and not to be shown."""
    with slack.lock:
        file = slack.files.get(id)
        if file is None or not may_see(slack, user, file):
            return Response("There is no such file.", 404, media_type="text/plain")
    saved = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(file.name, safe='')}"}
    return Response(file.content, 200, {"X-Content-Type-Options": "nosniff", **saved}, file.mimetype)


async def stream(watchers: Watchers, socket: WebSocket) -> None:
    """Send a page its news until it goes."""
    await socket.accept()
    watcher = watchers.join(socket.query_params.get("as", ""))
    sender = asyncio.create_task(_send(socket, watcher.news))
    try:
        while True:
            await socket.receive_text()
    except (WebSocketDisconnect, RuntimeError):
        pass  # RuntimeError: Starlette's word for a socket closed from our side
    finally:
        watchers.leave(watcher)
        sender.cancel()


async def _send(socket: WebSocket, news: asyncio.Queue[Json]) -> None:
    with contextlib.suppress(WebSocketDisconnect, RuntimeError):
        while True:
            await socket.send_text(json.dumps(await news.get()))
