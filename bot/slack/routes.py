"""All ways by which people reach Baton, each listed once: words, buttons, modals, shortcuts, events."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from slack_bolt import App

from bot.context import Context
from bot.facts import Message
from bot.messages import card, leads, nudge, signing
from bot.messages import home as home_message
from bot.messages import log as log_message
from bot.messages import outcome as outcome_message
from bot.messages import reject as reject_message
from bot.messages import setup as setup_message
from bot.messages import status as status_message
from bot.messages import take as take_message
from bot.messages import touch as touch_message
from bot.messages import why as why_message
from bot.slack import (
    away,
    digest,
    draft,
    errors,
    goals,
    handoffs,
    help,  # noqa: A004  (the word people type is the file's name)
    home,
    listeners,
    log,
    message,
    outcome,
    people,
    plan,
    reaction,
    reject,
    setup,
    status,
    take,
    touch,
    void,
    why,
)
from bot.slack.listeners import Act, patient
from bot.slack.request import Asked
from bot.slack.typed import Word

COMMAND = "/sla"
ANY = re.compile("")


@dataclass(frozen=True, slots=True)
class Spoken:
    """A word of `/sla`: what answers it, and how it is written."""

    command: Callable[[Context, Asked, Sequence[Word]], Message | None]
    usage: str


WORDS: dict[str, Spoken] = {
    "status": Spoken(status.command, "status 2026-05"),
    "log": Spoken(log.command, draft.USAGE),
    "plan": Spoken(plan.command, plan.USAGE),
    "handoffs": Spoken(handoffs.command, "handoffs"),
    "away": Spoken(away.command, "away until 1 Jul cover @rep"),
    "goals": Spoken(goals.command, "goals 2026-05"),
    "why": Spoken(why.command, "why H-128"),
    "digest": Spoken(digest.command, "digest W25"),
    "take": Spoken(take.command, "take H-128 5"),
    "touch": Spoken(touch.command, "touch H-128 3-9 at 09:50"),
    "reject": Spoken(reject.command, "reject H-128 wrong_role 3-9"),
    "outcome": Spoken(outcome.command, "outcome H-128 3 won 12000"),
    "void": Spoken(void.command, "void H-128"),
    "setup": Spoken(setup.command, "setup"),
}
WORDS["help"] = Spoken(partial(help.command, WORDS), "help")

MORE: Mapping[str, Callable[[Context, Asked, int], Message | None]] = {
    card.UNDO: take.of_card,
    card.WHY: why.of_card,
    card.VOID: void.of_card,
}
"""What a card's overflow holds."""

ACTIONS: Mapping[str, Act] = {
    card.TAKE: take.press,
    card.TAKE_OTHER: take.ask,
    card.REJECT: reject.ask,
    card.MORE: partial(listeners.chosen, MORE),
    leads.TOUCHED: touch.one,
    leads.TOUCHED_ALL: touch.all_mine,
    leads.TOUCHED_AT: touch.ask,
    leads.OUTCOME: outcome.pick,
    leads.TAKE_BACK: take.back,
    nudge.TOUCHED_ALL: touch.all_due,
    nudge.TOUCHED_AT: touch.ask_due,
    why_message.OPEN: why.press,
    status_message.SHARE: status.share,
    status_message.GOALS: goals.press,
    home_message.LOG: log.open_form,
    home_message.AWAY_END: away.come_back,
    signing.SIGN: setup.sign,
}

VIEWS: Mapping[str, Act] = {
    log_message.SUBMIT: log.submit,
    log_message.AGAIN: log.again,
    log_message.KNOWN: log.known,
    take_message.SUBMIT: take.submit,
    reject_message.SUBMIT: reject.submit,
    touch_message.SUBMIT: touch.submit,
    outcome_message.SUBMIT: outcome.submit,
    setup_message.SUBMIT: setup.submit,
}

SHORTCUTS: Mapping[str, Act] = {"log": log.open_form}

EVENTS: Mapping[str, Act] = {
    "app_home_opened": home.opened,
    "reaction_added": reaction.added,
    "reaction_removed": reaction.removed,
    "message": partial(
        message.said,
        lambda context, asked: status.command(context, asked, ()),
        lambda context, asked: help.command(WORDS, context, asked, ()),
    ),
    "user_change": people.changed,
    "team_join": people.changed,
    "member_joined_channel": people.joined,
}


def register(app: App, context: Context) -> None:
    """Wire every way into the Bolt app; what none of them knows is acknowledged and left alone."""
    unknown = partial(help.unknown, WORDS)
    app.command(COMMAND)(patient(partial(listeners.answered, context, WORDS, unknown)))
    _each(app.event, listeners.happened, context, EVENTS)
    _each(app.action, listeners.pressed, context, ACTIONS)
    _each(app.view, listeners.submitted, context, VIEWS)
    _each(app.shortcut, listeners.ran, context, SHORTCUTS)
    for anything in (app.event, app.action, app.view, app.shortcut):
        anything(ANY)(listeners.passed)
    app.view_closed(ANY)(listeners.passed)
    app.error(partial(errors.handle, context))


def _each(way: Any, listener: Callable[..., None], context: Context, acts: Mapping[str, Act]) -> None:
    for name, act in acts.items():
        way(name)(patient(partial(listener, context, act)))
