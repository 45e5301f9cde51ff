"""Windows in words, in both languages."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.notifications.delivering.window_words import window_in_words


@pytest.mark.parametrize(
    ("window", "zh", "en"),
    [
        ("2026-W43", "2026年第43周", "week 43 of 2026"),
        ("2027-W01", "2027年第1周", "week 1 of 2027"),
        ("2026-10", "2026年10月", "October 2026"),
        ("2026-09-A", "2026年9月上半月", "September 2026, first half"),
        ("2026-09-B", "2026年9月下半月", "September 2026, second half"),
        ("2026-Q3", "2026年第3季度", "quarter 3 of 2026"),
    ],
)
def test_a_window_is_told_in_words(window: str, zh: str, en: str) -> None:
    assert window_in_words(window, "zh") == zh
    assert window_in_words(window, "en") == en


@pytest.mark.parametrize(
    "window",
    [
        "2026-13",
        "2026-10-31",
        "2026-09-C",
        "2026-Q5",
        "2026-W54",
        "2026-W00",
        "2026-10\n",
        "autumn-2026",
        "",
    ],
)
@pytest.mark.parametrize("locale", ["zh", "en"])
def test_a_key_that_cannot_be_read_stays_as_it_is(window: str, locale: str) -> None:
    assert window_in_words(window, locale) == window


@given(st.text(), st.sampled_from(["zh", "en"]))
def test_no_key_is_lost_or_fails(window: str, locale: str) -> None:
    said = window_in_words(window, locale)

    assert said == window or window[:4] in said
