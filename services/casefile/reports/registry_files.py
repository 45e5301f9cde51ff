"""What the files of the children say of the work: known, lettered, registered."""

from services.casefile.reports.asking import Definition

FILES: tuple[Definition, ...] = ()
