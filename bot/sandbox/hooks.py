"""Response URLs: five answers within thirty minutes, without a token."""

import secrets
from dataclasses import dataclass
from typing import Any

from bot.sandbox.chat import content, is_true, with_ids
from bot.sandbox.people import Channel, Message
from bot.sandbox.refusals import Json, SlackError
from bot.sandbox.strictness import MESSAGE
from bot.sandbox.workspace import Workspace

USES = 5
GOOD_FOR_SECONDS = 30 * 60


@dataclass
class Hook:
    user: str
    channel: str
    original: str | None
    expires: float
    uses: int = 0


class Hooks:
    def __init__(self, slack: Workspace) -> None:
        self._slack = slack
        self._hooks: dict[str, Hook] = {}

    def issue(self, user: str, channel: str, original: str | None = None) -> str:
        """Give an address for answers to this person; `original` is the `ts` of the message acted on."""
        key = secrets.token_urlsafe(12)
        self._hooks[key] = Hook(user, channel, original, self._slack.now() + GOOD_FOR_SECONDS)
        return f"{self._slack.base_url}/hooks/{self._slack.team_id}/{key}"

    def use(self, key: str, body: Any) -> None:
        """Do what was posted to an address. Raises SlackError."""
        if not isinstance(body, dict):
            raise SlackError("invalid_payload")
        with self._slack.lock:
            hook = self._hooks.get(key)
            if hook is None:
                raise SlackError("invalid_url")
            if hook.uses >= USES:
                raise SlackError("used_url")
            if self._slack.now() > hook.expires:
                raise SlackError("expired_url")
            self._answer(hook, body)
            hook.uses += 1

    def _answer(self, hook: Hook, body: Json) -> None:
        channel = self._slack.channel(hook.channel)
        original = self._original(channel, hook)
        if is_true(body.get("delete_original")) and original:
            self._slack.remove(channel, original)
        elif is_true(body.get("replace_original")) and original:
            original.text, blocks = content(body, most_text=MESSAGE["text"])
            original.blocks = with_ids(self._slack, blocks)
            original.edited_at = self._slack.next_ts()
            self._slack.tell("message_changed", channel=channel, message=original)
        else:
            respond(self._slack, channel, hook.user, body)

    def _original(self, channel: Channel, hook: Hook) -> Message | None:
        original = hook.original or ""
        return channel.messages.get(original) or channel.ephemerals.get(original)


def respond(slack: Workspace, channel: Channel, user: str, body: Json) -> Message:
    """Post an app's answer to a person's act: for that person, unless it says in_channel."""
    text, blocks = content(body, most_text=MESSAGE["text"])
    message = Message(
        ts=slack.next_ts(),
        user=slack.bot_user_id,
        text=text,
        blocks=with_ids(slack, blocks),
        bot=True,
        thread_ts=body.get("thread_ts"),
        only_for=None if body.get("response_type") == "in_channel" else user,
        is_response=True,
    )
    return slack.post(channel, message)
