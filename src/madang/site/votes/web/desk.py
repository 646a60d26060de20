"""Pages of votes and allotments for the office in charge and for polling stations."""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from madang.site.kit import clock
from madang.site.kit.verdict import Refused, require
from madang.site.kit.web.access import page, roles
from madang.site.programmes.models import Stage
from madang.site.programmes.policy import may_see
from madang.site.votes import actions, allotting, policy, queries
from madang.site.votes.models import Election, PaperBatch
from madang.site.votes.web.allotments import allotment_context
from madang.site.votes.web.forms import PaperForm, RejectForm, RuleForm
from madang.site.votes.web.views import election_named, stage_named

OFFICE = roles("officer", "head", "district_officer")


@page(allow=OFFICE)
@require_safe
def vote(request: HttpRequest, pk: int) -> HttpResponse:
    """Turnout, sealing, papers and the count; results only when they are public."""
    stage = stage_named(pk, "vote")
    election = queries.election_of(stage)
    if election is None:
        return render(request, "votes/desk_waiting.html", {"stage": stage})
    return _desk(request, election, PaperForm(election=election), clock.now())


def _desk(
    request: HttpRequest,
    election: Election,
    form: PaperForm,
    at: datetime,
    rejected: Mapping[int, RejectForm] = MappingProxyType({}),
) -> HttpResponse:
    """The desk of a vote; `rejected` is what was typed to reject a batch, by its key."""
    by = request.actor  # type: ignore[attr-defined]
    require(policy.may_oversee(by, election, at))
    waiting = election.paper_batches.filter(confirmed_at__isnull=True, rejected_at__isnull=True)
    context = {
        "stage": election.stage,
        "election": election,
        "voters": queries.voters(election),
        "turnout": queries.turnout(election),
        "sealings": election.sealings.order_by("-number")[:10],
        "batches": [
            (batch, policy.may_confirm_paper(by, batch, at), rejected.get(batch.pk) or _rejecting(batch))
            for batch in waiting.order_by("pk")[:25]
        ],
        "paper_form": form,
        "may_enter_paper": policy.may_enter_paper(by, election, at),
        "may_seal": policy.may_seal(by, election, at),
        "may_count": policy.may_count(by, election, at),
        "may_recount": policy.may_recount(by, election, at),
        "may_destroy_roll": policy.may_destroy_roll(by, election, at),
        "public": policy.is_public(election, at),
    }
    return render(request, "votes/desk_vote.html", context)


def _rejecting(batch: PaperBatch, sent: QueryDict | None = None) -> RejectForm:
    """The form that rejects a batch, with ids of its own."""
    return RejectForm(sent, auto_id=f"reject-{batch.pk}_%s")


@page(allow=OFFICE)
@require_POST
def seal(request: HttpRequest, pk: int) -> HttpResponse:
    """Seal the ballots cast so far."""
    sealing = actions.seal_ballots(by=request.actor, at=clock.now(), election=election_named(pk))  # type: ignore[attr-defined]
    messages.success(request, _("%(count)d ballots are sealed.") % {"count": sealing.ballots})
    return redirect("votes_desk:vote", pk)


@page(allow=OFFICE)
@require_POST
def count(request: HttpRequest, pk: int) -> HttpResponse:
    """Close the box and count it."""
    actions.count(by=request.actor, at=clock.now(), election=election_named(pk))  # type: ignore[attr-defined]
    messages.success(request, _("The ballots are counted. The result appears when the stage is closed."))
    return redirect("votes_desk:vote", pk)


@page(allow=OFFICE)
@require_POST
def recount(request: HttpRequest, pk: int) -> HttpResponse:
    """Count again and compare."""
    same = actions.recount(by=request.actor, at=clock.now(), election=election_named(pk))  # type: ignore[attr-defined]
    if same:
        messages.success(request, _("The recount gives the published result."))
    else:
        messages.error(request, _("The recount differs from the published result; the record must be examined."))
    return redirect("votes_desk:vote", pk)


@page(allow=OFFICE)
@require_POST
def destroy_roll(request: HttpRequest, pk: int) -> HttpResponse:
    """Destroy the roll after the time for complaints; a second tick, since it cannot be undone."""
    if request.POST.get("sure") != "yes":
        messages.error(request, _("Nothing was destroyed: tick that you are sure first."))
        return redirect("votes_desk:vote", pk)
    gone = actions.destroy_roll(by=request.actor, at=clock.now(), election=election_named(pk))  # type: ignore[attr-defined]
    messages.success(request, _("%(count)d entries of the roll are destroyed.") % {"count": gone})
    return redirect("votes_desk:vote", pk)


@page(allow=OFFICE)
@require_POST
def enter_papers(request: HttpRequest, pk: int) -> HttpResponse:
    """Enter ballots on paper; what was typed stays if something is wrong."""
    election, at = election_named(pk), clock.now()
    form = PaperForm(request.POST, election=election)
    if not form.is_valid():
        return _desk(request, election, form, at)
    try:
        batch = actions.enter_paper(by=request.actor, at=at, election=election, **form.batch(at))  # type: ignore[attr-defined]
    except Refused as refused:
        form.add_error(None, str(refused))
        return _desk(request, election, form, at)
    messages.success(request, _("%(count)d papers wait for a second official.") % {"count": batch.size})
    return redirect("votes_desk:vote", pk)


@page(allow=OFFICE)
@require_POST
def papers(request: HttpRequest, pk: int, batch: int) -> HttpResponse:
    """Confirm or reject a batch as the second official."""
    found = get_object_or_404(
        PaperBatch.objects.select_related("election__stage__process__department"), pk=batch, election__stage_id=pk
    )
    if request.POST.get("do") == "reject":
        election, at, form = found.election, clock.now(), _rejecting(found, request.POST)
        require(policy.may_confirm_paper(request.actor, found, at))  # type: ignore[attr-defined]
        if not form.is_valid():
            return _desk(request, election, PaperForm(election=election), at, {found.pk: form})
        actions.reject_paper(by=request.actor, at=at, batch=found, **form.cleaned_data)  # type: ignore[attr-defined]
        messages.success(request, _("The batch is rejected."))
    else:
        actions.confirm_paper(by=request.actor, at=clock.now(), batch=found)  # type: ignore[attr-defined]
        messages.success(request, _("The papers are in the box."))
    return redirect("votes_desk:vote", pk)


@page(allow=OFFICE)
@require_safe
def allotment(request: HttpRequest, pk: int) -> HttpResponse:
    """The rule and the result of an allotment."""
    stage, by, at = stage_named(pk, "allot"), request.actor, clock.now()  # type: ignore[attr-defined]
    require(policy.may_run(by, stage, at))
    more = {"waiting": stage.matters.count(), "may_choose": policy.may_choose_rule(by, stage, at)}
    return render(request, "votes/desk_allotment.html", {**allotment_context(stage), **more})


@page(allow=OFFICE)
@require_http_methods(["GET", "HEAD", "POST"])
def choose_rule(request: HttpRequest, pk: int) -> HttpResponse:
    """The cards of rules before the vote opens, also while the process is a draft."""
    by, at = request.actor, clock.now()  # type: ignore[attr-defined]
    stage = get_object_or_404(Stage.objects.select_related("process__department"), pk=pk, kind="allot")
    if not may_see(by, stage.process, at).ok:
        raise Http404
    require(policy.may_run(by, stage, at))
    form = RuleForm(request.POST or None, initial=RuleForm.of(stage.rules))
    may_choose = policy.may_choose_rule(by, stage, at)
    if request.method == "POST" and form.is_valid():
        try:
            allotting.choose_rule(by=by, at=at, stage=stage, **form.chosen())
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(
                request, _("The rule is chosen. Its fingerprint is in the record, and fixed when the vote opens.")
            )
            return redirect("votes_desk:choose_rule", pk)
    context = {
        "stage": stage,
        "form": form,
        "may_choose": may_choose,
        "fingerprint": allotting.rule_of(stage.rules).sha256,
    }
    return render(request, "votes/desk_rule.html", {**context, "card": allotting.card_of(stage.rules)})
