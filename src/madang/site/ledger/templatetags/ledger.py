"""Printing rates of execution."""

from decimal import Decimal

from django import template

from madang.figures import printed_rate

register = template.Library()


@register.filter
def rate(value: Decimal | None) -> str:
    """A rate in percent as reports print it; "-" where there is none."""
    return printed_rate(value)
