"""What nobody may write about a child is warned of; what she said herself is not."""

import pytest

from services.casefile.domain.families.contact import HomeVisitMade, TalkDomains, TalkHeld
from services.casefile.domain.record import Record
from services.casefile.domain.wording import HURTFUL, odd_wording

MOCKING = "这孩子没出息,是个差生"


@pytest.mark.parametrize(
    "said",
    [
        TalkHeld(note=MOCKING),
        TalkHeld(concerns="同学说他是没人要的孩子"),
        TalkHeld(domains=TalkDomains(study=MOCKING)),
    ],
)
def test_a_text_that_mocks_or_belittles_the_child_is_warned_of(said: Record):
    assert odd_wording(said) == (HURTFUL,)


@pytest.mark.parametrize(
    "said",
    [
        TalkHeld(own_words=MOCKING, note="他说同学这样叫他,很难过。"),
        TalkHeld(note="上课主动举手三次,比上月多。"),
        TalkHeld(),
        HomeVisitMade(met=("guardian",), feedback="奶奶说夜里睡得好。"),
    ],
)
def test_what_was_seen_heard_or_said_by_the_child_is_not(said: Record):
    assert odd_wording(said) == ()
