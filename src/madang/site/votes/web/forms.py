"""Forms of votes."""

from datetime import datetime

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from madang.site.kit.verdict import Refused
from madang.site.votes.casting import Papers
from madang.site.votes.models import Election
from madang.site.votes.voters import paper_voter


def picks(data: QueryDict) -> list[int]:
    """The numbers ticked on a ballot paper; what is no number is left out."""
    return [int(text) for text in data.getlist("choice") if text.isascii() and text.isdigit() and len(text) < 9]


class PaperForm(forms.Form):
    """Ballots on paper, one a line: number on the roll; electorate; numbers of options."""

    lines = forms.CharField(
        label=_("Ballots, one a line"),
        widget=forms.Textarea(attrs={"rows": 10}),
        help_text=_("Number on the roll; electorate; numbers chosen. For example: A-1024; citizens; 3,7,12"),
    )

    def papers(self, election: Election, at: datetime) -> Papers:
        """The ballots that were typed. Raises Refused with the line that cannot be read."""
        ballots = []
        for place, line in enumerate(self.cleaned_data["lines"].splitlines(), 1):
            if not line.strip():
                continue
            cells = [cell.strip() for cell in line.split(";")]
            numbers = [text.strip() for text in cells[2].split(",")] if len(cells) == 3 else [""]
            if not all(text.isascii() and text.isdigit() and len(text) < 9 for text in numbers):
                raise Refused(
                    _("Line %(place)d cannot be read; write: number on the roll; electorate; 3,7,12") % {"place": place}
                )
            voter = paper_voter(election=election, roll_number=cells[0], electorate=cells[1], at=at)
            ballots.append((voter, [int(text) for text in numbers]))
        return ballots


class RejectForm(forms.Form):
    """Why a batch of papers is rejected."""

    reason = forms.CharField(label=_("Reason"), max_length=300, required=False)
