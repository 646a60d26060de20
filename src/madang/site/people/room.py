"""What people bring: their figures, and the roles in the navigation of the desk."""

from django.utils.translation import gettext_lazy as _

from madang.site.kit.navigation import Entry, add_entry
from madang.site.people import figures as figures
from madang.site.people import words as words

add_entry(Entry(_("Roles"), "people_desk:roles", place="desk", roles=("administrator", "auditor"), order=95))
