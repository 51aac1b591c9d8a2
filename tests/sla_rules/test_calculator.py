import pytest

from sla_rules.calculator import CalculationError, Number, leads_needed


def test_deals_won_per_100_give_the_leads_a_month() -> None:
    needed = leads_needed(
        revenue=50_000, deal_size=5_000, acceptance=0.8, won_per_100=4, reps=5, capacity=10, working_days=20
    )

    assert (needed.deals, needed.leads, needed.qualified, needed.capacity, needed.fits) == (
        10,
        250,
        200,
        1000,
        True,
    )


def test_a_win_rate_of_sqls_counts_every_accepted_lead_as_one() -> None:
    needed = leads_needed(
        revenue=50_000, deal_size=5_000, acceptance=0.8, win_rate=0.25, reps=1, capacity=2, working_days=20
    )

    assert (needed.leads, needed.qualified, needed.capacity, needed.fits) == (50, 40, 40, False)


def test_a_known_share_of_sqls_takes_the_place_of_acceptance() -> None:
    needed = leads_needed(
        revenue=50_000,
        deal_size=5_000,
        acceptance=0.8,
        win_rate=0.25,
        sql_rate=0.1,
        reps=1,
        capacity=20,
        working_days=20,
    )

    assert (needed.leads, needed.qualified) == (400, 320)
    assert needed.fits, "400 of 400 still fit"


def test_a_tenth_is_a_tenth() -> None:
    needed = leads_needed(
        revenue=3, deal_size=1, acceptance=1, win_rate=0.1, sql_rate=1, reps=1, capacity=1, working_days=31
    )

    assert needed.leads == 30, "floats would make it 31"


def test_without_a_cap_everything_fits() -> None:
    needed = leads_needed(
        revenue=50_000, deal_size=5_000, acceptance=0.8, won_per_100=4, reps=1, capacity=None, working_days=20
    )

    assert (needed.capacity, needed.fits) == (None, True)


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("revenue", 0, "not_above_zero"),
        ("revenue", -5, "not_above_zero"),
        ("revenue", "much", "not_a_number"),
        ("revenue", float("nan"), "not_a_number"),
        ("revenue", float("inf"), "not_a_number"),
        ("revenue", "1e999999999", "out_of_range"),
        ("revenue", "1e-999999999", "out_of_range"),
        ("deal_size", 0, "not_above_zero"),
        ("acceptance", 80, "out_of_range"),
        ("acceptance", 0, "not_above_zero"),
        ("won_per_100", 101, "out_of_range"),
        ("won_per_100", None, "rate_missing"),
        ("reps", 0, "not_above_zero"),
        ("capacity", 0, "not_above_zero"),
        ("working_days", 32, "out_of_range"),
    ],
)
def test_a_figure_that_cannot_be_meant_is_named(name: str, value: Number | None, code: str) -> None:
    figures = {
        "revenue": 50_000,
        "deal_size": 5_000,
        "acceptance": 0.8,
        "won_per_100": 4,
        "reps": 5,
        "capacity": 10,
        "working_days": 20,
    } | {name: value}

    with pytest.raises(CalculationError) as refused:
        leads_needed(**figures)  # type: ignore[arg-type]

    assert (refused.value.code, refused.value.name) == (code, name)


def test_a_target_that_needs_a_million_leads_is_refused() -> None:
    with pytest.raises(CalculationError, match="leads"):
        leads_needed(
            revenue=10**12, deal_size=1, acceptance=0.8, won_per_100=4, reps=5, capacity=10, working_days=20
        )
