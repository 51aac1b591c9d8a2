"""A person submits or closes a modal, and what the bot's `response_action` does to the stack."""

from typing import Any

from bot.sandbox import payloads, views
from bot.sandbox.acts import Acts, refusal
from bot.sandbox.inputs import merged, refusals
from bot.sandbox.refusals import Json, SlackError

NO_CONNECTION = "We had some trouble connecting. Try again?"


async def submit(acts: Acts, user: str, view_id: str, values: Json) -> Json:
    """Press a modal's submit button; answers {ok, response_action, errors?, view?} or {ok: false, error}.

    `values` is {block_id: {action_id: plain or Slack's value}}. Raises LookupError for an input not there.
    """
    slack, person, view = acts.slack, acts.slack.person(user), acts.view(user, view_id)
    with slack.lock:
        view["state"]["values"] = merged(view, values)
        stopped = refusals(view, view["state"]["values"])
    if stopped:
        return {"ok": True, "response_action": "errors", "errors": stopped, "sent": False}
    answer = await acts.delivery.ask("interactive", payloads.view_submission(slack, person, view))
    if not answer.is_acked:
        return refusal(NO_CONNECTION)
    try:
        with slack.lock:
            return {"ok": True, "response_action": None} | _respond(acts, user, view, answer.body or {})
    except SlackError as refused:
        return refusal(NO_CONNECTION) | {"reason": refused.code, "messages": refused.messages}


async def close(acts: Acts, user: str, view_id: str) -> Json:
    """Press cancel; the bot hears of it where it asked to."""
    slack, view = acts.slack, acts.view(user, view_id)
    gone = list(slack.stacks[user]) if view["clear_on_close"] else [view]
    views.close(slack, user, every=bool(view["clear_on_close"]))
    for one in gone:
        if one["notify_on_close"]:
            payload = payloads.view_closed(slack, slack.person(user), one, is_cleared=view["clear_on_close"])
            await acts.delivery.ask("interactive", payload)
    return {"ok": True}


def _respond(acts: Acts, user: str, view: Json, body: Json) -> Json:
    slack, action = acts.slack, body.get("response_action")
    # The bot may have changed this view while it answered.
    now = next((one for one in slack.stacks.get(user, []) if one["id"] == view["id"]), None)
    if action is None:
        if now is not None:
            _take_out(acts, user, now)
        return {}
    if action == "errors":
        return {"response_action": "errors", "errors": _errors(view, body.get("errors"))}
    if action == "clear":
        views.close(slack, user, every=True)
        return {"response_action": "clear"}
    if action == "push":
        return {"response_action": "push", "view": views.push_for(slack, user, body.get("view") or {})}
    if action == "update" and now is not None:
        return {"response_action": "update", "view": views.replace(slack, user, now, body.get("view") or {})}
    raise SlackError("invalid_response_action")


def _take_out(acts: Acts, user: str, view: Json) -> None:
    stack = acts.slack.stacks[user]
    if stack[-1] is view:
        views.close(acts.slack, user)
    else:
        stack.remove(view)


def _errors(view: Json, errors: Any) -> dict[str, str]:
    inputs = {block["block_id"] for block in view["blocks"] if block["type"] == "input"}
    if not isinstance(errors, dict) or not errors or not errors.keys() <= inputs:
        raise SlackError("invalid_errors", [f"errors must name input blocks: {sorted(inputs)}"])
    return {str(block_id): str(words) for block_id, words in errors.items()}
