"""The room's application."""

from django.apps import AppConfig


class GatheringsConfig(AppConfig):
    """Meetings, courses, attendance and completion."""

    name = "madang.site.gatherings"
    label = "gatherings"

    def ready(self) -> None:
        """Bring what this room brings."""
        from madang.site.gatherings import room as room
