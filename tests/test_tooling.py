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
PINS = {
    canonicalize_name(name): version
    for name, version in re.findall(r"^([A-Za-z0-9._-]+)==(\S+)", LOCK, re.MULTILINE)
}
ASKED = [*PROJECT["project"]["dependencies"], *PROJECT["dependency-groups"]["dev"]]
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


def test_the_lock_needs_no_place_of_its_own() -> None:
    assert "://" not in LOCK
    assert "--index" not in LOCK


def test_no_file_knows_a_registry_or_a_path_of_one_machine() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()[:80]}"
        for path in files()
        for number, line in enumerate(path.read_text("utf-8", "replace").splitlines(), start=1)
        if OF_ONE_MACHINE.search(line)
    ]
    assert found == []
