"""Who is who stays fresh; who left the company hands everything on."""

from datetime import UTC, datetime

from bot.demo.cast import EVERYONE, GUS, MARA, MILO, RITA, SAM, THEO
from bot.services import people, verify
from tests.story.week import Week, at


def asked(week: Week) -> list[str]:
    return [call.body["user"] for call in week.demo.sandbox.calls("users.info")]


def ask(week: Week) -> object:
    return week.demo.baton.jobs["people"]()


def test_people_of_the_agreement_are_asked_about_once_a_day(week: Week) -> None:
    parties = [one.id for one in EVERYONE if one is not GUS]
    assert set(asked(week)) >= set(parties)
    before = len(asked(week))
    week.go("mon 17:00")
    assert ask(week) == 0
    week.go("tue 09:30")
    assert ask(week) == len(parties)
    assert sorted(asked(week)[before:]) == sorted(parties)


def test_what_slack_cannot_tell_now_is_asked_the_next_time(week: Week) -> None:
    week.go("tue 09:30")
    week.demo.sandbox.fail("users.info", "rate_limited", times=None)
    assert ask(week) == 0
    week.demo.sandbox.heal()
    assert ask(week) == len(EVERYONE) - 1


def test_somebody_slack_does_not_know_holds_up_nobody(week: Week) -> None:
    week.go("tue 09:30")
    week.demo.sandbox.fail(
        "users.info", "error", times=None, error="user_not_found", when=lambda body: body["user"] == MARA.id
    )
    assert ask(week) == len(EVERYONE) - 1


def test_a_refused_token_says_nothing_of_anybody(week: Week) -> None:
    week.go("tue 09:30")
    week.type(MILO.id, "/sla log webinar B=3")
    week.type(RITA.id, "/sla take H-1 all")
    week.demo.sandbox.revoke_tokens()
    assert ask(week) == 0
    week.demo.sandbox.revoke_tokens(are_revoked=False)
    with week.reading() as (session, agreed):
        assert people.present(session, agreed, at("tue 10:00")) == [SAM.id, RITA.id, THEO.id]
    assert ask(week) == len(EVERYONE) - 1


def test_who_left_the_company_has_no_share_no_duty_and_no_leads(week: Week) -> None:
    week.go("tue 10:00")
    week.type(MILO.id, "/sla log webinar B=12")
    week.type(SAM.id, "/sla take H-1 4")
    week.type(SAM.id, "/sla touch H-1 1")
    week.demo.sandbox.change_person(SAM.id, is_deleted=True)
    week.settle()

    assert f"<@{SAM.id}>" not in week.says(1).partition("Taken")[2].partition("\n")[0]
    assert "Take My 6" in week.says(1)
    with week.reading() as (session, agreed):
        now = datetime(2026, 6, 3, 9, 0, tzinfo=UTC)
        assert people.present(session, agreed, now) == [RITA.id, THEO.id]
        assert people.answers_for(session, agreed, SAM.id, now) in (RITA.id, THEO.id)
        assert list(verify.differences(session)) == []


def test_that_somebody_left_is_also_found_by_asking(week: Week) -> None:
    week.go("tue 10:00")
    week.type(MILO.id, "/sla log webinar B=12")
    week.type(SAM.id, "/sla take H-1 4")
    week.demo.sandbox.fail("event.user_change", "lost")
    week.demo.sandbox.change_person(SAM.id, is_deleted=True)
    week.settle()
    assert f"<@{SAM.id}> 4" in week.says(1)
    ask(week)
    week.settle()
    assert f"<@{SAM.id}> 4" not in week.says(1)
