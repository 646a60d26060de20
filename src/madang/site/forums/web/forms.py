"""Forms of this room's pages; actions check what they say."""

from django import forms
from django.utils.translation import gettext_lazy as _

from madang.site.forums.models import Forum
from madang.site.forums.rules import OTHER, RULES
from madang.site.people.web.forms import OnBehalfForm
from madang.site.programmes.models import Process


def _long(label: object, **extra: object) -> forms.CharField:
    return forms.CharField(label=label, widget=forms.Textarea(attrs={"rows": 3}), **extra)  # type: ignore[arg-type]


class CommentForm(forms.Form):
    """A comment, for or against or neither; without `stances`, the debate asks for no side."""

    text = _long(_("Your comment"), max_length=2000)
    stance = forms.ChoiceField(
        label=_("Are you for or against it?"),
        choices=[("neutral", _("neither")), ("for", _("for")), ("against", _("against"))],
        initial="neutral",
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: object, stances: bool = True, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        if not stances:
            del self.fields["stance"]


class ReplyForm(forms.Form):
    """A reply to a comment."""

    text = _long(_("Your reply"), max_length=2000)


class AppealForm(forms.Form):
    """An objection to hiding a comment."""

    text = _long(_("Why it should be shown again"), max_length=1000)


class ReportForm(forms.Form):
    """Which rule a comment breaks."""

    rule = forms.ChoiceField(label=_("What is wrong with it?"), choices=list(RULES.items()), widget=forms.RadioSelect)


class HideForm(forms.Form):
    """Which rule a comment breaks, and why a moderator thinks so."""

    rule = forms.ChoiceField(
        label=_("Rule that it breaks"), choices=[*RULES.items(), (OTHER, _("another one"))], widget=forms.RadioSelect
    )
    reason = _long(
        _("Reason"), max_length=300, required=False, help_text=_("Needed for another rule; the author reads it.")
    )


class DecisionForm(forms.Form):
    """A decision on an objection."""

    upheld = forms.TypedChoiceField(
        label=_("Decision"),
        choices=[("yes", _("upheld: the comment is shown again")), ("no", _("rejected"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
    reason = _long(_("Reason"), max_length=300)


class SupportForForm(OnBehalfForm):
    """The proposal that a citizen at the counter supports."""

    number = forms.CharField(label=_("Receipt number"), max_length=40)
    field_order = ("number", "person", "consent")


class ConcludeForm(forms.Form):
    """What is told when a debate is concluded."""

    note = _long(_("What came of the debate"), max_length=1000)


class ProcessField(forms.ModelChoiceField):
    """A process, named in the reader's language with its year."""

    def label_from_instance(self, obj: Process) -> str:
        """The title and the year."""
        return f"{obj.title} {obj.year}"


class ForumForm(forms.Form):
    """A new forum."""

    process = ProcessField(label=_("Process"), queryset=Process.objects.none(), empty_label=_("Please choose"))
    kind = forms.ChoiceField(
        label=_("Kind"),
        choices=[
            (Forum.Kind.CITIZEN_DEBATE, _("debate begun by citizens")),
            (Forum.Kind.CITY_ASKS, _("the city asks")),
            (Forum.Kind.ONLINE_SQUARE, _("online square")),
        ],
    )
    title_ko = forms.CharField(label=_("Title in Korean"), max_length=160)
    title_en = forms.CharField(label=_("Title in English"), max_length=200, required=False)
    question_ko = _long(_("Question in Korean"), max_length=2000)
    question_en = _long(_("Question in English"), max_length=2000, required=False)
    opens_on = forms.DateField(label=_("Opens"), widget=forms.DateInput(attrs={"type": "date"}))
    closes_on = forms.DateField(label=_("Closes"), widget=forms.DateInput(attrs={"type": "date"}))
    numbers = forms.CharField(
        label=_("It grew from these proposals"),
        help_text=_("Receipt numbers, separated by spaces; their followers are told."),
        required=False,
        max_length=1000,
    )


class ResultForm(forms.Form):
    """The result of a forum."""

    result_ko = _long(_("Result in Korean"), max_length=5000)
    result_en = _long(_("Result in English"), max_length=5000, required=False)
