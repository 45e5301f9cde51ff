"""R15: the certificate of the sealed log. There is no seal yet, so there is no certificate."""

from services.casefile.reports.asking import Ground, ReportNotAvailable
from services.casefile.reports.report import Report


def draw(_: Ground) -> Report:
    raise ReportNotAvailable
