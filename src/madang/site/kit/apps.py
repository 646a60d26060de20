"""The room's application."""

from django.apps import AppConfig


class KitConfig(AppConfig):
    """The room kit."""

    name = "madang.site.kit"
    label = "kit"
