"""The payloads in which Slack tells an app what a person did."""

import re
from typing import Any

from bot.sandbox.hooks import Hooks
from bot.sandbox.people import Channel, Message, Person
from bot.sandbox.refusals import Json
from bot.sandbox.workspace import Workspace

MENTION, PLACE, LINK = (
    re.compile(r"@([\w.\-]*\w)"),
    re.compile(r"#([\w\-]+)"),
    re.compile(r"https?://[^\s<>|]+"),
)


def base(slack: Workspace, person: Person, kind: str) -> Json:
    """Return what every interaction carries."""
    return {
        "type": kind,
        "token": "sandbox",
        "api_app_id": slack.app_id,
        "team": {"id": slack.team_id, "domain": "sandbox"},
        "user": {
            "id": person.id,
            "username": person.name,
            "name": person.name,
            "team_id": person.team_id,
        },
        "enterprise": {"id": slack.enterprise_id, "name": slack.name} if slack.enterprise_id else None,
        "is_enterprise_install": slack.enterprise_id is not None,
    }


def command(
    slack: Workspace, hooks: Hooks, person: Person, channel: Channel, spoken: tuple[str, str]
) -> Json:
    """Word a slash command; `spoken` is (command, text)."""
    names = {"im": "directmessage"}
    return {
        "token": "sandbox",
        "team_id": slack.team_id,
        "team_domain": "sandbox",
        "channel_id": channel.id,
        "channel_name": names.get(channel.kind, "privategroup" if channel.is_private else channel.name),
        "user_id": person.id,
        "user_name": person.name,
        "command": spoken[0],
        "text": spoken[1],
        "api_app_id": slack.app_id,
        "is_enterprise_install": "true" if slack.enterprise_id else "false",
        **({"enterprise_id": slack.enterprise_id} if slack.enterprise_id else {}),
        "response_url": hooks.issue(person.id, channel.id),
        "trigger_id": slack.triggers.issue(person.id),
    }


def message_action(
    slack: Workspace,
    person: Person,
    channel: Channel,
    message: Message,
    *,
    action: Json,
    values: Json,
    hooks: Hooks,
) -> Json:
    """Word the use of a control in a message; an ephemeral one is told without the message itself."""
    container: Json = {
        "type": "message",
        "message_ts": message.ts,
        "channel_id": channel.id,
        "is_ephemeral": message.only_for is not None,
    }
    if message.is_reply:
        container["thread_ts"] = message.thread_ts
    payload = base(slack, person, "block_actions") | {
        "container": container,
        "trigger_id": slack.triggers.issue(person.id),
        "channel": {"id": channel.id, "name": "directmessage" if channel.kind == "im" else channel.name},
        "state": {"values": values},
        "response_url": hooks.issue(person.id, channel.id, message.ts),
        "actions": [action],
    }
    if message.only_for is None:
        payload["message"] = slack.as_slack(message, full_metadata=True)
    return payload


def view_action(slack: Workspace, person: Person, view: Json, action: Json) -> Json:
    """Word the use of a control in a modal or in App Home."""
    from_view = view["id"] if view["type"] == "modal" else None
    return base(slack, person, "block_actions") | {
        "container": {"type": "view", "view_id": view["id"]},
        "trigger_id": slack.triggers.issue(person.id, from_view),
        "view": view,
        "actions": [action],
    }


def action(slack: Workspace, block: Json, element: Json, chosen: Json) -> Json:
    """Word one action; `chosen` is the element's value as Slack writes it."""
    same = {"type": element["type"], "block_id": block["block_id"], "action_id": element["action_id"]}
    answer: Json = {**chosen, **same, "action_ts": slack.next_ts()}
    if element["type"] == "button":
        answer["text"] = element["text"]
        answer |= {name: element[name] for name in ("value", "style", "url") if name in element}
    return answer


def view_submission(slack: Workspace, person: Person, view: Json) -> Json:
    return base(slack, person, "view_submission") | {
        "trigger_id": slack.triggers.issue(person.id, view["id"]),
        "view": view,
        "response_urls": [],
    }


def view_closed(slack: Workspace, person: Person, view: Json, *, is_cleared: bool) -> Json:
    return base(slack, person, "view_closed") | {"view": view, "is_cleared": is_cleared}


def shortcut(slack: Workspace, person: Person, callback_id: str) -> Json:
    return base(slack, person, "shortcut") | {
        "callback_id": callback_id,
        "trigger_id": slack.triggers.issue(person.id),
        "action_ts": slack.next_ts(),
    }


def escaped(slack: Workspace, text: str, *, with_names: bool = False) -> str:
    """Write typed text as Slack sends it: entities, mentions, channels and links in angle brackets."""
    by_name = {person.name: person for person in slack.people.values()}
    places = {channel.name: channel for channel in slack.channels.values() if channel.kind == "channel"}

    def mention(found: re.Match[str]) -> str:
        person = by_name.get(found[1])
        return _reference("@", person.id, person.name, with_names) if person else found[0]

    def place(found: re.Match[str]) -> str:
        channel = places.get(found[1])
        return _reference("#", channel.id, channel.name, with_names) if channel else found[0]

    # Ids that the page or a test put in already stay; the rest of what was typed is text.
    parts = re.split(r"(<[@#][A-Z0-9]+(?:\|[^<>]*)?>)", text)
    return "".join(part if number % 2 else _typed(part, mention, place) for number, part in enumerate(parts))


def _typed(text: str, mention: Any, place: Any) -> str:
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    text = LINK.sub(lambda found: f"<{found[0]}>", text)
    return PLACE.sub(place, MENTION.sub(mention, text))


def _reference(sign: str, id: str, name: str, with_name: bool) -> str:  # noqa: A002, FBT001 - Slack's word; private
    return f"<{sign}{id}|{name}>" if with_name else f"<{sign}{id}>"
