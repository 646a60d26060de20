"""Settings of the stage kind this room brings."""

from madang.site.kit.stages import Settings


class HandOver(Settings):
    """Matters handed over to the process of another recipe, linked to where they came from."""

    to: str
