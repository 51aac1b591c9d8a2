"""The state of the workspace in memory: who is in it, what was said, what is open."""

import secrets
from collections.abc import Callable, Iterable
from threading import RLock
from typing import Any

from bot.sandbox.people import Channel, File, Message, Person, Upload
from bot.sandbox.rates import Rates
from bot.sandbox.refusals import Json, SlackError
from bot.sandbox.triggers import Triggers

TEAM_ID = "T0SANDBOX"
TOKEN_LIVES_SECONDS = 43_200
Listener = Callable[[str, Json], None]


class Workspace:
    """One Slack workspace with one app in it; every reader and writer holds `lock`."""

    def __init__(
        self, *, now: Callable[[], float], scopes: Iterable[str], name: str, team_id: str = TEAM_ID
    ) -> None:
        self.now = now
        self.name = name
        self.team_id = team_id
        self.enterprise_id: str | None = None
        """The organisation it belongs to, where the app is installed for all of that."""
        self.app_id = "A0BATON"
        self.bot_user_id = "U0BATON"
        self.bot_id = "B0BATON"
        self.bot_token = "xoxb-sandbox-" + secrets.token_hex(8)
        self.app_token = f"xapp-1-{self.app_id}-1-{secrets.token_hex(8)}"
        self.app_scopes = {"connections:write"}
        self.signing_secret = secrets.token_hex(16)
        self.scopes = frozenset(scopes)
        self.base_url = ""
        self.lock = RLock()
        self.triggers = Triggers()
        self.rates = Rates(now)
        self.tickets: set[str] = set()
        self.is_revoked = False
        self.is_withdrawn = False
        self.former_tokens: set[str] = set()
        self.rotates_tokens = False
        self.refresh_token = ""
        self.expires_at: float | None = None
        self.people: dict[str, Person] = {}
        self.channels: dict[str, Channel] = {}
        self.usergroups: dict[str, list[str]] = {}
        self.files: dict[str, File] = {}
        self.uploads: dict[str, Upload] = {}
        self.homes: dict[str, Json] = {}
        self.stacks: dict[str, list[Json]] = {}
        self.listeners: list[Listener] = []
        self.counted = {"micros": 0, "ids": 0}
        """What was given last: no `ts` and no id is given twice."""
        self.add_person("baton", id=self.bot_user_id, real_name="Baton", is_bot=True)

    # --- the app and its tokens ----------------------------------------------------------------------

    def renew_token(self) -> None:
        """Give the app another token, and call the old one revoked."""
        with self.lock:
            self.former_tokens.add(self.bot_token)
            self.bot_token = "xoxb-sandbox-" + secrets.token_hex(8)
            self.is_revoked = False
            if self.rotates_tokens:
                self.refresh_token = "xoxe-1-sandbox-" + secrets.token_hex(8)
                self.expires_at = self.now() + TOKEN_LIVES_SECONDS

    def knows(self, token: str | None) -> bool:
        """Say whether a token is, or was, the app's in this workspace."""
        return token == self.bot_token or token in self.former_tokens

    # --- time, numbers, news -------------------------------------------------------------------------

    def next_ts(self) -> str:
        """Return a `ts` never given before: the clock's, or the one after the last."""
        with self.lock:
            micros = self.counted["micros"] = max(int(self.now() * 1_000_000), self.counted["micros"] + 1)
            return f"{micros // 1_000_000}.{micros % 1_000_000:06d}"

    def next_id(self, prefix: str) -> str:
        with self.lock:
            self.counted["ids"] += 1
            return f"{prefix}{self.counted['ids']:08d}"

    def tell(self, what: str, **facts: Any) -> None:
        """Let the page's watchers and the delivery of events know what changed."""
        for listener in self.listeners:
            listener(what, facts)

    # --- people and places ---------------------------------------------------------------------------

    def add_person(self, name: str, *, id: str = "", real_name: str = "", **facts: Any) -> Person:  # noqa: A002 - Slack's word
        facts.setdefault("team_id", self.team_id)
        with self.lock:
            person = Person(id=id or self.next_id("U"), name=name, real_name=real_name or name, **facts)
            self.people[person.id] = person
        return person

    def add_channel(self, name: str, members: Iterable[str] = (), *, id: str = "", **facts: Any) -> Channel:  # noqa: A002 - Slack's word
        with self.lock:
            channel = Channel(id=id or self.next_id("C"), name=name, created=int(self.now()), **facts)
            channel.members = list(members)
            self.channels[channel.id] = channel
        self.tell("channels")
        return channel

    def person(self, user: str) -> Person:
        if user not in self.people:
            raise SlackError("user_not_found")
        return self.people[user]

    def channel(self, id: str) -> Channel:  # noqa: A002 - Slack's word
        if id not in self.channels:
            raise SlackError("channel_not_found")
        return self.channels[id]

    def dm(self, one: str, other: str) -> Channel:
        """Find or open the DM of two people."""
        with self.lock:
            for channel in self.channels.values():
                if channel.kind == "im" and set(channel.members) == {one, other}:
                    return channel
            name = self.person(one if other == self.bot_user_id else other).name
            return self.add_channel(name, [one, other], id=self.next_id("D"), kind="im", is_private=True)

    # --- messages ------------------------------------------------------------------------------------

    def post(self, channel: Channel, message: Message) -> Message:
        """Put a message in its place and tell who may see it."""
        with self.lock:
            place = channel.ephemerals if message.only_for else channel.messages
            place[message.ts] = message
            parent = channel.messages.get(message.thread_ts or "")
            if parent and message.is_reply and not message.only_for:
                parent.replies.append(message.ts)
                parent.thread_ts = parent.ts
                self.tell("message_changed", channel=channel, message=parent)
        self.tell("message", channel=channel, message=message)
        return message

    def message(self, channel: Channel, ts: str, *, also_ephemeral: bool = False) -> Message:
        found = channel.messages.get(ts) or (channel.ephemerals.get(ts) if also_ephemeral else None)
        if found is None:
            raise SlackError("message_not_found")
        return found

    def remove(self, channel: Channel, message: Message) -> None:
        """Take a message away; a parent with replies leaves a tombstone, as in Slack."""
        with self.lock:
            channel.ephemerals.pop(message.ts, None)
            if message.replies:
                message.text, message.blocks, message.metadata = "This message was deleted.", [], None
                message.subtype = "tombstone"
                self.tell("message_changed", channel=channel, message=message)
                return
            channel.messages.pop(message.ts, None)
            parent = channel.messages.get(message.thread_ts or "")
            if parent and message.ts in parent.replies:
                parent.replies.remove(message.ts)
        self.tell("message_deleted", channel=channel, message=message)

    def as_slack(self, message: Message, *, full_metadata: bool = False) -> Json:
        """Return a message as the Web API and the payloads show it."""
        answer: Json = {"type": "message", "user": message.user, "ts": message.ts, "text": message.text}
        answer["team"] = self.people[message.user].team_id if message.user in self.people else self.team_id
        if message.bot:
            answer |= {"bot_id": self.bot_id, "app_id": self.app_id}
        if message.blocks:
            answer["blocks"] = message.blocks
        if message.subtype:
            answer["subtype"] = message.subtype
        if message.files:
            answer["files"] = message.files
        if message.thread_ts:
            answer["thread_ts"] = message.thread_ts
        if message.replies:
            answer |= {"reply_count": len(message.replies), "latest_reply": message.replies[-1]}
        if message.edited_at:
            answer["edited"] = {"user": message.user, "ts": message.edited_at}
        if message.reactions:
            answer["reactions"] = reactions_of(message)
        if message.metadata:
            kept = ("event_type", "event_payload") if full_metadata else ("event_type",)
            answer["metadata"] = {key: message.metadata[key] for key in kept}
        return answer


def reactions_of(message: Message) -> list[Json]:
    return [
        {"name": name, "users": list(users), "count": len(users)} for name, users in message.reactions.items()
    ]
