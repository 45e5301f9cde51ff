"""The catalogues of all families are read as one, so no two may differ on a word."""

from collections import defaultdict

from babel.messages.pofile import read_po

from services.casefile.labels import FOLDER


def test_no_word_is_translated_in_two_ways():
    found = defaultdict(set)
    for path in FOLDER.glob("*.po"):
        with path.open("rb") as file:
            for message in read_po(file, abort_invalid=True):
                found[message.context, message.id].add(message.string)

    assert {key: words for key, words in found.items() if key[1] and len(words) > 1} == {}
