"""Sealing all books each night, so that nobody can rewrite a day that was published; noting files that are taken."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from madang.chain import GENESIS, seal_hash
from madang.site.kit.actor import Actor
from madang.site.record.journal import action, moment, write
from madang.site.record.models import Book, Seal


@transaction.atomic
def seal_books(*, at: datetime) -> Seal:
    """Seal the heads of all books into one Merkle root, chained to the seal before.

    It is the one write that records no event: the seal itself is the record.
    """
    last = Seal.objects.order_by("-number").first()
    books = Book.objects.order_by("code").values_list("code", "length", "head")
    heads = {code: {"number": length, "hash": head} for code, length, head in books}
    previous = last.hash if last else GENESIS
    root, digest = seal_hash(previous=previous, at=moment(at), heads=heads)
    return Seal.objects.create(
        number=last.number + 1 if last else 1, at=at, heads=heads, root=root, previous=previous, hash=digest
    )


@action
def take_file(*, by: Actor, at: datetime, name: str, path: str, columns: Sequence[str], rows: int) -> None:
    """Note that an official took rows with personal data out of the system: which list, which columns, how many."""
    write(
        book="files",
        verb="file.taken",
        subject=f"table:{name}",
        by=by,
        at=at,
        path=path,
        columns=list(columns),
        rows=rows,
    )
