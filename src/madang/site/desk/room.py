"""The desk's entries of the navigation, and the reader of what matters say."""

from django.utils.translation import gettext_lazy as _

from madang.site.desk.matter import texts_of
from madang.site.desk.stages import QUEUES
from madang.site.docket.answers import read_with
from madang.site.kit.navigation import Entry, add_entry, add_queue

add_entry(Entry(_("Programmes"), "desk:programmes", order=10))
add_entry(Entry(_("Processes"), "desk_desk:processes", place="desk", roles=("officer", "head"), order=5))
add_entry(
    Entry(
        _("People and seats"),
        "desk_desk:bodies",
        place="desk",
        roles=("officer", "head", "auditor", "administrator"),
        order=60,
    )
)
add_entry(
    Entry(
        _("Help at the counter"),
        "desk_desk:help",
        place="desk",
        roles=("officer", "district_officer", "operator"),
        order=79,
    )
)
for queue in QUEUES:
    add_queue(queue)
read_with(texts_of)
