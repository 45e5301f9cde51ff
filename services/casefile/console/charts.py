"""Charts, drawn here as SVG: shown in an image, with the table of their numbers beside them."""

import re
import sys
from collections.abc import Sequence

import pygal
from pygal.style import Style

from services.casefile.reports.report import Share

# The library looks for its plugins in a way that Python has given up, and every import after it warns.
sys.meta_path[:] = [f for f in sys.meta_path if type(f).__name__ != "PluginImportFixer"]
FONT = "system-ui, 'Noto Sans CJK SC', sans-serif"
STYLE = Style(
    background="#ffffff",
    plot_background="#ffffff",
    foreground="#1c2733",
    foreground_strong="#1c2733",
    foreground_subtle="#5a6775",
    colors=("#0f5c6e", "#b06a00", "#a11d2b"),
    font_family=FONT,
    label_font_size=13,
    major_label_font_size=13,
    value_font_size=12,
    value_colors=("#ffffff",),
    legend_font_size=13,
    title_font_size=14,
    opacity="1",
)
ROW, FRAME = 30, 50
LONGEST = 18
LETTER = 8
# The settings of the chart, for a script that is not there.
SCRIPT = re.compile(rb"<script.*?</script>", re.DOTALL)


def shares(bars: Sequence[tuple[str, Share]], title: str = "") -> bytes:
    """One bar for each share, from nothing to all of it; the title says what all of them are about."""
    chart = pygal.HorizontalBar(
        style=STYLE,
        js=[],
        show_legend=False,
        title=title or None,
        width=900,
        height=FRAME + ROW * (max(1, len(bars)) + bool(title)),
        range=(0, 100),
        y_labels=(0, 25, 50, 75, 100),
        margin=8,
        # The library reckons with Latin letters, which are half as wide.
        margin_left=8 + LETTER * max((len(shortened(label)) for label, _ in bars), default=0),
        spacing=6,
        print_values=True,
        print_values_position="center",
        formatter=lambda value: f"{value:g}%",
        pretty_print=False,
    )
    # Bars are drawn from below.
    chart.x_labels = [shortened(label) for label, _ in reversed(bars)]
    chart.add("", [bar(share) for _, share in reversed(bars)])
    drawn: bytes = chart.render()
    return SCRIPT.sub(b"", drawn)


def bar(share: Share) -> dict[str, object] | None:
    if share.percent is None:
        return None
    return {"value": share.percent, "label": f"{share.part}/{share.whole}"}


def shortened(label: str) -> str:
    return label if len(label) <= LONGEST else f"{label[: LONGEST - 1]}…"
