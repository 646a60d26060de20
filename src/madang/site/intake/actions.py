"""Filing matters: forms, drafts, submitting, changing, withdrawing, merging; and personal answers under seal."""

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

from django.core.files.base import ContentFile
from django.utils.translation import gettext as _

from madang.site.docket import conductor
from madang.site.docket.models import Attachment, Follow, Link, Matter, Revision
from madang.site.intake import policy
from madang.site.intake.answers import Answers, Spec, check_answers
from madang.site.intake.files import Checked, Upload, check_files
from madang.site.intake.models import Draft, Form, PersonalAnswer
from madang.site.intake.queries import fields_of, form_named, form_of
from madang.site.kit.actor import Actor
from madang.site.kit.stages import Outcome
from madang.site.kit.verdict import Refused, require
from madang.site.people import vault
from madang.site.people.claims import claims_by_person
from madang.site.people.models import Area, Organisation, Person
from madang.site.people.policy import may_manage_self
from madang.site.programmes.models import Stage
from madang.site.record.journal import action, write

BOOK = "intake"
KEEP_DAYS = 365
_BY_ITSELF: Any = object()


class FormContent(Protocol):
    """A version of a form to load; `fields` as in the model Form."""

    @property
    def code(self) -> str: ...
    @property
    def version(self) -> int: ...
    @property
    def title_ko(self) -> str: ...
    @property
    def title_en(self) -> str: ...
    @property
    def fields(self) -> list[dict[str, Any]]: ...


@action
def load_forms(*, by: Actor, at: datetime, forms: Iterable[FormContent]) -> list[Form]:
    """Load versions of forms; one that is there already and says the same is left alone.

    Raises Refused for a version that is there and says something else: a change is a new version.
    """
    require(policy.may_load_forms(by, None, at))
    present = {(form.code, form.version): form for form in Form.objects.all()}
    loaded, fresh = [], []
    for new in forms:
        row = Form(code=new.code, version=new.version, title_ko=new.title_ko, title_en=new.title_en, fields=new.fields)
        held = present.get((new.code, new.version))
        if held is None:
            fresh.append(row)
        elif (held.fields, held.title_ko, held.title_en) != (row.fields, row.title_ko, row.title_en):
            sentence = _("The form %(form)s is loaded already; write the change as a new version.")
            raise Refused(sentence % {"form": row.key})
        loaded.append(held or row)
    Form.objects.bulk_create(fresh)
    write(book=BOOK, verb="forms.loaded", subject="forms", by=by, at=at, forms=[form.key for form in fresh])
    return loaded


@action
def save_draft(*, by: Actor, at: datetime, stage: Stage, data: Mapping[str, Any]) -> Draft:
    """Keep what somebody has written so far, unchecked. Raises Refused for visitors and unknown forms."""
    require(policy.may_keep_draft(by, stage, at))
    assert by.person_id is not None  # the policy has checked it  # noqa: S101
    form = form_of(stage)
    known = {spec["code"]: bool(spec.get("personal")) for spec in form.fields if spec["type"] != "file"}
    kept = {code: value for code, value in data.items() if code in known and isinstance(value, str | int | bool)}
    personal = {code: value for code, value in kept.items() if known[code]}
    draft, _created = Draft.objects.update_or_create(
        person_id=by.person_id,
        stage=stage,
        defaults={
            "data": {code: value for code, value in kept.items() if not known[code]},
            "sealed": vault.seal(json.dumps(personal)) if personal else None,
            "updated_at": at,
        },
    )
    write(book=BOOK, verb="draft.saved", subject=f"draft:{draft.pk}", by=by, at=at, stage=stage.pk)
    return draft


@action
def discard_draft(*, by: Actor, at: datetime, stage: Stage) -> None:
    """Throw the own draft away."""
    require(policy.may_keep_draft(by, stage, at))
    assert by.person_id is not None  # the policy has checked it  # noqa: S101
    Draft.objects.filter(person_id=by.person_id, stage=stage).delete()
    write(book=BOOK, verb="draft.discarded", subject=f"stage:{stage.pk}", by=by, at=at)


@action
def submit(
    *,
    by: Actor,
    at: datetime,
    stage: Stage,
    data: Mapping[str, Any],
    attachments: Sequence[Upload] = (),
    organisation: Organisation | None = None,
    area: Area | None = None,
    field: str = "",
    amount_won: int | None = None,
    channel: str = "online",
    author_id: int | None = _BY_ITSELF,
    synthetic: bool = False,
) -> Matter:
    """File a matter at a call (`WORKFLOWS.md` 1-2 step 1, 1-3 step 4).

    `data` are the answers to the call's form; area, policy field and amount in won are taken from them
    where they are not given. The author is `by` unless the desk enters a paper (`author_id` None or
    somebody else). A rolling call passes it on at once. Raises Refused, as WrongAnswers when it is the
    answers; then nothing is changed.
    """
    author = by.person_id if author_id is _BY_ITSELF else author_id
    require(policy.may_submit(by, stage, at, author))
    filing = Filing(by, at, data, attachments, organisation, area, field, amount_won, channel, author, synthetic)
    matter = _file(stage, [filing])[0]
    if channel == "online" and not synthetic and by.person_id is not None:
        Draft.objects.filter(person_id=by.person_id, stage=stage).delete()
    matter.refresh_from_db(fields=["stage", "ended_at", "ending"])
    return matter


@dataclass(frozen=True)
class Filing:
    """One of many filings: who files what, when, and for whom."""

    by: Actor
    at: datetime
    data: Mapping[str, Any]
    attachments: Sequence[Upload] = ()
    organisation: Organisation | None = None
    area: Area | None = None
    field: str = ""
    amount_won: int | None = None
    channel: str = "online"
    author_id: int | None = None
    synthetic: bool = False


@action
def submit_all(*, stage: Stage, filings: Sequence[Filing]) -> list[Matter]:
    """File many matters by the rules of `submit`: a district's list, a day's papers, another system's queue.

    All are filed, in their order, or none. Raises Refused as `submit` does, for the first that is wrong.
    """
    people = {filing.author_id for filing in filings if filing.author_id is not None}
    held = claims_by_person(people, filings[0].at) if filings else {}
    limit = policy.rules_of(stage).limit_per_person
    filed: Counter[int] = Counter(
        Matter.objects.filter(process_id=stage.process_id, author_id__in=people).values_list("author_id", flat=True)
        if limit
        else ()
    )
    for filing in filings:
        require(policy.may_write(filing.by, stage, filing.at, held.get(filing.author_id or 0, frozenset())))
        if filing.author_id != filing.by.person_id and not policy.runs(filing.by, stage.process):
            raise Refused(_("You can file in your own name only."))
        filed[filing.author_id or 0] += 1
        if limit is not None and filing.author_id is not None and filed[filing.author_id] > limit:
            raise Refused(_("One of these people has reached the limit of this call; nothing was filed."))
    return _file(stage, filings)


def _file(stage: Stage, filings: Sequence[Filing]) -> list[Matter]:
    form, rules, fields = form_of(stage), policy.rules_of(stage), fields_of(stage)
    files = [check_files(filing.attachments) for filing in filings]
    answers = [
        check_answers(form=form, data=filing.data, fields=fields, area=filing.area, files=len(attached))
        for filing, attached in zip(filings, files, strict=True)
    ]
    matters = conductor.file_matters(
        stage=stage,
        new=[_new_matter(filing, said, form, rules.matter) for filing, said in zip(filings, answers, strict=True)],
    )
    _keep_personal(form, [(m, said, filing.at) for m, said, filing in zip(matters, answers, filings, strict=True)])
    for matter, filing, attached in zip(matters, filings, files, strict=True):
        _attach(matter, attached, filing.at)
    if rules.rolling and matters:
        outcomes = [Outcome(matter.pk, "received", passes=True) for matter in matters]
        conductor.pass_on(stage=stage, outcomes=outcomes, by=filings[-1].by, at=filings[-1].at)
    return matters


def _new_matter(filing: Filing, said: Answers, form: Form, kind: str) -> conductor.NewMatter:
    place = filing.area or said.area
    return conductor.NewMatter(
        kind=kind,
        title=said.title or form.title_ko,
        form=form.key,
        data=said.public,
        by=filing.by,
        at=filing.at,
        author_id=filing.author_id,
        fields={
            "organisation_id": filing.organisation.pk if filing.organisation else None,
            "area_id": place.pk if place else None,
            "field": filing.field or said.field,
            "amount_won": said.amount_won if filing.amount_won is None else filing.amount_won,
            "channel": filing.channel,
            "synthetic": filing.synthetic,
        },
    )


@action
def revise(*, by: Actor, at: datetime, matter: Matter, data: Mapping[str, Any], note: str = "") -> Revision:
    """Change what a matter says: a new version beside the old ones, its followers are told. Raises Refused."""
    require(policy.may_revise(by, matter, at))
    call = matter.process.stages.filter(kind="call").order_by("order").first()
    latest = matter.revisions.latest("number")
    if call is None:
        raise Refused(_("Nothing can be changed here: this process has no call."))
    form = form_named(latest.form)
    files = matter.attachments.count()
    # Personal answers that were left empty stay as they are.
    kept = {row.field: vault.unseal(bytes(row.sealed)) for row in matter.personal_answers.filter(expires_at__gt=at)}
    said = {**kept, **{code: value for code, value in data.items() if value not in ("", None)}}
    answers = check_answers(form=form, data=said, fields=fields_of(call), area=matter.area, files=files)
    revision = Revision.objects.create(
        matter=matter,
        number=latest.number + 1,
        form=form.key,
        data=answers.public,
        by=by.pseudonym,
        at=at,
        note=note.strip()[:300],
    )
    matter.title = answers.title or matter.title
    matter.field = answers.field or matter.field
    matter.area = answers.area or matter.area
    matter.amount_won = matter.amount_won if answers.amount_won is None else answers.amount_won
    matter.save(update_fields=["title", "field", "area", "amount_won"])
    _keep_personal(form, [(matter, answers, at)])
    write(
        book=matter.process.book,
        verb="matter.revised",
        subject=f"matter:{matter.pk}",
        by=by,
        at=at,
        number=revision.number,
    )
    people = matter.follows.exclude(person_id=by.person_id or 0).values_list("person_id", flat=True)
    conductor.tell(
        people=people,
        matter=matter,
        at=at,
        ko=f"내용이 바뀌었습니다: {matter.title}",
        en=f"Its text was changed: {matter.title}",
        url=f"/matters/{matter.number}/",
    )
    return revision


@action
def withdraw(*, by: Actor, at: datetime, matter: Matter, reason: str = "") -> Matter:
    """Withdraw the own matter; what is known of it stays. Raises Refused."""
    require(policy.may_withdraw(by, matter, at))
    stage = matter.stage
    assert stage is not None  # the policy has checked it  # noqa: S101
    outcome = Outcome(matter.pk, "withdrawn", passes=False, reason=reason.strip())
    conductor.pass_on(stage=stage, outcomes=[outcome], by=by, at=at)
    matter.refresh_from_db(fields=["stage", "ended_at", "ending"])
    return matter


@action
def merge(*, by: Actor, at: datetime, stage: Stage, into: Matter, matters: Sequence[Matter], reason: str) -> list[Link]:
    """Merge matters of a stage into another of the same process (`WORKFLOWS.md` 1-3 step 5).

    Their journeys end as "merged", linked to where they went; their followers follow that one, and its
    supports count theirs too, since supports are counted over the links. Raises Refused.
    """
    require(policy.may_merge(by, stage, at))
    _require_mergeable(stage, into, matters, reason)
    keys = [matter.pk for matter in matters]
    outcomes = [Outcome(key, "merged", passes=False, reason=f"{into.number}: {reason.strip()}") for key in keys]
    conductor.pass_on(stage=stage, outcomes=outcomes, by=by, at=at)
    # What was merged into one of them earlier is linked too, so that one step along the links finds everything.
    earlier = Link.objects.filter(target__in=keys, kind=Link.Kind.MERGED_INTO).values_list("source_id", flat=True)
    links = [
        Link(source_id=key, target=into, kind=Link.Kind.MERGED_INTO, at=at)
        for key in dict.fromkeys([*keys, *earlier])
        if key != into.pk
    ]
    Link.objects.bulk_create(links, ignore_conflicts=True)
    followers = Follow.objects.filter(matter__in=keys).values_list("person_id", flat=True).distinct()
    Follow.objects.bulk_create(
        [Follow(person_id=person, matter=into, at=at) for person in followers], ignore_conflicts=True
    )
    numbers = sorted(matter.number for matter in matters)
    write(book=stage.process.book, verb="matter.merged", subject=f"matter:{into.pk}", by=by, at=at, merged=numbers)
    return links


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


def _require_mergeable(stage: Stage, into: Matter, matters: Sequence[Matter], reason: str) -> None:
    if not matters:
        raise Refused(_("Please choose what is to be merged."))
    if not reason.strip():
        raise Refused(_("Please say why these are merged; the authors will read it."))
    if any(matter.pk == into.pk for matter in matters):
        raise Refused(_("A matter cannot be merged into itself."))
    if into.process_id != stage.process_id or into.stage_id is None:
        raise Refused(_("%(number)s is not under way in this process.") % {"number": into.number})


def _keep_personal(form: Form, said: Sequence[tuple[Matter, Answers, datetime]]) -> None:
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


def _attach(matter: Matter, files: Sequence[Checked], at: datetime) -> None:
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
