import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.messages import blocks, formats, words
from bot.messages.words import Mrkdwn, label
from tests.messages import examples as e

LOCALE = "en"


@pytest.mark.parametrize(
    ("share", "drawn"),
    [
        (None, "░░░░░░░░░░"),
        (0.0, "░░░░░░░░░░"),
        (-1.0, "░░░░░░░░░░"),
        (118 / 240, "█████░░░░░"),
        (0.99, "█████████░"),
        (1.0, "██████████"),
        (7.5, "██████████"),
    ],
)
def test_a_bar_fills_its_last_cell_only_when_the_goal_is_reached(share: float | None, drawn: str) -> None:
    assert formats.bar(share) == drawn


@pytest.mark.parametrize(
    ("share", "beside", "said"),
    [
        (0.74, None, "74%"),
        (0.8499, 0.85, "84.99%"),
        (0.85, 0.85, "85%"),
        (0.86, 0.85, "86%"),
        (1.0, 0.9, "100%"),
    ],
)
def test_a_share_never_reads_like_the_target_that_it_missed(share: float, beside: float, said: str) -> None:
    assert formats.percent(share, LOCALE, beside) == said


@pytest.mark.parametrize(
    ("value", "said"), [(0, "0"), (3.6, "3.6"), (3.04, "3"), (1200, "1,200"), (13.649, "13.6"), (-2, "-2")]
)
def test_numbers_have_one_decimal_at_most(value: float, said: str) -> None:
    assert formats.number(value, LOCALE) == said


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (0, "0min"),
        (45, "45s"),
        (60, "1min"),
        (1440, "24min"),
        (7800, "2h 10min"),
        (3600, "1h"),
        (-90, "1min"),
    ],
)
def test_durations_read_in_hours_and_minutes(seconds: int, said: str) -> None:
    assert words.duration(LOCALE, seconds) == said


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("2026-06", "June 2026"),
        ("2026-W25", "Week 25 of 2026"),
        ("2026-Q2", "Q2 2026"),
        ("the first weeks", "the first weeks"),
    ],
)
def test_periods_read_by_their_names(name: str, said: str) -> None:
    assert words.period(LOCALE, name) == said


def test_an_instant_is_a_token_with_a_fallback_for_those_who_cannot_read_it() -> None:
    filled = words.sentence(LOCALE, "done", "away_set", until_at=e.NOW)

    assert "<!date^1781766900^{date_short_pretty} at {time}|Thu 18 Jun 07:15 UTC>" in filled


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("https://crm.example/a?b=1&c=2", "<https://crm.example/a?b=1&amp;c=2|open>"),
        ("javascript:alert(1)", "javascript:alert(1)"),
        ("https://good.example|https://evil.example", "https://good.example|https://evil.example"),
        ("https://good.example> <!channel>", "https://good.example&gt; &lt;!channel&gt;"),
    ],
)
def test_only_plain_addresses_of_the_web_become_links(address: str, said: str) -> None:
    row = words.say(LOCALE, "leads.row", lead=e.lead(link=address), told_due=None)

    assert f" · {said} · " in row


@pytest.mark.parametrize(
    ("who", "said"),
    [("U1", "<@U1>"), ("W0AB", "<@W0AB>"), ("rep 7", "rep 7"), ("U1> <!here", "U1&gt; &lt;!here")],
)
def test_people_are_mentioned_only_by_ids_of_slack(who: str, said: str) -> None:
    assert (
        words.sentence(LOCALE, "refusals", "cover_is_self")
        == "You cannot cover for yourself. Choose somebody else."
    )
    assert words.sentence(LOCALE, "refusals", "cover_is_away", cover=who).startswith(f"{said} is away")


def test_addresses_of_leads_are_masked_where_others_read() -> None:
    assert formats.masked("ask ada@acme.example, or bob@b.example") == "ask …@…, or …@…"


@given(st.text())
def test_cleaned_text_is_one_line_without_hidden_characters(text: str) -> None:
    cleaned = formats.clean(text)

    assert not re.search(r"[\n\r\u2028\u2029\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff\x00]", cleaned)
    assert formats.clean(cleaned) == cleaned


@given(st.lists(st.sampled_from(["word ", "<@U1>", "&amp;", "<https://a.b|c>", "\n", "<!date^1^{time}|x>"])))
def test_cut_text_ends_outside_tokens_and_entities(parts: list[str]) -> None:
    text = "".join(parts)
    short = blocks.cut(text, 30)

    assert len(short) <= 30
    assert short.count("<") == short.count(">")
    assert not re.search(r"&(?!amp;)", short)


def test_text_that_is_formatted_already_is_let_through_once() -> None:
    assert words._shown(Mrkdwn("<@U1>"), LOCALE, is_plain=False) == "<@U1>"
    assert words._shown("<@U1>", LOCALE, is_plain=False) == "&lt;@U1&gt;"


@pytest.mark.parametrize("locale", ["en", "xx", "../en", ""])
def test_a_locale_without_words_speaks_english(locale: str) -> None:
    assert label(locale, "button.cancel") == "Cancel"
    assert words.period(locale, "2026-06") == "June 2026"
    assert words.day(locale, e.NOW.date()) == "Thu 18 Jun"
