"""The public draw as everybody can watch it: the list against the city, the panels, the draw, its proof, one's own."""

from pathlib import Path

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from madang.site.kit import clock
from madang.site.kit.language import pick
from madang.site.kit.web.access import anyone, page, signed_in
from madang.site.kit.web.context import city_words
from madang.site.kit.web.paging import page_of
from madang.site.panels import policy, queries
from madang.site.panels.lottery import Lottery, Row, lottery_of
from madang.site.panels.web.views import rules_in_words, stage_named
from madang.sortition import verifier as program

HUNDRED = 100


@page(allow=anyone)
@require_safe
def watch(request: HttpRequest, pk: int) -> HttpResponse:
    """The draw as an event: what was published before, and then the seed, the number and the panel."""
    stage = stage_named(pk, "draw")
    found = queries.draw_of(stage)
    lottery = lottery_of(found) if found else None
    number = queries.number_of(found) if found else None
    context = {
        "stage": stage,
        "draw": found,
        "pool": page_of(request, queries.pool_rows(found)) if found else None,
        "lottery": lottery,
        "number": number,
        "counted": _named(lottery, number),
        "population_source": pick(*city_words(str(settings.CITY_FOLDER), "population_source")),
        **rules_in_words(stage, found),
    }
    return render(request, "panels/watch.html", context)


def _named(lottery: Lottery | None, number: int | None) -> list[tuple[str, Row]]:
    """How a panel keeps the quotas, each in words."""
    if lottery is None or number is None:
        return []
    rows = lottery.counted(number)
    names = queries.quota_names(tuple(row.name.split("=", 1)) for row in rows if "=" in row.name)  # type: ignore[misc]
    return [(names.get(row.name, _("all seats")), row) for row in rows]


@page(allow=anyone)
@require_safe
def panels(request: HttpRequest, pk: int) -> HttpResponse:
    """The panels of the lottery by number; one of them with its quotas and its names."""
    stage = stage_named(pk, "draw")
    found = queries.draw_of(stage)
    lottery = lottery_of(found) if found else None
    asked = request.GET.get("number", "").strip()
    number = _number(asked, lottery)
    first = (number if number is not None else _number(request.GET.get("from", ""), lottery) or 0) // HUNDRED * HUNDRED
    context = {
        "stage": stage,
        "draw": found,
        "lottery": lottery,
        "asked": asked,
        "number": number,
        "drawn": queries.number_of(found) if found else None,
        "counted": _named(lottery, number),
        "names": page_of(request, lottery.panel(number)) if lottery and number is not None else None,
        "hundreds": range(0, lottery.tickets, HUNDRED) if lottery else (),
        "first": first,
        "numbers": range(first, min(first + HUNDRED, lottery.tickets)) if lottery else (),
    }
    return render(request, "panels/panels.html", context)


def _number(text: str, lottery: Lottery | None) -> int | None:
    """A number that has a panel, or None."""
    if lottery is None or not (text.isascii() and text.isdigit() and len(text) < 10):
        return None
    return int(text) if int(text) < lottery.tickets else None


@page(allow=anyone)
@require_safe
def proof(request: HttpRequest, pk: int) -> HttpResponse:
    """How anybody checks a draw: the record, the commands, and what must be compared by eye."""
    stage = stage_named(pk, "draw")
    found = queries.draw_of(stage)
    context = {"stage": stage, "draw": found, "lottery": lottery_of(found) if found else None}
    return render(request, "panels/proof.html", context)


@page(allow=anyone)
@require_safe
def verifier(request: HttpRequest) -> HttpResponse:
    """The program that checks a record on a machine that has nothing but Python."""
    answer = HttpResponse(Path(program.__file__).read_bytes(), content_type="text/x-python; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="verifier.py"'
    return answer


@page(allow=signed_in)
@require_safe
def own(request: HttpRequest, pk: int) -> HttpResponse:
    """The visitor's own ticket: chance, numbers and result; nothing about anybody else."""
    stage, by = stage_named(pk, "draw"), request.actor  # type: ignore[attr-defined]
    found = queries.draw_of(stage)
    entry = queries.own_entry(found, by) if found else None
    context: dict[str, object] = {
        "stage": stage,
        "draw": found,
        "own": entry,
        "may_reply": policy.may_reply(by, entry, clock.now()) if entry else None,
        "reply_until": policy.reply_until(entry) if entry and entry.called_at else None,
        "number": queries.number_of(found) if found else None,
    }
    if found and entry and entry.stratum:
        context |= _standing(lottery_of(found), entry.ticket)
    return render(request, "panels/own_ticket.html", context)


def _standing(lottery: Lottery, ticket: str) -> dict[str, object]:
    numbers, chance = lottery.own_tickets(ticket), lottery.chance(ticket)
    limits = lottery.limits(ticket)
    names = queries.quota_names(tuple(name.split("=", 1)) for name in limits if "=" in name)  # type: ignore[misc]
    return {
        "numbers": numbers,
        "chance": chance,
        "realised": f"{len(numbers):,} / {lottery.tickets:,}",
        "limits": [names[name] for name in limits if name in names],
    }
