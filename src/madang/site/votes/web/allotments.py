"""The result of an allotment for everybody: winners and losers with their reasons, and everything to count it again."""

from fractions import Fraction
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from madang.figures.amounts import rounded
from madang.site.kit import clock
from madang.site.kit.verdict import require
from madang.site.kit.web.access import anyone, page
from madang.site.programmes.models import Stage
from madang.site.votes import policy, queries, results
from madang.site.votes.allotting import card_of, rule_of
from madang.site.votes.models import Allotment
from madang.site.votes.web.views import as_file, stage_named, table_file


@page(allow=anyone)
@require_safe
def allotment(request: HttpRequest, pk: int) -> HttpResponse:
    """How money was allotted, and why each project was funded or not."""
    return render(request, "votes/allotment.html", allotment_context(stage_named(pk, "allot")))


def allotment_context(stage: Stage) -> dict[str, Any]:
    """What the pages of an allotment show."""
    found, rules = results.allotment_of(stage), stage.rules
    context = {
        "stage": stage,
        "rules": rules,
        "card": card_of(rules),
        "fingerprint": rule_of(rules).sha256,
        "allotment": found,
    }
    return {**context, **_result(found)} if found else context


def _result(found: Allotment) -> dict[str, Any]:
    rows, voters, residents = results.allotted_rows(found), queries.voters(found.election), results.residents()
    return {
        "rows": rows,
        "funded": [row for row in rows if row.funded],
        "others": [row for row in rows if not row.funded],
        "winners": len(found.record["order"]),
        "comparison": results.comparison(found),
        "flows": results.flows(found, rows),
        "money": results.money_flows(found, rows),
        "districts": results.districts(found),
        "voters": voters,
        "residents": residents,
        "turnout": f"{rounded(Fraction(voters * 100, residents), places=2)}%" if residents else "",
        "command": results.command(found),
        "ties": [(tie["among"], tie["chosen"]) for tie in found.record["ties"]],
        "from_totals": "totals" in found.record["source"],
    }


def _published(pk: int) -> Allotment:
    """The allotment of a stage. Raises Http404 before there is one, and Refused under embargo."""
    found = results.allotment_of(stage_named(pk, "allot"))
    if found is None:
        raise Http404
    require(policy.is_public(found.election, clock.now()))
    return found


@page(allow=anyone)
@require_safe
def record(request: HttpRequest, pk: int) -> HttpResponse:
    """The record of an allotment as a file for `madang budgeting verify`."""
    answer = JsonResponse(_published(pk).record, json_dumps_params={"ensure_ascii": False, "indent": 1})
    return as_file(answer, f"allotment-{pk}.json")


@page(allow=anyone)
@require_safe
def kit(request: HttpRequest, pk: int) -> HttpResponse:
    """Ballots, rule and result in one file, with the command that counts them again."""
    return as_file(HttpResponse(results.kit(_published(pk)), content_type="application/zip"), f"recount-{pk}.zip")


@page(allow=anyone)
@require_safe
def table(request: HttpRequest, pk: int) -> HttpResponse:
    """All projects of an allotment with their reasons, as a table for a spreadsheet."""
    names = [_("Rank by votes"), _("Project"), _("Receipt number"), _("Votes received"), _("Cost (won)"), _("Outcome")]
    rows = [
        (
            row.rank,
            row.title,
            row.number,
            row.votes,
            row.cost_won,
            _("funded") if row.funded else _("not funded"),
            row.reason,
        )
        for row in results.allotted_rows(_published(pk))
    ]
    return table_file([*names, _("Reason")], rows, f"allotment-{pk}.csv")
