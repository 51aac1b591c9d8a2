"""The open pages: each is told, as the person it acts for, what that person may see."""

import asyncio
from dataclasses import dataclass, field
from typing import Any

from bot.sandbox.people import Channel, Message
from bot.sandbox.refusals import Json
from bot.sandbox.traffic import Call
from bot.sandbox.workspace import Workspace

MOST_WAITING = 5_000


@dataclass(eq=False)
class Watcher:
    user: str
    news: asyncio.Queue[Json] = field(default_factory=lambda: asyncio.Queue(MOST_WAITING))


class Watchers:
    """Turns changes of the workspace into the page's events; changes may come from any thread."""

    def __init__(self, slack: Workspace, loop: asyncio.AbstractEventLoop) -> None:
        self._slack = slack
        self._loop = loop
        self._watching: set[Watcher] = set()

    def join(self, user: str) -> Watcher:
        watcher = Watcher(user)
        self._watching.add(watcher)
        return watcher

    def leave(self, watcher: Watcher) -> None:
        self._watching.discard(watcher)

    def changed(self, what: str, facts: Json) -> None:
        """Pass a change on to those who may see it."""
        if not self._watching:
            return
        if what in ("message", "message_changed", "message_deleted"):
            self._message(what, facts["channel"], facts["message"])
        elif what == "channels":
            self._tell({"type": "channels"})
        elif what in ("view_opened", "view_updated", "view_closed", "home"):
            self._tell({"type": what} | {k: v for k, v in facts.items() if k != "user"}, facts["user"])
        elif what == "clock":
            self._tell({"type": "clock", "now": facts["now"]})

    def traffic(self, call: Call) -> None:
        if self._watching:
            self._tell(call.as_json())

    def unread(self, user: str, channel: Channel) -> None:
        self._tell({"type": "unread", "channel": channel.id, "unread": channel.unread(user)}, user)

    def _message(self, what: str, channel: Channel, message: Message) -> None:
        news: Json = {"type": what, "channel": channel.id}
        news |= {"ts": message.ts} if what == "message_deleted" else {"message": page_message(message)}
        for user in {watcher.user for watcher in self._watching} & set(channel.members):
            if message.only_for in (None, user):
                self._tell(news, user)
                if what == "message" and message.user != user and not message.only_for:
                    self.unread(user, channel)

    def _tell(self, news: Json, user: str | None = None) -> None:
        self._loop.call_soon_threadsafe(self._put, news, user)

    def _put(self, news: Json, user: str | None) -> None:
        for watcher in self._watching:
            if user in (None, watcher.user) and not watcher.news.full():
                watcher.news.put_nowait(news)


def page_message(message: Message) -> Json:
    """Return a message as the page draws it."""
    reactions: list[Any] = [{"name": name, "users": users} for name, users in message.reactions.items()]
    return {
        "ts": message.ts,
        "user": message.user,
        "bot": message.bot,
        "text": message.text,
        "blocks": message.blocks,
        "thread_ts": message.thread_ts,
        "reply_count": len(message.replies),
        "reactions": reactions,
        "edited": message.edited_at is not None,
        "ephemeral": message.only_for is not None,
        "files": message.files,
    }
