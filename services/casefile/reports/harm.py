"""R26: injuries and accidents: how many children came to harm, by what, and who had a lawyer's help."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from uuid import UUID

from services.casefile.domain.entry import Entry
from services.casefile.domain.families.protection import LegalAidProvided
from services.casefile.domain.families.safety import IncidentReported
from services.casefile.history.cohort import Seen
from services.casefile.reports.asking import Ground
from services.casefile.reports.report import Column, Report, Row, Share, Table

SEVERITIES = ("near_miss", "minor", "serious", "critical", "fatal")
HARM = ("minor", "serious", "critical", "fatal")
# Somebody may have broken the law: a lawyer can help whatever the harm was.
OFFENCES = ("violence", "suspected_abuse", "neglect", "fraud", "suspected_offence")
# Somebody may owe damages: a lawyer can help where the harm was grave.
CLAIMS = ("traffic", "bullying", "animal_bite", "poisoning")
GRAVE = ("serious", "critical", "fatal")

CHILDREN = (
    Column("measure", "Indicator", "code"),
    Column("children", "Children", "share"),
)
KINDS = (
    Column("incident_kind", "Kind of incident", "code"),
    Column("incidents", "Incidents", "count"),
    Column("children", "Children", "share"),
    Column("near_miss", "Near miss", "count"),
    Column("minor", "Minor", "count"),
    Column("serious", "Serious", "count"),
    Column("critical", "Critical", "count"),
    Column("fatal", "Fatal", "count"),
)
AID = (Column("measure", "Indicator", "code"), Column("share", "Incidents", "share"))
FORMS = (Column("form", "Form", "code"), Column("times", "Records", "count"))
UNAIDED = (
    Column("case", "Case", "case"),
    Column("incident_kind", "Kind of incident", "code"),
    Column("severity", "Severity", "code"),
    Column("occurred_on", "Happened on", "day"),
    Column("entered", "Entered", "moment"),
    Column("record", "Number of the record"),
)
NOTES = (
    (
        "Counted are all files of the scope, open or closed. A near miss is listed, and is no harm. "
        "Ever means as far back as the files go."
    ),
    (
        "Eligible for legal aid is an incident of violence, suspected abuse, neglect, fraud or a "
        "suspected offence, unless it was a near miss; and a serious one of traffic, bullying, an "
        "animal or poisoning. Whether a mandatory report was filed does not come into it."
    ),
    (
        "Aided is an eligible incident that a record of legal aid names, up to the cut. Aid that names "
        "no incident is counted by its form, and for no incident."
    ),
)


class Harm:
    """What befell the children of a scope."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground
        self.children = 0
        self._measures: Counter[str] = Counter()
        self._severities: defaultdict[str, Counter[str]] = defaultdict(Counter)
        self._befell: defaultdict[str, set[UUID]] = defaultdict(set)
        self._forms: Counter[str] = Counter()
        self._eligible = self._aided = 0
        self.unaided: list[Row] = []

    def take(self, child: Seen) -> None:
        self.children += 1
        incidents = list(incidents_of(child))
        now = [each for each in incidents if self._ground.in_days(each[0].occurred_on)]
        self._measures["harmed"] += any(rec.severity in HARM for _, rec in now)
        self._measures["near_miss_only"] += bool(now) and all(
            rec.severity == "near_miss" for _, rec in now
        )
        self._measures["ever_harmed"] += any(rec.severity in HARM for _, rec in incidents)
        for entry, rec in now:
            self._severities[rec.incident_kind][rec.severity] += 1
            self._befell[rec.incident_kind].add(child.id)
            self._aid(child, entry, rec)
        self._forms.update(
            e.rec.form
            for e in child.current
            if isinstance(e.rec, LegalAidProvided) and self._ground.in_days(e.occurred_on)
        )

    def measures(self) -> list[Row]:
        found = self._measures
        counts = {
            "harmed": found["harmed"],
            "not_harmed": self.children - found["harmed"],
            "near_miss_only": found["near_miss_only"],
            "ever_harmed": found["ever_harmed"],
            "never_harmed": self.children - found["ever_harmed"],
        }
        return [(name, Share(count, self.children)) for name, count in counts.items()]

    def kinds(self) -> Iterator[Row]:
        for kind, found in sorted(self._severities.items()):
            of_all = Share(len(self._befell[kind]), self.children)
            yield kind, found.total(), of_all, *(found[each] for each in SEVERITIES)

    def aid(self) -> list[Row]:
        return [("legal_aid_granted", Share(self._aided, self._eligible))]

    def forms(self) -> list[Row]:
        return [(form, times) for form, times in sorted(self._forms.items())]

    def _aid(self, child: Seen, entry: Entry, rec: IncidentReported) -> None:
        if not is_eligible(rec):
            return
        self._eligible += 1
        if child.fact(f"legal_aid.{entry.record_id}") is not None:
            self._aided += 1
            return
        what = (rec.incident_kind, rec.severity, entry.occurred_on, entry.recorded_at)
        self.unaided.append((child.id, *what, str(entry.record_id)))


def draw(ground: Ground) -> Report:
    harm = Harm(ground)
    for child in ground.cases():
        harm.take(child)
    tables = [
        Table(name="children", title="Children who came to harm", columns=CHILDREN,
              rows=harm.measures()),
        Table(name="kinds", title="By kind and severity", columns=KINDS, rows=list(harm.kinds())),
        Table(name="aid", title="Legal aid, of the eligible incidents", columns=AID,
              rows=harm.aid()),
        Table(name="forms", title="Legal aid given", columns=FORMS, rows=harm.forms()),
    ]  # fmt: skip
    if ground.reader.case_level:
        tables.append(
            Table(name="unaided", title="Eligible incidents without legal aid", columns=UNAIDED,
                  rows=harm.unaided)
        )  # fmt: skip
    return ground.report(children=harm.children, tables=tables, notes=NOTES, days=True)


def incidents_of(child: Seen) -> Iterator[tuple[Entry, IncidentReported]]:
    return ((e, e.rec) for e in child.current if isinstance(e.rec, IncidentReported))


def is_eligible(rec: IncidentReported) -> bool:
    if rec.incident_kind in OFFENCES:
        return rec.severity != "near_miss"
    return rec.incident_kind in CLAIMS and rec.severity in GRAVE
