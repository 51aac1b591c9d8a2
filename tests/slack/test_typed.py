"""What people type, as words, numbers and references."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import UserError
from bot.slack import typed
from bot.slack.typed import Kind, Word


def texts(line: str) -> list[str]:
    return [word.text for word in typed.split(line)]


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("", []),
        ("   ", []),
        ("log 25 webinar", ["log", "25", "webinar"]),
        ('log 25 webinar "June webinar" A=6', ["log", "25", "webinar", "June webinar", "A=6"]),
        ("log “June webinar” x", ["log", "June webinar", "x"]),
        ("log „Juni-Webinar“ x", ["log", "Juni-Webinar", "x"]),
        ("log «salon de juin» x", ["log", "salon de juin", "x"]),
        ('log "no end in sight', ["log", "no end in sight"]),
        ('log ""', ["log", ""]),
        ("R&amp;D &lt;b&gt;", ["R&D", "<b>"]),
        ("&amp;lt;", ["&lt;"]),
        ("a\u0000b\u202ec", ["abc"]),
        ("a\u00a0b\tc\nd", ["a", "b", "c", "d"]),
        ("cafe\u0301", ["café"]),
        ("a <b", ["a", "<", "b"]),
    ],
)
def test_a_command_falls_into_words(line: str, words: list[str]) -> None:
    assert texts(line) == words


@pytest.mark.parametrize(
    ("line", "word"),
    [
        ("<@U123|rep>", Word("U123", Kind.PERSON)),
        ("<@W123>", Word("W123", Kind.PERSON)),
        ("<#C123|sla>", Word("C123", Kind.CHANNEL)),
        ("<https://x.example/a?b=1&amp;c=2>", Word("https://x.example/a?b=1&c=2", Kind.LINK)),
        ("<https://x.example|the list>", Word("https://x.example", Kind.LINK)),
        ('"see <https://x.example> <@U1|rep>"', Word("see https://x.example rep", Kind.QUOTED)),
    ],
)
def test_what_slack_escapes_is_read_as_what_it_means(line: str, word: Word) -> None:
    assert typed.split(line) == [word]


def test_a_mention_that_a_person_only_spelled_is_text() -> None:
    assert typed.split("&lt;!channel&gt; &lt;@U123&gt;") == [Word("<!channel>"), Word("<@U123>")]


def test_quoted_words_are_never_keywords() -> None:
    assert [word.plain for word in typed.split('NOTE "note"')] == ["note", ""]


def test_a_command_over_two_thousand_characters_is_refused() -> None:
    with pytest.raises(UserError, match="text_too_long"):
        typed.split("x" * 2_001)


@given(st.text(max_size=200))
def test_any_text_falls_into_words_that_can_be_kept(text: str) -> None:
    for word in typed.split(text):
        word.text.encode()
        assert "\0" not in word.text


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("", []),
        ("5", [5]),
        ("3-5, 12", [3, 4, 5, 12]),
        ("3–5;12", [3, 4, 5, 12]),  # noqa: RUF001
        ("12 3 3", [3, 12]),
        (" 7 , ", [7]),
    ],
)
def test_numbers_of_leads_are_read(text: str, numbers: list[int]) -> None:
    assert typed.numbers(text) == numbers


@pytest.mark.parametrize(
    "text", ["x", "0", "-1", "9-3", "3-", "1-99999", "3--4", "1.5", "1e3", "٣", "999999", "A=2"]
)
def test_what_is_no_number_of_leads_is_refused(text: str) -> None:
    with pytest.raises(UserError, match="numbers_unclear"):
        typed.numbers(text)


@pytest.mark.parametrize("text", ["H-128", "h-128", "H128", "#128", "128"])
def test_a_handoff_is_called_by_its_number(text: str) -> None:
    assert typed.handoff([Word(text)]) == 128


@pytest.mark.parametrize(
    "words", [[], [Word("H-")], [Word("X-1")], [Word("H-1x")], [Word("9" * 12)], [Word("٣")]]
)
def test_without_its_number_a_handoff_is_asked_for(words: list[Word]) -> None:
    with pytest.raises(UserError, match="handoff_missing"):
        typed.handoff(words)


@pytest.mark.parametrize(
    ("text", "hundredths"),
    [("12000", 1_200_000), ("12,000", 1_200_000), ("12 000.5", 1_200_050), ("0", 0), ("1'250.25", 125_025)],
)
def test_an_amount_is_read_to_the_hundredth(text: str, hundredths: int) -> None:
    assert typed.amount(text) == hundredths


@pytest.mark.parametrize("text", ["", "-1", "1e9", "1.234", "nan", "12,00", "9" * 12, "€5"])
def test_what_is_no_amount_is_refused(text: str) -> None:
    with pytest.raises(UserError, match="amount_unclear"):
        typed.amount(text)
