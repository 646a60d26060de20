"""What a comment may not do; the one list for reporting, hiding and the public log."""

from django.utils.translation import gettext_lazy as _

OTHER = "other"
RULES = {
    "insult": _("It insults or threatens somebody"),
    "hate": _("It belittles people for what they are"),
    "personal": _("It tells personal data of somebody"),
    "advertising": _("It is advertising or says the same over and over"),
    "off_topic": _("It has nothing to do with the matter"),
    "unlawful": _("It is against the law, or calls for that"),
}
