"""An agreement written from the form, and signed by both leads on its card."""

from typing import Any

import pytest

from tests.slack.office import (
    ALAN,
    CHANNEL,
    GUEST,
    MAYA,
    MIKE,
    REP1,
    REP2,
    SARA,
    Office,
    everything_said,
)

FORM: dict[str, Any] = {
    "name": "DACH",
    "marketing_lead": MAYA,
    "marketing_members": [MIKE],
    "sales_lead": SARA,
    "sales_members": [REP1, REP2],
    "zone": "Europe/Berlin",
    "opens": "09:00",
    "closes": "17:00",
    "country": "DE-BY",
    "target": 240,
}


def fill(office: Office, **changes: Any) -> dict[str, Any]:
    office.slack.dismiss(MAYA)
    office.type(MAYA, "/sla setup")
    return office.submit(MAYA, **{**FORM, **changes})


def test_a_team_sets_up_signs_and_works(new_office: Office) -> None:
    office = new_office
    said = everything_said(fill(office)["view"])
    assert "DACH is written and stands in <#CSLA>" in said
    office.meet()
    office.settle()

    assert "Trial" in office.type(MAYA, "/sla log 5 webinar June")
    assert "Trial" in office.type(MAYA, "/sla status")
    assert "You signed for Marketing. The other signature is <@USARA>'s to give" in sign(office, MAYA)
    assert "is signed by both and in force" in sign(office, SARA)
    office.settle()
    assert "is signed and in force" in everything_said(office.slack.messages(CHANNEL)[0])
    assert "Trial" not in office.type(MAYA, "/sla log 6 webinar June")


def sign(office: Office, user: str) -> str:
    office.settle()
    card = office.slack.messages(CHANNEL)[0]
    buttons = [b["accessory"]["value"] for b in card["blocks"] if "accessory" in b]
    block = next(b["block_id"] for b in card["blocks"] if "accessory" in b)
    assert buttons
    before = office.hints(user)
    answer = office.slack.press(user, card, "agreement.sign", block_id=block)
    assert answer["ok"]
    return "\n".join(office.hints(user)[len(before) :])


def test_only_the_two_leads_sign_and_each_once(new_office: Office) -> None:
    fill(new_office)
    new_office.meet()

    assert "Only the two leads sign" in sign(new_office, REP1)
    assert "You signed for Marketing" in sign(new_office, MAYA)
    assert "This is signed already" in sign(new_office, MAYA)


def test_a_team_works_in_its_own_language_from_the_start(new_office: Office) -> None:
    office = new_office
    done = fill(office, name="Sudeste", locale="pt_BR")
    assert "espera em" in everything_said(done["view"])
    office.meet()
    office.settle()
    assert "espera as duas assinaturas" in everything_said(office.slack.messages(CHANNEL)[0])
    assert "Você assinou por Marketing" in sign(office, MAYA)
    assert "em vigor" in sign(office, SARA)

    assert "leads planejados, webinar" in office.type(MIKE, "/sla plan 90 webinar 18 de fev")
    assert "Ninguém está ausente" in office.type(MIKE, "/sla away")
    assert "não é uma palavra" in office.type(MIKE, "/sla ajuda")
    assert "Isso é para Marketing" in office.type(REP1, "/sla plan 90 webinar 18 jun")
    assert "Compartilhar o calendário de campanhas" in office.type(MIKE, "/sla agreement duties")


@pytest.mark.parametrize(
    ("changes", "field", "said"),
    [
        ({"zone": "Berlin"}, "zone", "is no time zone"),
        ({"opens": "17:00", "closes": "09:00"}, "closes", "closes before it opens"),
        ({"country": "Germany"}, "country", "is no country"),
        ({"country": "DE-XX"}, "country", "is no country"),
        ({"country": "ZZ"}, "country", "is no country"),
        ({"sales_lead": MAYA}, "sales_lead", "two leads"),
        ({"sales_members": [REP1, MIKE]}, "sales_members", "is in both teams"),
        ({"target": ""}, "target", "Give a target"),
        ({"target": "", "revenue": 0, "deal_size": 5, "won_per_100": 2}, "revenue", "above 0"),
        ({"target": "", "revenue": 5, "deal_size": 5, "won_per_100": 0}, "won_per_100", "above 0"),
    ],
)
def test_what_is_wrong_stands_under_its_field(
    new_office: Office, changes: dict[str, Any], field: str, said: str
) -> None:
    assert said in fill(new_office, **changes)["errors"][field]
    assert new_office.rows()["agreement"] == []


def test_all_faults_are_told_at_once(new_office: Office) -> None:
    answer = fill(new_office, zone="x", country="y", sales_lead=MAYA, target="", closes="08:00")

    assert answer["errors"].keys() == {"zone", "country", "sales_lead", "target", "closes"}


def test_the_target_may_be_reckoned_from_revenue(new_office: Office) -> None:
    fill(new_office, target="", revenue=100_000, deal_size=5_000, won_per_100=5)

    assert "of 300" in new_office.type(MAYA, "/sla goals")


def test_a_name_cannot_become_anything_but_a_name(new_office: Office) -> None:
    fill(new_office, name='x"\n: {a: b} #<!channel>')

    assert "<!channel>" not in new_office.type(MAYA, "/sla goals")


def test_before_anybody_signed_the_parties_may_write_it_again_and_nobody_else(new_office: Office) -> None:
    fill(new_office)
    new_office.meet()

    assert new_office.type(REP1, "/sla setup") == ""
    assert "two teams" in new_office.type(ALAN, "/sla setup")
    sign(new_office, MAYA)
    assert "signed by one side already" in new_office.type(MAYA, "/sla setup")


def test_it_is_set_up_in_a_channel_and_by_members(new_office: Office) -> None:
    dm = new_office.slack.parts.slack.dm("U0BATON", MAYA).id
    assert "not in a DM" in new_office.type(MAYA, "/sla setup", channel=dm)
    fill(new_office)
    new_office.type(GUEST, "/sla status")
    new_office.meet()
    assert "Guests see the cards" in new_office.type(GUEST, "/sla setup")


def test_where_the_bot_is_missing_it_says_so_and_goes_on_once_invited(new_office: Office) -> None:
    new_office.slack.kick(CHANNEL)
    fill(new_office)
    new_office.settle()
    assert "/invite @Baton" in new_office.type(MAYA, "/sla status")
    assert "/invite @Baton" in new_office.type(MAYA, "/sla setup")

    new_office.slack.invite(CHANNEL)
    new_office.settle()
    assert "waits for both signatures" in everything_said(new_office.slack.messages(CHANNEL)[0])
