"""A store with one agreement in force, and everybody of it known: for services that need no Slack."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from hashlib import sha256
from pathlib import Path

from sqlalchemy import Engine

from bot.database import transaction
from bot.models import Agreement, AgreementVersion, Person, Workspace
from bot.services import agreements
from bot.store import migrate
from sla_rules.starter import StarterValues, starter
from tests import stores

MARA, MILO, MAX = "UMARA", "UMILO", "UMAX"
SAM, SOL, SIA, SUE = "USAM", "USOL", "USIA", "USUE"
REPS = (SAM, SOL, SIA)
TEXT = starter(
    StarterValues(
        name="Berlin",
        marketing_lead=MARA,
        marketing_manager=MAX,
        marketing_members=(MARA, MILO),
        sales_lead=SAM,
        sales_manager=SUE,
        sales_members=REPS,
        sales_rota=REPS,
        zone="Europe/Berlin",
        country="DE",
        leads_a_month=160,
        review_on=date(2026, 9, 28),
    )
)


def write(path: Path, text: str, in_force_at: datetime) -> None:
    """Make a store at a path, with this text in force since an instant."""
    engine = stores.engine(path)
    migrate(engine)
    with transaction(engine) as session:
        session.add(Workspace(id=1, team_id="T1", created_at=in_force_at))
        session.flush()
        for user in (MARA, MILO, MAX, *REPS, SUE):
            session.add(Person(workspace_id=1, user_id=user, name=user, zone="UTC", refreshed_at=in_force_at))
        session.add(
            Agreement(
                id=1, workspace_id=1, name="Berlin", channel_id="C1", state="in_force", created_at=in_force_at
            )
        )
        session.flush()
        session.add(version(1, text, in_force_at))
        session.flush()
        agreements.change(session, 1, 1, look_at=in_force_at)
    engine.dispose()


def version(number: int, text: str, in_force_at: datetime) -> AgreementVersion:
    """Make a version that came into force at an instant."""
    days_off = agreements.parsed(text).expand_days_off(in_force_at.date())
    return AgreementVersion(
        workspace_id=1,
        agreement_id=1,
        version=number,
        text=text,
        sha256=sha256(text.encode()).hexdigest(),
        days_off=[day.isoformat() for day in days_off],
        state="in_force",
        proposed_by=MARA,
        proposed_at=in_force_at,
        in_force_at=in_force_at,
    )


@contextmanager
def opened(path: Path) -> Iterator[Engine]:
    """Open a store for as long as the block lasts."""
    engine = stores.engine(path)
    yield engine
    engine.dispose()
