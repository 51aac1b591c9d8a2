from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sla_rules.agreement import Agreement
from sla_rules.faults import AgreementFaults
from sla_rules.kinds import Locale
from sla_rules.starter import starter
from tests.sla_rules.berlin import TEAM


@pytest.mark.parametrize(
    "name",
    [
        'x: "y"',
        "a # b",
        "${sales_lead}",
        "[a, b]: {c}",
        "- no",
        "&anchor *alias !tag",
        "two\nlines: x",
        "'quoted' \"twice\" \\",
        "010",
        "no",
        "émile 🎺 日本",
        "…" * 300,
        "bell\x07 and \u202eturn",
        "%YAML 1.2",
        "--- ",
    ],
)
def test_no_name_breaks_out_of_the_starter(name: str) -> None:
    agreement = Agreement.parse(starter(replace(TEAM, name=name)))

    assert agreement.parties.sales.lead == "USAM"
    if name.isprintable():
        assert agreement.name == " ".join(name.split())[:80]


@given(st.text(min_size=1), st.text())
def test_whatever_is_filled_in_stays_where_it_belongs(name: str, zone: str) -> None:
    try:
        agreement = Agreement.parse(starter(replace(TEAM, name=name, zone=zone)))
    except AgreementFaults as refused:
        faults = {(fault.path or fault.code) for fault in refused.faults}
        assert faults <= {"name", "calendar.zone", "yaml_unseen_character"}
    else:
        assert agreement.calendar.zone == zone


def test_without_a_rota_all_members_of_sales_take_turns() -> None:
    agreement = Agreement.parse(starter(replace(TEAM, sales_rota=())))

    assert agreement.parties.sales.rota == ("USAM", "USOL", "USIA")


def test_leads_are_members_of_their_sides() -> None:
    values = replace(TEAM, marketing_members=["UMIA"], sales_members=["USOL"], sales_rota=["USIA"])

    agreement = Agreement.parse(starter(values))

    assert agreement.parties.marketing.members == ("UMARA", "UMIA")
    assert agreement.parties.sales.members == ("USAM", "USOL", "USIA")


@pytest.mark.parametrize("locale", Locale)
def test_a_team_starts_with_the_same_terms_in_every_language(locale: Locale) -> None:
    english, own = (Agreement.parse(starter(replace(TEAM, locale=one))) for one in (Locale.EN, locale))

    worded = {
        "locale",
        "definitions",
        "tiers",
        "rejection_reasons",
        "services",
        "scope",
        "responsibilities",
        "duties",
    }
    assert own.model_dump(exclude=worded) == english.model_dump(exclude=worded)
    assert [one.kind for one in own.rejection_reasons.values()] == [
        one.kind for one in english.rejection_reasons.values()
    ]
    assert [(one.party, one.every, one.due) for one in own.duties] == [
        (one.party, one.every, one.due) for one in english.duties
    ]
