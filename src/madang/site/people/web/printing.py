"""Letters with codes as one PDF, a page each."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.utils.translation import gettext as _

from madang.documents import pdf
from madang.documents.blocks import Block, Callout, Document, Heading, PageBreak, Paragraph
from madang.site.kit.clock import day_of
from madang.site.kit.language import pick
from madang.site.kit.web.context import city_names
from madang.site.people.actions import Addressee
from madang.site.people.actions.letters import LETTER_DAYS


def letters_pdf(addressees: Sequence[Addressee], codes: Sequence[str], at: datetime) -> bytes:
    """The letters in the order of their addressees."""
    blocks: list[Block] = []
    for one, code in zip(addressees, codes, strict=True):
        blocks += [*_letter(one, code, at), PageBreak()]
    city = pick(*city_names(str(settings.CITY_FOLDER)))
    title = _("Letters with codes")
    return pdf.write(
        Document(title=title, created_at=at.replace(microsecond=0), blocks=tuple(blocks[:-1]), author=city)
    )


def _letter(one: Addressee, code: str, at: datetime) -> list[Block]:
    last = day_of(at + timedelta(days=LETTER_DAYS)).isoformat()
    return [
        Paragraph((one.address,)),
        Paragraph((one.name,)),
        Heading(1, _("Your code for the identity check")),
        Paragraph((_("With this code you show on our site that you live here. Choose “Code from a letter” there."),)),
        Callout(((code,),), heading=_("Code")),
        Paragraph(
            (_("It counts once, together with your date of birth, until %(day)s. Give it to nobody.") % {"day": last},)
        ),
    ]
