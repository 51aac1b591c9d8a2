"""A CSV file as people have it: its delimiter, its header, its rows with their line numbers."""

import csv
from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path
from typing import TextIO

from bot.cli.refusals import WRONG_USE, Refusal, listed, meant

DELIMITERS = ",;\t"
LONGEST_CELL = 1_000_000
WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
"""How the files of Excel begin, since 2007 and before."""


@dataclass(frozen=True, slots=True)
class CsvFile:
    """A file that could be read, with a header."""

    path: Path
    encoding: str
    delimiter: str
    columns: Sequence[str]

    def rows(self) -> Iterator[tuple[int, Mapping[str, str]]]:
        """Give each row by column, with the line on which it begins; empty ones are left out."""
        with _reading(self.path, self.encoding) as file:
            reader = csv.reader(file, delimiter=self.delimiter)
            line = 1
            for cells in reader:
                if line > 1 and any(cells):
                    # Cells that are missing at the end are empty; those beyond the header have no name.
                    yield line, dict(zip_longest(self.columns, cells[: len(self.columns)], fillvalue=""))
                line = reader.line_num + 1

    def count(self) -> int:
        """Count the lines below the header."""
        with _reading(self.path, self.encoding) as file:
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
    encoding = _encoding(path)
    with _reading(path, encoding) as file:
        first = file.readline()
    headers = {delimiter: next(csv.reader([first], delimiter=delimiter), []) for delimiter in DELIMITERS}
    delimiter = max(headers, key=lambda one: len(headers[one]))
    columns = [column.strip() for column in headers[delimiter]]
    if not any(columns):
        raise Refusal(f"{path.name} is empty; its first line must name the columns.")
    return CsvFile(path, encoding, delimiter, columns)


def _encoding(path: Path) -> str:
    """Tell how a file is written: as it says, else in UTF-8, else as Excel writes plain CSV in the west."""
    try:
        with path.open("rb") as file:
            begin = file.read(len(WORKBOOKS[0]))
        if begin in WORKBOOKS:
            raise Refusal(f"{path.name} is an Excel workbook; save it as CSV UTF-8.")
        if begin.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):
            return "utf-16"
        with path.open(encoding="utf-8") as text:
            deque(text, maxlen=0)
    except UnicodeDecodeError:
        return "cp1252"
    except OSError as error:
        raise _unread(path, error) from error
    return "utf-8-sig"


@contextmanager
def _reading(path: Path, encoding: str) -> Iterator[TextIO]:
    """Read a file as text, and say in a sentence what stands against it."""
    try:
        with path.open(encoding=encoding, newline="") as file:
            yield file
    except UnicodeError as error:
        raise Refusal(f"{path.name} is no text that can be read; save it as CSV UTF-8.") from error
    except csv.Error as error:
        raise Refusal(f"{path.name} cannot be read as CSV: {error}.") from error
    except OSError as error:
        raise _unread(path, error) from error


def _unread(path: Path, error: OSError) -> Refusal:
    return Refusal(f"{path} cannot be read: {error.strerror}.")
