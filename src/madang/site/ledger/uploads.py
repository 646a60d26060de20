"""Checking an uploaded file row by row, before anything is written.

Columns, in any order, named in the first row (those in brackets may be left out):

* lines: code, fiscal_year, department, name_ko, (name_en, programme, seq)
* entries: line, kind, amount_won, on, (part, reference, obligation, payee, note)
* collections: item, kind, amount_won, on, (note)

Amounts are whole won, days are written 2021-10-01. The kind of an entry is one of `EntryKind`; releases and
refunds are written as positive amounts. `obligation` is the reference of the obligation that a payment,
release or refund belongs to: an earlier row of the file or an entry in the ledger.
Columns and kinds may also bear their titles in a language of the site.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from madang.site.ledger.files import Table, read_table
from madang.site.ledger.models import (
    APPROPRIATING,
    OBLIGATING,
    Balance,
    Collection,
    Entry,
    EntryKind,
    Line,
    Part,
    RevenueItem,
)
from madang.site.people.models import Organisation
from madang.site.programmes.models import Programme

KINDS: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "lines": (("code", "fiscal_year", "department", "name_ko"), ("name_en", "programme", "seq")),
    "entries": (("line", "kind", "amount_won", "on"), ("part", "reference", "obligation", "payee", "note")),
    "collections": (("item", "kind", "amount_won", "on"), ("note",)),
}
# How spreadsheets of an office head these columns; each is understood in every language of the site.
TITLES = {
    "code": gettext_lazy("Code of the line"),
    "fiscal_year": gettext_lazy("Fiscal year"),
    "department": gettext_lazy("Department (code)"),
    "name_ko": gettext_lazy("Korean name"),
    "name_en": gettext_lazy("English name"),
    "programme": gettext_lazy("Programme (code)"),
    "seq": gettext_lazy("Order"),
    "line": gettext_lazy("Budget line"),
    "item": gettext_lazy("Revenue item"),
    "kind": gettext_lazy("Kind"),
    "amount_won": gettext_lazy("Amount (won)"),
    "on": gettext_lazy("Accounting day"),
    "part": gettext_lazy("Part of the line"),
    "reference": gettext_lazy("Document number"),
    "obligation": gettext_lazy("Document number of the obligation"),
    "payee": gettext_lazy("Payee"),
    "note": gettext_lazy("Note"),
}
LONGEST = {
    "code": 40,
    "name_ko": 200,
    "name_en": 240,
    "reference": 60,
    "obligation": 60,
    "payee": 200,
    "note": 300,
}
PAYING = (EntryKind.PAYMENT, EntryKind.REFUND, EntryKind.DE_OBLIGATION)
NUMBERS = ("amount_won", "fiscal_year", "seq")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_WHOLE = re.compile(r"-?(\d{1,15}|\d{1,3}(,\d{3}){1,4})")


@dataclass
class Checked:
    """The values of a file, ready to be written, or the errors that forbid it, each with row and column."""

    kind: str
    rows: list[dict[str, Any]] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    headings: dict[str, str] = field(default_factory=dict)

    def wrong(self, number: int, column: str, what: str) -> None:
        """Note an error."""
        self.errors.append(
            _("Row %(row)d, column %(column)s: %(what)s")
            % {"row": number, "column": self.headings.get(column, column), "what": what}
        )


def check_file(*, kind: str, content: bytes, today: date) -> Checked:
    """Read a file and check every row; writes nothing.

    Raises Refused if it cannot be read as a table, KeyError for an unknown kind.
    """
    return check_table(kind=kind, table=read_table(content), today=today)


def check_table(*, kind: str, table: Table, today: date) -> Checked:
    """Check every row of a table; writes nothing. Raises KeyError for an unknown kind."""
    table, headings = _understood(table)
    checked = Checked(kind, headings=headings)
    required, optional = KINDS[kind]
    for column in required:
        if column not in table.columns:
            checked.errors.append(_("Row 1: the column %(column)s is missing.") % {"column": column})
    for column in table.columns:
        if column not in (*required, *optional):
            checked.errors.append(
                _("Row 1: the column %(column)s is not known; columns are %(columns)s.")
                % {"column": column or "?", "columns": ", ".join((*required, *optional))}
            )
    if checked.errors:
        return checked
    for number in table.wide:
        sentence = _("Row %(row)d: it has more cells than there are columns. Put amounts with commas into quotes.")
        checked.errors.append(sentence % {"row": number})
    if not table.rows:
        checked.errors.append(_("The file has column names and no rows."))
    _fill(checked, table, required, today)
    if not checked.errors:
        CHECKS[kind](checked)
    return checked


def _understood(table: Table) -> tuple[Table, dict[str, str]]:
    """The table with the names of columns and kinds as the code has them, and the headings as the file has them."""
    columns = _by_word(TITLES)
    kinds = _by_word({kind.value: kind.label for kind in (*EntryKind, *Collection.Kind)})
    codes = [columns.get(heading, heading) for heading in table.columns]
    if len(set(codes)) < len(codes):
        return table, {}
    rows = [(number, dict(zip(codes, row.values(), strict=True))) for number, row in table.rows]
    for _number, row in rows:
        if "kind" in row:
            row["kind"] = kinds.get(row["kind"], row["kind"])
    return Table(codes, rows, table.wide), dict(zip(codes, table.columns, strict=True))


def _by_word(titles: Mapping[str, Any]) -> dict[str, str]:
    """The codes by their titles in every language of the site."""
    words: dict[str, str] = {}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            words |= {str(title): code for code, title in titles.items()}
    return words


def _fill(checked: Checked, table: Table, required: tuple[str, ...], today: date) -> None:
    for number, cells in table.rows:
        row: dict[str, Any] = {"row": number}
        for column, text in cells.items():
            row[column] = _value(checked, number, column, text, today)
            if not text and column in required:
                checked.wrong(number, column, _("there is no value."))
        checked.rows.append(row)


def _value(checked: Checked, number: int, column: str, text: str, today: date) -> str | int:
    if text.startswith("="):
        checked.wrong(number, column, _("this is a formula; write its value."))
        return 0 if column in NUMBERS else text
    if column in NUMBERS and text:
        if not _WHOLE.fullmatch(text):
            checked.wrong(number, column, _("%(text)s is not a whole number.") % {"text": text})
            return 0
        return int(text.replace(",", ""))
    if column == "on" and text:
        try:
            # Python reads 20211001 and 2021-W39-5, too.
            day = date.fromisoformat(text if _DAY.fullmatch(text) else "")
        except ValueError:
            checked.wrong(number, column, _("%(text)s is not a day; write it as 2021-10-01.") % {"text": text})
            return text
        if day > today:
            checked.wrong(number, column, _("%(text)s lies in the future.") % {"text": text})
        return day.isoformat()
    most = LONGEST.get(column, 60)
    if len(text) > most:
        checked.wrong(number, column, _("the text is longer than %(most)d characters.") % {"most": most})
    return text


def _check_lines(checked: Checked) -> None:
    in_charge = Organisation.objects.filter(kind__in=(Organisation.Kind.BUREAU, Organisation.Kind.DEPARTMENT))
    departments = set(in_charge.values_list("code", flat=True))
    programmes = {"", *Programme.objects.values_list("code", flat=True)}
    known = set(Line.objects.values_list("fiscal_year", "code"))
    for row in checked.rows:
        number = row["row"]
        if row["department"] not in departments:
            checked.wrong(number, "department", _("there is no department %(code)s.") % {"code": row["department"]})
        if row.get("programme", "") not in programmes:
            checked.wrong(number, "programme", _("there is no programme %(code)s.") % {"code": row["programme"]})
        if not 2000 <= row["fiscal_year"] <= 2100:
            checked.wrong(number, "fiscal_year", _("%(text)s is not a year.") % {"text": row["fiscal_year"]})
        if not 0 <= int(row.get("seq") or 0) <= 32_000:
            checked.wrong(number, "seq", _("give a number from 0 to 32,000."))
        if (row["fiscal_year"], row["code"]) in known:
            checked.wrong(number, "code", _("the line %(code)s is there already.") % {"code": row["code"]})
        known.add((row["fiscal_year"], row["code"]))


def _check_collections(checked: Checked) -> None:
    leaves = set(RevenueItem.objects.filter(items__isnull=True).values_list("fiscal_year", "code"))
    for row in checked.rows:
        if row["kind"] not in Collection.Kind.values:
            checked.wrong(row["row"], "kind", _not_one_of(row["kind"], Collection.Kind.values))
        if row["amount_won"] == 0:
            checked.wrong(row["row"], "amount_won", _("0 won would book nothing."))
        year = int(row["on"][:4])
        if (year, row["item"]) not in leaves:
            checked.wrong(
                row["row"],
                "item",
                _("there is no item %(code)s in the revenue budget of %(year)d that has none below it.")
                % {"code": row["item"], "year": year},
            )


def _not_one_of(text: str, values: list[str]) -> str:
    return _("%(text)s is not known; use one of %(values)s.") % {"text": text, "values": ", ".join(values)}


@dataclass
class _Account:
    """Balances as they will be after the rows so far."""

    appropriated: int = 0
    obligated: int = 0
    spent: int = 0

    def take(self, kind: str, amount: int) -> str:
        """Add a signed amount; the sentence that says why not, or ""."""
        side = "appropriated" if kind in APPROPRIATING else "obligated" if kind in OBLIGATING else "spent"
        setattr(self, side, getattr(self, side) + amount)
        if 0 <= self.spent <= self.obligated <= self.appropriated:
            return ""
        setattr(self, side, getattr(self, side) - amount)
        values = {
            "appropriated": f"{self.appropriated:,}",
            "obligated": f"{self.obligated:,}",
            "spent": f"{self.spent:,}",
            "amount": f"{abs(amount):,}",
        }
        return (
            _(
                "%(amount)s won are too much; %(appropriated)s won are appropriated, %(obligated)s obligated, "
                "%(spent)s spent by then."
            )
            % values
        )


class _Simulation:
    """Runs the rows of a file of entries against the ledger's present balances, in memory."""

    def __init__(self, checked: Checked) -> None:
        self.checked = checked
        years = {int(row["on"][:4]) for row in checked.rows}
        self.lines = {(line.fiscal_year, line.code): line for line in Line.objects.filter(fiscal_year__in=years)}
        self.parts = {
            (part.line.fiscal_year, part.line.code, part.code): part
            for part in Part.objects.filter(line__fiscal_year__in=years).select_related("line")
        }
        self.accounts: dict[Any, _Account] = defaultdict(_Account)
        holders: dict[Any, Line | Part] = {**self.lines, **self.parts}
        for key, holder in holders.items():
            self.accounts[key] = _Account(holder.appropriated_won, holder.obligated_won, holder.spent_won)
        named = {row.get("obligation", "") for row in checked.rows} - {""}
        self.obligations: dict[str, tuple[int, str]] = {}
        for balance in Balance.objects.filter(obligation__reference__in=named).select_related("obligation__line"):
            reference, line = balance.obligation.reference, balance.obligation.line
            self.obligations[reference] = (line.fiscal_year, line.code)
            self.accounts["obligation", reference] = _Account(
                balance.obligated_won, balance.obligated_won, balance.spent_won
            )
        self.references = set(Entry.objects.exclude(reference="").values_list("reference", flat=True))

    def run(self, row: dict[str, Any]) -> None:
        """Check one row and let it take effect."""
        number, kind, line = row["row"], row["kind"], (int(row["on"][:4]), row["line"])
        part, reference = row.get("part", ""), row.get("reference", "")
        if kind not in EntryKind.values:
            return self.checked.wrong(number, "kind", _not_one_of(kind, list(EntryKind.values)))
        if line not in self.lines:
            return self.checked.wrong(
                number, "line", _("there is no line %(code)s in %(year)d.") % {"code": line[1], "year": line[0]}
            )
        if part and (*line, part) not in self.parts:
            return self.checked.wrong(
                number, "part", _("the line %(line)s has no part %(part)s.") % {"line": line[1], "part": part}
            )
        if reference in self.references:
            return self.checked.wrong(
                number, "reference", _("%(text)s is in the ledger or in this file already.") % {"text": reference}
            )
        if reference:
            self.references.add(reference)
        if row["amount_won"] == 0 or (row["amount_won"] < 0 and kind not in ("supplementary", "transfer")):
            return self.checked.wrong(number, "amount_won", _("give an amount above 0 for this kind."))
        if not self._obligation_fits(row, line):
            return None
        return self._take(row, line)

    def _obligation_fits(self, row: dict[str, Any], line: tuple[int, str]) -> bool:
        named = row.get("obligation", "")
        if row["kind"] not in PAYING:
            if named:
                self.checked.wrong(row["row"], "obligation", _("this kind of entry has no obligation."))
            return not named
        if self.obligations.get(named) != line:
            self.checked.wrong(
                row["row"],
                "obligation",
                _("there is no obligation %(text)s on the line %(line)s before this row.")
                % {"text": named or "?", "line": line[1]},
            )
            return False
        return True

    def _take(self, row: dict[str, Any], line: tuple[int, str]) -> None:
        kind, part = row["kind"], row.get("part", "")
        amount = -row["amount_won"] if kind in ("de_obligation", "refund") else row["amount_won"]
        keys: list[Any] = [line, *([(*line, part)] if part else [])]
        if kind in PAYING:
            keys.append(("obligation", row["obligation"]))
        for key in keys:
            if sentence := self.accounts[key].take(kind, amount):
                return self.checked.wrong(row["row"], "amount_won", sentence)
        if kind == EntryKind.OBLIGATION and row.get("reference"):
            self.obligations[row["reference"]] = line
            self.accounts["obligation", row["reference"]] = _Account(amount, amount)
        return None


def _check_entries(checked: Checked) -> None:
    simulation = _Simulation(checked)
    for row in checked.rows:
        simulation.run(row)


CHECKS: Mapping[str, Callable[[Checked], None]] = {
    "lines": _check_lines,
    "entries": _check_entries,
    "collections": _check_collections,
}
