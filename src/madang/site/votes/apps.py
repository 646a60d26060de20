"""The room's application."""

from django.apps import AppConfig


class VotesConfig(AppConfig):
    """Secret votes and the allotment of money by their result."""

    name = "madang.site.votes"
    label = "votes"

    def ready(self) -> None:
        """Bring what this room brings."""
        from madang.site.votes import room as room
