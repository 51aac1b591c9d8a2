"""A whole week through the front door: two teams, one webinar of 106 leads, and what the bot says unasked."""

import re
from collections import Counter
from datetime import time
from pathlib import Path

import pytest
from sqlalchemy import func
from sqlmodel import col, select

from bot.demo.cast import CHANNEL, GUS, INES, MARA, MILO, REPS, RITA, SAM, THEO
from bot.messages import card as card_message
from bot.messages import leads
from bot.messages import nudge as nudge_message
from bot.models import Handoff, Lead, Notice
from bot.sandbox.traffic import Call
from bot.services import digest, verify
from sla_rules.kinds import Metric, Tier
from tests.story.week import MONDAY, Week, local, opened, read, value_of
from tests.twin import ours

NEWSLETTER, WEBINAR, DEMO = 2, 3, 4
FRIDAYS = (5, 6, 7, 8)
"""Numbers of the handoffs, in the order in which they are logged; H-1 is a slip of the pen."""
SECRET = "Person-"
"""With this every name of the webinar's list begins."""


@pytest.mark.parametrize("way", ["socket", "http"])
def test_a_whole_week(tmp_path: Path, way: str) -> None:
    with opened(tmp_path, over_http=way == "http") as week:
        on_monday_one_list_is_logged_by_mistake_and_another_refused_in_part(week)
        on_tuesday_the_webinar_comes_in_portions_and_is_shared(week)
        on_tuesday_one_gives_back_and_who_stood_by_has_it(week)
        on_tuesday_afternoon_a_rep_leaves_and_the_cover_starts_afresh(week)
        on_wednesday_and_thursday_two_share_what_two_can_carry(week)
        on_thursday_a_hand_raiser_is_forgotten_and_told_once(week)
        on_thursday_the_wrong_people_are_refused_in_private(week)
        on_friday_evening_four_ask_for_a_demo(week)
        on_monday_one_message_tells_of_all_four(week)
        the_digest_counts_as_the_leads_do(week)
        the_status_counts_as_the_leads_do(week)
        every_working_day_had_one_scheduled_post(week)
        nothing_came_outside_working_hours(week)
        no_message_came_twice(week)
        nobody_had_more_than_two_messages_a_day_besides_hand_raisers(week)
        no_name_stood_in_the_channel(week)
        the_ledger_explains_every_row(week)


# ---- what happens


def on_monday_one_list_is_logged_by_mistake_and_another_refused_in_part(week: Week) -> None:
    week.go("mon 10:00")
    assert "H-1: 5 newsletter leads" in week.type(MILO.id, "/sla log newsletter C=5")
    assert "Only who logged it" in week.type(MARA.id, "/sla void H-1")
    assert "H-1 is voided" in week.type(MILO.id, "/sla void H-1")
    assert "they count nowhere" in week.says(1)
    assert "is voided" in week.type(RITA.id, "/sla take H-1")

    week.type(MILO.id, '/sla log newsletter "Monthly letter" C=10')
    assert "10 of 10 is more than a fifth" in week.type(RITA.id, f"/sla reject H-{NEWSLETTER} no_intent")
    week.type(RITA.id, f"/sla reject H-{NEWSLETTER} no_intent 1-3")
    week.type(RITA.id, f"/sla reject H-{NEWSLETTER} duplicate 4-5")
    assert "rejected 5: 3 no intent (§4.4: mql), 2 duplicate (§4.5)" in week.says(NEWSLETTER).casefold()

    assert "5 leads of H-2 are yours" in week.type(RITA.id, f"/sla take H-{NEWSLETTER} all")
    week.go("mon 11:00")
    assert "4 still wait" in week.press(RITA.id, week.dms(RITA.id)[-1], leads.TOUCHED, f"{NEWSLETTER}:6")
    week.press(RITA.id, week.dms(RITA.id)[-1], leads.TOUCHED_ALL)
    assert "all 5 contacted" in read(week.dms(RITA.id)[-1])
    week.go("mon 15:00")
    week.type(RITA.id, f"/sla outcome H-{NEWSLETTER} 6 won 12000")
    week.type(RITA.id, f"/sla outcome H-{NEWSLETTER} 7-10 recycled")
    assert "Every lead has its outcome" in week.says(NEWSLETTER)


def on_tuesday_the_webinar_comes_in_portions_and_is_shared(week: Week) -> None:
    week.go("tue 09:10")
    clause = "76 more than was signed for (§7.3) follow, the next 30 Wed 09:00"
    assert clause in week.log_list(MARA.id, "webinar", "June webinar", webinar_list())
    card = week.says(WEBINAR)
    assert "106 webinar leads · 30 to take now" in card
    assert "B 38 · C 68" in card
    assert "76 more follow, the next 30 Wed 09:00 · over what was signed for, §7.3" in card
    assert "Take My 10" in card

    assert "10 leads of H-3 are yours, first touch by Wed 09:10" in week.react(SAM.id, WEBINAR)
    assert "10 leads of H-3 are yours" in week.react(RITA.id, WEBINAR)
    week.type(SAM.id, f"/sla take H-{WEBINAR} 10")
    assert "You stand by for H-3" in week.react(THEO.id, WEBINAR)
    assert f"Taken 30 (<@{SAM.id}> 20, <@{RITA.id}> 10)" in week.says(WEBINAR)
    assert read(week.dms(SAM.id)[-1]).count(SECRET) == 20


def webinar_list() -> bytes:
    tiers = ["B"] * 38 + ["C"] * 68
    rows = [f"{SECRET}{n},Company {n},lead{n}@lead{n}.example,{tier}" for n, tier in enumerate(tiers)]
    return "\n".join(["name,company,email,tier", *rows]).encode()


def on_tuesday_one_gives_back_and_who_stood_by_has_it(week: Week) -> None:
    week.go("tue 09:20")
    assert "10 leads of H-3 are given back" in week.react(RITA.id, WEBINAR, is_on=False)
    assert f"Taken 30 (<@{SAM.id}> 20, <@{THEO.id}> 10)" in week.says(WEBINAR)
    assert read(week.dms(THEO.id)[-1]).count(SECRET) == 10
    assert SECRET not in read(week.dms(RITA.id)[-1])

    week.go("tue 10:00")
    week.type(THEO.id, f"/sla touch H-{WEBINAR}")
    refused = week.react(THEO.id, WEBINAR, is_on=False)
    assert "have a touch or an outcome already" in refused
    week.react(THEO.id, WEBINAR)
    week.type(SAM.id, f"/sla touch H-{WEBINAR} 1-10")
    assert "contacted 20" in week.says(WEBINAR)


def on_tuesday_afternoon_a_rep_leaves_and_the_cover_starts_afresh(week: Week) -> None:
    week.go("tue 14:00")
    answer = week.type(SAM.id, f"/sla away until 6 Jun cover <@{RITA.id}>")
    assert "10 leads go there with a fresh start" in answer
    assert f"<@{RITA.id}> 10" in week.says(WEBINAR)
    assert "B 10 by Wed 14:00" in week.says(WEBINAR)
    assert read(week.dms(RITA.id)[-1]).count(SECRET) == 10
    week.go("tue 15:00")
    assert "10 leads contacted" in week.type(RITA.id, f"/sla touch H-{WEBINAR}")


def on_wednesday_and_thursday_two_share_what_two_can_carry(week: Week) -> None:
    week.go("wed 09:05")
    assert "20 to take now" in week.says(WEBINAR)
    assert "56 more follow, the next 20 Thu 09:00" in week.says(WEBINAR)
    assert "10 leads of H-3 are yours" in week.react(RITA.id, WEBINAR)
    assert "10 leads of H-3 are yours" in week.press(THEO.id, week.card(WEBINAR), card_message.TAKE)
    for rep in (RITA, THEO):
        week.press(rep.id, week.dms(rep.id)[-1], leads.TOUCHED_ALL)
    week.go("thu 09:05")
    for rep in (RITA, THEO):
        assert "10 leads" in week.press(rep.id, week.card(WEBINAR), card_message.TAKE)
        week.type(rep.id, f"/sla touch H-{WEBINAR}")


def on_thursday_a_hand_raiser_is_forgotten_and_told_once(week: Week) -> None:
    week.go("thu 10:00")
    week.type(MILO.id, '/sla log demo-request "Website form" A=1 arrived 09:50')
    (duty,) = [rep.id for rep in REPS if f"the move is <@{rep.id}>'s" in week.says(DEMO)]
    before = len(week.dms(duty))
    week.go("thu 10:44")
    assert len(week.dms(duty)) == before
    week.go("thu 10:46")
    (warning,) = week.dms(duty)[before:]
    assert "1 lead needs a first touch by Thu 11:00" in read(warning)
    week.go("thu 15:00")
    _, breach = week.dms(duty)[before:]
    assert "H-4 passed its time Thu 11:00" in read(breach)
    assert local(float(breach["ts"])).time() < time(11, 1)
    assert "1 lead contacted" in week.press(duty, breach, nudge_message.TOUCHED_ALL)
    assert "Done: nothing of this waits" in read(week.dms(duty)[-1])


def on_thursday_the_wrong_people_are_refused_in_private(week: Week) -> None:
    week.go("thu 15:30")
    assert "Guests see the cards and cannot act" in week.react(GUS.id, WEBINAR)
    assert week.react(GUS.id, WEBINAR, is_on=False) == ""
    assert week.react(GUS.id, WEBINAR) == "", "once a day is enough"
    assert f"<@{SAM.id}> can add you" in week.react(MARA.id, WEBINAR)
    assert week.react(MARA.id, NEWSLETTER) == ""
    assert "That is for Marketing" in week.type(RITA.id, "/sla log webinar B=3")
    assert "That is for Sales" in week.type(INES.id, f"/sla take H-{WEBINAR}")
    assert "Guests see the cards and cannot act" in week.type(GUS.id, f"/sla take H-{WEBINAR}")
    assert f"(<@{THEO.id}> 30, <@{RITA.id}> 30, <@{SAM.id}> 10)" in week.says(WEBINAR)


def on_friday_evening_four_ask_for_a_demo(week: Week) -> None:
    week.go("fri 09:05")
    for rep in (RITA, THEO):
        assert "10 leads" in week.press(rep.id, week.card(WEBINAR), card_message.TAKE)
        week.type(rep.id, f"/sla touch H-{WEBINAR}")
    for clock in ("16:50", "16:53", "16:57", "16:59"):
        week.go(f"fri {clock}")
        week.type(MILO.id, f'/sla log demo-request "Website form" A=1 arrived {clock}')
    week.go("sat 12:00")


def on_monday_one_message_tells_of_all_four(week: Week) -> None:
    (duty,) = [rep.id for rep in REPS if f"the move is <@{rep.id}>'s" in week.says(FRIDAYS[0])]
    before = len(week.dms(duty))
    week.go("next mon 09:34")
    assert len(week.dms(duty)) == before
    week.go("next mon 09:45")
    (nudge,) = week.dms(duty)[before:]
    said = read(nudge)
    assert "4 leads need a first touch, first by Mon 09:50" in said
    for number, due in zip(FRIDAYS, ("09:50", "09:53", "09:57", "09:59"), strict=True):
        assert f"H-{number} · 1 demo-request, A · first touch due Mon {due}" in said
    assert "4 leads contacted" in week.press(
        duty, nudge, nudge_message.TOUCHED_ALL, value_of(nudge, "Contacted All")
    )
    week.go("next mon 12:00")
    assert len(week.dms(duty)) == before + 1


# ---- what it comes to


def the_digest_counts_as_the_leads_do(week: Week) -> None:
    with week.reading() as (session, agreed):
        fact = digest.fact(session, agreed, MONDAY, week.demo.stage.clock.now())
        rows = session.exec(
            select(Lead)
            .where(ours(Lead))
            .join(Handoff, col(Handoff.id) == col(Lead.handoff_id))
            .where(Handoff.state != "voided")
        ).all()
    assert fact.delivered == len(rows) == 10 + 106 + 1 + 4
    assert fact.qualified == 121 - 5
    assert fact.accepted == sum(lead.state in ("taken", "touched", "closed") for lead in rows) == 5 + 90 + 5
    assert (fact.won, fact.sql) == (1, 0)
    assert {(one.reason, one.n, one.top_source) for one in fact.reasons} == {
        ("no_intent", 3, "newsletter"),
        ("duplicate", 2, "newsletter"),
    }
    kept = {(one.metric, one.tier): (one.n, one.of) for one in fact.promises}
    assert kept[Metric.QUALITY_REFUSALS, None] == (3, 3 + 5 + 90 + 5)
    assert kept[Metric.TOUCHED_IN_TIME, Tier.A] == (4, 5)
    assert kept[Metric.TOUCHED_IN_TIME, Tier.B] == (38, 38)
    assert kept[Metric.TOUCHED_IN_TIME, Tier.C] == (5 + 52, 5 + 52)
    assert kept[Metric.OUTCOME_IN_TIME, None] == (5, 5)


def the_status_counts_as_the_leads_do(week: Week) -> None:
    said = week.type(MARA.id, "/sla")
    assert "116 of 160" in said
    for figure in (r"refusals 3% \(at most 25%\)", r"hand-raisers\D*80% \(85%\)", r"engaged\D*100% \(80%\)"):
        assert re.search(figure, said), figure


# ---- what holds for all of it


def every_working_day_had_one_scheduled_post(week: Week) -> None:
    with week.reading() as (session, _):
        rows = session.exec(
            select(Notice.kind, Notice.ts).where(ours(Notice), col(Notice.kind).in_(("daily", "digest")))
        )
        posted = {(kind, f"{local(float(ts or 0)):%a %d %H:%M}") for kind, ts in rows}
    dailies = {("daily", f"{day} 16:30") for day in ("Tue 02", "Wed 03", "Thu 04", "Fri 05")}
    assert posted == {("digest", "Mon 08 09:30")} | dailies


def nothing_came_outside_working_hours(week: Week) -> None:
    for call in week.calls("chat.postMessage"):
        posted = local(call.at)
        assert posted.weekday() < 5, call
        assert time(9) <= posted.time() < time(17), call


def no_message_came_twice(week: Week) -> None:
    posts = week.calls("chat.postMessage")
    keys = Counter(str(call.body["metadata"]) for call in posts)
    assert set(keys.values()) == {1}
    assert len({(call.answer["channel"], call.answer["ts"]) for call in posts}) == len(posts)
    with week.reading() as (session, _):
        noted = session.exec(select(func.count()).where(ours(Notice), col(Notice.ts).is_not(None))).one()
    assert noted == len(posts)
    assert not [call for call in week.demo.sandbox.traffic if call.status == 429]


def nobody_had_more_than_two_messages_a_day_besides_hand_raisers(week: Week) -> None:
    with week.reading() as (session, _):
        urgent = set(
            session.exec(
                select(Notice.ts).where(ours(Notice)).where(Notice.kind == "nudge", ~col(Notice.counts))
            )
        )
    people = {rep.id for rep in REPS} | {MARA.id, MILO.id, INES.id}
    days = Counter(
        (call.body["channel"], local(call.at).date())
        for call in week.calls("chat.postMessage")
        if call.body["channel"] in people and call.answer["ts"] not in urgent
    )
    assert days
    assert max(days.values()) <= 2, days


def no_name_stood_in_the_channel(week: Week) -> None:
    def is_public(call: Call) -> bool:
        return bool(call.body["channel"] == CHANNEL)

    methods = ("chat.postMessage", "chat.update", "chat.postEphemeral")
    public = [call for method in methods for call in week.calls(method) if is_public(call)]
    assert len(public) > 50
    assert not [call for call in public if SECRET in str(call.body) or "@lead" in str(call.body)]


def the_ledger_explains_every_row(week: Week) -> None:
    with week.reading() as (session, _):
        assert list(verify.differences(session)) == []
