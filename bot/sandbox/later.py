"""Does things when the workspace's clock reaches them: retries, late events, late accepts."""

import asyncio
from collections.abc import Awaitable, Callable

LOOK_EVERY_SECONDS = 0.02


class Later:
    """Holds what is due by the workspace's clock, which may jump; looked at by the machine's."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._due: list[tuple[float, Callable[[], Awaitable[object]]]] = []
        self._tasks: set[asyncio.Future[object]] = set()
        self._woken = asyncio.Event()

    def add(self, seconds: float, act: Callable[[], Awaitable[object]]) -> None:
        """Do `act` so many seconds from now; call on the sandbox's loop."""
        self._due.append((self._now() + seconds, act))
        self._woken.set()

    def soon(self, doing: Awaitable[object]) -> None:
        """Do it now, beside what runs, and keep hold of it until it is done."""
        task = asyncio.ensure_future(doing)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def run(self) -> None:
        while True:
            await self._woken.wait()
            now = self._now()
            ready = sorted((one for one in self._due if one[0] <= now), key=lambda one: one[0])
            self._due = [one for one in self._due if one[0] > now]
            for _, act in ready:
                self.soon(act())
            if not self._due:
                self._woken.clear()
            await asyncio.sleep(LOOK_EVERY_SECONDS)
