"""Reading the record: events of a subject, and the chain as a file that a stranger can verify."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, BinaryIO

from django.db.models import QuerySet

from madang import chain
from madang.site.record.journal import moment
from madang.site.record.models import Book, Event, Seal


def events_of(subject: str) -> QuerySet[Event]:
    """What happened to a subject, oldest first."""
    return Event.objects.filter(subject=subject).order_by("at", "pk").select_related("book")


# Reading and following are no work that anybody waited for.
IDLE = ("file.taken", "personal.read", "notices.read", "matter.followed", "matter.unfollowed")


def done_by(pseudonym: str, *, since: datetime) -> int:
    """How many things somebody did something about since a moment, as the record says. One query."""
    rows = Event.objects.filter(actor=pseudonym, at__gte=since).exclude(verb__in=IDLE)
    return rows.order_by().values("subject").distinct().count()


def export(*, stream: BinaryIO, city: str, at: datetime, book: str | None = None) -> chain.Written:
    """Write the chain (or one book) and its seals as a `madang-chain/1` file."""
    # Sorted here, since a database may sort texts by the rules of a language.
    codes = sorted(Book.objects.values_list("code", flat=True)) if book is None else [book]
    return chain.write(
        stream,
        city=city,
        exported_at=moment(at),
        events=_events(codes),
        seals=_seals(),
        **({} if book is None else {"books": [book]}),
    )


def _events(codes: Sequence[str]) -> Iterator[dict[str, Any]]:
    for code in codes:
        for event in Event.objects.filter(book__code=code).order_by("number").iterator(chunk_size=2000):
            yield {
                "book": code,
                "number": event.number,
                "at": moment(event.at),
                "verb": event.verb,
                "actor": event.actor,
                "subject": event.subject,
                "data": event.data,
                "previous": event.previous,
                "hash": event.hash,
            }


def _seals() -> Iterator[dict[str, Any]]:
    for seal in Seal.objects.order_by("number").iterator():
        yield {
            "seal": seal.number,
            "at": moment(seal.at),
            "heads": seal.heads,
            "root": seal.root,
            "previous": seal.previous,
            "hash": seal.hash,
        }
