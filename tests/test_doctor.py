"""`baton doctor`, the same mistakes met by `baton run`, and `baton setup-slack`, in a Slack that has them."""

import json
import os
import pty
import socket
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
import yaml

from bot.cli import manifest, slack_checks
from bot.cli.findings import State
from bot.commands import main
from bot.context import Context
from bot.database import engine_for
from bot.sandbox.server import Sandbox
from bot.seal import new_key
from bot.settings import Settings
from bot.store import SendingLock, migrate
from tests.served import running, workspace
from tests.slack.office import CHANNEL

Doctor = Callable[..., tuple[int, str]]


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Sandbox, Context]]:
    with workspace(tmp_path_factory.mktemp("shared")) as both:
        yield both


@pytest.fixture
def slack(
    shared: tuple[Sandbox, Context], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Sandbox]:
    """Give a Slack in which all is well, and set Baton to it."""
    slack, context = shared
    monkeypatch.chdir(tmp_path)
    for name, value in own(slack).items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("BATON_DATABASE_URL", context.engine.url.render_as_string(hide_password=False))
    state = slack.parts.slack
    scopes = state.scopes
    yield slack
    state.scopes, state.app_scopes, state.is_revoked = scopes, {"connections:write"}, False
    slack.archive(CHANNEL, is_archived=False)
    if "U0BATON" not in state.channels[CHANNEL].members:
        slack.invite(CHANNEL)


def own(slack: Sandbox) -> dict[str, str]:
    return {
        "SLACK_API_URL": slack.api_url,
        "SLACK_BOT_TOKEN": slack.bot_token,
        "SLACK_APP_TOKEN": slack.app_token,
    }


@pytest.fixture
def doctor(slack: Sandbox, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Doctor:
    """Run the doctor with some settings changed; gives the exit code and what is printed."""

    def ran(*words: str, **changed: str) -> tuple[int, str]:
        for name, value in changed.items():
            monkeypatch.setenv(name, value)
        code = main(["doctor", *words])
        return code, capsys.readouterr().out

    return ran


def test_where_all_is_well_it_ends_with_what_is_fine(doctor: Doctor) -> None:
    code, out = doctor()
    assert code == 0
    assert "To mend" not in out
    fine = out[out.index("\nFine\n") :]
    for words in (
        "that of baton in the workspace Sandbox",
        "All 6 scopes",
        "opens a connection",
        "clock agrees",
        "tables are up to date",
        "Baton is in #sla, the channel of DACH",
    ):
        assert words in fine


def test_as_json_every_finding_has_its_state_and_its_fix(doctor: Doctor) -> None:
    code, out = doctor("--json", SLACK_BOT_TOKEN="xoxb-unknown")
    said = json.loads(out)
    assert (code, said["ok"]) == (1, False)
    wrong = [one for one in said["findings"] if one["state"] == "fault"]
    assert [(one["about"], "invalid_auth" in one["words"]) for one in wrong] == [("SLACK_BOT_TOKEN", True)]
    assert all(one["fix"] for one in wrong)


BOT, APP = "SLACK_BOT_TOKEN", "SLACK_APP_TOKEN"
WRONG = [
    ({BOT: ""}, "SLACK_BOT_TOKEN is not set."),
    ({APP: ""}, "SLACK_APP_TOKEN is not set."),
    ({BOT: "xapp-1-A1-2-ab"}, "SLACK_BOT_TOKEN is an app-level token, where a bot token is needed."),
    ({BOT: "xoxp-1-2"}, "SLACK_BOT_TOKEN is a user token, where a bot token is needed."),
    ({BOT: "xoxe.xoxp-1-2"}, "SLACK_BOT_TOKEN is a user token"),
    ({BOT: "secret"}, "SLACK_BOT_TOKEN is no token of Slack's"),
    ({BOT: '"xoxb-1"'}, "SLACK_BOT_TOKEN has spaces or quotes around it."),
    ({APP: "xoxb-1"}, "SLACK_APP_TOKEN is a bot token, where an app-level token is needed."),
    ({BOT: "xoxb-1"}, "Slack refuses the bot token (invalid_auth)."),
    ({APP: "xapp-1-A1-2-ab"}, "Slack refuses the app token (invalid_auth)."),
    ({"SLACK_API_URL": "http://127.0.0.1:9/api/"}, "Slack cannot be reached at http://127.0.0.1:9/api/"),
    ({APP: "", "SLACK_SIGNING_SECRET": "a", "SLACK_CLIENT_ID": "1.2"}, "are both set"),
    ({APP: "", "SLACK_CLIENT_ID": "1.2", BOT: ""}, "SLACK_CLIENT_SECRET is not set."),
    ({APP: "", "SLACK_CLIENT_ID": "1.2", BOT: ""}, "BATON_PUBLIC_URL is no https address"),
    ({APP: "", "SLACK_CLIENT_ID": "1.2", BOT: ""}, "BATON_SECRET_KEYS needs keys"),
]


@pytest.mark.parametrize(("changed", "words"), WRONG)
def test_a_setting_that_cannot_work_is_named_by_the_doctor_and_by_run(
    doctor: Doctor, capsys: pytest.CaptureFixture[str], changed: dict[str, str], words: str
) -> None:
    code, out = doctor(**changed)
    assert code == 1
    assert words in out[: out.find("\n\n")]
    assert main(["run"]) in (1, 2)
    assert capsys.readouterr().err.startswith("baton: ")


def test_scopes_that_are_missing_tell_an_old_manifest(
    slack: Sandbox, doctor: Doctor, capsys: pytest.CaptureFixture[str]
) -> None:
    slack.parts.slack.scopes -= {"reactions:read", "im:write", "im:history"}
    code, out = doctor()
    assert code == 1
    assert "The app lacks im:write and reactions:read: its manifest is old" in out
    assert "Without the optional im:history, the Messages tab is not answered" in out
    assert main(["run"]) == 1
    assert "then reinstall the app." in capsys.readouterr().err


def test_optional_scopes_are_all_explained() -> None:
    assert set(slack_checks.WITHOUT) == set(manifest.scopes()["bot_optional"])


def test_a_token_that_was_revoked_is_refused(slack: Sandbox, doctor: Doctor) -> None:
    slack.parts.slack.is_revoked = True
    assert "Slack refuses the bot token (token_revoked)." in doctor()[1]


def test_an_app_token_without_its_scope_is_told(slack: Sandbox, doctor: Doctor) -> None:
    slack.parts.slack.app_scopes = set()
    assert "Slack refuses the app token (it lacks connections:write)." in doctor()[1]


def test_two_tokens_of_different_apps_are_told(
    slack: Sandbox, doctor: Doctor, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = slack.parts.slack.app_token.replace("A0BATON", "A0OTHER")
    monkeypatch.setattr(slack.parts.slack, "app_token", other)
    code, out = doctor(SLACK_APP_TOKEN=other)
    assert code == 1
    assert "The two tokens are of different apps: A0BATON (bot) and A0OTHER (app token)." in out


def test_where_slack_is_slow_to_answer_for_the_app_token_that_is_no_fault(
    slack: Sandbox, doctor: Doctor
) -> None:
    slack.fail("apps.connections.open", "rate_limited", seconds=9)
    code, out = doctor()
    assert code == 0
    assert "Slack could not be asked for a connection now" in out


def test_a_channel_without_baton_is_a_fault_and_yet_baton_starts(slack: Sandbox, doctor: Doctor) -> None:
    slack.kick(CHANNEL)
    code, out = doctor()
    assert code == 1
    assert "Baton is not in #sla, the channel of DACH.\n    Type /invite @Baton in that channel." in out
    slack.archive(CHANNEL)
    assert "#sla, the channel of DACH, is archived." in doctor()[1]


def test_that_no_channel_has_an_agreement_is_told_and_is_no_fault(doctor: Doctor, tmp_path: Path) -> None:
    migrate(engine_for(of_file(tmp_path)))
    code, out = doctor(BATON_DATABASE_URL=of_file(tmp_path))
    assert code == 0
    assert "No channel has an agreement yet.\n    In the channel that both teams share, type /invite" in out
    assert "No channel has an agreement" not in doctor(BATON_DATABASE_URL="sqlite:////nowhere/at/all.db")[1]


def test_run_says_at_its_start_that_it_is_not_in_a_channel(tmp_path: Path) -> None:
    with workspace(tmp_path) as (slack, _):
        slack.kick(CHANNEL)
        with running(slack, tmp_path, "socket") as bot:
            assert "Baton is not in #sla, the channel of DACH. Type /invite @Baton" in " ".join(bot.said)


@pytest.mark.parametrize(("minutes", "words"), [(5, "300 s ahead of"), (-5, "300 s behind")])
def test_a_clock_that_is_wrong_is_told(slack: Sandbox, minutes: int, words: str) -> None:
    class Wrong:
        def now(self) -> datetime:
            return datetime.now(UTC) + timedelta(minutes=minutes)

        def sleep(self, seconds: float) -> None:
            raise NotImplementedError

    (found,) = slack_checks.time(slack.api_url, Wrong())
    assert found.state is State.FAULT
    # Slack tells whole seconds.
    assert words in found.words.replace("299", "300").replace("301", "300")


# ---- the machine


def of_file(folder: Path) -> str:
    return f"sqlite:///{folder / 'own.db'}"


def test_a_store_that_is_not_there_yet_is_no_fault_and_none_is_made(doctor: Doctor, tmp_path: Path) -> None:
    code, out = doctor(BATON_DATABASE_URL=of_file(tmp_path))
    assert code == 0
    assert "There is no store at" in out
    assert not (tmp_path / "own.db").exists()
    assert doctor(BATON_DATABASE_URL="sqlite:////nowhere/at/all.db")[0] == 1


def test_a_second_sender_an_old_and_a_newer_store_are_told(doctor: Doctor, tmp_path: Path) -> None:
    engine = engine_for(of_file(tmp_path))
    migrate(engine)
    with SendingLock(engine):
        code, out = doctor(BATON_DATABASE_URL=of_file(tmp_path))
        assert code == 0
        assert f"Another Baton (process {os.getpid()}) sends from this store" in out
    assert "No other Baton sends from this store." in doctor()[1]
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0001'")
    assert "The tables are of an earlier Baton." in doctor()[1]
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    engine.dispose()
    code, out = doctor()
    assert code == 1
    assert "used by a newer Baton (revision 9999)" in out


@pytest.mark.parametrize("url", ["nonsense", "mysql://a/b", "postgresql://u:secret@127.0.0.1:9/baton"])
def test_a_store_that_cannot_be_used_is_told_without_its_password(doctor: Doctor, url: str) -> None:
    code, out = doctor(BATON_DATABASE_URL=url)
    assert code == 1
    assert "secret" not in out


def test_a_port_is_looked_at_where_one_is_wanted(doctor: Doctor) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        code, out = doctor(BATON_PORT=str(port))
        assert code == 1
        assert f"Port {port} of 127.0.0.1 cannot be used" in out
    assert f"Port {port} of 127.0.0.1 is free." in doctor()[1]


def test_beside_a_baton_that_runs_its_port_and_its_lock_are_no_faults(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with workspace(tmp_path) as (slack, context), running(slack, tmp_path, "socket") as bot:
        for name, value in own(slack).items():
            monkeypatch.setenv(name, value)
        monkeypatch.setenv("BATON_PORT", str(bot.port))
        monkeypatch.setenv("BATON_DATABASE_URL", context.engine.url.render_as_string(hide_password=False))
        code, out = main(["doctor"]), capsys.readouterr().out
        assert code == 0, out
        assert f"Port {bot.port} of 127.0.0.1 is in use by a Baton." in out


def test_an_app_of_many_workspaces_is_looked_at_too(doctor: Doctor) -> None:
    many = {
        BOT: "",
        APP: "",
        "SLACK_CLIENT_ID": "1.2",
        "SLACK_CLIENT_SECRET": "s",
        "SLACK_SIGNING_SECRET": "0" * 32,
        "BATON_PUBLIC_URL": "https://baton.example",
        "BATON_SECRET_KEYS": new_key(),
        "BATON_PORT": "0",
    }
    _, out = doctor(**many)
    assert "The tokens of all workspaces can be opened." in out
    assert "The signing secret has the form of one" in out


# ---- setup-slack


def test_who_has_no_tokens_is_told_of_it_where_it_fits(doctor: Doctor) -> None:
    for name in (BOT, APP):
        assert "`baton setup-slack`" in doctor(**{BOT: "xoxb-1", APP: "xapp-1", name: ""})[1]
    assert "setup-slack" not in doctor(**{BOT: "", "BATON_MODE": "http"})[1]


def test_tokens_that_are_set_are_tried_and_kept_for_their_owner(
    slack: Sandbox, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "argv", [".venv/bin/baton", "setup-slack"])
    file = tmp_path / ".env"
    file.write_text("BATON_LOG_LEVEL=DEBUG\nexport SLACK_BOT_TOKEN=old\n")
    assert main(["setup-slack"]) == 0
    said = capsys.readouterr().out
    assert "\n   .venv/bin/baton run\n" in said
    assert "/invite @Baton, then /sla setup" in said
    lines = file.read_text().splitlines()
    assert lines == ["BATON_LOG_LEVEL=DEBUG", f"{BOT}={slack.bot_token}", f"{APP}={slack.app_token}"]
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert list(tmp_path.iterdir()) == [file]


def test_without_tokens_and_without_a_terminal_the_steps_are_told(
    slack: Sandbox, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(BOT, "")
    assert main(["setup-slack"]) == 2
    said = capsys.readouterr().err
    assert "https://api.slack.com/apps?new_app=1&manifest_json=%7B" in said
    monkeypatch.setenv(BOT, slack.app_token)
    assert main(["setup-slack"]) == 1
    assert "SLACK_BOT_TOKEN is an app-level token" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_at_a_terminal_each_token_is_asked_for_until_it_works(slack: Sandbox, tmp_path: Path) -> None:
    ours, theirs = pty.openpty()
    environment = os.environ | {BOT: "", APP: "", "PYTHONPATH": str(Path(__file__).parents[1])}
    command = [sys.executable, "-m", "bot", "setup-slack"]
    with subprocess.Popen(
        command,
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        env=environment,
        cwd=tmp_path,
        start_new_session=True,
    ) as process:
        os.close(theirs)
        said = ""
        for token in (slack.app_token, slack.bot_token, slack.app_token):
            said += heard(ours, "not shown: ")
            os.write(ours, f"{token}\n".encode())
        said += heard(ours, "")
        assert process.wait(30) == 0, said
    os.close(ours)
    assert "SLACK_BOT_TOKEN is an app-level token, where a bot token is needed." in said
    assert said.count("It works.") == 2
    assert slack.bot_token not in said
    assert slack.app_token in (tmp_path / ".env").read_text()


def heard(terminal: int, until: str) -> str:
    """Read what the terminal shows, up to some words or to the end."""
    said = ""
    with suppress(OSError):  # as Linux ends a terminal
        while not (until and until in said):
            if not (part := os.read(terminal, 4096)):
                break
            said += part.decode()
    return said


def test_the_address_makes_the_app_of_the_manifest() -> None:
    asked = parse_qs(urlsplit(manifest.address()).query)
    assert json.loads(asked["manifest_json"][0]) == yaml.safe_load(manifest.MANIFEST.read_text())
    assert Settings.model_config["env_file"] == ".env"
