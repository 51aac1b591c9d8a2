"""Files that the app sends: an address for each, the bytes, and the message that shows them."""

import secrets
from typing import Any

from bot.sandbox.people import Channel, File, Message, Upload, kind_of
from bot.sandbox.refusals import Json, SlackError
from bot.sandbox.workspace import Workspace

LARGEST = 1_000_000_000


def get_url(slack: Workspace, args: Json) -> Json:
    """Give an address that takes exactly the bytes announced, once."""
    name, length = args.get("filename"), _length(args.get("length"))
    if not isinstance(name, str) or not name or not length:
        raise SlackError("missing_argument")
    if length > LARGEST:
        raise SlackError("file_upload_size_restricted")
    key = secrets.token_urlsafe(18)
    slack.uploads[key] = Upload(slack.next_id("F"), name, length)
    return {"ok": True, "upload_url": f"{slack.base_url}/upload/v1/{key}", "file_id": slack.uploads[key].id}


def _length(value: Any) -> int:
    text = str(value)
    if value is not None and not (text.isascii() and text.isdigit() and len(text) < 20):  # noqa: PLR2004
        raise SlackError("invalid_arguments")
    return int(text) if value is not None else 0


def receive(slack: Workspace, key: str, content: bytes) -> tuple[int, str]:
    """Take the bytes of a file; answers (status, words) as the upload service does."""
    with slack.lock:
        upload = slack.uploads.get(key)
        if upload is None or upload.content is not None:
            return 404, "upload ticket not found"
        if len(content) != upload.length:
            return 400, f"{upload.length} bytes expected, {len(content)} received"
        upload.content = content
        return 200, f"OK - {len(content)}"


def complete(slack: Workspace, args: Json) -> Json:
    """Make files of what was sent, each once, and show them in a channel under one comment."""
    wanted = _wanted(args.get("files"))
    channel = _channel(slack, args.get("channel_id"))
    tickets = {upload.id: key for key, upload in slack.uploads.items() if upload.content is not None}
    if not wanted.keys() <= tickets.keys():
        raise SlackError("file_not_found")
    files = [_kept(slack, slack.uploads.pop(tickets[file]), title) for file, title in wanted.items()]
    if channel is not None:
        _show(slack, channel, files, str(args.get("initial_comment") or ""))
    return {"ok": True, "files": [file.as_slack(slack.base_url) for file in files]}


def _wanted(files: Any) -> dict[str, str]:
    """Read {id: title}."""
    if not isinstance(files, list) or not files:
        raise SlackError("invalid_arguments", ["[ERROR] must be a list of files [json-pointer:/files]"])
    if not all(isinstance(file, dict) and isinstance(file.get("id"), str) for file in files):
        raise SlackError("invalid_arguments", ["[ERROR] missing required field: id [json-pointer:/files]"])
    return {file["id"]: str(file.get("title") or "") for file in files}


def _channel(slack: Workspace, id: Any) -> Channel | None:  # noqa: A002 - Slack's word
    """Find where to show them: a channel or DM the app is in; a person's id is none."""
    if not id:
        return None
    channel = slack.channel(str(id))
    if slack.bot_user_id not in channel.members:
        raise SlackError("channel_not_found" if channel.is_private else "not_in_channel")
    if channel.is_archived:
        raise SlackError("posting_to_channel_denied")
    return channel


def _kept(slack: Workspace, upload: Upload, title: str) -> File:
    content = upload.content or b""
    file = File(
        upload.id,
        upload.name,
        kind_of(upload.name),
        content,
        slack.bot_user_id,
        int(slack.now()),
        title=title,
    )
    slack.files[file.id] = file
    return file


def _show(slack: Workspace, channel: Channel, files: list[File], comment: str) -> None:
    message = Message(
        ts=slack.next_ts(),
        user=slack.bot_user_id,
        text=comment,
        bot=True,
        files=[file.as_slack(slack.base_url) for file in files],
    )
    slack.rates.count_post(channel.id)
    slack.post(channel, message)


def may_see(slack: Workspace, user: str, file: File) -> bool:
    """Say whether a person put this file up, or is where it was shown."""
    here = (channel for channel in slack.channels.values() if user in channel.members)
    shown = (one["id"] for channel in here for message in channel.messages.values() for one in message.files)
    return user == file.user or file.id in shown
