"""The room's application."""

from django.apps import AppConfig


class RecordConfig(AppConfig):
    """The room record."""

    name = "madang.site.record"
    label = "record"

    def ready(self) -> None:
        """Bring what this room brings."""
        from madang.site.record import words as words
