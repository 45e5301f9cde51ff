"""The font that PDF is set in: found in a folder of ours or on the system; without it, refused."""

from functools import cache
from pathlib import Path
from typing import NamedTuple

import typst

from services.casefile.domain.refusals import CasefileError
from services.casefile.exporting.coverage import Coverage, coverage

# Any of these can set Chinese; the first that is there is taken.
FAMILIES = (
    "Noto Serif CJK SC",
    "Source Han Serif SC",
    "Noto Sans CJK SC",
    "Source Han Sans SC",
    "SimSun",
    "WenQuanYi Zen Hei",
)
BOX = "\u25a1"
REGULAR = 400


class NoChineseFont(CasefileError):
    """No font that can set Chinese was found, so no PDF can be made."""

    remedy = (
        "Install fonts-noto-cjk, or name a folder with Noto Serif CJK SC in CASEFILE_FONTS; "
        "XLSX and CSV need none."
    )


class Typeface(NamedTuple):
    """What PDF is set in, and which characters it has."""

    family: str
    fonts: typst.Fonts
    coverage: Coverage

    def set(self, text: str) -> str:
        """The text, with the code point beside the box of every character the font lacks."""
        if text.isascii():
            return text
        lacking = {c for c in set(text) if c not in self.coverage and not c.isspace()}
        return text.translate({ord(c): f"{BOX}[U+{ord(c):04X}]" for c in lacking})


@cache
def typeface(folder: Path | None = None) -> Typeface:
    """From the folder alone if one is given: the same files set the same pages everywhere."""
    fonts = (
        typst.Fonts(include_system_fonts=False, font_paths=[folder])
        if folder is not None
        else typst.Fonts()
    )
    found = {(font.family, font.weight): font for font in fonts.fonts() if font.style == "normal"}
    for family in FAMILIES:
        font = found.get((family, REGULAR))
        if font is not None and font.path is not None:
            return Typeface(family, fonts, coverage(Path(font.path), font.index))
    raise NoChineseFont
