"""A window of an obligation in words; a key that none of the forms fits stays as it is."""

import re
from calendar import month_name
from collections.abc import Callable

Said = Callable[[re.Match[str]], str]
MONTH = r"(?P<year>[0-9]{4})-(?P<month>0[1-9]|1[0-2])"
WEEK = r"(?P<year>[0-9]{4})-W(?P<week>0[1-9]|[1-4][0-9]|5[0-3])"
QUARTER = r"(?P<year>[0-9]{4})-Q(?P<quarter>[1-4])"
HALF = {"zh": {"A": "上半月", "B": "下半月"}, "en": {"A": "first half", "B": "second half"}}


def _month_zh(key: re.Match[str]) -> str:
    return f"{key['year']}年{int(key['month'])}月"


def _month_en(key: re.Match[str]) -> str:
    return f"{month_name[int(key['month'])]} {key['year']}"


FORMS: dict[str, dict[str, Said]] = {
    "zh": {
        WEEK: lambda key: f"{key['year']}年第{int(key['week'])}周",
        QUARTER: lambda key: f"{key['year']}年第{key['quarter']}季度",
        MONTH: _month_zh,
        rf"{MONTH}-(?P<half>[AB])": lambda key: _month_zh(key) + HALF["zh"][key["half"]],
    },
    "en": {
        WEEK: lambda key: f"week {int(key['week'])} of {key['year']}",
        QUARTER: lambda key: f"quarter {key['quarter']} of {key['year']}",
        MONTH: _month_en,
        rf"{MONTH}-(?P<half>[AB])": lambda key: f"{_month_en(key)}, {HALF['en'][key['half']]}",
    },
}


def window_in_words(window: str, locale: str) -> str:
    for form, said in FORMS[locale].items():
        if (key := re.fullmatch(form, window)) is not None:
            return said(key)
    return window
