"""A process that dies at the n-th point of its way: before and after each commit and each call of Slack."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Engine

from bot.gateway import Gateway


class Crash(BaseException):
    """Nothing catches it, as nothing catches a kill."""


class Points:
    """Counts the points that were passed, and dies at one of them."""

    def __init__(self, engine: Engine, gateway: Gateway) -> None:
        self.engine, self.gateway = engine, gateway
        self.passed: list[str] = []
        self.fatal = 0

    def pass_by(self, where: str) -> None:
        self.passed.append(where)
        if len(self.passed) == self.fatal:
            raise Crash(where)

    @contextmanager
    def watched(self, fatal: int = 0) -> Iterator[None]:
        """Count from none, and die at the point with this number, if there is one."""
        self.passed.clear()
        self.fatal = fatal
        dialect, commit, call = self.engine.dialect, self.engine.dialect.do_commit, self.gateway._call
        dialect.do_commit = self._around(lambda *_: "commit", commit)  # type: ignore[method-assign]
        self.gateway._call = self._around(lambda method, *_: method, call)  # type: ignore[method-assign]
        try:
            yield
        finally:
            dialect.do_commit = commit  # type: ignore[method-assign]
            self.gateway._call = call  # type: ignore[method-assign]

    def _around(self, name: Callable[..., str], act: Callable[..., Any]) -> Callable[..., Any]:
        def acted(*given: Any, **named: Any) -> Any:
            self.pass_by(f"before {name(*given)}")
            done = act(*given, **named)
            self.pass_by(f"after {name(*given)}")
            return done

        return acted
