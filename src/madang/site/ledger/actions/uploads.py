"""Files of lines, entries and revenue, and rows entered by hand: one person brings them, another one confirms."""

import hashlib
import json
from collections.abc import Sequence
from datetime import date, datetime

from django.utils.translation import gettext as _

from madang.site.kit.actor import Actor
from madang.site.kit.clock import day_of
from madang.site.kit.verdict import Refused, require
from madang.site.ledger import policy
from madang.site.ledger.actions.budget import NewLine, load_lines
from madang.site.ledger.actions.posting import BOOK, Movement, post
from madang.site.ledger.actions.revenue import assess, collect
from madang.site.ledger.files import Table
from madang.site.ledger.models import Collection, Entry, EntryKind, Line, Part, RevenueItem, Upload
from madang.site.ledger.uploads import KINDS, PAYING, TITLES, Checked, check_file, check_table
from madang.site.record.journal import action, write


@action
def read_upload(*, by: Actor, at: datetime, kind: str, name: str, content: bytes) -> Upload:
    """Read a file in for a second person to confirm. Raises Refused unless every row is good."""
    require(policy.may_manage_budget(by, None, at))
    if kind not in KINDS:
        raise Refused(_("%(kind)s is not a kind of file; there are %(kinds)s.") % {"kind": kind, "kinds": list(KINDS)})
    digest = hashlib.sha256(content).hexdigest()
    if Upload.objects.filter(sha256=digest, state=Upload.State.POSTED).exists():
        raise Refused(_("This very file has been written already."))
    return _keep(check_file(kind=kind, content=content, today=day_of(at)), name, digest, by, at)


@action
def enter(*, by: Actor, at: datetime, kind: str, name: str, rows: Sequence[dict[str, str]]) -> Upload:
    """Enter rows by hand, with the columns of a file of that kind, for a second person to confirm.

    Raises Refused unless every row is good.
    """
    require(policy.may_manage_budget(by, None, at))
    # By their titles, so that what is wrong is told in the words of the page.
    titled = [{str(TITLES[name]): value for name, value in row.items()} for row in rows]
    table = Table(list(titled[0]), list(enumerate(titled, start=1)))
    # The moment goes in, since the same amount may well be entered twice; a file is written only once.
    digest = hashlib.sha256(json.dumps([by.pseudonym, at.isoformat(), *rows]).encode()).hexdigest()
    return _keep(check_table(kind=kind, table=table, today=day_of(at)), name, digest, by, at)


def _keep(checked: Checked, name: str, digest: str, by: Actor, at: datetime) -> Upload:
    if checked.errors:
        raise Refused("\n".join(checked.errors))
    kind = checked.kind
    upload = Upload.objects.create(
        kind=kind, name=name[:120], sha256=digest, rows=checked.rows, read_by=by.pseudonym, read_at=at
    )
    write(
        book=BOOK,
        verb="upload.read",
        subject=f"upload:{upload.pk}",
        by=by,
        at=at,
        kind=kind,
        sha256=digest,
        rows=len(checked.rows),
    )
    return upload


@action
def post_upload(*, by: Actor, at: datetime, upload: Upload) -> int:
    """Write all rows of a file, or none; returns how many.

    Raises Refused if the same person read it in, if it was written, or if the ledger has moved on so far
    that a row no longer fits.
    """
    require(policy.may_post_upload(by, upload, at))
    fresh = Upload.objects.filter(pk=upload.pk, state=Upload.State.READ)
    if Upload.objects.filter(sha256=upload.sha256, state=Upload.State.POSTED).exists() or not fresh.update(
        state=Upload.State.POSTED, posted_by=by.pseudonym, posted_at=at
    ):
        raise Refused(_("This file has already been written."))
    write(book=BOOK, verb="upload.posted", subject=f"upload:{upload.pk}", by=by, at=at, sha256=upload.sha256)
    WRITERS[upload.kind](upload, by, at)
    upload.state, upload.posted_by, upload.posted_at = Upload.State.POSTED, by.pseudonym, at
    return len(upload.rows)


@action
def drop_upload(*, by: Actor, at: datetime, upload: Upload) -> Upload:
    """Take rows back that wait for a second person. Raises Refused."""
    require(policy.may_drop_upload(by, upload, at))
    waiting = Upload.objects.filter(pk=upload.pk, state=Upload.State.READ)
    if not waiting.update(state=Upload.State.DROPPED):
        raise Refused(_("These rows do not wait for anybody any more."))
    write(book=BOOK, verb="upload.dropped", subject=f"upload:{upload.pk}", by=by, at=at, sha256=upload.sha256)
    upload.state = Upload.State.DROPPED
    return upload


def _write_lines(upload: Upload, by: Actor, at: datetime) -> None:
    rows = [
        NewLine(
            code=row["code"],
            fiscal_year=row["fiscal_year"],
            department=row["department"],
            name_ko=row["name_ko"],
            name_en=row.get("name_en", ""),
            programme=row.get("programme", ""),
            seq=row.get("seq") or 0,
        )
        for row in upload.rows
    ]
    load_lines(by=by, at=at, rows=rows)


def _write_collections(upload: Upload, by: Actor, at: datetime) -> None:
    items = {(item.fiscal_year, item.code): item for item in RevenueItem.objects.all()}
    for row in upload.rows:
        on = date.fromisoformat(row["on"])
        book = collect if row["kind"] == Collection.Kind.COLLECTED else assess
        book(
            by=by,
            at=at,
            item=items[on.year, row["item"]],
            amount_won=row["amount_won"],
            on=on,
            note=row.get("note", ""),
        )


def _write_entries(upload: Upload, by: Actor, at: datetime) -> None:
    years = {int(row["on"][:4]) for row in upload.rows}
    lines = {(line.fiscal_year, line.code): line for line in Line.objects.filter(fiscal_year__in=years)}
    parts = {(part.line_id, part.code): part for part in Part.objects.filter(line__fiscal_year__in=years)}
    named = {row.get("obligation", "") for row in upload.rows} - {""}
    obligations = {entry.reference: entry for entry in Entry.objects.filter(reference__in=named)}
    for row in upload.rows:
        on = date.fromisoformat(row["on"])
        line = lines[on.year, row["line"]]
        back = row["kind"] in (EntryKind.DE_OBLIGATION, EntryKind.REFUND)
        obligation = obligations[row["obligation"]] if row["kind"] in PAYING else None
        entry = post(
            movement=Movement(
                kind=row["kind"],
                line=line,
                part=parts[line.pk, row["part"]] if row.get("part") else None,
                matter=obligation.matter if obligation else None,
                obligation=obligation,
                amount_won=-row["amount_won"] if back else row["amount_won"],
                on=on,
                payee=row.get("payee", ""),
                note=row.get("note", ""),
                reference=row.get("reference", ""),
            ),
            by=by,
            at=at,
            requested_by=upload.read_by,
            approved_by=[by.pseudonym],
        )
        if row["kind"] == EntryKind.OBLIGATION and entry.reference:
            obligations[entry.reference] = entry


WRITERS = {"lines": _write_lines, "entries": _write_entries, "collections": _write_collections}
