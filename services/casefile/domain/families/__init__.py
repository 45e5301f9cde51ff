"""One module per family of records. A new kind is added to its family's module."""

from services.casefile.domain.families import case, contact, correction

MODULES = (case, contact, correction)
