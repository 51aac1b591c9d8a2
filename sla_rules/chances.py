"""Chances of whole numbers: what is told by weights, means and variances, as a range and as a probability."""

from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import accumulate
from math import exp, lgamma, log, log1p

LIKELY = 0.8
"""The share of cases that a range holds."""
EXACT_UP_TO = 200
"""Leads whose kept share is reckoned one by one."""
EDGE = 1e-6
TINY, ENOUGH_DIGITS, ROUNDS = 1e-300, 1e-10, 1000
LESS, MORE = 0.9999, 1.0001
"""Variances over means between which both would be Poisson's, and neither can be reckoned."""

Cumulated = Callable[[float], float]
"""Gives the chance of at most so many."""


@dataclass(frozen=True, slots=True)
class Part:
    """One way in which it may go on: how much speaks for it, and what it lets expect."""

    weight: float
    mean: float
    variance: float


def of_count(parts: Sequence[Part]) -> Cumulated:
    """Take each part as a negative binomial, or where it varies less than that can, as a binomial."""
    return lambda n: sum(part.weight * _of_numbers(n, part) for part in parts)


def of_share(parts: Sequence[Part], of: int) -> Cumulated:
    """Take each part as a beta-binomial of so many, one at least; where those are many, as a beta."""
    if of > EXACT_UP_TO:
        return lambda n: sum(part.weight * _beta(n, of, part) for part in parts)
    sums = [0.0] * (of + 1)
    for part in parts:
        for n, chance in enumerate(_beta_binomial(of, part)):
            sums[n] += part.weight * chance
    cumulated = list(accumulate(sums))
    return lambda n: 0.0 if n < 0 else cumulated[min(int(n), of)]


def likely(cumulated: Cumulated) -> tuple[int, int]:
    """Give the range whose chance is nearest to the one wanted; as much is below it as above."""
    low = _nearest(cumulated, (1 - LIKELY) / 2) + 1
    return low, max(low, _nearest(cumulated, (1 + LIKELY) / 2))


def _nearest(cumulated: Cumulated, chance: float) -> int:
    """Find the number up to which the chance is nearest; -1 where that is none."""
    most = 1
    while cumulated(most) < chance:
        most *= 2
    at = bisect_left(range(most + 1), chance, key=cumulated)
    return at - 1 if chance - cumulated(at - 1) < cumulated(at) - chance else at


def _of_numbers(n: float, part: Part) -> float:
    """Give the chance of at most so many, of numbers that vary more than Poisson's, or less."""
    if n < 0:
        return 0.0
    if part.mean <= 0:
        return 1.0
    k, ratio = int(n), part.variance / part.mean
    if ratio < LESS:
        of = part.mean / (1 - ratio)
        return 1.0 if k >= of else incomplete_beta(of - k, k + 1, ratio)
    ratio = max(ratio, MORE)
    return incomplete_beta(part.mean / (ratio - 1), k + 1, 1 / ratio)


def _beta(n: float, of: int, part: Part) -> float:
    if n >= of:
        return 1.0
    share = _inside(part.mean / of)
    both = max(TINY, share * (1 - share) * of**2 / max(part.variance, TINY) - 1)
    return incomplete_beta(share * both, (1 - share) * both, (n + 0.5) / of) if n >= 0 else 0.0


def _beta_binomial(n: int, part: Part) -> list[float]:
    """List the chances of 0 to n; a variance beyond what is possible is cut to it."""
    share = _inside(part.mean / n)
    alone = n * share * (1 - share)
    # How alike they are: 0 where each goes its own way, 1 where all go the same way.
    alike = _inside((part.variance / alone - 1) / (n - 1)) if n > 1 else 0.5
    a, b = share * (1 / alike - 1), (1 - share) * (1 / alike - 1)
    logs = [log_beta(a + k, b + n - k) - log_beta(k + 1, n - k + 1) for k in range(n + 1)]
    most = max(logs)
    chances = [exp(one - most) for one in logs]
    whole = sum(chances)
    return [one / whole for one in chances]


def _inside(share: float) -> float:
    return min(max(share, EDGE), 1 - EDGE)


def log_beta(a: float, b: float) -> float:
    return lgamma(a) + lgamma(b) - lgamma(a + b)


def incomplete_beta(a: float, b: float, x: float) -> float:
    """Give the regularised incomplete beta function of x between 0 and 1."""
    if x <= 0 or x >= 1:
        return float(x >= 1)
    front = exp(a * log(x) + b * log1p(-x) - log_beta(a, b))
    # The fraction converges fast on one side of the mean; the other side is its mirror.
    if x < (a + 1) / (a + b + 2):
        return min(1.0, front / a * _fraction(a, b, x))
    return max(0.0, 1 - front / b * _fraction(b, a, 1 - x))


def _fraction(a: float, b: float, x: float) -> float:
    """Work out the continued fraction of the incomplete beta function, after Lentz."""
    below = 1 / ((1 - (a + b) * x / (a + 1)) or TINY)
    above, found = 1.0, below
    for m in range(1, ROUNDS):
        even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        for term in (even, odd):
            below = 1 / ((1 + term * below) or TINY)
            above = (1 + term / above) or TINY
            found *= above * below
        if abs(above * below - 1) < ENOUGH_DIGITS:
            break
    return found
