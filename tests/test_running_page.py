"""What the page on running and the deployment files name is there, and all that is there is named."""

import re
import tomllib
from pathlib import Path

import pytest

from bot import metrics
from bot.context import Context, MachineClock
from bot.gateway import Gateway
from bot.http.health import Health, Owed
from bot.jobs.running import Running
from bot.settings import Settings
from bot.slack_time import SlackTime
from tests import stores

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs/running.md").read_text("utf-8")
SETTING = re.compile(r"\b(?:BATON|SLACK)_[A-Z_]+")


def settings() -> set[str]:
    """Name all settings as the environment does."""
    fields = Settings.model_fields
    return {str(field.validation_alias or f"BATON_{name.upper()}") for name, field in fields.items()}


def test_the_page_names_every_setting_and_no_other() -> None:
    assert set(SETTING.findall(PAGE)) == settings()


@pytest.mark.parametrize("file", ["baton.service", "Containerfile"])
def test_what_is_deployed_is_set_by_settings_that_exist(file: str) -> None:
    text = (ROOT / ".deploy" / file).read_text("utf-8")
    assert set(SETTING.findall(text)) <= settings()
    assert "User=" in text or "USER 10001" in text


def test_the_image_is_built_of_what_is_there_and_asked_what_it_answers(tmp_path: Path) -> None:
    lines = (ROOT / ".deploy/Containerfile").read_text("utf-8").splitlines()
    copied = [line.split()[1:-1] for line in lines if line.startswith("COPY") and "--from" not in line]
    sources = {Path(name) for names in copied for name in names}
    assert [name for name in sources if not (ROOT / name).exists()] == []
    packages = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["setuptools"]["packages"]
    assert {Path(name.rstrip("*")) for name in packages["find"]["include"]} <= sources
    links = [path.resolve() for path in (ROOT / "bot").rglob("*") if path.is_symlink()]
    assert [path for path in links if not any(path.is_relative_to(ROOT / name) for name in sources)] == []

    context = Context(stores.engine(tmp_path / "baton.db"), MachineClock(), Gateway("", "http://127.0.0.1/"))
    health = Health(context, Running(SlackTime(context.now)), lambda: True)
    (asked,) = re.findall(r"http://127\.0\.0\.1:8080(/\w+)", "\n".join(lines))
    assert asked in {route.path for route in health.routes()}
    assert "BATON_PORT=8080" in "\n".join(lines)
    users = [line for line in lines if line.startswith("USER")]
    assert users == ["USER 10001"]
    assert lines.index(users[0]) > max(number for number, line in enumerate(lines) if line.startswith("COPY"))


def test_the_page_names_every_metric_and_no_other(tmp_path: Path) -> None:
    counted = {metric.name for metric in metrics.REGISTRY.collect()}
    context = Context(stores.engine(tmp_path / "baton.db"), MachineClock(), Gateway("", "http://127.0.0.1/"))
    read = {metric.name for metric in Owed(context, Running(SlackTime(context.now))).collect()}
    named = {name.removesuffix("_total") for name in re.findall(r"baton_[a-z_]+", PAGE)}
    assert named == counted | read
