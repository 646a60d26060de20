"""Reading votes. The embargo is here: `tally` and all that follows from it refuse until the stage is closed."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Any

from django.conf import settings
from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from madang.site.kit.actor import Actor
from madang.site.kit.verdict import require
from madang.site.people.models import Area
from madang.site.programmes.models import Stage
from madang.site.programmes.queues import in_charge
from madang.site.votes import policy
from madang.site.votes.allotting import weighted
from madang.site.votes.boxes import cell
from madang.site.votes.models import Allotment, Board, Circumstance, Election, Option, PaperBatch, Sealing, Turnout
from madang.site.votes.voters import Voter


@dataclass(frozen=True)
class ResultRow:
    """One option's result as a page shows it. `share` is the weighted share in percent, as text, or ""."""

    option: Option
    votes: list[int]
    total: Fraction
    share: str
    rank: int
    tied: bool
    won: bool


def election_of(stage: Stage) -> Election | None:
    """The vote of a stage with its stage and department, or None before it has opened."""
    return Election.objects.select_related("stage__process__department").filter(stage=stage).first()


def unsealed(at: datetime) -> list[Election]:
    """The running votes into which ballots were cast since their last sealing, for the night."""
    last = Sealing.objects.filter(election=OuterRef("pk")).order_by("-number")
    board = Board.objects.filter(stage=OuterRef("stage_id"), withdrawn_at=None)
    rows = Election.objects.filter(stage__opened_at__lte=at, stage__closed_at=None, counted_at=None)
    rows = rows.annotate(
        cast=Count("ballots"),
        sealed=Coalesce(Subquery(last.values("ballots")[:1]), 0),
        events=Coalesce(Subquery(board.values("events")[:1]), 0),
        chained=Coalesce(Subquery(last.values("events")[:1]), 0),
    ).filter(Q(cast__gt=F("sealed")) | Q(events__gt=F("chained")))
    return list(rows.select_related("stage__process__department").order_by("pk"))


def spoiled(election: Election) -> Counter[str]:
    """How many ballots of each electorate count for nobody: papers in the boxes, and encrypted ones once opened."""
    found: Counter[str] = Counter()
    for numbers in election.paper_batches.exclude(confirmed_at=None).values_list("spoiled", flat=True):
        found.update(numbers)
    if election.rules.encrypted is not None:
        opened = election.stage.boards.filter(withdrawn_at=None).values_list("spoilt", flat=True).first()
        found.update({election.rules.electorates[0].code: opened} if opened else {})
    return found


def voters(election: Election) -> int:
    """How many people have voted: all that is shown before the result."""
    return election.roll.count() or sum(election.turnout.values_list("voters", flat=True))


def circumstances(election: Election) -> list[Circumstance]:
    """What the vote was held under: the latest note of each kind, in the order in which they were first noted."""
    rows = {row.code: row for row in election.circumstances.order_by("noted_at", "pk")}
    return list(rows.values())


def turnout(election: Election) -> QuerySet[Turnout]:
    """Voters by day and channel, as sealed."""
    return election.turnout.all()


def voted_by(election: Election, voter: Voter) -> str | None:
    """By which channel a voter has voted; None where they have not."""
    return election.roll.filter(voter_key=voter.key).values_list("channel", flat=True).first()


def has_voted(election: Election, voter: Voter) -> bool:
    """Whether a voter stands on the roll."""
    return election.roll.filter(voter_key=voter.key).exists()


def receipts(election: Election) -> Iterator[str]:
    """All receipts in alphabetical order; published at any time, since they say nothing about choices."""
    return election.ballots.order_by("receipt").values_list("receipt", flat=True).iterator(chunk_size=5000)


def has_receipt(election: Election, code: str) -> bool:
    """Whether the ballot of a receipt is in the box; blanks and small letters do not matter."""
    return election.ballots.filter(receipt="".join(code.upper().split())).exists()


def tally(election: Election, at: datetime) -> dict[str, Any]:
    """The result. Raises Refused for everybody until the stage is closed and counted."""
    require(policy.is_public(election, at))
    return election.tally or {}


def record(election: Election, at: datetime) -> dict[str, Any]:
    """The protocol of the vote: rules, options, roots, tally. Raises Refused under embargo."""
    require(policy.is_public(election, at))
    return election.record or {}


def board(election: Election, at: datetime) -> dict[str, Any]:
    """Everything that was cast, for anybody to count again; receipts are not in it. Raises Refused under embargo."""
    require(policy.is_public(election, at))
    rows = election.ballots.order_by("id").values_list("id", "electorate", "choices")
    return {
        "format": "madang-board/1",
        "record": election.record,
        "ballots": [
            {"key": f"{key:016x}", "electorate": electorate, "choices": numbers_of(choices)}
            for key, electorate, choices in rows.iterator(chunk_size=5000)
        ],
    }


def numbers_of(choices: str) -> list[int]:
    """The numbers a ballot names."""
    return [int(number) for number in choices.split(",") if number]


def results(election: Election, at: datetime) -> list[ResultRow]:
    """The options by rank. Raises Refused under embargo."""
    found = tally(election, at)
    options = {option.order: option for option in election.options.select_related("matter")}
    winners = election.rules.winners or len(options)
    weights = sum(row["weight"] for row in found["electorates"])
    shares = weighted(election)
    return [
        ResultRow(
            option=options[row["number"]],
            votes=[row["votes"][electorate["code"]] for electorate in found["electorates"]],
            total=Fraction(row["total"]),
            share=_percent(Fraction(row["total"]) / weights) if shares else "",
            rank=row["rank"],
            tied=row["tied"],
            won=row["rank"] <= winners,
        )
        for row in found["options"]
    ]


def _percent(share: Fraction) -> str:
    hundredths = (share.numerator * 20_000 + share.denominator) // (2 * share.denominator)
    return f"{hundredths // 100}.{hundredths % 100:02d}%"


def pabulib(election: Election, at: datetime) -> str:
    """A finished vote in the `.pb` format of Pabulib (pabulib.org/format), without sex and age: the box has none.

    Raises Refused under embargo.
    """
    require(policy.is_public(election, at))
    options = list(election.options.select_related("matter"))
    allotment = election.allotments.first()
    found = {row["number"]: row for row in (election.tally or {})["options"]}
    several = weighted(election)
    lines = ["META", "key;value", *_meta(election, allotment, len(options)), "PROJECTS"]
    lines.append("project_id;cost;votes;name;selected" if allotment else "project_id;cost;votes;name")
    winners = set(allotment.record["order"]) if allotment else set()
    for option in options:
        votes = sum(found[option.order]["votes"].values())
        row = f"{option.order};{option.amount_won or 0};{votes};{cell(option.matter.title)}"
        lines.append(f"{row};{int(option.matter.number in winners)}" if allotment else row)
    lines += ["VOTES", "voter_id;electorate;vote" if several else "voter_id;vote"]
    rows = election.ballots.order_by("id").values_list("electorate", "choices")
    for number, (electorate, choices) in enumerate(rows.iterator(chunk_size=5000), 1):
        lines.append(f"{number};{electorate};{choices}" if several else f"{number};{choices}")
    return "\n".join(lines) + "\n"


def _meta(election: Election, allotment: Allotment | None, projects: int) -> list[str]:
    stage = election.stage
    city = Area.objects.filter(level=Area.Level.CITY).order_by("code").first()
    costs = election.options.values_list("amount_won", flat=True)
    budget = allotment.record["budget"] if allotment else sum(cost or 0 for cost in costs)
    pairs = {
        "description": stage.process.title_en or stage.process.title_ko,
        "country": settings.HOLIDAYS_COUNTRY,
        "unit": city.name_en if city else "",
        "instance": stage.process.year,
        "num_projects": projects,
        "num_votes": (election.record or {})["ballots"],
        "budget": budget,
        "vote_type": "approval",
        "rule": allotment.record["rule"]["rule"] if allotment else "unknown",
        "date_begin": f"{stage.opened_at:%d.%m.%Y}",
        "date_end": f"{stage.closed_at:%d.%m.%Y}",
        "min_length": election.rules.choose.min,
        "max_length": election.rules.choose.max,
        "currency": "KRW",
        "language": "ko",
    }
    return [f"{key};{cell(str(value))}" for key, value in pairs.items()]


def papers_to_confirm(by: Actor, at: datetime) -> QuerySet[PaperBatch]:
    """Batches of papers that somebody else entered and that wait for a second official of the vote's department."""
    rows = PaperBatch.objects.filter(confirmed_at=None, rejected_at=None, election__stage__closed_at=None)
    charge = in_charge(by, "officer", "head", "district_officer", path="election__stage__process__")
    return rows.filter(charge).exclude(entered_by=by.pseudonym)


def open_votes(by: Actor, at: datetime) -> QuerySet[Stage]:
    """Open vote and allotment stages of the actor's departments, for the desk."""
    stages = Stage.objects.filter(kind__in=("vote", "allot"), opened_at__isnull=False, closed_at__isnull=True)
    return stages.filter(in_charge(by, "officer", "head")).select_related("process").order_by("closes_on", "pk")
