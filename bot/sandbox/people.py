"""Who and what is in the workspace: people, channels, messages, files."""

import mimetypes
from dataclasses import dataclass, field
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from bot.sandbox.refusals import Json


@dataclass
class Person:
    """One account; `team_id` of another workspace makes a stranger from a shared channel."""

    id: str
    name: str
    real_name: str
    team_id: str
    tz: str = "Europe/Berlin"
    role: str = ""
    email: str = ""
    is_bot: bool = False
    is_restricted: bool = False
    is_admin: bool = False
    is_deleted: bool = False
    status_text: str = ""
    status_emoji: str = ""
    status_expiration: int = 0
    updated: int = 0

    def as_slack(self, *, home_team: str, now: float, with_email: bool) -> Json:
        offset = datetime.fromtimestamp(now, UTC).astimezone(ZoneInfo(self.tz)).utcoffset()
        profile = {
            "real_name": self.real_name,
            "display_name": self.name,
            "status_text": self.status_text,
            "status_emoji": self.status_emoji,
            "status_expiration": self.status_expiration,
            "team": self.team_id,
        }
        if with_email and self.email:
            profile["email"] = self.email
        answer: Json = {
            "id": self.id,
            "team_id": self.team_id,
            "name": self.name,
            "real_name": self.real_name,
            "deleted": self.is_deleted,
            "tz": self.tz,
            "tz_label": self.tz,
            "tz_offset": int(offset.total_seconds()) if offset else 0,
            "profile": profile,
            "is_admin": self.is_admin,
            "is_owner": False,
            "is_primary_owner": False,
            "is_restricted": self.is_restricted,
            "is_ultra_restricted": False,
            "is_bot": self.is_bot,
            "is_app_user": False,
            "updated": self.updated,
        }
        if self.team_id != home_team:
            answer["is_stranger"] = True
        return answer


@dataclass
class File:
    id: str
    name: str
    mimetype: str
    content: bytes
    user: str
    created: int
    title: str = ""

    def as_slack(self, base_url: str) -> Json:
        url = f"{base_url}/files/{self.id}/download"
        return {
            "id": self.id,
            "name": self.name,
            "title": self.title or self.name,
            "mimetype": self.mimetype,
            "filetype": self.name.rpartition(".")[2].lower() or "text",
            "size": len(self.content),
            "user": self.user,
            "created": self.created,
            "timestamp": self.created,
            "mode": "hosted",
            "is_external": False,
            "is_public": False,
            "url_private": url,
            "url_private_download": url,
        }


@dataclass
class Upload:
    """A file announced, and not yet shown; `content` is None until its bytes came."""

    id: str
    name: str
    length: int
    content: bytes | None = None


def kind_of(name: str) -> str:
    """Guess the kind of a file by its name."""
    return mimetypes.guess_type(name)[0] or "application/octet-stream"


@dataclass
class Message:
    """One message; `only_for` makes it ephemeral, `is_response` was posted as an answer to an act."""

    ts: str
    user: str
    text: str
    blocks: list[Json] = field(default_factory=list)
    bot: bool = False
    thread_ts: str | None = None
    is_broadcast: bool = False
    metadata: Json | None = None
    reactions: dict[str, list[str]] = field(default_factory=dict)
    replies: list[str] = field(default_factory=list)
    edited_at: str | None = None
    only_for: str | None = None
    files: list[Json] = field(default_factory=list)
    subtype: str | None = None
    is_response: bool = False

    @property
    def is_reply(self) -> bool:
        return self.thread_ts is not None and self.thread_ts != self.ts


@dataclass
class Channel:
    """A public or private channel, or a DM (`kind` im) between `members`; messages by `ts`, oldest first."""

    id: str
    name: str
    kind: str = "channel"
    is_private: bool = False
    is_shared: bool = False
    is_archived: bool = False
    topic: str = ""
    created: int = 0
    members: list[str] = field(default_factory=list)
    messages: dict[str, Message] = field(default_factory=dict)
    ephemerals: dict[str, Message] = field(default_factory=dict)
    read_until: dict[str, str] = field(default_factory=dict)
    opened: list[str] = field(default_factory=list)
    """Threads that somebody opened on the page, by the `ts` of their first message."""

    @property
    def scope_kind(self) -> str:
        """The first half of the scopes for this kind of place, as in `groups:history`."""
        if self.kind == "im":
            return "im"
        return "groups" if self.is_private else "channels"

    def with_whom(self, one: str) -> str | None:
        """Return the other member of a DM."""
        others = [member for member in self.members if member != one]
        return others[0] if self.kind == "im" and others else None

    def unread(self, user: str) -> int:
        since = self.read_until.get(user, "")
        count = 0
        for message in reversed(self.messages.values()):
            if message.ts <= since:
                break
            count += message.user != user and (not message.is_reply or message.is_broadcast)
        return count
