"""All ways by which people reach Baton, each listed once: words, buttons, modals, shortcuts, events."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from slack_bolt import App

from bot.context import Context
from bot.facts.said import Message
from bot.messages import agreement as agreement_message
from bot.messages import agreement_edit as agreement_edit_message
from bot.messages import agreement_files as agreement_files_message
from bot.messages import agreement_propose as agreement_propose_message
from bot.messages import ask as ask_message
from bot.messages import calculator as calculator_message
from bot.messages import card, leads, nudge
from bot.messages import clause as clause_message
from bot.messages import correct as correct_message
from bot.messages import decline as decline_message
from bot.messages import dispute as dispute_message
from bot.messages import duty as duty_message
from bot.messages import excuse as excuse_message
from bot.messages import hand as hand_message
from bot.messages import home as home_message
from bot.messages import leave as leave_message
from bot.messages import log as log_message
from bot.messages import outcome as outcome_message
from bot.messages import pace as pace_message
from bot.messages import reject as reject_message
from bot.messages import review as review_message
from bot.messages import setup as setup_message
from bot.messages import share as share_message
from bot.messages import signing as signing_message
from bot.messages import simulate as simulate_message
from bot.messages import snooze as snooze_message
from bot.messages import status as status_message
from bot.messages import take as take_message
from bot.messages import touch as touch_message
from bot.messages import which as which_message
from bot.messages import why as why_message
from bot.slack import (
    agreement,
    agreement_edit,
    agreement_files,
    agreement_propose,
    ask,
    away,
    breaches,
    calculator,
    clause,
    correct,
    decline,
    digest,
    dispute,
    draft,
    duty,
    errors,
    excuse,
    export,
    forecast,
    goals,
    hand,
    handoffs,
    help,  # noqa: A004  (the word people type is the file's name)
    home,
    installation,
    listeners,
    log,
    message,
    of_clock,
    outcome,
    pace,
    people,
    plan,
    practice,
    propose,
    reaction,
    reject,
    review,
    setup,
    share,
    sign,
    simulate,
    snooze,
    status,
    take,
    texts,
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
    "status": Spoken(status.command, status.USAGE),
    "log": Spoken(log.command, draft.USAGE),
    "plan": Spoken(plan.command, plan.USAGE),
    "handoffs": Spoken(handoffs.command, "handoffs"),
    "away": Spoken(away.command, "away until 1 Jul cover @rep"),
    "goals": Spoken(goals.command, goals.USAGE),
    "breaches": Spoken(breaches.command, breaches.USAGE),
    "why": Spoken(why.command, "why H-128"),
    "digest": Spoken(digest.command, digest.USAGE),
    "forecast": Spoken(forecast.command, forecast.USAGE),
    "export": Spoken(export.command, export.USAGE),
    "take": Spoken(take.command, "take H-128 5"),
    "touch": Spoken(touch.command, "touch H-128 3-9 at 09:50"),
    "reject": Spoken(reject.command, "reject H-128 wrong_role 3-9"),
    "outcome": Spoken(outcome.command, "outcome H-128 3 won 12000"),
    "ask": Spoken(ask.command, ask.USAGE),
    "hand": Spoken(hand.command, hand.USAGE),
    "snooze": Spoken(snooze.command, snooze.USAGE),
    "excuse": Spoken(excuse.command, excuse.USAGE),
    "dispute": Spoken(dispute.command, dispute.USAGE),
    "correct": Spoken(correct.command, "correct H-128"),
    "void": Spoken(void.command, "void H-128"),
    "setup": Spoken(setup.command, "setup"),
    "agreement": Spoken(agreement.command, agreement.USAGE),
    "propose": Spoken(propose.command, propose.USAGE),
    "sign": Spoken(sign.command, "sign"),
    "decline": Spoken(decline.command, decline.USAGE),
    "simulate": Spoken(simulate.command, simulate.USAGE),
}
WORDS["help"] = Spoken(partial(help.command, WORDS), "help")

MORE: Mapping[str, Callable[[Context, Asked, int], Message | None]] = {
    card.UNDO: take.of_card,
    card.WHY: why.of_card,
    card.CORRECT: correct.of_card,
    card.VOID: void.of_card,
}
"""What a card's overflow holds."""

OF_CLOCK: Mapping[str, Callable[[Context, Asked, int], Message | None]] = {
    nudge.WHY: why.of_clock,
    nudge.SNOOZE: snooze.of_clock,
    nudge.EXCUSE: excuse.of_clock,
    nudge.TOUCHED: of_clock.touched,
    nudge.TAKE: partial(of_clock.on_its_handoff, take.ask),
    nudge.OUTCOME: partial(of_clock.on_its_handoff, outcome.press),
    nudge.HAND: partial(of_clock.on_its_handoff, hand.press),
    nudge.ASK: partial(of_clock.on_its_handoff, ask.press),
}
"""What a nudge's overflow holds."""

ACTIONS: Mapping[str, Act] = {
    card.TAKE: take.press,
    card.TAKE_OTHER: take.ask,
    card.REJECT: reject.ask,
    card.MORE: partial(listeners.chosen, MORE),
    leads.TOUCHED: home.kept_true(touch.one),
    leads.TOUCHED_ALL: home.kept_true(touch.all_mine),
    leads.TOUCHED_AT: touch.ask,
    leads.OUTCOME: home.kept_true(outcome.pick),
    outcome_message.OPEN: outcome.press,
    leads.TAKE_BACK: take.back,
    ask_message.OPEN: ask.press,
    ask_message.ANSWER: ask.answer,
    hand_message.OPEN: hand.press,
    excuse_message.GRANT: excuse.grant,
    excuse_message.REFUSE: excuse.refuse,
    dispute_message.OPEN: dispute.press,
    dispute_message.SETTLE: dispute.settle,
    nudge.MORE: partial(listeners.chosen, OF_CLOCK),
    nudge.TOUCHED_ALL: home.kept_true(touch.all_due),
    nudge.TOUCHED_AT: touch.ask_due,
    why_message.OPEN: why.press,
    which_message.PICK: partial(listeners.picked, WORDS, partial(help.unknown, WORDS)),
    clause_message.OPEN: clause.press,
    agreement_message.SECTION: texts.press_section,
    agreement_message.HISTORY: texts.press_history,
    agreement_message.DIFF: texts.press_diff,
    share_message.POST: share.press,
    status_message.GOALS: goals.press,
    home_message.LOG: log.open_form,
    home_message.AWAY_END: away.come_back,
    home_message.MINE: home.mine,
    home_message.FROM: home.turn,
    home_message.BACK: home.turn,
    home_message.PLAN: home.plan,
    home_message.GOALS: home.goals,
    home_message.AGREEMENT: home.agreement,
    leave_message.OPEN: away.ask,
    pace_message.PLAN: pace.ask,
    pace_message.WHY: pace.why,
    duty_message.DONE: duty.done,
    duty_message.UNDO: duty.undo,
    duty_message.WHY: duty.why,
    agreement_edit_message.EDIT: agreement_edit.press,
    agreement_edit_message.SECTION: agreement_edit.section,
    agreement_edit_message.ITEM: agreement_edit.item,
    agreement_edit_message.ADD: agreement_edit.add,
    agreement_edit_message.DISCARD: agreement_edit.discard,
    agreement_propose_message.OPEN: agreement_propose.press,
    calculator_message.OPEN: calculator.press,
    setup_message.PRACTICE: practice.press,
    review_message.PROPOSE: review.propose,
    review_message.KEEP: review.keep,
    review_message.PROPOSE_SEEN: review.propose_seen,
    signing_message.SIGN: sign.press,
    simulate_message.PROPOSE: simulate.propose,
    signing_message.DECLINE: decline.press,
    signing_message.WITHDRAW: propose.press_withdraw,
}

VIEWS: Mapping[str, Act] = {
    log_message.SUBMIT: log.submit,
    log_message.AGAIN: log.again,
    log_message.KNOWN: log.known,
    correct_message.SUBMIT: correct.submit,
    take_message.SUBMIT: take.submit,
    reject_message.SUBMIT: reject.submit,
    touch_message.SUBMIT: touch.submit,
    leave_message.SUBMIT: away.submit,
    ask_message.SUBMIT: ask.submit,
    ask_message.ANSWERED: ask.answered,
    hand_message.SUBMIT: hand.submit,
    snooze_message.SUBMIT: snooze.submit,
    excuse_message.SUBMIT: excuse.submit,
    dispute_message.SUBMIT: dispute.submit,
    outcome_message.SUBMIT: outcome.submit,
    pace_message.SUBMIT: pace.submit,
    setup_message.SUBMIT: setup.submit,
    agreement_edit_message.SUBMIT: agreement_edit.submit,
    agreement_propose_message.SUBMIT: agreement_propose.submit,
    calculator_message.SUBMIT: calculator.submit,
    decline_message.SUBMIT: decline.submit,
    agreement_files_message.SUBMIT: agreement_files.submit,
}

SHORTCUTS: Mapping[str, Act] = {"log": log.open_form}

EVENTS: Mapping[str, Act] = {
    "app_home_opened": home.opened,
    "reaction_added": reaction.added,
    "reaction_removed": reaction.removed,
    "message": partial(message.said, partial(listeners.answer, WORDS, partial(help.unknown, WORDS))),
    "user_change": people.changed,
    "team_join": people.changed,
    "subteam_members_changed": people.regrouped,
    "member_joined_channel": people.joined,
    "app_uninstalled": installation.uninstalled,
    "tokens_revoked": installation.revoked,
    "team_access_granted": installation.granted,
    "team_access_revoked": installation.withdrawn,
}

KNOWN = frozenset({*WORDS, *ACTIONS, *VIEWS, *SHORTCUTS, *EVENTS})
"""The names by which inputs are counted and logged."""


def register(app: App, context: Context) -> None:
    """Wire every way into the Bolt app; what none of them knows is acknowledged and left alone."""
    unknown = partial(help.unknown, WORDS)
    app.command(COMMAND)(patient(partial(listeners.answered, context, WORDS, unknown)))
    _each(app.event, listeners.happened, context, EVENTS)
    _each(app.action, listeners.pressed, context, ACTIONS)
    _each(app.view, listeners.submitted, context, VIEWS)
    _each(app.shortcut, listeners.ran, context, SHORTCUTS)
    for anything in (app.event, app.action, app.view, app.shortcut, app.command, app.options):
        anything(ANY)(listeners.passed)
    app.view_closed(ANY)(listeners.passed)
    app.error(partial(errors.handle, context))


def _each(way: Any, listener: Callable[..., None], context: Context, acts: Mapping[str, Act]) -> None:
    for name, act in acts.items():
        way(name)(patient(partial(listener, context, act)))
