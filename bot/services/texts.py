"""The texts of an agreement as they stand: one version whole, a section or clause of it, and what differs."""

from collections.abc import Mapping
from itertools import groupby

from sqlalchemy import select
from sqlmodel import Session, col

from bot.errors import UserError
from bot.facts.agreement import AgreementFact, ClauseFact, DiffFact, HistoryFact, SectionFact
from bot.models import Person
from bot.services import agreements, rights, versions
from bot.services.agreements import Agreed
from bot.services.rights import Act
from sla_rules import compare
from sla_rules.agreement import Agreement
from sla_rules.clauses import Clause, sections_of
from sla_rules.kinds import Side


def fact(session: Session, agreed: Agreed, version: int | None = None) -> AgreementFact:
    """Read one version whole, the one that speaks if none is named. Raises UserError."""
    text = versions.named(session, agreed, version or agreed.row.version)
    document = agreements.parsed(text.text)
    signed = versions.signatures(session, text)
    return AgreementFact(
        agreement_id=agreed.id,
        name=document.name,
        version=text.version,
        state=text.state,
        sha256=text.sha256,
        signed={side: (signed[side].user_id, signed[side].signed_at) for side in Side if side in signed},
        in_force_at=text.in_force_at,
        review_on=document.cadence.review,
        sections=sections(agreed.id, document, text.version),
        waiting=next((one for one in versions.history(session, agreed) if one.state in versions.OPEN), None),
        names=_names(session, agreed, document),
    )


def section(session: Session, agreed: Agreed, number: str, version: int | None = None) -> SectionFact:
    """Read the section in which a clause stands, whole. Raises UserError."""
    found = sections(agreed.id, *_document(session, agreed, version))
    here = next((one for one in found if one.number == number.partition(".")[0]), None)
    if here is None:
        raise UserError("no_such_clause", clause=number[:20], last=found[-1].number)
    return here


def clause(session: Session, agreed: Agreed, number: str, version: int | None = None) -> SectionFact:
    """Read one clause in its section, `4.2`; a section's number gives it whole. Raises UserError."""
    here = section(session, agreed, number, version)
    if "." not in number:
        return here
    only = [one for one in here.clauses if one.number == number]
    if not only:
        last = here.clauses[-1].number if here.clauses else here.number
        raise UserError("no_such_clause", clause=number[:20], last=last)
    return SectionFact(here.agreement_id, here.name, here.version, here.number, here.key, only)


def history(session: Session, agreed: Agreed, reader: str) -> HistoryFact:
    """List all versions, the newest first; a draft is for those who may write on it."""
    writes = rights.may(session, agreed, reader, Act.AMEND)
    found = versions.history(session, agreed)
    readable = [one for one in found if writes or one.state != versions.DRAFT]
    return HistoryFact(agreed.id, agreed.document.name, readable)


def diff(session: Session, agreed: Agreed, old: int, new: int, reader: str) -> DiffFact:
    """Compare two versions that somebody may read. Raises UserError."""
    for number in (old, new):
        is_draft = versions.named(session, agreed, number).state == versions.DRAFT
        if is_draft and not rights.may(session, agreed, reader, Act.AMEND):
            raise UserError("no_such_version", number=number)
    before, _ = _document(session, agreed, old)
    after, _ = _document(session, agreed, new)
    return DiffFact(agreed.id, after.name, old, new, compare.changes(before, after))


def _document(session: Session, agreed: Agreed, version: int | None) -> tuple[Agreement, int]:
    if version is None or version == agreed.row.version:
        return agreed.document, agreed.row.version
    return agreements.parsed(versions.named(session, agreed, version).text), version


def sections(agreement_id: int, document: Agreement, version: int) -> list[SectionFact]:
    """List every section in its order, also what nothing is written in."""
    written = {key: list(group) for key, group in groupby(document.clauses(), _section_of)}
    return [
        SectionFact(
            agreement_id=agreement_id,
            name=document.name,
            version=version,
            number=str(number),
            key=key,
            clauses=[_clause(document, one) for one in written.get(key, ())],
        )
        for number, key in enumerate(sections_of(Agreement), 1)
    ]


def _section_of(clause: Clause) -> str:
    return clause.path.partition(".")[0]


def _clause(document: Agreement, clause: Clause) -> ClauseFact:
    section, _, item = clause.path.partition(".")
    appeals_to = clause.value.get("appeals_to") if isinstance(clause.value, dict) else None
    rests_on = document.clause_of(f"definitions.{appeals_to}") if appeals_to else None
    return ClauseFact(clause.number, section, item, clause.value, rests_on or "")


def _names(session: Session, agreed: Agreed, document: Agreement) -> Mapping[str, str]:
    """Read what the people of a text are called."""
    named = {who for side in Side for who in document.party(side).people}
    people = sorted(named.union(duty.who for duty in document.duties))
    rows = select(col(Person.user_id), col(Person.name)).where(
        col(Person.workspace_id) == agreed.workspace_id, col(Person.user_id).in_(people)
    )
    return {user_id: name for user_id, name in session.execute(rows) if name}
