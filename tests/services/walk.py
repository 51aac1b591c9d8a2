"""A team to which things happen at random: acts of all kinds, late ones too, and ticks in between."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import HealthCheck
from hypothesis import strategies as st
from sqlalchemy import Engine, select
from sqlmodel import Session

from bot.database import transaction
from bot.models import AgreementVersion, Event, Handoff, Workspace
from bot.services import agreements, clocks, ledger, people, setup, verify, versions
from bot.services.agreements import Agreed
from bot.store import migrate
from sla_rules.kinds import ActKind, ClockKind, Outcome, Side, Tier
from sla_rules.starter import StarterValues, starter
from tests import stores

FRIDAY = datetime(2026, 6, 12, 14, 50, tzinfo=UTC)
"""16:50 in Berlin, ten minutes before closing."""
MARKETER, REPS = "UMARA", ("USOL", "USIA", "USAM")
TEXT = starter(
    StarterValues(
        name="Berlin",
        marketing_lead=MARKETER,
        marketing_manager="UMAX",
        sales_lead="USAM",
        sales_manager="USUE",
        sales_members=REPS,
        zone="Europe/Berlin",
        review_on=date(2026, 9, 28),
    )
)
SHORTER = TEXT.replace("B: 4h, C: 1 working day", "B: 30 min, C: 2h").replace("mon-fri", "mon-sat")
OF_LEADS = (
    ActKind.RELEASED,
    ActKind.TAKEN,
    ActKind.REJECTED,
    ActKind.TOUCHED,
    ActKind.OUTCOME,
    ActKind.MOVED,
    ActKind.ASKED,
    ActKind.DISPUTED,
    ActKind.SETTLED,
    ActKind.SNOOZED,
    ActKind.EXCUSE_ASKED,
    ActKind.EXCUSED,
)
SPANS = [0, 1, 45, 60 * 14, 60 * 16, 3600, 3 * 3600, 8 * 3600, 16 * 3600, 24 * 3600, 3 * 24 * 3600]


@dataclass(frozen=True)
class Step:
    """Something that happens: after a while, told late by so much, about some leads of one handoff."""

    what: str
    after: int = 0
    late: int = 0
    handoff: int = 0
    leads: tuple[int, ...] = (1,)
    choice: int = 0

    def data(self, acts: Sequence[Event], now: datetime) -> dict[str, Any]:
        questions = [act.seq for act in acts if act.kind == ActKind.ASKED] or [1]
        found: dict[ActKind, dict[str, Any]] = {
            ActKind.REJECTED: {"reason": "wrong_role", "kind": ["quality", "neutral"][self.choice % 2]},
            ActKind.OUTCOME: {"outcome": list(Outcome)[self.choice % 4].value, "amount": 500},
            ActKind.MOVED: {"to": REPS[self.choice % 3], "fresh": self.choice % 2 == 0},
            ActKind.EXCUSED: {"clock": list(ClockKind)[self.choice % 5].value},
            ActKind.EXCUSE_ASKED: {"clock": list(ClockKind)[self.choice % 5].value},
            ActKind.EXCUSE_REFUSED: {"asked": self.choice % 9},
            ActKind.SNOOZED: {
                "clock": list(ClockKind)[2 + self.choice % 3].value,
                "until": ledger.epoch(now) + SPANS[self.choice % len(SPANS)],
            },
            ActKind.SETTLED: {"upheld": self.choice % 2 == 0},
            ActKind.ANSWERED: {"question": questions[self.choice % len(questions)]},
            ActKind.POSTED: {"duty": REPS[self.choice % 3]},
            ActKind.CORRECTED: self.corrected(now),
        }
        return found.get(ActKind(self.what), {})

    def corrected(self, now: datetime) -> dict[str, Any]:
        found: dict[str, Any] = {"source": ["webinar", "fair"][self.choice % 2], "campaign": "June"}
        if self.choice % 3:
            tiers = zip(Tier, [self.choice % 3, self.choice % 4, self.choice % 5], strict=True)
            found |= {"tiers": [[tier.value, count] for tier, count in tiers], "held": list(self.leads)}
        return found | ({"arrived_at": ledger.epoch(now) - self.late} if self.choice % 7 else {})

    def numbers(self, data: Mapping[str, Any]) -> tuple[int, ...]:
        """Name the leads that it is about; of a correction all that there are then."""
        if "tiers" in data:
            return tuple(range(1, 1 + sum(count for _, count in data["tiers"])))
        return self.leads if ActKind(self.what) in OF_LEADS else ()


NAMES = ["log", "tick", "amend", *(kind.value for kind in ActKind if kind is not ActKind.HANDED_OVER)]
STEPS = st.builds(
    Step,
    what=st.sampled_from(NAMES + ["tick", ActKind.TAKEN.value] * 2),
    after=st.sampled_from(SPANS),
    late=st.sampled_from([0, 0, 0, *SPANS]),
    handoff=st.integers(0, 2),
    leads=st.lists(st.integers(1, 6), max_size=6, unique=True).map(lambda leads: tuple(sorted(leads))),
    choice=st.integers(0, 60),
)


@dataclass
class Walk:
    """A team whose agreement is signed, and the time as it goes."""

    engine: Engine
    now: datetime = FRIDAY
    handoffs: list[int] = field(default_factory=list)

    def do(self, step: Step) -> None:
        self.now += timedelta(seconds=step.after)
        with transaction(self.engine) as session:
            agreed = agreements.by_id(session, 1, 1)
            if step.what == "tick":
                clocks.tick(session, 1, self.now)
            elif step.what == "amend":
                self.amend(session, agreed)
            elif len(self.handoffs) < 1 + (step.what == "log") * 2:
                self.log(session, agreed, step)
            elif step.what != "log":
                self.act(session, agreed, step)

    def log(self, session: Session, agreed: Agreed, step: Step) -> None:
        handoff = self.new_handoff(session, agreed)
        tiers = [(Tier.A, 1 + step.choice % 2), (Tier.B, 2), (Tier.C, 2)]
        numbers = tuple(range(1, 1 + sum(count for _, count in tiers)))
        data = {
            "day": handoff.day.isoformat(),
            "source": "webinar",
            "campaign": ["", "May"][step.choice % 2],
            "tiers": [[tier.value, count] for tier, count in tiers],
            "arrived_at": ledger.epoch(self.now) - step.late if step.choice % 3 else None,
            "trial": step.choice % 20 == 19,
            "held": [n for n in step.leads if n > 3],
        }
        act = ledger.NewAct(ActKind.HANDED_OVER, MARKETER, self.now, numbers, data)
        posted = ledger.NewAct(ActKind.POSTED, None, self.now, (), {"duty": REPS[step.choice % 3]})
        ledger.record(session, agreed, handoff, [act, posted] if step.choice % 2 else [act], self.now)

    def new_handoff(self, session: Session, agreed: Agreed) -> Handoff:
        """Add the row of one more handoff, of which nothing is recorded yet."""
        handoff = Handoff(
            id=len(self.handoffs) + 1,
            workspace_id=1,
            agreement_id=1,
            number=len(self.handoffs) + 1,
            source="webinar",
            author=MARKETER,
            day=agreed.today(self.now),
            handed_over_at=self.now,
            count=0,
            folded_until=self.now,
        )
        session.add(handoff)
        session.flush()
        self.handoffs.append(handoff.id or 0)
        return handoff

    def act(self, session: Session, agreed: Agreed, step: Step) -> None:
        handoff = session.get_one(Handoff, self.handoffs[step.handoff % len(self.handoffs)])
        kind = ActKind(step.what)
        acts = session.scalars(select(Event).where(Event.handoff_id == handoff.id).order_by(Event.seq)).all()  # type: ignore[arg-type]
        undoable = [act.seq for act in acts if act.kind not in (ActKind.HANDED_OVER, ActKind.UNDONE)]
        if kind is ActKind.UNDONE and not undoable:
            return
        data = step.data(acts, self.now)
        act = ledger.NewAct(
            kind,
            MARKETER if kind in (ActKind.ANSWERED, ActKind.DISPUTED) else REPS[step.choice % 3],
            max(handoff.handed_over_at, self.now - timedelta(seconds=step.late)),
            step.numbers(data),
            data,
            undoable[step.choice % len(undoable)] if kind is ActKind.UNDONE else None,
        )
        ledger.record(session, agreed, handoff, [act], self.now)

    def amend(self, session: Session, agreed: Agreed) -> None:
        text = SHORTER if agreed.row.version % 2 else TEXT
        session.add(
            AgreementVersion(
                workspace_id=1,
                agreement_id=1,
                version=agreed.row.version + 1,
                text=text,
                sha256="",
                days_off=[],
                state="in_force",
                proposed_by=MARKETER,
                proposed_at=self.now,
                in_force_at=self.now,
            )
        )
        agreements.change(session, 1, 1, version=agreed.row.version + 1)

    def differences(self) -> list[str]:
        with transaction(self.engine) as session:
            return [str(difference) for difference in verify.differences(session)]


def write_signed(path: Path) -> Path:
    """Make a store with an agreement in force, to be copied for each walk."""
    engine = stores.engine(path)
    migrate(engine)
    with transaction(engine) as session:
        session.add(Workspace(id=1, team_id="T1", created_at=FRIDAY))
        session.flush()
        proposal = setup.Proposal(TEXT, "C1", MARKETER)
        agreed = setup.create(session, 1, proposal, FRIDAY, "setup")
        text_hash = versions.named(session, agreed, 1).sha256
        for side in Side:
            lead = agreed.document.party(side).lead
            people.remember(session, 1, "T1", {"id": lead, "name": lead}, FRIDAY)
            agreed = versions.sign(session, agreed, 1, text_hash, lead, FRIDAY)
    engine.dispose()
    return path


@contextmanager
def walk_in(store: Path) -> Iterator[Walk]:
    with TemporaryDirectory() as folder:
        copied = stores.copy(store, Path(folder) / "baton.db")
        engine = stores.engine(copied)
        yield Walk(engine)
        engine.dispose()


def settled(examples: int) -> Mapping[str, Any]:
    return {"max_examples": examples, "deadline": None, "suppress_health_check": list(HealthCheck)}
