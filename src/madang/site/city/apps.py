"""The room's application."""

from django.apps import AppConfig


class CityConfig(AppConfig):
    """The room city: it has no tables, it loads a folder into those of the others."""

    name = "madang.site.city"
    label = "city"

    def ready(self) -> None:
        """Bring what this room brings."""
        from madang.site.city import words as words
