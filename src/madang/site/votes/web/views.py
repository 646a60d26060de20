"""Results, receipts and files of votes for everybody."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from madang.documents.lists import csv_lines
from madang.site.kit import clock
from madang.site.kit.language import pick
from madang.site.kit.web.access import anyone, page
from madang.site.people.claims import names_of, sentence
from madang.site.programmes.models import Stage
from madang.site.votes import queries
from madang.site.votes.models import Election
from madang.site.votes.queries import ResultRow

SHOWN = 12
"""How many options stand open where nothing says how many go on, and in the drawing."""


def stage_named(pk: int, kind: str) -> Stage:
    """The stage of that key and kind. Raises Http404."""
    return get_object_or_404(Stage.public.select_related("process__department"), pk=pk, kind=kind)


def election_named(pk: int) -> Election:
    """The election of a vote stage. Raises Http404 before it has opened."""
    election = queries.election_of(stage_named(pk, "vote"))
    if election is None:
        raise Http404
    return election


def rules_of(stage: Stage) -> dict[str, Any]:
    """The rules of a vote as its pages tell them."""
    rules: Any = stage.rules
    names = names_of([rule for row in rules.electorates for rule in row.who])
    return {
        "rules": rules,
        "electorates": [
            {"ko": row.ko, "en": row.en, "weight": row.weight, "who": [sentence(rule, names) for rule in row.who]}
            for row in rules.electorates
        ],
    }


def result_of(election: Election, at: datetime) -> dict[str, Any]:
    """What the page of a published result shows."""
    rows = queries.results(election, at)
    rules = rules_of(election.stage)
    tally = queries.tally(election, at)
    return {
        "stage": election.stage,
        **rules,
        "rows": rows,
        **_first_and_others(rows, rules),
        "tally": tally,
        "record": queries.record(election, at),
        "spoiled": queries.spoiled(election).total(),
        "sealed": election.sealings.count(),
        "voters": queries.voters(election),
        "turnout": queries.turnout(election),
        "circumstances": queries.circumstances(election),
        "weighted": len(tally["electorates"]) > 1,
        "bars": [(f"{row.option.order}. {row.option.matter.title}", sum(row.votes)) for row in rows[:SHOWN]],
    }


def _first_and_others(rows: Sequence[ResultRow], rules: dict[str, Any]) -> dict[str, Any]:
    """The winners, or the first where there are none or very many, and the others; each with its electorates."""
    named = [(row, list(zip(rules["electorates"], row.votes, strict=True))) for row in rows]
    many = sum(row.won for row in rows) if rules["rules"].winners else SHOWN
    return {"first": named[: max(many, 1)], "others": named[max(many, 1) :]}


@page(allow=anyone)
@require_safe
def result_table(request: HttpRequest, pk: int) -> HttpResponse:
    """All options by rank, with their votes, as a table for a spreadsheet."""
    election, at = election_named(pk), clock.now()
    groups = [pick(one["ko"], one["en"]) for one in rules_of(election.stage)["electorates"]]
    names = [_("Rank"), _("Option"), _("Receipt number"), *groups, _("Weighted share"), _("Outcome")]
    winners = bool(rules_of(election.stage)["rules"].winners)
    rows = [
        (row.rank, row.option.matter.title, row.option.matter.number, *row.votes, row.share, _outcome(row, winners))
        for row in queries.results(election, at)
    ]
    return table_file(names, rows, f"vote-{pk}.csv")


def _outcome(row: ResultRow, winners: bool) -> str:
    if not winners:
        return ""
    return _("goes on") if row.won else _("does not go on")


def table_file(names: Sequence[str], rows: Iterable[Sequence[Any]], name: str) -> HttpResponse:
    """A table as a file for a spreadsheet."""
    return as_file(HttpResponse("".join(csv_lines(names, rows)), content_type="text/csv; charset=utf-8"), name)


@page(allow=anyone)
@never_cache
@require_safe
def receipts(request: HttpRequest, pk: int) -> HttpResponse:
    """Is my ballot in the box? Of an encrypted vote the public board says so."""
    election = election_named(pk)
    if election.rules.encrypted is not None:
        return redirect("votes:public_board", pk)
    code = request.GET.get("code", "")[:40]
    context = {
        "stage": election.stage,
        "code": code,
        "found": queries.has_receipt(election, code) if code.strip() else None,
        "voters": queries.voters(election),
    }
    return render(request, "votes/receipts.html", context)


@page(allow=anyone)
@require_safe
def receipts_file(request: HttpRequest, pk: int) -> HttpResponse:
    """All receipts, one a line in alphabetical order."""
    lines = "".join(f"{code}\n" for code in queries.receipts(election_named(pk)))
    return as_file(HttpResponse(lines, content_type="text/plain; charset=utf-8"), f"receipts-{pk}.txt")


@page(allow=anyone)
@require_safe
def board(request: HttpRequest, pk: int) -> HttpResponse:
    """Everything that was cast, for anybody to count again."""
    found = queries.board(election_named(pk), clock.now())
    return as_file(JsonResponse(found, json_dumps_params={"ensure_ascii": False}), f"board-{pk}.json")


@page(allow=anyone)
@require_safe
def record(request: HttpRequest, pk: int) -> HttpResponse:
    """The protocol of the vote."""
    found = queries.record(election_named(pk), clock.now())
    return as_file(JsonResponse(found, json_dumps_params={"ensure_ascii": False, "indent": 1}), f"vote-{pk}.json")


@page(allow=anyone)
@require_safe
def pabulib(request: HttpRequest, pk: int) -> HttpResponse:
    """The vote in the format of Pabulib."""
    found = queries.pabulib(election_named(pk), clock.now())
    return as_file(HttpResponse(found, content_type="text/plain; charset=utf-8"), f"vote-{pk}.pb")


def as_file(response: Any, name: str) -> Any:
    """An answer that is kept as a file."""
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
