"""What the registrar brings: texts of its verbs, and the counter in the navigation of its desk."""

from django.utils.translation import gettext_lazy as _

from madang.site.kit.navigation import Entry, add_entry
from madang.site.registrar import words as words

add_entry(Entry(_("Slips"), "registrar:slips", place="desk", roles=("officer",), order=10))
