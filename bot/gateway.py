"""Slack as we use it: the methods called, the scopes they need, and what each answer means."""

import json
import ssl
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from functools import cached_property
from http.client import HTTPException
from typing import Any, Protocol
from urllib.parse import urlsplit
from urllib.request import Request

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.answers import Ambiguous, Refused, Unreadable, meaning_of, unanswered
from bot.fetch import Fetcher

METHODS: Mapping[str, tuple[str, ...]] = {
    "auth.test": (),
    "chat.delete": ("chat:write",),
    "chat.postEphemeral": ("chat:write",),
    "chat.postMessage": ("chat:write",),
    "chat.update": ("chat:write",),
    "conversations.history": ("channels:history", "groups:history", "im:history"),
    "conversations.info": ("channels:read", "groups:read"),
    "conversations.open": ("im:write",),
    "conversations.replies": ("channels:history", "groups:history", "im:history"),
    "files.completeUploadExternal": ("files:write",),
    "files.getUploadURLExternal": ("files:write",),
    "files.info": ("files:read",),
    "reactions.get": ("reactions:read",),
    "usergroups.users.list": ("usergroups:read",),
    "users.info": ("users:read",),
    "views.open": (),
    "views.publish": (),
    "views.push": (),
    "views.update": (),
}
"""Every method called, and the scopes that it needs; the manifest asks for these and no more."""

METADATA_EVENT = "baton_notice_posted"
POST_SECONDS = 10
BEFORE_ACK_SECONDS = 2
FILE_BYTES = 5 * 1024 * 1024
NOT_GRANTED = frozenset({"missing_scope", "not_allowed_token_type"})
PAGE = 200


class Message(Protocol):
    """What a message needs to be sent: `bot.facts.said.Message` has it."""

    @property
    def text(self) -> str:
        """The line that notifications and screen readers get."""

    @property
    def blocks(self) -> Sequence[Mapping[str, object]]:
        """The message's blocks."""


class Gateway:
    """One workspace's Slack, by its bot token; raises what `bot.answers` defines, and never retries."""

    def __init__(self, token: str, api_url: str) -> None:
        self.token = token
        self._api = urlsplit(api_url)
        # One context for all clients: a client of its own would read the CA bundle again on every call.
        self._ssl = ssl.create_default_context()
        self._files = Fetcher(self._api, self._ssl, is_local=self._is_local)
        self._client = self._make_client(POST_SECONDS, token)
        self._quick_client = self._make_client(BEFORE_ACK_SECONDS, token)
        self.bare_client = self._make_client(POST_SECONDS, None)
        """For Bolt, which brings a token of its own to each call."""

    def _make_client(self, timeout: int, token: str | None) -> WebClient:
        # The SDK's own retry handler posts a message twice when the connection breaks after Slack took it.
        client = WebClient(token, self._api.geturl(), timeout, ssl=self._ssl, retry_handlers=[])
        if self._is_local:
            client.proxy = None
        return client

    @property
    def _is_local(self) -> bool:
        # A proxy for the way out of the machine cannot reach a Slack that stands on it.
        return self._api.hostname in {"127.0.0.1", "::1", "localhost"}

    def post(
        self, channel: str, message: Message, *, thread_ts: str | None = None, uuid: str
    ) -> tuple[str, str]:
        """Post a message; give (channel id, ts). The uuid is how it is found again if the answer is lost."""
        answer = self._call(
            "chat.postMessage",
            channel=channel,
            text=message.text,
            blocks=list(message.blocks),
            thread_ts=thread_ts,
            metadata={"event_type": METADATA_EVENT, "event_payload": {"key": uuid}},
            unfurl_links=False,
            unfurl_media=False,
        )
        if not (isinstance(answer.get("ts"), str) and isinstance(answer.get("channel"), str)):
            raise Ambiguous("an answer without a ts")
        return answer["channel"], answer["ts"]

    def update(self, channel: str, ts: str, message: Message) -> None:
        """Edit a message of ours; its metadata stays."""
        self._call("chat.update", channel=channel, ts=ts, text=message.text, blocks=list(message.blocks))

    def delete(self, channel: str, ts: str) -> None:
        """Take away a message of ours."""
        self._call("chat.delete", channel=channel, ts=ts)

    def ephemeral(self, channel: str, user: str, message: Message) -> None:
        """Show a hint to one person; it cannot be read back, so it is sent once."""
        self._call(
            "chat.postEphemeral",
            channel=channel,
            user=user,
            text=message.text,
            blocks=list(message.blocks),
            before_ack=True,
        )

    def open_view(self, trigger_id: str, view: Mapping[str, Any]) -> None:
        """Open a modal, within the 3 s that Slack gives."""
        self._call("views.open", trigger_id=trigger_id, view=dict(view), before_ack=True)

    def push_view(self, trigger_id: str, view: Mapping[str, Any]) -> None:
        """Lay a modal over the one that is open, within the 3 s that Slack gives."""
        self._call("views.push", trigger_id=trigger_id, view=dict(view), before_ack=True)

    def update_view(self, view_id: str, view: Mapping[str, Any]) -> None:
        """Redraw a modal that is open, within the 3 s that Slack gives."""
        self._call("views.update", view_id=view_id, view=dict(view), before_ack=True)

    def publish_home(self, user: str, view: Mapping[str, Any]) -> None:
        """Show this Home to one person."""
        self._call("views.publish", user_id=user, view=dict(view))

    def auth_test(self) -> dict[str, Any]:
        """Say who we are: team_id, team, user_id, bot_id."""
        return self._call("auth.test")

    @cached_property
    def bot_id(self) -> str:
        """Our own id as an author of messages."""
        return str(self.auth_test()["bot_id"])

    def channel_info(self, channel: str) -> dict[str, Any]:
        """Read what Slack knows of a channel: is_member, is_archived, is_ext_shared, name."""
        return dict(self._call("conversations.info", channel=channel)["channel"])

    def open_dm(self, user: str) -> str:
        """Find the channel of our DM with a person."""
        return str(self._call("conversations.open", users=user)["channel"]["id"])

    def user(self, user_id: str) -> dict[str, Any]:
        """Read what Slack knows of a person."""
        return dict(self._call("users.info", user=user_id)["user"])

    def group_members(self, group_id: str) -> list[str]:
        """Read who is in a user group.

        Raises Unreadable where the scope is not granted: a workspace without user groups may decline it.
        """
        return [str(user) for user in self._read("usergroups.users.list", usergroup=group_id)["users"]]

    def reactions(self, channel: str, ts: str) -> list[tuple[str, list[str]]]:
        """Read who put which reaction on a message."""
        answer = self._call("reactions.get", channel=channel, timestamp=ts, full=True)
        return [(one["name"], one["users"]) for one in answer["message"].get("reactions", [])]

    def find_posts(
        self, channel: str, uuid: str, *, oldest: datetime, thread_ts: str | None = None
    ) -> list[str]:
        """Find our own posts with this uuid, the first one first; only a complete reading says there is none.

        Raises Unreadable where this place's history is closed to us.
        """
        bot_id = self.bot_id
        found = [
            message["ts"]
            for message in self._history(channel, oldest, thread_ts)
            if message.get("bot_id") == bot_id and _key(message) == uuid
        ]
        return sorted(found, key=lambda ts: tuple(map(int, ts.split("."))))

    def _history(self, channel: str, oldest: datetime, thread_ts: str | None) -> Iterator[dict[str, Any]]:
        method = "conversations.replies" if thread_ts else "conversations.history"
        place = {"channel": channel, "ts": thread_ts} if thread_ts else {"channel": channel}
        span = {"oldest": f"{oldest.timestamp():.6f}", "limit": PAGE, "include_all_metadata": True}
        cursor = None
        while True:
            page = self._read(method, **place, **span, cursor=cursor)
            yield from page["messages"]
            cursor = (page.get("response_metadata") or {}).get("next_cursor")
            if not page.get("has_more"):
                return
            if not cursor:
                raise Ambiguous("a page that says there is more, and not where")

    def _read(self, method: str, **arguments: Any) -> dict[str, Any]:
        try:
            return self._call(method, **arguments)
        except Refused as refusal:
            if refusal.code in NOT_GRANTED:
                raise Unreadable(refusal.code) from refusal
            raise

    def file_text(self, file_id: str) -> bytes:
        """Fetch a file that somebody put into a modal, of at most 5 MB, within the 3 s that Slack gives."""
        info = self._call("files.info", file=file_id, before_ack=True)["file"]
        url = info.get("url_private_download") or info.get("url_private") or ""
        if not self._files.may_reach(url):
            raise Refused("file_elsewhere")
        if info.get("size", 0) > FILE_BYTES:
            raise Refused("file_too_large")
        headers = {"Authorization": f"Bearer {self.token}"}
        request = Request(url, headers=headers)  # noqa: S310  (may_reach looked)
        with self._files.open(request, BEFORE_ACK_SECONDS) as answer:
            is_sign_in_page = answer.headers.get_content_type() == "text/html"
            content = answer.read(FILE_BYTES + 1)
        if is_sign_in_page:
            raise Refused("file_not_shared")
        if len(content) > FILE_BYTES:
            raise Refused("file_too_large")
        return bytes(content)

    def upload(self, user: str, files: Mapping[str, bytes], comment: str) -> None:
        """Put files, by their names, into our DM with a person, under one comment.

        Nobody sees anything before the last call, so only whether that one was heard can be Ambiguous;
        what is lost before is Refused as `upload_failed`, a scope not granted as `upload_not_allowed`.
        """
        try:
            channel = self.open_dm(user)
            sent = [{"id": self._send_file(name, content), "title": name} for name, content in files.items()]
        except Ambiguous as doubt:
            raise Refused("upload_failed") from doubt
        except Refused as refusal:
            if refusal.code in NOT_GRANTED:
                # Files are an extra that a workspace may decline: not having them closes nothing else.
                raise Refused("upload_not_allowed") from refusal
            raise
        listed = json.dumps(sent)
        self._call("files.completeUploadExternal", files=listed, channel_id=channel, initial_comment=comment)

    def _send_file(self, name: str, content: bytes) -> str:
        """Bring Slack the bytes of a file; give the id that it will have."""
        ticket = self._call("files.getUploadURLExternal", filename=name, length=len(content))
        url, file_id = ticket.get("upload_url"), ticket.get("file_id")
        if not (isinstance(url, str) and isinstance(file_id, str) and self._files.may_reach(url)):
            raise Refused("upload_failed")
        headers = {"Content-Type": "application/octet-stream"}
        request = Request(url, content, headers)  # noqa: S310  (may_reach looked)
        with self._files.open(request, POST_SECONDS):
            return file_id

    def _call(self, method: str, *, before_ack: bool = False, **arguments: Any) -> dict[str, Any]:
        client = self._quick_client if before_ack else self._client
        given = {name: value for name, value in arguments.items() if value is not None}
        try:
            answer = client.api_call(method, **_body(method, given)).data
        except SlackApiError as error:
            raise meaning_of(error) from error
        except (OSError, HTTPException, ValueError, AttributeError) as error:
            # AttributeError: the SDK on a body that is JSON, but no object.
            raise unanswered(error) from error
        assert isinstance(answer, dict)  # noqa: S101  (the SDK gives bytes for files alone)
        return answer


def _body(method: str, arguments: dict[str, Any]) -> dict[str, Any]:
    # Slack takes JSON where a message or a view is written, and forms where something is read.
    assert method in METHODS, method  # noqa: S101  (a method outside the table has no scope in the manifest)
    if method.startswith(("chat.", "views.")):
        return {"json": arguments}
    return {"params": arguments}


def _key(message: Mapping[str, Any]) -> str | None:
    metadata = message.get("metadata") or {}
    return (metadata.get("event_payload") or {}).get("key")
