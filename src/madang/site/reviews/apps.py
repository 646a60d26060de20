"""The room's application."""

from django.apps import AppConfig


class ReviewsConfig(AppConfig):
    """The room reviews."""

    name = "madang.site.reviews"
    label = "reviews"

    def ready(self) -> None:
        """Bring the stage kinds, figures and queues."""
        from madang.site.reviews import room  # noqa: F401
