"""The lock holds what the project asks for, and nothing in the tree depends on one machine."""

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
LOCK = (ROOT / "requirements.lock").read_text("utf-8")
RUNS = (ROOT / "runtime.lock").read_text("utf-8")


def pins(lock: str) -> dict[str, str]:
    """Read what a lock holds: each name with all that must be so of it."""
    found = re.findall(r"^([A-Za-z0-9._-]+)(==(?:.+\\\n)+.+--hash=\S+)$", lock, re.MULTILINE)
    return {canonicalize_name(name): held for name, held in found}


PINS = {name: held[2:].split()[0] for name, held in pins(LOCK).items()}
GROUPS = PROJECT["dependency-groups"]
IMAGE = [*PROJECT["project"]["dependencies"], *GROUPS["build"]]
TOOLS = [asked for asked in GROUPS["dev"] if isinstance(asked, str)]
ASKED = [*IMAGE, *TOOLS]
OF_ONE_MACHINE = re.compile(
    r"/(?:root|home/\w+|Users/\w+|opt|work|tmp/venv)/"
    r"|(?:pyp[i]|pythonhoste[d]|npmj[s]|proxy\.golang)\.\w+|--(?:extra-)?index-url|--find-links"
)
MADE = re.compile(
    r"\.git|\.venv|\.coverage.*|\.env|\..+_cache|\.hypothesis|__pycache__|build|dist|.+\.egg-info"
    r"|.+\.(?:db|png|lock-holder|pyc)|bench\.json|test_tooling\.py"
)
"""What tools made, what is no text, and this file, which names what it looks for."""


def files() -> list[Path]:
    """List what belongs to the repository, with or without git at hand."""
    found = (path.relative_to(ROOT) for path in ROOT.rglob("*") if path.is_file())
    return [ROOT / path for path in found if not any(MADE.fullmatch(part) for part in path.parts)]


@pytest.mark.parametrize("asked", ASKED)
def test_the_lock_holds_a_version_that_is_asked_for(asked: str) -> None:
    requirement = Requirement(asked)
    assert requirement.specifier.contains(PINS[canonicalize_name(requirement.name)])


def test_every_locked_version_has_its_hashes() -> None:
    pinned = re.findall(r"^\S+==[^\n]*\\\n +--hash=sha256:[0-9a-f]{64}", LOCK, re.MULTILINE)
    assert len(pinned) == len(PINS) > len(ASKED)


@pytest.mark.parametrize("lock", [LOCK, RUNS])
def test_a_lock_needs_no_place_of_its_own(lock: str) -> None:
    assert "://" not in lock
    assert "--index" not in lock


def test_the_image_installs_what_runs_as_it_is_tested_and_nothing_that_only_tests() -> None:
    held = pins(RUNS)
    assert held.items() <= pins(LOCK).items()
    assert {canonicalize_name(Requirement(asked).name) for asked in IMAGE} <= held.keys()
    assert {"pytest", "playwright", "mypy", "ruff", "hypothesis"}.isdisjoint(held)
    assert len(held) == len(re.findall(r"^\S+==", RUNS, re.MULTILINE))
    assert "-r runtime.lock" in (ROOT / ".deploy/Containerfile").read_text("utf-8")


def test_no_file_knows_a_registry_or_a_path_of_one_machine() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()[:80]}"
        for path in files()
        for number, line in enumerate(path.read_text("utf-8", "replace").splitlines(), start=1)
        if OF_ONE_MACHINE.search(line)
    ]
    assert found == []
