"""The DM from which a rep works."""

from bot.messages import work
from tests.messages import examples as e
from tests.messages.reading import controls, lines

LOCALE = "en"
ADA = "Ada Lovelace*, Acme · B · score 87"
AT = "<mailto:ada@acme.example|ada@acme.example> · <https://crm.example/3|open>"


def test_the_dm_lists_first_what_waits_for_a_touch() -> None:
    drawn = work.message([e.work()], LOCALE)

    assert drawn.text == "2 leads to contact: H-128"
    assert lines(drawn) == [
        "*H-128 · 2 leads to contact* by Thu 18 Jun 07:50 UTC",
        "4 webinar leads of yours · June webinar · <https://crm.example/list|open list>",
        "_Note:_ Call before noon",
        f"*3 · {ADA}",
        AT,
        "*4* · B",
        f"*9 · {ADA}",
        f"{AT} · contacted Thu 18 Jun 06:40 UTC",
        f"*5 · {ADA}",
        f"{AT} · Won",
    ]


def test_each_lead_has_its_next_step_and_the_end_steps_for_all() -> None:
    assert controls(work.message([e.work()], LOCALE)) == [
        ("lead.touched", "7:3"),
        ("lead.touched", "7:4"),
        ("lead.outcome", "7:9:sql"),
        ("lead.outcome", "7:9:won"),
        ("lead.outcome", "7:9:lost"),
        ("lead.outcome", "7:9:recycled"),
        ("lead.outcome", "7:9:tried"),
        ("lead.touched_all", "7"),
        ("lead.touched_at", "7"),
        ("hand.open", "7"),
        ("ask.open", "7"),
    ]


def test_leads_can_be_given_back_until_the_first_is_contacted() -> None:
    offered = [action for action, _ in controls(work.message([e.work(leads=[e.lead()])], LOCALE))]

    assert offered[-1] == "lead.take_back"
    assert "lead.take_back" not in [action for action, _ in controls(work.message([e.work()], LOCALE))]


def test_a_lead_that_is_sql_can_still_be_won_or_lost() -> None:
    drawn = work.message([e.work(leads=[e.lead(state="touched", outcome="sql", touched_at=e.PAST)])], LOCALE)

    assert [value for action, value in controls(drawn) if action == "lead.outcome"] == [
        "7:3:won",
        "7:3:lost",
        "7:3:recycled",
    ]
    assert lines(drawn)[0] == "*H-128 · contacted*"


def test_a_late_lead_says_when_it_was_due() -> None:
    drawn = work.message([e.work(leads=[e.lead(due_at=e.PAST, is_late=True)], due_at=e.PAST)], LOCALE)

    assert lines(drawn)[-1] == f"{AT} · was due Thu 18 Jun 06:40 UTC"


def test_many_leads_are_counted_and_not_listed() -> None:
    drawn = work.message([e.work(leads=[e.lead(n=n) for n in range(1, 101)])], LOCALE)

    assert len([action for action, _ in controls(drawn) if action == "lead.touched"]) == 20
    assert lines(drawn)[-1] == "…and 80 more leads in Home."


def test_what_has_its_outcome_gives_way_to_what_has_none() -> None:
    won = e.work(handoff_id=8, number=129, leads=[e.lead(number=129, state="touched", outcome="sql")])
    drawn = work.message([e.work(), won], LOCALE)

    assert not any("H-129" in line for line in lines(drawn))
    assert lines(drawn)[-1] == "…and 1 more lead in Home."


def test_a_dm_without_leads_asks_for_nothing() -> None:
    drawn = work.message([e.work(leads=[])], LOCALE)

    assert lines(drawn) == ["No lead is yours to work now."]
    assert controls(drawn) == []


def test_several_handoffs_stand_in_one_message_with_their_own_buttons() -> None:
    later = e.work(handoff_id=8, number=129, leads=[e.lead(handoff_id=8, number=129)])
    drawn = work.message([e.work(), later], LOCALE)

    assert drawn.text == "3 leads to contact: H-128, H-129"
    assert lines(drawn)[:2] == [
        "*3 leads to contact, first by Thu 18 Jun 07:50 UTC*",
        "*H-128 · 2 leads to contact* by Thu 18 Jun 07:50 UTC",
    ]
    assert [value for action, value in controls(drawn) if action == "lead.touched_at"] == ["7", "8"]


def test_an_older_list_points_to_the_newer_one() -> None:
    assert lines(work.moved(LOCALE)) == ["Your leads stand in a newer message below."]
    assert controls(work.moved(LOCALE)) == []
