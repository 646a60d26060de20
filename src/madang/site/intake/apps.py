"""The room's application."""

from django.apps import AppConfig


class IntakeConfig(AppConfig):
    """The room intake."""

    name = "madang.site.intake"
    label = "intake"

    def ready(self) -> None:
        """Bring what this room brings."""
        from madang.site.intake import room as room
