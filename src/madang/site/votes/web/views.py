"""Pages of votes and allotments for everybody. The ballot works without script and leaves no trace in the session."""

import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from madang.site.kit import clock
from madang.site.kit.verdict import YES, Refused, Verdict, first_no, no, require
from madang.site.kit.web.access import anyone, page
from madang.site.people.claims import names_of, sentence
from madang.site.programmes.models import Stage
from madang.site.votes import actions, policy, queries
from madang.site.votes.models import Election
from madang.site.votes.voters import NeedsIdentity
from madang.site.votes.web.forms import picks
from madang.site.votes.web.visiting import end, visiting, voter_for

ORDER_COOKIE = "ballot_order"


def stage_named(pk: int, kind: str) -> Stage:
    """The stage of that key and kind. Raises Http404."""
    return get_object_or_404(Stage.public.select_related("process__department"), pk=pk, kind=kind)


def election_named(pk: int) -> Election:
    """The election of a vote stage. Raises Http404 before it has opened."""
    election = queries.election_of(stage_named(pk, "vote"))
    if election is None:
        raise Http404
    return election


@page(allow=anyone)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def vote(request: HttpRequest, pk: int) -> HttpResponse:
    """The ballot paper while the vote is open, the result afterwards. A POST brings picks back for changing."""
    stage = stage_named(pk, "vote")
    election = queries.election_of(stage)
    if election is None:
        return render(request, "votes/waiting.html", {"stage": stage, **_rules(stage)})
    at = clock.now()
    if policy.is_public(election, at).ok:
        return render(request, "votes/result.html", _result(election, at))
    return _paper(request, election, at, picks(request.POST))


def _rules(stage: Stage) -> dict[str, Any]:
    rules: Any = stage.rules
    names = names_of([rule for row in rules.electorates for rule in row.who])
    return {
        "rules": rules,
        "electorates": [
            {"ko": row.ko, "en": row.en, "weight": row.weight, "who": [sentence(rule, names) for rule in row.who]}
            for row in rules.electorates
        ],
    }


def _result(election: Election, at: datetime) -> dict[str, Any]:
    rows = queries.results(election, at)
    rules = _rules(election.stage)
    tally = queries.tally(election, at)
    return {
        "stage": election.stage,
        **rules,
        "rows": [(row, list(zip(rules["electorates"], row.votes, strict=True))) for row in rows],
        "tally": tally,
        "record": queries.record(election, at),
        "sealed": election.sealings.count(),
        "voters": queries.voters(election),
        "turnout": queries.turnout(election),
        "circumstances": queries.circumstances(election),
        "weighted": len(tally["electorates"]) > 1,
        "bars": [(f"{row.option.order}. {row.option.matter.title}", sum(row.votes)) for row in rows[:30]],
    }


def _paper(request: HttpRequest, election: Election, at: datetime, chosen: list[int], error: str = "") -> HttpResponse:
    seed = request.COOKIES.get(ORDER_COOKIE, "")[:32] or secrets.token_hex(8)
    standing = _standing(request, election, at)
    context = {
        "stage": election.stage,
        **_rules(election.stage),
        "options": queries.ballot_paper(election, seed),
        "chosen": chosen,
        "error": error,
        "standing": standing,
        "visiting": visiting(request, election, at),
        "voters": queries.voters(election),
    }
    response = render(request, "votes/ballot.html", context)
    # Only an order of display: no data about the visitor, and none is kept here.
    response.set_cookie(ORDER_COOKIE, seed, max_age=60 * 60 * 24 * 60, httponly=True, samesite="Lax")
    return response


@dataclass(frozen=True)
class Standing:
    """Whether a visitor may vote, in which electorate, and whether only the identity check is missing."""

    verdict: Verdict
    electorate: dict[str, str] | None = None
    needs_identity: bool = False


def _standing(request: HttpRequest, election: Election, at: datetime) -> Standing:
    verdict = policy.may_cast_now(election, at)
    if not verdict.ok:
        return Standing(verdict)
    try:
        voter = voter_for(request, election, at)
    except NeedsIdentity as refused:
        return Standing(no(str(refused)), needs_identity=True)
    except Refused as refused:
        return Standing(no(str(refused)))
    if queries.has_voted(election, voter):
        return Standing(no(_("You have already voted; every person has one vote.")))
    electorate = election.electorates[voter.electorate]
    return Standing(YES, {"ko": electorate.ko, "en": electorate.en})


@page(allow=anyone)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def review(request: HttpRequest, pk: int) -> HttpResponse:
    """The picks once more before they are cast; a wrong ballot is shown again with what is wrong."""
    if request.method != "POST":
        return redirect("votes:vote", pk)
    election, at = election_named(pk), clock.now()
    chosen = picks(request.POST)
    valid, standing = policy.is_valid(chosen, election), _standing(request, election, at)
    refused = first_no(standing.verdict, valid)
    if not refused.ok:
        return _paper(request, election, at, chosen, str(refused.reason))
    options = election.options.filter(order__in=chosen).select_related("matter")
    context = {"stage": election.stage, "options": options, "standing": standing}
    return render(request, "votes/review.html", context)


@page(allow=anyone)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def cast(request: HttpRequest, pk: int) -> HttpResponse:
    """Cast the ballot and show its receipt, here and only now: it is stored nowhere beside the voter.

    Coming back without a ballot, as by changing the language, leads to the vote. With the ballot of somebody
    without an account the session ends.
    """
    if request.method != "POST":
        return redirect("votes:vote", pk)
    election, at = election_named(pk), clock.now()
    try:
        voter = voter_for(request, election, at)
        receipt = actions.cast(by_voter=voter, at=at, election=election, choices=picks(request.POST))
    except Refused as refused:
        return _paper(request, election, at, picks(request.POST), str(refused))
    end(request)
    return render(request, "votes/receipt.html", {"stage": election.stage, "receipt": receipt})


@page(allow=anyone)
@never_cache
@require_safe
def receipts(request: HttpRequest, pk: int) -> HttpResponse:
    """Is my ballot in the box?"""
    election = election_named(pk)
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
    return _file(HttpResponse(lines, content_type="text/plain; charset=utf-8"), f"receipts-{pk}.txt")


@page(allow=anyone)
@require_safe
def board(request: HttpRequest, pk: int) -> HttpResponse:
    """Everything that was cast, for anybody to count again."""
    found = queries.board(election_named(pk), clock.now())
    return _file(JsonResponse(found, json_dumps_params={"ensure_ascii": False}), f"board-{pk}.json")


@page(allow=anyone)
@require_safe
def record(request: HttpRequest, pk: int) -> HttpResponse:
    """The protocol of the vote."""
    found = queries.record(election_named(pk), clock.now())
    return _file(JsonResponse(found, json_dumps_params={"ensure_ascii": False, "indent": 1}), f"vote-{pk}.json")


@page(allow=anyone)
@require_safe
def pabulib(request: HttpRequest, pk: int) -> HttpResponse:
    """The vote in the format of Pabulib."""
    found = queries.pabulib(election_named(pk), clock.now())
    return _file(HttpResponse(found, content_type="text/plain; charset=utf-8"), f"vote-{pk}.pb")


@page(allow=anyone)
@require_safe
def allotment(request: HttpRequest, pk: int) -> HttpResponse:
    """How money was allotted, and why each project was funded or not."""
    stage = stage_named(pk, "allot")
    return render(request, "votes/allotment.html", allotment_context(stage))


def allotment_context(stage: Stage) -> dict[str, Any]:
    """What the pages of an allotment show."""
    found = queries.allotment_of(stage)
    return {
        "stage": stage,
        "rules": stage.rules,
        "fingerprint": queries.fingerprint(stage),
        "allotment": found,
        "rows": queries.allotted_rows(found) if found else [],
    }


@page(allow=anyone)
@require_safe
def allotment_record(request: HttpRequest, pk: int) -> HttpResponse:
    """The record of an allotment as a file for `madang budgeting verify`."""
    found = queries.allotment_of(stage_named(pk, "allot"))
    if found is None:
        raise Http404
    require(policy.is_public(found.election, clock.now()))
    options = {"ensure_ascii": False, "indent": 1}
    return _file(JsonResponse(found.record, json_dumps_params=options), f"allotment-{pk}.json")


def _file(response: Any, name: str) -> Any:
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
