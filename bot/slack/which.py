"""Which agreement is meant: asked by buttons where several could be, and answered once it is said."""

from dataclasses import replace

from bot.context import Context
from bot.errors import UserError
from bot.facts.said import Message
from bot.messages import which as message
from bot.messages.blocks import VALUE
from bot.services import agreements, rights
from bot.services.agreements import Agreed
from bot.services.rights import Act
from bot.slack.form import checked
from bot.slack.request import KEY, Asked

CODE = "which_agreement"
"""The refusal of whoever cannot tell which agreement speaks."""


def ask(context: Context, asked: Asked, refusal: UserError) -> Message | Asked:
    """Offer the agreements that this person may read; where that is one, it is meant. Raises UserError."""
    with context.reading() as session:
        living = agreements.living(session, asked.workspace(session))
        mine = [agreed for agreed in living if rights.may(session, agreed, asked.user_id, Act.READ)]
        if not mine:
            rights.require(session, living[0], asked.user_id, Act.READ)
    if len(mine) == 1:
        return replace(asked, agreement_id=mine[0].id)
    ordered = sorted(mine, key=lambda agreed: agreed.side_of(asked.user_id) is None)
    choices = [(agreed.document.name, agreed.row.channel_id, _value(agreed, asked)) for agreed in ordered]
    if any(len(value) > VALUE for *_, value in choices):
        raise refusal
    return message.message(choices, mine[0].row.locale)


def _value(agreed: Agreed, asked: Asked) -> str:
    # With the key of what was typed: it is done once, however often a button is pressed.
    return f"{agreed.id} {asked.key} {asked.value}"


def chosen(asked: Asked) -> Asked:
    """Read which agreement was pressed, and what had been typed."""
    number, key, text = [*asked.value.split(" ", 2), "", ""][:3]
    return replace(asked, agreement_id=asked.id(number), key=checked(key, KEY), value=text)
