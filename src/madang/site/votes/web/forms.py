"""Forms of votes."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from madang.site.kit.verdict import Refused
from madang.site.votes.cards import CARDS
from madang.site.votes.models import Election
from madang.site.votes.voters import paper_voter


def picks(data: QueryDict) -> list[int]:
    """The numbers ticked on a ballot paper; what is no number is left out."""
    return numbers(data.getlist("choice"))


def numbers(texts: Sequence[str]) -> list[int]:
    """What among some texts is a number."""
    return [int(text) for text in texts if text.isascii() and text.isdigit() and len(text) < 9]


TIES = {
    "min_cost,file": _("The lower cost, then the earlier number on the ballot paper"),
    "max_cost,file": _("The higher cost, then the earlier number on the ballot paper"),
    "file": _("The earlier number on the ballot paper"),
}


class RuleForm(forms.Form):
    """By which rule money will be allotted: a card, the order of ties, the ceiling."""

    rule = forms.ChoiceField(
        label=_("Rule of the allotment"),
        choices=[(card.code, card) for card in CARDS.values()],
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": _("Choose one of the cards.")},
    )
    ties = forms.ChoiceField(label=_("Equal projects are ordered by"), choices=list(TIES.items()))
    ceiling_won = forms.IntegerField(label=_("Ceiling in won"), min_value=0, max_value=10**15)

    @staticmethod
    def of(rules: Any) -> dict[str, Any]:
        """The values of a form for settings."""
        return {"rule": rules.rule, "ties": ",".join(rules.ties), "ceiling_won": rules.ceiling_won}

    def chosen(self) -> dict[str, Any]:
        """The values for choosing."""
        told = self.cleaned_data
        return {"rule": told["rule"], "ties": told["ties"].split(","), "ceiling_won": told["ceiling_won"]}


class PaperForm(forms.Form):
    """What a polling station brings, as two lists: who voted, and the papers of the box."""

    roll = forms.CharField(label=_("Voters, one a line"), widget=forms.Textarea(attrs={"rows": 8}))
    papers = forms.CharField(
        label=_("Papers in any order, one a line"), required=False, widget=forms.Textarea(attrs={"rows": 8})
    )
    spoiled = forms.CharField(label=_("Spoiled papers"), required=False, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *arguments: Any, election: Election, **more: Any) -> None:
        super().__init__(*arguments, **more)
        self.election = election
        codes = ", ".join(election.electorates)
        several = len(election.electorates) > 1
        self.fields["roll"].help_text = (
            _("Electorate (%(codes)s); number on the roll. For example: %(code)s; A-1024")
            if several
            else _("Number on the roll. For example: A-1024")
        ) % {"codes": codes, "code": next(iter(election.electorates))}
        self.fields["papers"].help_text = (
            _("Electorate (%(codes)s); numbers chosen. For example: %(code)s; 3,7,12")
            if several
            else _("Numbers chosen. For example: 3,7,12")
        ) % {"codes": codes, "code": next(iter(election.electorates))}

        self.fields["spoiled"].help_text = (
            _("How many papers are blank or unclear. Electorate (%(codes)s); number. For example: %(code)s; 2")
            if several
            else _("How many papers are blank or unclear. For example: 2")
        ) % {"codes": codes, "code": next(iter(election.electorates))}

    def batch(self, at: datetime) -> dict[str, Any]:
        """Voters and papers that were typed. Raises Refused with the line that cannot be read."""
        voters = [
            paper_voter(election=self.election, roll_number=text, electorate=electorate, at=at)
            for _place, electorate, text in self._rows("roll")
        ]
        papers = [(electorate, _numbers(place, text)) for place, electorate, text in self._rows("papers")]
        spoiled: Counter[str] = Counter()
        for place, electorate, text in self._rows("spoiled"):
            spoiled[electorate] += _spoiled(place, text)
        return {"voters": voters, "papers": papers, "spoiled": spoiled}

    def _rows(self, name: str) -> list[tuple[int, str, str]]:
        """The lines that are not empty: place, electorate, the rest."""
        codes = self.election.electorates
        rows = []
        for place, line in enumerate(self.cleaned_data[name].splitlines(), 1):
            first, mark, rest = (part.strip() for part in line.partition(";"))
            electorate, text = (first, rest) if mark else (next(iter(codes)) if len(codes) == 1 else "", first)
            if not first:
                continue
            if electorate not in codes or not text:
                raise Refused(
                    _("“%(field)s”, line %(place)d, names no electorate of this vote; it has %(codes)s.")
                    % {"field": self.fields[name].label, "place": place, "codes": ", ".join(codes)}
                )
            rows.append((place, electorate, text))
        return rows


def _spoiled(place: int, text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 7):
        raise Refused(_("Line %(place)d of the spoiled papers is no number; write one such as 2.") % {"place": place})
    return int(text)


def _numbers(place: int, text: str) -> list[int]:
    numbers = [number.strip() for number in text.split(",")]
    if not all(number.isascii() and number.isdigit() and len(number) < 9 for number in numbers):
        raise Refused(
            _("Line %(place)d of the papers cannot be read; write numbers such as 3,7,12.") % {"place": place}
        )
    return [int(number) for number in numbers]


class RejectForm(forms.Form):
    """Why a batch of papers is rejected."""

    reason = forms.CharField(label=_("Reason"), max_length=300)
