"""Words about a child that nobody may use in a record (不能讽刺、挖苦和歧视): warned of, never refused.

What the child said is written down as it was said.
"""

import re
from collections.abc import Iterator
from typing import Any

import msgspec

from services.casefile.domain.record import Record

HURTFUL = "wording_may_hurt"
QUOTED = ("own_words", "words")
WORDS = (
    "笨蛋", "蠢", "白痴", "傻子", "弱智", "智障", "低能", "废物", "没出息", "没教养", "没家教",
    "野孩子", "没人要", "没爹", "没娘", "拖油瓶", "丢人现眼", "不要脸", "下贱", "烂泥扶不上墙",
    "差生", "坏孩子", "害群之马", "乡巴佬", "穷鬼", "克父母",
)  # fmt: skip
ANY = re.compile("|".join(map(re.escape, WORDS)))


def odd_wording(rec: Record) -> tuple[str, ...]:
    """A warning if anything in the record, but what it quotes, mocks or belittles."""
    return (HURTFUL,) if any(map(ANY.search, texts(rec))) else ()


def texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, msgspec.Struct):
        for name in value.__struct_fields__:
            if name not in QUOTED and (inner := getattr(value, name)) is not None:
                yield from texts(inner)
    elif isinstance(value, tuple):
        for each in value:
            yield from texts(each)
