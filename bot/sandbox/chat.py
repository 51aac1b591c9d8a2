"""The chat methods: post, update, delete, post for one person."""

from typing import Any

from bot.sandbox.people import Channel, Message
from bot.sandbox.refusals import Json, SlackError
from bot.sandbox.strictness import MESSAGE, check_message, check_metadata, elements_of
from bot.sandbox.workspace import Workspace


def post_message(slack: Workspace, args: Json) -> Json:
    """Post to a channel the bot is in, or to a person's DM."""
    channel = place_to_post(slack, args.get("channel"))
    text, blocks = content(args, most_text=MESSAGE["text"])
    thread_ts = _thread(channel, args)
    metadata = _metadata(args)
    slack.rates.count_post(channel.id)
    slack.rates.count("every post", 300)
    message = Message(
        ts=slack.next_ts(),
        user=slack.bot_user_id,
        text=text,
        blocks=with_ids(slack, blocks),
        bot=True,
        thread_ts=thread_ts,
        is_broadcast=bool(thread_ts) and is_true(args.get("reply_broadcast")),
        metadata=metadata,
    )
    slack.post(channel, message)
    shown = slack.as_slack(message, full_metadata=True)
    return {"ok": True, "channel": channel.id, "ts": message.ts, "message": shown}


def update(slack: Workspace, args: Json) -> Json:
    """Edit a message of the bot's; what is not given stays as it is."""
    channel = slack.channel(str(args.get("channel")))
    _refuse_where_deaf(slack, channel)
    message = slack.message(channel, str(args.get("ts")))
    if not message.bot or message.subtype == "tombstone":
        raise SlackError("cant_update_message")
    given = {"text": message.text, "blocks": message.blocks} | {
        name: args[name] for name in ("text", "blocks") if args.get(name) is not None
    }
    text, blocks = content(given, most_text=MESSAGE["updated_text"])
    if args.get("metadata") is not None:
        message.metadata = _metadata(args)
    message.text, message.blocks = text, with_ids(slack, blocks)
    message.edited_at = slack.next_ts()
    slack.tell("message_changed", channel=channel, message=message)
    shown = slack.as_slack(message, full_metadata=True)
    return {"ok": True, "channel": channel.id, "ts": message.ts, "text": text, "message": shown}


def delete(slack: Workspace, args: Json) -> Json:
    """Delete a message of the bot's."""
    channel = slack.channel(str(args.get("channel")))
    _refuse_where_deaf(slack, channel)
    message = slack.message(channel, str(args.get("ts")))
    if not message.bot or message.subtype == "tombstone":
        raise SlackError("cant_delete_message")
    slack.remove(channel, message)
    return {"ok": True, "channel": channel.id, "ts": message.ts}


def post_ephemeral(slack: Workspace, args: Json) -> Json:
    """Show one person a message that no history keeps."""
    channel = place_to_post(slack, args.get("channel"))
    user = str(args.get("user"))
    if user not in slack.people or user not in channel.members:
        raise SlackError("user_not_in_channel")
    text, blocks = content(args, most_text=MESSAGE["text"])
    message = Message(
        ts=slack.next_ts(),
        user=slack.bot_user_id,
        text=text,
        blocks=with_ids(slack, blocks),
        bot=True,
        thread_ts=_thread(channel, args),
        only_for=user,
    )
    slack.post(channel, message)
    return {"ok": True, "message_ts": message.ts}


def place_to_post(slack: Workspace, place: Any) -> Channel:
    """Find the channel, or the DM of a person's id; refuse where the bot may not speak."""
    place = str(place)
    if place in slack.people:
        person = slack.people[place]
        if person.is_bot:
            raise SlackError("cannot_dm_bot")
        if person.is_deleted or person.team_id != slack.team_id:
            raise SlackError("channel_not_found")
        return slack.dm(slack.bot_user_id, place)
    channel = slack.channel(place)
    _refuse_where_deaf(slack, channel)
    return channel


def _refuse_where_deaf(slack: Workspace, channel: Channel) -> None:
    if slack.bot_user_id not in channel.members:
        raise SlackError("channel_not_found" if channel.is_private else "not_in_channel")
    if channel.is_archived:
        raise SlackError("is_archived")


def content(args: Json, *, most_text: int) -> tuple[str, list[Json]]:
    """Return text and blocks that Slack would show, or refuse them."""
    text, blocks = str(args.get("text") or ""), args.get("blocks") or []
    if not isinstance(blocks, list):
        raise SlackError("invalid_blocks_format")
    check_message(text, blocks, most_text=most_text)
    return text, blocks


def _thread(channel: Channel, args: Json) -> str | None:
    thread_ts = args.get("thread_ts")
    if thread_ts is None:
        return None
    parent = channel.messages.get(str(thread_ts))
    if parent is None:
        raise SlackError("thread_not_found")
    return parent.thread_ts or parent.ts


def _metadata(args: Json) -> Json | None:
    metadata = args.get("metadata")
    if not metadata:
        return None
    check_metadata(metadata)
    return dict(metadata)


def with_ids(slack: Workspace, blocks: list[Json]) -> list[Json]:
    """Give blocks and elements the ids that Slack gives where the app gave none."""
    named = []
    for block in blocks:
        copy: Json = {**block, "block_id": block.get("block_id") or slack.next_id("b")}
        for part in ("accessory", "element"):
            if isinstance(copy.get(part), dict):
                copy[part] = _with_action_id(slack, copy[part])
        if block.get("type") == "actions":
            copy["elements"] = [_with_action_id(slack, element) for element in block["elements"]]
        named.append(copy)
    return named


def _with_action_id(slack: Workspace, element: Json) -> Json:
    if element.get("type") == "image":
        return element
    return {**element, "action_id": element.get("action_id") or slack.next_id("a")}


def find_element(
    blocks: list[Json], action_id: str, block_id: str | None = None, value: Any = None
) -> tuple[Json, Json]:
    """Return (block, element) of an action; `value` chooses among equal ones. Raises LookupError.

    A block whose id Slack made has another one since the app drew it anew: it is looked for without.
    """
    if block_id not in {block["block_id"] for block in blocks}:
        block_id = None
    seen = []
    for block in blocks:
        for element in elements_of(block):
            seen.append(f"{block['block_id']}/{element.get('action_id')}")
            fits = element.get("action_id") == action_id and block_id in (None, block["block_id"])
            if fits and (element.get("type") != "button" or value in (None, element.get("value"))):
                return block, element
    raise LookupError(f"no element {action_id} with value {value!r}; there are {seen}")


def is_true(value: Any) -> bool:
    return value is True or str(value).lower() in ("1", "true")
