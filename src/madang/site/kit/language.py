"""City data carries Korean and English; this picks the reader's one."""

from django.utils.translation import get_language


def pick(korean: str, english: str) -> str:
    """The text in the active language; Korean when there is no English."""
    if (get_language() or "ko").startswith("en"):
        return english or korean
    return korean or english


def named(prefix: str = "name") -> property:
    """A property that picks between `<prefix>_ko` and `<prefix>_en`."""
    return property(lambda self: pick(getattr(self, f"{prefix}_ko"), getattr(self, f"{prefix}_en")))
