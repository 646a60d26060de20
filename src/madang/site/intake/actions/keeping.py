"""Personal answers under seal, and files."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.core.files.base import ContentFile
from django.db import transaction

from madang.site.docket.models import Attachment, Matter
from madang.site.intake import policy
from madang.site.intake.answers import Answers, Spec
from madang.site.intake.files import Checked
from madang.site.intake.models import Draft, Form, PersonalAnswer
from madang.site.kit.actor import Actor
from madang.site.kit.verdict import require
from madang.site.people import vault
from madang.site.people.models import Person
from madang.site.people.policy import may_manage_self
from madang.site.record.journal import action, write

BOOK = "intake"
KEEP_DAYS = 365


@action
def read_personal(*, by: Actor, at: datetime, matter: Matter) -> dict[str, str]:
    """The personal answers of a matter that are still kept, by field; the reading is recorded. Raises Refused."""
    require(policy.may_read_personal(by, matter, at))
    rows = PersonalAnswer.objects.filter(matter=matter, expires_at__gt=at).order_by("pk")
    answers = {row.field: vault.unseal(bytes(row.sealed)) for row in rows}
    write(book=BOOK, verb="personal.read", subject=f"matter:{matter.pk}", by=by, at=at, fields=sorted(answers))
    return answers


@action
def forget_personal(*, by: Actor, at: datetime) -> int:
    """Delete personal answers whose time is over, and drafts of calls that closed 30 days ago."""
    require(policy.may_forget(by, None, at))
    deleted, _rows = PersonalAnswer.objects.filter(expires_at__lte=at).delete()
    drafts, _rows = Draft.objects.filter(stage__closed_at__lte=at - timedelta(days=30)).delete()
    write(book=BOOK, verb="personal.forgotten", subject="personal", by=by, at=at, answers=deleted, drafts=drafts)
    return deleted


@action
def forget_author(*, by: Actor, at: datetime, person: Person) -> int:
    """Delete the own drafts and every personal answer of what one filed; gives how many answers. Raises Refused."""
    require(may_manage_self(by, person, at))
    drafts, _rows = Draft.objects.filter(person=person).delete()
    deleted, _rows = PersonalAnswer.objects.filter(matter__author=person).delete()
    subject = f"person:{person.pseudonym}"
    write(book=BOOK, verb="author.forgotten", subject=subject, by=by, at=at, answers=deleted, drafts=drafts)
    return deleted


def keep_personal(form: Form, said: Sequence[tuple[Matter, Answers, datetime]]) -> None:
    """Seal the personal answers of matters; what was kept of the same field before is replaced."""
    specs: dict[str, Spec] = {spec["code"]: spec for spec in form.fields}
    rows = [
        PersonalAnswer(
            matter=matter,
            field=code,
            sealed=vault.seal(text),
            purpose_ko=specs[code].get("purpose_ko") or "",
            purpose_en=specs[code].get("purpose_en") or "",
            expires_at=at + timedelta(days=specs[code].get("keep_days") or KEEP_DAYS),
        )
        for matter, answers, at in said
        for code, text in answers.personal.items()
    ]
    PersonalAnswer.objects.bulk_create(
        rows,
        batch_size=200,
        update_conflicts=True,
        unique_fields=["matter", "field"],
        update_fields=["sealed", "purpose_ko", "purpose_en", "expires_at"],
    )


def attach(matter: Matter, files: Sequence[Checked], at: datetime) -> None:
    """Keep files of a matter."""
    for file in files:
        Attachment.objects.create(
            matter=matter,
            name=file.name,
            media_type=file.media_type,
            size=len(file.content),
            sha256=file.sha256,
            file=ContentFile(file.content, name=f"{file.sha256[:24]}.{file.name.rpartition('.')[2]}"),
            at=at,
        )


def detach(rows: Sequence[Attachment]) -> None:
    """Delete files of a matter; what lies on the disk goes when the transaction has ended well."""
    files = [row.file for row in rows]
    for row in rows:
        row.delete()

    def wipe() -> None:
        for file in files:
            file.delete(save=False)

    transaction.on_commit(wipe)
