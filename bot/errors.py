"""The one kind of failure that is shown to the person who caused it."""

from typing import Any


class UserError(Exception):
    """A refusal in plain words: a code whose sentence stands in templates/<locale>/refusals.yml."""

    def __init__(self, code: str, /, field: str | None = None, **values: Any) -> None:
        super().__init__(code)
        self.code = code
        self.values = values
        self.field = field
        """The block of a modal that it is about, where it is about one."""


class UserErrors(Exception):  # noqa: N818  (several faults told at once, like UserError)
    """All faults of one input at once."""

    def __init__(self, faults: list[UserError]) -> None:
        super().__init__(", ".join(fault.code for fault in faults))
        self.faults = faults
