"""Carries a report out: drawn, written to a file, put on file with its hash, then handed over."""

from pathlib import Path
from typing import get_args

import msgspec

from services.casefile.application.casefile import Casefile
from services.casefile.application.context import Context
from services.casefile.application.decision import Receipt
from services.casefile.domain.families.export import ExportProduced, Purpose
from services.casefile.domain.refusals import Invalid
from services.casefile.exporting.marking import mark_of
from services.casefile.exporting.rendering import Format, Rendered, render
from services.casefile.history.cohort import Progress
from services.casefile.history.pinning import Pinned
from services.casefile.labels import Locale
from services.casefile.reports.asking import Asked, Reader
from services.casefile.reports.drawing import Reports
from services.casefile.reports.report import Report, Stamp
from services.casefile.rulebooks.what_if import in_silence

PURPOSES: tuple[Purpose, ...] = get_args(Purpose)


class PurposeUnknown(Invalid):
    """Say what the file is for."""

    field = "purpose"
    remedy = "Take one of the purposes that are named; it is printed on every page."


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """The file somebody wants: which report, of what, in which form, and what for."""

    code: str
    asked: Asked
    pinned: Pinned
    format: Format
    locale: Locale
    purpose: str


class Exported(msgspec.Struct, frozen=True, kw_only=True):
    """The file, what it is, and the event that says it was carried out."""

    name: str
    path: Path
    rendered: Rendered
    receipt: Receipt


class ExportDesk:
    """No file is handed over whose export is not in the log."""

    def __init__(self, reports: Reports, casefile: Casefile, fonts: Path | None = None) -> None:
        self._reports = reports
        self._casefile = casefile
        self._fonts = fonts

    def carry_out(
        self,
        wanted: Wanted,
        reader: Reader,
        context: Context,
        folder: Path,
        progress: Progress = in_silence,
    ) -> Exported:
        purpose = purpose_of(wanted.purpose)
        report = self._reports.draw(wanted.code, wanted.asked, wanted.pinned, reader, progress)
        name = file_name(report.stamp, wanted.format)
        mark = mark_of(report.stamp, reader.staff, purpose, wanted.pinned.known_at)
        path = folder / name
        rendered = render(report, wanted.format, wanted.locale, path, mark=mark, fonts=self._fonts)
        export = of(report, rendered, purpose, hidden=not reader.case_level)
        receipt = self._casefile.put_export(export, context)
        return Exported(name=name, path=path, rendered=rendered, receipt=receipt)


def of(report: Report, rendered: Rendered, purpose: Purpose, *, hidden: bool) -> ExportProduced:
    stamp, scope, cut = report.stamp, report.stamp.scope, report.stamp.cut
    return ExportProduced(
        report_code=stamp.report,
        definition=stamp.definition,
        file_format=rendered.format,
        purpose=purpose,
        as_of=cut.as_of,
        position=cut.position,
        known_at=cut.known_at,
        unit=scope.unit,
        case_id=report.about or scope.case_id,
        about_staff=scope.staff,
        since=scope.since,
        until=scope.until,
        rows=rendered.rows,
        bytes=rendered.size,
        sha256=rendered.sha256,
        small_counts_hidden=hidden,
    )


def purpose_of(name: str) -> Purpose:
    found = next((purpose for purpose in PURPOSES if purpose == name), None)
    if found is None:
        raise PurposeUnknown(purposes=", ".join(PURPOSES))
    return found


def file_name(stamp: Stamp, form: Format) -> str:
    """`R2_county-1_2026-11-20_p1234.pdf`: the scope and the cut, never a name of somebody."""
    scope = stamp.scope
    if stamp.unnamed:
        return f"{stamp.report}_unnamed_{stamp.cut.as_of}_p{stamp.cut.position}.{form}"
    whose = scope.unit or (str(scope.case_id) if scope.case_id else None) or scope.staff or "all"
    return f"{stamp.report}_{whose}_{stamp.cut.as_of}_p{stamp.cut.position}.{form}"
