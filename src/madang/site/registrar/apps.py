"""The room's application."""

from django.apps import AppConfig


class RegistrarConfig(AppConfig):
    """The room registrar."""

    name = "madang.site.registrar"
    label = "registrar"

    def ready(self) -> None:
        """Bring what the room registers."""
        from madang.site.registrar import room as room
