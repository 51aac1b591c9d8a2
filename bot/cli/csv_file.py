"""A CSV file as people have it: its delimiter, its header, its rows with their line numbers."""

import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path
from typing import TextIO

from bot.cli.refusals import WRONG_USE, Refusal, listed, meant

DELIMITERS = ",;\t"
LONGEST_CELL = 1_000_000


@dataclass(frozen=True, slots=True)
class CsvFile:
    """A file that could be read, with a header."""

    path: Path
    delimiter: str
    columns: Sequence[str]

    def rows(self) -> Iterator[tuple[int, Mapping[str, str]]]:
        """Give each row by column, with the line on which it begins; empty ones are left out."""
        with _reading(self.path) as file:
            reader = csv.reader(file, delimiter=self.delimiter)
            line = 1
            for cells in reader:
                if line > 1 and any(cells):
                    # Cells that are missing at the end are empty; those beyond the header have no name.
                    yield line, dict(zip_longest(self.columns, cells[: len(self.columns)], fillvalue=""))
                line = reader.line_num + 1

    def count(self) -> int:
        """Count the lines below the header."""
        with _reading(self.path) as file:
            return sum(1 for _ in file) - 1

    def has(self, columns: Iterable[str]) -> None:
        """Refuse columns that the header does not have, or has twice."""
        for column in columns:
            if column not in self.columns:
                nearest = meant(column, self.columns)
                words = f"{self.path.name} has no column {column!r}; it has: {listed(self.columns)}.{nearest}"
                raise Refusal(words, WRONG_USE)
            if self.columns.count(column) > 1:
                raise Refusal(
                    f"{self.path.name} has several columns {column!r}; rename all but one.", WRONG_USE
                )


def read_header(path: Path) -> CsvFile:
    """Find out how a file is written: the delimiter is what parts its header into most columns."""
    csv.field_size_limit(LONGEST_CELL)
    with _reading(path) as file:
        first = file.readline()
    headers = {delimiter: next(csv.reader([first], delimiter=delimiter), []) for delimiter in DELIMITERS}
    delimiter = max(headers, key=lambda one: len(headers[one]))
    columns = [column.strip() for column in headers[delimiter]]
    if not any(columns):
        raise Refusal(f"{path.name} is empty; its first line must name the columns.")
    return CsvFile(path, delimiter, columns)


@contextmanager
def _reading(path: Path) -> Iterator[TextIO]:
    """Read a file as text, and say in a sentence what stands against it."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            yield file
    except UnicodeDecodeError as error:
        raise Refusal(f"{path.name} is not in UTF-8; save it as CSV UTF-8.") from error
    except csv.Error as error:
        raise Refusal(f"{path.name} cannot be read as CSV: {error}.") from error
    except OSError as error:
        raise Refusal(f"{path} cannot be read: {error.strerror}.") from error
