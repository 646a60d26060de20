"""Families of figures that the records themselves name: every budget line, department, revenue item and post.

The cells of the tables of money and staff are figures like `obligated:CP-01`. Their values come from one
grouped query for each family; each is also bound to the query that shows its records.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Q

from madang.site.ledger import queries as ledger
from madang.site.ledger.models import Line, Part
from madang.site.people.models import Organisation, Post
from madang.site.reports.catalogue import Figure

TOTAL = "total"
_MONEY = {
    "appropriation": ("ledger.appropriated", "예산현액", "current appropriation"),
    "obligated": ("ledger.obligated", "원인행위액", "obligated"),
    "spent": ("ledger.spent", "지출액", "spent"),
}
_RATES = {
    "obligation-rate": ("obligated", "appropriation", "원인행위 집행률", "obligated, rate"),
    "spend-rate": ("spent", "appropriation", "지출 집행률", "spent, rate"),
    "forecast-rate": ("forecast", "appropriation", "연말 집행예상률", "year-end forecast, rate"),
}
_REVENUE: dict[str, tuple[str, dict[str, Any], str, str]] = {
    "revenue-prior": ("ledger.revenue_budget", {"budget": "prior"}, "전년도 예산", "budget of the year before"),
    "revenue-budget": ("ledger.revenue_budget", {}, "예산", "budget"),
    "collected": ("ledger.collected", {}, "징수액", "collected"),
}


@dataclass
class Family:
    """Generated figures and the values already known of them."""

    figures: list[Figure] = field(default_factory=list)
    values: dict[str, int | None] = field(default_factory=dict)

    def add(self, name: str, unit: str, ko: str, en: str, **more: Any) -> None:
        """Add a figure."""
        self.figures.append(Figure(name=name, programme=more.pop("programme", None), unit=unit, ko=ko, en=en, **more))


def families(as_of: date) -> Family:
    """The figures of budget, revenue and staff as of a day, with their values. Eight queries."""
    family = Family()
    _money(family, as_of)
    _revenue(family, as_of)
    _staff(family, as_of)
    return family


def _money(family: Family, as_of: date) -> None:
    lines = list(Line.objects.filter(fiscal_year=as_of.year).select_related("department", "programme"))
    parts = list(Part.objects.filter(line__in=lines).select_related("line", "programme"))
    amounts = ledger.balances(as_of=as_of)
    of_parts = ledger.by_part(as_of=as_of, parts=parts)
    forecasts = {row.part_id or -row.line_id: row.year_end_won for row in ledger.latest_forecasts(as_of=as_of)}
    everything: dict[str, ledger.Amounts] = {TOTAL: ledger.NOTHING}
    for line in lines:
        one = amounts.get(line.pk, ledger.NOTHING)
        everything[TOTAL] += one
        everything[line.department.code] = everything.get(line.department.code, ledger.NOTHING) + one
        everything[line.code] = one
    everything |= {part.code: of_parts.get(part.pk, ledger.NOTHING) for part in parts}
    for key, (chosen, ko, en, programme) in _keys(lines, parts).items():
        one = everything.get(key, ledger.NOTHING)
        won = {"appropriation": one.appropriated_won, "obligated": one.obligated_won, "spent": one.spent_won}
        for kind, (query, kind_ko, kind_en) in _MONEY.items():
            labels = {"ko": f"{ko} {kind_ko}", "en": f"{en}: {kind_en}"}
            family.add(f"{kind}:{key}", "thousand_won", programme=programme, query=query, arguments=chosen, **labels)
            family.values[f"{kind}:{key}"] = won[kind]
        _forecast_and_rates(family, key, ko, en, chosen, programme)
    keys = {-line.pk: line.code for line in lines} | {part.pk: part.code for part in parts}
    # Where no forecast was made there is none, which is not a forecast of nothing.
    family.values |= {f"forecast:{code}": forecasts.get(key) for key, code in keys.items()}


def _forecast_and_rates(
    family: Family, key: str, ko: str, en: str, chosen: Mapping[str, Any], programme: str | None
) -> None:
    # Forecasts are made for lines and parts only.
    whole = not ({"line", "part"} & set(chosen))
    if not whole:
        labels = {"ko": f"{ko} 연말 집행예상액", "en": f"{en}: year-end forecast"}
        family.add(
            f"forecast:{key}",
            "thousand_won",
            programme=programme,
            query="ledger.forecast",
            arguments=dict(chosen),
            **labels,
        )
    for rate, (part, of, rate_ko, rate_en) in _RATES.items():
        if part == "forecast" and whole:
            continue
        labels = {"ko": f"{ko} {rate_ko}", "en": f"{en}: {rate_en}"}
        computed = f'100 * share(value("{part}:{key}"), value("{of}:{key}"))'
        family.add(f"{rate}:{key}", "percent", programme=programme, places=1, computed=computed, **labels)


def _keys(lines: list[Line], parts: list[Part]) -> dict[str, tuple[dict[str, Any], str, str, str | None]]:
    keys: dict[str, tuple[dict[str, Any], str, str, str | None]] = {TOTAL: ({}, "합계", "Total", None)}
    for line in lines:
        code, department = line.department.code, line.department
        keys.setdefault(code, ({"department": code}, department.name_ko, department.name_en, None))
    for line in lines:
        programme = line.programme.code if line.programme else None
        keys[line.code] = ({"line": line.code}, line.name_ko, line.name_en, programme)
    for part in parts:
        programme = part.programme.code if part.programme else None
        keys[part.code] = ({"line": part.line.code, "part": part.code}, part.name_ko, part.name_en, programme)
    return keys


def _revenue(family: Family, as_of: date) -> None:
    for row in ledger.revenue(as_of=as_of):
        key, ko, en = row.item.code, row.item.name_ko, row.item.name_en
        won = {
            "revenue-prior": row.budget_prior_won,
            "revenue-budget": row.budget_current_won,
            "collected": row.collected_won,
        }
        for kind, (query, arguments, kind_ko, kind_en) in _REVENUE.items():
            labels = {"ko": f"{ko} {kind_ko}", "en": f"{en}: {kind_en}"}
            family.add(f"{kind}:{key}", "thousand_won", query=query, arguments={"item": key, **arguments}, **labels)
            family.values[f"{kind}:{key}"] = won[kind]
        budget, prior = f'value("revenue-budget:{key}")', f'value("revenue-prior:{key}")'
        change = f"{budget} - {prior}"
        family.add(f"change:{key}", "thousand_won", f"{ko} 증감액", f"{en}: change", computed=change)
        computed = f"100 * share({change}, {prior})"
        family.add(f"change-rate:{key}", "percent", f"{ko} 증감률", f"{en}: change, rate", places=1, computed=computed)
        computed = f'100 * share(value("collected:{key}"), {budget})'
        labels = {"ko": f"{ko} 징수율", "en": f"{en}: collected, rate"}
        family.add(f"collection-rate:{key}", "percent", places=1, computed=computed, **labels)


def _staff(family: Family, as_of: date) -> None:
    counts: Counter[str] = Counter()
    jobs: set[str] = set()
    departments = {row.code: row for row in Organisation.objects.filter(kind=Organisation.Kind.DEPARTMENT)}
    posts = Post.objects.filter(authorised_from__lte=as_of, organisation__code__in=departments)
    filled = Q(filled_from__lte=as_of) & (Q(filled_until__isnull=True) | Q(filled_until__gt=as_of))
    taken = set(posts.filter(filled).values_list("pk", flat=True))
    for pk, code, job, apart in posts.values_list("pk", "organisation__code", "job_type", "counted_apart"):
        for key in (code, TOTAL):
            counts[f"apart:{key}" if apart else f"authorised:{key}"] += 1
            if pk in taken and not apart:
                counts[f"filled:{key}"] += 1
                counts[f"job-{job}:{key}"] += 1
        if not apart:
            jobs.add(job)
    names = {TOTAL: ("합계", "Total")} | {code: (row.name_ko, row.name_en) for code, row in departments.items()}
    for key, (ko, en) in names.items():
        _staff_of(family, counts, key, ko, en, jobs)


def _staff_of(family: Family, counts: Counter[str], key: str, ko: str, en: str, jobs: set[str]) -> None:
    where = {"counted_apart": False} | ({} if key == TOTAL else {"department": key})
    kinds: list[tuple[str, str, str, dict[str, Any]]] = [
        ("authorised", "정원", "authorised posts", {}),
        ("filled", "현원", "posts filled", {"state": "filled"}),
        ("apart", "별도 시간선택제임기제", "part-time officials counted apart", {"counted_apart": True}),
        *[
            (f"job-{job}", f"직종별 현원({job})", f"posts filled, {job}", {"state": "filled", "job_type": job})
            for job in sorted(jobs)
        ],
    ]
    for kind, kind_ko, kind_en, arguments in kinds:
        labels = {"ko": f"{ko} {kind_ko}", "en": f"{en}: {kind_en}"}
        family.add(f"{kind}:{key}", "persons", query="people.posts", arguments={**where, **arguments}, **labels)
        family.values[f"{kind}:{key}"] = counts[f"{kind}:{key}"]
    computed = f'value("filled:{key}") - value("authorised:{key}")'
    family.add(f"balance:{key}", "persons", f"{ko} 과부족", f"{en}: surplus or shortfall", computed=computed)
