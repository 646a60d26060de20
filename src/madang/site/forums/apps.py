"""The room's application."""

from django.apps import AppConfig


class ForumsConfig(AppConfig):
    """The room forums."""

    name = "madang.site.forums"
    label = "forums"

    def ready(self) -> None:
        """Bring what this room brings."""
        from madang.site.forums import room as room
