"""The key that public names sort by; made once and stored, so that no server's locale matters."""

from functools import cache


@cache
def sort_key(name: str) -> str:
    """Syllables with their tones, as a dictionary sorts them."""
    # The dictionary takes a while to load; only what sorts names needs it.
    from pypinyin import Style, lazy_pinyin

    syllables = lazy_pinyin(name, style=Style.TONE3, neutral_tone_with_five=True)
    return " ".join(syllable.lower() for syllable in syllables)
