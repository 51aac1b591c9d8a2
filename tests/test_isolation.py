"""Every statement names its workspace, or is one of the few that look for what is due in all of them."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import bindparam, select

import bot
from bot.services import own
from tests import isolation
from tests.isolation import Seen, is_bound
from tests.slack.neighbours import Neighbours, neighbours
from tests.slack.office import MAYA
from tests.slack.test_many import a_day

BOT = Path(bot.__file__).parent
A_CONDITION = re.compile(rf"\w+\.workspace_id = {isolation.VALUE}(?:\w+\)s(?:::\w+)?)?")


@pytest.fixture
def both(tmp_path: Path) -> Iterator[Neighbours]:
    with neighbours(tmp_path) as both:
        yield both


def lived(both: Neighbours) -> Seen:
    """Watch a day in each workspace, every job, an end and a deletion."""
    with isolation.watched(both.baton.context.engine) as seen:
        for office in (both.first, both.second):
            a_day(office, "June")
        for job in both.baton.jobs.values():
            job()
        both.first.slack.uninstall()
        both.clock.sleep(40 * 86_400)
        assert both.forget() == 1
    return seen


def test_every_statement_names_its_workspace(both: Neighbours) -> None:
    seen = lived(both)
    assert seen.asked_by == {}
    assert len(seen.bound) > 100


def test_a_condition_taken_out_of_any_statement_is_noticed(both: Neighbours) -> None:
    missed = []
    for statement in lived(both).bound:
        for found in A_CONDITION.finditer(statement):
            without = f"{statement[: found.start()]}1 = 1{statement[found.end() :]}"
            if is_bound(without):
                missed.append(without)
    assert missed == []


@pytest.mark.parametrize("excused", isolation.EVERYWHERE)
def test_what_may_ask_everywhere_is_there(excused: str) -> None:
    file, _, function = excused.partition(".")
    sources = [path.read_text("utf-8") for path in BOT.rglob(f"{file}.py")]
    assert [f"def {function}(" in source for source in sources].count(True) == 1


def test_a_query_that_forgets_the_workspace_is_noticed(both: Neighbours, monkeypatch: Any) -> None:
    def forgetful(model: Any) -> Any:
        return select(model).where(model.id == bindparam("id"))

    monkeypatch.setattr(own, "_own", forgetful)
    with isolation.watched(both.baton.context.engine) as seen:
        both.first.type(MAYA, "/sla log 4 webinar June")
        both.first.settle()
    assert set(seen.asked_by) & {"own.find", "own.one"}


@pytest.mark.parametrize(
    ("statement", "says"),
    [
        ("SELECT lead.n FROM lead WHERE lead.workspace_id = ? AND lead.n = ?", True),
        ("SELECT lead.n FROM lead WHERE lead.n = ?", False),
        ("SELECT lead.n FROM lead WHERE lead.workspace_id = lead.workspace_id", False),
        ("SELECT lead.n FROM lead WHERE lead.workspace_id IN (SELECT workspace.id FROM workspace)", False),
        ("SELECT 1 FROM lead JOIN note ON note.n = lead.n WHERE lead.workspace_id = ?", False),
        (
            "SELECT 1 FROM clock JOIN handoff ON handoff.id = clock.handoff_id WHERE clock.workspace_id = ?",
            True,
        ),
        ("SELECT 1 FROM clock JOIN handoff ON handoff.id = clock.handoff_id WHERE clock.id = ?", False),
        ("UPDATE clock SET rung=? WHERE clock.id = ?", False),
        (
            "UPDATE clock SET rung=? WHERE clock.workspace_id = %(b_workspace)s::INTEGER AND clock.id = ?",
            True,
        ),
        ("DELETE FROM note WHERE note.workspace_id = ?", True),
        ("DELETE FROM note", False),
        ("SELECT workspace.id FROM workspace WHERE workspace.look_at <= ?", True),
        (
            "SELECT 1 FROM plan JOIN workspace ON workspace.id = plan.workspace_id AND workspace.team_id = ?",
            True,
        ),
        ("SELECT 1 FROM plan JOIN workspace ON workspace.id = plan.workspace_id", False),
    ],
)
def test_what_binds_a_statement(statement: str, *, says: bool) -> None:
    assert is_bound(statement) is says
