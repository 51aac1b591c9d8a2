"""Dates as people type them in their own language, put into the words that commands read."""

import re
import unicodedata
from collections.abc import Mapping
from functools import cache

import yaml

from bot.messages.words import FOLDER


def in_english(text: str) -> str:
    """Give a text in small letters without accents, its days, months and periods in English."""
    said = _typed().sub(lambda found: _table()[found[0]], _bare(text))
    return " ".join(said.split())


@cache
def _table() -> Mapping[str, str]:
    """Read what is typed in each language; no two of them mean different things by a word."""
    files = [yaml.safe_load(path.read_text(encoding="utf-8")) for path in FOLDER.glob("*/typed.yml")]
    return {_bare(typed): read for file in files for typed, read in file.items()}


@cache
def _typed() -> re.Pattern[str]:
    longest_first = sorted(_table(), key=len, reverse=True)
    return re.compile(rf"(?<![a-z])(?:{'|'.join(longest_first)})(?![a-z])")


def _bare(text: str) -> str:
    letters = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in letters if not unicodedata.combining(letter))
