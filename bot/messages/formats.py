"""How values read: text made harmless, numbers and days by locale."""

import re
from datetime import date
from functools import lru_cache

from babel.dates import format_date
from babel.numbers import format_decimal, format_percent

FULL, EMPTY = "█", "░"
BAR_CELLS = 10

WHITE = re.compile(r"\s+")
HIDDEN = re.compile(
    "[\u0000-\u001f\u007f-\u009f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b-\u200f"
    "\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\ud800-\udfff\U000e0000-\U000e0fff]"
)
EMAIL = re.compile(r"(?<![^\s<>@|,;])[^\s<>@|,;]+@[^\s<>@|,;]+\.[^\s<>@|,;]+")
WEB_LINK = re.compile(r"https?://[^\s<>|\"]+", re.IGNORECASE)
SLACK_ID = re.compile(r"[UW][A-Z0-9]+")


def clean(text: str) -> str:
    """Put a value on one line and take out what cannot be seen: controls, bidi marks, zero widths."""
    if text.isascii() and text.isprintable():
        return text
    return WHITE.sub(" ", HIDDEN.sub("", WHITE.sub(" ", text)))


def escape(text: str) -> str:
    """Take from text its meaning for Slack: mentions, links and dates come out as typed."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def cut(text: object, limit: int) -> str:
    """Shorten a value to at most `limit` characters, the last of them "…"."""
    whole = clean(str(text)).strip()
    return whole if len(whole) <= limit else whole[: limit - 1].rstrip() + "…"


def cut_beside(text: object, limit: int, other: object) -> str:
    """Shorten a value to the part in which it differs from another, with a few words before."""
    whole, beside = (clean(str(one or "")).strip() for one in (text, other))
    pairs = enumerate(zip(whole, beside, strict=False))
    same = next((n for n, (one, two) in pairs if one != two), min(len(whole), len(beside)))
    if len(whole) <= limit or same <= limit // 2:
        return cut(whole, limit)
    return cut("…" + whole[whole.rfind(" ", 0, same - limit // 4) + 1 :], limit)


def masked(text: object) -> str:
    """Hide e-mail addresses, for places that others read too."""
    return EMAIL.sub("…@…", clean(str(text)))


@lru_cache(maxsize=4096)
def number(value: float, locale: str) -> str:
    """Write a number with at most one decimal."""
    return format_decimal(round(value, 1), format="#,##0.#", locale=locale)


@lru_cache(maxsize=4096)
def percent(share: float, locale: str, beside: float | None = None) -> str:
    """Write a share in whole percents, finer where rounding would hide that it differs from `beside`."""
    hides = beside is not None and share != beside and round(share, 2) == round(beside, 2)
    return format_percent(share, format="#,##0.##%" if hides else "#,##0%", locale=locale)


@lru_cache(maxsize=1024)
def day(on: date, pattern: str, locale: str) -> str:
    """Write a day by the locale's own pattern."""
    return format_date(on, format=pattern, locale=locale)


def bar(share: float | None) -> str:
    """Draw a share of the whole as ten cells; only the whole fills the last one."""
    part = share or 0
    cells = BAR_CELLS if part >= 1 else min(BAR_CELLS - 1, max(0, round(part * BAR_CELLS)))
    return FULL * cells + EMPTY * (BAR_CELLS - cells)
