"""What stands in one place of the repository is held equal to what another place says of it."""

import ast
import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from bot import gateway
from bot.slack import routes
from bot.slack.request import OF_ORGANISATION

ROOT = Path(__file__).parents[1]
MANIFEST: dict[str, Any] = yaml.safe_load((ROOT / "manifest.yml").read_text(encoding="utf-8"))
SCOPE_OF_EVENT = {
    "app_home_opened": None,
    "app_uninstalled": None,
    "member_joined_channel": "channels:read",
    "message.im": "im:history",
    "reaction_added": "reactions:read",
    "reaction_removed": "reactions:read",
    "subteam_members_changed": "usergroups:read",
    "team_join": "users:read",
    "tokens_revoked": None,
    "user_change": "users:read",
}
"""Of Slack's reference."""
MAY_BE_DECLINED = {
    "channels:history",
    "files:read",
    "files:write",
    "groups:history",
    "groups:read",
    "im:history",
    "usergroups:read",
}


def scopes() -> tuple[set[str], set[str]]:
    asked = MANIFEST["oauth_config"]["scopes"]
    return set(asked["bot"]), set(asked["bot_optional"])


def test_the_manifest_is_one_that_slack_takes() -> None:
    schema = json.loads((ROOT / "tests/data/manifest.schema.1.0.0.json").read_text(encoding="utf-8"))

    jsonschema.validate(MANIFEST, schema)
    assert 175 <= len(MANIFEST["display_information"]["long_description"]) <= 4_000


def test_the_manifest_asks_for_what_the_methods_and_events_need_and_no_more() -> None:
    by_method = {scope for needed in gateway.METHODS.values() for scope in needed}
    events = MANIFEST["settings"]["event_subscriptions"]["bot_events"]
    by_event = {SCOPE_OF_EVENT[event] for event in events} - {None}
    required, optional = scopes()

    assert required | optional == by_method | by_event | {"commands"}
    assert optional == MAY_BE_DECLINED
    assert not required & optional


def test_the_manifest_subscribes_to_what_is_listened_to() -> None:
    events = MANIFEST["settings"]["event_subscriptions"]["bot_events"]

    assert {event.partition(".")[0] for event in events} | OF_ORGANISATION == set(routes.EVENTS)


def test_the_manifest_has_the_command_and_the_shortcuts_of_the_routes() -> None:
    (command,) = MANIFEST["features"]["slash_commands"]

    assert command["command"] == routes.COMMAND
    assert command["should_escape"] is True
    assert {one["callback_id"] for one in MANIFEST["features"]["shortcuts"]} == set(routes.SHORTCUTS)
    assert MANIFEST["settings"]["socket_mode_enabled"] is True
    assert "request_url" not in str(MANIFEST)


def constants(folder: Path, *names: str) -> dict[str, str]:
    """Read the module constants with these names, by "file.NAME"."""
    found = {}
    for path in folder.glob("*.py"):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.Assign):
                for target, value in _pairs(node):
                    if target in names:
                        found[f"{path.stem}.{target}"] = value
    return found


def _pairs(node: ast.Assign) -> list[tuple[str, str]]:
    target = node.targets[0]
    targets = target.elts if isinstance(target, ast.Tuple) else [target]
    values = node.value.elts if isinstance(node.value, ast.Tuple) else [node.value]
    return [
        (one.id, value.value)
        for one, value in zip(targets, values, strict=False)
        if isinstance(one, ast.Name) and isinstance(value, ast.Constant) and isinstance(value.value, str)
    ]


def test_every_modal_that_is_shown_has_a_route() -> None:
    shown = constants(ROOT / "bot/messages", "SUBMIT", "AGAIN", "KNOWN", "ANSWERED")

    assert set(shown.values()) == set(routes.VIEWS)


def test_every_button_that_is_shown_has_a_route() -> None:
    sources = [path.read_text(encoding="utf-8") for path in (ROOT / "bot/messages").glob("*.py")]
    shown = {
        constant.value
        for source in sources
        for constant in ast.walk(ast.parse(source))
        if isinstance(constant, ast.Constant)
        and isinstance(constant.value, str)
        and constant.value.partition(".")[0] in {action.partition(".")[0] for action in routes.ACTIONS}
        and constant.value in {*routes.ACTIONS, *_action_ids(sources)}
    }

    assert shown == set(routes.ACTIONS)


def _action_ids(sources: list[str]) -> set[str]:
    """Read what is assigned to names in capitals and looks like an action's id."""
    found: set[str] = set()
    for source in sources:
        for node in ast.parse(source).body:
            if isinstance(node, ast.Assign):
                found.update(value for name, value in _pairs(node) if name.isupper() and "." in value)
    return {one for one in found if one.count(".") == 1 and not one.endswith((".submit", ".again", ".known"))}


@pytest.mark.parametrize("word", routes.WORDS)
def test_every_word_is_a_file_of_its_own(word: str) -> None:
    assert (ROOT / "bot/slack" / f"{word}.py").exists()
