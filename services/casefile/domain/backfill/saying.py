"""A signal in a sentence: which rule, the counts, what is usual. English here, Chinese beside it."""

from collections.abc import Mapping

from services.casefile.domain.backfill.counting import Rule
from services.casefile.domain.backfill.panel import Signal

SENTENCES: Mapping[Rule, str] = {
    "late_share": (
        "{part} of {whole} records ({share}) were entered more than {days} days after the day they "
        "are about. Three of four among {peers} compared have {base} or less."
    ),
    "long_lag": (
        "{part} of {whole} records ({share}) were entered more than {days} days later, a lag that "
        "three of four among {peers} compared keep below in 95 of 100 records. Usual is {base}."
    ),
    "surge": (
        "{part} of {whole} records ({share}) were entered in the {days} days before the "
        "inspection. The other weeks, and {peers} compared, would lead one to expect {base}."
    ),
    "burst": (
        "{part} of {whole} records ({share}) were entered within the busiest {days} days. "
        "Three of four among {peers} compared have {base} or less. "
        "This alone is no reason to ask."
    ),
    "order": (
        "{part} of {whole} records ({share}) were entered after something that happened more than "
        "{days} days later. Three of four among {peers} compared have {base} or less."
    ),
    "gap": (
        "{part} of {whole} records ({share}) are about months in which nothing at all was entered. "
        "Three of four among {peers} compared have {base} or less."
    ),
    "regularity": (
        "{part} of {whole} intervals between contacts with the same child ({share}) are the same "
        "to a day. Three of four among {peers} compared have {base} or less. "
        "This alone is no reason to ask."
    ),
    "overlap": (
        "On {part} of {whole} days ({share}) homes were visited in two townships or in more than "
        "three villages, or a talk at school lies on a day off. "
        "Three of four among {peers} compared have {base} or less."
    ),
    "narrative": (
        "{part} of {whole} notes ({share}) are nearly the same as a note about another child or "
        "another day. Three of four among {peers} compared have {base} or less."
    ),
}


def figures(signal: Signal) -> dict[str, str]:
    """The numbers of a sentence, as people read them."""
    whole = signal.whole or 1
    return {
        "part": str(signal.part),
        "whole": str(signal.whole),
        "share": f"{signal.part / whole:.0%}",
        "base": f"{signal.base:.0%}",
        "days": str(signal.days or ""),
        "peers": str(signal.peers),
    }
