"""What appointing everybody in a stage would do to each."""

from datetime import datetime

from django.utils.translation import gettext as _

from madang.site.docket.effects import Effect
from madang.site.docket.models import Matter
from madang.site.kit.templatetags.madang import day
from madang.site.panels.actions.appointing import to_appoint
from madang.site.people.queries import SEAT_ROLES, WAYS
from madang.site.programmes.models import Stage


def of_appointing(stage: Stage, at: datetime) -> list[Effect]:
    """What appointing would do, in the order of the receipt numbers. Raises Refused without a body."""
    body, seats = to_appoint(stage, at)
    effects = []
    for matter in Matter.objects.filter(stage=stage).order_by("number"):
        seat = seats.get(matter.pk)
        if seat is None:
            effects.append(Effect(matter, "", _("Has a seat already, or nobody stands behind it any more.")))
            continue
        words = {
            "role": SEAT_ROLES.get(seat.role, seat.role),
            "body": body.name,
            "way": WAYS.get(seat.appointed_by, seat.appointed_by),
            "day": day(seat.valid_until),
        }
        effects.append(Effect(matter, _("Seat in %(body)s as %(role)s, %(way)s, until %(day)s.") % words))
    return effects
