"""Take in leads from elsewhere: the same door as people's acts, with many acts at once and no clocks."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import groupby
from typing import NamedTuple

from sqlalchemy import bindparam, select, update
from sqlmodel import Session, col

from bot.models import Handoff, Lead, table_of
from bot.services import ledger, log, own
from bot.services.agreements import Agreed
from bot.services.ledger import NewAct
from bot.services.rows import NO_SOURCE, OUTCOMES, REPEATED, Remark, Row
from sla_rules import fold
from sla_rules.agreement import OTHER
from sla_rules.kinds import ActKind, Outcome

AUTHOR = "import"

Place = tuple[date, str, str]
"""The local day, source and campaign of an imported handoff."""


@dataclass(slots=True)
class Report:
    """What an import did."""

    read: int = 0
    added: int = 0
    changed: int = 0
    unchanged: int = 0
    repeated: int = 0
    """Rows about a lead that an earlier row is about."""
    remarks: list[Remark] = field(default_factory=list)

    def add(self, part: "Report") -> None:
        """Add what one part of the file did."""
        self.read += part.read
        self.added += part.added
        self.changed += part.changed
        self.unchanged += part.unchanged
        self.repeated += part.repeated
        self.remarks += part.remarks

    def faults(self) -> list[Remark]:
        return [remark for remark in self.remarks if remark.is_fault]

    def warnings(self) -> list[Remark]:
        return [remark for remark in self.remarks if not remark.is_fault]


def take_in(session: Session, agreed: Agreed, rows: Sequence[Row], now: datetime) -> Report:
    """Take one part in, in the caller's transaction, and report what that did."""
    report = Report(remarks=[remark for row in rows for remark in row.oddities])
    report.repeated = sum(remark.code == REPEATED for remark in report.remarks)
    report.read = len(rows) + report.repeated
    places = _known(session, agreed, {row.id for row in rows})
    known = [row for row in rows if row.id in places]
    new = [row for row in rows if row.id not in places and row.handed_over_at is not None]
    _add_all(session, agreed, new, now)
    report.added = len(new)
    report.add(_correct_all(session, agreed, [(places[row.id], row) for row in known], now))
    for row in rows:
        handed_at = places[row.id].handed_over_at if row.id in places else row.handed_over_at
        report.remarks += _against_handover(row, handed_at)
    return report


def _against_handover(row: Row, handed_at: datetime | None) -> Iterator[Remark]:
    if handed_at is None:
        yield Remark(row.line, "lead_unknown", row.id)
    elif row.instants.get("won_at", handed_at) < handed_at:
        yield Remark(row.line, "won_before_handover", row.id, is_fault=False)


class Known(NamedTuple):
    """Where a lead is that was taken in before."""

    handoff_id: int
    n: int
    handed_over_at: datetime


def _known(session: Session, agreed: Agreed, ids: Iterable[str]) -> dict[str, Known]:
    rows = session.execute(
        select(col(Lead.external_id), col(Lead.handoff_id), col(Lead.n), col(Lead.handed_over_at)).where(
            col(Lead.workspace_id) == agreed.workspace_id,
            col(Lead.agreement_id) == agreed.id,
            col(Lead.external_id).in_(ids),
        )
    )
    return {external_id: Known(*where) for external_id, *where in rows if external_id}


# ---- leads that are new


def _add_all(session: Session, agreed: Agreed, rows: Iterable[Row], now: datetime) -> None:
    """Hand over new leads, each in the handoff of its place, warmest first."""
    batches: dict[Place, list[Row]] = {}
    for row in sorted(rows, key=lambda row: (row.tier, row.line)):
        batches.setdefault(_place(agreed, row), []).append(row)
    handoffs = _handoffs(session, agreed, batches, now)
    for place in sorted(batches):
        _add(session, agreed, handoffs[place], batches[place], now)


def _place(agreed: Agreed, row: Row) -> Place:
    if row.handed_over_at is None:
        raise ValueError(f"{row.id} was never handed over")
    return agreed.today(row.handed_over_at), row.source, row.campaign


def _add(session: Session, agreed: Agreed, handoff: Handoff, rows: Sequence[Row], now: datetime) -> None:
    numbered = dict(enumerate(rows, start=handoff.count + 1))
    acts = [_handed_over(handoff, numbered)]
    acts += [act for n, row in numbered.items() for act in acts_of(agreed, n, row)]
    ledger.record(session, agreed, handoff, acts, now)
    leads = table_of(Lead)
    here = (leads.c.workspace_id == handoff.workspace_id) & (leads.c.handoff_id == handoff.id)
    session.connection().execute(
        update(leads).where(here, leads.c.n == bindparam("b_n")).values(external_id=bindparam("b_id")),
        [{"b_n": n, "b_id": row.id} for n, row in numbered.items()],
    )


def _handoffs(
    session: Session, agreed: Agreed, batches: Mapping[Place, Sequence[Row]], now: datetime
) -> dict[Place, Handoff]:
    """Find the handoffs of these places, and make those that are not there yet."""
    found = session.scalars(
        select(Handoff).where(
            col(Handoff.workspace_id) == agreed.workspace_id,
            col(Handoff.agreement_id) == agreed.id,
            col(Handoff.day).in_({day for day, *_ in batches}),
            col(Handoff.is_imported).is_(True),
            col(Handoff.state) != "voided",
        )
    )
    handoffs = {(handoff.day, handoff.source, handoff.campaign): handoff for handoff in found}
    missing = sorted(batches.keys() - handoffs.keys())
    first = log.next_number(session, agreed.workspace_id, len(missing))
    for number, place in enumerate(missing, start=first):
        handoffs[place] = _made(agreed, place, number, batches[place], now)
    session.add_all([handoffs[place] for place in missing])
    session.flush()
    return handoffs


def _made(agreed: Agreed, place: Place, number: int, rows: Sequence[Row], now: datetime) -> Handoff:
    return Handoff(
        workspace_id=agreed.workspace_id,
        agreement_id=agreed.id,
        number=number,
        day=place[0],
        source=place[1],
        campaign=place[2],
        author=AUTHOR,
        is_imported=True,
        handed_over_at=min(row.handed_over_at or now for row in rows),
        count=0,
        folded_until=now,
    )


def _handed_over(handoff: Handoff, numbered: Mapping[int, Row]) -> NewAct:
    rows = list(numbered.values())
    handed = [row.handed_over_at for row in rows if row.handed_over_at is not None]
    arrived = [row.instants.get("arrived_at") for row in rows]
    data = {
        "day": handoff.day.isoformat(),
        "source": handoff.source,
        "campaign": handoff.campaign,
        "tiers": [[tier.value, len(list(some))] for tier, some in groupby(rows, key=lambda row: row.tier)],
        "arrived_at": [None if at is None else ledger.epoch(at) for at in arrived],
        "handed_over_at": [ledger.epoch(at) for at in handed],
        "imported": True,
    }
    return NewAct(ActKind.HANDED_OVER, AUTHOR, min(handed), tuple(numbered), data)


def acts_of(agreed: Agreed, n: int, row: Row) -> list[NewAct]:
    """Say what a row tells of its lead, one act each, so that a later file can correct each by itself."""
    owner = {"owner": row.owner} if row.owner else {}
    found = []
    for name, kind in (("accepted_at", ActKind.TAKEN), ("touched_at", ActKind.TOUCHED)):
        if at := row.instants.get(name):
            found.append(NewAct(kind, None, at, (n,), owner))
    if at := row.instants.get("rejected_at"):
        found.append(NewAct(ActKind.REJECTED, None, at, (n,), _reason(agreed, row.reason)))
    for name, outcome in OUTCOMES:
        if at := row.instants.get(name):
            amount = {"amount": row.amount} if outcome is Outcome.WON and row.amount is not None else {}
            found.append(
                NewAct(ActKind.OUTCOME, None, at, (n,), {"outcome": outcome.value, **owner, **amount})
            )
    return found


def _reason(agreed: Agreed, text: str) -> dict[str, str | None]:
    """Find the agreement's reason by its key or label; what it does not name is something else."""
    known = agreed.document.rejection_reasons
    wanted = text.lower()
    key = next((key for key, reason in known.items() if wanted in (key, reason.label.lower())), None)
    key = key or (OTHER if OTHER in known else next(iter(known)))
    clause = agreed.document.clause_of(f"rejection_reasons.{key}")
    return {"reason": key, "kind": known[key].kind.value, "clause": clause}


# ---- leads that are known


def _correct_all(
    session: Session, agreed: Agreed, rows: Iterable[tuple[Known, Row]], now: datetime
) -> Report:
    """Add what later rows tell anew, and put right what they tell differently."""
    report = Report()
    placed = sorted(rows, key=lambda pair: (pair[0].handoff_id, pair[0].n))
    for handoff_id, batch in groupby(placed, key=lambda pair: pair[0].handoff_id):
        handoff = own.one(session, Handoff, agreed.workspace_id, handoff_id)
        report.add(_correct(session, agreed, handoff, list(batch), now))
    return report


def _correct(
    session: Session, agreed: Agreed, handoff: Handoff, rows: Sequence[tuple[Known, Row]], now: datetime
) -> Report:
    report = Report()
    standing = _standing(ledger.acts_of(session, handoff))
    acts: list[NewAct] = []
    for known, row in rows:
        told = [change for act in acts_of(agreed, known.n, row) for change in _change(standing, known.n, act)]
        acts += told
        report.changed += bool(told)
        report.unchanged += not told
        if _is_elsewhere(agreed, handoff, row):
            report.remarks.append(Remark(row.line, "stays_in_first_handoff", row.id, is_fault=False))
    if acts:
        ledger.record(session, agreed, handoff, acts, now)
    return report


def _is_elsewhere(agreed: Agreed, handoff: Handoff, row: Row) -> bool:
    """Say whether a row tells another day, source or campaign of a lead than was told first."""
    if row.handed_over_at is not None and agreed.today(row.handed_over_at) != handoff.day:
        return True
    has_source = row.source not in (NO_SOURCE, handoff.source)
    return has_source or row.campaign not in ("", handoff.campaign)


def _standing(acts: Sequence[fold.Act]) -> dict[tuple[int, str], fold.Act]:
    """List the acts on single leads that were not undone, by lead and what they tell."""
    undone = {act.undoes for act in acts}
    return {(act.leads[0], _tells(act)): act for act in acts if len(act.leads) == 1 and act.seq not in undone}


def _tells(act: fold.Act | NewAct) -> str:
    return f"{act.kind}:{act.data.get('outcome', '')}"


def _change(standing: Mapping[tuple[int, str], fold.Act], n: int, act: NewAct) -> list[NewAct]:
    known = standing.get((n, _tells(act)))
    if known is None:
        return [act]
    if known.at == ledger.epoch(act.happened_at) and dict(known.data) == dict(act.data):
        return []
    return [NewAct(ActKind.UNDONE, None, act.happened_at, (n,), {}, known.seq), act]
