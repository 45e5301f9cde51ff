"""The words people read, from the gettext catalogues: kinds, fields and codes, zh first, en second."""

from functools import cache, lru_cache
from pathlib import Path
from typing import Literal

from babel.messages.pofile import read_po

Locale = Literal["zh", "en"]
Key = tuple[str, str]

FOLDER = Path(__file__).parent / "locale" / "zh_CN" / "LC_MESSAGES"

# Far more than there are fields and codes.
NAMES = 10_000


class Labels:
    """One language's words. English stands in the code; the catalogues hold the Chinese."""

    def __init__(self, words: dict[Key, str]) -> None:
        self._words = words

    def kind(self, label: str) -> str:
        return self._words.get(("kind", label), label)

    def field(self, name: str) -> str:
        word = spoken(name)
        return self._words.get(("field", word), word)

    def code(self, field: str, code: str) -> str:
        """A code of a field, or the value itself where it is not one of ours.

        Where two fields mean different things by a code, the field decides.
        """
        word = spoken(code)
        own = self._words.get((f"code.{field}", word))
        return own if own is not None else self._words.get(("code", word), code)

    def text(self, message: str) -> str:
        return self._words.get(("", message), message)

    def has(self, context: str, message: str) -> bool:
        return (context, message) in self._words


@lru_cache(maxsize=NAMES)
def spoken(name: str) -> str:
    """`next_step` as people say it: `Next step`."""
    words = name.replace("_", " ").replace("-", " ")
    return words[:1].upper() + words[1:]


@cache
def labels(locale: Locale) -> Labels:
    words = _chinese()
    return Labels({key: key[1] for key in words} if locale == "en" else words)


def _chinese() -> dict[Key, str]:
    words: dict[Key, str] = {}
    for path in sorted(FOLDER.glob("*.po")):
        with path.open("rb") as file:
            for message in read_po(file):
                if message.id and message.string:
                    words[str(message.context or ""), str(message.id)] = str(message.string)
    return words
