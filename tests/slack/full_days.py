"""Days of a company that has an agreement for each cast of the tests: whatever is stored of a handoff."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from sqlalchemy import RowMapping, select
from sqlmodel import SQLModel

from bot.demo import cast
from bot.jobs import life, posts
from bot.models import Lead
from bot.services import reactions
from bot.store import migrate
from sla_rules.starter import StarterValues
from tests import stores
from tests.services import in_force
from tests.slack import several
from tests.slack.office import CHANNEL, VALUES, Office, opened

LEADS = b"tier,name,company,email\nA,Ada,Acme,ada@acme.example\nB,Bo Berg,,bo@b.example\n"
OF_SERVICES = replace(
    VALUES,
    name="Berlin",
    marketing_lead=in_force.MARA,
    marketing_manager=in_force.MAX,
    marketing_members=(in_force.MARA, in_force.MILO),
    sales_lead=in_force.SAM,
    sales_manager=in_force.SUE,
    sales_members=in_force.REPS,
    sales_rota=in_force.REPS,
)
OF_STORIES = replace(
    VALUES,
    marketing_lead=cast.MARA.id,
    marketing_manager=cast.INES.id,
    marketing_members=[one.id for one in cast.MARKETERS],
    sales_lead=cast.SAM.id,
    sales_manager=cast.INES.id,
    sales_members=[one.id for one in cast.REPS],
    sales_rota=[one.id for one in cast.REPS],
)
AGREED: Mapping[str, StarterValues] = {CHANNEL: VALUES, "C1": OF_SERVICES, cast.CHANNEL: OF_STORIES}
"""By channel, as the offices, the tests of services and the stories have them."""


def lived(folder: Path) -> Mapping[str, Sequence[RowMapping]]:
    """Live through a day or two under each agreement, in a new store; gives its rows by table."""
    migrate(stores.engine(folder / "baton.db", is_empty=True))
    with opened(folder, is_signed=False) as office:
        for number, (channel, values) in enumerate(AGREED.items(), 1):
            if channel != CHANNEL:
                _arrive(office, channel, values)
            several.sign(office, values, channel)
            _live(office, f"H-{number}", channel, values)
        with office.context.transaction() as session:
            assert reactions.open_cards(session) == []
            for lead in session.scalars(select(Lead)):
                lead.external_id = f"L{lead.n}"  # as an import would know it
            session.flush()
            tables = SQLModel.metadata.sorted_tables
            return {table.name: session.execute(select(table)).mappings().all() for table in tables}


def _arrive(office: Office, channel: str, values: StarterValues) -> None:
    managers = {values.marketing_manager, values.sales_manager}
    people = sorted({*managers, *values.marketing_members, *values.sales_members})
    for user in people:
        office.slack.add_person(user.lower(), id=user, tz="Europe/Berlin")
    office.slack.add_channel(channel.lower(), people, id=channel)


def _live(office: Office, number: str, channel: str, values: StarterValues) -> None:
    """Have a handoff from its plan to its outcome, until nothing of it can be given back."""
    marketing, sales = values.marketing_lead, values.sales_lead
    office.type(marketing, "/sla plan 90 webinar 18 Jun", channel)
    office.type(marketing, "/sla log", channel)
    file = office.slack.add_file(marketing, "leads.csv", LEADS)
    office.submit(marketing, source="webinar", campaign="June", file=[file])
    office.settle()
    assert office.slack.open_home(sales)["acked"]
    office.type(sales, f"/sla take {number} all", channel)
    office.type(sales, f"/sla ask {number} 2 which webinar?", channel)
    office.after(hours=30)
    office.type(sales, f"/sla touch {number}", channel)
    office.type(sales, f"/sla outcome {number} 1 won 12000", channel)
    office.type(sales, "/sla away until Thu 12:00", channel)
    for job in (life, posts):
        job.run(office.context)
    office.settle()
