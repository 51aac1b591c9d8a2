"""Who may do what: one table, which every act asks."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, partial
from typing import Any

from sqlalchemy import Row, Select, bindparam, select
from sqlmodel import Session

from bot.errors import UserError
from bot.models import Person, table_of
from bot.services.agreements import Agreed
from bot.services.known import known
from sla_rules.kinds import Side


class Role(StrEnum):
    """What somebody is to one agreement."""

    MARKETER = "marketer"
    MARKETING_LEAD = "marketing_lead"
    MARKETING_MANAGER = "marketing_manager"
    REP = "rep"
    SALES_LEAD = "sales_lead"
    SALES_MANAGER = "sales_manager"
    MANAGER = "manager"
    """Of both sides, and a member of neither."""
    IN_BOTH = "in_both"
    """In the user groups of both sides: nobody can say for whom they act."""
    COLLEAGUE = "colleague"
    UNKNOWN = "unknown"
    """Slack was not asked yet who this is."""
    GUEST = "guest"
    STRANGER = "stranger"
    BOT = "bot"
    FORMER = "former"


class Act(StrEnum):
    """What is done to an agreement and its handoffs."""

    READ = "read"
    SHARE = "share"
    EXPORT = "export"
    """See handoffs, leads and clocks one by one, as a file; figures are for who reads."""
    SEE_NAMES = "see_names"
    """See who the leads are; whoever logged a handoff sees its names in any case."""
    LOG = "log"
    PLAN = "plan"
    CORRECT = "correct"
    VOID = "void"
    TAKE = "take"
    REJECT = "reject"
    TOUCH = "touch"
    OUTCOME = "outcome"
    HAND_ON = "hand_on"
    ASK = "ask"
    ANSWER = "answer"
    DISPUTE = "dispute"
    SETTLE = "settle"
    SNOOZE = "snooze"
    EXCUSE = "excuse"
    JUDGE = "judge"
    """Confirm or refuse an excuse that the other side asks for."""
    AWAY = "away"
    DUTY = "duty"
    SETUP = "setup"
    AMEND = "amend"
    SIGN = "sign"


@dataclass(frozen=True, slots=True)
class Right:
    """Who may do something, and what the others are told."""

    roles: frozenset[Role]
    otherwise: str
    """The refusal's code."""
    is_over_at_end: bool = False
    """It makes new work, so it ends with the agreement; what is open may be worked to its end."""


MARKETING = frozenset((Role.MARKETER, Role.MARKETING_LEAD, Role.MARKETING_MANAGER))
SALES = frozenset((Role.REP, Role.SALES_LEAD, Role.SALES_MANAGER))
PARTIES = MARKETING | SALES
LEADS = frozenset((Role.MARKETING_LEAD, Role.SALES_LEAD))
CHIEFS = LEADS | {Role.MARKETING_MANAGER, Role.SALES_MANAGER}
HERE = PARTIES | {Role.MANAGER, Role.IN_BOTH, Role.COLLEAGUE}
"""Everybody whom Slack knows as a full member of the workspace."""

RIGHTS: Mapping[Act, Right] = {
    Act.READ: Right(HERE, "unknown_person"),
    Act.SHARE: Right(PARTIES, "not_a_party"),
    Act.EXPORT: Right(PARTIES | {Role.MANAGER}, "not_a_party"),
    Act.SEE_NAMES: Right(SALES, "not_in_sales"),
    Act.LOG: Right(MARKETING, "not_in_marketing", is_over_at_end=True),
    Act.PLAN: Right(MARKETING, "not_in_marketing", is_over_at_end=True),
    Act.CORRECT: Right(MARKETING, "not_in_marketing"),
    Act.VOID: Right(MARKETING, "not_in_marketing"),
    Act.TAKE: Right(SALES, "not_in_sales"),
    Act.REJECT: Right(SALES, "not_in_sales"),
    Act.TOUCH: Right(SALES, "not_in_sales"),
    Act.OUTCOME: Right(SALES, "not_in_sales"),
    Act.HAND_ON: Right(SALES, "not_in_sales"),
    Act.ASK: Right(SALES, "not_in_sales"),
    Act.ANSWER: Right(MARKETING, "not_in_marketing"),
    Act.DISPUTE: Right(MARKETING, "not_in_marketing"),
    Act.SETTLE: Right(LEADS, "only_leads_settle"),
    Act.SNOOZE: Right(PARTIES, "not_a_party"),
    Act.EXCUSE: Right(PARTIES, "not_a_party"),
    Act.JUDGE: Right(CHIEFS, "only_other_lead_excuses"),
    Act.AWAY: Right(SALES, "not_in_sales"),
    Act.DUTY: Right(PARTIES, "not_a_party"),
    Act.SETUP: Right(HERE | {Role.UNKNOWN}, "unknown_person"),
    Act.AMEND: Right(PARTIES | {Role.MANAGER}, "not_a_party", is_over_at_end=True),
    Act.SIGN: Right(LEADS, "only_leads_sign"),
}
UNASKED = (Act.READ, Act.SETUP)
"""What a person may do whom Slack was not asked about yet: whom the text names may read it."""

OUTSIDERS: Mapping[Role, str] = {
    Role.BOT: "bots_do_not_act",
    Role.STRANGER: "strangers_do_not_act",
    Role.GUEST: "guests_do_not_act",
    Role.FORMER: "left_the_company",
}
"""Who may do nothing, whatever the text says of them, and what they are told."""


def require(session: Session, agreed: Agreed, user_id: str, act: Act, side: Side | None = None) -> None:
    """Refuse who may not do this, with the reason and whom to ask; what is a side's, is for that side."""
    right, (role, is_met) = RIGHTS[act], _standing(session, agreed, user_id)
    if role in OUTSIDERS:
        raise UserError(OUTSIDERS[role])
    if role not in (right.roles if side is None else right.roles.intersection(OF_SIDE[side])):
        raise _refusal(agreed, right, role, side)
    if act not in UNASKED and not is_met:
        raise UserError("unknown_person")
    if right.is_over_at_end and agreed.row.state == "ended":
        raise UserError("agreement_ended", name=agreed.document.name)


def may(session: Session, agreed: Agreed, user_id: str, act: Act) -> bool:
    """Say whether somebody may do this."""
    try:
        require(session, agreed, user_id, act)
    except UserError:
        return False
    return True


def _refusal(agreed: Agreed, right: Right, role: Role, side: Side | None) -> UserError:
    if role is Role.IN_BOTH:
        return UserError("in_both_parties", agreement=agreed.document.name)
    if right.roles <= LEADS:
        return UserError(right.otherwise, **{one.value: agreed.document.party(one).lead for one in Side})
    code = right.otherwise if side is None or role in OF_SIDE[side] else f"not_in_{side}"
    meant = side or (Side.SALES if right.roles <= SALES else Side.MARKETING)
    return UserError(code, lead=agreed.document.party(meant).lead, agreement=agreed.document.name)


def role_of(session: Session, agreed: Agreed, user_id: str) -> Role:
    """Say what somebody is to an agreement, by what Slack says of them and by the text that speaks."""
    return _standing(session, agreed, user_id)[0]


def _standing(session: Session, agreed: Agreed, user_id: str) -> tuple[Role, bool]:
    """Give somebody's role, and whether Slack was asked about them."""
    return known(session, agreed.mark, ("role", user_id), partial(_read, session, agreed, user_id))


def _read(session: Session, agreed: Agreed, user_id: str) -> tuple[Role, bool]:
    person = person_of(session, agreed.workspace_id, user_id)
    is_met = person is not None and person.refreshed_at is not None
    found = _outsider(person) or _in_text(agreed, user_id)
    return found or (Role.COLLEAGUE if is_met else Role.UNKNOWN), is_met


def _outsider(person: Row[Any] | None) -> Role | None:
    if person is None:
        return None
    claims = {
        Role.BOT: person.is_bot,
        Role.STRANGER: person.is_stranger,
        Role.GUEST: person.is_guest,
        Role.FORMER: person.is_deleted,
    }
    return next((role for role, is_so in claims.items() if is_so), None)


OF_SIDE: Mapping[Side, tuple[Role, Role, Role]] = {
    Side.MARKETING: (Role.MARKETING_LEAD, Role.MARKETER, Role.MARKETING_MANAGER),
    Side.SALES: (Role.SALES_LEAD, Role.REP, Role.SALES_MANAGER),
}


def _in_text(agreed: Agreed, user_id: str) -> Role | None:
    sides = agreed.sides_of(user_id)
    if len(sides) > 1:
        return Role.IN_BOTH
    side = agreed.side_of(user_id)
    if side is None:
        manages = any(agreed.document.party(side).manager == user_id for side in Side)
        return Role.MANAGER if manages else None
    lead, member, manager = OF_SIDE[side]
    if agreed.document.is_lead(user_id, side):
        return lead
    return member if sides else manager


# ---- what Slack says of a person


def refuse_known_outsider(session: Session, workspace_id: int, user_id: str) -> None:
    """Refuse a guest, a bot or somebody from elsewhere, as far as it is known."""
    outsider = _outsider(person_of(session, workspace_id, user_id))
    if outsider is not None:
        raise UserError(OUTSIDERS[outsider])


def is_outsider(session: Session, workspace_id: int, user_id: str) -> bool:
    """Say whether it is known already that somebody could not act, whatever a text says."""
    return _outsider(person_of(session, workspace_id, user_id)) is not None


def person_of(session: Session, workspace_id: int, user_id: str) -> Row[Any] | None:
    """Read what is known of a person."""
    return session.execute(_one(), {"workspace_id": workspace_id, "user_id": user_id}).first()


@cache
def _one() -> Select[Any]:
    people = table_of(Person)
    here = people.c.workspace_id == bindparam("workspace_id")
    return select(people).where(here, people.c.user_id == bindparam("user_id"))
