"""The budget: lines and parts, appropriations, and what the year is expected to bring."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from django.utils.translation import gettext as _

from madang.site.kit.actor import Actor
from madang.site.kit.clock import day_of
from madang.site.kit.verdict import Refused, require
from madang.site.ledger import policy
from madang.site.ledger.actions.posting import BOOK, Movement, not_ahead, positive, post
from madang.site.ledger.models import APPROPRIATING, Entry, EntryKind, Forecast, Line, Part
from madang.site.people.models import Organisation
from madang.site.programmes.models import Programme
from madang.site.record.journal import action, write


@dataclass(frozen=True)
class NewPart:
    """A part of a line to load; `programme` is a code."""

    code: str
    name_ko: str
    name_en: str = ""
    programme: str = ""
    seq: int = 0


@dataclass(frozen=True)
class NewLine:
    """A budget line to load; `department` and `programme` are codes."""

    code: str
    fiscal_year: int
    department: str
    name_ko: str
    name_en: str = ""
    programme: str = ""
    seq: int = 0
    parts: Sequence[NewPart] = ()


@action
def load_lines(*, by: Actor, at: datetime, rows: Sequence[NewLine]) -> list[Line]:
    """Load lines with their parts; money comes with `appropriate`. Raises Refused for unknown or known codes."""
    require(policy.may_manage_budget(by, None, at))
    departments = _known(Organisation, {row.department for row in rows}, _("There is no department %(code)s."))
    wanted = {row.programme for row in rows} | {part.programme for row in rows for part in row.parts}
    programmes = _known(Programme, wanted - {""}, _("There is no programme %(code)s."))
    _refuse_known(rows)
    lines = Line.objects.bulk_create(
        [
            Line(
                code=row.code,
                fiscal_year=row.fiscal_year,
                department=departments[row.department],
                programme=programmes.get(row.programme),
                name_ko=row.name_ko,
                name_en=row.name_en,
                seq=row.seq,
            )
            for row in rows
        ]
    )
    Part.objects.bulk_create(
        [
            Part(
                code=part.code,
                line=line,
                programme=programmes.get(part.programme),
                name_ko=part.name_ko,
                name_en=part.name_en,
                seq=part.seq,
            )
            for line, row in zip(lines, rows, strict=True)
            for part in row.parts
        ]
    )
    codes = [str(line) for line in lines]
    write(book=BOOK, verb="lines.loaded", subject="ledger", by=by, at=at, lines=codes)
    return lines


def _known(model: type[Organisation] | type[Programme], codes: set[str], sentence: str) -> dict[str, Any]:
    found: dict[str, Any] = {row.code: row for row in model._default_manager.filter(code__in=codes)}
    for code in sorted(codes - set(found)):
        raise Refused(sentence % {"code": code})
    return found


def _refuse_known(rows: Sequence[NewLine]) -> None:
    years = {row.fiscal_year for row in rows}
    known = set(Line.objects.filter(fiscal_year__in=years).values_list("fiscal_year", "code"))
    for row in rows:
        if (row.fiscal_year, row.code) in known:
            raise Refused(
                _("The budget line %(line)s of %(year)s is there already.")
                % {"line": row.code, "year": row.fiscal_year}
            )
        known.add((row.fiscal_year, row.code))


@action
def appropriate(
    *,
    by: Actor,
    at: datetime,
    line: Line,
    amount_won: int,
    kind: Literal["original", "supplementary", "carry_over", "transfer"],
    on: date,
    note: str = "",
    part: Part | None = None,
    reference: str = "",
) -> Entry:
    """Book an appropriation on a line, and on a part of it (WORKFLOWS.md B.1).

    The current appropriation is the sum of original budget, supplementary budgets, carry-over and
    transfers. Supplementary budgets and transfers may lower it, never below what is obligated. Raises Refused.
    """
    require(policy.may_appropriate(by, line, at))
    if kind not in APPROPRIATING:
        raise Refused(_("%(kind)s is not a kind of appropriation.") % {"kind": kind})
    if kind in (EntryKind.ORIGINAL, EntryKind.CARRY_OVER) or amount_won == 0:
        positive(amount_won)
    movement = Movement(kind=kind, line=line, part=part, amount_won=amount_won, on=on, note=note, reference=reference)
    return post(movement=movement, by=by, at=at, approved_by=[by.pseudonym])


@action
def forecast(*, by: Actor, at: datetime, line: Line, year_end_won: int, on: date, part: Part | None = None) -> Forecast:
    """Say how many won a line or part will have executed at the end of the year (WORKFLOWS.md B.6)."""
    require(policy.may_forecast(by, line, at))
    not_ahead(on, day_of(at))
    if year_end_won < 0:
        raise Refused(_("A forecast cannot be negative."))
    if part is not None and part.line_id != line.pk:
        raise Refused(
            _("The part %(part)s does not belong to the budget line %(line)s.") % {"part": part.code, "line": line.code}
        )
    made = Forecast.objects.create(line=line, part=part, as_of=on, year_end_won=year_end_won, by=by.pseudonym, at=at)
    write(
        book=BOOK,
        verb="line.forecast",
        subject=f"line:{line}",
        by=by,
        at=at,
        part=part.code if part else None,
        as_of=on.isoformat(),
        year_end_won=year_end_won,
    )
    return made
