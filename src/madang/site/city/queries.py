"""Which city this database holds."""

from madang.site.record.models import Event


def city_code() -> str:
    """The code of the city that was loaded last, or "" before the first one."""
    subject = Event.objects.filter(verb="city.loaded").order_by("-at", "-pk").values_list("subject", flat=True).first()
    return (subject or "").removeprefix("city:")
