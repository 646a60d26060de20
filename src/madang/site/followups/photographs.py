"""Photographs that officials and monitors add: known by their content, never by the name they came with."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from django.core.files.base import ContentFile
from django.utils.translation import gettext as _

from madang.site.docket.models import Attachment, Matter
from madang.site.kit.verdict import Refused

MOST = 5
LARGEST = 5 * 1024 * 1024
KINDS = (("png", "image/png", b"\x89PNG\r\n\x1a\n"), ("jpg", "image/jpeg", b"\xff\xd8\xff"))


@dataclass(frozen=True)
class Photograph:
    """A file as it came."""

    name: str
    content: bytes


def add_photographs(*, matter: Matter, photographs: Sequence[Photograph], at: datetime) -> list[Attachment]:
    """Make photographs files of a matter. Raises Refused for too many, too large ones, and what is no photograph."""
    if len(photographs) > MOST:
        raise Refused(_("Add at most %(most)d photographs at once.") % {"most": MOST})
    kinds = [_kind(photograph) for photograph in photographs]
    return [
        _kept(matter, photograph.content, number, kind, at)
        for number, (photograph, kind) in enumerate(zip(photographs, kinds, strict=True), 1)
    ]


def _kind(photograph: Photograph) -> tuple[str, str]:
    shown = photograph.name[:60]
    if len(photograph.content) > LARGEST:
        raise Refused(_("The photograph %(name)s is larger than 5 MB; please send a smaller one.") % {"name": shown})
    for ending, media_type, first in KINDS:
        if photograph.content.startswith(first):
            return ending, media_type
    raise Refused(_("%(name)s is no photograph: it is neither PNG nor JPEG.") % {"name": shown})


def _kept(matter: Matter, content: bytes, number: int, kind: tuple[str, str], at: datetime) -> Attachment:
    (ending, media_type), digest = kind, sha256(content).hexdigest()
    return Attachment.objects.create(
        matter=matter,
        name=f"{matter.number}-{at:%Y%m%d}-{number}.{ending}",
        media_type=media_type,
        size=len(content),
        sha256=digest,
        file=ContentFile(content, name=f"{digest[:24]}.{ending}"),
        at=at,
    )
