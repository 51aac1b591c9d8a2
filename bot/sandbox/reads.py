"""The methods that read: conversations, reactions, users, files, and who the bot is."""

import base64
import binascii
import re
from typing import Any

from bot.sandbox.chat import is_true
from bot.sandbox.people import Channel, Message
from bot.sandbox.refusals import Json, SlackError
from bot.sandbox.strictness import MESSAGE
from bot.sandbox.workspace import Workspace

USUAL_PAGE, MOST_PAGE = 100, 999
USERS_SHOWN = 25
EMOJI_NAME = re.compile(r"^[a-z0-9_'+\-]+(::skin-tone-[2-6])?$")


def auth_test(slack: Workspace, _args: Json) -> Json:
    return {
        "ok": True,
        "url": slack.base_url + "/",
        "team": slack.name,
        "team_id": slack.team_id,
        "user": slack.people[slack.bot_user_id].name,
        "user_id": slack.bot_user_id,
        "bot_id": slack.bot_id,
        "enterprise_id": slack.enterprise_id,
        "is_enterprise_install": slack.enterprise_id is not None,
    }


def readable(slack: Workspace, args: Json) -> Channel:
    """Return a channel the bot can see into."""
    channel = slack.channel(str(args.get("channel")))
    if slack.bot_user_id not in channel.members:
        raise SlackError("channel_not_found" if channel.is_private else "not_in_channel")
    return channel


def history(slack: Workspace, args: Json) -> Json:
    """List what was said in a channel, newest first, replies and ephemeral messages left out."""
    channel = readable(slack, args)
    top = [message for message in channel.messages.values() if not message.is_reply or message.is_broadcast]
    return _page(slack, _within(top, args)[::-1], args)


def replies(slack: Workspace, args: Json) -> Json:
    """List a thread, its parent first, oldest first."""
    channel = readable(slack, args)
    parent = channel.messages.get(str(args.get("ts")))
    if parent is None:
        raise SlackError("thread_not_found")
    parent = channel.messages.get(parent.thread_ts or parent.ts, parent)
    thread = [channel.messages[ts] for ts in parent.replies if ts in channel.messages]
    return _page(slack, [parent, *_within(thread, args)], args)


def _within(messages: list[Message], args: Json) -> list[Message]:
    oldest, latest = _instant(args.get("oldest"), 0.0), _instant(args.get("latest"), float("inf"))
    if is_true(args.get("inclusive")):
        return [message for message in messages if oldest <= float(message.ts) <= latest]
    return [message for message in messages if oldest < float(message.ts) < latest]


def _instant(value: Any, otherwise: float) -> float:
    if value is None or value == "":
        return otherwise
    try:
        return float(value)
    except ValueError:
        raise SlackError("invalid_ts_oldest") from None


def _page(slack: Workspace, messages: list[Message], args: Json) -> Json:
    start, size = _cursor(args.get("cursor")), _limit(args.get("limit"))
    full = is_true(args.get("include_all_metadata"))
    has_more = start + size < len(messages)
    shown = [slack.as_slack(message, full_metadata=full) for message in messages[start : start + size]]
    answer: Json = {"ok": True, "messages": shown, "has_more": has_more, "pin_count": 0}
    if has_more:
        answer["response_metadata"] = {"next_cursor": _next_cursor(start + size)}
    return answer


def _next_cursor(start: int) -> str:
    return base64.b64encode(f"next:{start}".encode()).decode()


def _cursor(value: Any) -> int:
    if not value:
        return 0
    try:
        word, _, start = base64.b64decode(str(value), validate=True).decode().partition(":")
        if word == "next":
            return int(start)
    except (binascii.Error, ValueError):
        pass
    raise SlackError("invalid_cursor")


def _limit(value: Any) -> int:
    try:
        size = int(value or USUAL_PAGE)
    except ValueError:
        raise SlackError("invalid_limit") from None
    if not 0 < size <= MOST_PAGE:
        raise SlackError("invalid_limit")
    return size


def info(slack: Workspace, args: Json) -> Json:
    """Describe a channel; a private one only to its members."""
    channel = slack.channel(str(args.get("channel")))
    is_member = slack.bot_user_id in channel.members
    if channel.is_private and not is_member:
        raise SlackError("channel_not_found")
    shown: Json = {
        "id": channel.id,
        "name": channel.name,
        "is_channel": channel.kind == "channel",
        "is_group": channel.kind == "channel" and channel.is_private,
        "is_im": channel.kind == "im",
        "is_private": channel.is_private,
        "is_archived": channel.is_archived,
        "is_ext_shared": channel.is_shared,
        "is_member": is_member,
        "created": channel.created,
        "topic": {"value": channel.topic, "creator": "", "last_set": 0},
        "context_team_id": slack.team_id,
    }
    if channel.kind == "im":
        shown["user"] = channel.with_whom(slack.bot_user_id)
    if is_true(args.get("include_num_members")):
        shown["num_members"] = len(channel.members)
    return {"ok": True, "channel": shown}


def open_dm(slack: Workspace, args: Json) -> Json:
    """Open the DM with one person."""
    users = str(args.get("users") or "").split(",")
    if len(users) != 1:
        raise SlackError("method_not_supported_for_channel_type")
    person = slack.person(users[0])
    if person.is_deleted:
        raise SlackError("user_disabled")
    if person.is_bot:
        raise SlackError("cannot_dm_bot")
    return {"ok": True, "channel": {"id": slack.dm(slack.bot_user_id, person.id).id}}


def members(slack: Workspace, args: Json) -> Json:
    """List the members of a channel, page by page."""
    channel = slack.channel(str(args.get("channel")))
    if channel.is_private and slack.bot_user_id not in channel.members:
        raise SlackError("channel_not_found")
    start, size = _cursor(args.get("cursor")), _limit(args.get("limit"))
    more = _next_cursor(start + size) if start + size < len(channel.members) else ""
    page = channel.members[start : start + size]
    return {"ok": True, "members": page, "response_metadata": {"next_cursor": more}}


def get_reactions(slack: Workspace, args: Json) -> Json:
    """List a message's reactions; only `full` promises every person."""
    channel = readable(slack, args)
    message = slack.message(channel, str(args.get("timestamp")))
    shown = slack.as_slack(message)
    if not is_true(args.get("full")):
        for reaction in shown.get("reactions", ()):
            reaction["users"] = reaction["users"][:USERS_SHOWN]
    return {"ok": True, "type": "message", "channel": channel.id, "message": shown}


def add_reaction(slack: Workspace, args: Json) -> Json:
    """React as the bot."""
    channel = readable(slack, args)
    message = slack.message(channel, str(args.get("timestamp")))
    put_reaction(slack, channel, message, slack.bot_user_id, str(args.get("name") or "").strip(":"))
    return {"ok": True}


def put_reaction(slack: Workspace, channel: Channel, message: Message, user: str, name: str) -> None:
    """Put a reaction on, or refuse it as Slack does; tells the watchers and the app's events."""
    if not EMOJI_NAME.match(name):
        raise SlackError("invalid_name")
    if channel.is_archived:
        raise SlackError("is_archived")
    users = message.reactions.get(name, [])
    if user in users:
        raise SlackError("already_reacted")
    if name not in message.reactions and len(message.reactions) >= MESSAGE["most_reactions"]:
        raise SlackError("too_many_emoji")
    message.reactions[name] = [*users, user]
    slack.tell("message_changed", channel=channel, message=message)
    if user == slack.bot_user_id:
        slack.tell("event", event=reaction_event(slack, "reaction_added", channel, message, (user, name)))


def take_reaction(slack: Workspace, channel: Channel, message: Message, user: str, name: str) -> None:
    """Take a reaction back."""
    users = message.reactions.get(name, [])
    if user not in users:
        raise SlackError("no_reaction")
    message.reactions[name] = [one for one in users if one != user]
    if not message.reactions[name]:
        del message.reactions[name]
    slack.tell("message_changed", channel=channel, message=message)


def reaction_event(
    slack: Workspace, kind: str, channel: Channel, message: Message, act: tuple[str, str]
) -> Json:
    """Word the event of an act (person, name); answers to acts have no `item_user`, as in Slack."""
    user, name = act
    event: Json = {
        "type": kind,
        "user": user,
        "reaction": name,
        "item": {"type": "message", "channel": channel.id, "ts": message.ts},
        "event_ts": slack.next_ts(),
    }
    return event if message.is_response else {**event, "item_user": message.user}


def user_info(slack: Workspace, args: Json) -> Json:
    return {"ok": True, "user": shown_person(slack, str(args.get("user")))}


def shown_person(slack: Workspace, user: str) -> Json:
    """Return a person as `users.info` and `user_change` show one; the address only with its scope."""
    with_email = "users:read.email" in slack.scopes
    shown = slack.person(user).as_slack(home_team=slack.team_id, now=slack.now(), with_email=with_email)
    if user == slack.bot_user_id:
        shown["profile"]["api_app_id"] = slack.app_id
    return shown


def usergroup_members(slack: Workspace, args: Json) -> Json:
    group = str(args.get("usergroup"))
    if group not in slack.usergroups:
        raise SlackError("no_such_subteam")
    return {"ok": True, "users": list(slack.usergroups[group])}


def file_info(slack: Workspace, args: Json) -> Json:
    file = slack.files.get(str(args.get("file")))
    if file is None:
        raise SlackError("file_not_found")
    return {
        "ok": True,
        "file": file.as_slack(slack.base_url),
        "comments": [],
        "response_metadata": {"next_cursor": ""},
    }


def open_connection(slack: Workspace, _args: Json) -> Json:
    """Give a one-time address for Socket Mode."""
    ticket = slack.next_id("socket")
    slack.tickets.add(ticket)
    return {
        "ok": True,
        "url": f"{slack.base_url.replace('http', 'ws', 1)}/socket/?ticket={ticket}&app_id={slack.app_id}",
    }
