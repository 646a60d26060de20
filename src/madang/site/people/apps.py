"""The room's application."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """The room people."""

    name = "madang.site.people"
    label = "people"

    def ready(self) -> None:
        """Bring what the room registers."""
        from madang.site.people import room as room
