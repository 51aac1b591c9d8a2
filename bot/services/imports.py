"""Take in leads from elsewhere: the same door as people's acts, with many acts at once and no clocks."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from itertools import groupby
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, select, update
from sqlmodel import Session, col

from bot.models import Handoff, Lead, table_of
from bot.services import ledger, log
from bot.services.agreements import Agreed
from bot.services.ledger import NewAct
from sla_rules import fold
from sla_rules.agreement import OTHER
from sla_rules.kinds import ActKind, Outcome, Tier

FIELDS = (
    "id",
    "arrived_at",
    "handed_over_at",
    "source",
    "campaign",
    "tier",
    "owner",
    "accepted_at",
    "rejected_at",
    "reason",
    "touched_at",
    "sql_at",
    "won_at",
    "lost_at",
    "amount",
)
INSTANTS = tuple(name for name in FIELDS if name.endswith("_at"))
AUTHOR = "import"
NO_SOURCE = "(none)"
ROWS_A_TRANSACTION = 500
"""Other processes must be able to write in between."""
OUTCOMES = (("sql_at", Outcome.SQL), ("won_at", Outcome.WON), ("lost_at", Outcome.LOST))


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the file, read."""

    line: int
    id: str
    instants: Mapping[str, datetime]
    source: str = NO_SOURCE
    campaign: str = ""
    tier: Tier = log.DEFAULT_TIER
    owner: str | None = None
    reason: str = ""
    amount: int | None = None

    @property
    def handed_over_at(self) -> datetime | None:
        """A lead whose handover is not told was handed over on arrival."""
        return self.instants.get("handed_over_at") or self.instants.get("arrived_at")


@dataclass(frozen=True, slots=True)
class Remark:
    """What is wrong with a line (a fault: it was not taken) or odd about it (a warning: it was)."""

    line: int
    code: str
    value: str
    is_fault: bool = True


@dataclass(slots=True)
class Report:
    """What an import did."""

    read: int = 0
    added: int = 0
    changed: int = 0
    unchanged: int = 0
    remarks: list[Remark] = field(default_factory=list)

    @property
    def faults(self) -> list[Remark]:
        return [remark for remark in self.remarks if remark.is_fault]


def parse(
    lines: Iterable[tuple[int, Mapping[str, str]]], columns: Mapping[str, str], zone: str
) -> Iterator[Row | Remark]:
    """Read lines by the columns that fields are mapped to; a date without a zone is in the agreement's."""
    local = ZoneInfo(zone)
    for line, cells in lines:
        yield _parsed(line, {name: (cells.get(column) or "").strip() for name, column in columns.items()}, local)


def _parsed(line: int, values: Mapping[str, str], zone: ZoneInfo) -> Row | Remark:
    if not values.get("id"):
        return Remark(line, "id_missing", "")
    instants = {}
    for name in INSTANTS:
        text = values.get(name)
        if text:
            at = read_instant(text, zone)
            if at is None:
                return Remark(line, "date_unreadable", f"{name}={text}")
            instants[name] = at
    tier = values.get("tier", "").upper()
    return Row(
        line=line,
        id=values["id"],
        instants=instants,
        source=values.get("source") or NO_SOURCE,
        campaign=values.get("campaign", ""),
        tier=Tier(tier) if tier in set(Tier) else log.DEFAULT_TIER,
        owner=values.get("owner") or None,
        reason=values.get("reason", ""),
        amount=_amount(values.get("amount", "")),
    )


def read_instant(text: str, zone: ZoneInfo) -> datetime | None:
    """Read an ISO date or time; None where it is neither."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return None
    if not 1970 < at.year < 9000:  # noqa: PLR2004  (what the store can hold)
        return None
    return (at if at.tzinfo else at.replace(tzinfo=zone)).astimezone(UTC)


def _amount(text: str) -> int | None:
    try:
        amount = Decimal(text)
    except InvalidOperation:
        return None
    return int(amount * 100) if amount.is_finite() and 0 <= amount < 10**12 else None


def parts(rows: Sequence[Row]) -> list[Sequence[Row]]:
    """Order rows by handover and cut them into transactions; what only corrects comes last."""
    handed = sorted((row for row in rows if row.handed_over_at), key=lambda row: (row.handed_over_at, row.line))
    ordered = [*handed, *(row for row in rows if not row.handed_over_at)]
    return [ordered[start : start + ROWS_A_TRANSACTION] for start in range(0, len(ordered), ROWS_A_TRANSACTION)]


def take_in(session: Session, agreed: Agreed, rows: Sequence[Row], now: datetime) -> Report:
    """Take one part in, in the caller's transaction, and report what that did."""
    report = Report(read=len(rows))
    places = _known(session, agreed, [row.id for row in rows])
    new: dict[str, Row] = {}
    known: list[Row] = []
    for row in rows:
        if row.id in places or row.id in new:
            known.append(row)
        elif row.handed_over_at is None:
            report.remarks.append(Remark(row.line, "lead_unknown", row.id))
        else:
            new[row.id] = row
        _warn(row, report)
    place = _place_in(agreed, now)
    for (day, source), batch in groupby(sorted(new.values(), key=place), key=place):
        _add(session, agreed, day, source, list(batch), now)
    report.added = len(new)
    if known:
        _correct(session, agreed, known, report, now)
    return report


def _warn(row: Row, report: Report) -> None:
    handed, won = row.handed_over_at, row.instants.get("won_at")
    if handed and won and won < handed:
        report.remarks.append(Remark(row.line, "won_before_handover", row.id, is_fault=False))


def _place_in(agreed: Agreed, now: datetime) -> Callable[[Row], tuple[date, str]]:
    return lambda row: (agreed.today(row.handed_over_at or now), row.source)


def _known(session: Session, agreed: Agreed, ids: Sequence[str]) -> dict[str, tuple[int, int]]:
    """Find in which handoff, and as which number, leads were taken in before."""
    rows = session.execute(
        select(col(Lead.external_id), col(Lead.handoff_id), col(Lead.n)).where(
            col(Lead.workspace_id) == agreed.workspace_id,
            col(Lead.agreement_id) == agreed.id,
            col(Lead.external_id).in_(ids),
        )
    )
    return {external_id: (handoff_id, n) for external_id, handoff_id, n in rows if external_id}


# ---- leads that are new


def _add(session: Session, agreed: Agreed, day: date, source: str, rows: Sequence[Row], now: datetime) -> None:
    """Hand over the new leads of one day and source, in the handoff that holds them."""
    handoff = _handoff(session, agreed, day, source, rows, now)
    first = handoff.count + 1 if handoff.revision else 1
    numbered = dict(enumerate(sorted(rows, key=lambda row: row.tier), start=first))
    acts = [_handed_over(day, source, numbered)]
    acts += [act for n, row in numbered.items() for act in acts_of(agreed, n, row)]
    ledger.record(session, agreed, handoff, acts, now)
    leads = table_of(Lead)
    here = (leads.c.workspace_id == handoff.workspace_id) & (leads.c.handoff_id == handoff.id)
    session.connection().execute(
        update(leads).where(here, leads.c.n == bindparam("b_n")).values(external_id=bindparam("b_id")),
        [{"b_n": n, "b_id": row.id} for n, row in numbered.items()],
    )


def _handoff(
    session: Session, agreed: Agreed, day: date, source: str, rows: Sequence[Row], now: datetime
) -> Handoff:
    found = session.scalar(
        select(Handoff).where(
            col(Handoff.workspace_id) == agreed.workspace_id,
            col(Handoff.agreement_id) == agreed.id,
            col(Handoff.day) == day,
            col(Handoff.source) == source,
            col(Handoff.is_imported).is_(True),
        )
    )
    if found is not None:
        return found
    handoff = Handoff(
        workspace_id=agreed.workspace_id,
        agreement_id=agreed.id,
        number=log.next_number(session, agreed.workspace_id),
        source=source,
        author=AUTHOR,
        is_imported=True,
        day=day,
        handed_over_at=min(row.handed_over_at or now for row in rows),
        count=0,
        folded_until=now,
    )
    session.add(handoff)
    session.flush()
    return handoff


def _handed_over(day: date, source: str, numbered: Mapping[int, Row]) -> NewAct:
    rows = list(numbered.values())
    handed = [row.handed_over_at for row in rows if row.handed_over_at is not None]
    data = {
        "day": day.isoformat(),
        "source": source,
        "tiers": [[tier.value, len(list(some))] for tier, some in groupby(rows, key=lambda row: row.tier)],
        "arrived_at": [_epoch(row.instants.get("arrived_at")) for row in rows],
        "handed_over_at": [ledger.epoch(at) for at in handed],
        "imported": True,
    }
    return NewAct(ActKind.HANDED_OVER, AUTHOR, min(handed), tuple(numbered), data)


def _epoch(at: datetime | None) -> int | None:
    return None if at is None else ledger.epoch(at)


def acts_of(agreed: Agreed, n: int, row: Row) -> list[NewAct]:
    """Say what a row tells of its lead, one act each, so that a later file can correct each by itself."""
    owner = {"owner": row.owner} if row.owner else {}
    found = []
    if at := row.instants.get("accepted_at"):
        found.append(NewAct(ActKind.TAKEN, AUTHOR, at, (n,), owner))
    if at := row.instants.get("touched_at"):
        found.append(NewAct(ActKind.TOUCHED, AUTHOR, at, (n,), owner))
    if at := row.instants.get("rejected_at"):
        found.append(NewAct(ActKind.REJECTED, AUTHOR, at, (n,), _reason(agreed, row.reason)))
    for name, outcome in OUTCOMES:
        if at := row.instants.get(name):
            amount = {"amount": row.amount} if outcome is Outcome.WON and row.amount is not None else {}
            found.append(NewAct(ActKind.OUTCOME, AUTHOR, at, (n,), {"outcome": outcome.value, **owner, **amount}))
    return found


def _reason(agreed: Agreed, text: str) -> dict[str, str | None]:
    """Find the agreement's reason by its key or label; what it does not name is something else."""
    known = agreed.document.rejection_reasons
    wanted = text.strip().lower()
    key = next((key for key, reason in known.items() if wanted in (key, reason.label.lower())), None)
    key = key or (OTHER if OTHER in known else next(iter(known)))
    return {"reason": key, "kind": known[key].kind.value, "clause": agreed.document.clause_of(f"rejection_reasons.{key}")}


# ---- leads that are known


def _correct(session: Session, agreed: Agreed, rows: Sequence[Row], report: Report, now: datetime) -> None:
    """Add what a later row tells anew, and put right what it tells differently."""
    places = _known(session, agreed, [row.id for row in rows])
    by_handoff = sorted(rows, key=lambda row: places[row.id])
    for handoff_id, batch in groupby(by_handoff, key=lambda row: places[row.id][0]):
        handoff = session.get_one(Handoff, handoff_id)
        standing = _standing(ledger.acts_of(session, handoff))
        acts: list[NewAct] = []
        for row in batch:
            n = places[row.id][1]
            told = [change for act in acts_of(agreed, n, row) for change in _change(standing, n, act)]
            report.changed += bool(told)
            report.unchanged += not told
            acts += told
        if acts:
            ledger.record(session, agreed, handoff, acts, now)


def _standing(acts: Sequence[fold.Act]) -> dict[tuple[int, str], fold.Act]:
    """List the acts on single leads that were not undone, by lead and what they tell."""
    undone = {act.undoes for act in acts}
    return {(act.leads[0], _tells(act)): act for act in acts if len(act.leads) == 1 and act.seq not in undone}


def _tells(act: fold.Act | NewAct) -> str:
    return f"{act.kind}:{act.data.get('outcome', '')}"


def _change(standing: dict[tuple[int, str], fold.Act], n: int, act: NewAct) -> list[NewAct]:
    known = standing.get((n, _tells(act)))
    if known is None:
        return [act]
    if known.at == ledger.epoch(act.happened_at) and dict(known.data) == dict(act.data):
        return []
    return [NewAct(ActKind.UNDONE, AUTHOR, act.happened_at, (n,), {}, known.seq), act]
