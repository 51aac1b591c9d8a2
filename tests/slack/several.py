"""An office with two agreements: DACH in its channel, and Nordics in another, with some people in both."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from bot.services import agreements, setup, versions
from sla_rules.starter import StarterValues, starter
from tests.slack.office import (
    ALAN,
    CHANNEL,
    ELSEWHERE,
    GUEST,
    MAYA,
    MIKE,
    REP1,
    REP2,
    SARA,
    VALUES,
    Office,
    opened,
)

NORDIC = "CNORDIC"
NINA, LARS, NILS = "UNINA", "ULARS", "UNILS"
"""Marketing's lead, Sales' lead and a rep of Nordics alone; MAYA markets and REP1 sells in both."""
NORDIC_VALUES = replace(
    VALUES,
    name="Nordics",
    marketing_lead=NINA,
    marketing_manager=NINA,
    marketing_members=(NINA, MAYA),
    sales_lead=LARS,
    sales_manager=LARS,
    sales_members=(LARS, NILS, REP1),
    sales_rota=(NILS,),
    zone="Europe/Helsinki",
)


def sign(office: Office, values: StarterValues, channel: str, text: str = "") -> int:
    """Put an agreement into force in a channel; gives its id."""
    now = office.clock.now()
    leads = (values.marketing_lead, values.sales_lead)
    with office.context.transaction() as session:
        proposal = setup.Proposal(text or starter(values), channel, leads[0])
        agreed = setup.create(session, 1, proposal, now, f"setup {channel}")
    office.meet()
    with office.context.transaction() as session:
        agreed = agreements.by_id(session, 1, agreed.id)
        text_hash = versions.named(session, agreed, 1).sha256
        for lead in leads:
            agreed = versions.sign(session, agreed, 1, text_hash, lead, now)
    office.settle()
    return agreed.id


@contextmanager
def two_opened(folder: Path) -> Iterator[Office]:
    """Open an office with two agreements in force, and everybody known to the bot."""
    with opened(folder) as office:
        for user in (NINA, LARS, NILS):
            office.slack.add_person(user[1:].lower(), id=user, tz="Europe/Helsinki")
        office.slack.add_channel(
            "nordic", [NINA, LARS, NILS, MAYA, MIKE, REP1, REP2, SARA, ALAN, GUEST], id=NORDIC
        )
        for channel in (CHANNEL, ELSEWHERE):
            for user in (NINA, LARS, NILS):
                office.slack.invite(channel, user)
        sign(office, NORDIC_VALUES, NORDIC)
        for user in (ALAN, GUEST):
            office.type(user, "/sla status")
        office.meet()
        yield office
