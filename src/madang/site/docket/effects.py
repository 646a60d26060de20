"""What an action on many matters would do to each; shown before anything is done."""

from dataclasses import dataclass

from madang.site.docket.models import Matter


@dataclass(frozen=True)
class Effect:
    """What would happen to one matter, or why nothing can."""

    matter: Matter
    says: str
    why_not: str = ""
