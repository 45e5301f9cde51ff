"""How the cells of the template look."""

from typing import Any

from xlsxwriter import Workbook

from services.casefile.importing.columns import Column

FONT = {"font_name": "微软雅黑", "font_size": 10, "valign": "top"}
HEADING = {**FONT, "bold": True, "text_wrap": True, "bottom": 1, "bg_color": "#EDF1EC"}
FORMATS = {"date": "yyyy-mm-dd", "time": "hh:mm", "yuan": "0.00", "number": "0"}


class Styles:
    """The formats of one workbook."""

    def __init__(self, book: Workbook) -> None:
        self.heading: Any = book.add_format(HEADING)
        self.required: Any = book.add_format({**HEADING, "bg_color": "#F6E3C5"})
        self.line: Any = book.add_format({**FONT, "text_wrap": True})
        self.title: Any = book.add_format({**FONT, "bold": True, "font_size": 14})
        self._prose: Any = book.add_format({**FONT, "num_format": "@", "text_wrap": True})
        self._text: Any = book.add_format({**FONT, "num_format": "@"})
        self._by_form = {
            form: book.add_format({**FONT, "num_format": number})
            for form, number in FORMATS.items()
        }

    def of(self, column: Column) -> Any:
        """Text columns are text, so that no long number is rounded and no zero lost."""
        if column.form == "prose":
            return self._prose
        return self._by_form.get(column.form, self._text)
