from datetime import UTC, datetime, timedelta

import pytest

from services.notifications.directory import hiding
from services.notifications.policy.obligations import about_row
from services.notifications.policy.reading import default_ladder
from services.notifications.reminding import days
from services.notifications.reminding.board import BoardDown
from services.notifications.reminding.digests import Digests
from services.notifications.reminding.reminding import Reminding
from services.notifications.reminding.rounds import Rounds
from tests.notifications.policy.world import CASE, example, row
from tests.notifications.reminding.known import Owed, aged, notice, states

# Friday the 27th, one in the morning; due on Monday the 30th.
NOW = datetime(2026, 11, 26, 17, 0, tzinfo=UTC)
KEY = about_row(row())


def reminding(board, queued=None):
    return Reminding(board, default_ladder(), lambda _, new: (queued or []).extend(new))


def test_who_is_accountable_is_reminded_three_days_before(held):
    told, stopped = reminding(Owed([row()])).run(held, NOW)
    assert (told, stopped) == (1, 0)
    assert states(held) == {f"{KEY.key('before_due')}|t-101": "waiting"}


def test_asking_again_reminds_nobody_again(held):
    reminding(Owed([row()])).run(held, NOW)
    assert reminding(Owed([row()])).run(held, NOW) == (0, 0)


def test_a_reminder_is_stopped_when_the_obligation_was_met_before_anybody_heard(held):
    reminding(Owed([row()])).run(held, NOW)
    aged(held)
    assert reminding(Owed()).run(held, NOW) == (0, 1)
    assert set(states(held).values()) == {"stopped"}


def test_what_was_overdue_and_was_met_is_stopped_and_what_is_still_open_is_not(held):
    other = row(window_key="2026-10")
    for each in (row(), other):
        notice(held, "t-101", about_row(each).key("overdue"), NOW, kind="overdue")
    aged(held)
    reminding(Owed(overdue=[other])).run(held, NOW)
    assert states(held) == {
        f"{KEY.key('overdue')}|t-101": "stopped",
        f"{about_row(other).key('overdue')}|t-101": "waiting",
    }


def test_what_was_declared_after_the_board_was_asked_is_not_taken_for_met(held):
    notice(held, "t-101", KEY.key("overdue"), NOW, kind="overdue")
    assert reminding(Owed()).run(held, NOW) == (0, 0)


def test_a_miss_is_never_stopped_because_the_board_is_silent(held):
    notice(held, "t-101", KEY.key("missed|1"), NOW)
    aged(held)
    assert reminding(Owed()).run(held, NOW) == (0, 0)


def test_the_board_is_asked_for_what_is_as_new_as_the_last_message(held):
    held.execute(
        "INSERT INTO notifications.inbox VALUES ('m', 't', gen_random_uuid(), 1, 4711, 'applied')"
    )
    board = Owed()
    reminding(board).run(held, NOW)
    assert {asked[-1] for asked in board.asked} == {4711}


def test_a_closed_day_sets_off_one_round_and_the_digest_follows_in_the_morning(held):
    sent, board, clock = [], Owed([row()]), [NOW]
    digests = Digests(default_ladder(), lambda _, digest: sent.append(digest))
    rounds = Rounds(reminding(board), digests, lambda: clock[0])
    days.want(held, example("day-closed", occurred_on="2026-11-26"))

    assert rounds.once(held)
    assert rounds.once(held)
    assert (days.wanted(held), len(board.asked), sent) == (None, 2, [])
    clock[0] = NOW + timedelta(hours=6, minutes=31)
    rounds.once(held)
    assert [(d.staff, d.notices) for d in sent] == [("t-101", 1)]


def test_while_the_board_is_down_the_digests_go_out_and_the_day_stays_wanted(held):
    class Down(Owed):
        def coming(self, hours, position):
            raise BoardDown(status=503)

    sent = []
    notice(held, "t-101", "a", NOW)
    days.want(held, example("day-closed", occurred_on="2026-11-26"))
    digests = Digests(default_ladder(), lambda _, digest: sent.append(digest))
    Rounds(reminding(Down()), digests, lambda: NOW + timedelta(hours=7)).once(held)
    assert len(sent) == 1
    assert str(days.wanted(held)) == "2026-11-26"


@pytest.mark.parametrize("state", ["waiting", "queued"])
def test_whom_a_report_names_is_not_told_what_still_waits(held, state):
    notice(held, "t-101", "a", NOW, case_id=CASE)
    held.execute("UPDATE notifications.notices SET state = %s", [state])
    report = example("mandatory-report-filed", harmer_staff="t-101")
    hiding.hide(held, report)
    notice(held, "t-101", "b", NOW, case_id=CASE)
    assert states(held) == {"a|t-101": "suppressed", "b|t-101": "suppressed"}

    hiding.reveal(held, example("entry-annulled", target=report.data["record_id"]))
    assert hiding.hidden_from(held, CASE) == frozenset()
