"""The room's application."""

from django.apps import AppConfig


class LedgerConfig(AppConfig):
    """The room ledger."""

    name = "madang.site.ledger"
    label = "ledger"

    def ready(self) -> None:
        """Bring the room's queue, navigation and figures."""
        from madang.site.ledger import room  # noqa: F401
