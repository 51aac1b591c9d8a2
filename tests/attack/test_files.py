"""Files that come in are read as text and no more; files that go out run nowhere and go where they may."""

import ast
import csv
import gzip
import zipfile
from io import BytesIO, StringIO
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from sqlmodel import col

import bot
import sla_rules
from bot.commands import main
from bot.database import engine_for, reading
from bot.models import Handoff
from bot.services import sheet
from tests import stores
from tests.slack.office import MAYA, SARA, Office

BERLIN = ZoneInfo("Europe/Berlin")


def zipped(content: bytes) -> bytes:
    target = BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", content)
    return target.getvalue()


XXE = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>'
UPLOADS = {
    "nothing": b"",
    "a zip bomb": zipped(b"0" * 3_000_000),
    "a gzip bomb": gzip.compress(b"tier\nA\n" * 400_000),
    "xml with an entity": XXE,
    "xlsx": zipped(XXE),
    "utf-16": "tier,name\nA,Ada\n".encode("utf-16"),
    "latin-1": "tier,name\nA,Böse\n".encode("latin-1"),
    "a picture": b"\x89PNG\r\n\x1a\n" + bytes(500),
    "html": b"<!doctype html><script>alert(1)</script>",
    "a nul": b"tier,name\nA,A\0da\n",
    "one long cell": b"tier,name\nA," + b"x" * 200_000,
    "an open quote": b'tier,name\nA,"x\n' + b"y\n" * 20_000,
    "too many rows": b"tier\n" + b"A\n" * 100_001,
    "too many columns": b"tier," + b"," * 100_000 + b"\nX\n",
    "newlines": b"\n" * 100_000,
    "deep yaml": b"[" * 60_000,
    "six megabytes": b"tier,name\n" + b"A,Ada\n" * 1_000_000,
}


@pytest.mark.parametrize("what", UPLOADS)
def test_what_is_no_list_of_leads_is_refused_under_its_field(shared: Office, what: str) -> None:
    before = shared.rows()
    shared.type(MAYA, "/sla log")
    file = shared.slack.add_file(MAYA, "leads.csv", UPLOADS[what])
    answer = shared.submit(MAYA, source="fair", file=[file])
    shared.slack.dismiss(MAYA)

    assert answer["errors"].keys() == {"file"}
    assert shared.rows() == before


@pytest.mark.parametrize("what", UPLOADS)
def test_what_is_no_agreement_is_refused(shared: Office, what: str) -> None:
    before = shared.rows()
    shared.type(MAYA, "/sla agreement upload")
    file = shared.slack.add_file(MAYA, "agreement.yml", UPLOADS[what])
    answer = shared.submit(MAYA, file=[file])
    shared.slack.dismiss(MAYA)

    assert answer["response_action"] in ("errors", "update")
    assert shared.rows() == before


UNPACKERS = {
    "zipfile",
    "tarfile",
    "gzip",
    "bz2",
    "lzma",
    "zlib",
    "pickle",
    "shelve",
    "marshal",
    "xml",
    "lxml",
}
UNPACKERS |= {"openpyxl", "defusedxml", "subprocess", "ctypes"}


def imported() -> set[str]:
    """List what is imported where files of people in Slack are read."""
    found: set[str] = set()
    for package in (bot, sla_rules):
        for path in Path(str(package.__file__)).parent.rglob("*.py"):
            if {"sandbox", "demo", "cli"} & set(path.parts):
                continue
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                if isinstance(node, ast.Import):
                    found.update(name.name.partition(".")[0] for name in node.names)
                elif isinstance(node, ast.ImportFrom):
                    found.add((node.module or "").partition(".")[0])
    return found


def test_nothing_can_unpack_parse_xml_or_run_what_a_file_holds() -> None:
    assert "csv" in imported()
    assert imported() & UNPACKERS == set()


# ---- out

BEGINS = "=+-@\t\r\n＝＋－＠"  # noqa: RUF001  (as some keyboards type them)


@given(st.lists(st.text(alphabet=st.sampled_from([*BEGINS, *'a1;, "\0|\u202e'])), min_size=1, max_size=4))
def test_no_cell_begins_a_formula_however_a_spreadsheet_parts_it(cells: list[str]) -> None:
    [line] = sheet.lines([cells], BERLIN)
    [read] = csv.reader(StringIO(line, newline=""))
    assert [cell[:1] for cell in read if cell[:1] and cell[0] in BEGINS] == []
    for text in read:
        parts = [part for one in text.split(";") for part in one.splitlines()]
        assert [part for part in parts if part[:1] and part[0] in "=+-@＝＋－＠"] == []  # noqa: RUF001
    unmarked = [cell.replace("'", "") for cell in read]
    assert unmarked == [cell.replace("\0", "") for cell in cells]


def test_the_name_of_a_file_is_ours_whatever_stands_in_it(office: Office) -> None:
    office.type(MAYA, "/sla log webinar ../../x B=3")
    office.settle()
    office.type(SARA, "/sla export handoffs")
    office.settle()
    [file] = office.dm(SARA)["files"]
    assert file["name"] == "handoffs-2026-06.csv"


def test_an_import_with_a_nul_is_kept_alike_by_every_store(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    url = stores.url(tmp_path / "baton.db", is_empty=True)
    monkeypatch.setenv("BATON_DATABASE_URL", url)
    file = tmp_path / "leads.csv"
    file.write_bytes("lead,day,from\nL\0one,2026-06-01,we\0b \u202eé\n".encode())
    columns = ["--map", "id=lead", "--map", "handed_over_at=day", "--map", "source=from"]
    code = main(["import", str(file), *columns])

    assert (code, capsys.readouterr().err) == (0, "")
    engine = engine_for(url)
    with reading(engine) as session:
        assert session.scalars(select(col(Handoff.source))).all() == ["web \u202eé"]
    engine.dispose()
