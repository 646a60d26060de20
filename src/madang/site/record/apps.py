"""The room's application."""

from django.apps import AppConfig


class RecordConfig(AppConfig):
    """The room record."""

    name = "madang.site.record"
    label = "record"
