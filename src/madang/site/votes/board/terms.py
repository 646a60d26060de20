"""What the registrar is told of an election."""

from typing import Any

from madang.site.people.models import Area
from madang.site.votes.board.models import Board

# What an identity check shows; the registrar asks for these, the city for everything when somebody casts.
SHOWN = ("verified", "lives_in", "works_in", "age_at_least", "sex", "age_band")


def terms_of(board: Board) -> dict[str, Any]:
    """Which election, who may have a credential, until when, where the booth is, and how areas are called."""
    stage, areas = board.stage, Area.objects.filter(level__in=("city", "district")).order_by("code")
    rules: Any = stage.rules
    asked = [rule for rule in rules.electorates[0].who if all(part.split(":")[0] in SHOWN for part in rule.split("|"))]
    return {
        "election": board.uuid,
        "group": board.group,
        "name": {
            "ko": f"{stage.process.title_ko}, {stage.title_ko}",
            "en": f"{stage.process.title_en}, {stage.title_en}",
        },
        "who": asked,
        "last_day": stage.closes_on.isoformat() if stage.closes_on else "",
        "booth": f"/votes/{stage.pk}/booth/",
        "places": [{"code": one.code, "level": one.level, "ko": one.name_ko, "en": one.name_en} for one in areas],
    }
