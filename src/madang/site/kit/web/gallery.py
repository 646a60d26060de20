"""Every component in every state on one page: what rooms may use, and what the judges of pages look at."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from madang.site.kit import clock
from madang.site.kit.actor import Actor
from madang.site.kit.verdict import YES, Verdict, no
from madang.site.kit.web.access import page
from madang.site.kit.web.paging import Page
from madang.site.kit.web.tables import Choice, Column, Table

CHOICES = [("a", _("The first choice")), ("b", _("The second choice"))]
AMOUNTS = (0, 9_990, 12_345_678, 350_000_000, -1_200_000)
# Longer than any line of a phone, and without a place to break it in English.
LONG = "누구나 걸을 수 있는 골목길을 위한 보행 안전 시설과 쉼터를 함께 늘리고 이웃이 직접 돌보는 마을 정원 만들기"


class Sample(forms.Form):
    """One field of every kind that rooms use."""

    words = forms.CharField(label=_("A line of words"), max_length=40, help_text=_("A hint stands above the field."))
    text = forms.CharField(label=_("A longer text"), widget=forms.Textarea)
    number = forms.IntegerField(label=_("A number"), min_value=1)
    day = forms.DateField(label=_("A day"), widget=forms.DateInput(attrs={"type": "date"}))
    one = forms.ChoiceField(label=_("One of a list"), choices=CHOICES)
    radio = forms.ChoiceField(label=_("One of a few"), choices=CHOICES, widget=forms.RadioSelect)
    several = forms.MultipleChoiceField(label=_("Several"), choices=CHOICES, widget=forms.CheckboxSelectMultiple)
    agreed = forms.BooleanField(label=_("I agree"))
    file = forms.FileField(label=_("A file"))


class Filter(forms.Form):
    """A filter above a list."""

    word = forms.CharField(label=_("A line of words"), required=False)
    kind = forms.ChoiceField(label=_("One of a list"), choices=CHOICES)


@dataclass(frozen=True)
class Step:
    """A stage as the stepper shows it."""

    pk: int
    title: str
    state: str
    url: str
    opens_on: date | None
    closes_on: date | None


@dataclass(frozen=True)
class LifeStep:
    """A step as the life bar shows it."""

    name: str
    state: str
    outcome: str = ""
    won: int | None = None
    anchor: str = "life"
    linked: bool = True


def readers(by: Actor) -> Verdict:
    """Officials; in a demonstration everybody."""
    return YES if by.grants or settings.DEMO else no(_("This page is for officials."))


@page(allow=readers)
@require_GET
def components(request: HttpRequest) -> HttpResponse:
    """The gallery."""
    today = clock.day_of(clock.now())
    told = {"moment": clock.now(), "long": LONG, **_forms(), **_rows(today), **_tables(today)}
    return render(request, "kit/gallery.html", told)


def _forms() -> dict[str, Any]:
    return {
        "form": Sample(),
        "refused": Sample({"words": LONG, "number": "0"}, auto_id="refused_%s"),
        "filter": Filter(auto_id="filter_%s"),
        "wrong_filter": Filter({"kind": "c"}, auto_id="wrong_filter_%s"),
        "may": YES,
        "may_not": no(_("Only residents may do this. Show it by an identity check.")),
    }


def _tables(today: date) -> dict[str, Any]:
    """A declared table of rows in every kind of cell, sorted; and one whose filter leaves nothing."""
    rows = [(LONG, amount, today + timedelta(days)) for days, amount in enumerate(AMOUNTS)]
    columns = [
        Column("name", _("A line of words"), lambda row: row[0], order="value", link=lambda row: "#tables"),
        Column("amount", _("A number"), lambda row: row[1], kind="number", order="value"),
        Column("day", _("A day"), lambda row: row[2], kind="day", order="value", personal=True),
        Column("kind", _("One of a list"), lambda row: "Ha" if row[1] else None, badge=lambda row: "good"),
    ]
    choice = Choice("kind", _("One of a list"), lambda: CHOICES, lambda rows, value: rows)
    shown = {}
    for name, query in (("table", "sort=-amount&kind=a"), ("unmatched", "q=-")):
        asked = HttpRequest()
        asked.GET = QueryDict(query)
        declared = Table(name, _("A declared table"), columns, ("value",), [choice] if name == "table" else [])
        shown[name] = declared.read(asked, rows if name == "table" else [])
    return shown


def _rows(today: date) -> dict[str, Any]:
    states = (("closed", -40), ("open", -3), ("waiting", 20), ("planned", 60))
    return {
        "steps": [
            Step(number, LONG if number == 2 else f"{number}", state, "#stepper", *_span(today, days))
            for number, (state, days) in enumerate(states, start=1)
        ],
        "life": [
            LifeStep("1", "done", LONG),
            LifeStep(LONG, "here"),
            LifeStep("3", "ahead", linked=False),
            LifeStep("4", "never", linked=False),
            LifeStep("5", "ended", won=AMOUNTS[-1]),
        ],
        "facet": {
            "title": "Ha",
            "chosen": {"name": LONG},
            "all_url": "#filters",
            "choices": [
                {"name": LONG, "count": 1234, "url": "?kind=a#filters", "here": True},
                {"name": "Ha", "count": 0, "url": "?kind=b#filters", "here": False},
            ],
        },
        "flows": [("A", LONG, 120, True), ("A", "Ha", 0, False), ("B", LONG, 30, True), ("B", "Ha", 45, False)],
        "areas": [("-", LONG, 12, "#maps"), ("--", "Ha", 0, "#maps")],
        "states": [state for state, _days in states],
        "days": [today + timedelta(days) for days in (-2, 0, 2, 30)],
        "amounts": AMOUNTS,
        "bars": [(LONG, 120), ("Ha", 45), ("-", 0)],
        "files": [{"file": {"url": "#files"}, "name": f"{LONG}.pdf", "size": 1_234_567}],
        "pager": Page(rows=(), number=2, last=3, total=61, previous="?page=1#pager", following="?page=3#pager"),
        "last": Page(rows=(), number=3, last=3, total=61, previous="?page=2#pager", following=""),
        "kinds": ("plain", "open", "good", "warn", "bad"),
        "notices": ("info", "good", "warn", "bad"),
        "buttons": ("primary", "secondary", "danger", "quiet"),
    }


def _span(today: date, days: int) -> tuple[date, date]:
    return today + timedelta(days), today + timedelta(days + 14)
