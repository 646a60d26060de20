"""The room's application."""

from django.apps import AppConfig


class ProgrammesConfig(AppConfig):
    """Strategies, programmes, recipes, processes and stages."""

    name = "madang.site.programmes"
    label = "programmes"

    def ready(self) -> None:
        """Bring what this room brings."""
        from madang.site.programmes import room as room
