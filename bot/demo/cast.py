"""Who is in the demo's workspace, and the agreement they signed."""

from dataclasses import dataclass
from datetime import date

from bot.sandbox.server import Sandbox
from sla_rules.starter import StarterValues, starter

ZONE = "Europe/Berlin"
CHANNEL = "C0HANDOFFS"


@dataclass(frozen=True, slots=True)
class Someone:
    """A person of the demo."""

    id: str
    name: str
    real_name: str
    role: str
    is_guest: bool = False


MARA = Someone("U0MARA", "mara", "Mara Lind", "Marketing lead")
MILO = Someone("U0MILO", "milo", "Milo Park", "Marketing")
SAM = Someone("U0SAM", "sam", "Sam Okafor", "Sales lead")
RITA = Someone("U0RITA", "rita", "Rita Novak", "Sales")
THEO = Someone("U0THEO", "theo", "Theo Brandt", "Sales")
INES = Someone("U0INES", "ines", "Ines Calder", "Manager")
GUS = Someone("U0GUS", "gus", "Gus Weller", "Guest from an agency", is_guest=True)

MARKETERS = (MARA, MILO)
REPS = (SAM, RITA, THEO)
EVERYONE = (*MARKETERS, *REPS, INES, GUS)


def move_in(sandbox: Sandbox) -> None:
    """Put the people and their channels into the workspace."""
    for one in EVERYONE:
        sandbox.add_person(
            one.name, id=one.id, real_name=one.real_name, role=one.role, tz=ZONE, is_restricted=one.is_guest
        )
    everyone = [one.id for one in EVERYONE]
    sandbox.add_channel("handoffs", everyone, id=CHANNEL, topic="Leads from Marketing to Sales")
    sandbox.add_channel("general", everyone, id="C0GENERAL", with_bot=False)


def agreement(review_on: date) -> str:
    """Write the agreement that Mara and Sam sign."""
    return starter(
        StarterValues(
            name="DACH",
            marketing_lead=MARA.id,
            marketing_manager=INES.id,
            marketing_members=[one.id for one in MARKETERS],
            sales_lead=SAM.id,
            sales_manager=INES.id,
            sales_members=[one.id for one in REPS],
            sales_rota=[one.id for one in REPS],
            zone=ZONE,
            country="DE",
            subdivision="BE",
            leads_a_month=160,
            review_on=review_on,
        )
    )
