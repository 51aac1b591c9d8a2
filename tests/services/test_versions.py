"""The versions of one agreement, whatever its people do in whatever order."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlmodel import Session

from bot.database import transaction
from bot.errors import UserError
from bot.models import AgreementVersion, Event, Handoff
from bot.services import agreements, effect, life, people, setup, versions, workspaces
from bot.services.agreements import Agreed
from bot.store import migrate
from sla_rules.faults import AgreementFaults
from sla_rules.starter import StarterValues, starter
from tests import stores

MONDAY = datetime(2026, 6, 15, 8, 0, tzinfo=UTC)
JULY = datetime(2026, 6, 30, 22, 0, tzinfo=UTC)
"""Midnight in Berlin."""
MAYA, MIKE, SARA, REP, ALAN = "UMAYA", "UMIKE", "USARA", "UREP", "UALAN"
VALUES = StarterValues(
    name="DACH",
    marketing_lead=MAYA,
    marketing_manager=MAYA,
    marketing_members=(MAYA, MIKE),
    sales_lead=SARA,
    sales_manager=SARA,
    sales_members=(SARA, REP),
    sales_rota=(REP,),
    zone="Europe/Berlin",
    review_on=date(2026, 9, 15),
)


def text_of(target: int, name: str = "DACH") -> str:
    return starter(replace(VALUES, leads_a_month=target, name=name))


@contextmanager
def store() -> Iterator[Session]:
    """Open a store in which version 1, a target of 120, waits for signatures."""
    with TemporaryDirectory() as folder:
        engine = stores.engine(Path(folder) / "baton.db")
        migrate(engine)
        with transaction(engine) as session:
            workspaces.remember(session, "T1", "Here", "U0BATON", MONDAY)
            for user in (MAYA, MIKE, SARA, REP, ALAN):
                people.remember(session, 1, "T1", {"id": user, "name": user}, MONDAY)
            setup.create(session, 1, setup.Proposal(text_of(120), "C1", MAYA), MONDAY, "setup")
            yield session
        engine.dispose()


@pytest.fixture
def trial() -> Iterator[Session]:
    with store() as session:
        yield session


@pytest.fixture
def signed(trial: Session) -> Session:
    both_sign(trial, 1)
    return trial


def agreed_in(session: Session) -> Agreed:
    return agreements.by_id(session, 1, 1)


def both_sign(session: Session, version: int, now: datetime = MONDAY) -> None:
    text_hash = versions.named(session, agreed_in(session), version).sha256
    for lead in (MAYA, SARA):
        versions.sign(session, agreed_in(session), version, text_hash, lead, now)


def draft(session: Session, target: int, user: str = MAYA) -> AgreementVersion:
    return versions.save_draft(session, agreed_in(session), text_of(target), user, MONDAY)


def propose(session: Session, target: int, key: str, begins_on: date | None = None) -> AgreementVersion:
    return versions.propose_text(
        session, agreed_in(session), text_of(target), MAYA, MONDAY, delivery=key, begins_on=begins_on
    )


def refused(code: str) -> "pytest.RaisesExc[UserError]":
    return pytest.raises(UserError, match=f"^{code}$")


# ---- drafts


def test_a_draft_is_shared_and_the_last_writer_replaces_it(signed: Session) -> None:
    draft(signed, 100, MAYA)
    written = draft(signed, 90, REP)

    assert (written.version, written.state, written.proposed_by) == (2, "draft", REP)
    assert versions.text_to_edit(signed, agreed_in(signed)) == text_of(90)
    assert versions.proposal(signed, agreed_in(signed)) is None
    assert agreed_in(signed).document.goals[0].target == 120


def test_editing_goes_on_from_the_draft_then_the_proposal_then_what_speaks(signed: Session) -> None:
    assert versions.text_to_edit(signed, agreed_in(signed)) == text_of(120)
    propose(signed, 100, "k1")
    assert versions.text_to_edit(signed, agreed_in(signed)) == text_of(100)
    draft(signed, 90)
    assert versions.text_to_edit(signed, agreed_in(signed)) == text_of(90)


def test_a_draft_with_faults_or_without_a_change_is_refused_and_keeps_nothing(signed: Session) -> None:
    with pytest.raises(AgreementFaults):
        versions.save_draft(signed, agreed_in(signed), "name: x", MAYA, MONDAY)
    with refused("nothing_changed"):
        draft(signed, 120)
    with refused("not_a_party"):
        draft(signed, 100, ALAN)

    assert versions.open_draft(signed, agreed_in(signed)) is None


# ---- on trial


def test_on_trial_the_newest_proposal_speaks(trial: Session) -> None:
    trial_text = versions.propose_text(
        trial, agreed_in(trial), text_of(80, "DACH 2"), REP, MONDAY, delivery="k1"
    )

    agreed = agreed_in(trial)
    assert (agreed.row.version, agreed.row.name, agreed.is_trial) == (trial_text.version, "DACH 2", True)
    assert agreed.document.goals[0].target == 80
    assert versions.named(trial, agreed, 1).state == "withdrawn"


def test_a_first_version_may_begin_later_too(trial: Session) -> None:
    versions.propose_text(
        trial, agreed_in(trial), text_of(80), MAYA, MONDAY, delivery="k1", begins_on=date(2026, 7, 1)
    )
    both_sign(trial, 2)
    assert agreed_in(trial).is_trial

    assert versions.begin(trial, agreed_in(trial), MONDAY) == JULY
    assert versions.begin(trial, agreed_in(trial), JULY) is None
    assert agreed_in(trial).row.state == "in_force"


# ---- in force


def test_what_comes_into_force_takes_over_name_posts_and_days_off(signed: Session) -> None:
    text = text_of(100, "DACH 2").replace("daily: 16:30", "daily: 15:00")
    versions.propose_text(signed, agreed_in(signed), text, MAYA, MONDAY, delivery="k1")
    both_sign(signed, 2)

    agreed = agreed_in(signed)
    assert (agreed.row.name, agreed.row.version, agreed.row.state) == ("DACH 2", 2, "in_force")
    assert agreed.row.next_daily_at == datetime(2026, 6, 16, 13, 0, tzinfo=UTC)
    assert [terms.version for _, terms in agreed.history] == [1, 2]
    assert [one.state for one in versions.history(signed, agreed)] == ["in_force", "superseded"]


def test_a_version_holds_from_its_day_though_it_is_noticed_later(signed: Session) -> None:
    propose(signed, 100, "k1", date(2026, 7, 1))
    both_sign(signed, 2)
    life.live(signed, 1, 1, JULY + timedelta(hours=9))

    assert versions.named(signed, agreed_in(signed), 2).in_force_at == JULY


def test_unless_something_was_recorded_meanwhile_under_the_former_one(signed: Session) -> None:
    propose(signed, 100, "k1", date(2026, 7, 1))
    both_sign(signed, 2)
    at = JULY + timedelta(hours=8)
    batch = Handoff(
        workspace_id=1, agreement_id=1, number=1, source="fair", author=MAYA, count=1, day=at.date()
    )
    batch.handed_over_at = batch.folded_until = at
    signed.add(batch)
    signed.flush()
    act = Event(workspace_id=1, agreement_id=1, handoff_id=batch.id, seq=1, kind="posted")
    act.happened_at = act.recorded_at = at
    signed.add(act)
    later = JULY + timedelta(hours=9)
    life.live(signed, 1, 1, later)

    assert versions.named(signed, agreed_in(signed), 2).in_force_at == later


def test_life_looks_again_when_a_version_begins(signed: Session) -> None:
    propose(signed, 100, "k1", date(2026, 7, 1))
    both_sign(signed, 2)
    life.live(signed, 1, 1, MONDAY)

    assert versions.begin(signed, agreed_in(signed), MONDAY) == JULY
    assert life.due(signed, JULY) == [(1, 1)]


def test_today_is_at_once_and_the_past_is_refused(signed: Session) -> None:
    assert propose(signed, 100, "k1", MONDAY.date()).begins_at is None
    for day in (date(2026, 6, 14), date(2027, 7, 1)):
        with refused("begins_unclear"):
            propose(signed, 90, f"k{day}", day)


def test_signatures_after_its_day_put_it_into_force_at_once(signed: Session) -> None:
    propose(signed, 100, "k1", date(2026, 7, 1))
    late = JULY + timedelta(days=3)
    both_sign(signed, 2, late)

    found = versions.named(signed, agreed_in(signed), 2)
    assert (found.state, found.in_force_at) == ("in_force", late)


def test_a_proposal_delivered_twice_is_one(signed: Session) -> None:
    first, second = (propose(signed, 100, "k1") for _ in range(2))
    third, fourth = (
        versions.propose_end(signed, agreed_in(signed), MAYA, MONDAY, delivery="k2") for _ in range(2)
    )

    assert (first.version, second.version, third.version, fourth.version) == (2, 2, 3, 3)


# ---- whatever they do

ACTS = st.tuples(
    st.sampled_from(("draft", "propose", "propose later", "end", "sign", "decline", "withdraw", "live")),
    st.sampled_from((MAYA, MIKE, SARA, REP, ALAN)),
    st.integers(100, 104),
)


@settings(max_examples=25, deadline=None)
@given(st.lists(ACTS, min_size=5, max_size=25))
def test_there_is_always_one_text_that_speaks_and_what_was_proposed_never_changes(
    acts: list[tuple[str, str, int]],
) -> None:
    with store() as session:
        texts: dict[int, str] = {}
        for hour, (act, user, n) in enumerate(acts):
            done(session, act, user, n, MONDAY + timedelta(hours=hour * 5))
            check(session, texts)


def done(session: Session, act: str, user: str, n: int, now: datetime) -> None:
    agreed = agreed_in(session)
    waiting = versions.proposal(session, agreed)
    number, text_hash = (waiting.version, waiting.sha256) if waiting else (1, "")
    tomorrow = agreed.today(now) + timedelta(days=1)
    nested = session.begin_nested()
    try:
        match act:
            case "draft":
                versions.save_draft(session, agreed, text_of(n), user, now)
            case "propose":
                versions.propose(session, agreed, user, now, delivery=f"{now}")
            case "propose later":
                versions.propose(session, agreed, user, now, delivery=f"{now}", begins_on=tomorrow)
            case "end":
                versions.propose_end(session, agreed, user, now, delivery=f"{now}")
            case "sign":
                versions.sign(session, agreed, number, text_hash, user, now)
            case "decline":
                versions.decline(session, agreed, number, text_hash, user, "no", now)
            case "withdraw":
                versions.withdraw(session, agreed, user, now)
            case _:
                life.live(session, 1, 1, now)
        nested.commit()
    except UserError:
        nested.rollback()


def check(session: Session, texts: dict[int, str]) -> None:
    agreed = agreed_in(session)
    found = agreements.versions(session, 1, 1)
    states = [one.state for one in found]
    assert states.count("in_force") == (agreed.row.state == "in_force")
    assert states.count("draft") <= 1
    assert sum(state in versions.OPEN for state in states) <= 1
    spoken = versions.named(session, agreed, agreed.row.version)
    expected = {"trial": ("proposed", "signed", "declined", "withdrawn"), "in_force": ("in_force",)}
    assert spoken.state in expected.get(agreed.row.state, ("ended",))
    assert [one.version for one in found] == list(range(1, len(found) + 1))
    for one in found:
        if one.state != "draft":
            assert texts.setdefault(one.version, one.text) == one.text
        if one.state in ("in_force", "superseded", effect.SIGNED):
            assert {row.user_id for row in versions.signatures(session, one).values()} == {MAYA, SARA}
