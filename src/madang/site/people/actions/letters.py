"""Letters with codes: whoever enters the code of a letter lives where the letter was sent to."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils.translation import gettext as _

from madang.site.kit.actor import Actor
from madang.site.kit.verdict import Refused, require
from madang.site.people import policy, vault
from madang.site.people.actions.identities import BOOK, Verified
from madang.site.people.models import Area, Letter
from madang.site.record.journal import action, write

LETTER_DAYS = 30
# Without I, L, O and U: read from paper and typed without mistakes.
_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


@dataclass(frozen=True)
class Addressee:
    """To whom a letter goes. Name, day of birth and address are on the letter, not in the database."""

    name: str
    born_on: date
    sex: str
    lives_in: str
    address: str


@action
def print_letters(*, by: Actor, at: datetime, addressees: Sequence[Addressee]) -> list[str]:
    """Make a code for each letter, to be printed now: only keyed hashes are kept, and codes are told once.

    A new letter to somebody replaces one that was not used. Raises Refused.
    """
    require(policy.may_print_letters(by, None, at))
    if not addressees:
        raise Refused(_("There is nobody to write to; name at least one person."))
    known = set(Area.objects.filter(code__in={one.lives_in for one in addressees}).values_list("code", flat=True))
    codes, rows = [], []
    for one in addressees:
        if one.lives_in not in known:
            raise Refused(_("The area %(area)s is not known in this city.") % {"area": one.lives_in})
        codes.append(_new_code())
        rows.append(_row(one, codes[-1], at))
    Letter.objects.filter(likeness__in=[row.likeness for row in rows], used_at=None).delete()
    Letter.objects.bulk_create(rows, batch_size=200)
    write(book=BOOK, verb="letters.printed", subject="people", by=by, at=at, count=len(rows))
    return codes


def read_letter(*, code: str, born_on: date, at: datetime) -> Verified:
    """What the letter of a code confirms; it is used up by the check that follows. Raises Refused."""
    plain = "".join(letter for letter in code.upper() if letter in _LETTERS)
    letter = Letter.objects.filter(
        code=vault.letter_hash(code=plain, born_on=born_on), used_at=None, expires_at__gt=at
    ).first()
    if letter is None:
        raise Refused(_("This code does not fit. Compare it and your date of birth with the letter."))
    return Verified(
        subject=f"likeness:{letter.likeness}",
        method="letter",
        birth_year=letter.birth_year,
        sex=letter.sex,
        lives_in=letter.lives_in,
        likeness=letter.likeness,
        letter=letter.pk,
    )


def _new_code() -> str:
    text = "".join(secrets.choice(_LETTERS) for _place in range(12))
    return f"{text[:4]}-{text[4:8]}-{text[8:]}"


def _row(one: Addressee, code: str, at: datetime) -> Letter:
    return Letter(
        code=vault.letter_hash(code=code.replace("-", ""), born_on=one.born_on),
        likeness=vault.likeness_hash(name=one.name, born_on=one.born_on, sex=one.sex),
        birth_year=one.born_on.year,
        sex=one.sex,
        lives_in=one.lives_in,
        issued_at=at,
        expires_at=at + timedelta(days=LETTER_DAYS),
    )
