"""Whatever is typed: a policy, or faults that can be told; never a stack trace."""

import json

from hypothesis import given, settings
from hypothesis import strategies as st

from services.casefile.domain.catalogue import catalogue
from services.casefile.labels import labels
from services.casefile.policies.bundles import bundle_names, bundle_text
from services.casefile.policies.checking import check
from services.casefile.policies.faults import Fault, PolicyNotUsable
from services.casefile.policies.reading import read_policy, read_values

WORDS = labels("zh")
TEXTS = {name: bundle_text(name) for name in bundle_names()}
LEAVES = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20)
VALUES = st.recursive(
    LEAVES | st.sampled_from(["present", "talk", "case", "mentor", "2026-02-30", "month"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=6,
)


def told(faults: list[Fault] | tuple[Fault, ...], text: str | bytes) -> None:
    lines = text.count(b"\n" if isinstance(text, bytes) else "\n") + 2
    for fault in faults:
        assert 1 <= fault.line <= lines
        assert all(fault.said(str))
        assert all(fault.said(WORDS.text))


def read_and_check(text: str | bytes) -> None:
    try:
        document = read_policy(text, "any")
    except PolicyNotUsable as refusal:
        assert refusal.faults
        told(refusal.faults, text)
    else:
        told(check(document, catalogue()), text)


@given(st.sampled_from(sorted(TEXTS)), st.data())
@settings(max_examples=200, deadline=None)
def test_a_slip_of_the_keyboard(name: str, data: st.DataObject):
    text = TEXTS[name]
    at = data.draw(st.integers(0, len(text)))
    gone = data.draw(st.integers(0, 12))
    typed = data.draw(st.text(max_size=6) | st.sampled_from(["\t", ": ", "- ", "&a ", "\n---\n"]))

    read_and_check(text[:at] + typed + text[at + gone :])


@given(st.sampled_from(sorted(TEXTS)), st.data())
@settings(max_examples=200, deadline=None)
def test_another_value_in_any_place(name: str, data: st.DataObject):
    values = read_values(TEXTS[name])
    part = values
    while True:
        place = data.draw(
            st.sampled_from(sorted(part) if isinstance(part, dict) else [*range(len(part))])
        )
        inner = part[place]
        if not inner or not isinstance(inner, dict | list) or data.draw(st.booleans()):
            break
        part = inner
    part[place] = data.draw(VALUES)

    read_and_check(json.dumps(values, ensure_ascii=False))


@given(st.binary(max_size=200))
@settings(max_examples=200, deadline=None)
def test_any_bytes(raw: bytes):
    read_and_check(raw)
