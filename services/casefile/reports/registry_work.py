"""What was done for the children, and what came of it."""

from services.casefile.reports.asking import Definition

WORK: tuple[Definition, ...] = ()
