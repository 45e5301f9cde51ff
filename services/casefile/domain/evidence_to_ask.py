"""What an inspector can ask to see for a record: where the work leaves traces outside this system."""

from collections.abc import Mapping, Sequence

from services.casefile.domain.catalogue import Kind

PAPER = ("paper_card",)
BY_KIND: Mapping[str, Sequence[str]] = {
    "talk": ("paper_card", "child_heard"),
    "home_visit": ("signature_sheet", "photo", "visit_on_site"),
    "home_visit_attempt": ("photo", "visit_on_site"),
    "family_call": ("call_log", "child_heard"),
    "health_check": ("medical_file",),
    "treatment": ("medical_file", "receipt"),
    "illness": ("medical_file",),
    "group_attendance": ("attendance_register", "photo"),
    "disbursement": ("receipt", "signature_sheet"),
    "in_kind_aid": ("receipt", "signature_sheet", "photo"),
}
BY_CONTACT: Mapping[str, Sequence[str]] = {
    "child": ("paper_card", "child_heard"),
    "guardian": ("call_log", "signature_sheet"),
    "parent": ("call_log",),
}


def evidence_to_ask(kind: Kind) -> Sequence[str]:
    """Codes of `against`; a record of any other kind has at least its paper."""
    return BY_KIND.get(kind.slug) or BY_CONTACT.get(kind.contact or "", PAPER)


def is_worth_asking(kind: Kind) -> bool:
    """Whether somebody outside can say if it took place."""
    return kind.contact is not None or kind.slug in BY_KIND
