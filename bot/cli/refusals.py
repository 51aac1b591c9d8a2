"""What a command answers instead of doing what it cannot."""

from collections.abc import Iterable
from difflib import get_close_matches

FAULTS, WRONG_USE = 1, 2
"""Exit codes."""


class Refusal(Exception):  # noqa: N818  (a refusal is no error of ours)
    """One sentence for the person at the terminal, and the exit code."""

    def __init__(self, words: str, code: int = FAULTS) -> None:
        super().__init__(words)
        self.code = code


def meant(written: str, choices: Iterable[str]) -> str:
    """Ask whether the nearest of the choices was meant; nothing where none is near."""
    near = get_close_matches(written, list(choices), n=1, cutoff=0.5)
    return f" Did you mean {near[0]!r}?" if near else ""


def listed(names: Iterable[str]) -> str:
    return ", ".join(names) or "none"
