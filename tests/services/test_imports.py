"""Leads from elsewhere: taken in once, corrected by later files, faults named by line."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, func, select
from sqlmodel import SQLModel

from bot.database import reading, transaction
from bot.models import Handoff, Lead
from bot.services import imports, local, periods, verify
from bot.services import rows as rows_
from bot.services.agreements import Agreed
from bot.services.imports import Report
from bot.services.rows import FIELDS, Remark, Row
from bot.store import migrate
from sla_rules.kinds import Per, Tier
from tests import stores, twin

NOW = datetime(2026, 6, 15, 9, 0, tzinfo=UTC)
SAME = {name: name for name in FIELDS}


@dataclass
class Intake:
    """A store with an agreement, and the time as it goes from one file to the next."""

    engine: Engine
    agreed: Agreed
    now: datetime = NOW
    zone: str = "UTC"
    reports: list[Report] = field(default_factory=list)

    def take(self, *rows: Mapping[str, str]) -> Report:
        """Take in rows as they would stand in a file, from line 2 on."""
        self.now += timedelta(minutes=1)
        lines = ((line, {**dict.fromkeys(FIELDS, ""), **row}) for line, row in enumerate(rows, 2))
        report = Report()
        for part in rows_.parts(self._sound(rows_.parse(lines, SAME, self.zone), report)):
            with transaction(self.engine) as session:
                report.add(imports.take_in(session, self.agreed, part, self.now))
        with transaction(self.engine) as session:
            assert list(verify.differences(session)) == []
        return report

    @staticmethod
    def _sound(rows: Iterator[Row | Remark], report: Report) -> Iterator[Row]:
        for row in rows:
            if isinstance(row, Remark):
                report.read += 1
                report.remarks.append(row)
            else:
                yield row

    def figures(self, by: str | None = None, per: Per = Per.MONTH) -> list[periods.Row]:
        with reading(self.engine) as session:
            return periods.table(session, self.agreed, per=per, by=by, now=NOW)

    def lead(self, n: int = 1, handoff: int = 1) -> Lead:
        with reading(self.engine) as session:
            return session.get_one(Lead, (1, handoff, n))

    def count(self, table: str) -> int:
        with reading(self.engine) as session:
            rows = SQLModel.metadata.tables[table]
            return session.scalar(select(func.count()).select_from(rows).where(twin.ours(rows))) or 0


@pytest.fixture
def intake(tmp_path: Path) -> Iterator[Intake]:
    engine = stores.engine(tmp_path / "baton.db")
    migrate(engine)
    with transaction(engine) as session:
        agreed = local.agreement(session, NOW)
    yield Intake(engine, agreed)
    engine.dispose()


def lead(number: int, on: str = "2018-02-01", **cells: str) -> dict[str, str]:
    return {"id": f"L{number}", "handed_over_at": on, "source": "fair", **cells}


def codes(remarks: Sequence[Remark]) -> list[tuple[int, str]]:
    return [(remark.line, remark.code) for remark in remarks]


# ---- what a row tells


@pytest.mark.parametrize(
    ("written", "zone", "expected"),
    [
        ("2018-02-01", "UTC", datetime(2018, 2, 1, tzinfo=UTC)),
        ("2018-02-01", "Europe/Berlin", datetime(2018, 1, 31, 23, tzinfo=UTC)),
        ("2018-02-26 19:58:54", "America/Sao_Paulo", datetime(2018, 2, 26, 22, 58, 54, tzinfo=UTC)),
        ("2018-02-26T19:58:54Z", "Europe/Berlin", datetime(2018, 2, 26, 19, 58, 54, tzinfo=UTC)),
        ("2018-02-26T19:58+05:30", "Europe/Berlin", datetime(2018, 2, 26, 14, 28, tzinfo=UTC)),
    ],
)
def test_a_date_without_a_zone_is_in_the_agreements(
    intake: Intake, written: str, zone: str, expected: datetime
) -> None:
    intake.zone = zone
    assert intake.take(lead(1, written)).added == 1
    assert intake.lead().handed_over_at == expected


@pytest.mark.parametrize(
    "written",
    ["soon", "2018-13-01", "2018-02-30", "01/02/2018", "0001-01-01", "9999-12-31", "2018-02-01T25:00"],
)
def test_an_unreadable_date_is_a_fault_and_the_others_are_taken(intake: Intake, written: str) -> None:
    report = intake.take(lead(1), lead(2, written), lead(3))
    assert (report.read, report.added) == (3, 2)
    assert codes(report.faults()) == [(3, "date_unreadable")]
    assert report.faults()[0].value == f"handed_over_at={written}"


def test_a_row_tells_everything_that_became_of_a_lead(intake: Intake) -> None:
    report = intake.take(
        lead(
            1,
            arrived_at="2018-01-31",
            campaign="Spring",
            tier="a",
            owner="Ana",
            accepted_at="2018-02-02",
            touched_at="2018-02-03",
            sql_at="2018-02-05",
            won_at="2018-02-11T12:00",
            amount="1234.50",
        )
    )
    assert (report.added, report.remarks) == (1, [])
    stored = intake.lead()
    assert (stored.tier, stored.state, stored.outcome, stored.owner) == (Tier.A, "closed", "won", "Ana")
    assert (stored.amount, stored.external_id, stored.day) == (123_450, "L1", date(2018, 2, 1))
    assert (stored.conversion_s, stored.cycle_s) == (10.5 * 86_400, 6.5 * 86_400)
    row = intake.figures()[0]
    assert (row["accepted"], row["sql"], row["won"], row["won_per_100"]) == (1, 1, 1, 100.0)
    assert (row["conversion_time_mean_days"], row["conversion_time_median_days"]) == (10.5, 10.5)


@pytest.mark.parametrize(
    ("written", "reason"),
    [("wrong_role", "wrong_role"), ("Wrong role", "wrong_role"), ("too small", "other"), ("", "other")],
)
def test_a_reason_is_known_by_its_key_or_label_and_else_is_something_else(
    intake: Intake, written: str, reason: str
) -> None:
    intake.take(lead(1, rejected_at="2018-02-03", reason=written))
    assert (intake.lead().state, intake.lead().reason) == ("rejected", reason)


def test_a_lead_whose_handover_is_not_told_was_handed_over_on_arrival(intake: Intake) -> None:
    intake.take({"id": "L1", "arrived_at": "2018-02-01"})
    assert intake.lead().handed_over_at == datetime(2018, 2, 1, tzinfo=UTC)


def test_a_handoff_is_the_leads_of_one_day_source_and_campaign(intake: Intake) -> None:
    report = intake.take(
        lead(1),
        lead(2, "2018-02-01T23:59"),
        lead(3, "2018-02-02"),
        lead(4, source=""),
        lead(5, campaign="Spring"),
        lead(6, "2018-02-01T12:00", tier="A"),
    )
    assert (report.added, intake.count("handoff")) == (6, 4)
    assert [row["source"] for row in intake.figures("source")] == ["(none)", "fair"]
    assert [row["campaign"] for row in intake.figures("campaign")] == ["Spring"]
    with reading(intake.engine) as session:
        assert session.get_one(Handoff, 2).count == 3
    assert intake.lead(1, 2).external_id == "L6", "the warmest first"


def test_imported_leads_open_no_clock_and_send_nothing(intake: Intake) -> None:
    intake.take(lead(1), lead(2, accepted_at="2018-02-02"))
    assert (intake.count("clock"), intake.count("notice")) == (0, 0)


# ---- again and again


def test_a_file_taken_in_again_changes_nothing(intake: Intake) -> None:
    rows = [
        lead(1, won_at="2018-03-01"),
        lead(2, rejected_at="2018-02-03", reason="duplicate"),
        lead(3, accepted_at="2018-02-04", owner="Ana"),
        lead(4, "2018-02-09"),
    ]
    first, events, figures = intake.take(*rows), intake.count("event"), intake.figures()
    again = intake.take(*rows)
    assert (first.added, again.added, again.changed, again.unchanged) == (4, 0, 0, 4)
    assert (intake.count("event"), intake.figures()) == (events, figures)


def test_a_later_file_adds_what_became_of_leads(intake: Intake) -> None:
    intake.take(lead(1), lead(2))
    report = intake.take({"id": "L2", "won_at": "2018-02-08"})
    assert (report.added, report.changed) == (0, 1)
    assert intake.figures()[0]["won"] == 1
    assert intake.figures()[0]["conversion_time_mean_days"] == 7.0


def test_a_later_file_corrects_what_was_told_wrong(intake: Intake) -> None:
    intake.take(lead(1, won_at="2018-02-08", amount="10"))
    report = intake.take({"id": "L1", "won_at": "2018-02-11", "amount": "20"})
    assert report.changed == 1
    assert (intake.lead().amount, intake.figures()[0]["conversion_time_mean_days"]) == (2000, 10.0)
    assert intake.take({"id": "L1", "won_at": "2018-02-08", "amount": "10"}).changed == 1, "and back again"
    assert intake.figures()[0]["conversion_time_mean_days"] == 7.0


def test_what_a_later_file_leaves_empty_stays_as_it_was(intake: Intake) -> None:
    intake.take(lead(1, won_at="2018-02-08"))
    assert intake.take(lead(1)).unchanged == 1
    assert intake.figures()[0]["won"] == 1


def test_new_leads_of_a_known_day_and_source_join_its_handoff(intake: Intake) -> None:
    intake.take(lead(1), lead(2))
    assert intake.take(lead(2), lead(3, won_at="2018-02-08"), lead(4, tier="A")).added == 2
    assert intake.count("handoff") == 1
    assert intake.figures()[0]["leads_delivered"] == 4


def test_a_lead_stays_in_its_first_handoff(intake: Intake) -> None:
    intake.take(lead(1))
    report = intake.take(lead(1, "2018-03-05", source="web"))
    assert (report.added, report.unchanged) == (0, 1)
    assert codes(report.warnings()) == [(2, "stays_in_first_handoff")]
    assert [row["period"] for row in intake.figures()] == ["2018-02"]


def test_a_file_that_says_nothing_of_the_source_moves_nothing(intake: Intake) -> None:
    intake.take(lead(1))
    assert intake.take({"id": "L1", "handed_over_at": "2018-02-01", "won_at": "2018-02-08"}).warnings() == []


def test_rows_about_one_lead_are_put_together_and_say_the_same_again(intake: Intake) -> None:
    rows = [
        {"id": "L1", "won_at": "2018-02-20"},
        lead(1, "2018-02-01", won_at="2018-02-08"),
        lead(1, "2018-04-01", won_at="2018-02-11", owner="Ana"),
    ]
    report = intake.take(*rows)
    assert (report.read, report.added, report.repeated) == (3, 1, 2)
    assert codes(report.warnings()) == [(3, "id_repeated"), (4, "id_repeated")]
    assert (intake.lead().day, intake.lead().owner) == (date(2018, 2, 1), "Ana")
    assert intake.figures()[0]["conversion_time_mean_days"] == 10.0
    events = intake.count("event")
    assert (intake.take(*rows).changed, intake.count("event")) == (0, events)


def test_outcomes_that_stand_before_their_leads_in_a_file_find_them(intake: Intake) -> None:
    report = intake.take({"id": "L2", "won_at": "2018-02-08"}, lead(1), lead(2))
    assert report.faults() == []
    assert intake.figures()[0]["won"] == 1


def test_many_rows_are_cut_into_short_transactions(intake: Intake) -> None:
    rows = [lead(n, f"2018-02-{n % 28 + 1:02}") for n in range(1, 1202)]
    parsed = rows_.parse(
        ((n, {**dict.fromkeys(FIELDS, ""), **row}) for n, row in enumerate(rows)), SAME, "UTC"
    )
    sizes = [len(part) for part in rows_.parts(row for row in parsed if isinstance(row, Row))]
    assert sizes == [500, 500, 201]
    assert intake.take(*rows).added == 1201
    assert (intake.count("handoff"), intake.count("lead")) == (28, 1201)


# ---- faults and warnings


def test_what_cannot_be_taken_is_named_and_nothing_of_it_is_stored(intake: Intake) -> None:
    report = intake.take(
        {"source": "fair", "handed_over_at": "2018-02-01"}, {"id": "L9", "won_at": "2018-02-08"}, {"id": "L8"}
    )
    assert codes(report.faults()) == [(2, "id_missing"), (3, "lead_unknown"), (4, "lead_unknown")]
    assert (report.read, intake.count("lead"), intake.count("event")) == (3, 0, 1)


@pytest.mark.parametrize("in_one_file", [True, False])
def test_a_win_before_the_handover_is_kept_and_left_out_of_conversion_times(
    intake: Intake,
    in_one_file: bool,  # noqa: FBT001
) -> None:
    won = {"id": "L1", "won_at": "2018-01-20"}
    if in_one_file:
        report = intake.take({**lead(1), **won})
    else:
        intake.take(lead(1))
        report = intake.take(won)
    assert codes(report.warnings()) == [(2, "won_before_handover")]
    row = intake.figures()[0]
    assert (row["won"], row["conversion_time_mean_days"], row["conversion_time_median_days"]) == (
        1,
        None,
        None,
    )


@pytest.mark.parametrize(
    ("cells", "code", "column", "stored"),
    [
        ({"tier": "hot"}, "tier_unknown", "tier", "B"),
        ({"won_at": "2018-02-08", "amount": "a lot"}, "amount_unreadable", "amount", None),
        ({"won_at": "2018-02-08", "amount": "-5"}, "amount_unreadable", "amount", None),
        ({"won_at": "2018-02-08", "amount": "NaN"}, "amount_unreadable", "amount", None),
        ({"won_at": "2018-02-08", "amount": "1e99"}, "amount_unreadable", "amount", None),
        ({"rejected_at": "2018-02-08", "won_at": "2018-02-10"}, "rejected_with_outcome", "state", "rejected"),
        ({"won_at": "2018-02-08", "rejected_at": "2018-02-10"}, "rejected_with_outcome", "state", "closed"),
    ],
)
def test_what_is_odd_is_taken_in_and_warned_of(
    intake: Intake, cells: dict[str, str], code: str, column: str, stored: str | None
) -> None:
    report = intake.take(lead(1, **cells))
    assert (report.added, codes(report.warnings())) == (1, [(2, code)])
    assert getattr(intake.lead(), column) == stored


# ---- figures of what was taken in


def test_periods_without_leads_are_there_and_say_so(intake: Intake) -> None:
    intake.take(lead(1, "2018-01-31"), lead(2, "2018-04-01", rejected_at="2018-04-02"))
    rows = intake.figures()
    assert [row["period"] for row in rows] == ["2018-01", "2018-02", "2018-03", "2018-04"]
    assert (rows[1]["leads_delivered"], rows[1]["won_per_100"], rows[1]["acceptance_rate"]) == (0, None, None)
    assert (rows[3]["rejected"], rows[3]["won_per_100"]) == (1, 0.0)
    assert intake.figures(per=Per.QUARTER)[0]["period"] == "2018-Q1"
    assert len(intake.figures(per=Per.WEEK)) == 9


def test_the_first_day_counts_and_the_last_does_not_and_cut_periods_are_marked(intake: Intake) -> None:
    intake.take(lead(1, "2018-01-10"), lead(2, "2018-02-10"), lead(3, "2018-02-20"))
    with reading(intake.engine) as session:
        rows = periods.table(
            session,
            intake.agreed,
            per=Per.MONTH,
            now=NOW,
            start_on=date(2018, 1, 10),
            end_on=date(2018, 2, 20),
        )
        whole = periods.table(
            session, intake.agreed, per=Per.MONTH, now=NOW, start_on=date(2018, 1, 1), end_on=date(2018, 3, 1)
        )
    assert [(row["period"], row["leads_delivered"], row["partial"]) for row in rows] == [
        ("2018-01", 1, True),
        ("2018-02", 1, True),
    ]
    assert [row["partial"] for row in whole] == [False, False]


def test_above_a_thousand_wins_the_median_is_within_one_per_cent(intake: Intake) -> None:
    start = datetime(2018, 2, 1, tzinfo=UTC)
    won = [(start + timedelta(hours=n)).isoformat() for n in range(1, 1202)]
    intake.take(*(lead(n, start.isoformat(), won_at=at) for n, at in enumerate(won)))
    row = intake.figures()[0]
    assert row["won"] == 1201
    assert row["conversion_time_mean_days"] == 25.04
    assert row["conversion_time_median_days"] == pytest.approx(601 / 24, rel=0.01)


def test_without_leads_there_are_no_figures(intake: Intake) -> None:
    assert intake.figures() == []
