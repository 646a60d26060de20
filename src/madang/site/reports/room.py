"""What reports bring: the page of reports for everybody, and the desk of those who write them."""

from django.utils.translation import gettext_lazy as _

from madang.site.kit.navigation import Entry, add_entry
from madang.site.reports import words as words
from madang.site.reports.policy import OFFICIALS

add_entry(Entry(_("Reports"), "reports:reports", order=80))
add_entry(Entry(_("Reports"), "reports_desk:desk", place="desk", roles=OFFICIALS, order=80))
