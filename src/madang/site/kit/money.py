"""Money is a whole number of won."""

from django.db import models


class WonField(models.BigIntegerField):
    """An amount in whole won."""
