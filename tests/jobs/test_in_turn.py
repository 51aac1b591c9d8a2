"""What is due is done workspace by workspace; what fails for one holds up no other."""

import pytest
from sqlmodel import Session, select

from bot.database import transaction
from bot.jobs import in_turn
from bot.models import Workspace
from tests.jobs.world import MONDAY, World
from tests.twin import ours


def test_a_failure_holds_up_no_other_and_is_told_at_the_end(world: World) -> None:
    with transaction(world.engine) as session:
        session.add_all(Workspace(id=n, team_id=f"T{n}", created_at=MONDAY) for n in (2, 3))

    def rename(session: Session, workspace_id: int) -> int:
        session.get_one(Workspace, workspace_id).name = "done"
        if workspace_id == 2:
            raise ValueError("a broken row")
        return 1

    with pytest.raises(ExceptionGroup, match="1 failed") as told:
        in_turn.run(world.context, [(1,), (2,), (3,)], rename)
    assert told.group_contains(ValueError, match="a broken row")
    with transaction(world.engine) as session:
        names = {row.id: row.name for row in session.exec(select(Workspace).where(ours(Workspace)))}
    assert names == {1: "done", 2: "", 3: "done"}
