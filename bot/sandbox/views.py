"""The views methods: open, push, update, publish; and the stack of modals a person has open."""

import hashlib
import json
from typing import Any

from bot.sandbox.chat import with_ids
from bot.sandbox.inputs import initial_values
from bot.sandbox.refusals import Json, SlackError
from bot.sandbox.strictness import VIEW, check_whole_view
from bot.sandbox.workspace import Workspace


def open_modal(slack: Workspace, args: Json) -> Json:
    """Open a modal for the person whose act gave the trigger."""
    check_whole_view(args.get("view"), kind="modal")
    trigger = slack.triggers.exchange(str(args.get("trigger_id")))
    view = _new(slack, args["view"])
    slack.stacks[trigger.user] = [view]
    slack.tell("view_opened", user=trigger.user, view=view, over=None)
    return {"ok": True, "view": view}


def push(slack: Workspace, args: Json) -> Json:
    """Put a modal over the one in which the trigger was given."""
    check_whole_view(args.get("view"), kind="modal")
    trigger = slack.triggers.exchange(str(args.get("trigger_id")))
    if not slack.stacks.get(trigger.user) or trigger.from_view is None:
        raise SlackError("invalid_trigger_id")
    return {"ok": True, "view": push_for(slack, trigger.user, args["view"])}


def push_for(slack: Workspace, user: str, view: Json) -> Json:
    """Put a modal on a person's stack, which holds three."""
    check_whole_view(view, kind="modal")
    stack = slack.stacks[user]
    if len(stack) >= VIEW["stack"]:
        raise SlackError("push_limit_reached")
    below = stack[-1]
    new = _new(slack, view, previous=below["id"], root=below["root_view_id"])
    stack.append(new)
    slack.tell("view_opened", user=user, view=new, over=below["id"])
    return new


def update(slack: Workspace, args: Json) -> Json:
    """Change an open modal, found by id or external id."""
    check_whole_view(args.get("view"), kind="modal")
    user, old = _find(slack, args.get("view_id"), args.get("external_id"))
    if args.get("hash") is not None and args["hash"] != old["hash"]:
        raise SlackError("hash_conflict")
    return {"ok": True, "view": replace(slack, user, old, args["view"])}


def replace(slack: Workspace, user: str, old: Json, view: Json) -> Json:
    """Show another view in place of an open one; what was typed stays where block and action stay."""
    check_whole_view(view, kind="modal")
    new = _new(slack, view, id=old["id"], root=old["root_view_id"], previous=old["previous_view_id"])
    for block_id, actions in new["state"]["values"].items():
        typed = old["state"]["values"].get(block_id, {})
        actions.update({name: typed[name] for name in actions.keys() & typed.keys()})
    stack = slack.stacks[user]
    stack[stack.index(old)] = new
    slack.tell("view_updated", user=user, view=new)
    return new


def publish(slack: Workspace, args: Json) -> Json:
    """Show a person's App Home."""
    check_whole_view(args.get("view"), kind="home")
    user = slack.person(str(args.get("user_id"))).id
    old = slack.homes.get(user)
    if args.get("hash") is not None and (old is None or args["hash"] != old["hash"]):
        raise SlackError("hash_conflict")
    kept = {"id": old["id"], "root": old["id"]} if old else {}
    view = _new(slack, args["view"], **kept)
    slack.homes[user] = view
    slack.tell("home", user=user, view=view)
    return {"ok": True, "view": view}


def close(slack: Workspace, user: str, *, every: bool = False) -> None:
    """Take the top modal, or all, from a person's screen."""
    stack = slack.stacks.get(user, [])
    if every:
        stack.clear()
    elif stack:
        stack.pop()
    slack.tell("view_closed", user=user)
    if stack:
        slack.tell("view_opened", user=user, view=stack[-1], over=stack[-1]["previous_view_id"])


def _find(slack: Workspace, view_id: Any, external_id: Any) -> tuple[str, Json]:
    for user, stack in slack.stacks.items():
        for view in stack:
            if view["id"] == view_id or (external_id and view["external_id"] == external_id):
                return user, view
    raise SlackError("not_found")


def _new(slack: Workspace, view: Json, *, id: str = "", root: str = "", previous: str | None = None) -> Json:  # noqa: A002 - Slack's word
    id = id or slack.next_id("V")  # noqa: A001 - Slack's word
    blocks = with_ids(slack, view["blocks"])
    answer: Json = {
        "id": id,
        "team_id": slack.team_id,
        "type": view["type"],
        "blocks": blocks,
        "private_metadata": view.get("private_metadata", ""),
        "callback_id": view.get("callback_id", ""),
        "external_id": view.get("external_id", ""),
        "state": {"values": initial_values(blocks)},
        "title": view.get("title"),
        "submit": view.get("submit"),
        "close": view.get("close"),
        "clear_on_close": view.get("clear_on_close", False),
        "notify_on_close": view.get("notify_on_close", False),
        "previous_view_id": previous,
        "root_view_id": root or id,
        "app_id": slack.app_id,
        "bot_id": slack.bot_id,
        "app_installed_team_id": slack.team_id,
    }
    digest = hashlib.sha256(json.dumps(answer).encode()).hexdigest()[:8]
    return {**answer, "hash": f"{slack.next_ts()}.{digest}"}
