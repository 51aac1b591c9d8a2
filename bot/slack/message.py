"""A message to the bot in its DM is answered with help, or with the status."""

from collections.abc import Callable
from dataclasses import replace

from bot.context import Context
from bot.facts.said import Message
from bot.slack.listeners import tell
from bot.slack.request import Asked

Answer = Callable[[Context, Asked], Message | None]


def said(answered: Answer, context: Context, asked: Asked) -> None:
    """Answer what a person wrote; edits, joins and what bots write are left alone."""
    event = asked.event
    if event.get("channel_type") != "im" or event.get("subtype") or event.get("bot_id"):
        return
    wants_status = asked.value.casefold().strip(" ?!.") in {"status", "sla", "/sla", "/sla status"}
    answer = answered(context, replace(asked, value="status" if wants_status else "help"))
    if answer is not None:
        tell(context, asked, answer)
