"""Whatever can be wrong with a policy can be said in Chinese, with the same things filled in."""

from string import Formatter

import pytest

from services.casefile.labels import labels
from services.casefile.policies.bundles import BundleNotFound
from services.casefile.policies.faults import PolicyNotUsable
from services.casefile.policies.form_faults import FORM
from services.casefile.policies.sense_faults import SENSE
from tests.casefile.policies.written import faults_in, spoilt

WORDS = labels("zh")
TEXTS = sorted({text for wrong in (*FORM.values(), *SENSE.values()) for text in wrong})


def filled_in(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


@pytest.mark.parametrize("text", TEXTS)
def test_each_text_has_its_chinese(text: str):
    assert WORDS.has("", text)
    assert filled_in(WORDS.text(text)) == filled_in(text)


def test_so_have_the_refusals():
    for refusal in (PolicyNotUsable, BundleNotFound):
        assert WORDS.has("", refusal.__doc__)
        assert WORDS.has("", refusal.remedy)


def test_a_fault_is_told_in_chinese():
    [fault] = faults_in(spoilt("month", "moth"))

    assert fault.said(WORDS.text) == ("moth 不是可用的代码。", "是否想写 month？")
