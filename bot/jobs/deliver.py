"""Send what is owed: workspaces in turn, a few at the same time, so that none waits for another."""

from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextvars import copy_context
from datetime import datetime, timedelta
from functools import partial

from sqlmodel import Session

from bot.context import Context
from bot.database import is_sqlite
from bot.jobs.outcomes import OnPosted
from bot.jobs.sending import Render, Sending
from bot.services import gates, outbox

SENDERS = 6
"""Workspaces that are served at the same time, each by one thread: where Slack hangs, one thread hangs."""
TURN = 4
"""Notices after which a workspace stands back for others that wait."""
LOOK = timedelta(seconds=1)
"""How often it is looked who has become due, while others are being served."""
WAKE_SECONDS = 0.05

Step = Callable[[], bool]
"""Deliver or sweep one notice; false where there was nothing to be done."""


def start(context: Context) -> None:
    """Take back what a former process held when it died; what may be another's, when its lease runs out."""
    with context.transaction() as session:
        outbox.recover(session, context.now(), everything=is_sqlite(context.engine))


def run(
    context: Context, render: Render, on_posted: OnPosted, goes_on: Callable[[], bool] = lambda: True
) -> int:
    """Deliver all that is due now, and say how many notices were worked on; each time `goes_on` is asked."""
    with ThreadPoolExecutor(SENDERS, "deliver") as pool:
        return Round(Sending(context, render, on_posted), pool, goes_on).run()


def next_due(session: Session) -> datetime | None:
    """Say when delivery has something to do next, for a clock that steps there; None if nothing is owed."""
    return outbox.next_due(session)


class Round:
    """One run of the delivery; of a file there is never more than one, in all processes."""

    def __init__(self, sending: Sending, pool: ThreadPoolExecutor, goes_on: Callable[[], bool]) -> None:
        self.context = sending.context
        self.sending = sending
        self.pool = pool
        self.goes_on = goes_on
        self.in_hand: dict[int, Future[int]] = {}
        """Whose turn it is, or will be in this order."""
        self.resting: set[int] = set()
        """Who could not be served: another process has it in hand."""
        self.look_at = self.context.now()

    def run(self) -> int:
        """Serve until nobody has anything due."""
        done, is_any_over = 0, True
        while True:
            if self.goes_on():
                self._hand_out(is_any_over=is_any_over)
            if not self.in_hand:
                return done
            wait(self.in_hand.values(), WAKE_SECONDS, FIRST_COMPLETED)
            over = [workspace_id for workspace_id, turn in self.in_hand.items() if turn.done()]
            worked = {workspace_id: self.in_hand.pop(workspace_id).result() for workspace_id in over}
            self.resting |= {workspace_id for workspace_id, count in worked.items() if not count}
            done, is_any_over = done + sum(worked.values()), bool(over)

    def _hand_out(self, *, is_any_over: bool) -> None:
        """Give a turn to each workspace with something due; those that have one already go on with it."""
        now = self.context.now()
        if now >= self.look_at:
            self.look_at = now + LOOK
            self.resting.clear()
            _take_up(self.context)
        elif not is_any_over or self._is_crowded():
            return
        for workspace_id, steps in self._due(now).items():
            if workspace_id not in self.in_hand and workspace_id not in self.resting:
                turn = partial(copy_context().run, self._serve, steps)
                self.in_hand[workspace_id] = self.pool.submit(turn)

    def _due(self, now: datetime) -> dict[int, list[Step]]:
        with self.context.reading() as session:
            due, copies = outbox.due(session, now), outbox.to_sweep(session, now)
        steps: dict[int, list[Step]] = {}
        for notice in copies:
            steps.setdefault(notice.workspace_id, []).append(partial(self.sending.sweep, notice))
        for workspace_id, ids in due.items():
            steps.setdefault(workspace_id, []).extend(partial(self.sending.deliver, one) for one in ids)
        return steps

    def _serve(self, steps: list[Step]) -> int:
        done = 0
        for number, step in enumerate(steps):
            if not self.goes_on() or (number >= TURN and self._is_crowded()):
                break
            done += step()
        return done

    def _is_crowded(self) -> bool:
        return len(self.in_hand) > SENDERS


def _take_up(context: Context) -> None:
    """Take back leases that ran out, and try again what was blocked an hour ago."""
    with context.transaction() as session:
        outbox.recover(session, context.now())
    with context.reading() as session:
        blocked = gates.to_probe(session, context.now())
    for workspace_id, name in blocked:
        with context.at(workspace_id).transaction() as session:
            gates.unblock(session, workspace_id, name, context.now())
