"""Copies of the store: taken while Baton runs, put back without saying anything twice, moved whole."""

from argparse import Namespace
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import Engine, text
from sqlmodel import Session, SQLModel, col, select

from bot import backups
from bot.cli import backup
from bot.commands import main
from bot.context import Clock
from bot.database import engine_for, reading
from bot.demo.cast import CHANNEL, MARA, MILO, REPS, RITA, SAM
from bot.models import Notice
from bot.services import copying, verify
from bot.settings import Settings
from bot.store import SendingLock
from tests import stores
from tests.jobs.world import World
from tests.story.week import Week, opened

LEADS = ["import", "leads.csv", "--map", "id=id", "--map", "handed_over_at=day"]
Typed = Callable[..., tuple[int, str, str]]


@pytest.fixture
def typed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Typed:
    """Type a command beside a store with two leads; gives the exit code and what was printed."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("BATON_DATABASE_URL", stores.url(tmp_path / "baton.db", is_empty=True))

    def type_(*words: str) -> tuple[int, str, str]:
        code = main(words)
        return code, *capsys.readouterr()

    Path("leads.csv").write_text("id,day\nL1,2018-01-31\nL2,2018-02-01\n", encoding="utf-8")
    assert type_(*LEADS)[0] == 0
    return type_


def log_another(typed: Typed) -> None:
    Path("leads.csv").write_text("id,day\nL3,2018-02-01\nL4,2018-03-01\n", encoding="utf-8")
    assert typed(*LEADS)[0] == 0


def counted(typed: Typed) -> str:
    code, out, _ = typed("verify")
    assert code == 0
    return out


# ---- a copy, and back


def test_a_backup_holds_the_store_as_it_was(typed: Typed) -> None:
    before = counted(typed)
    assert typed("db", "backup", "kept.db")[1].endswith("kept.db is whole.\n")
    assert Path("kept.db").stat().st_mode & 0o777 == 0o600
    log_another(typed)
    assert counted(typed) != before
    assert typed("db", "restore", "kept.db", "--replace")[0] == 0
    assert counted(typed) == before
    log_another(typed)  # new rows get numbers of their own


def test_a_backup_is_a_store_that_can_be_read_as_it_is(typed: Typed, monkeypatch: pytest.MonkeyPatch) -> None:
    before = counted(typed)
    typed("db", "backup", "kept.db")
    monkeypatch.setenv("BATON_DATABASE_URL", "sqlite:///kept.db")
    assert counted(typed) == before


def test_a_backup_is_taken_while_somebody_writes(typed: Typed) -> None:
    with stores.engine(Path("baton.db").absolute()).begin() as writer:
        writer.execute(text("UPDATE workspace SET name = 'not yet'"))
        assert typed("db", "backup", "kept.db")[0] == 0
    with engine_for("sqlite:///kept.db").connect() as kept:
        assert kept.execute(text("SELECT name FROM workspace")).scalar() != "not yet"


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (["backup", "leads.csv"], 2, "there already"),
        (["backup", "nowhere/kept.db"], 1, "cannot be written"),
        (["restore", "none.db"], 2, "no file none.db"),
        (["restore", "kept.db"], 2, "is not empty; add --replace"),
        (["restore", "leads.csv", "--replace"], 1, "not a database"),
        (["move", "--to", "sqlite:///kept.db"], 2, "something in the store to move to"),
        (["restore", "empty.db", "--replace"], 1, "nothing of Baton's"),
        (["move", "--to", "nonsense"], 2, "cannot be used"),
        (["move", "--to", "sqlite://"], 2, "in a file"),
    ],
)
def test_what_cannot_be_done_is_told_and_changes_nothing(
    typed: Typed, words: list[str], code: int, told: str
) -> None:
    before = counted(typed)
    typed("db", "backup", "kept.db")
    Path("empty.db").touch()
    files = set(Path().iterdir())
    given, out, err = typed("db", *words)
    assert (given, out) == (code, "")
    assert told in err
    assert err.count("\n") == 1
    assert counted(typed) == before
    assert {file for file in Path().iterdir() if file.suffix != ".lock"} == files


def test_nothing_is_put_under_a_baton_that_runs(typed: Typed) -> None:
    typed("db", "backup", "kept.db")
    store = stores.engine(Path("baton.db").absolute())
    for words in (["restore", "kept.db", "--replace"], ["move", "--to", "sqlite:///new.db"]):
        with SendingLock(store) if not stores.IS_POSTGRESQL else store.connect():
            code, _, err = typed("db", *words)
        store.dispose()
        assert code == 1
        assert "stop" in err


def test_a_store_that_is_spoilt_is_replaced_and_stays_beside(
    tmp_path: Path, typed: Typed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BATON_DATABASE_URL", f"sqlite:///{tmp_path / 'own.db'}")
    Path("leads.csv").write_text("id,day\nL1,2018-01-31\n", encoding="utf-8")
    assert typed(*LEADS)[0] == 0
    before = counted(typed)
    typed("db", "backup", "kept.db")
    Path("own.db").write_bytes(b"spoilt" * 5000)
    assert typed("db", "restore", "kept.db")[0] == 2
    assert typed("db", "restore", "kept.db", "--replace")[0] == 0
    assert counted(typed) == before
    assert Path("own.db.replaced").read_bytes().startswith(b"spoilt")


def test_a_restore_that_is_broken_off_leaves_what_was_there(
    typed: Typed, monkeypatch: pytest.MonkeyPatch
) -> None:
    typed("db", "backup", "kept.db")
    log_another(typed)
    before = counted(typed)

    def break_off(*_: object) -> None:
        raise KeyboardInterrupt

    last_step = (copying, "_count_on") if stores.IS_POSTGRESQL else (backups, "arrive")
    with monkeypatch.context() as broken:
        broken.setattr(*last_step, break_off)
        assert typed("db", "restore", "kept.db", "--replace")[0] == 130
    assert counted(typed) == before
    assert not list(Path().glob("*.tmp*"))


# ---- from one database into another


def test_everything_is_moved_and_goes_on_there(typed: Typed, monkeypatch: pytest.MonkeyPatch) -> None:
    there, back = "sqlite:///there.db", stores.url(Path("back.db").absolute(), is_empty=True)
    before = counted(typed)
    assert "Both hold the same" in typed("db", "move", "--to", there)[1]
    assert "Both hold the same" in typed("db", "move", "--from", there, "--to", back)[1]
    for url in (there, back):
        monkeypatch.setenv("BATON_DATABASE_URL", url)
        assert counted(typed) == before
        log_another(typed)
        assert counted(typed) != before


def test_a_week_is_moved_to_the_last_row(tmp_path: Path) -> None:
    with opened(tmp_path) as week:
        a_day_goes_by(week)
        week.go("wed 18:00")
        let_go(tmp_path, week.demo.baton.context.engine)
        url = stores.url(tmp_path / "baton.db")
        there = f"sqlite:///{tmp_path / 'there.db'}"
        back = stores.url(tmp_path / "back.db", is_empty=True)
        for source, target in ((url, there), (there, back)):
            backup.move(Namespace(source=source, target=target), Settings(), week.demo.stage.clock)
        assert everything(engine_for(there)) == everything(stores.engine(tmp_path / "back.db"))
        assert everything(engine_for(there)) == everything(stores.engine(tmp_path / "baton.db"))
        with reading(stores.engine(tmp_path / "back.db")) as session:
            assert list(verify.differences(session)) == []


def let_go(folder: Path, engine: Engine) -> None:
    """Let a bot in this process hold its store no more, as if it had died."""
    engine.dispose()
    (folder / "baton.db.lock").unlink(missing_ok=True)


def everything(engine: Engine) -> dict[str, set[str]]:
    with engine.connect() as connection:
        return {
            table.name: {repr(tuple(row)) for row in connection.execute(table.select())}
            for table in SQLModel.metadata.sorted_tables
        }


def a_day_goes_by(week: Week) -> None:
    """Log 20 leads on Tuesday, of which some are taken and some forgotten."""
    week.go("tue 10:00")
    week.type(MILO.id, "/sla log webinar A=4 B=16")
    week.type(RITA.id, "/sla take H-1 6")


# ---- what is put back says nothing twice


def put_back(folder: Path, file: Path, engine: Engine, clock: Clock) -> None:
    """Restore as after a crash: nobody has the store open."""
    let_go(folder, engine)
    settings = Settings(database_url=stores.url(folder / "baton.db"))
    backup.restore(Namespace(file=file, replace=True), settings, clock)


def copied(folder: Path, clock: Clock) -> Path:
    file = folder / "kept.db"
    backup.backup(Namespace(file=file), Settings(database_url=stores.url(folder / "baton.db")), clock)
    return file


def test_what_was_posted_since_the_backup_is_found_and_not_posted_again(world: World, tmp_path: Path) -> None:
    for number in range(3):
        world.want(f"card:{number}", place="C1")
    world.want("work:1", place="U1", kind="work", person="U1")
    kept = copied(tmp_path, world.clock)
    world.settle_down()
    before = world.texts()
    assert len(before) == 3
    put_back(tmp_path, kept, world.engine, world.clock)
    world.settle_down()
    assert [line.split()[0] for line in world.texts()] == [line.split()[0] for line in before]
    assert len([one for one in world.slack.dms("U1") if "bot_id" in one]) == 1
    assert world.notice("card:0").state == "shown"


def test_what_was_not_posted_before_the_crash_is_posted_after_it(world: World, tmp_path: Path) -> None:
    for number in range(3):
        world.want(f"card:{number}")
    put_back(tmp_path, copied(tmp_path, world.clock), world.engine, world.clock)
    assert world.texts() == []
    world.settle_down()
    assert len(world.texts()) == 3


def test_files_that_may_have_been_sent_are_not_sent_again(world: World, tmp_path: Path) -> None:
    world.want("agreement_files:1", kind="agreement_files")
    put_back(tmp_path, copied(tmp_path, world.clock), world.engine, world.clock)
    assert world.notice("agreement_files:1").is_plain


@pytest.mark.parametrize("crashed", ["wed 18:30", "thu 11:00", "next mon 20:00"])
def test_days_after_a_backup_nobody_reads_anything_twice(tmp_path: Path, crashed: str) -> None:
    with opened(tmp_path) as week:
        a_day_goes_by(week)
        kept = copied(tmp_path, week.demo.stage.clock)
        week.go(crashed)
        before = all_told(week)
        assert len(before) > 4
        put_back(tmp_path, kept, week.demo.baton.context.engine, week.demo.stage.clock)
        week.settle()
        week.settle()
        assert all_told(week) == before
        with reading(week.demo.baton.context.engine) as session:
            assert list(verify.differences(session)) == []
            assert held_back(session)


def all_told(week: Week) -> Counter[str]:
    """Count the bot's messages in the channel and to people, by their first line."""
    people = [one.id for one in (*REPS, MARA, MILO, SAM)]
    said = [*week.demo.sandbox.messages(CHANNEL), *(one for who in people for one in week.dms(who))]
    return Counter(one["ts"] for one in said if "bot_id" in one)


def held_back(session: Session) -> list[Notice]:
    return list(session.scalars(select(Notice).where(col(Notice.state) == "unknown")))
