"""Voting without an account: the check, and the voter whom a session holds until the ballot is cast."""

from datetime import datetime, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from madang.site.kit import clock
from madang.site.kit.clock import end_of
from madang.site.kit.verdict import Refused, require
from madang.site.kit.web.access import anyone, page
from madang.site.people.actions import Verified, check_visitor, facts_of
from madang.site.people.web import checks
from madang.site.votes import policy
from madang.site.votes.models import Election
from madang.site.votes.voters import Voter, visiting_voter, voter_of
from madang.site.votes.web.keeping import forget

KEY = "voter"
MINUTES = 30
KEEP_DAYS = 60


@page(allow=anyone)
@require_POST
def verify(request: HttpRequest, pk: int) -> HttpResponse:
    """Begin the identity check of a visitor who wants to vote here."""
    by: Any = request.actor  # type: ignore[attr-defined]
    if by.known:
        return redirect("people:identity")
    require(policy.may_cast_now(_election(pk), clock.now()))
    checks.begin(request, purpose="vote", detail=str(pk))
    return redirect("people:check")


def _checked(request: HttpRequest, verified: Verified, detail: str) -> HttpResponse:
    """From what was confirmed to a voter of this one vote; nothing else of it stays."""
    at, election = clock.now(), _election(int(detail))
    require(policy.may_cast_now(election, at))
    last = election.stage.closes_on
    until = end_of(last) if last else at + timedelta(days=KEEP_DAYS)
    by: Any = request.actor  # type: ignore[attr-defined]
    identity = check_visitor(by=by, at=at, verified=verified, purpose=election.code, until=until)
    held = frozenset(f"{kind}:{value}" for kind, value in facts_of(verified, at))
    try:
        voter = visiting_voter(subject=identity.subject, held=held, election=election, at=at)
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect("votes:vote", election.stage_id)
    _keep(request, voter, election, at)
    messages.success(request, _("Your identity is checked for this vote. Now choose and cast within 30 minutes."))
    return redirect("votes:vote", election.stage_id)


checks.add_purpose(
    "vote", checks.Purpose(gettext_lazy("You vote without an account: only for this vote, once."), _checked)
)


@page(allow=anyone)
@require_POST
def leave(request: HttpRequest, pk: int) -> HttpResponse:
    """End without voting, as on a computer that others use."""
    end(request)
    return forget(redirect("votes:vote", pk), pk)


def voter_for(request: HttpRequest, election: Election, at: datetime) -> Voter:
    """Who votes here: the signed-in person, or else the visitor whom this session holds. Raises Refused."""
    if not visiting(request, election, at):
        return voter_of(by=request.actor, election=election, at=at)  # type: ignore[attr-defined]
    kept = request.session[KEY]
    return Voter(kept["key"], frozenset(kept["claims"]), kept["electorate"])


def end(request: HttpRequest) -> None:
    """Forget the visitor together with the session; a signed-in person keeps theirs."""
    if not request.actor.known:  # type: ignore[attr-defined]
        request.session.flush()


def visiting(request: HttpRequest, election: Election, at: datetime) -> bool:
    """Whether this session holds a visitor for this vote."""
    kept = request.session.get(KEY)
    own = not request.actor.known and kept is not None  # type: ignore[attr-defined]
    return own and kept["election"] == election.pk and datetime.fromisoformat(kept["until"]) > at


def _keep(request: HttpRequest, voter: Voter, election: Election, at: datetime) -> None:
    asked = {part.partition(":")[0] for rule in election.electorates[voter.electorate].who for part in rule.split("|")}
    asked = {"birth_year" if kind == "age_at_least" else kind for kind in asked}
    request.session.cycle_key()
    until = at + timedelta(minutes=MINUTES)
    request.session.set_expiry(MINUTES * 60)
    request.session[KEY] = {
        "election": election.pk,
        "key": voter.key,
        "claims": sorted(claim for claim in voter.claims if claim.partition(":")[0] in asked),
        "electorate": voter.electorate,
        "until": until.isoformat(),
    }


def _election(pk: int) -> Election:
    """The open vote of that stage. Raises Refused where there is none."""
    found = Election.objects.select_related("stage__process__department").filter(stage_id=pk).first()
    if found is None:
        raise Refused(_("This vote is not open."))
    return found
