"""What is said: messages and files as Slack takes them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Message:
    """A message as Slack takes it: the line that notifications and screen readers get, and its blocks."""

    text: str
    blocks: Sequence[Mapping[str, object]] = ()
    plain: str = ""
    """What stands in its place where Slack refuses the blocks; where this is empty, the text alone."""


@dataclass(frozen=True, slots=True)
class Files:
    """Files by their names, under one comment; unlike a message, Slack keeps no key to find them by."""

    comment: str
    contents: Mapping[str, bytes]
