"""Who acts: a plain value made at the door, so that nothing below a door knows a request."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Grant:
    """A role held at a moment: in one organisation, or in the whole city when `organisation` is None."""

    role: str
    organisation: str | None = None


@dataclass(frozen=True)
class Actor:
    """The person or process that acts.

    `pseudonym` is what the public record shows; names stay in the vault. `person_id` is None for a
    visitor without an account and for the system.
    """

    pseudonym: str
    person_id: int | None = None
    grants: frozenset[Grant] = frozenset()

    @property
    def known(self) -> bool:
        """Whether this is a signed-in person."""
        return self.person_id is not None

    def holds(self, *roles: str, organisation: str | None = None) -> bool:
        """Whether one of the roles is held; with `organisation`, there or in the whole city."""
        return any(
            grant.role in roles and (organisation is None or grant.organisation in (None, organisation))
            for grant in self.grants
        )


VISITOR = Actor(pseudonym="visitor")
SYSTEM = Actor(pseudonym="system", grants=frozenset({Grant("system")}))
