"""The room's application."""

from django.apps import AppConfig


class FollowupsConfig(AppConfig):
    """The room followups."""

    name = "madang.site.followups"
    label = "followups"

    def ready(self) -> None:
        """Bring the stage kinds, figures and queues."""
        from madang.site.followups import room  # noqa: F401
