"""A list of leads as CSV, read strictly: all its faults at once, by line."""

import csv
import re
from collections.abc import Iterator

from bot.errors import UserError, UserErrors
from bot.services.log import MOST_LEADS, LeadInput
from bot.slack.typed import tidy
from sla_rules.kinds import Tier

COLUMNS = {
    "tier": "tier",
    "name": "name",
    "fullname": "name",
    "contact": "name",
    "company": "company",
    "account": "company",
    "email": "email",
    "emailaddress": "email",
    "mail": "email",
    "link": "link",
    "url": "link",
    "score": "score",
}
LONGEST = {"name": 200, "company": 200, "email": 254, "link": 500, "score": 20}
FAULTS_SHOWN = 8
DELIMITERS = ",;\t"
csv.field_size_limit(100_000)


def read(content: bytes) -> list[LeadInput]:
    """Read the leads of a file. Raises UserErrors."""
    lines = _text(content).splitlines()
    delimiter = max(DELIMITERS, key=lines[0].count) if lines else ","
    try:
        rows = [
            row for row in csv.reader(lines, delimiter=delimiter, strict=True) if any(map(str.strip, row))
        ]
    except csv.Error as error:
        raise UserError("file_unreadable", field="file") from error
    if len(rows) < 2:  # noqa: PLR2004  (a heading and a lead)
        raise UserError("file_empty", field="file")
    columns = [COLUMNS.get(re.sub(r"[^a-z]", "", name.casefold())) for name in rows[0]]
    if "tier" not in columns:
        raise UserError("file_tier_missing", field="file")
    if len(rows) - 1 > MOST_LEADS:
        raise UserError("too_many_leads", field="file", most=MOST_LEADS)
    return _leads([dict(zip(columns, row, strict=False)) for row in rows[1:]])


def _text(content: bytes) -> str:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UserError("file_unreadable", field="file") from error
    if "\0" in text:
        raise UserError("file_unreadable", field="file")
    return text


def _leads(rows: list[dict[str | None, str]]) -> list[LeadInput]:
    leads, faults = [], []
    for line, row in enumerate(rows, start=2):
        cells = {name: tidy(value) for name, value in row.items() if name}
        faults += [UserError("file_line", field="file", line=line, text=text) for text in _faults(cells)]
        if not faults:
            given = {name: cells.get(name, "") for name in LONGEST}
            leads.append(LeadInput(Tier(cells["tier"].upper()), **given))
    if faults:
        raise UserErrors(faults[:FAULTS_SHOWN])
    return leads


def _faults(cells: dict[str, str]) -> Iterator[str]:
    """Quote what cannot be read in a line."""
    tier = cells.get("tier", "")
    if tier.upper() not in list(Tier):
        yield f"tier {tier!r}"
    for name, longest in LONGEST.items():
        if len(cells.get(name, "")) > longest:
            yield f"{name} > {longest}"
    if cells.get("email") and "@" not in cells["email"]:
        yield f"email {cells['email']!r}"
