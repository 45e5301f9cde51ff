"""N03: brother and sister alone at home. Whoever learns of it reports it, and nobody waives that."""

import pytest

from services.casefile.domain.cadence.refusals import NeverWaivable
from tests.casefile.stories.town import COUNTY, DIRECTOR, Town

REPORT = {"ground": "abandoned_or_left_alone", "account": "兄妹二人独自在家"}


def told_police(moment: str) -> dict[str, object]:
    return {"told": [{"authority": "police", "told_at": moment}]} | REPORT


def test_n03_two_children_alone_are_reported_and_no_waiver_spares_it(town: Town):
    town.adopts("mandatory-report")
    brother = town.opens(name="禾苗丙", sex="male", birth_date="2076-04-02")
    sister = town.opens(name="禾苗丁", birth_date="2080-07-09")
    for case in (brother, sister):
        town.record(case, "profile", siblings=1)
        town.record(case, "worker", role="child_director", staff="d-201", unit="village-1")

    # The director finds both at nine, and reports for the brother within the hour.
    town.day("2089-10-12", at="09:50")
    alone = {"emergency_kind": "left_alone", "occurred_at": "09:00:00"}
    found = {case: town.record(case, "emergency", DIRECTOR, **alone) for case in (brother, sister)}
    at_half_past = {"occurred_at": "09:30:00"} | told_police("2089-10-12T09:30:00+08:00")
    town.record(brother, "mandatory_report", DIRECTOR, **at_half_past)
    assert town.states(brother, "report.alone") == ["fulfilled"]

    # For the sister nobody does, and that cannot be waived.
    waiver = {
        "policy": "mandatory-report", "rule": "report.alone", "reason": "other",
        "approved_by": "c-002", "starts_on": "2089-10-12", "expires_on": "2089-10-31",
    }  # fmt: skip
    with pytest.raises(NeverWaivable):
        town.product.casefile.waive(sister, waiver, COUNTY)
    town.day("2089-10-12", at="12:00")
    assert town.states(sister, "report.alone") == ["overdue"]

    # It is reported the next day: too late for the hour, and said beside the miss.
    town.day("2089-10-13", at="10:00")
    next_day = {"occurred_at": "09:00:00"} | told_police("2089-10-13T09:00:00+08:00")
    town.record(sister, "mandatory_report", DIRECTOR, **next_day)
    for case in (brother, sister):
        town.record(case, "emergency_resolution", emergency=found[case], outcome="safe_elsewhere")
    town.day("2089-10-25")

    # What an inspector sees.
    assert town.states(brother, "report.alone") == ["fulfilled"]
    [late] = town.owed(sister, "report.alone").values()
    assert (late.state, late.in_window, late.entered_in_time) == ("late", False, False)
    assert late.answerable[-1].staff == "d-201"
    for case in (brother, sister):
        facts = town.facts(case)
        assert facts["child.siblings"] == 1
        assert any(path.startswith("reports.") for path in facts)
        assert f"emergencies.{found[case]}" not in facts
    assert town.kinds(sister)[-3:] == [
        "emergency_resolution", "obligation_missed", "obligation_fulfilled",
    ]  # fmt: skip
