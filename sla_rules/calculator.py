"""From a revenue target to leads a month, held against what Sales can work."""

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from math import ceil

Number = int | float | str | Decimal
MOST_MONEY = 10**12
LEAST = Decimal("0.000001")
MOST_LEADS = 10**6
"""A month; a target that needs more has a slip of the pen in it."""


class CalculationError(ValueError):
    """A figure that cannot be reckoned with: `code` says why, `name` which one."""

    def __init__(self, code: str, name: str, value: object) -> None:
        super().__init__(f"{code}: {name} {value}")
        self.code = code
        self.name = name
        self.value = value


@dataclass(frozen=True, slots=True)
class Calculation:
    """What a month needs and what it can hold."""

    deals: int
    leads: int
    """To be delivered."""
    qualified: int
    """Of these, what is left after quality rejections: the figure of the goal."""
    capacity: int | None
    """Leads that all reps together work in the month; None is no cap."""

    @property
    def fits(self) -> bool:
        return self.capacity is None or self.leads <= self.capacity


def leads_needed(
    *,
    revenue: Number,
    deal_size: Number,
    acceptance: Number,
    won_per_100: Number | None = None,
    win_rate: Number | None = None,
    sql_rate: Number | None = None,
    reps: int,
    capacity: int | None,
    working_days: int,
) -> Calculation:
    """Turn a month's revenue into leads: by deals won per 100 delivered, or by the share of SQLs won.

    Rates are shares of 1. `sql_rate` is SQLs of leads delivered; without it every accepted lead is an SQL.
    `capacity` is leads a rep a day. Raises CalculationError for what is missing, not above zero or absurd.
    """
    accepted = _share("acceptance", acceptance)
    if won_per_100 is not None:
        won = _above_zero("won_per_100", won_per_100, most=100) / 100
    elif win_rate is not None:
        won = _share("win_rate", win_rate) * (accepted if sql_rate is None else _share("sql_rate", sql_rate))
    else:
        raise CalculationError("rate_missing", "won_per_100", None)
    deals = _above_zero("revenue", revenue, MOST_MONEY) / _above_zero("deal_size", deal_size, MOST_MONEY)
    leads = _above_zero("leads", ceil(deals / won), MOST_LEADS)
    held = _capacity(reps, capacity, working_days)
    return Calculation(ceil(deals), int(leads), ceil(leads * accepted), held)


def _capacity(reps: int, a_day: int | None, working_days: int) -> int | None:
    people = _above_zero("reps", reps, most=10_000)
    days = _above_zero("working_days", working_days, most=31)
    return None if a_day is None else int(people * days * _above_zero("capacity", a_day, most=10_000))


def _share(name: str, value: Number) -> Fraction:
    return _above_zero(name, value, most=1)


def _above_zero(name: str, value: Number, most: int) -> Fraction:
    """Read a number exactly as it is written: 0.1 is a tenth."""
    try:
        number = Decimal(str(value))
    except InvalidOperation as error:
        raise CalculationError("not_a_number", name, value) from error
    if not number.is_finite():
        raise CalculationError("not_a_number", name, value)
    if number <= 0:
        raise CalculationError("not_above_zero", name, value)
    # Also at the small end: a fraction of 1e-999999999 would fill the memory.
    if not LEAST <= number <= most:
        raise CalculationError("out_of_range", name, value)
    return Fraction(number)
