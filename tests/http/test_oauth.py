"""Workspaces install Baton by Slack's OAuth: once, in the browser in which it began, and again."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlmodel import Session, SQLModel, col

from bot.answers import Refused
from bot.database import reading
from bot.exchange import Exchange, Grant
from bot.http.oauth import COOKIE
from bot.jobs import tokens
from bot.models import Agreement, Installation, OAuthState, Workspace
from bot.seal import Seal, SealError, new_key
from bot.services import installations
from tests import twin
from tests.slack.neighbours import HERE, OTHER, Neighbours, neighbours, state_in
from tests.slack.office import MAYA, SARA, TEAM


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Neighbours]:
    with neighbours(tmp_path, are_installed=False) as both:
        yield both


@pytest.fixture
def both(tmp_path: Path) -> Iterator[Neighbours]:
    with neighbours(tmp_path) as both:
        yield both


def stored(both: Neighbours, tenant: str) -> Installation | None:
    with both.baton.context.reading() as session:
        return session.get(Installation, tenant)


def workspace(session: Session, team: str) -> Workspace:
    return session.scalars(select(Workspace).where(col(Workspace.team_id) == team)).one()


def test_a_workspace_is_served_as_soon_as_it_is_installed(empty: Neighbours) -> None:
    asked = empty.slack.command(MAYA, "CSLA", "/sla status")
    assert asked["message"] is None
    page = empty.install()
    assert page.status_code == 200
    assert "/sla setup" in page.text
    assert "Nothing is agreed" in empty.first.type(MAYA, "/sla status")


def test_who_installs_is_welcomed_once_and_nobody_else(empty: Neighbours) -> None:
    empty.install()
    empty.install()
    empty.first.settle()
    assert ["Baton is here" in told["text"] for told in empty.first.slack.dms(MAYA)] == [True]
    assert not empty.first.slack.dms(SARA)


def test_the_page_keeps_the_code_to_itself(empty: Neighbours) -> None:
    page = empty.install()
    assert page.headers["referrer-policy"] == "no-referrer"
    assert page.headers["cache-control"] == "no-store"
    assert "default-src 'none'" in page.headers["content-security-policy"]


def test_the_state_is_bound_to_one_browser_by_a_cookie_that_scripts_do_not_see(empty: Neighbours) -> None:
    begun = empty.web.get("/slack/install")
    cookie = begun.headers["set-cookie"]
    assert cookie.startswith(f"{COOKIE}={state_in(begun.headers['location'])};")
    for flag in ("HttpOnly", "Secure", "SameSite=lax", "Max-Age=600", "Path=/slack/oauth_redirect"):
        assert flag in cookie


def refused(both: Neighbours, address: str, *, as_begun_with: str = "") -> None:
    browser = both.web
    if as_begun_with:
        browser.cookie = as_begun_with
    assert browser.get(address).status_code == 400
    assert stored(both, TEAM) is None
    assert not [call for call in both.slack.calls("oauth.v2.access") if call.ok]


def test_without_a_state_of_this_browser_nothing_is_installed(empty: Neighbours) -> None:
    begun = empty.web.get("/slack/install").headers["location"]
    back = empty.allowed(begun)
    refused(empty, back)
    refused(empty, back, as_begun_with="another browser's")
    refused(empty, f"{HERE}/slack/oauth_redirect?code=abc")
    refused(empty, f"{HERE}/slack/oauth_redirect?code=abc&state=", as_begun_with="")
    refused(empty, f"{HERE}/slack/oauth_redirect?code=abc&state=made-up", as_begun_with="made-up")
    refused(empty, f"{HERE}/slack/oauth_redirect?code=abc&state=%F0%9F%92%A9", as_begun_with="x")


def test_a_state_is_good_for_ten_minutes(empty: Neighbours) -> None:
    begun = empty.web.get("/slack/install").headers["location"]
    back = empty.allowed(begun)
    empty.clock.sleep(601)
    refused(empty, back, as_begun_with=state_in(begun))


def test_a_state_is_good_once_even_for_two_clicks_at_once(empty: Neighbours) -> None:
    now, context = empty.clock.now(), empty.baton.context
    with context.transaction() as session:
        state = installations.begin(session, now)
    uses = []
    for _ in range(2):
        with context.transaction() as session:
            uses.append(installations.end(session, state, now))
    assert uses == [True, False]


def test_states_that_were_never_used_are_cleared_away(empty: Neighbours) -> None:
    for _ in range(3):
        empty.web.get("/slack/install")
    empty.clock.sleep(601)
    empty.web.get("/slack/install")
    with empty.baton.context.reading() as session:
        assert len(session.scalars(select(OAuthState)).all()) == 1


def test_who_says_no_to_slack_is_told_that_nothing_happened(empty: Neighbours) -> None:
    browser = empty.web
    begun = browser.get("/slack/install").headers["location"]
    back = browser.get(f"{HERE}/slack/oauth_redirect?error=access_denied&state={state_in(begun)}")
    assert back.status_code == 200
    assert "Nothing was installed" in back.text
    assert stored(empty, TEAM) is None


def test_a_code_that_slack_does_not_know_installs_nothing(empty: Neighbours) -> None:
    browser = empty.web
    begun = browser.get("/slack/install").headers["location"]
    back = browser.get(f"{HERE}/slack/oauth_redirect?code=made-up&state={state_in(begun)}")
    assert back.status_code == 400
    assert stored(empty, TEAM) is None


def test_while_slack_does_not_answer_nothing_is_kept(empty: Neighbours) -> None:
    empty.slack.fail("auth.test", "server_error", status=503)
    assert empty.install().status_code == 502
    assert stored(empty, TEAM) is None
    assert empty.install().status_code == 200


def test_the_page_speaks_portuguese_to_who_reads_that(empty: Neighbours) -> None:
    answer = empty.web.get("/slack/oauth_redirect", **{"Accept-Language": "pt-BR,pt;q=0.9"})
    assert 'lang="pt-BR"' in answer.text
    assert "Este link" in answer.text


# ---- again


def test_another_installation_renews_the_token_and_changes_nothing_else(both: Neighbours) -> None:
    old = both.slack.bot_token
    with both.baton.context.reading() as session:
        before = session.scalars(select(Agreement)).all()
    assert both.install(user=SARA).status_code == 200

    assert both.slack.bot_token != old
    with both.baton.context.reading() as session:
        assert [row.id for row in session.scalars(select(Agreement))] == [row.id for row in before]
        assert workspace(session, TEAM).admin == MAYA
    kept = stored(both, TEAM)
    assert kept is not None
    assert kept.installer == SARA
    assert "H-1" in both.first.type(MAYA, "/sla log 4 webinar June")
    both.first.settle()
    assert both.first.card()


def test_what_one_installs_is_nobody_elses(both: Neighbours) -> None:
    assert "H-1" in both.first.type(MAYA, "/sla log 4 webinar June")
    both.first.settle()
    assert not [one for one in both.second.slack.messages("CSLA") if "H-1" in one["text"]]


# ---- a whole organisation


def test_a_workspace_of_an_organisation_is_served_when_it_is_first_seen(empty: Neighbours) -> None:
    empty.slack.parts.slack.enterprise_id = "E1ORG"
    assert empty.install().status_code == 200
    with empty.baton.context.reading() as session:
        assert session.scalars(select(Workspace).where(twin.ours(Workspace))).all() == []

    assert "Nothing is agreed" in empty.first.type(MAYA, "/sla status")
    with empty.baton.context.reading() as session:
        row = workspace(session, TEAM)
        assert (row.tenant, row.bot_id, row.state) == ("E1ORG", "B0BATON", "active")
    assert empty.slack.command(MAYA, "CSLA", "/sla setup")["ok"]
    assert empty.first.view(MAYA)


def test_an_organisations_installation_serves_none_but_its_own(empty: Neighbours) -> None:
    empty.slack.parts.slack.enterprise_id = "E1ORG"
    empty.install()
    assert empty.second.slack.command(MAYA, "CSLA", "/sla status")["message"] is None


# ---- tokens at rest


def test_no_token_stands_in_the_store_as_it_is(both: Neighbours) -> None:
    with both.baton.context.reading() as session:
        rows = [
            str(row) for table in SQLModel.metadata.tables.values() for row in session.execute(select(table))
        ]
    text = "\n".join(rows)
    assert TEAM in text
    for secret in (both.slack.bot_token, both.second.slack.parts.slack.bot_token, "xoxb", "xoxe"):
        assert secret not in text


def test_what_was_sealed_for_one_workspace_does_not_open_for_another() -> None:
    seal = Seal.of(new_key())
    sealed = seal.sealed("xoxb-1", TEAM)
    assert seal.opened(sealed, TEAM) == "xoxb-1"
    with pytest.raises(SealError, match="moved"):
        seal.opened(sealed, OTHER)


def test_another_key_seals_anew_and_the_old_one_can_go(both: Neighbours) -> None:
    context = both.baton.context
    old = str(both.baton.settings.secret_keys.get_secret_value())
    new = new_key()
    with context.transaction() as session:
        assert installations.seal_again(session, Seal.of(f"{new},{old}")) == 2
    with reading(context.engine) as session:
        installations.check_keys(session, Seal.of(new))
        with pytest.raises(SealError, match="lacks the key"):
            installations.check_keys(session, Seal.of(old))


@pytest.mark.parametrize("keys", ["", "short", "%%%", "c2hvcnQ="])
def test_keys_that_are_none_are_refused(keys: str) -> None:
    with pytest.raises(SealError):
        Seal.of(keys)


# ---- token rotation, where the app has it


@pytest.fixture
def rotating(empty: Neighbours) -> Neighbours:
    empty.slack.parts.slack.rotates_tokens = True
    assert empty.install().status_code == 200
    return empty


def test_a_token_that_ends_soon_is_renewed_once(rotating: Neighbours) -> None:
    context, first = rotating.baton.context, rotating.slack.bot_token
    assert tokens.run(context) == 0
    rotating.clock.at += timedelta(hours=11)
    assert tokens.run(context) == 1
    assert tokens.run(context) == 0
    assert rotating.slack.bot_token != first
    assert len(rotating.slack.calls("oauth.v2.access")) == 2
    rotating.clock.at += timedelta(hours=2)
    assert "Nothing is agreed" in rotating.first.type(MAYA, "/sla status")


def test_of_two_processes_one_renews(rotating: Neighbours) -> None:
    rotating.clock.at += timedelta(hours=11)
    context, now = rotating.baton.context, rotating.clock.now()
    seal = Seal.of(rotating.baton.settings.secret_keys.get_secret_value())
    claims = []
    for _ in range(2):
        with context.transaction() as session:
            claims.append(installations.claim_renewal(session, seal, TEAM, now))
    assert [claim is not None for claim in claims] == [True, False]


def test_a_renewal_that_failed_is_tried_again(rotating: Neighbours) -> None:
    rotating.clock.at += timedelta(hours=11)
    kept, rotating.slack.parts.slack.refresh_token = rotating.slack.parts.slack.refresh_token, "lost"
    assert tokens.run(rotating.baton.context) == 0
    rotating.slack.parts.slack.refresh_token = kept
    rotating.clock.sleep(61)
    assert tokens.run(rotating.baton.context) == 1


def test_a_token_that_ended_while_nobody_renewed_it_holds_up_its_workspace_no_longer(
    rotating: Neighbours,
) -> None:
    rotating.first.type(MAYA, "/sla status")
    rotating.clock.at += timedelta(hours=14)
    rotating.first.slack.open_home(MAYA)
    rotating.first.settle()
    with rotating.baton.context.reading() as session:
        assert workspace(session, TEAM).state == "stopped"

    assert tokens.run(rotating.baton.context) == 1
    rotating.first.settle()
    assert rotating.first.slack.home(MAYA)
    assert "Nothing is agreed" in rotating.first.type(MAYA, "/sla status")


def test_a_renewal_serves_nobody_who_took_baton_out(rotating: Neighbours) -> None:
    rotating.clock.at += timedelta(hours=11)
    rotating.first.slack.revoke_tokens()
    with pytest.raises(Refused):
        rotating.baton.context.at(TEAM).gateway.auth_test()
    assert tokens.run(rotating.baton.context) == 1
    with rotating.baton.context.reading() as session:
        assert workspace(session, TEAM).state == "stopped"


def test_what_was_installed_anew_while_it_was_renewed_stays(
    rotating: Neighbours, monkeypatch: pytest.MonkeyPatch
) -> None:
    rotating.clock.at += timedelta(hours=11)
    renewed = Exchange.renewed

    def meanwhile(exchange: Exchange, refresh_token: str) -> Grant:
        grant = renewed(exchange, refresh_token)
        assert rotating.install().status_code == 200
        return grant

    monkeypatch.setattr(Exchange, "renewed", meanwhile)
    tokens.run(rotating.baton.context)
    kept = rotating.baton.context.at(TEAM).gateway.auth_test()
    assert kept["team_id"] == TEAM
