"""The room's application."""

from django.apps import AppConfig


class ReportsConfig(AppConfig):
    """The room reports."""

    name = "madang.site.reports"
    label = "reports"

    def ready(self) -> None:
        """Bring the room's navigation."""
        from madang.site.reports import room  # noqa: F401
