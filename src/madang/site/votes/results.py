"""The result of an allotment as its page tells it: reasons, flows, other rules, districts, the kit for recounting."""

import io
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from madang import budgeting
from madang.figures import printed
from madang.figures.amounts import rounded
from madang.site.kit.language import pick
from madang.site.people.models import Area
from madang.site.programmes.models import Stage
from madang.site.votes.allotting import sentence, weighted
from madang.site.votes.boxes import NAME, Project, ballots_file
from madang.site.votes.cards import BESIDE, CARDS
from madang.site.votes.models import Allotment, Election

COUNT, PERCENT, NUMBER = "count", "percent", "number"
MEASURES = {
    "projects": (gettext_lazy("Projects funded"), COUNT),
    "spent": (gettext_lazy("Share of the money used"), PERCENT),
    "voters_without_a_project": (gettext_lazy("Voters of whose picks none is funded"), PERCENT),
    "projects_per_voter": (gettext_lazy("Funded picks of a voter, on average"), NUMBER),
    "own_ballot_funded": (gettext_lazy("Share of the own picks that is funded, on average"), PERCENT),
    "money_per_voter": (gettext_lazy("Share of the money on the own picks, on average"), PERCENT),
    "inequality": (gettext_lazy("Inequality between voters (0: all alike)"), NUMBER),
    "unmet_claims": (gettext_lazy("Losing projects whose supporters could claim money by their number"), COUNT),
}
SHOWN = 12
"""How many projects a drawing of flows names; the others stand together."""
READ_ME = """이 꾸러미로 예산 배정 결과를 누구나 다시 셀 수 있습니다.
With this kit anybody can count the allotment again.

    {command}

ballots.pb   이름 없는 투표지 전체, 내용순으로 정렬 / all ballots without names, sorted by what they say
rule.json    투표 시작 전에 정한 규칙 / the rule that was fixed before the vote opened
result.json  결과, 사유, 증명 / the result with reasons and certificate
"""


@dataclass(frozen=True)
class AllottedRow:
    """One project of an allotment with its reason in the reader's language."""

    number: str
    title: str
    cost_won: int
    votes: str
    rank: int
    funded: bool
    reason: str


@dataclass(frozen=True)
class Comparison:
    """Other rules on the same ballots: titles, rows of measures (rule, value, whether better), and more."""

    titles: Sequence[str]
    rows: Sequence[tuple[str, Sequence[tuple[str, str, bool]]]]
    others: Sequence[tuple[str, int, int]]
    worse: Sequence[tuple[str, str]]


def allotment_of(stage: Stage) -> Allotment | None:
    """The allotment of a stage, or None before it is closed."""
    return Allotment.objects.filter(stage=stage).select_related("election__stage__process").first()


def allotted_rows(allotment: Allotment) -> list[AllottedRow]:
    """Every project with the reason for its result, winners first, then by votes. Costs one query."""
    found = allotment.record
    titles = dict(allotment.election.options.values_list("matter__number", "matter__title"))
    language: Any = pick("ko", "en")
    shares = weighted(allotment.election)
    by_votes = sorted(found["projects"], key=lambda row: -Fraction(row["votes"]))
    chosen = set(found["order"])
    rows = [
        AllottedRow(
            number=project["id"],
            title=titles.get(project["id"], ""),
            cost_won=int(project["cost"]),
            votes=_exact(project["votes"]),
            rank=rank,
            funded=project["id"] in chosen,
            reason=sentence(found["reasons"][project["id"]], language, shares=shares),
        )
        for rank, project in enumerate(by_votes, 1)
    ]
    return sorted(rows, key=lambda row: not row.funded)


def _exact(votes: Any) -> str:
    value = Fraction(votes)
    return printed(value.numerator) if value.denominator == 1 else str(printed(rounded(value, places=4)))


def comparison(allotment: Allotment) -> Comparison | None:
    """Other rules on the same ballots; None where only sums of electorates were counted."""
    kept = allotment.beside
    if not kept:
        return None
    mine = kept["chosen"]
    codes = [code for code in dict.fromkeys([mine, *BESIDE]) if code in kept["rules"]]
    rows = [
        (
            str(title),
            [
                (
                    str(CARDS[code].title),
                    _worded(kept["rules"][code]["measures"][name], kind),
                    code in kept["worse_on"].get(name, ()),
                )
                for code in codes
            ],
        )
        for name, (title, kind) in MEASURES.items()
    ]
    chosen = set(kept["rules"][mine]["order"])
    others = [(str(CARDS[code].title), *_differs(set(kept["rules"][code]["order"]), chosen)) for code in codes[1:]]
    worse = [
        (str(title), ", ".join(str(CARDS[code].title) for code in kept["worse_on"][name]))
        for name, (title, _kind) in MEASURES.items()
        if name in kept["worse_on"]
    ]
    return Comparison([str(CARDS[code].title) for code in codes], rows, others, worse)


def _differs(other: set[str], chosen: set[str]) -> tuple[int, int]:
    return len(other - chosen), len(chosen - other)


def _worded(value: str, kind: str) -> str:
    exact = Fraction(value)
    if kind == COUNT:
        return printed(int(exact))
    return f"{rounded(exact * 100, places=1)}%" if kind == PERCENT else str(rounded(exact, places=2))


def flows(allotment: Allotment, rows: Sequence[AllottedRow]) -> list[tuple[str, str, int, bool]]:
    """Votes from groups of voters, by how many of their picks are funded, to projects (group, project, votes, funded).

    The projects with the most votes by name, the others together. Nothing where only sums were counted.
    """
    if not allotment.beside:
        return []
    funded, lost = [row for row in rows if row.funded], [row for row in rows if not row.funded]
    targets = _named(funded)
    if lost:
        targets.append((_("%(count)d projects not funded") % {"count": len(lost)}, lost, False))
    found = allotment.beside["flows"]
    return [row for target in targets for row in _to(*target, found)]


def money_flows(allotment: Allotment, rows: Sequence[AllottedRow]) -> list[tuple[str, str, int, bool]]:
    """Won that groups of voters paid to projects, and what they did not spend (group, project, won, funded).

    Nothing for a rule by which voters pay nothing.
    """
    found = (allotment.beside or {}).get("money")
    if not found:
        return []
    targets = _named([row for row in rows if row.number in found["paid"]])
    told = [row for target in targets for row in _to(*target, found["paid"])]
    left = found["left"] or []
    return told + [(_group(group), _("Not spent"), left[group], False) for group in reversed(range(len(left)))]


def _named(funded: list[AllottedRow]) -> list[tuple[str, list[AllottedRow], bool]]:
    named = funded if len(funded) <= SHOWN + 1 else funded[:SHOWN]
    targets = [(row.title, [row], True) for row in named]
    if rest := funded[len(named) :]:
        targets.append((_("%(count)d other funded projects") % {"count": len(rest)}, rest, True))
    return targets


def _to(
    title: str, members: list[AllottedRow], won: bool, found: Mapping[str, Sequence[int]]
) -> list[tuple[str, str, int, bool]]:
    groups = max(len(counts) for counts in found.values())
    return [
        (_group(group), title, sum(found[row.number][group] for row in members), won)
        for group in reversed(range(groups))
    ]


def _group(funded: int) -> str:
    return ngettext("%(count)d funded", "%(count)d funded", funded) % {"count": funded}


def districts(allotment: Allotment) -> list[tuple[str, str, int, str]]:
    """How many funded projects each district has, for the map."""
    chosen = set(allotment.record["order"])
    areas = allotment.election.options.filter(matter__number__in=chosen, matter__area__isnull=False)
    codes = areas.values_list("matter__area__code", flat=True)
    known = list(Area.objects.filter(level=Area.Level.DISTRICT).order_by("code"))
    counts = Counter(
        district.code
        for code in codes
        for district in known
        if code == district.code or code.startswith(f"{district.code}/")
    )
    if not counts:
        return []
    page = reverse("docket:matters")
    return [(area.code, area.name, counts[area.code], f"{page}?area={area.code}") for area in known]


def residents() -> int:
    """How many people live in the city, as its data say; 0 where they do not."""
    counts: Counter[str] = Counter()
    for level, population in Area.objects.exclude(population={}).values_list("level", "population"):
        counts[level] += sum(population.values())
    # A city's data may count residents on one level only, or the same people on several.
    return max(counts.values(), default=0)


def command(allotment: Allotment) -> str:
    """The one command that counts an allotment again from its kit."""
    folder = f"recount-{allotment.stage_id}"
    return f"unzip {folder}.zip -d {folder} && madang budgeting verify {folder}/result.json"


def kit(allotment: Allotment) -> bytes:
    """The kit for recounting, the same bytes each time: ballots, rule, result, and how to."""
    record = allotment.record
    files = {
        "README.txt": READ_ME.format(command=command(allotment)).encode(),
        "rule.json": _text(record["rule"]),
        "result.json": budgeting.as_text(record).encode(),
    }
    if "totals" not in record["source"]:
        files[NAME] = _ballots(allotment.election, record)
    packed = io.BytesIO()
    with ZipFile(packed, "w", ZIP_DEFLATED) as bundle:
        for name, content in sorted(files.items()):
            bundle.writestr(ZipInfo(name, (1980, 1, 1, 0, 0, 0)), content, ZIP_DEFLATED)
    return packed.getvalue()


def _ballots(election: Election, record: Mapping[str, Any]) -> bytes:
    projects = [Project(row["id"], int(row["cost"]), row["name"]) for row in record["projects"]]
    return ballots_file(election, projects, int(record["budget"]))


def _text(value: Any) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=2, sort_keys=True) + "\n").encode()
