"""Who may load a city."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from madang.site.kit.actor import Actor
from madang.site.kit.verdict import YES, Verdict, no


def may_load(by: Actor, at: datetime) -> Verdict:
    """Administrators, and the system when it sets a city up."""
    return YES if by.holds("administrator", "system") else no(_("Only an administrator may load a city."))
