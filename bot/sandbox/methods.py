"""The one table of Web API methods that the sandbox serves, with their scopes and rates."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from bot.sandbox import chat, reads, uploads, views
from bot.sandbox.refusals import Json, SlackError
from bot.sandbox.workspace import Workspace

TIER_2, TIER_3, TIER_4 = 20, 50, 100
JSON_ARGUMENTS = {
    "blocks": "invalid_blocks_format",
    "view": "invalid_arguments",
    "metadata": "invalid_metadata_format",
    "files": "invalid_arguments",
}


@dataclass(frozen=True)
class Method:
    """What serves a method; `scope` may hold `{kind}`: channels, groups or im, by the channel asked for."""

    act: Callable[[Workspace, Json], Json]
    scope: str | None = None
    a_minute: int | None = None
    takes_json: bool = True
    is_for_app_token: bool = False
    needs_token: bool = True


METHODS = {
    "api.test": Method(lambda _slack, args: {"ok": True, "args": args}, needs_token=False),
    "apps.connections.open": Method(reads.open_connection, "connections:write", is_for_app_token=True),
    "auth.test": Method(reads.auth_test),
    "chat.postMessage": Method(chat.post_message, "chat:write"),
    "chat.update": Method(chat.update, "chat:write", TIER_3),
    "chat.delete": Method(chat.delete, "chat:write", TIER_3),
    "chat.postEphemeral": Method(chat.post_ephemeral, "chat:write", TIER_4),
    "conversations.history": Method(reads.history, "{kind}:history", TIER_3, takes_json=False),
    "conversations.replies": Method(reads.replies, "{kind}:history", TIER_3, takes_json=False),
    "conversations.info": Method(reads.info, "{kind}:read", TIER_3, takes_json=False),
    "conversations.members": Method(reads.members, "{kind}:read", TIER_4, takes_json=False),
    "conversations.open": Method(reads.open_dm, "im:write", TIER_3),
    "files.completeUploadExternal": Method(uploads.complete, "files:write", TIER_4),
    "files.getUploadURLExternal": Method(uploads.get_url, "files:write", TIER_4, takes_json=False),
    "files.info": Method(reads.file_info, "files:read", TIER_4, takes_json=False),
    "reactions.add": Method(reads.add_reaction, "reactions:write", TIER_3),
    "reactions.get": Method(reads.get_reactions, "reactions:read", TIER_3, takes_json=False),
    "usergroups.users.list": Method(reads.usergroup_members, "usergroups:read", TIER_2, takes_json=False),
    "users.info": Method(reads.user_info, "users:read", TIER_4, takes_json=False),
    "views.open": Method(views.open_modal, None, TIER_4),
    "views.publish": Method(views.publish, None, TIER_4),
    "views.push": Method(views.push, None, TIER_4),
    "views.update": Method(views.update, None, TIER_4),
}


def call(slack: Workspace, name: str, token: str | None, args: Json, *, as_json: bool = False) -> Json:
    """Serve one call. Raises SlackError and RateLimitError."""
    method = METHODS.get(name)
    if method is None:
        raise SlackError("unknown_method", req_method=name)
    if method.needs_token:
        _check_token(slack, method, token)
    if slack.is_withdrawn and name != "auth.test":
        raise SlackError("team_access_not_granted")
    with slack.lock:
        args = {} if as_json and not method.takes_json else _parsed(args)
        _check_scope(slack, method, args)
        slack.rates.count(name, method.a_minute)
        return method.act(slack, args)


def _check_token(slack: Workspace, method: Method, token: str | None) -> None:
    if not token:
        raise SlackError("not_authed")
    if token != slack.app_token and not slack.knows(token):
        raise SlackError("invalid_auth")
    if token != slack.app_token and (slack.is_revoked or token != slack.bot_token):
        raise SlackError("token_revoked")
    if token == slack.bot_token and slack.expires_at is not None and slack.now() >= slack.expires_at:
        raise SlackError("token_expired")
    if (token == slack.app_token) != method.is_for_app_token:
        raise SlackError("not_allowed_token_type")


def _check_scope(slack: Workspace, method: Method, args: Json) -> None:
    if method.scope is None:
        return
    channel = slack.channels.get(str(args.get("channel")))
    needed = method.scope.format(kind=channel.scope_kind if channel else "channels")
    granted = slack.app_scopes if method.is_for_app_token else slack.scopes
    if needed not in granted:
        raise SlackError("missing_scope", needed=needed, provided=",".join(sorted(granted)))


def _parsed(args: Json) -> Json:
    return {name: _parsed_one(name, value) for name, value in args.items() if value is not None}


def _parsed_one(name: str, value: Any) -> Any:
    if name not in JSON_ARGUMENTS or not isinstance(value, str) or not value:
        return value
    try:
        return json.loads(value)
    except ValueError:
        raise SlackError(JSON_ARGUMENTS[name]) from None
