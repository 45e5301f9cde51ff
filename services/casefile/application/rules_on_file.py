"""What the rulebook says already: found again, and kept where it is over."""

from datetime import date
from uuid import UUID, uuid5

import msgspec

from services.casefile.application.stream import Stream
from services.casefile.application.submissions import Submitted
from services.casefile.domain.cadence.calendar import Term
from services.casefile.domain.entry import Entry
from services.casefile.domain.facts import value
from services.casefile.domain.families.rulebook import HolidayNoticeLoaded, TermCalendarAdopted
from services.casefile.domain.record import Record
from services.casefile.domain.stream_ids import RULEBOOK
from services.casefile.log.mapper import NOT_YET


def keeping_days(notice: HolidayNoticeLoaded, today: date, stream: Stream) -> HolidayNoticeLoaded:
    """The notice, but for the days that are over: those stay as they are on file."""
    known = value(stream.facts, f"notices.{notice.year}")
    if known is None:
        return notice
    kept = {
        name: tuple(
            [day for day in known[name] if day < today]
            + [day for day in getattr(notice, name) if day >= today]
        )
        for name in ("off", "work")
    }
    return msgspec.structs.replace(notice, **kept)


def keeping_terms(
    calendar: TermCalendarAdopted, today: date, stream: Stream
) -> TermCalendarAdopted:
    """The terms, but for those that are over: they stay as they are on file."""

    def kept(term: Term) -> Term:
        known: Term | None = value(stream.facts, f"terms.{calendar.calendar}.{term.code}")
        return term if known is None or known.ends_on >= today else known

    return msgspec.structs.replace(calendar, terms=tuple(map(kept, calendar.terms)))


def stated(stream: Stream, submitted: Submitted) -> Entry | None:
    """The entry that already says this, if the stream still says so."""
    entry = Entry(
        stream.id, stream.version + 1, 0, NOT_YET, submitted.kind, submitted.env, submitted.rec
    )
    found = []
    for path, said in submitted.rec.sets(entry):
        if value(stream.facts, path) != said:
            return None
        found += [stream.facts[path].entry] if said is not None else []
    return max(found, key=lambda each: each.version)


def id_of(stream: Stream, rec: Record) -> UUID:
    """From what it says; said again after something else was said, from that it is said again."""
    record_id = uuid5(RULEBOOK, type(rec).__name__ + msgspec.json.encode(rec).decode())
    while record_id in stream.records:
        record_id = uuid5(RULEBOOK, f"again|{record_id}")
    return record_id
