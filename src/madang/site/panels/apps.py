"""The room's application."""

from django.apps import AppConfig


class PanelsConfig(AppConfig):
    """Draws by lot and appointments to bodies."""

    name = "madang.site.panels"
    label = "panels"

    def ready(self) -> None:
        """Bring what this room brings."""
        from madang.site.panels import room as room
