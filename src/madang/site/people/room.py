"""What people bring: their figures, and the roles in the navigation of the desk."""

from django.utils.translation import gettext_lazy as _

from madang.site.kit.navigation import Entry, add_entry
from madang.site.kit.nightly import NightTask, add_night_task
from madang.site.people import figures as figures
from madang.site.people import words as words
from madang.site.people.actions import forget_expired
from madang.site.people.forms import forget_forms

add_entry(Entry(_("Roles"), "people_desk:roles", place="desk", roles=("administrator", "auditor"), order=95))
add_entry(Entry(_("Counter"), "people_desk:counter", place="desk", roles=("officer", "district_officer"), order=80))
add_entry(Entry(_("Letters"), "people_desk:letters", place="desk", roles=("officer", "district_officer"), order=81))
add_night_task(NightTask("Identities forgotten", lambda by, at: forget_expired(by=by, at=at)))
add_night_task(NightTask("Forms under way forgotten", lambda by, at: forget_forms(at=at)))
