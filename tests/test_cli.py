"""The command line as it is typed: real files, a real store, exit codes, one sentence for what is wrong."""

import csv
import json
import os
import socket
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from subprocess import PIPE

import jsonschema
import pytest
import yaml

from bot.commands import main
from bot.database import transaction
from bot.sandbox.server import Sandbox
from bot.seal import new_key
from bot.services import setup, workspaces
from sla_rules.starter import StarterValues, starter
from tests import stores

MAP = ["--map", "id=lead", "--map", "handed_over_at=day", "--map", "source=from"]
LEADS = """lead,day,from
L1,2018-01-31,web
L2,2018-02-01,web
L3,2018-02-10,fair
L4,2018-02-20,
"""
DEALS = """lead,won
L1,2018-02-10
L2,2018-02-06
"""
NOW = datetime(2026, 6, 15, 9, 0, tzinfo=UTC)
OTHER = StarterValues(
    name="Other",
    marketing_lead="UMARA",
    marketing_manager="UMAX",
    sales_lead="USAM",
    sales_manager="USUE",
    review_on=date(2026, 9, 28),
)
ROOT = Path(__file__).parents[1]

Baton = Callable[..., tuple[int, str, str]]


@pytest.fixture
def baton(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Baton:
    """Type a command; gives the exit code and what was printed to either stream."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("BATON_DATABASE_URL", stores.url(tmp_path / "baton.db", is_empty=True))
    for name in ("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "BATON_LOG_LEVEL"):
        monkeypatch.delenv(name, raising=False)

    def typed(*words: str) -> tuple[int, str, str]:
        code = main(words)
        out, err = capsys.readouterr()
        assert "Traceback" not in err
        return code, out, err

    return typed


@pytest.fixture
def filled(baton: Baton) -> Baton:
    """Take in four leads and two deals first."""
    Path("leads.csv").write_text(LEADS, encoding="utf-8")
    Path("deals.csv").write_text(DEALS, encoding="utf-8")
    assert baton("import", "leads.csv", *MAP)[0] == 0
    assert baton("import", "deals.csv", "--map", "id=lead", "--map", "won_at=won")[0] == 0
    return baton


def change(statement: str) -> None:
    """Spoil the store behind the ledger's back."""
    with stores.engine(Path("baton.db").absolute()).begin() as store:
        assert store.exec_driver_sql(statement).rowcount


# ---- the whole


@pytest.mark.parametrize("words", [[], ["--help"]])
def test_without_a_command_the_help_names_them_all(baton: Baton, words: list[str]) -> None:
    code, out, _ = baton(*words)
    assert code == 0
    commands = ("run", "demo", "import", "export", "figures", "verify", "agreement", "db", "manifest")
    assert all(f"  {command}" in out for command in commands)


@pytest.mark.parametrize(
    "words",
    [
        ["frobnicate"],
        ["import"],
        ["figures", "--per", "day"],
        ["figures", "--from", "yesterday"],
        ["figures", "--json", "--csv"],
        ["db", "downgrade"],
        ["agreement", "check"],
        ["demo", "--port", "home"],
    ],
)
def test_wrong_use_is_told_with_the_usage_and_exit_code_2(baton: Baton, words: list[str]) -> None:
    code, out, err = baton(*words)
    assert (code, out) == (2, "")
    assert err.startswith("usage: baton")


def test_the_module_runs_as_a_program(tmp_path: Path) -> None:
    environment = {
        **os.environ,
        "BATON_DATABASE_URL": f"sqlite:///{tmp_path}/none.db",
        "PYTHONPATH": str(ROOT),
    }
    done = subprocess.run(
        [sys.executable, "-m", "bot", "verify"], env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert (
        done.stderr
        == f"baton: There is no store at {tmp_path}/none.db; `baton import` or `baton run` makes one.\n"
    )


def test_output_that_nobody_reads_to_the_end_is_no_failure(filled: Baton, tmp_path: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "bot", "figures"]
    with subprocess.Popen(command, env=environment, cwd=tmp_path, stdout=PIPE, stderr=PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 0


# ---- the store


@pytest.mark.parametrize(
    ("url", "code", "words"),
    [
        ("mysql://here/baton", 2, "keeps its store in SQLite or PostgreSQL"),
        ("postgresql://127.0.0.1:1/baton", 1, "refused"),
        ("nonsense", 2, "cannot be used"),
        ("sqlite://", 2, "in a file"),
        ("sqlite:////nowhere/at/all/baton.db", 1, "unable to open"),
        ("sqlite:///text.db", 1, "not a database"),
    ],
)
def test_a_store_that_cannot_be_used_is_told_in_a_sentence(
    baton: Baton, monkeypatch: pytest.MonkeyPatch, url: str, code: int, words: str
) -> None:
    Path("text.db").write_text("this is no store" * 100, encoding="utf-8")
    monkeypatch.setenv("BATON_DATABASE_URL", url)
    given, _, err = baton("db", "upgrade")
    assert given == code
    assert words in err
    assert err.count("\n") == 1


@pytest.mark.parametrize("words", [["verify"], ["figures"]])
def test_reading_makes_no_store(baton: Baton, words: list[str]) -> None:
    code, _, err = baton(*words)
    assert code == 1
    assert "There is no store" in err
    assert list(Path().iterdir()) == []


def test_the_tables_are_brought_up_to_date_as_often_as_one_likes(baton: Baton) -> None:
    for _ in range(2):
        assert baton("db", "upgrade")[0] == 0
    assert baton("verify")[:2] == (0, "0 handoffs, 0 leads, 0 clocks, 0 tallies: all equal.\n")
    code, _, err = baton("figures")
    assert code == 1
    assert "Nothing is stored yet" in err


def test_a_store_of_a_newer_baton_is_left_alone(filled: Baton) -> None:
    change("update alembic_version set version_num = '9999'")
    code, _, err = filled("verify")
    assert code == 1
    assert "newer Baton" in err


# ---- import


def test_an_import_says_what_it_did(baton: Baton) -> None:
    Path("leads.csv").write_text(LEADS, encoding="utf-8")
    first, again = baton("import", "leads.csv", *MAP), baton("import", "leads.csv", *MAP)
    assert first[0] == again[0] == 0
    assert first[1].startswith("4 rows read into Marketing and Sales: 4 leads added, 0 changed, 0 unchanged")
    assert again[1].startswith("4 rows read into Marketing and Sales: 0 leads added, 0 changed, 4 unchanged")
    assert baton("verify")[0] == 0


def test_rows_with_faults_are_listed_by_line_and_the_others_taken(baton: Baton) -> None:
    Path("leads.csv").write_text(
        LEADS + '"L5\n6",soon,web\n,2018-02-01,web\n\nL7,2018-02-02,web\n', encoding="utf-8"
    )
    code, out, _ = baton("import", "leads.csv", *MAP, "--faults", "faults.csv")
    assert code == 1
    assert "7 rows read" in out
    assert "5 leads added" in out
    assert "line 6: the date cannot be read, or is one of two; write it like 2018-02-01T16:30" in out
    assert "(handed_over_at=soon)" in out
    assert "line 8: the id is missing" in out
    with Path("faults.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(row["line"], row["lead"], row["day"]) for row in rows] == [
        ("6", "L5\n6", "soon"),
        ("8", "", "2018-02-01"),
    ]


def test_warnings_are_gathered_by_kind(filled: Baton) -> None:
    Path("deals.csv").write_text("lead,won\nL1,2017-01-01\nL2,2017-01-01\n", encoding="utf-8")
    code, out, _ = filled("import", "deals.csv", "--map", "id=lead", "--map", "won_at=won")
    assert code == 0
    assert "warning: 2 rows won before it was handed over" in out
    assert "(lines 2, 3)" in out


@pytest.mark.parametrize(
    ("content", "added"),
    [
        (LEADS.replace(",", ";"), 4),
        (LEADS.replace(",", "\t"), 4),
        ("\ufeff" + LEADS, 4),
        (LEADS.replace("\n", "\r\n"), 4),
        ('lead,day,from,note\nL1,2018-01-31,"web, paid","said ""yes"""\n', 1),
        ("lead,day,from\nL1,2018-01-31\n", 1),
        ("lead,day,from\nL1,2018-01-31,web,one,too,many\n", 1),
        ("lead,day,from\n", 0),
        ("lead,day,from\nL1,3/14/2018 9:05 AM,web\nL2,3/4/2018,web\n", 2),
        ("lead;day;from\nL1;14.03.2018;web\nL2;4.3.2018 09:05;web\n", 2),
    ],
    ids=[
        *("semicolons", "tabs", "mark", "windows", "quotes", "short", "long", "header-alone"),
        *("american", "german"),
    ],
)
def test_files_are_read_as_people_have_them(baton: Baton, content: str, added: int) -> None:
    Path("leads.csv").write_text(content, encoding="utf-8", newline="")
    code, out, _ = baton("import", "leads.csv", *MAP)
    assert code == 0
    assert f"{added} leads added" in out


@pytest.mark.parametrize(
    ("mapping", "words"),
    [
        (["id"], "not of the form FIELD=COLUMN"),
        (["id=", "source=from"], "not of the form"),
        (["id=lead", "wonat=day"], "Did you mean 'won_at'?"),
        (["id=laed"], "Did you mean 'lead'?"),
        (["id=lead", "id=day"], "mapped twice"),
        (["source=from"], "--map id=COLUMN"),
        (["id=twice"], "several columns 'twice'"),
    ],
)
def test_a_mapping_that_does_not_fit_is_refused_with_the_nearest(
    baton: Baton, mapping: list[str], words: str
) -> None:
    Path("leads.csv").write_text("lead,day,from,twice,twice\n", encoding="utf-8")
    code, out, err = baton("import", "leads.csv", *(word for pair in mapping for word in ("--map", pair)))
    assert (code, out) == (2, "")
    assert words in err
    assert not Path("baton.db").exists()


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("none.csv", None, "No such file"),
        ("empty.csv", b"", "is empty"),
        ("leads.xlsx", b"PK\x03\x04" + bytes(range(256)), "is an Excel workbook; save it as CSV UTF-8"),
        ("leads.csv", b"lead,day,from\n\x81\x8d,2018-01-31,web\n", "is no text that can be read"),
        ("huge.csv", b"lead,day,from\n" + b"L" * 1_100_000 + b",2018-01-31,web\n", "cannot be read as CSV"),
    ],
)
def test_a_file_that_cannot_be_read_is_told_in_a_sentence(
    baton: Baton, name: str, content: bytes | None, words: str
) -> None:
    if content is not None:
        Path(name).write_bytes(content)
    code, _, err = baton("import", name, *MAP)
    assert code == 1
    assert words in err
    assert err.count("\n") == 1


@pytest.mark.parametrize("encoding", ["cp1252", "utf-16", "utf-8-sig"])
def test_a_file_is_read_in_the_encoding_in_which_spreadsheets_save_it(baton: Baton, encoding: str) -> None:
    Path("leads.csv").write_text("lead,day,from\nL1,2018-01-31,Größe\n", encoding=encoding)
    assert baton("import", "leads.csv", *MAP)[0] == 0
    assert "Größe" in baton("figures", "--from", "2018-01-01", "--to", "2018-03-01", "--by", "source")[1]


def test_a_day_that_may_be_two_is_a_fault_which_says_so(baton: Baton) -> None:
    Path("leads.csv").write_text("lead,day,from\nL1,3/4/2018,web\n", encoding="utf-8")
    code, out, _ = baton("import", "leads.csv", *MAP)
    assert code == 1
    assert "line 2: the date cannot be read, or is one of two" in out


@pytest.mark.parametrize(
    ("header", "proposed"),
    [
        (
            "Record ID,Create Date,Lifecycle Stage,Became a Marketing Qualified Lead Date,Original Source",
            "--map 'handed_over_at=Became a Marketing Qualified Lead Date' --map 'arrived_at=Create Date'",
        ),
        ("Lead ID,Lead Source,Create Date,Converted Date", "--map 'sql_at=Converted Date'"),
        ("Name,Company", "at least --map id=COLUMN; there is: Name, Company."),
    ],
)
def test_without_a_mapping_one_is_proposed_and_nothing_taken_in(
    baton: Baton, header: str, proposed: str
) -> None:
    Path("leads.csv").write_text(f"{header}\n1,2,3,4,5,6\n", encoding="utf-8")
    code, out, err = baton("import", "leads.csv")
    assert (code, out) == (2, "")
    assert proposed in err
    assert not Path("baton.db").exists()


def test_faults_that_cannot_be_written_are_told(baton: Baton) -> None:
    Path("leads.csv").write_text(LEADS, encoding="utf-8")
    code, _, err = baton("import", "leads.csv", *MAP, "--faults", "no/such/folder.csv")
    assert code == 1
    assert "cannot be written" in err


def test_among_several_agreements_one_is_named(filled: Baton) -> None:
    engine = stores.engine(Path("baton.db").absolute())
    with transaction(engine) as session:
        workspace = workspaces.remember(session, "T2", "Other", "", NOW)
        proposal = setup.Proposal(starter(OTHER), "C2", "UMARA")
        setup.create(session, workspace.id or 0, proposal, NOW, "setup")
    engine.dispose()
    code, _, err = filled("figures")
    assert code == 2
    assert "1 (Marketing and Sales), 2 (Other)" in err
    assert filled("figures", "--agreement", "Marketing and Sales")[0] == 0
    assert filled("figures", "--agreement", "2")[:2] == (0, "No leads in these days.\n")
    assert "Did you mean 'Other'?" in filled("figures", "--agreement", "Othr")[2]
    assert filled("import", "leads.csv", *MAP, "--agreement", "Other")[0] == 0
    assert "2018-02                3" in filled("figures", "--agreement", "Other")[1]


# ---- figures


def test_figures_as_json_are_a_list_of_objects(filled: Baton) -> None:
    code, out, _ = filled("figures", "--from", "2018-01-01", "--to", "2018-03-01", "--by", "source", "--json")
    rows = json.loads(out)
    assert code == 0
    assert [(row["period"], row["source"], row["leads_delivered"], row["won"]) for row in rows] == [
        ("2018-01", "web", 1, 1),
        ("2018-02", "(none)", 1, 0),
        ("2018-02", "fair", 1, 0),
        ("2018-02", "web", 1, 1),
    ]
    web = rows[-1]
    assert (web["accepted"], web["rejected"], web["won_per_100"], web["partial"]) == (1, 0, 100.0, False)
    assert (web["conversion_time_mean_days"], web["conversion_time_median_days"]) == (5.0, 5.0)
    assert rows[1]["conversion_time_mean_days"] is None


def test_figures_without_a_dimension_have_no_source(filled: Baton) -> None:
    rows = json.loads(filled("figures", "--json")[1])
    assert [(row["period"], row["source"], row["leads_delivered"]) for row in rows] == [
        ("2018-01", None, 1),
        ("2018-02", None, 3),
    ]


def test_figures_count_the_first_day_and_not_the_last(filled: Baton) -> None:
    rows = json.loads(
        filled("figures", "--from", "2018-02-01", "--to", "2018-02-20", "--per", "quarter", "--json")[1]
    )
    assert [(row["period"], row["leads_delivered"], row["partial"]) for row in rows] == [("2018-Q1", 2, True)]


def test_figures_as_csv_have_a_header(filled: Baton) -> None:
    rows = list(csv.DictReader(filled("figures", "--csv")[1].splitlines()))
    assert [(row["period"], row["won"], row["source"]) for row in rows] == [
        ("2018-01", "1", ""),
        ("2018-02", "1", ""),
    ]


def test_a_source_that_reads_as_a_formula_is_text_in_csv(baton: Baton) -> None:
    Path("leads.csv").write_text("id,day,source\nL1,2018-02-01,=cmd|x\n", encoding="utf-8")
    mapping = ["--map", "id=id", "--map", "handed_over_at=day", "--map", "source=source"]
    assert baton("import", "leads.csv", *mapping)[0] == 0

    [row] = csv.DictReader(baton("figures", "--by", "source", "--csv")[1].splitlines())
    assert (row["source"], row["partial"], row["leads_delivered"]) == ("'=cmd|x", "no", "1")


def test_leads_that_no_rep_took_are_told_to_have_none(filled: Baton) -> None:
    assert filled("figures", "--by", "rep", "--to", "2018-01-02")[1] == "No leads in these days have a rep.\n"


def test_figures_on_a_terminal_are_a_table(filled: Baton) -> None:
    lines = filled("figures", "--by", "source")[1].splitlines()
    assert lines[0].split()[:3] == ["period", "source", "leads_delivered"]
    assert lines[1].split()[:3] == ["2018-01", "web", "1"]
    assert len(lines) == 5


def test_figures_of_days_that_end_before_they_begin_are_refused(filled: Baton) -> None:
    code, _, err = filled("figures", "--from", "2018-02-01", "--to", "2018-02-01")
    assert code == 2
    assert "--to must be after --from" in err


# ---- verify


def test_verify_counts_what_it_compared(filled: Baton) -> None:
    code, out, _ = filled("verify")
    assert code == 0
    assert out.startswith("4 handoffs, 4 leads, 0 clocks, ")
    assert out.endswith("tallies: all equal.\n")


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        (
            "update lead set state = 'open' where handoff_id = 1",
            "H-1 lead 1 state: stored 'open', the ledger gives",
        ),
        (
            "update tally set n = n + 1 where measure = 'won' and value = 'web'",
            "tally source web won 2018-01-31",
        ),
        ("update handoff set waiting = 7 where number = 2", "H-2 waiting: stored 7, the ledger gives"),
        ("delete from lead where handoff_id = 3", "H-3 lead 1: stored None, the ledger gives"),
        ("delete from tally where measure = 'delivered' and \"by\" = 'all'", "tally all  delivered"),
    ],
)
def test_verify_names_what_differs(filled: Baton, statement: str, words: str) -> None:
    change(statement)
    code, out, _ = filled("verify")
    assert code == 1
    assert words in out
    assert "differences." in out


# ---- the agreement and the manifest


@pytest.fixture
def text(baton: Baton) -> str:
    Path("leads.csv").write_text(LEADS, encoding="utf-8")
    baton("import", "leads.csv", *MAP)
    with stores.engine(Path("baton.db").absolute()).begin() as store:
        return str(store.exec_driver_sql("select text from agreementversion").scalar_one())


def test_an_agreement_without_faults_is_said_to_have_none(baton: Baton, text: str) -> None:
    Path("sla.yml").write_text(text.replace("target: 240", "target: 200"), encoding="utf-8")
    code, out, _ = baton("agreement", "check", "sla.yml")
    assert code == 0
    assert out == "Marketing and Sales: 63 clauses, no faults.\n"


def test_promises_that_look_unreal_are_warned_of_and_are_no_faults(baton: Baton, text: str) -> None:
    Path("sla.yml").write_text(text.replace("warn_at: 75 %", "warn_at: 100 %"), encoding="utf-8")
    code, out, _ = baton("agreement", "check", "sla.yml")
    assert code == 0
    capacity, late, verdict = out.splitlines()
    assert capacity.startswith("§10.1, warning: 240 leads a month are more than Sales' stated capacity")
    assert late.startswith("§11.1, warning: ")
    assert verdict == "Marketing and Sales: 63 clauses, no faults, 2 warnings."


def test_all_faults_of_an_agreement_are_listed_with_line_and_clause(baton: Baton, text: str) -> None:
    spoilt = text.replace("warn_at: 75 %", "warn_at: 175 %").replace(
        "metric: answered_in_time", "metric: ansered_in_time"
    )
    Path("sla.yml").write_text(spoilt, encoding="utf-8")
    code, out, _ = baton("agreement", "check", "sla.yml")
    assert code == 1
    goal, its_line, share, line_of_share = out.splitlines()
    assert goal.startswith("line ")
    assert "§10.4: " in goal
    assert "answered_in_time" in goal
    assert its_line == "    - {party: marketing, metric: ansered_in_time, target: 90 %, per: month}"
    assert "§11.1: " in share
    assert line_of_share == "    warn_at: 175 %"


def test_a_text_without_end_is_refused_and_not_read_for_ever(baton: Baton) -> None:
    code, out, _ = baton("agreement", "check", "/dev/zero")
    assert code == 1
    assert "an agreement may have 64" in out


@pytest.mark.parametrize(
    "content", [b"", b"\xff\xfe\x00", b"a: &b 1", b"- " * 100_000, b"\x1b[31mname: x", b"{"]
)
def test_whatever_is_no_agreement_is_told_so_and_cannot_act_on_the_terminal(
    baton: Baton, content: bytes
) -> None:
    Path("sla.yml").write_bytes(content)
    code, out, _ = baton("agreement", "check", "sla.yml")
    assert code == 1
    assert out.replace("\n", "").isprintable()


def test_an_agreement_that_is_not_there_is_told(baton: Baton) -> None:
    code, _, err = baton("agreement", "check", "sla.yml")
    assert code == 1
    assert err == "baton: sla.yml cannot be read: No such file or directory.\n"


def test_the_manifest_of_an_app_that_many_install_has_its_addresses(baton: Baton) -> None:
    code, out, _ = baton("manifest", "--url", "https://baton.example")
    made = yaml.safe_load(out)
    assert code == 0
    assert made["oauth_config"]["redirect_urls"] == ["https://baton.example/slack/oauth_redirect"]
    assert out.count("https://baton.example/slack/events") == 3
    assert {"team_access_granted", "team_access_revoked"} <= set(
        made["settings"]["event_subscriptions"]["bot_events"]
    )
    assert (made["settings"]["socket_mode_enabled"], made["settings"]["org_deploy_enabled"]) == (False, True)
    jsonschema.validate(made, json.loads((ROOT / "tests/data/manifest.schema.1.0.0.json").read_text("utf-8")))
    assert baton("manifest", "--url", "http://baton.example")[0] == 2


def test_a_key_is_made_and_tokens_are_sealed_again_with_it(
    baton: Baton, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert baton("db", "upgrade")[0] == 0
    code, key, _ = baton("db", "new-key")
    assert code == 0
    assert baton("db", "rotate-keys")[0] == 2, "none is set"
    monkeypatch.setenv("BATON_SECRET_KEYS", f"{key.strip()},{new_key()}")
    code, out, _ = baton("db", "rotate-keys")
    assert (code, out) == (
        0,
        "Sealed with the first key: the tokens of 0 installations. The other keys can go now.\n",
    )


def test_the_manifest_is_printed_as_it_stands(baton: Baton) -> None:
    code, out, _ = baton("manifest")
    assert code == 0
    assert out == (ROOT / "manifest.yml").read_text(encoding="utf-8")


# ---- run


@pytest.mark.parametrize(
    ("tokens", "words"),
    [({}, "SLACK_BOT_TOKEN is not set"), ({"SLACK_BOT_TOKEN": "xoxb-1"}, "SLACK_APP_TOKEN is not set")],
)
def test_running_without_a_token_names_the_one_that_is_missing(
    baton: Baton, monkeypatch: pytest.MonkeyPatch, tokens: dict[str, str], words: str
) -> None:
    for name, token in tokens.items():
        monkeypatch.setenv(name, token)
    code, _, err = baton("run")
    assert code == 2
    assert words in err


def test_running_over_http_asks_for_the_signing_secret(baton: Baton, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-1")
    monkeypatch.setenv("BATON_MODE", "http")
    code, _, err = baton("run")
    assert code == 2
    assert "SLACK_SIGNING_SECRET is not set" in err


@pytest.mark.parametrize(
    ("name", "value"), [("BATON_PORT", "70000"), ("BATON_THREADS", "none"), ("BATON_LOG_FORMAT", "xml")]
)
def test_a_setting_that_is_wrong_is_named(
    baton: Baton, monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    code, _, err = baton("run")
    assert code == 2
    assert f"The setting {name} is wrong: Input should be" in err


def test_an_app_token_that_slack_refuses_is_told(baton: Baton, monkeypatch: pytest.MonkeyPatch) -> None:
    with Sandbox() as slack:
        own = {"API_URL": slack.api_url, "BOT_TOKEN": slack.bot_token, "APP_TOKEN": "xapp-wrong"}
        for name, value in own.items():
            monkeypatch.setenv(f"SLACK_{name}", value)
        code, _, err = baton("run")
    assert code == 1
    assert "Slack refuses the app token (invalid_auth)." in err


def test_a_port_that_is_taken_is_refused(baton: Baton, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        own = {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_SIGNING_SECRET": "s", "BATON_PORT": str(port)}
        for name, value in own.items():
            monkeypatch.setenv(name, value)
        code, _, err = baton("run")
    assert code == 1
    assert f"Port {port} of 127.0.0.1 cannot be used (Address already in use)." in err


def test_running_where_slack_cannot_be_reached_says_so(baton: Baton, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in (
        ("BOT_TOKEN", "xoxb-1"),
        ("APP_TOKEN", "xapp-1"),
        ("API_URL", "http://127.0.0.1:9/api/"),
    ):
        monkeypatch.setenv(f"SLACK_{name}", value)
    code, _, err = baton("run")
    assert code == 1
    assert "Slack cannot be reached at http://127.0.0.1:9/api/" in err


def test_a_log_level_that_is_none_is_refused(baton: Baton, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BATON_LOG_LEVEL", "loud")
    code, _, err = baton("run")
    assert code == 2
    assert "BATON_LOG_LEVEL 'loud' is no level" in err
