"""What a child's file says after somebody recorded something."""

from uuid import UUID

from services.casefile.composition import Parts


def told(product: Parts, case_id: UUID) -> list[dict]:
    return product.history.timeline(case_id)["rows"]
