"""The review: a reminder, the pack on its day, drafts proposed by one press, and what only the leads see."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import col, select

from bot.demo import cast
from bot.demo.cast import CHANNEL, GUS, MARA, MILO, RITA, SAM
from bot.errors import UserError
from bot.messages import review as review_message
from bot.messages import signing
from bot.models import Notice
from bot.services import agreements, observed, pack, posts, review, versions
from tests.story.week import BERLIN, Week, opened, read
from tests.twin import ours

TUESDAY, WEEKS = date(2026, 6, 23), 3
"""A review after three whole weeks."""


def text(review_on: date, observe_until: date | None = None) -> str:
    """Give the demo's agreement with goals by the week and another review."""
    found = cast.agreement(review_on=review_on).replace("per: month", "per: week")
    if observe_until:
        found = found.replace("observe_until: none", f"observe_until: {observe_until}")
    return found


def go(week: Week, day: date, clock: str) -> None:
    """Move the clock on to a time of a day in Berlin."""
    week.demo.stage.advance(datetime.combine(day, time.fromisoformat(clock), BERLIN))


@pytest.fixture
def seen(tmp_path: Path) -> Iterator[Week]:
    """Let three weeks go by in which half of the webinar's leads are refused and the rest wait too long."""
    with opened(tmp_path, text=text(TUESDAY)) as week:
        for n in range(WEEKS):
            monday = date(2026, 6, 1) + timedelta(weeks=n)
            go(week, monday, "10:00")
            week.type(MILO.id, "/sla log webinar B=10")
            week.type(RITA.id, f"/sla reject H-{n + 1} wrong_role 1-5")
            week.type(RITA.id, f"/sla take H-{n + 1} 5")
            go(week, monday + timedelta(days=1), "15:00")
            week.type(RITA.id, f"/sla touch H-{n + 1} 6-10")
        yield week


def posted(week: Week, kind: str) -> list[dict[str, Any]]:
    """List the messages of a kind, wherever they stand."""
    with week.reading() as (session, _):
        found = session.exec(
            select(Notice).where(ours(Notice)).where(col(Notice.kind) == kind).order_by(col(Notice.id))
        ).all()
        stands = {(notice.ts, notice.channel_id) for notice in found}
    everywhere = [*week.demo.sandbox.messages(CHANNEL)]
    for one in cast.EVERYONE:
        everywhere += week.dms(one.id)
    return [one for one in everywhere if one["ts"] in {ts for ts, _ in stands}]


def the_pack(week: Week) -> dict[str, Any]:
    (found,) = posted(week, "review")
    return found


def buttons(message: Mapping[str, Any], action: str) -> list[str]:
    rows = [block["elements"] for block in message["blocks"] if block["type"] == "actions"]
    return [str(one["value"]) for row in rows for one in row if one["action_id"] == action]


def days_of(week: Week, *kinds: str) -> list[tuple[str, str]]:
    """List what was scheduled in the channel, with its day."""
    with week.reading() as (session, _):
        named = [
            (week.kind_of(session, one), float(one["ts"])) for one in week.demo.sandbox.messages(CHANNEL)
        ]
    return [(kind, f"{datetime.fromtimestamp(at, BERLIN):%a %d}") for kind, at in named if kind in kinds]


# ---- when


def scheduled(
    folder: Path, review_on: date, until: date, missed: tuple[date, ...] = ()
) -> list[tuple[str, str]]:
    """List what was posted by schedule; the bot is down from the digest's time on the days missed."""
    with opened(folder, text=text(review_on)) as week:
        for day in missed:
            go(week, day, "08:00")
            week.demo.stage.clock.move_to(datetime.combine(day, time(17), BERLIN))
        go(week, until, "18:00")
        return days_of(week, "daily", "digest", "review")


def test_both_leads_and_nobody_else_are_reminded_a_week_before(tmp_path: Path) -> None:
    with opened(tmp_path, text=text(date(2026, 6, 10))) as week:
        go(week, date(2026, 6, 3), "09:00")
        assert posted(week, "review_reminder") == []
        go(week, date(2026, 6, 4), "12:00")
        assert len(posted(week, "review_reminder")) == 2
        for lead in (MARA, SAM):
            assert any("is to be reviewed on Wed 10 Jun" in read(one) for one in week.dms(lead.id))


def test_the_pack_takes_the_place_of_the_daily(tmp_path: Path) -> None:
    found = scheduled(tmp_path, date(2026, 6, 3), date(2026, 6, 4))
    assert found == [("daily", "Tue 02"), ("review", "Wed 03"), ("daily", "Thu 04")]


def test_the_digest_waits_where_the_pack_comes_on_its_day(tmp_path: Path) -> None:
    found = scheduled(tmp_path, date(2026, 6, 8), date(2026, 6, 9))
    assert found[-3:] == [("daily", "Fri 05"), ("review", "Mon 08"), ("digest", "Tue 09")]


def test_a_review_on_a_day_off_moves_to_the_next_working_day(tmp_path: Path) -> None:
    found = scheduled(tmp_path, date(2026, 6, 6), date(2026, 6, 9))
    assert found[-2:] == [("review", "Mon 08"), ("digest", "Tue 09")]


def test_a_pack_that_was_missed_comes_on_a_day_without_another_post(tmp_path: Path) -> None:
    wednesday, thursday = date(2026, 6, 3), date(2026, 6, 4)
    found = scheduled(tmp_path, wednesday, date(2026, 6, 5), missed=(wednesday,))
    assert found[1:] == [("review", "Wed 03"), ("daily", "Thu 04"), ("daily", "Fri 05")]
    folder = tmp_path / "longer"
    folder.mkdir()
    found = scheduled(folder, wednesday, date(2026, 6, 5), missed=(wednesday, thursday))
    assert sum(kind == "review" for kind, _ in found) == 1
    assert len({day for _, day in found}) == len(found), "one scheduled post a channel a day"


@pytest.mark.parametrize("review_on", [date(2026, 9, 7), date(2026, 12, 25), date(2036, 1, 1)])
def test_in_a_year_with_a_review_no_day_has_two_posts(tmp_path: Path, review_on: date) -> None:
    with opened(tmp_path, text=text(review_on)) as week, week.reading() as (_, agreed):
        for n in range(365):
            day = date(2026, 6, 1) + timedelta(days=n)
            found = [
                agreed.today(posts.next_daily(agreed, day)),
                agreed.today(posts.next_digest(agreed, day)),
            ]
            assert len({*found, posts.review_day(agreed, day)}) == 3
            assert all(agreed.calendar.works_on(one) for one in found)


# ---- the pack and its answers


def test_the_pack_says_what_was_kept_and_what_would_have_been(seen: Week) -> None:
    go(seen, TUESDAY - timedelta(days=1), "12:00")
    answer = seen.demo.sandbox.command(RITA.id, CHANNEL, "/sla agreement review")["message"]
    assert "as it would be now" in read(answer)
    assert buttons(answer, review_message.PROPOSE) == []
    assert posted(seen, "review") == []

    go(seen, TUESDAY, "12:00")
    said = read(the_pack(seen))
    assert "Review of DACH, Tue 23 Jun" in said
    assert "engaged leads touched in time 0%" in said
    assert "kept 0 of 3" in said
    assert "Keep “webinar: Wrong role” out of handoffs: webinar refusals would be 0% instead of 50%" in said
    assert "engaged leads touched 1 working day → 2 working days: met 0% → 100%" in said
    assert "engaged leads touched in time: missed 3 weeks running · §10.6" in said
    assert len(buttons(the_pack(seen), review_message.PROPOSE)) <= 4, "three amendments and the next review"

    assert RITA.id not in said, "figures of single people go to the two leads"
    told = posted(seen, "review_people")
    assert len(told) == 2
    for lead in (MARA, SAM):
        mine = [read(one) for one in seen.dms(lead.id) if one in told]
        assert f"<@{RITA.id}> took 15 · touched 0 in time, 15 late" in mine[0]
        assert "touched most of them late or never: 15 of 15" in mine[0]


def draft_with(week: Week, words: str) -> str:
    """Give the value of the buttons below a draft, by its words."""
    blocks = the_pack(week)["blocks"]
    place = next(n for n, block in enumerate(blocks) if words in read({"blocks": [block]}))
    return str(blocks[place + 1]["elements"][0]["value"])


def test_drafts_are_proposed_by_one_press_or_kept(seen: Week) -> None:
    go(seen, TUESDAY, "12:00")
    longer, refused = draft_with(seen, "2 working days"), draft_with(seen, "webinar: Wrong role")
    for act in (review_message.PROPOSE, review_message.KEEP):
        assert seen.press(GUS.id, the_pack(seen), act, longer), "who is no party changes nothing, and is told"
    with seen.reading() as (session, agreed):
        assert versions.proposal(session, agreed) is None

    assert "stays as it is" in seen.press(SAM.id, the_pack(seen), review_message.KEEP, refused)
    assert f"Kept as it is by <@{SAM.id}>" in read(the_pack(seen))

    assert "Version 2 is proposed" in seen.press(MARA.id, the_pack(seen), review_message.PROPOSE, longer)
    card = read(seen.demo.sandbox.messages(CHANNEL)[-1])
    assert "1 working day → *2 working days*" in card
    assert "met 0% → 100%" in card, "the card says what it would have meant"
    assert f"Proposed by <@{MARA.id}>" in read(the_pack(seen))
    assert _pressed_late(seen, longer) == "draft_proposed"

    go(seen, TUESDAY, "12:30")
    nothing_else = draft_with(seen, "Meet next")
    seen.press(SAM.id, the_pack(seen), review_message.PROPOSE, nothing_else)
    assert "B: 2 working days" in _proposed(seen), "a second draft is written into what is proposed already"
    assert "review: 2026-09-22" in _proposed(seen)


def _pressed_late(week: Week, value: str) -> str:
    """Press a button that somebody still sees, though it is answered; gives the refusal's code."""
    number = int(value.rpartition(":")[2])
    now = week.demo.stage.clock.now()
    with week.demo.baton.context.transaction() as session:
        agreed = agreements.by_id(session, 1, 1)
        with pytest.raises(UserError) as refused:
            review.propose(session, agreed, TUESDAY, number, SAM.id, now, delivery="late")
    return refused.value.code


def test_a_review_that_is_past_is_in_every_digest_until_a_later_one_is_agreed(seen: Week) -> None:
    go(seen, TUESDAY + timedelta(days=6), "12:00")
    assert "The review of Tue 23 Jun is past" in read(posted(seen, "digest")[-1])
    seen.press(MARA.id, the_pack(seen), review_message.PROPOSE, draft_with(seen, "Meet next"))
    sign(seen)
    go(seen, TUESDAY + timedelta(days=13), "12:00")
    assert "is past" not in read(posted(seen, "digest")[-1])
    assert "Tue 22 Sep" in seen.type(RITA.id, "/sla agreement review")
    with seen.reading() as (session, agreed):
        start_on, _ = pack.days(session, agreed, seen.demo.stage.clock.now())
    assert start_on == TUESDAY, "the next one looks at what came since"


def sign(week: Week) -> None:
    """Let both leads sign what is proposed."""
    with week.reading() as (session, agreed):
        proposal = versions.proposal(session, agreed)
        assert proposal is not None
        value = f"{agreed.id}:{proposal.version}:{proposal.sha256}"
    for lead in (SAM, MARA):
        week.press(lead.id, week.demo.sandbox.messages(CHANNEL)[-1], signing.SIGN, value)


def _proposed(week: Week) -> str:
    with week.reading() as (session, agreed):
        proposal = versions.proposal(session, agreed)
        assert proposal is not None
        return proposal.text


# ---- the end of the observe weeks


def test_targets_follow_from_what_was_seen_in_the_observe_weeks(tmp_path: Path) -> None:
    observing = text(date(2026, 9, 1), observe_until=date(2026, 6, 5))
    with opened(tmp_path, text=observing) as week:
        go(week, date(2026, 6, 1), "10:00")
        week.type(MILO.id, "/sla log webinar B=25")
        week.type(RITA.id, "/sla reject H-1 wrong_role 1-10")
        week.type(RITA.id, "/sla take H-1 15")
        week.type(RITA.id, "/sla touch H-1")
        go(week, date(2026, 6, 7), "12:00")
        assert posted(week, "observed") == []
        go(week, date(2026, 6, 8), "12:00")
        told = posted(week, "observed")
        assert len(told) == 2
        (mine,) = [one for one in week.dms(SAM.id) if one in told]
        assert "qualified leads 15 (160) → 15" in read(mine)
        assert "quality refusals 40% (at most 25%) → 40%" in read(mine)
        assert "engaged leads touched in time 100% (80%) → 95%" in read(mine)
        (value,) = buttons(mine, review_message.PROPOSE_SEEN)
        assert "Version 2 is proposed" in week.press(SAM.id, mine, review_message.PROPOSE_SEEN, value)
        assert "metric: qualified_leads, target: 15," in _proposed(week)
        assert all("These targets are proposed" in read(one) for one in posted(week, "observed"))
        now = week.demo.stage.clock.now()
        with week.demo.baton.context.transaction() as session:
            agreed = agreements.by_id(session, 1, 1)
            with pytest.raises(UserError, match="targets_proposed"):
                observed.propose(session, agreed, date(2026, 6, 5), MARA.id, now, delivery="late")
