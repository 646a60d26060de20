"""The room's application."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """The room people."""

    name = "madang.site.people"
    label = "people"

    def ready(self) -> None:
        """Bring the room's figures."""
        from madang.site.people import figures as figures
