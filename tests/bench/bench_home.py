"""Home with a thousand times the leads: from the notice to the view that is published, each time anew."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from bot.database import engine_for, reading, transaction
from bot.demo import cast
from bot.jobs.rendering import render
from bot.models import Notice
from bot.services import agreements
from tests.bench import measure, stores

FEW, MANY = 1_000, 1_000_000
ROUNDS = 200


def rows() -> list[measure.Row]:
    """Measure the time to draw the Homes of a lead and of a rep, in ms: as known, and after a change."""
    with TemporaryDirectory() as folder:
        paths = [stores.with_history(Path(folder) / f"{leads}.db", leads) for leads in (FEW, MANY)]
        as_known = measure.alternated(ROUNDS, [_drawing(path, is_anew=False) for path in paths])
        anew = measure.alternated(ROUNDS, [_drawing(path, is_anew=True) for path in paths])
    return [
        measure.at_most(1.2, "Home with 1,000,000 leads over 1,000, ms", as_known[1], as_known[0]),
        # Above a thousand values a median comes from buckets, of which a month has at most so many.
        measure.at_most(2, "the same, first after a change, 1,000,000 over 1,000, ms", anew[1], anew[0]),
    ]


def _drawing(path: Path, *, is_anew: bool) -> Callable[[], None]:
    engine = engine_for(f"sqlite:///{path}")

    def draw() -> None:
        if is_anew:
            with transaction(engine) as session:
                agreements.change(session, 1, 1, look_at=stores.NOW)
        with reading(engine) as session:
            for user in (cast.SAM.id, cast.RITA.id):
                view = render(session, _notice(user, stores.NOW), stores.NOW)
                assert "Sales" in str(view)

    return draw


def _notice(user: str, at: datetime) -> Notice:
    return Notice(
        workspace_id=1,
        key=f"home:{user}",
        kind="home",
        place=user,
        about={},
        uuid="bench",
        not_before=at,
        created_at=at,
    )


if __name__ == "__main__":
    measure.tell(rows())
