"""The room's application."""

from django.apps import AppConfig


class DocketConfig(AppConfig):
    """The room docket."""

    name = "madang.site.docket"
    label = "docket"

    def ready(self) -> None:
        """Bring what this room brings."""
        from madang.site.docket import room as room
