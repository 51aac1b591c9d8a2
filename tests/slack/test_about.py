"""Answers with figures: of any agreement and period, private, and shared by one press."""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

import pytest

from tests.slack.office import ALAN, CHANNEL, ELSEWHERE, MAYA, MIKE, REP1, SARA, Office, everything_said
from tests.slack.several import NINA, NORDIC, two_opened

WORDS = ("status", "goals", "breaches", "forecast", "digest")


@pytest.fixture(scope="module")
def busy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """Five weeks and three days into two agreements that hand over each week: it is Thursday 23 July."""
    with two_opened(tmp_path_factory.mktemp("about")) as office:
        for _ in range(5):
            office.type(MAYA, "/sla log webinar June B=8", CHANNEL)
            office.type(MAYA, "/sla log fair Oslo B=9", NORDIC)
            office.settle()
            office.clock.at += timedelta(days=7)
        office.after(days=3)
        yield office


def asked(office: Office, user: str, line: str, channel: str = CHANNEL) -> dict[str, Any]:
    message = office.slack.command(user, channel, f"/sla {line}")["message"]
    assert message
    return dict(message)


def posts(office: Office, channel: str = CHANNEL) -> list[str]:
    """Read what was shared in a channel."""
    said = map(everything_said, office.slack.messages(channel))
    return [text for text in said if "Shared by" in text]


def buttons(message: Mapping[str, Any]) -> list[str]:
    return [
        one["action_id"]
        for block in message["blocks"]
        for one in block.get("elements", [])
        if "action_id" in one
    ]


@pytest.mark.parametrize(
    ("word", "said"), [("status", "June 2026 · in force since"), ("goals", "In force since")]
)
def test_a_month_in_which_the_agreement_began_says_so(busy: Office, word: str, said: str) -> None:
    assert f"{said} Mon 15 Jun" in busy.type(REP1, f"/sla {word} last month")
    assert "in force since" not in busy.type(REP1, f"/sla {word}").casefold()


@pytest.mark.parametrize("word", ["status", "goals", "breaches"])
@pytest.mark.parametrize(
    ("period", "said"),
    [
        ("", "July 2026 so far, to Thu 23 Jul"),
        ("last month", "June 2026"),
        ("June", "June 2026"),
        ("2026-06", "June 2026"),
        ("this week", "Week 30 of 2026 so far, to Thu 23 Jul"),
        ("W26", "Week 26 of 2026"),
        ("Q2 2026", "Q2 2026"),
        ("this quarter", "Q3 2026 so far, to Thu 23 Jul"),
    ],
)
def test_a_period_is_answered_and_a_running_one_says_so(
    busy: Office, word: str, period: str, said: str
) -> None:
    answer = busy.type(SARA, f"/sla {word} {period}")

    assert said in answer
    assert f"{said} so far" not in answer


@pytest.mark.parametrize("word", WORDS)
@pytest.mark.parametrize(
    ("period", "said"),
    [
        ("2026-09", "September 2026 has not begun yet"),
        ("2026-W40", "Week 40 of 2026 has not begun yet"),
        ("Q1 2026", "Q1 2026 was before DACH, which has figures from Mon 15 Jun on"),
        ("last year", "“last year” is neither a period nor an agreement. Write it like `/sla"),
        ("2026-13", "neither a period"),
        ("<!channel>", "“&lt;!channel&gt;” is neither a period"),
    ],
)
def test_a_period_without_figures_is_one_sentence(busy: Office, word: str, period: str, said: str) -> None:
    answer = busy.type(SARA, f"/sla {word} {period}")
    assert said in answer.splitlines()[0]
    assert len(set(answer.splitlines())) == 1


def test_a_forecast_is_of_what_still_runs(busy: Office) -> None:
    assert "June 2026 is over, so there is nothing left to foretell" in busy.type(SARA, "/sla forecast June")
    assert "July 2026" in busy.type(SARA, "/sla forecast July")
    assert "No goal that can be foretold runs over Week 30" in busy.type(SARA, "/sla forecast this week")


def test_a_goal_of_a_month_is_told_for_a_week_as_it_stood_at_the_weeks_end(busy: Office) -> None:
    said = busy.type(SARA, "/sla goals W26")
    assert "16 of 240" in said
    assert "June 2026 so far, to Sun 28 Jun" in said
    assert "a day for" not in said


def test_a_goal_of_a_month_is_told_for_each_month_of_a_quarter(busy: Office) -> None:
    said = busy.type(SARA, "/sla goals Q3")
    assert "Qualified" in said
    assert "· July 2026 ·" in said
    assert "June 2026" not in said


@pytest.mark.parametrize("word", WORDS)
@pytest.mark.parametrize(
    "named", ["Nordics", "nordics last week", "last week Nordics", f"<#{NORDIC}|nordic>"]
)
def test_an_agreement_is_meant_by_its_name_or_its_channel(busy: Office, word: str, named: str) -> None:
    said = busy.type(SARA, f"/sla {word} {named}", ELSEWHERE)
    assert "Which agreement" not in said
    assert "neither a period" not in said
    if word == "goals":
        assert said.startswith("Nordics, ")


def test_where_several_could_be_meant_the_period_is_kept(busy: Office) -> None:
    question = asked(busy, SARA, "goals June", ELSEWHERE)
    row = next(block for block in question["blocks"] if "Nordics" in str(block.get("text")))
    before = len(busy.hints(SARA))
    busy.slack.press(
        SARA, question, row["accessory"]["action_id"], row["accessory"]["value"], block_id=row["block_id"]
    )
    assert busy.hints(SARA)[before].startswith("Nordics, June 2026:")


def test_a_channel_without_an_agreement_is_told(busy: Office) -> None:
    assert "has no agreement" in busy.type(SARA, f"/sla goals <#{ELSEWHERE}|elsewhere>")


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("status", "July 2026 so far"),
        ("goals 2026-06", "DACH, June 2026: "),
        ("breaches last month", "June 2026:"),
        ("forecast", "July 2026"),
        ("digest W26", "22–28 Jun"),  # noqa: RUF001  (a span)
    ],
)
def test_what_one_person_was_shown_is_shared_once_with_its_period(busy: Office, line: str, said: str) -> None:
    answer = asked(busy, SARA, line, ELSEWHERE if "Nordics" in line else CHANNEL)
    before = len(posts(busy))
    for _ in range(2):
        assert "The figures are in the channel" in busy.press(SARA, answer, "share.post")
    busy.dispatch(busy.slack.calls("block_actions")[-1].body)
    busy.settle()

    [post] = posts(busy)[before:]
    assert "Shared by <@USARA>" in post
    assert said in post
    assert "waits on you" not in post


def test_asked_again_it_can_be_shared_again(busy: Office) -> None:
    before = len(posts(busy))
    for _ in range(2):
        busy.press(SARA, asked(busy, SARA, "goals"), "share.post")
    busy.settle()
    assert len(posts(busy)) == before + 2


def test_it_goes_to_the_channel_of_its_own_agreement(busy: Office) -> None:
    busy.press(NINA, asked(busy, NINA, "goals Nordics", ELSEWHERE), "share.post")
    busy.settle()
    assert posts(busy, NORDIC)[-1].count("Nordics") > 0
    assert posts(busy, ELSEWHERE) == []


@pytest.mark.parametrize("word", WORDS)
def test_who_may_not_share_is_offered_no_button(busy: Office, word: str) -> None:
    assert "share.post" not in buttons(asked(busy, ALAN, word))
    assert "share.post" in buttons(asked(busy, REP1, word))


def test_a_button_of_somebody_elses_making_posts_nothing(busy: Office) -> None:
    busy.press(SARA, asked(busy, SARA, "goals"), "share.post")
    busy.settle()
    before = len(posts(busy))
    body = busy.slack.calls("block_actions")[-1].body
    values = (
        "",
        "1",
        "1 goals 2026-06",
        "99 goals 2026-06 k",
        "x goals 2026-06 k",
        "1 goals never k",
        "1 cats 2026-06 k",
    )
    for user, value in [*((SARA, value) for value in values), (ALAN, "1 goals 2026-06 k")]:
        busy.dispatch({**body, "user": {"id": user}, "actions": [{**body["actions"][0], "value": value}]})
    busy.settle()
    assert len(posts(busy)) == before


def test_shared_breaches_name_no_person(busy: Office) -> None:
    said = busy.type(SARA, "/sla breaches")
    assert "open past their time* · Sales' move" in said
    assert "<@UREP" in said or "<@USARA>" in said
    busy.press(SARA, asked(busy, SARA, "breaches"), "share.post")
    busy.settle()
    assert "Sales' move" in posts(busy)[-1]
    assert "<@UREP" not in posts(busy)[-1]
    assert MIKE not in posts(busy)[-1]
