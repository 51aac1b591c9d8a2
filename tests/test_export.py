"""`baton export` as it is typed: to the terminal or to a file, whole or not at all."""

import csv
import os
import pty
import sqlite3
import subprocess
import sys
import termios
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from subprocess import PIPE

import pytest

from bot.commands import main

ROOT = Path(__file__).parents[1]
Baton = Callable[..., tuple[int, str, str]]


@pytest.fixture
def baton(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Baton:
    """Type a command where leads of three days stand in the store; gives the exit code and both streams."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("BATON_DATABASE_URL", f"sqlite:///{tmp_path / 'baton.db'}")

    def typed(*words: str) -> tuple[int, str, str]:
        code = main(words)
        out, err = capsys.readouterr()
        assert "Traceback" not in err
        return code, out, err

    Path("leads.csv").write_text(
        "lead,day,from\nL1,2018-01-31,web\nL2,2018-02-01,=cmd\nL3,2018-02-10,fair\n", encoding="utf-8"
    )
    mapping = ["--map", "id=lead", "--map", "handed_over_at=day", "--map", "source=from"]
    assert typed("import", "leads.csv", *mapping)[0] == 0
    return typed


def change(statement: str) -> None:
    """Write into the store behind the ledger's back."""
    with sqlite3.connect("baton.db") as store:
        assert store.execute(statement).rowcount
    store.close()


def test_the_table_goes_to_the_terminal(baton: Baton) -> None:
    code, out, err = baton("export", "leads")
    assert (code, err) == (0, "")
    rows = list(csv.DictReader(out.splitlines()))
    assert [(row["id"], row["source"]) for row in rows] == [("L1", "web"), ("L2", "'=cmd"), ("L3", "fair")]
    assert out.startswith("handoff,lead,id,")
    assert out.endswith("\r\n")


@pytest.mark.parametrize(("what", "rows"), [("handoffs", 3), ("leads", 3), ("clocks", 0), ("figures", 10)])
def test_every_table_is_written_to_a_file(baton: Baton, what: str, rows: int) -> None:
    code, out, err = baton("export", what, "--output", "out.csv")
    assert (code, err) == (0, "")
    assert out == f"{rows} rows of {what} of Marketing and Sales written to out.csv.\n"
    with Path("out.csv").open(newline="", encoding="utf-8") as file:
        assert len(list(csv.reader(file))) == rows + 1


def test_days_leave_out_what_is_outside_them(baton: Baton) -> None:
    _, out, _ = baton("export", "handoffs", "--from", "2018-02-01", "--to", "2018-02-10")
    assert [row["day"] for row in csv.DictReader(out.splitlines())] == ["2018-02-01"]


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["cats"], 2, "invalid choice"),
        ([], 2, "required: what"),
        (["leads", "--from", "yesterday"], 2, "is no day"),
        (["leads", "--from", "2018-02-01", "--to", "2018-02-01"], 2, "--to must be after --from"),
        (["leads", "--agreement", "DACH"], 2, "There is no agreement 'DACH'"),
        (["leads", "--output", "nowhere/x.csv"], 1, "nowhere/x.csv cannot be written: No such file"),
        (["leads", "--output", "."], 1, "cannot be written"),
    ],
)
def test_what_cannot_be_done_is_one_sentence(baton: Baton, words: list[str], code: int, said: str) -> None:
    found, out, err = baton("export", *words)
    assert (found, out) == (code, "")
    assert said in err


def test_a_file_appears_whole_or_not_at_all(
    baton: Baton, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    Path("out.csv").write_text("as it was", encoding="utf-8")

    def stopped(value: object, _zone: object) -> object:
        if value == "L2":
            raise KeyboardInterrupt
        return value

    monkeypatch.setattr("bot.services.sheet.cell", stopped)
    assert baton("export", "leads", "--output", "out.csv")[0] == 130
    assert Path("out.csv").read_text(encoding="utf-8") == "as it was"
    assert sorted(path.name for path in Path().glob("*out*")) == ["out.csv"]
    assert list(Path().glob(".out*")) == []
    assert caplog.text == ""


def test_names_of_leads_are_written_only_where_they_are_asked_for(baton: Baton) -> None:
    change("INSERT INTO leaddetail SELECT 1, handoff_id, n, 'Ada', '', 'ada@x.example', '', '' FROM lead")
    assert "ada@x.example" not in baton("export", "leads")[1]
    assert baton("export", "leads", "--names")[1].count("Ada,,ada@x.example") == 3


def test_however_many_rows_there_are_few_are_held(baton: Baton) -> None:
    columns = "workspace_id, handoff_id, agreement_id, tier, state, day, handed_over_at"
    change(
        f"WITH RECURSIVE count(i) AS (SELECT 10 UNION ALL SELECT i + 1 FROM count WHERE i < 30000)"
        f" INSERT INTO lead ({columns}, n) SELECT {columns}, i FROM lead, count WHERE handoff_id = 1"
    )
    tracemalloc.start()
    assert baton("export", "leads", "--output", "out.csv")[1].startswith("29994 rows")
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert Path("out.csv").stat().st_size > 2_000_000
    assert peak < 4_000_000


def test_on_a_terminal_a_bar_shows_how_far_it_is(baton: Baton, tmp_path: Path) -> None:
    assert baton("verify")[0] == 0
    screen, terminal = pty.openpty()
    termios.tcsetwinsize(terminal, (24, 80))
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "bot", "export", "leads", "--output", "out.csv"]
    done = subprocess.run(command, env=environment, cwd=tmp_path, stdout=PIPE, stderr=terminal, check=True)
    os.set_blocking(screen, False)
    shown = os.read(screen, 10_000).decode()
    os.close(terminal)
    os.close(screen)
    assert "0/3" in shown
    assert b"3 rows of leads" in done.stdout
