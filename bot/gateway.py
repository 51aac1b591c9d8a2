"""Slack as we use it: the methods called, the scopes they need, and what each answer means."""

import json
import ssl
from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from datetime import datetime
from functools import cache, cached_property
from http.client import HTTPException
from typing import Any, Protocol
from urllib.parse import urlsplit
from urllib.request import Request

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.answers import TOKEN_IS_DEAD, Ambiguous, Refused, Unreadable, meaning_of, unanswered
from bot.fetch import Fetcher
from bot.metrics import CALLS

METHODS: Mapping[str, tuple[str, ...]] = {
    "api.test": (),
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

COMMANDS = "commands"
"""The scope by which people may type to us."""

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


@cache
def tls() -> ssl.SSLContext:
    """Give the one context of all clients: one of their own would read the CA bundle again on every call."""
    return ssl.create_default_context()


def client_for(api_url: str, token: str | None = None, timeout: int = POST_SECONDS) -> WebClient:
    """Make a client that never tries again by itself."""
    # The SDK's own retry handler posts a message twice when the connection breaks after Slack took it.
    client = WebClient(token, api_url, timeout, ssl=tls(), retry_handlers=[])
    if is_local(api_url):
        client.proxy = None
    return client


def is_local(api_url: str) -> bool:
    """Say whether this Slack stands on this machine, where a proxy for the way out cannot reach it."""
    return urlsplit(api_url).hostname in {"127.0.0.1", "::1", "localhost"}


class Gateway:
    """One workspace's Slack, by its bot token; raises what `bot.answers` defines, and never retries.

    `team_id` is told to the methods that need it of a token that serves a whole organisation;
    `on_dead_token` is called when Slack says that the token is worth nothing any more.
    """

    def __init__(
        self,
        token: str,
        api_url: str,
        *,
        team_id: str | None = None,
        on_dead_token: Callable[[str], object] = lambda _code: None,
    ) -> None:
        self.token = token
        self._team_id = team_id
        self._on_dead_token = on_dead_token
        self._api = urlsplit(api_url)
        self._files = Fetcher(self._api, tls(), is_local=is_local(api_url))
        self._client = client_for(api_url, token)
        self._quick_client = client_for(api_url, token, BEFORE_ACK_SECONDS)

    def of(self, _workspace: int | str) -> "Gateway":
        """Serve any workspace, where there is but one."""
        return self

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
        answer = self._read("usergroups.users.list", usergroup=group_id, team_id=self._team_id)
        return [str(user) for user in answer["users"]]

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
            meaning = meaning_of(error)
            if isinstance(meaning, Refused) and meaning.code in TOKEN_IS_DEAD:
                self._on_dead_token(meaning.code)
            CALLS.labels(method, type(meaning).__name__.lower()).inc()
            raise meaning from error
        except (OSError, HTTPException, ValueError, AttributeError) as error:
            # AttributeError: the SDK on a body that is JSON, but no object.
            CALLS.labels(method, "unanswered").inc()
            raise unanswered(error) from error
        assert isinstance(answer, dict)  # noqa: S101  (the SDK gives bytes for files alone)
        CALLS.labels(method, "ok").inc()
        return answer


class OneWorkspace:
    """The Slack of the workspace whose token is set: the store may know others, by a token of before."""

    def __init__(self, gateway: Gateway, served: Container[int | str]) -> None:
        self._gateway = gateway
        self._served = served

    def of(self, workspace: int | str) -> Gateway:
        """Give it, by our id or by Slack's of its team. Raises Refused, without a call, for any other."""
        if workspace not in self._served:
            raise Refused("account_inactive")
        return self._gateway


def scopes() -> list[str]:
    """List the scopes that an installation asks for."""
    return sorted({COMMANDS}.union(*METHODS.values()))


def _body(method: str, arguments: dict[str, Any]) -> dict[str, Any]:
    # Slack takes JSON where a message or a view is written, and forms where something is read.
    assert method in METHODS, method  # noqa: S101  (a method outside the table has no scope in the manifest)
    if method.startswith(("chat.", "views.")):
        return {"json": arguments}
    return {"params": arguments}


def _key(message: Mapping[str, Any]) -> str | None:
    metadata = message.get("metadata") or {}
    return (metadata.get("event_payload") or {}).get("key")
