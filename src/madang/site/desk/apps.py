"""The room's application."""

from django.apps import AppConfig


class DeskConfig(AppConfig):
    """The desk: pages that belong to no single room."""

    name = "madang.site.desk"
    label = "desk"

    def ready(self) -> None:
        """Bring what this room brings."""
        from madang.site.desk import room as room
