"""The forms of the process maker: a card's year, area and titles; the days of all stages."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from madang.site.people.models import Area
from madang.site.people.web.forms import AreaField, Day
from madang.site.programmes.actions import Titles
from madang.site.programmes.checks import spans_of
from madang.site.programmes.models import Process, Stage
from madang.site.programmes.planning import Span


class TitlesForm(forms.Form):
    """What a process is called in both languages."""

    title_ko = forms.CharField(label=_("Title in Korean"), max_length=160)
    title_en = forms.CharField(
        label=_("Title in English"),
        max_length=200,
        required=False,
        help_text=_("Without one, the Korean title is shown."),
    )

    def titles(self) -> Titles:
        """Both titles."""
        return Titles(self.cleaned_data["title_ko"], self.cleaned_data["title_en"])


class MakeForm(TitlesForm):
    """What a new process needs beside its card."""

    year = forms.IntegerField(label=_("Year"), min_value=1990, max_value=2199)
    area = AreaField(
        Area.objects.filter(level=Area.Level.DISTRICT).order_by("pk"),
        label=_("Area"),
        required=False,
        empty_label=_("the whole city"),
        help_text=_("With an area, only those who live or work there may take part where the card asks for the city."),
    )
    field_order = ("year", "area", "title_ko", "title_en")


def written(spans: Sequence[Span]) -> str:
    """Days in one line, for a hidden field."""
    return ",".join(f"{span.opens or ''}/{span.closes or ''}" for span in spans)


def read(text: str) -> list[Span]:
    """Days from such a line. Raises ValueError."""
    pairs = [part.split("/") for part in text.split(",")]
    if any(len(pair) != 2 for pair in pairs):
        raise ValueError(text)
    return [Span(*(date.fromisoformat(day) if day else None for day in pair)) for pair in pairs]


class PlanForm(forms.Form):
    """The first and the last day of each stage.

    `saved` are the days as they were when the official began, `shown` those of the page that was sent.
    """

    saved = forms.CharField(widget=forms.HiddenInput, max_length=4000)
    shown = forms.CharField(widget=forms.HiddenInput, max_length=4000)
    move = forms.BooleanField(label=_("Move the following stages too"), required=False)

    def __init__(self, stages: Sequence[Stage], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.stages = stages
        for stage in stages:
            done, begun = stage.closed_at is not None, stage.opened_at is not None
            for name, label, disabled in (("opens", _("First day"), begun), ("closes", _("Last day"), done)):
                self.fields[f"{name}_{stage.order}"] = forms.DateField(
                    label=label, required=False, disabled=disabled, widget=Day(format="%Y-%m-%d")
                )

    @staticmethod
    def beginning(stages: Sequence[Stage], spans: Sequence[Span], saved: str = "") -> dict[str, Any]:
        """The first values of the form for these days; `saved` are kept from the page before, if there is one."""
        days: dict[str, Any] = {}
        for stage, span in zip(stages, spans, strict=True):
            days |= {f"opens_{stage.order}": span.opens, f"closes_{stage.order}": span.closes}
        return {**days, "saved": saved or written(spans_of(stages)), "shown": written(spans), "move": True}

    def clean(self) -> dict[str, Any]:
        """The hidden days must be those of this process."""
        told = super().clean() or {}
        for name in ("saved", "shown"):
            try:
                told[name] = read(told.get(name, ""))
            except ValueError:
                told[name] = []
            if len(told[name]) != len(self.stages):
                raise forms.ValidationError(_("The stages of this process have changed; open the page anew."))
        return told

    def wanted(self) -> list[Span]:
        """The days that were typed."""
        told = self.cleaned_data
        return [Span(told[f"opens_{stage.order}"], told[f"closes_{stage.order}"]) for stage in self.stages]

    def days_of(self, stage: Stage) -> Iterator[Any]:
        """The two fields of a stage."""
        yield from (self[f"{name}_{stage.order}"] for name in ("opens", "closes"))

    def put_faults(self, faults: Sequence[Any]) -> None:
        """Say what is wrong beside the first day of the stage."""
        for fault in faults:
            self.add_error(f"opens_{self.stages[fault.place].order}", fault.text)


class DraftForm(PlanForm, TitlesForm):
    """The days and titles of a draft."""


class ChangeForm(PlanForm):
    """New days of a process that is public, with the reason."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Everybody reads it on the page of the process, and those concerned are told."),
    )


def form_for(process: Process) -> type[PlanForm]:
    """Which form a process is planned with."""
    return DraftForm if process.draft else ChangeForm
