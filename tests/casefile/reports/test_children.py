"""R1, R6, R8, R9, R14, R16: what came of the children, and what the papers about them say."""

from datetime import date
from uuid import UUID

import pytest

from services.casefile.domain.refusals import CaseNotFound
from services.casefile.domain.stream_ids import unit_stream
from services.casefile.exporting.telling import sentence
from services.casefile.labels import labels
from services.casefile.reports.asking import Reader, ReportNotAvailable
from services.casefile.reports.callback import SampleNotFound
from services.casefile.reports.report import Share
from services.casefile.reports.summary import ANSWERED_BY, REPORT_OF
from tests.casefile.history.bygone import Bygone, noon
from tests.casefile.reports.drawn import AUTUMN, drawn, row, rows
from tests.casefile.rulebooks.policies import policy, rule


def test_retention_is_who_is_still_there_of_those_who_began(past: Bygone):
    school = {"birth_year": 2015, "school": "school-1"}
    past.opened("2025-08-20", **school)
    left, moved, closed = (past.opened("2025-08-20", **school) for _ in range(3))
    past.told(left, "school_status", "2025-10-10", status="dropped_out")
    past.told(moved, "transfer", "2025-10-10", reason="school_change", school="school-2")
    past.told(closed, "closure", "2025-10-10", reason="moved_away")
    past.opened("2025-10-01", **school)
    past.write()

    report = drawn(past, "R6", unit="county-1", since=date(2025, 9, 1), as_of=date(2025, 12, 31))

    assert row(report, "rates", rate="retention")["share"] == Share(1, 2)
    assert row(report, "rates", rate="enrolment")["share"] == Share(3, 4)
    moves = {each["movement"]: each["children"] for each in rows(report, "movements")}
    assert moves == {"closed": 1, "moved": 1, "left_school": 1, "joined": 1}
    assert not [each for each in rows(report, "rates") if each["rate"] == "filing"]


def test_a_survey_of_the_unit_itself_counts_before_those_below_it(past: Bygone):
    past.opened("2025-08-20")
    for unit, children in (("town-1", 30), ("school-1", 20), ("school-2", 5)):
        past.told(
            unit_stream(unit), "baseline_survey", "2025-09-01", campaign="autumn",
            method="class_lists", started_on="2025-09-01", ended_on="2025-09-01",
            children=children,
        )  # fmt: skip
    past.write()

    def filed(unit: str) -> Share:
        share = row(drawn(past, "R6", unit=unit), "rates", rate="filing")["share"]
        assert isinstance(share, Share)
        return share

    assert filed("county-1") == Share(1, 30)
    assert filed("school-1") == Share(1, 20)


def test_a_grant_nobody_paid_or_asked_after_for_a_month_is_listed(past: Bygone):
    child = past.opened("2025-08-20")
    body = {"scheme": "spring_bud", "amount_fen": 50_000, "rhythm": "once", "payer": "foundation"}
    paid = past.told(child, "grant", "2025-09-05", starts_on="2025-09-05", **body)
    past.told(child, "grant", "2025-09-06", starts_on="2025-09-06", **body)
    past.told(
        child, "disbursement", "2025-09-20", scheme="spring_bud", amount_fen=50_000,
        payee="guardian", grant=str(paid),
    )  # fmt: skip
    past.told(child, "delivery_check", "2025-09-25", found="received", asked="guardian",
              grant=str(paid))  # fmt: skip
    past.write()

    report = drawn(past, "R8", unit="county-1", as_of=date(2025, 11, 30), **AUTUMN)
    early = drawn(past, "R8", unit="county-1", as_of=date(2025, 10, 1), since=date(2025, 9, 1))

    scheme = row(report, "schemes", scheme="spring_bud")
    money = [scheme[name] for name in ("grants", "granted", "paid", "arrived", "unpaid")]
    assert money == [2, 100_000, 50_000, 50_000, 1]
    assert scheme["verified"] == Share(1, 2)
    assert [each["granted_on"] for each in rows(report, "open")] == [date(2025, 9, 6)]
    assert rows(early, "open") == []


def harmed(past: Bygone) -> UUID:
    child = past.opened("2025-08-20")
    past.told(
        child, "mandatory_report", "2025-10-10", ground="abandoned_or_left_alone",
        told=[{"authority": "police", "told_at": "2025-10-12T09:00:00+08:00"}],
        account="独自在家。", harmer_in_care_team=True, harmer_staff="t-102",
    )  # fmt: skip
    past.told(
        child, "incident", "2025-10-20", incident_kind="injury", severity="serious", place="home",
        account="摔伤。",
    )  # fmt: skip
    past.write()
    return child


def test_a_report_is_timed_and_a_serious_incident_without_one_is_listed(past: Bygone):
    child = harmed(past)

    report = drawn(past, "R9", unit="county-1", **AUTUMN)

    found = row(report, "reports", case=child)
    assert (found["hours"], found["answered"]) == (33, "no")
    assert row(report, "rates", measure="within_a_day")["share"] == Share(0, 1)
    assert row(report, "rates", measure="within_three_days")["share"] == Share(1, 1)
    assert [each["occurred_on"] for each in rows(report, "incidents")] == [date(2025, 10, 20)]


def test_whoever_is_named_in_a_report_does_not_see_it(past: Bygone):
    harmed(past)

    report = drawn(past, "R9", Reader("t-102", "supervisor", case_level=True), **AUTUMN)

    assert rows(report, "reports") == []


def test_the_dossier_shows_names_and_what_was_owed_and_brings_the_events(past: Bygone):
    past.adopted(policy(effective_from=date(2025, 9, 1), rules=(rule(),)), "2025-08-01")
    child = past.opened("2025-08-20")
    talk = past.told(child, "talk", "2025-09-10", mood="low", own_words="想妈妈。")
    past.write()
    past.on("2025-12-20")
    past.annul(child, talk)

    report = drawn(past, "R1", case_id=child)

    assert '"禾苗甲"' in row(report, "facts", fact="child.name")["says"]
    [told] = [each for each in rows(report, "timeline") if each["kind"] == "talk"]
    assert (told["state"], "想妈妈" in told["content"]) == ("annulled", True)
    assert {each["window"] for each in rows(drawn(past, "R1", case_id=child), "obligations")} >= {
        "2025-09"
    }
    assert [event["kind"] for event in report.data["events"]] == ["opening", "talk", "annulment"]
    with pytest.raises(CaseNotFound):
        drawn(past, "R1", case_id=child, as_of=date(2025, 8, 1))


def test_there_is_no_certificate_before_there_is_a_seal(past: Bygone):
    past.write()

    with pytest.raises(ReportNotAvailable):
        drawn(past, "R15")


def test_without_a_sample_there_is_nobody_to_ring_up(past: Bygone):
    child = past.opened("2025-08-20")
    past.write()

    with pytest.raises(SampleNotFound):
        drawn(past, "R14", inspection=child)


@pytest.fixture
def term(past: Bygone) -> Bygone:
    """A term of two children, with a miss, a late record and a talk that was annulled."""
    past.adopted(policy(effective_from=date(2025, 9, 1), rules=(rule(),)), "2025-08-01")
    girl, boy = past.opened("2025-09-01"), past.opened("2025-09-01", sex="male", school="school-2")
    past.told(girl, "guardian", "2025-09-02", guardian_type="grandparent", name="禾某")
    past.told(girl, "pairing", "2025-09-02", pairing_kind="teacher", mentor="t-101")
    for child, day, lag in (
        (girl, "2025-09-10", 0),
        (girl, "2025-10-10", 20),
        (boy, "2025-09-11", 1),
    ):
        past.told(child, "talk", day, lag=lag)
    past.told(girl, "health_check", "2025-10-12", provider="school_clinic", abnormal=False)
    past.told(unit_stream("school-1"), "leading_group_meeting", "2025-09-05", present=["t-101"])
    past.write()
    past.on("2025-11-30")
    past.declare(girl, boy)
    past.children += [girl, boy]
    return past


def test_the_summary_fills_in_every_figure_from_events(term: Bygone):
    report = drawn(term, "R16", unit="county-1", since=date(2025, 9, 1), until=date(2025, 10, 31))

    figures = {f.name: f.value for p in report.paragraphs for f in p.figures}
    assert (figures["children"], figures["girls"], figures["boys"]) == (2, 1, 1)
    assert (figures["opened"], figures["talks"], figures["meetings"]) == (2, 3, 1)
    assert (figures["paired"], figures["unpaired"]) == (Share(1, 2), Share(1, 2))
    assert (figures["missed"], figures["kept"]) == (Share(1, 4), Share(3, 4))
    assert figures["late"] == Share(1, 8)
    assert figures["checked"] == Share(1, 2)
    assert figures["missed_most"] == "班主任每月谈心"
    assert set(figures) == set(REPORT_OF) == {n for names in ANSWERED_BY.values() for n in names}


def test_the_summary_reads_in_five_sections_of_chinese(term: Bygone):
    report = drawn(term, "R16", unit="county-1", since=date(2025, 9, 1), until=date(2025, 10, 31))

    words = labels("zh")
    headings = [words.text(p.heading) for p in report.paragraphs if p.heading]
    assert headings == ["一、基本情况", "二、主要做法", "三、成效", "四、存在问题", "五、下一步"]
    told = [sentence(paragraph, words) for paragraph in report.paragraphs]
    assert told[0] == (
        "期末在册儿童2名，其中女童1名、男童1名；留守儿童2名，困境儿童0名，兼具两种身份0名。"
    )
    assert "谈心3次，家访0次" in "".join(told)


def test_the_link_behind_a_figure_asks_the_same_question_again(term: Bygone):
    asked = {"since": date(2025, 9, 1), "until": date(2025, 10, 31)}
    report = drawn(term, "R16", unit="county-1", known_at=noon("2025-11-30"), **asked)

    figures = {f.name: f for p in report.paragraphs for f in p.figures}
    missed, talks = figures["missed"], figures["talks"]

    assert missed.link is not None
    assert missed.link.startswith("/reports/R3?unit=county-1&as_of=2025-11-30&known_at=")
    misses = rows(
        drawn(term, "R3", unit="county-1", known_at=noon("2025-11-30"), **asked), "misses"
    )
    kinds = drawn(term, "R4", unit="county-1", known_at=noon("2025-11-30"), **asked)
    assert isinstance(missed.value, Share)
    assert len(misses) == missed.value.part
    assert row(kinds, "kinds", kind="talk")["records"] == talks.value
