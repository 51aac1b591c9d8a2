"""Dates and periods typed in another language."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from bot.slack import moments
from bot.slack.in_english import in_english
from bot.slack.typed import split
from sla_rules.kinds import Per

THURSDAY = date(2026, 6, 18)
NOW = datetime(2026, 6, 18, 15, 0, tzinfo=ZoneInfo("America/Sao_Paulo"))


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("hoje", date(2026, 6, 18)),
        ("amanhã", date(2026, 6, 19)),
        ("AMANHA", date(2026, 6, 19)),
        ("seg", date(2026, 6, 22)),
        ("sáb.", date(2026, 6, 20)),
        ("terça-feira", date(2026, 6, 23)),
        ("próxima sexta", date(2026, 6, 19)),
        ("18 fev", date(2027, 2, 18)),
        ("1 de dez.", date(2026, 12, 1)),
        ("3 de março de 2027", date(2027, 3, 3)),
        ("5 set", date(2026, 9, 5)),
        ("1º jul", date(2026, 7, 1)),
        ("18 Feb", date(2027, 2, 18)),
    ],
)
def test_a_day_is_read_as_it_is_typed_in_portuguese(text: str, day: date) -> None:
    assert moments.read_day(text, THURSDAY) == day


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("semana passada", "2026-W24"),
        ("última semana", "2026-W24"),
        ("este mês", "2026-06"),
        ("mês passado", "2026-05"),
        ("último trimestre", "2026-Q1"),
        ("semana 25 de 2026", "2026-W25"),
        ("S24", "2026-W24"),
        ("T1 de 2026", "2026-Q1"),
        ("maio", "2026-05"),
        ("junho de 2025", "2025-06"),
    ],
)
def test_a_period_is_read_as_it_is_typed_and_shown_in_portuguese(text: str, label: str) -> None:
    found = moments.read_period(text, THURSDAY, Per.MONTH)

    assert found is not None
    assert found.label == label


def test_a_moment_may_take_as_many_words_as_portuguese_needs() -> None:
    words = split("18 de junho de 2027 às 14h30 com calma")

    found, taken = moments.first_of(words, lambda text: moments.read_moment(text, NOW))

    assert (found, taken) == (datetime(2027, 6, 18, 14, 30, tzinfo=NOW.tzinfo), 7)


def test_what_is_typed_in_english_keeps_its_meaning() -> None:
    english = [*moments.NAMES, *moments.DAYS, *moments.WEEKDAYS, *moments.NEAR, "last week", "w25", "q2 2026"]

    assert [in_english(one) for one in english] == english
