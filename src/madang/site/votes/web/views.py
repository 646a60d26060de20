"""Results, receipts and files of votes for everybody."""

from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from madang.site.kit import clock
from madang.site.kit.web.access import anyone, page
from madang.site.people.claims import names_of, sentence
from madang.site.programmes.models import Stage
from madang.site.votes import queries
from madang.site.votes.models import Election


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
        "rows": [(row, list(zip(rules["electorates"], row.votes, strict=True))) for row in rows],
        "tally": tally,
        "record": queries.record(election, at),
        "spoiled": queries.spoiled(election).total(),
        "sealed": election.sealings.count(),
        "voters": queries.voters(election),
        "turnout": queries.turnout(election),
        "circumstances": queries.circumstances(election),
        "weighted": len(tally["electorates"]) > 1,
        "bars": [(f"{row.option.order}. {row.option.matter.title}", sum(row.votes)) for row in rows[:30]],
    }


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
