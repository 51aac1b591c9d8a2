"""What a tour of the page is: stations that tick themselves off by what happened in the workspace."""

from typing import Protocol

from bot.sandbox.refusals import Json


class Tour(Protocol):
    """Given by whoever runs the sandbox; both are called beside the loop."""

    def stations(self) -> list[Json]:
        """List {id, title, text, is_done, show}.

        `show` is where to look now: {as, c, ts, thread, say, move}, each where it applies.
        """

    def do(self, station: str) -> None:
        """Do what a station asks for, as its people would. Raises LookupError for an unknown one."""
