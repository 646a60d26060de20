"""Making credentials, handing them out, and destroying what is not needed any more."""

import secrets
from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from madang.site.kit.actor import Actor
from madang.site.kit.verdict import Refused, require
from madang.site.people import vault
from madang.site.people.actions import Verified, use_letter
from madang.site.people.models import Area
from madang.site.record.journal import action, write
from madang.site.registrar import policy
from madang.site.registrar.models import Election, Holder, Unused
from madang.site.registrar.sealing import human_hash, open_for, seal_for
from madang.site.registrar.terms import Place, Terms

BOOK = "registrar"
TOGETHER = 500


@action
def open_election(*, by: Actor, at: datetime, terms: Terms, credentials: Sequence[str], listing: str) -> Election:
    """Take up an election with its pool of credentials; `listing` is the SHA-256 of the public ones' list."""
    require(policy.may_set_up(by, None, at))
    if Election.objects.filter(uuid=terms.election).exists():
        raise Refused(_("There are credentials for election %(uuid)s already.") % {"uuid": terms.election})
    election = Election.objects.create(
        uuid=terms.election, terms=terms.model_dump(mode="json"), pool=len(credentials), listing=listing, made_at=at
    )
    _note_places(terms.places)
    rows = sorted(secrets.randbits(63) for _one in credentials)
    Unused.objects.bulk_create(
        (Unused(id=key, election=election, sealed=vault.seal(one)) for key, one in zip(rows, credentials, strict=True)),
        batch_size=TOGETHER,
    )
    data = {"group": terms.group, "credentials": len(credentials), "listing": listing}
    write(book=BOOK, verb="credentials.made", subject=_subject(election), by=by, at=at, **data)
    return election


@action
def give_credential(*, by: Actor, at: datetime, election: Election, verified: Verified) -> str:
    """The credential of a human whose identity was checked: a new one, or the one they were given before.

    Raises Refused for somebody who may not vote, and when the pool is empty.
    """
    # One after another: two checks of one human at the same moment must not draw two credentials.
    election = Election.objects.select_for_update().get(pk=election.pk)
    require(policy.may_have(verified, election, at))
    use_letter(verified, at)
    held = _held(election, verified)
    credential = held or _drawn(election, verified)
    write(book=BOOK, verb="credential.given", subject=_subject(election), by=by, at=at, again=held is not None)
    return credential


def _held(election: Election, verified: Verified) -> str | None:
    """What this human was given before, also if they were checked another way then."""
    own = election.holders.filter(human=human_hash(election.uuid, verified.subject)).first()
    if own is not None:
        return open_for(election.uuid, verified.subject, bytes(own.sealed))
    if not verified.likeness:
        return None
    alike = election.holders.filter(likeness=human_hash(election.uuid, verified.likeness))
    same = alike.exclude(method=verified.method).order_by("pk").first()
    return open_for(election.uuid, verified.likeness, bytes(same.sealed_alike)) if same and same.sealed_alike else None


def _drawn(election: Election, verified: Verified) -> str:
    """A credential from the pool, from now on this human's; the pool forgets it."""
    drawn = election.unused.order_by("pk").first()
    if drawn is None:
        raise Refused(_("No credentials are left. Please tell the city: the registrar made too few."))
    credential = vault.unseal(bytes(drawn.sealed))
    drawn.delete()
    uuid, likeness = election.uuid, verified.likeness
    Holder.objects.create(
        id=secrets.randbits(63),
        election=election,
        human=human_hash(uuid, verified.subject),
        likeness=human_hash(uuid, likeness) if likeness else "",
        method=verified.method,
        sealed=seal_for(uuid, verified.subject, credential),
        sealed_alike=seal_for(uuid, likeness, credential) if likeness else None,
    )
    return credential


@action
def close_election(*, by: Actor, at: datetime, election: Election) -> Election:
    """Destroy the credentials nobody has asked for, seal up those that were given, and publish how many those are."""
    election = Election.objects.select_for_update().get(pk=election.pk)
    require(policy.may_close(by, election, at))
    election.closed_at, election.handed_out = at, election.holders.count()
    election.save(update_fields=["closed_at", "handed_out"])
    destroyed, _rows = election.unused.all().delete()
    # Nobody can vote any more, so nobody needs theirs again.
    election.holders.update(sealed=b"", sealed_alike=None)
    data = {"handed_out": election.handed_out, "destroyed": destroyed}
    write(book=BOOK, verb="credentials.closed", subject=_subject(election), by=by, at=at, **data)
    return election


@action
def destroy_holders(*, by: Actor, at: datetime, election: Election) -> int:
    """Destroy the list of who had a credential, when nobody can complain any more. Gives how many there were."""
    require(policy.may_destroy_holders(by, election, at))
    count, _rows = election.holders.all().delete()
    write(book=BOOK, verb="holders.destroyed", subject=_subject(election), by=by, at=at, count=count)
    return count


def _note_places(places: Sequence[Place]) -> None:
    """Let checks and rules name the city's areas; a part comes after the whole."""
    for place in sorted(places, key=lambda one: one.code.count("/")):
        whole = Area.objects.filter(code=place.code.rpartition("/")[0]).first()
        names = {"name_ko": place.ko, "name_en": place.en, "level": place.level, "parent": whole}
        Area.objects.update_or_create(code=place.code, defaults=names)


def _subject(election: Election) -> str:
    return f"election:{election.uuid}"
