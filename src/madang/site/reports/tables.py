"""The tables of money and staff, whose rows the records give."""

from madang.documents.blocks import Cell, Column, Inlines, Row, Table
from madang.site.ledger.models import Line, RevenueItem
from madang.site.people.models import Organisation
from madang.site.reports.families import TOTAL
from madang.site.reports.layout import Block
from madang.site.reports.wording import Wording

_WORDS: dict[str, tuple[str, str]] = {
    "item": ("구분", "Item"),
    "department": ("부서", "Department"),
    "duties": ("주요업무", "Main duties"),
    "total": ("합계", "Total"),
    "authorised": ("정원", "Authorised"),
    "filled": ("현원", "Filled"),
    "balance": ("과부족", "Surplus or shortfall"),
    "by job": ("직종별 현원", "Filled by job type"),
    "subtotal": ("소계", "Subtotal"),
    "budget of": ("'{}년 예산", "Budget {}"),
    "change": ("증감", "Change"),
    "change amount": ("증감액", "Amount"),
    "change rate": ("증감률", "Rate"),
    "collection": ("징수현황", "Collection"),
    "collected": ("징수액", "Collected"),
    "collection rate": ("징수율", "Rate"),
    "appropriation": ("예산현액", "Current appropriation"),
    "executed": ("집행액", "Executed"),
    "execution rate": ("집행률", "Execution rate"),
    "obligated": ("원인행위", "Obligated"),
    "spent": ("지출", "Spent"),
    "project": ("사업명", "Budget line"),
    "forecast": ("'{}년말 집행예상액", "Expected by the end of {}"),
    "forecast amount": ("예상액", "Amount"),
    "forecast rate": ("집행률", "Rate"),
    "thousand": ("(단위 : 천원, '{0:%y}.{0.month}.{0.day}. 기준)", "(thousand won, as of {0:%Y-%m-%d})"),
    "persons": ("('{0:%y}. {0.month}. {0.day}. 기준)", "(persons, as of {0:%Y-%m-%d})"),
}
# Amounts of a city have ten digits, rates four: so wide that neither touches the next column in print.
_WIDE, _SMALL = Column("right", 1.2), Column("right")
_AMOUNTS = ("appropriation", "obligated", "spent", "obligation-rate", "spend-rate")


class Tables:
    """Composes the tables of one report in one language."""

    def __init__(self, wording: Wording) -> None:
        self.wording = wording
        self.as_of = wording.values.as_of

    def table(self, block: Block) -> Table:
        """The table that a block of the layout asks for."""
        composers = {
            "staff": self._staff,
            "duties": self._duties,
            "revenue": self._revenue,
            "departments": self._departments,
            "execution": self._execution,
            "lines": self._lines,
        }
        return composers[block.table](block)

    def _word(self, key: str, *values: object) -> str:
        return _WORDS[key][1 if self.wording.language == "en" else 0].format(*values)

    def _caption(self, block: Block) -> str:
        return self.wording.text(block.text.en if self.wording.language == "en" else block.text.ko)

    def _footnotes(self, block: Block) -> tuple[Inlines, ...]:
        english = self.wording.language == "en"
        return tuple(self.wording.inlines(note.en if english else note.ko) for note in block.footnotes)

    def _head(self, *keys: str | tuple[str, int, int]) -> Row:
        cells = []
        for key in keys:
            word, across, down = key if isinstance(key, tuple) else (key, 1, 1)
            cells.append(Cell((word,), colspan=across, rowspan=down))
        return Row(tuple(cells))

    def _numbers(self, kinds: tuple[str, ...], key: str) -> list[Cell]:
        return [Cell((self.wording.number(f"{kind}:{key}", zero="-"),)) for kind in kinds]

    def _bureau_departments(self) -> list[Organisation]:
        codes = {line.department.code for line in Line.objects.select_related("department")}
        rows = Organisation.objects.filter(kind=Organisation.Kind.DEPARTMENT, code__in=codes)
        return list(rows.order_by("order", "pk"))

    def _staff(self, block: Block) -> Table:
        jobs = [code for code in block.labels if f"job-{code}:{TOTAL}" in self.wording.values]
        english = self.wording.language == "en"
        labels = [block.labels[code].en if english else block.labels[code].ko for code in jobs]
        word = self._word
        header = (
            self._head(
                (word("item"), 1, 2),
                (word("authorised"), 1, 2),
                (word("filled"), 1, 2),
                (word("balance"), 1, 2),
                (word("by job"), 1 + len(jobs), 1),
            ),
            self._head(word("subtotal"), *labels),
        )
        kinds = ("authorised", "filled", "balance", "filled", *[f"job-{job}" for job in jobs])
        rows = [Row((Cell((word("total"),)), *self._numbers(kinds, TOTAL)), kind="total")]
        for department in self._bureau_departments():
            rows.append(
                Row(
                    (
                        Cell((self.wording.name(f"department:{department.code}"),)),
                        *self._numbers(kinds, department.code),
                    )
                )
            )
        columns = (Column("left", 2, heading=True), *[Column("right")] * len(kinds))
        unit = word("persons", self.as_of)
        return Table(self._caption(block), columns, header, tuple(rows), unit, self._footnotes(block))

    def _duties(self, block: Block) -> Table:
        english = self.wording.language == "en"
        rows = []
        for department in self._bureau_departments():
            duties = [duty["en" if english else "ko"] for duty in department.duties]
            rows.append(
                Row(
                    (
                        Cell((self.wording.name(f"department:{department.code}"),)),
                        Cell(("\n".join(f"· {duty}" for duty in duties),)),
                    )
                )
            )
        header = (self._head(self._word("department"), self._word("duties")),)
        columns = (Column("left", 1, heading=True), Column("left", 4))
        return Table(self._caption(block), columns, header, tuple(rows), "", self._footnotes(block))

    def _revenue(self, block: Block) -> Table:
        word, year = self._word, self.as_of.year
        short = (lambda y: str(y)) if self.wording.language == "en" else (lambda y: f"{y % 100:02d}")
        header = (
            self._head(
                (word("item"), 1, 2),
                (word("budget of", short(year - 1)), 1, 2),
                (word("budget of", short(year)), 1, 2),
                (word("change"), 2, 1),
                (word("collection"), 2, 1),
            ),
            self._head(word("change amount"), word("change rate"), word("collected"), word("collection rate")),
        )
        kinds = ("revenue-prior", "revenue-budget", "change", "change-rate", "collected", "collection-rate")
        rows = []
        for item in RevenueItem.objects.filter(fiscal_year=year).order_by("seq"):
            kind = "total" if item.level == 0 else "department" if item.level < 3 else "plain"
            name = self.wording.name(f"revenue:{item.code}")
            rows.append(Row((Cell((name,)), *self._numbers(kinds, item.code)), kind=kind))  # type: ignore[arg-type]
        columns = (Column("left", 2.6, heading=True), _WIDE, _WIDE, _WIDE, _SMALL, _WIDE, _SMALL)
        unit = word("thousand", self.as_of)
        return Table(self._caption(block), columns, header, tuple(rows), unit, self._footnotes(block))

    def _amount_header(self, first: str) -> tuple[Row, Row]:
        word = self._word
        return (
            self._head(
                (first, 1, 2), (word("appropriation"), 1, 2), (word("executed"), 2, 1), (word("execution rate"), 2, 1)
            ),
            self._head(word("obligated"), word("spent"), word("obligated"), word("spent")),
        )

    def _departments(self, block: Block) -> Table:
        rows = [Row((Cell((self._word("total"),)), *self._numbers(_AMOUNTS, TOTAL)), kind="total")]
        for department in self._bureau_departments():
            rows.append(
                Row(
                    (
                        Cell((self.wording.name(f"department:{department.code}"),)),
                        *self._numbers(_AMOUNTS, department.code),
                    )
                )
            )
        return self._amount_table(block, rows)

    def _lines(self, block: Block) -> Table:
        rows = [Row((Cell((self._word("total"),)), *self._numbers(_AMOUNTS, TOTAL)), kind="total")]
        lines = list(Line.objects.filter(fiscal_year=self.as_of.year).select_related("department"))
        for department in self._bureau_departments():
            cells = self._numbers(_AMOUNTS, department.code)
            rows.append(Row((Cell((self.wording.name(f"department:{department.code}"),)), *cells), kind="department"))
            for line in lines:
                if line.department_id == department.pk:
                    rows.append(
                        Row((Cell((self.wording.name(f"line:{line.code}"),)), *self._numbers(_AMOUNTS, line.code)))
                    )
        return self._amount_table(block, rows)

    def _amount_table(self, block: Block, rows: list[Row]) -> Table:
        columns = (Column("left", 2.6, heading=True), _WIDE, _WIDE, _WIDE, _SMALL, _SMALL)
        unit = self._word("thousand", self.as_of)
        header = self._amount_header(self._word("item"))
        return Table(self._caption(block), columns, header, tuple(rows), unit, self._footnotes(block))

    def _execution(self, block: Block) -> Table:
        word = self._word
        year = self.as_of.year if self.wording.language == "en" else f"{self.as_of.year % 100:02d}"
        first, second = self._amount_header(word("project"))
        header = (
            Row((*first.cells, Cell((word("forecast", year),), colspan=2))),
            Row((*second.cells, Cell((word("forecast amount"),)), Cell((word("forecast rate"),)))),
        )
        kinds = (*_AMOUNTS, "forecast", "forecast-rate")
        rows = [Row((Cell((self.wording.name(f"line:{key}"),)), *self._numbers(kinds, key))) for key in block.keys]
        columns = (Column("left", 2.2, heading=True), _WIDE, _WIDE, _WIDE, _SMALL, _SMALL, _WIDE, _SMALL)
        unit = word("thousand", self.as_of)
        return Table(self._caption(block), columns, header, tuple(rows), unit, self._footnotes(block))
