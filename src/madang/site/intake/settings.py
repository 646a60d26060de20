"""Settings of the stage kind this room brings."""

from typing import Annotated

from pydantic import Field, PositiveInt

from madang.site.kit.stages import Settings


class Call(Settings):
    """An open call.

    `form` is a versioned form of the city ("pb_project@1"); `who` the claims that all must hold, each
    "kind:value" or alternatives joined by "|"; `matter` what is filed (proposal, project, candidacy,
    alternative); a rolling call passes each matter on at once.
    """

    form: Annotated[str, Field(pattern=r"^[a-z0-9_]+@\d+$")]
    matter: str
    who: list[str] = []
    rolling: bool = False
    limit_per_person: PositiveInt | None = None
    fields: str = ""
    filed_by: str = "citizen"
