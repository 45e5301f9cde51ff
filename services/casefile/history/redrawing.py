"""A sample drawn again from the log: whoever doubts it sees the same children come out."""

from uuid import UUID

import msgspec

from services.casefile.domain.families.inspection import SampleDrawn
from services.casefile.domain.inspection_refusals import SampleNotFound
from services.casefile.domain.sampling import Stratum, draw
from services.casefile.history.inspections import InspectionReader
from services.casefile.history.population import Populations, Scope, Strata


class Redrawn(msgspec.Struct, frozen=True, kw_only=True):
    """What the seed draws from the population of the cut, and whether that is what is on file."""

    inspection_id: UUID
    seed: str
    agrees: bool
    population_size: int
    population_hash: str
    strata: tuple[Stratum, ...]
    cases: tuple[UUID, ...]


class Member(msgspec.Struct, frozen=True):
    """A case that could be drawn, and the strata it is in."""

    case_id: UUID
    township: str
    school: str
    class_unit: str
    care_level: str


class Redrawing:
    """Reads the population anew, and nothing of what the sample says came out."""

    def __init__(self, populations: Populations, reader: InspectionReader) -> None:
        self._populations = populations
        self._reader = reader

    def population(self, inspection_id: UUID) -> list[Member]:
        """Everybody who could be drawn, in the order that is hashed."""
        scope = Scope.of(self._reader.facts(inspection_id))
        found = sorted(self._populations.of(scope).items(), key=lambda each: str(each[0]))
        return [member(case_id, strata) for case_id, strata in found]

    def redraw(self, inspection_id: UUID, seed: str) -> Redrawn:
        entries = self._reader.entries(inspection_id)
        drawn = (e.rec for e in entries if isinstance(e.rec, SampleDrawn))
        sample = next((rec for rec in drawn if rec.seed == seed), None)
        if sample is None:
            raise SampleNotFound
        found = self._populations.of(Scope.of(self._reader.facts(inspection_id)))
        strata = {case_id: placed.of(sample.stratified_by) for case_id, placed in found.items()}
        again = draw(strata, seed, sample.sample_size, at_least_one=sample.at_least_one)
        agrees = (again.cases, again.population_hash) == (sample.cases, sample.population_hash)
        return Redrawn(
            inspection_id=inspection_id,
            seed=seed,
            agrees=agrees,
            population_size=again.population,
            population_hash=again.population_hash,
            strata=again.strata,
            cases=again.cases,
        )


def member(case_id: UUID, strata: Strata) -> Member:
    return Member(case_id, *strata)
