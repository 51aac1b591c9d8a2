"""The demo goes on where it was kept, begins anew when asked, and takes a team's own leads."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from threading import Thread
from time import monotonic, sleep
from typing import Any

import httpx
import pytest

from bot.cli import demo_leads
from bot.commands import main
from bot.demo import kept, run
from bot.demo.cast import CHANNEL, MARA, RITA
from bot.demo.run import SIGNED_AT, TEXT, Beginning, Demo, OwnLeads
from bot.signals import SignalEvent
from tests.story.week import read

BEGUN_AT = SIGNED_AT + timedelta(hours=2)
NOTHING_YET = Beginning(TEXT, BEGUN_AT, lambda _demo: None)
CSV = """lead,created,origin,taken,called,won,refused,why
1,2026-04-07T10:00,webinar,2026-04-07T10:30,2026-04-07T12:00,2026-04-20T09:00,,
2,2026-05-12T10:00,partner,2026-05-12T11:00,2026-05-13T12:00,,,
3,2026-06-26T10:00,partner,,,,2026-06-26T12:00,wrong_role
"""
MAP = (
    *("id=lead", "handed_over_at=created", "source=origin", "accepted_at=taken", "touched_at=called"),
    *("won_at=won", "rejected_at=refused", "reason=why"),
)
USUAL = CSV.replace("lead,created", "Lead ID,Created", 1).replace(
    "called,won,refused,why", "First touch,Won,Rejected,Reason", 1
)
PATIENCE_S = 30


def stations(demo: Demo) -> dict[str, bool]:
    assert demo.sandbox.parts.tour
    return {one["id"]: one["is_done"] for one in demo.sandbox.parts.tour.stations()}


def test_a_kept_demo_goes_on_with_what_was_said_and_done(tmp_path: Path) -> None:
    file = tmp_path / "my.demo"
    with run.opened(beginning=NOTHING_YET) as demo:
        assert demo.sandbox.parts.tour
        demo.sandbox.parts.tour.do("accept")
        said = demo.sandbox.messages(CHANNEL)
        demo.keep().write(file)
    with run.opened(start=kept.read(file)) as demo:
        assert [read(one) for one in demo.sandbox.messages(CHANNEL)] == [read(one) for one in said]
        assert stations(demo) == {
            "log": True,
            "accept": True,
            "afternoon": False,
            "digest": False,
            "sign": False,
        }
        assert demo.stage.clock.now() > BEGUN_AT
        answer = demo.sandbox.command(RITA.id, CHANNEL, "/sla touch H-1")
        assert "2 leads contacted" in read(answer["message"])
        demo.sandbox.command(MARA.id, CHANNEL, "/sla log 3 partner")
        demo.stage.settle_now()
        assert len({one["ts"] for one in demo.sandbox.messages(CHANNEL)}) == len(said) + 1


def test_what_is_done_in_a_demo_is_not_seen_where_it_begins_anew() -> None:
    with run.opened(beginning=NOTHING_YET) as demo:
        fresh = demo.keep()
        demo.sandbox.command(MARA.id, CHANNEL, "/sla log 3 partner")
        demo.stage.move("next_monday")
    for _ in range(2):
        with run.opened(start=fresh) as demo:
            said = demo.sandbox.say(MARA.id, CHANNEL, "good morning")
            assert float(said["message"]["ts"]) < BEGUN_AT.timestamp() + PATIENCE_S
            demo.stage.move("evening")


def test_each_station_can_be_done_for_whoever_asks_in_any_order() -> None:
    with run.opened(beginning=NOTHING_YET) as demo:
        tour = demo.sandbox.parts.tour
        assert tour
        for name in ("sign", "accept", "afternoon", "digest"):
            tour.do(name)
        assert stations(demo) == {
            "log": True,
            "accept": True,
            "afternoon": True,
            "digest": False,
            "sign": True,
        }
        shows = {one["id"]: one["show"] for one in tour.stations()}
        thread = {"as": shows["digest"]["as"], "channel": CHANNEL, "thread_ts": shows["digest"]["thread"]}
        httpx.get(f"{demo.sandbox.url}/page/messages", params=thread)
        assert stations(demo)["digest"]


def test_what_is_logged_before_hours_is_accepted_when_they_begin() -> None:
    with run.opened(beginning=Beginning(TEXT, SIGNED_AT, lambda _demo: None)) as demo:
        assert demo.sandbox.parts.tour
        demo.sandbox.parts.tour.do("accept")
        assert stations(demo)["accept"]


def test_the_page_begins_the_demo_anew() -> None:
    with running() as (url, stopped, thread):
        act(url, "message", channel=CHANNEL, text="a slip of the pen")
        assert "a slip of the pen" in texts(url)
        assert act(url, "reset")["ok"]
        until(lambda: "a slip of the pen" not in texts(url))
        assert texts(url)
        stopped.set()
        thread.join(PATIENCE_S)
        assert not thread.is_alive()


def test_told_to_stop_while_the_weeks_are_told_it_ends_and_keeps_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    stopped, file = SignalEvent(), tmp_path / "my.demo"
    stopped.set()
    run.run(0, stopped, keep=file)
    assert not file.exists()
    assert "open" not in capsys.readouterr().out


def test_what_is_done_is_kept_before_the_demo_ends(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run, "KEPT_EVERY_S", 0.1)
    with running(keep=tmp_path) as (url, _, _):
        act(url, "message", channel=CHANNEL, text="before the power fails")
        file = tmp_path / kept.IN_A_FOLDER
        until(lambda: file.exists() and "before the power fails" in json.dumps(kept.read(file).slack))


def test_a_place_that_cannot_be_written_is_refused_before_the_demo_opens(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["demo", "--keep", str(tmp_path / "nowhere" / "my.demo")]) != 0
    assert "cannot be written: make the folder" in capsys.readouterr().err


def test_the_page_begins_anew_with_somebodys_own_leads(tmp_path: Path) -> None:
    with running(own=partial(demo_leads.from_page, tmp_path)) as (url, _, _):
        refused = act(url, "leads", file=uploaded(url, "name,company\nAda,Alder\n"))
        assert "No column is known for an id and a date" in refused["error"]
        assert state(url)["can_reset"]
        assert act(url, "leads", file=uploaded(url, USUAL)) == {"ok": True}
        until(lambda: "Q2 2026" in texts(url))
        assert "1 of 160" in texts(url)


def uploaded(url: str, text: str) -> str:
    answer = httpx.post(f"{url}/page/upload", params={"as": MARA.id}, files={"file": ("leads.csv", text)})
    return str(answer.json()["file"]["id"])


@contextmanager
def running(
    keep: Path | None = None, own: OwnLeads | None = None
) -> Iterator[tuple[str, SignalEvent, Thread]]:
    """Run the demo at a free port, as `baton demo` does."""
    with run.opened(beginning=NOTHING_YET) as demo:
        port = demo.sandbox.port
    stopped = SignalEvent()
    thread = Thread(target=run.run, args=(port, stopped, NOTHING_YET, keep, own))
    thread.start()
    try:
        url = f"http://127.0.0.1:{port}"
        until(lambda: bool(state(url).get("can_reset")))
        yield url, stopped, thread
    finally:
        stopped.set()
        thread.join()


def until(is_so: Callable[[], bool]) -> None:
    """Wait; while the demo begins anew nobody answers."""
    end = monotonic() + PATIENCE_S
    while monotonic() < end:
        try:
            if is_so():
                return
        except (httpx.HTTPError, KeyError):
            pass
        sleep(0.1)
    raise AssertionError("it did not come about")


def state(url: str) -> dict[str, Any]:
    return dict(httpx.get(f"{url}/page/state", params={"as": MARA.id}).json())


def act(url: str, kind: str, **fields: Any) -> dict[str, Any]:
    return dict(httpx.post(f"{url}/page/act", json={"as": MARA.id, "type": kind, **fields}).json())


def texts(url: str) -> str:
    answer = httpx.get(f"{url}/page/messages", params={"as": MARA.id, "channel": CHANNEL})
    return json.dumps(answer.json()["messages"]).replace("[]", "")


@pytest.mark.parametrize("content", [b"", b"not a demo", b"PK\x05\x06" + bytes(18)])
def test_a_file_of_something_else_is_refused_in_a_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: bytes
) -> None:
    file = tmp_path / "notes.txt"
    file.write_bytes(content)
    assert main(["demo", "--keep", str(file)]) != 0
    assert "was not kept by a demo; name another file with --keep." in capsys.readouterr().err
    assert file.read_bytes() == content


def test_a_teams_own_quarter_is_seen_in_the_figures(tmp_path: Path) -> None:
    file = tmp_path / "leads.csv"
    file.write_text(CSV, encoding="utf-8")
    with run.opened(beginning=demo_leads.beginning(file, MAP)) as demo:
        assert demo.stage.clock.now() >= datetime(2026, 6, 29, 7, 40, tzinfo=UTC)
        said = read(demo.sandbox.command(MARA.id, CHANNEL, "/sla goals 2026-Q2")["message"])
        assert "Q2 2026" in said
        assert "1 of 160" in said
        assert "quality refusals" in said
        said = read(demo.sandbox.command(MARA.id, CHANNEL, "/sla simulate imported")["message"])
        assert "imported leads, had this agreement been in force" in said
        assert "engaged leads touched in time *50%*" in said
        assert "does not tell how these ended: handed over in time" in said
        assert not any(stations(demo).values())


def test_columns_that_are_mapped_stand_beside_those_that_are_known(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "leads.csv"
    file.write_text(USUAL, encoding="utf-8")
    demo_leads.beginning(file, ["campaign=origin", "touched_at=Won"])
    read_as = capsys.readouterr().out
    assert "id from 'Lead ID'" in read_as
    assert "touched_at from 'Won'" in read_as
    assert "source" not in read_as
    assert "won_at" not in read_as


@pytest.mark.parametrize(
    ("more", "words"),
    [
        (["--map", "id=lead", "--map", "handed_over_at=why"], "no row with a date that has passed"),
        (["--map", "id=leed"], "no column 'leed'"),
        ([], "No column is known for an id and a date of each lead"),
    ],
)
def test_leads_of_no_use_are_refused_before_the_demo_opens(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], more: list[str], words: str
) -> None:
    file = tmp_path / "leads.csv"
    file.write_text(CSV, encoding="utf-8")
    assert main(["demo", "--leads", str(file), *more]) != 0
    assert words in capsys.readouterr().err
