"""The ballot: paper, comparing, review, casting. It works without script and leaves no trace in the session."""

from dataclasses import dataclass
from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from madang.site.kit import clock
from madang.site.kit.verdict import YES, Refused, Verdict, first_no, no
from madang.site.kit.web.access import anyone, page
from madang.site.votes import actions, beginning, paper, policy, queries
from madang.site.votes.models import Election
from madang.site.votes.voters import NeedsIdentity
from madang.site.votes.web.forms import picks
from madang.site.votes.web.keeping import keep, kept, order_of, remember_order
from madang.site.votes.web.views import election_named, result_of, rules_of, stage_named
from madang.site.votes.web.visiting import end, visiting, voter_for


@page(allow=anyone)
@never_cache
@require_safe
def vote(request: HttpRequest, pk: int) -> HttpResponse:
    """The ballot paper with what was picked before while the vote is open, the result afterwards."""
    stage = stage_named(pk, "vote")
    election = queries.election_of(stage)
    if election is None:
        return render(request, "votes/waiting.html", {"stage": stage, **rules_of(stage)})
    at = clock.now()
    if policy.is_public(election, at).ok:
        return render(request, "votes/result.html", result_of(election, at))
    if election.rules.encrypted is not None:
        return redirect("votes:booth" if policy.may_cast_now(election, at).ok else "votes:public_board", pk)
    return _paper(request, election, at, kept(request))


def _paper(request: HttpRequest, election: Election, at: datetime, chosen: list[int], error: str = "") -> HttpResponse:
    seed = order_of(request)
    lines = paper.lines(election, seed)
    context = {
        "stage": election.stage,
        **rules_of(election.stage),
        "lines": lines,
        "chosen": chosen,
        "purse": paper.purse(election, [line.option for line in lines], chosen),
        "error": error,
        "standing": _standing(request, election, at),
        "visiting": visiting(request, election, at),
        "voters": queries.voters(election),
    }
    return remember_order(render(request, "votes/ballot.html", context), seed)


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


def _unencrypted(pk: int) -> Election:
    """The election of a vote whose picks may be sent here. Raises Refused for one that is cast in the booth."""
    election = election_named(pk)
    if election.rules.encrypted is not None:
        raise Refused(_("This vote is encrypted in your browser: choose and cast in the booth, and nowhere else."))
    return election


@page(allow=anyone, repeats=True)
@require_POST
def keep_picks(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep the picks: at each tick by the script, which gets no page, or by one of the buttons of the form."""
    election, then = _unencrypted(pk), request.POST.get("then", "")
    chosen = [] if then == "clear" else picks(request.POST)
    if chosen:
        beginning.note_begun(by=request.actor, at=clock.now(), election=election)  # type: ignore[attr-defined]
    if then == "stay":
        return keep(HttpResponse(status=204), request, election, chosen)
    query = QueryDict(mutable=True)
    query.setlist("choice", [str(number) for number in chosen[: paper.MOST]])
    if then == "compare":
        response = redirect(f"{reverse('votes:compare', args=[pk])}?{query.urlencode()}")
    else:
        told = _("Your picks are kept in this browser. They are not cast yet.")
        messages.info(request, told if chosen else _("Your picks are gone from this browser."))
        response = redirect("votes:vote", pk)
    return keep(response, request, election, chosen)


@page(allow=anyone)
@never_cache
@require_safe
def compare(request: HttpRequest, pk: int) -> HttpResponse:
    """Two to four options side by side, each to be picked there."""
    election = _unencrypted(pk)
    wanted = picks(request.GET)
    options, rows = paper.beside(election, wanted[: paper.MOST])
    picked = kept(request)
    shown = {option.order for option in options}
    context = {
        "stage": election.stage,
        "options": options if len(options) >= paper.FEWEST else [],
        "rows": rows,
        "wanted": wanted,
        "too_many": len(wanted) > paper.MOST,
        "picked": picked,
        "others_picked": [number for number in picked if number not in shown],
        "every": election.options.select_related("matter"),
        "open": policy.may_cast_now(election, clock.now()).ok,
    }
    return render(request, "votes/compare.html", context)


@page(allow=anyone, repeats=True)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def review(request: HttpRequest, pk: int) -> HttpResponse:
    """The picks once more before they are cast; a wrong ballot is shown again with what is wrong.

    Coming back, as by changing the language, shows what is kept.
    """
    election, at = _unencrypted(pk), clock.now()
    chosen = picks(request.POST) if request.method == "POST" else kept(request)
    if request.method != "POST" and not chosen:
        return redirect("votes:vote", pk)
    if request.method == "POST":
        beginning.note_begun(by=request.actor, at=at, election=election)  # type: ignore[attr-defined]
    standing = _standing(request, election, at)
    refused = first_no(standing.verdict, policy.is_valid(chosen, election))
    if not refused.ok:
        return keep(_paper(request, election, at, chosen, str(refused.reason)), request, election, chosen)
    options = election.options.filter(order__in=chosen).select_related("matter__area")
    context = {
        "stage": election.stage,
        "options": options,
        "standing": standing,
        "purse": paper.purse(election, options, chosen),
    }
    return keep(render(request, "votes/review.html", context), request, election, chosen)


@page(allow=anyone, repeats=True)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def cast(request: HttpRequest, pk: int) -> HttpResponse:
    """Cast the ballot and show its receipt, here and only now: it is stored nowhere beside the voter.

    Coming back without a ballot, as by changing the language, leads to the vote. With the ballot of somebody
    without an account the session ends.
    """
    if request.method != "POST":
        return redirect("votes:vote", pk)
    election, at = _unencrypted(pk), clock.now()
    try:
        voter = voter_for(request, election, at)
        receipt = actions.cast(by_voter=voter, at=at, election=election, choices=picks(request.POST))
    except Refused as refused:
        return _paper(request, election, at, picks(request.POST), str(refused))
    end(request)
    response = render(request, "votes/receipt.html", {"stage": election.stage, "receipt": receipt})
    return keep(response, request, election, [])
