"""Print every message and view as JSON, for looking at: python -m tests.messages.gallery."""

import json
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from bot.errors import UserError
from bot.facts import Message
from bot.messages import (
    apology,
    away,
    card,
    daily,
    digest,
    done,
    goals,
    handoffs,
    help,  # noqa: A004  (the word that people type)
    hint,
    home,
    log,
    nudge,
    outcome,
    plan,
    reject,
    setup,
    signing,
    status,
    take,
    touch,
    why,
    work,
)
from sla_rules.kinds import ClockKind, RejectionKind, Tier
from tests.messages import examples as e

LOCALE = "en"
LATE = {"is_breached": True, "due_at": e.PAST}

GALLERY: Mapping[str, Callable[[], Message | dict[str, Any]]] = {
    "card": lambda: card.message(e.card(), LOCALE),
    "card, trial": lambda: card.message(e.card(is_trial=True, clocks=[], taken=[], rejected=[]), LOCALE),
    "card, all decided": lambda: card.message(e.card(undecided=0, held=0, clocks=[]), LOCALE),
    "card, closed": lambda: card.message(e.card(undecided=0, held=0, clocks=[], state="closed"), LOCALE),
    "card, voided": lambda: card.message(e.card(state="voided"), LOCALE),
    "work": lambda: work.message([e.work()], LOCALE),
    "work, without names": lambda: work.message(
        [e.work(leads=[e.lead(n=n, name="", company="", email="", link="") for n in range(1, 31)])], LOCALE
    ),
    "work, two handoffs": lambda: work.message([e.work(), e.work(handoff_id=8, number=129)], LOCALE),
    "work, nothing left": lambda: work.message([], LOCALE),
    "work, moved": lambda: work.moved(LOCALE),
    "nudge, at risk": lambda: nudge.message(e.nudge(), LOCALE),
    "nudge, breach": lambda: nudge.message(e.nudge(clocks=[e.clock(**LATE)]), LOCALE),
    "nudge, both": lambda: nudge.message(
        e.nudge(
            clocks=[e.clock(**LATE), e.clock(number=128, kind=ClockKind.DECIDE, tier=Tier.B, waiting=15)]
        ),
        LOCALE,
    ),
    "nudge, settled": lambda: nudge.message(e.nudge(is_settled=True), LOCALE),
    "daily, calm": lambda: daily.message(e.daily(is_calm=True, at_risk=[]), LOCALE),
    "daily, otherwise": lambda: daily.message(e.daily(), LOCALE),
    "digest": lambda: digest.message(e.digest(), LOCALE),
    "digest, thread": lambda: digest.thread(e.digest(), LOCALE),
    "digest, thread in words": lambda: digest.thread_plain(e.digest(), LOCALE),
    "digest, quiet": lambda: digest.message(e.digest(is_quiet=True), LOCALE),
    "status": lambda: status.message(e.status(), LOCALE, may_share=True),
    "status, shared": lambda: status.shared(e.status(), LOCALE, by="U1"),
    "goals": lambda: goals.message(e.status(), LOCALE),
    "handoffs": lambda: handoffs.message([e.handoff(), e.handoff(number=129, undecided=0)], LOCALE),
    "handoffs, none": lambda: handoffs.message([], LOCALE),
    "why": lambda: why.message(e.why(), LOCALE),
    "help": lambda: help.message(e.WORDS, LOCALE),
    "help, unknown": lambda: help.message(e.WORDS, LOCALE, unknown="lgo", nearest="log"),
    "signing": lambda: signing.message(e.signing(), LOCALE),
    "home": lambda: home.view(e.home(away=e.AWAY), LOCALE),
    "home, first visit": lambda: home.view(
        e.home(statuses=[], leads=[], handoffs=[], agreement_lines=[]), LOCALE
    ),
    "home, guest": lambda: home.view(e.home(is_guest=True), LOCALE),
    "plan": lambda: plan.message((date(2026, 6, 24), "trade fair", 40), e.digest().planned_next, LOCALE),
    "plan, listing": lambda: plan.listing(e.digest().planned_next, LOCALE),
    "plan, none": lambda: plan.listing([], LOCALE),
    "away": lambda: away.message([e.AWAY], LOCALE),
    "away, none": lambda: away.message([], LOCALE),
    "done": lambda: done.message("taken", LOCALE, count=10, handoff=128, due_at=e.SOON, left=5),
    "hint": lambda: hint.message(UserError("nothing_left", handoff=128), LOCALE),
    "apology": lambda: apology.message("a1b2c3", LOCALE),
    "log": lambda: log.modal(LOCALE, agreements=[(1, "DACH"), (2, "Nordics")], metadata={"channel": "C1"}),
    "log, again": lambda: log.again_modal(LOCALE, number=128, count=106, logged_at=e.PAST),
    "log, known": lambda: log.known_modal(LOCALE, known=14, count=120),
    "take": lambda: take.modal(LOCALE, number=128, undecided=[(Tier.B, 5), (Tier.C, 10)], share=10),
    "reject": lambda: reject.modal(
        LOCALE,
        number=128,
        undecided=15,
        reasons=[
            ("too_small", "Too small", RejectionKind.QUALITY, "2.1"),
            ("duplicate", "Duplicate", RejectionKind.NEUTRAL, ""),
        ],
    ),
    "touch": lambda: touch.modal(LOCALE, numbers=[128], waiting=3, now=e.NOW),
    "outcome": lambda: outcome.modal(LOCALE, number=128, mine=10, initial={"outcome": "sql"}),
    "setup": lambda: setup.modal(
        LOCALE,
        initial={"name": "DACH", "sales_members": ["U2", "U3"], "opens": "09:00", "target": 240},
        problem="The two sides need two leads.",
    ),
}


def main() -> None:
    for name, draw in GALLERY.items():
        drawn = draw()
        shown = {"text": drawn.text, "blocks": drawn.blocks} if isinstance(drawn, Message) else drawn
        print(json.dumps({"name": name, **shown}, ensure_ascii=False))


if __name__ == "__main__":
    main()
