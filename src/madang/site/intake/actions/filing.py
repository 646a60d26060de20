"""Filing matters: drafts, submitting one or many."""

import json
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from madang.site.docket import conductor
from madang.site.docket.models import Matter
from madang.site.intake import policy, queries
from madang.site.intake.actions.keeping import attach, keep_personal
from madang.site.intake.answers import Answers, check_answers
from madang.site.intake.files import Upload, check_files
from madang.site.intake.models import Draft, Form
from madang.site.intake.queries import fields_of, form_of
from madang.site.kit.actor import Actor
from madang.site.kit.stages import Outcome
from madang.site.kit.verdict import Refused, require
from madang.site.people import vault
from madang.site.people.claims import claims_by_person
from madang.site.people.models import Area, Organisation
from madang.site.programmes.models import Stage
from madang.site.record.journal import action, write

BOOK = "intake"
# Whoever sends the same again so soon pressed the button twice.
TWICE = timedelta(minutes=10)
_BY_ITSELF: Any = object()


class FiledAlready(Refused):
    """The same was filed a moment ago; `number` is its receipt number."""

    def __init__(self, number: str) -> None:
        super().__init__(_("You filed this a moment ago; its number is %(number)s.") % {"number": number})
        self.number = number


@action
def save_draft(
    *, by: Actor, at: datetime, stage: Stage, data: Mapping[str, Any], page: Collection[str] | None = None
) -> Draft:
    """Keep what somebody has written so far, unchecked. Raises Refused for visitors and unknown forms.

    `page` are the fields that were on the page: what was written into others before stays as it is.
    """
    require(policy.may_keep_draft(by, stage, at))
    assert by.person_id is not None  # the policy has checked it  # noqa: S101
    form = form_of(stage)
    known = {spec["code"]: bool(spec.get("personal")) for spec in form.fields if spec["type"] != "file"}
    held = queries.draft_of(by.person_id, stage) or {} if page is not None else {}
    earlier = {code: value for code, value in held.items() if code not in (page or ())}
    written = {**earlier, **data}
    kept = {code: value for code, value in written.items() if code in known and isinstance(value, str | int | bool)}
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
    answers, as FiledAlready when the same came from the same author a moment ago; then nothing is changed.
    """
    author = by.person_id if author_id is _BY_ITSELF else author_id
    require(policy.may_submit(by, stage, at, author))
    filing = Filing(by, at, data, attachments, organisation, area, field, amount_won, channel, author, synthetic)
    matter = _file(stage, [filing])[0]
    if channel == "online" and not synthetic and by.person_id is not None:
        # Asked after filing: taking the number has let anybody who files at the same moment finish first.
        twin = queries.twin_of(matter, since=at - TWICE)
        if twin is not None:
            raise FiledAlready(twin)
        Draft.objects.filter(person_id=by.person_id, stage=stage).delete()
    matter.refresh_from_db(fields=["stage", "ended_at", "ending"])
    return matter


@action
def submit_for(
    *,
    by: Actor,
    at: datetime,
    stage: Stage,
    data: Mapping[str, Any],
    author_id: int | None,
    consent: str,
    attachments: Sequence[Upload] = (),
) -> Matter:
    """File at the counter for a citizen who agreed to it, in writing ("signed") or in words ("spoken").

    The matter says that it was entered at the counter, the record by which official and how the citizen agreed, and
    the citizen is told. Raises Refused as `submit` does, and without consent.
    """
    require(policy.may_help(by, stage, at, author_id))
    if consent not in ("signed", "spoken"):
        raise Refused(_("Note how the citizen agreed that you enter this."))
    filing = Filing(by, at, data, attachments, channel="counter", author_id=author_id)
    matter = _file(stage, [filing])[0]
    write(
        book=stage.process.book,
        verb="matter.entered_for",
        subject=f"matter:{matter.pk}",
        by=by,
        at=at,
        number=matter.number,
        consent=consent,
        account=author_id is not None,
    )
    conductor.tell_authors(
        matters=[matter] if author_id is not None else [],
        at=at,
        ko=f"창구에서 담당자가 대신 접수했습니다: {matter.title}",
        en=f"An official entered this for you at the counter: {matter.title}",
    )
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
    keep_personal(form, [(m, said, filing.at) for m, said, filing in zip(matters, answers, filings, strict=True)])
    for matter, filing, attached in zip(matters, filings, files, strict=True):
        attach(matter, attached, filing.at)
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
