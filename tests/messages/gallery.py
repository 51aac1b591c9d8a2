"""Print every message and view as JSON, for looking at: python -m tests.messages.gallery pt_BR."""

import json
import sys
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from functools import partial
from typing import Any

from bot.errors import UserError
from bot.facts.figures import SpanFact
from bot.facts.people import Step
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
    breaches,
    calculator,
    card,
    correct,
    daily,
    decline,
    departure,
    digest,
    dispute,
    done,
    duty,
    excuse,
    export,
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
    share,
    signing,
    simulate,
    snooze,
    status,
    take,
    thread,
    touch,
    trouble,
    welcome,
    which,
    why,
    work,
)
from bot.messages.words import label
from sla_rules.kinds import ClockKind, RejectionKind, Side, Tier
from sla_rules.pieces import piece_at
from sla_rules.strict_yaml import Path
from tests.messages import examples as e

Drawing = Callable[[], Message | dict[str, Any]]
LATE = {"is_breached": True, "due_at": e.PAST}


def _edit_form(locale: str, base: Path) -> dict[str, Any]:
    fact = e.edit()
    return agreement_edit.form(fact, piece_at(dict(fact.data), base), locale, {})


def gallery(locale: str) -> Mapping[str, Drawing]:
    """Give every message and view in a language, by name, each drawn when it is called."""
    return {
        "card": lambda: card.message(e.card(), locale),
        "card, trial": lambda: card.message(e.card(is_trial=True, clocks=[], taken=[], rejected=[]), locale),
        "card, all decided": lambda: card.message(e.card(undecided=0, held=0, clocks=[]), locale),
        "card, closed": lambda: card.message(e.card(undecided=0, held=0, clocks=[], state="closed"), locale),
        "card, corrected": lambda: card.message(e.card(corrected=(e.PAST, "U1")), locale),
        "card, voided": lambda: card.message(e.card(state="voided"), locale),
        "work": lambda: work.message([e.work()], locale),
        "work, without names": lambda: work.message(
            [e.work(leads=[e.lead(n=n, name="", company="", email="", link="") for n in range(1, 31)])],
            locale,
        ),
        "work, two handoffs": lambda: work.message([e.work(), e.work(handoff_id=8, number=129)], locale),
        "work, nothing left": lambda: work.message([], locale),
        "work, moved": lambda: work.moved(locale),
        "nudge, at risk": lambda: nudge.message(e.nudge(), locale),
        "nudge, breach": lambda: nudge.message(e.nudge(clocks=[e.clock(**LATE)]), locale),
        "nudge, both": lambda: nudge.message(
            e.nudge(
                clocks=[e.clock(**LATE), e.clock(number=128, kind=ClockKind.DECIDE, tier=Tier.B, waiting=15)]
            ),
            locale,
        ),
        **{
            f"nudge, several of {kind}": partial(
                nudge.message,
                e.nudge(
                    clocks=[
                        e.clock(clock_id=n, number=n, handoff_id=n, kind=kind, side=kind.side) for n in (1, 2)
                    ]
                ),
                locale,
            )
            for kind in ClockKind
        },
        "nudge, settled": lambda: nudge.message(e.nudge(is_settled=True), locale),
        "nudge, in time after all": lambda: nudge.message(
            e.nudge(clocks=[], is_settled=True, disproved=[131]), locale
        ),
        "thread": lambda: thread.message(e.thread(), locale),
        "thread, nothing to take": lambda: thread.message(
            e.thread(to_take=0, clocks=[(1, ClockKind.OUTCOME, 12)]), locale
        ),
        "thread, a question": lambda: thread.message(
            e.thread(to_take=0, clocks=[(1, ClockKind.ANSWER, 1)]), locale
        ),
        "thread, settled": lambda: thread.message(e.thread(clocks=[], to_take=0), locale),
        "thread, in time after all": lambda: thread.message(
            e.thread(clocks=[], to_take=0, is_disproved=True), locale
        ),
        "roundup": lambda: roundup.message(e.roundup(), locale),
        "roundup, later": lambda: roundup.message(
            e.roundup(clocks=[e.overdue()], settled=2, disproved=[128]), locale
        ),
        "roundup, settled": lambda: roundup.message(e.roundup(clocks=[], settled=2), locale),
        "daily, calm": lambda: daily.message(e.daily(is_calm=True, at_risk=[]), locale),
        "daily, otherwise": lambda: daily.message(e.daily(), locale),
        "digest": lambda: digest.message(e.digest(), locale),
        "digest, thread": lambda: digest.thread(e.digest(), locale),
        "digest, thread in words": lambda: digest.thread_plain(e.digest(), locale),
        "digest, quiet": lambda: digest.message(e.digest(is_quiet=True), locale),
        "digest, with all there is to say": lambda: digest.message(
            e.digest(versions=(1, 2), refused=9, unhandled=1, review_on=date(2026, 6, 1)), locale
        ),
        "digest, what moved": lambda: digest.message(e.digest(moved=e.MOVED), locale),
        "digest, not a whole week": lambda: digest.message(
            e.digest(from_on=date(2026, 6, 16), until_on=date(2026, 6, 18)), locale
        ),
        "digest, thread of a young week": lambda: digest.thread(
            e.digest(
                is_young=True,
                conversion=SpanFact(before_days=30),
                cycle=SpanFact(),
                weeks=[e.week(sales_made=0, is_partial=True), e.week(label="2026-W26")],
            ),
            locale,
        ),
        "forecast": lambda: forecast.message(e.forecast(), locale),
        "forecast, too little known": lambda: forecast.message(
            e.forecast(goals=[e.outlook(low=None, high=None, chance=None, weeks=n) for n in (1, 6)]), locale
        ),
        "forecast, all sure": lambda: forecast.message(
            e.forecast(goals=[e.outlook(low=251, high=251, chance=1)], left_out=()), locale
        ),
        "forecast, no goal": lambda: forecast.message(e.forecast(goals=[]), locale),
        "forecast, too much": lambda: forecast.message(
            e.forecast(name="n" * 300, goals=[e.outlook(target=10**7, high=10**8)] * 60), locale
        ),
        "review": lambda: review.message(e.review(), locale),
        "review, as it would be now": lambda: review.message(e.review(is_preview=True), locale),
        "review, answered": lambda: review.message(
            e.review(
                drafts=(
                    replace(e.REFUSED, answer="kept", by="U9"),
                    e.draft(answer="proposed", by="U1", meant=e.meant(impossible=3)),
                    e.NEXT,
                )
            ),
            locale,
        ),
        "review, nothing to say": lambda: review.message(
            e.review(promises=[], pipeline=0, pipeline_before=None, drafts=(e.NEXT,), agenda=[], versions=()),
            locale,
        ),
        "review, too much": lambda: review.message(
            e.review(
                name="N" * 150,
                promises=[ReviewedFact(promise, 1, 3) for promise in e.PROMISES * 15],
                drafts=(*[replace(e.REFUSED, new="w" * 2000, source="s" * 200)] * 3, e.NEXT),
                agenda=list(e.review().agenda) * 30,
            ),
            locale,
        ),
        "review, reminder": lambda: review.reminder("DACH", date(2026, 7, 7), locale),
        "review, people": lambda: review.people(e.people(), locale),
        "review, people, none": lambda: review.people(e.people(reps=[], signs=[]), locale),
        "review, people, too many": lambda: review.people(
            e.people(reps=list(e.people().reps) * 60, signs=list(e.people().signs) * 20), locale
        ),
        "simulate": lambda: simulate.message(e.simulated(), locale),
        "simulate, imported leads": lambda: simulate.message(e.imported(), locale),
        "simulate, the terms in force": lambda: simulate.message(
            e.simulated(
                changes=(),
                promises=(),
                sides=((Side.SALES, 8, 8, 12),),
                impossible=(),
                impossible_in_all=0,
                is_as_it_was=True,
            ),
            locale,
        ),
        "observed": lambda: review.seen(e.seen(), locale),
        "observed, proposed": lambda: review.seen(e.seen(is_proposed=True), locale),
        "observed, nothing seen": lambda: review.seen(e.seen(targets=[(e.PROMISES[0], None)]), locale),
        "observed, too much": lambda: review.seen(e.seen(targets=list(e.seen().targets) * 20), locale),
        "status, of two versions": lambda: status.message(e.status(versions=(2, 3)), locale),
        "goals, of two versions": lambda: goals.message(e.status(goals=[e.goal(versions=(2, 3))]), locale),
        "status": lambda: status.message(e.status(), locale),
        "status, shared": lambda: share.shared(status.public(e.status(), locale), locale, by="U1"),
        "goals": lambda: goals.message(e.status(), locale),
        "goals, of a week that is over": lambda: goals.message(
            e.status(
                goals=[e.goal(needed_a_day=None, needed_after_plan=None, planned=0, until_on=e.NOW.date())],
                period_label="2026-W24",
                until_on=None,
            ),
            locale,
        ),
        "breaches": lambda: share.offered(
            breaches.message(e.breaches(), locale), locale, "1 breaches 2026-06 k"
        ),
        "breaches, shared": lambda: share.shared(breaches.public(e.breaches(), locale), locale, by="U1"),
        "breaches, in numbers": lambda: breaches.message(e.breaches(overdue=[], sees_handoffs=False), locale),
        "breaches, none": lambda: breaches.message(
            e.breaches(overdue=[], count=0, by_side={}, broken=[], until_on=None), locale
        ),
        "export, coming": lambda: export.coming(e.export(), locale),
        "export, not sent": lambda: export.not_sent(e.export(), locale, because=""),
        "export, not allowed": lambda: export.not_sent(e.export(), locale, because="upload_not_allowed"),
        "export, not taken": lambda: export.not_sent(e.export(), locale, because="file_uploads_disabled"),
        "handoffs": lambda: handoffs.message([e.handoff(), e.handoff(number=129, undecided=0)], 2, locale),
        "handoffs, none": lambda: handoffs.message([], 0, locale),
        "why": lambda: why.message(e.why(), locale),
        "why, with rejections": lambda: why.message(
            e.why(agreement_id=1, reasons=[e.appeal(), e.appeal(label="Duplicate", appeals_to="", words="")]),
            locale,
        ),
        **{
            f"departure, {what}": partial(departure.message, e.departure(what=what), locale)
            for what in e.DEPARTURES
        },
        **{
            f"trouble, {what}, {code}": partial(trouble.message, e.trouble(what=what, code=code), locale)
            for what, code in e.TROUBLES
        },
        "question": lambda: ask.message(e.question(), locale),
        "question, answered": lambda: ask.message(e.question(answered_by="U1", answer="Yes, 40k."), locale),
        "question, too much": lambda: ask.message(
            e.question(numbers=range(1, 400), question="?" * 500, answer="!" * 500, answered_by="U1"), locale
        ),
        "ask": lambda: ask.modal(locale, number=128, metadata={}),
        "answer": lambda: ask.answer_modal(e.question(), locale, {}),
        "hand": lambda: hand.modal(locale, number=128, mine=10, metadata={}),
        "snooze": lambda: snooze.modal(e.clock(), locale, latest=e.SOON, left=2, clause="13.6", metadata={}),
        "excuse": lambda: excuse.modal(e.clock(**LATE), locale, {}),
        "excuse, asked": lambda: excuse.message(e.excuse(), locale),
        "excuse, granted": lambda: excuse.message(e.excuse(judged_by="U1", is_granted=True), locale),
        "excuse, the answer": lambda: excuse.judged(e.excuse(judged_by="U1", leads=1), locale),
        "rejection": lambda: dispute.rejection(e.rejection(), locale),
        "rejection, neutral": lambda: dispute.rejection(
            e.rejection(kind=RejectionKind.NEUTRAL, appeals_to="", dispute_until=None), locale
        ),
        **{
            f"rejection, {state}": partial(
                dispute.rejection, e.rejection(state=state, dispute_until=None, examples=()), locale
            )
            for state in ("disputed", "upheld", "given_back")
        },
        "dispute": lambda: dispute.modal(e.rejection(), locale, {}),
        "dispute, put": lambda: dispute.message(e.dispute(), locale),
        "dispute, settled": lambda: dispute.message(
            e.dispute(is_open=False, settled_by="U9", is_upheld=False), locale
        ),
        "dispute, silence": lambda: dispute.message(e.dispute(is_open=False), locale),
        "which": lambda: which.message(
            [("DACH", "C1", "1 key status"), ("Nordics", None, "2 key status")], locale
        ),
        "which, very many": lambda: which.message(
            [("DACH", "C1", f"{n} key status") for n in range(60)], locale
        ),
        "help": lambda: help.message(e.WORDS, locale),
        **{
            f"help, {step}": partial(help.message, e.WORDS, locale, next_step=e.next_step(step))
            for step in Step
        },
        **{
            f"help, on {word}": partial(help.one, word, label(locale, f"word.{word}"), locale)
            for word in e.EXPLAINED
        },
        "setup, written": lambda: setup.written(locale, name="DACH", channel="C1", agreement_id=1),
        "welcome": lambda: welcome.message(locale),
        "help, unknown": lambda: help.message(e.WORDS, locale, unknown="lgo", nearest="log"),
        "agreement": lambda: agreement.show(e.agreement(), locale),
        "agreement, not signed": lambda: agreement.show(
            e.agreement(
                state="proposed", signed={}, in_force_at=None, waiting=e.version(4, state="proposed")
            ),
            locale,
        ),
        **{
            f"agreement, §{one.number}": partial(agreement.section, one, locale)
            for one in e.agreement().sections
        },
        "agreement, a clause": lambda: agreement.clause(e.agreement().sections[3], locale),
        "agreement, all versions": lambda: agreement.history(e.versions(), locale),
        "agreement, what differs": lambda: agreement.diff(e.diff(), locale),
        "agreement, nothing differs": lambda: agreement.diff(e.diff(changes=[]), locale),
        "signing": lambda: signing.message(e.signing(), locale),
        "signing, an amendment": lambda: signing.message(e.amendment(), locale),
        "signing, declined": lambda: signing.message(
            e.amendment(state="declined", closed_by="U9", closed_because="Too low for four reps"), locale
        ),
        "signing, to end": lambda: signing.message(e.amendment(is_ending=True, meant=[], changes=[]), locale),
        "agreement files, coming": lambda: agreement_files.coming(e.text(), locale),
        "agreement files, not sent": lambda: agreement_files.not_sent(e.text(), locale, because=""),
        "agreement files, not allowed": lambda: agreement_files.not_sent(
            e.text(), locale, because="upload_not_allowed"
        ),
        "agreement files, back": lambda: agreement_files.modal(locale, name="DACH"),
        "agreement files, faulty": lambda: agreement_files.modal(
            locale, name="DACH", faults=["Line 93 (§9.1): `many` is not a whole number."], paste="goals:\n"
        ),
        "signing, why it is declined": lambda: decline.modal(locale, agreement="DACH", version=2),
        "home": lambda: home.view(e.home(away=e.AWAY), locale),
        "home, a marketer": lambda: home.view(e.home_of_marketer(), locale),
        "home, a lead": lambda: home.view(e.home_of_lead(), locale),
        "home, a manager": lambda: home.view(e.home_of_manager(), locale),
        "home, a colleague": lambda: home.view(e.home_of_colleague(), locale),
        "home, second page": lambda: home.view(
            e.home(leads=[e.lead(n=n) for n in range(1, 121)], leads_from=40), locale
        ),
        "home, my leads alone": lambda: home.mine(e.home(), locale),
        "home, the form for a plan": lambda: home.plan(
            locale, today=e.NOW.date(), name="DACH", metadata={"agreement": 1}
        ),
        "home, first visit": lambda: home.view(e.home(parts=[], leads=[]), locale),
        "home, somebody new": lambda: home.view(e.home(parts=[], leads=[], is_new=True), locale),
        "home, guest": lambda: home.view(e.home(is_guest=True), locale),
        "duty": lambda: duty.message(e.duty(), locale),
        "duty, today": lambda: duty.message(e.duty(is_today=True), locale),
        "duty, late": lambda: duty.message(e.duty(is_late=True, due_at=e.PAST), locale),
        "duty, done": lambda: duty.message(e.duty(done_at=e.PAST, done_by="U1", may_undo=True), locale),
        "duty, why": lambda: duty.why(e.duty(done_at=e.PAST, done_by="U1"), locale),
        "duties": lambda: duty.listing(
            [e.duty(), e.duty(duty_id=0), e.duty(duty_id=4, done_at=e.PAST, done_by="U1")], locale
        ),
        "duties, none": lambda: duty.listing([], locale),
        "pace": lambda: pace.message(e.pace(), locale),
        "pace, back on plan": lambda: pace.message(e.pace(settled_by="leads"), locale),
        "pace, planned": lambda: pace.message(e.pace(settled_by="plan"), locale),
        "pace, over": lambda: pace.message(e.pace(is_over=True), locale),
        "pace, gone": lambda: pace.gone(locale),
        "pace, why": lambda: pace.why(e.pace(), locale),
        "pace, plan": lambda: pace.modal(
            e.pace(), locale, today=date(2026, 6, 18), metadata={"agreement": 1}
        ),
        "plan": lambda: plan.message(plan.Planned(date(2026, 6, 24), "trade fair", 40, 25), e.PLANS, locale),
        "plan, listing": lambda: plan.listing(e.PLANS, locale),
        "plan, none": lambda: plan.listing([], locale),
        "away": lambda: away.message([e.AWAY], locale),
        "away, none": lambda: away.message([], locale),
        "done": lambda: done.message("taken", locale, count=10, handoff=128, due_at=e.SOON, left=5),
        "hint": lambda: hint.message(UserError("nothing_left", handoff=128), locale),
        "apology": lambda: apology.message("a1b2c3", locale),
        "log": lambda: log.modal(
            locale, agreements=[(1, "DACH"), (2, "Nordics")], metadata={"channel": "C1"}
        ),
        "log, again": lambda: log.again_modal(locale, number=128, count=106, logged_at=e.PAST),
        "log, known": lambda: log.known_modal(locale, known=14, count=120),
        "correct": lambda: correct.modal(
            locale, number=128, initial={"source": "webinar", "tier_b": 38}, is_counted=True
        ),
        "correct, named": lambda: correct.modal(
            locale, number=128, initial={"source": "webinar"}, is_counted=False
        ),
        "take": lambda: take.modal(locale, number=128, undecided=[(Tier.B, 5), (Tier.C, 10)], share=10),
        "reject": lambda: reject.modal(
            locale,
            number=128,
            undecided=15,
            reasons=[
                ("too_small", "Too small", RejectionKind.QUALITY, "2.1"),
                ("duplicate", "Duplicate", RejectionKind.NEUTRAL, ""),
            ],
        ),
        "touch": lambda: touch.modal(locale, numbers=[128], waiting=3, now=e.NOW),
        "outcome": lambda: outcome.modal(locale, number=128, mine=10, initial={"outcome": "sql"}),
        "setup": lambda: setup.modal(
            locale,
            initial={"name": "DACH", "sales_members": ["U2", "U3"], "opens": "09:00", "target": 240},
            problem="The two sides need two leads.",
        ),
        "edit": lambda: agreement_edit.contents(e.edit(), locale, {}),
        "edit, no draft": lambda: agreement_edit.contents(e.edit(e.TEXT, author="", doubts=()), locale, {}),
        "edit, goals": lambda: agreement_edit.listing(e.edit(), "goals", locale, {}),
        "edit, reasons": lambda: agreement_edit.listing(e.edit(), "rejection_reasons", locale, {}),
        **{f"edit, {name}": partial(_edit_form, locale, (name,)) for name in agreement_fields.FORMS},
        **{f"edit, one of {name}": partial(_edit_form, locale, (name, 0)) for name in ("goals", "duties")},
        "edit, a new goal": lambda: _edit_form(locale, ("goals", 99)),
        "edit, a reason": lambda: _edit_form(locale, ("rejection_reasons", "wrong_role")),
        "edit, overtaken": lambda: agreement_edit.form(
            e.edit(),
            piece_at(dict(e.edit().data), ("clocks",)),
            locale,
            {},
            problems=["Ada changed this in the meantime, so nothing was saved.", "Answer reads now: 1h"],
        ),
        "propose": lambda: agreement_propose.modal(e.edit(), e.diff().changes, locale, {}),
        "calculator": lambda: calculator.modal(locale, {}, initial={"accepted": "75"}),
        "calculator, shown": lambda: calculator.modal(
            locale, {}, initial={"revenue": "100000", "accepted": "75"}, result=e.calculation()
        ),
    }


LOCALE = "en"
GALLERY = gallery(LOCALE)


def main() -> None:
    for name, draw in gallery(sys.argv[1] if sys.argv[1:] else LOCALE).items():
        drawn = draw()
        shown = {"text": drawn.text, "blocks": drawn.blocks} if isinstance(drawn, Message) else drawn
        print(json.dumps({"name": name, **shown}, ensure_ascii=False))


if __name__ == "__main__":
    main()
