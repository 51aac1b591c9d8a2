"""Who may do what: every role does every act in every state, through the real services, as the table says."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import delete
from sqlmodel import Session, col

from bot.errors import UserError, UserErrors
from bot.models import Clock, Duty, Handoff, Person
from bot.services import (
    agreements,
    ask,
    away,
    correct,
    dispute,
    duties,
    excuse,
    hand,
    handoffs,
    ledger,
    log,
    outcome,
    plan,
    reject,
    rights,
    setup,
    snooze,
    take,
    touch,
    versions,
    void,
)
from bot.services.agreements import Agreed
from bot.services.export import EVERYBODY, names_for
from bot.services.log import Batch
from bot.services.rights import OF_SIDE, OUTSIDERS, RIGHTS, UNASKED, Act, Role
from bot.slack import export, goals, share, typed
from bot.slack.request import Asked
from sla_rules.kinds import ClockKind, Outcome, Side, Tier
from sla_rules.starter import starter
from tests.slack.office import (
    ALAN,
    CHANNEL,
    GUEST,
    MAYA,
    MIKE,
    REP1,
    REP2,
    SARA,
    TEAM,
    VALUES,
    Office,
    opened,
)
from tests.slack.several import sign

TRIAL, IN_FORCE, ENDED = STATES = ("trial", "in_force", "ended")
HEAD, CHIEF, INES = "UHEAD", "UCHIEF", "UINES"
"""The managers of Marketing, of Sales, and of both."""
NEW, ODD, ROBOT, LEFT, BOTH = "UNEW", "UODD", "UROBOT", "ULEFT", "UBOTH"
VISITOR, LATE = "UVISITOR", "ULATE"
"""In Sales by the text: a guest, and somebody about whom Slack was not asked yet."""
NAMED: Mapping[str, tuple[str, Role]] = {
    "marketer": (MIKE, Role.MARKETER),
    "marketing lead": (MAYA, Role.MARKETING_LEAD),
    "marketing manager": (HEAD, Role.MARKETING_MANAGER),
    "rep": (REP1, Role.REP),
    "sales lead": (SARA, Role.SALES_LEAD),
    "sales manager": (CHIEF, Role.SALES_MANAGER),
    "colleague": (ALAN, Role.COLLEAGUE),
    "unknown": (NEW, Role.UNKNOWN),
    "guest": (GUEST, Role.GUEST),
    "guest named in the text": (VISITOR, Role.GUEST),
    "rep nobody asked about": (LATE, Role.REP),
    "stranger": (ODD, Role.STRANGER),
    "bot": (ROBOT, Role.BOT),
    "former rep": (LEFT, Role.FORMER),
}
GROUPED: Mapping[str, tuple[str, Role]] = {
    "marketer of a group": (MIKE, Role.MARKETER),
    "rep of a group": (REP1, Role.REP),
    "manager of both": (INES, Role.MANAGER),
    "in both groups": (BOTH, Role.IN_BOTH),
}
UNMET = {NEW, LATE}


@dataclass(frozen=True, slots=True)
class World:
    """An agreement in one state, with a handoff of which a bit of everything can be done."""

    office: Office
    handoff_id: int
    duty_ids: Mapping[Side, int]
    excuse_seq: int
    proposal: tuple[int, str]
    state: str

    def attempt(self, deed: "Deed", user: str) -> str:
        """Try something and undo it; gives the code of the refusal that is about rights, or nothing."""
        try:
            with self.office.context.transaction() as session:
                deed.run(self, session, agreements.by_id(session, 1, 1), user)
                session.rollback()
        except UserErrors:
            pass
        except UserError as refusal:
            return refusal.code if refusal.code in ABOUT_RIGHTS else ""
        return ""


@dataclass(frozen=True, slots=True)
class Deed:
    """One way to do something; `side` where it is one side's."""

    name: str
    act: Act
    run: Callable[[World, Session, Agreed, str], object]
    side: Side | None = None
    states: tuple[str, ...] = STATES


ABOUT_RIGHTS = {
    *(right.otherwise for right in RIGHTS.values()),
    *OUTSIDERS.values(),
    "not_in_marketing",
    "not_in_sales",
    "in_both_parties",
    "agreement_ended",
    "former_lead",
}


def on(act: Callable[..., object], **more: object) -> Callable[[World, Session, Agreed, str], object]:
    """Make the deed that acts on the handoff."""

    def run(world: World, session: Session, agreed: Agreed, user: str) -> object:
        handoff = handoffs.by_id(session, 1, world.handoff_id)
        return act(session, agreed, handoff, user=user, now=world.office.clock.now(), **more)

    return run


def on_clock(act: Callable[..., object], kind: ClockKind, **more: object) -> Callable[..., object]:
    def run(world: World, session: Session, agreed: Agreed, user: str) -> object:
        now = world.office.clock.now()
        clock = Clock(
            workspace_id=1, agreement_id=1, handoff_id=world.handoff_id, key="k", kind=kind, owner=user,
            version=1, started_at=now, state="running",
        )  # fmt: skip
        return act(session, agreed, clock, user=user, now=now, **more)

    return run


def _log(world: World, session: Session, agreed: Agreed, user: str) -> object:
    batch = log.Batch("fair", {Tier.C: 2})
    return log.log(session, agreed, batch, author=user, now=world.office.clock.now(), delivery=str(uuid4()))


def _plan(world: World, session: Session, agreed: Agreed, user: str) -> object:
    plan.announce(
        session,
        agreed,
        count=9,
        source="fair",
        on=date(2026, 6, 20),
        author=user,
        now=world.office.clock.now(),
        delivery=str(uuid4()),
    )
    return None


def _away(world: World, session: Session, agreed: Agreed, user: str) -> object:
    now = world.office.clock.now()
    until = now + timedelta(days=1)
    return away.leave(session, agreed, user=user, until=until, cover=None, now=now, delivery=str(uuid4()))


def _judge(world: World, session: Session, agreed: Agreed, user: str) -> object:
    return on(excuse.judge, seq=world.excuse_seq, is_granted=True)(world, session, agreed, user)


def _duty(side: Side) -> Callable[[World, Session, Agreed, str], object]:
    def run(world: World, session: Session, agreed: Agreed, user: str) -> object:
        now = world.office.clock.now()
        return duties.done(session, agreed, world.duty_ids[side], user=user, now=now, delivery=str(uuid4()))

    return run


def _amend(world: World, session: Session, agreed: Agreed, user: str) -> object:
    text = versions.named(session, agreed, agreed.row.version).text + "# another line\n"
    return versions.save_draft(session, agreed, text, user, world.office.clock.now())


def _sign(world: World, session: Session, agreed: Agreed, user: str) -> object:
    return versions.sign(session, agreed, *world.proposal, user, world.office.clock.now())


def _decline(world: World, session: Session, agreed: Agreed, user: str) -> object:
    return versions.decline(session, agreed, *world.proposal, user, "too much", world.office.clock.now())


def _setup(_world: World, session: Session, _agreed: Agreed, user: str) -> object:
    setup.may_propose(session, 1, "CNEW", user)
    return None


def _asked(user: str, value: str = "") -> Asked:
    return Asked(team_id=TEAM, user_id=user, key=str(uuid4()), channel_id=CHANNEL, value=value)


def _read(world: World, session: Session, _agreed: Agreed, user: str) -> object:
    session.rollback()
    return goals.command(world.office.context, _asked(user), ())


def _share(world: World, session: Session, _agreed: Agreed, user: str) -> object:
    session.rollback()
    return share.press(world.office.context, _asked(user, f"1 status 2026-06-15 {uuid4()}"))


def _export(world: World, session: Session, _agreed: Agreed, user: str) -> object:
    session.rollback()
    return export.command(world.office.context, _asked(user), typed.split("clocks"))


def _see_names(_world: World, session: Session, agreed: Agreed, user: str) -> object:
    rights.require(session, agreed, user, Act.SEE_NAMES)
    assert names_for(session, agreed, user) == EVERYBODY
    return None


def _give_back(world: World, session: Session, agreed: Agreed, user: str) -> object:
    return on(take.undo, at=world.office.clock.now(), by_reaction=False)(world, session, agreed, user)


def _snooze(kind: ClockKind) -> Deed:
    run = on_clock(snooze.snooze, kind, until=None, reason="")
    return Deed(f"snooze {kind}", Act.SNOOZE, run, kind.side)


def _excuse(kind: ClockKind) -> Deed:
    return Deed(f"ask to excuse {kind}", Act.EXCUSE, on_clock(excuse.ask, kind, reason=""), kind.side)


DEEDS = (
    Deed("read", Act.READ, _read),
    Deed("share figures", Act.SHARE, _share),
    Deed("export", Act.EXPORT, _export),
    Deed("see names", Act.SEE_NAMES, _see_names),
    Deed("log", Act.LOG, _log),
    Deed("plan", Act.PLAN, _plan),
    Deed("correct", Act.CORRECT, on(correct.correct, batch=Batch("fair", {Tier.B: 9}))),
    Deed("void", Act.VOID, on(void.void)),
    Deed("take", Act.TAKE, on(take.some, numbers=[1])),
    Deed("give back", Act.TAKE, _give_back),
    Deed("reject", Act.REJECT, on(reject.reject, reason="duplicate", numbers=[1])),
    Deed("touch", Act.TOUCH, on(touch.touch, numbers=[1])),
    Deed("outcome", Act.OUTCOME, on(outcome.outcome, result=Outcome.LOST, numbers=[1])),
    Deed("hand on", Act.HAND_ON, on(hand.hand_on, to=REP2, numbers=[1])),
    Deed("ask", Act.ASK, on(ask.ask, question="Which budget?")),
    Deed("answer", Act.ANSWER, on(ask.answer, question=1, text="None yet.")),
    Deed("dispute", Act.DISPUTE, on(dispute.dispute, rejection=1, because="They fit.")),
    Deed("settle", Act.SETTLE, on(dispute.settle, seq=1)),
    *(_snooze(kind) for kind in (ClockKind.DECIDE, ClockKind.ANSWER)),
    *(_excuse(kind) for kind in (ClockKind.DECIDE, ClockKind.ANSWER)),
    Deed("judge what Sales asks", Act.JUDGE, _judge, Side.MARKETING, (IN_FORCE, ENDED)),
    Deed("go away", Act.AWAY, _away),
    Deed("do Marketing's duty", Act.DUTY, _duty(Side.MARKETING), Side.MARKETING),
    Deed("do Sales' duty", Act.DUTY, _duty(Side.SALES), Side.SALES),
    Deed("set up another", Act.SETUP, _setup),
    Deed("amend", Act.AMEND, _amend),
    Deed("sign", Act.SIGN, _sign),
    Deed("decline", Act.SIGN, _decline),
)


def is_allowed(deed: Deed, role: Role, user: str, state: str) -> bool:
    """Say what the table says."""
    right = RIGHTS[deed.act]
    roles = right.roles if deed.side is None else right.roles.intersection(OF_SIDE[deed.side])
    is_asked = user not in UNMET or deed.act in UNASKED
    return role in roles and is_asked and not (right.is_over_at_end and state == ENDED)


# ---- the worlds


def _people(office: Office) -> None:
    for user in (HEAD, CHIEF, INES, BOTH, LATE):
        office.slack.add_person(user[1:].lower(), id=user)
    office.slack.add_person("visitor", id=VISITOR, is_restricted=True)
    office.slack.add_person("odd", id=ODD, team_id="T0OTHER")
    office.slack.add_person("robot", id=ROBOT, is_bot=True)
    office.slack.add_person("left", id=LEFT, is_deleted=True)
    with office.context.transaction() as session:
        for user in (ALAN, GUEST, VISITOR, ODD, ROBOT, LEFT, HEAD, CHIEF, INES, BOTH):
            session.add(Person(workspace_id=1, user_id=user))


def _named_text() -> str:
    values = replace(VALUES, marketing_manager=HEAD, sales_manager=CHIEF)
    return starter(replace(values, sales_members=(SARA, REP1, REP2, LEFT, VISITOR, LATE)))


def _grouped_text() -> str:
    text = starter(replace(VALUES, marketing_manager=INES, sales_manager=INES))
    for group, member in (("S0MARKETERS", MIKE), ("S0REPS", REP1)):
        line = next(one for one in text.splitlines() if one.strip().startswith("members:") and member in one)
        text = text.replace(line, f"    group: {group}")
    return text


def _world(office: Office, text: str, state: str) -> World:
    _people(office)
    office.slack.add_usergroup("S0MARKETERS", [MAYA, MIKE, BOTH])
    office.slack.add_usergroup("S0REPS", [SARA, REP1, REP2, BOTH])
    if state == TRIAL:
        with office.context.transaction() as session:
            setup.create(session, 1, setup.Proposal(text, CHANNEL, MIKE), office.clock.now(), "setup")
        office.meet()
    else:
        sign(office, VALUES, CHANNEL, text)
    assert "H-1" in office.type(MIKE, "/sla log 9 webinar June")
    office.settle()
    office.after(hours=5)
    office.type(REP2, "/sla take H-1 2")
    for rep in (REP1, REP2) if state != TRIAL else ():
        office.type(rep, "/sla excuse H-1 the list could not be opened")
    office.settle()
    return _prepared(office, state)


def _prepared(office: Office, state: str) -> World:
    now = office.clock.now()
    with office.context.transaction() as session:
        agreed = agreements.by_id(session, 1, 1)
        duty_ids = {side: _open_duty(session, office, side) for side in Side}
        if state == TRIAL:
            proposal = versions.proposal(session, agreed)
        else:
            text = versions.text_to_edit(session, agreed).replace("name: DACH", "name: DACH and CH")
            proposal = versions.propose_text(session, agreed, text, MIKE, now, delivery="proposal")
        handoff = handoffs.by_number(session, 1, 1)
        seq = _last_excuse(session, agreed, handoff, office)
        if state == ENDED:
            agreements.change(session, 1, 1, state=ENDED)
        session.execute(delete(Person).where(col(Person.user_id) == LATE))
        assert proposal is not None
        found = (proposal.version, proposal.sha256)
    return World(office, handoff.id or 0, duty_ids, seq, found, state)


def _open_duty(session: Session, office: Office, side: Side) -> int:
    now = office.clock.now()
    due_at = now + timedelta(days=3)
    duty = Duty(
        workspace_id=1, agreement_id=1, version=1, place=0, side=side, owner="UNOBODY", what=f"{side} duty",
        due_on=due_at.date(), due_at=due_at, opened_at=now,
    )  # fmt: skip
    session.add(duty)
    session.flush()
    return duty.id or 0


def _last_excuse(session: Session, agreed: Agreed, handoff: Handoff, office: Office) -> int:
    state = ledger.read(session, agreed, handoff, office.clock.now())
    return max(state.excuses, default=0)


@pytest.fixture(scope="module", params=STATES)
def worlds(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[World, World]]:
    """Open the same state twice: with parties by name, and by user group with one manager of both."""
    state: str = request.param
    folders: list[Path] = [tmp_path_factory.mktemp(f"{state}{n}") for n in range(2)]
    with opened(folders[0], is_signed=False) as named, opened(folders[1], is_signed=False) as grouped:
        yield _world(named, _named_text(), state), _world(grouped, _grouped_text(), state)


# ---- the table holds


@pytest.mark.parametrize("deed", DEEDS, ids=lambda deed: deed.name)
def test_what_each_role_may_do_is_what_the_table_says(worlds: tuple[World, World], deed: Deed) -> None:
    for world, cast in zip(worlds, (NAMED, GROUPED), strict=True):
        if world.state in deed.states:
            done = {name: not world.attempt(deed, user) for name, (user, _) in cast.items()}
            assert done == {
                name: is_allowed(deed, role, user, world.state) for name, (user, role) in cast.items()
            }


def test_everybody_has_the_role_they_are_cast_for(worlds: tuple[World, World]) -> None:
    for world, cast in zip(worlds, (NAMED, GROUPED), strict=True):
        with world.office.context.reading() as session:
            agreed = agreements.by_id(session, 1, 1)
            found = {name: rights.role_of(session, agreed, user) for name, (user, _) in cast.items()}
        assert found == {name: role for name, (_, role) in cast.items()}


def test_every_act_of_the_table_is_tried_by_every_role() -> None:
    assert {deed.act for deed in DEEDS} == set(Act) == set(RIGHTS)
    assert {role for _, role in [*NAMED.values(), *GROUPED.values()]} == set(Role)
