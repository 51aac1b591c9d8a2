"""Print every message and view as JSON, for looking at: python -m tests.messages.gallery."""

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from functools import partial
from typing import Any

from bot.errors import UserError
from bot.facts.review import ReviewedFact
from bot.facts.said import Message
from bot.messages import (
    agreement,
    agreement_edit,
    agreement_fields,
    agreement_files,
    agreement_propose,
    apology,
    ask,
    away,
    calculator,
    card,
    daily,
    decline,
    departure,
    digest,
    dispute,
    done,
    duty,
    excuse,
    forecast,
    goals,
    hand,
    handoffs,
    help,  # noqa: A004  (the word that people type)
    hint,
    home,
    log,
    nudge,
    outcome,
    pace,
    plan,
    reject,
    review,
    roundup,
    setup,
    signing,
    snooze,
    status,
    take,
    thread,
    touch,
    which,
    why,
    work,
)
from sla_rules.kinds import ClockKind, RejectionKind, Tier
from sla_rules.pieces import piece_at
from sla_rules.strict_yaml import Path
from tests.messages import examples as e

LOCALE = "en"
LATE = {"is_breached": True, "due_at": e.PAST}


def _edit_form(base: Path) -> dict[str, Any]:
    fact = e.edit()
    return agreement_edit.form(fact, piece_at(dict(fact.data), base), LOCALE, {})


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
    **{
        f"nudge, several of {kind}": partial(
            nudge.message,
            e.nudge(
                clocks=[
                    e.clock(clock_id=n, number=n, handoff_id=n, kind=kind, side=kind.side) for n in (1, 2)
                ]
            ),
            LOCALE,
        )
        for kind in ClockKind
    },
    "nudge, settled": lambda: nudge.message(e.nudge(is_settled=True), LOCALE),
    "nudge, in time after all": lambda: nudge.message(
        e.nudge(clocks=[], is_settled=True, disproved=[131]), LOCALE
    ),
    "thread": lambda: thread.message(e.thread(), LOCALE),
    "thread, nothing to take": lambda: thread.message(
        e.thread(to_take=0, clocks=[(1, ClockKind.OUTCOME, 12)]), LOCALE
    ),
    "thread, a question": lambda: thread.message(
        e.thread(to_take=0, clocks=[(1, ClockKind.ANSWER, 1)]), LOCALE
    ),
    "thread, settled": lambda: thread.message(e.thread(clocks=[], to_take=0), LOCALE),
    "thread, in time after all": lambda: thread.message(
        e.thread(clocks=[], to_take=0, is_disproved=True), LOCALE
    ),
    "roundup": lambda: roundup.message(e.roundup(), LOCALE),
    "roundup, later": lambda: roundup.message(
        e.roundup(clocks=[e.overdue()], settled=2, disproved=[128]), LOCALE
    ),
    "roundup, settled": lambda: roundup.message(e.roundup(clocks=[], settled=2), LOCALE),
    "daily, calm": lambda: daily.message(e.daily(is_calm=True, at_risk=[]), LOCALE),
    "daily, otherwise": lambda: daily.message(e.daily(), LOCALE),
    "digest": lambda: digest.message(e.digest(), LOCALE),
    "digest, thread": lambda: digest.thread(e.digest(), LOCALE),
    "digest, thread in words": lambda: digest.thread_plain(e.digest(), LOCALE),
    "digest, quiet": lambda: digest.message(e.digest(is_quiet=True), LOCALE),
    "digest, with all there is to say": lambda: digest.message(
        e.digest(versions=(1, 2), refused=9, unhandled=1, review_on=date(2026, 6, 1)), LOCALE
    ),
    "forecast": lambda: forecast.message(e.forecast(), LOCALE),
    "forecast, too little known": lambda: forecast.message(
        e.forecast(goals=[e.outlook(low=None, high=None, chance=None, weeks=n) for n in (1, 6)]), LOCALE
    ),
    "forecast, all sure": lambda: forecast.message(
        e.forecast(goals=[e.outlook(low=251, high=251, chance=1)], left_out=()), LOCALE
    ),
    "forecast, no goal": lambda: forecast.message(e.forecast(goals=[]), LOCALE),
    "forecast, too much": lambda: forecast.message(
        e.forecast(name="n" * 300, goals=[e.outlook(target=10**7, high=10**8)] * 60), LOCALE
    ),
    "review": lambda: review.message(e.review(), LOCALE),
    "review, as it would be now": lambda: review.message(e.review(is_preview=True), LOCALE),
    "review, answered": lambda: review.message(
        e.review(
            drafts=(
                replace(e.REFUSED, answer="kept", by="U9"),
                e.draft(answer="proposed", by="U1", meant=e.meant(impossible=3)),
                e.NEXT,
            )
        ),
        LOCALE,
    ),
    "review, nothing to say": lambda: review.message(
        e.review(promises=[], pipeline=0, pipeline_before=None, drafts=(e.NEXT,), agenda=[], versions=()),
        LOCALE,
    ),
    "review, too much": lambda: review.message(
        e.review(
            name="N" * 150,
            promises=[ReviewedFact(promise, 1, 3) for promise in e.PROMISES * 15],
            drafts=(*[replace(e.REFUSED, new="w" * 2000, source="s" * 200)] * 3, e.NEXT),
            agenda=list(e.review().agenda) * 30,
        ),
        LOCALE,
    ),
    "review, reminder": lambda: review.reminder("DACH", date(2026, 7, 7), LOCALE),
    "review, people": lambda: review.people(e.people(), LOCALE),
    "review, people, none": lambda: review.people(e.people(reps=[], signs=[]), LOCALE),
    "review, people, too many": lambda: review.people(
        e.people(reps=list(e.people().reps) * 60, signs=list(e.people().signs) * 20), LOCALE
    ),
    "observed": lambda: review.seen(e.seen(), LOCALE),
    "observed, proposed": lambda: review.seen(e.seen(is_proposed=True), LOCALE),
    "observed, nothing seen": lambda: review.seen(e.seen(targets=[(e.PROMISES[0], None)]), LOCALE),
    "observed, too much": lambda: review.seen(e.seen(targets=list(e.seen().targets) * 20), LOCALE),
    "status, of two versions": lambda: status.message(e.status(versions=(2, 3)), LOCALE, may_share=True),
    "goals, of two versions": lambda: goals.message(e.status(goals=[e.goal(versions=(2, 3))]), LOCALE),
    "status": lambda: status.message(e.status(), LOCALE, may_share=True),
    "status, shared": lambda: status.shared(e.status(), LOCALE, by="U1"),
    "goals": lambda: goals.message(e.status(), LOCALE),
    "handoffs": lambda: handoffs.message([e.handoff(), e.handoff(number=129, undecided=0)], LOCALE),
    "handoffs, none": lambda: handoffs.message([], LOCALE),
    "why": lambda: why.message(e.why(), LOCALE),
    "why, with rejections": lambda: why.message(
        e.why(agreement_id=1, reasons=[e.appeal(), e.appeal(label="Duplicate", appeals_to="", words="")]),
        LOCALE,
    ),
    **{
        f"departure, {what}": partial(departure.message, e.departure(what=what), LOCALE)
        for what in e.DEPARTURES
    },
    "question": lambda: ask.message(e.question(), LOCALE),
    "question, answered": lambda: ask.message(e.question(answered_by="U1", answer="Yes, 40k."), LOCALE),
    "question, too much": lambda: ask.message(
        e.question(numbers=range(1, 400), question="?" * 500, answer="!" * 500, answered_by="U1"), LOCALE
    ),
    "ask": lambda: ask.modal(LOCALE, number=128, metadata={}),
    "answer": lambda: ask.answer_modal(e.question(), LOCALE, {}),
    "hand": lambda: hand.modal(LOCALE, number=128, mine=10, metadata={}),
    "snooze": lambda: snooze.modal(e.clock(), LOCALE, latest=e.SOON, left=2, clause="13.6", metadata={}),
    "excuse": lambda: excuse.modal(e.clock(**LATE), LOCALE, {}),
    "excuse, asked": lambda: excuse.message(e.excuse(), LOCALE),
    "excuse, granted": lambda: excuse.message(e.excuse(judged_by="U1", is_granted=True), LOCALE),
    "excuse, the answer": lambda: excuse.judged(e.excuse(judged_by="U1", leads=1), LOCALE),
    "rejection": lambda: dispute.rejection(e.rejection(), LOCALE),
    "rejection, neutral": lambda: dispute.rejection(
        e.rejection(kind=RejectionKind.NEUTRAL, appeals_to="", dispute_until=None), LOCALE
    ),
    **{
        f"rejection, {state}": partial(
            dispute.rejection, e.rejection(state=state, dispute_until=None, examples=()), LOCALE
        )
        for state in ("disputed", "upheld", "given_back")
    },
    "dispute": lambda: dispute.modal(e.rejection(), LOCALE, {}),
    "dispute, put": lambda: dispute.message(e.dispute(), LOCALE),
    "dispute, settled": lambda: dispute.message(
        e.dispute(is_open=False, settled_by="U9", is_upheld=False), LOCALE
    ),
    "dispute, silence": lambda: dispute.message(e.dispute(is_open=False), LOCALE),
    "which": lambda: which.message(
        [("DACH", "C1", "1 key status"), ("Nordics", None, "2 key status")], LOCALE
    ),
    "which, very many": lambda: which.message([("DACH", "C1", f"{n} key status") for n in range(60)], LOCALE),
    "help": lambda: help.message(e.WORDS, LOCALE),
    "help, unknown": lambda: help.message(e.WORDS, LOCALE, unknown="lgo", nearest="log"),
    "agreement": lambda: agreement.show(e.agreement(), LOCALE),
    "agreement, not signed": lambda: agreement.show(
        e.agreement(state="proposed", signed={}, in_force_at=None, waiting=e.version(4, state="proposed")),
        LOCALE,
    ),
    **{
        f"agreement, §{one.number}": partial(agreement.section, one, LOCALE) for one in e.agreement().sections
    },
    "agreement, a clause": lambda: agreement.clause(e.agreement().sections[3], LOCALE),
    "agreement, all versions": lambda: agreement.history(e.versions(), LOCALE),
    "agreement, what differs": lambda: agreement.diff(e.diff(), LOCALE),
    "agreement, nothing differs": lambda: agreement.diff(e.diff(changes=[]), LOCALE),
    "signing": lambda: signing.message(e.signing(), LOCALE),
    "signing, an amendment": lambda: signing.message(e.amendment(), LOCALE),
    "signing, declined": lambda: signing.message(
        e.amendment(state="declined", closed_by="U9", closed_because="Too low for four reps"), LOCALE
    ),
    "signing, to end": lambda: signing.message(e.amendment(is_ending=True, meant=[], changes=[]), LOCALE),
    "agreement files, coming": lambda: agreement_files.coming(e.text(), LOCALE),
    "agreement files, not sent": lambda: agreement_files.not_sent(e.text(), LOCALE, because=""),
    "agreement files, not allowed": lambda: agreement_files.not_sent(
        e.text(), LOCALE, because="upload_not_allowed"
    ),
    "agreement files, back": lambda: agreement_files.modal(LOCALE, name="DACH"),
    "agreement files, faulty": lambda: agreement_files.modal(
        LOCALE, name="DACH", faults=["Line 93 (§9.1): `many` is not a whole number."], paste="goals:\n"
    ),
    "signing, why it is declined": lambda: decline.modal(LOCALE, agreement="DACH", version=2),
    "home": lambda: home.view(e.home(away=e.AWAY), LOCALE),
    "home, first visit": lambda: home.view(
        e.home(statuses=[], leads=[], handoffs=[], agreement_lines=[]), LOCALE
    ),
    "home, guest": lambda: home.view(e.home(is_guest=True), LOCALE),
    "duty": lambda: duty.message(e.duty(), LOCALE),
    "duty, today": lambda: duty.message(e.duty(is_today=True), LOCALE),
    "duty, late": lambda: duty.message(e.duty(is_late=True, due_at=e.PAST), LOCALE),
    "duty, done": lambda: duty.message(e.duty(done_at=e.PAST, done_by="U1", may_undo=True), LOCALE),
    "duty, why": lambda: duty.why(e.duty(done_at=e.PAST, done_by="U1"), LOCALE),
    "duties": lambda: duty.listing(
        [e.duty(), e.duty(duty_id=0), e.duty(duty_id=4, done_at=e.PAST, done_by="U1")], LOCALE
    ),
    "duties, none": lambda: duty.listing([], LOCALE),
    "pace": lambda: pace.message(e.pace(), LOCALE),
    "pace, back on plan": lambda: pace.message(e.pace(settled_by="leads"), LOCALE),
    "pace, planned": lambda: pace.message(e.pace(settled_by="plan"), LOCALE),
    "pace, over": lambda: pace.message(e.pace(is_over=True), LOCALE),
    "pace, gone": lambda: pace.gone(LOCALE),
    "pace, why": lambda: pace.why(e.pace(), LOCALE),
    "pace, plan": lambda: pace.modal(e.pace(), LOCALE, today=date(2026, 6, 18), metadata={"agreement": 1}),
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
    "edit": lambda: agreement_edit.contents(e.edit(), LOCALE, {}),
    "edit, no draft": lambda: agreement_edit.contents(e.edit(e.TEXT, author="", doubts=()), LOCALE, {}),
    "edit, goals": lambda: agreement_edit.listing(e.edit(), "goals", LOCALE, {}),
    "edit, reasons": lambda: agreement_edit.listing(e.edit(), "rejection_reasons", LOCALE, {}),
    **{f"edit, {name}": partial(_edit_form, (name,)) for name in agreement_fields.FORMS},
    **{f"edit, one of {name}": partial(_edit_form, (name, 0)) for name in ("goals", "duties")},
    "edit, a new goal": lambda: _edit_form(("goals", 99)),
    "edit, a reason": lambda: _edit_form(("rejection_reasons", "wrong_role")),
    "edit, overtaken": lambda: agreement_edit.form(
        e.edit(),
        piece_at(dict(e.edit().data), ("clocks",)),
        LOCALE,
        {},
        problems=["Ada changed this in the meantime, so nothing was saved.", "Answer reads now: 1h"],
    ),
    "propose": lambda: agreement_propose.modal(e.edit(), e.diff().changes, LOCALE, {}),
    "calculator": lambda: calculator.modal(LOCALE, {}, initial={"accepted": "75"}),
    "calculator, shown": lambda: calculator.modal(
        LOCALE, {}, initial={"revenue": "100000", "accepted": "75"}, result=e.calculation()
    ),
}


def main() -> None:
    for name, draw in GALLERY.items():
        drawn = draw()
        shown = {"text": drawn.text, "blocks": drawn.blocks} if isinstance(drawn, Message) else drawn
        print(json.dumps({"name": name, **shown}, ensure_ascii=False))


if __name__ == "__main__":
    main()
