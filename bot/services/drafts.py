"""Amendments drafted from what was seen, each with what it would have meant, ready to be proposed."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from sqlmodel import Session

from bot.errors import UserError
from bot.facts.review import DraftFact, MeantFact
from bot.models import AgreementVersion
from bot.services import figures, pack, replay, tallies, versions
from bot.services.agreements import Agreed
from bot.services.tallies import Slice
from sla_rules import attainment, drift
from sla_rules.agreement import Agreement
from sla_rules.amend import amended
from sla_rules.attainment import Figure
from sla_rules.drift import Amendment, Source
from sla_rules.faults import AgreementFaults
from sla_rules.kinds import RejectionKind
from sla_rules.strict_yaml import Path, Plain, load

MOST = 3
NEXT_REVIEW = "next_review"
UNTIL_NEXT = timedelta(weeks=13)


def drafted(
    session: Session, agreed: Agreed, start_on: date, end_on: date, now: datetime, *, most_leads: int
) -> tuple[DraftFact, ...]:
    """Draft at most three amendments from what was seen in these days, and the date of the next review.

    Of more leads than `most_leads` is not said what a draft would have meant for a clock.
    """
    text = versions.named(session, agreed, agreed.row.version).text
    kept = pack.all_kept(session, agreed, start_on, end_on)
    found: list[DraftFact] = []
    for one in drift.amendments(agreed.document, _sources(session, agreed, end_on), kept):
        if len(found) < MOST and (draft := _draft(session, agreed, text, one, now, most_leads)) is not None:
            found.append(draft)
    return (*found, _next_review(agreed))


def _draft(
    session: Session, agreed: Agreed, text: str, one: Amendment, now: datetime, most_leads: int
) -> DraftFact | None:
    """Take the mildest value under which the promise would have been kept, else the last one there is."""
    draft: DraftFact | None = None
    for new in one.tries:
        document = _readable(changed(text, {one.path: new}))
        if document is None:
            break
        meant = next(iter(replay.meant(session, agreed, document, now, most_leads=most_leads)), None)
        draft = DraftFact(
            code=one.code,
            clause=document.clause_of(".".join(map(str, one.path[:2]))) or "",
            path=one.path,
            old=written_at(text, one.path),
            new=new,
            source=one.source,
            reason=one.reason and agreed.document.rejection_reasons[one.reason].label,
            before=one.before,
            after=one.after,
            meant=meant,
        )
        if _would_be_kept(meant):
            break
    return draft


def _would_be_kept(meant: MeantFact | None) -> bool:
    if meant is None or meant.target_meant is None:
        return True
    return bool(attainment.is_kept(meant.metric, meant.target_meant, Figure(meant.meant, 0, 0)))


def _next_review(agreed: Agreed) -> DraftFact:
    """Draft what every review needs: the date of the next one."""
    old = agreed.document.cadence.review
    return DraftFact(
        code=NEXT_REVIEW,
        clause=agreed.document.clause_of("cadence.review") or "",
        path=("cadence", "review"),
        old=old.isoformat(),
        new=(old + UNTIL_NEXT).isoformat(),
    )


def _sources(session: Session, agreed: Agreed, end_on: date) -> list[Source]:
    """Read what was decided of each source in the last whole weeks."""
    weeks = [
        figures.week_before(agreed, end_on, back) for back in reversed(range(1, drift.REFUSED_WEEKS + 1))
    ]
    start_on, until_on = weeks[0].start_on, weeks[-1].end_on
    found = []
    for name in tallies.values_of(session, agreed, "source", start_on, until_on):
        sums = [
            tallies.sums(session, agreed, Slice(week.start_on, week.end_on, "source", name)) for week in weeks
        ]
        reasons = tallies.reasons(session, agreed, Slice(start_on, until_on, "source", name))
        found.append(Source(name, [_decided(one) for one in sums], _of_quality(agreed, reasons)))
    return found


def _decided(sums: Mapping[str, int]) -> tuple[int, int]:
    refused = sums.get("rejected_quality", 0)
    return refused, refused + sums.get("accepted", 0)


def _of_quality(agreed: Agreed, reasons: Mapping[str, int]) -> dict[str, int]:
    known = agreed.document.rejection_reasons
    return {
        reason: n
        for reason, n in reasons.items()
        if reason in known and known[reason].kind is RejectionKind.QUALITY
    }


# ---- proposing


def propose(
    session: Session,
    agreed: Agreed,
    drafts: tuple[DraftFact, ...],
    user: str,
    now: datetime,
    *,
    delivery: str,
) -> AgreementVersion:
    """Propose the text that is proposed already, else the one in force, with these drafts written into it."""
    if (draft := versions.open_draft(session, agreed)) is not None:
        raise UserError("draft_in_the_way", author=draft.proposed_by)
    waiting = versions.proposal(session, agreed)
    base = waiting if waiting and not waiting.is_ending else None
    text = (base or versions.named(session, agreed, agreed.row.version)).text
    for one in drafts:
        if one.old and written_at(text, one.path) != one.old:
            raise UserError("draft_outdated", clause=one.clause)
    new = changed(text, {one.path: one.new for one in drafts})
    return versions.propose_text(session, agreed, new, user, now, delivery=delivery)


def changed(text: str, changes: Mapping[Path, str]) -> str:
    """Write values into a text; what goes to a list is added at its end."""
    return amended(text, {_place(text, path): value for path, value in changes.items()})


def _place(text: str, path: Path) -> Path:
    return (*path, len(_at(text, path) or ())) if path == drift.OUT_OF_SCOPE else path


def written_at(text: str, path: Path) -> str:
    """Give a single value as it is written; empty for what is none."""
    found = _at(text, path)
    return found if isinstance(found, str) else ""


def _at(text: str, path: Path) -> Plain | None:
    found: Plain | None = load(text).data
    for part in path:
        if isinstance(found, dict) and isinstance(part, str):
            found = found.get(part)
        elif isinstance(found, list) and isinstance(part, int) and part < len(found):
            found = found[part]
        else:
            return None
    return found


def _readable(text: str) -> Agreement | None:
    try:
        return Agreement.parse(text)
    except AgreementFaults:
        return None
