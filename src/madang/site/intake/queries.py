"""What intake's pages show: the form of a call, drafts, and what was filed."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from cryptography.fernet import InvalidToken
from django.db.models import Exists, OuterRef, QuerySet, Sum
from django.utils.translation import gettext as _

from madang.site.docket.models import Matter, Revision
from madang.site.intake.models import Draft, Form, PersonalAnswer
from madang.site.kit.verdict import Refused
from madang.site.people import vault
from madang.site.programmes.models import Stage


def form_of(stage: Stage) -> Form:
    """The form of a call, read once for each stage object. Raises Refused if it was not loaded."""
    known: Form | None = stage.__dict__.get("_form")
    if known is None:
        known = stage.__dict__["_form"] = form_named(stage.settings["form"])
    return known


def form_named(key: str) -> Form:
    """The form of a key such as "proposal@1". Raises Refused if it was not loaded."""
    code, _sep, version = key.partition("@")
    form = Form.objects.filter(code=code, version=int(version) if version.isdecimal() else 0).first()
    if form is None:
        raise Refused(_("The form %(form)s is missing; load it with the city's folder.") % {"form": key})
    return form


def fields_of(stage: Stage) -> Sequence[Mapping[str, str]]:
    """The policy fields to choose from at a stage (code, ko, en); none where its settings name no set."""
    sets = stage.process.recipe.get("field_sets", {})
    return sets.get(stage.settings.get("fields", ""), {}).get("fields", [])


def draft_of(person_id: int, stage: Stage) -> dict[str, Any] | None:
    """What a person has written so far, personal answers too; None without a draft."""
    draft = Draft.objects.filter(person_id=person_id, stage=stage).first()
    if draft is None:
        return None
    try:
        personal = json.loads(vault.unseal(bytes(draft.sealed))) if draft.sealed else {}
    except InvalidToken:
        # Sealed with an earlier key: the public part of the draft is still worth keeping.
        personal = {}
    return {**draft.data, **personal}


def twin_of(matter: Matter, *, since: datetime) -> str | None:
    """The number of an earlier matter of the same author in the same process that says the same, or None."""
    earlier = Matter.objects.filter(process_id=matter.process_id, author_id=matter.author_id, title=matter.title)
    earlier = earlier.exclude(ending="withdrawn")
    rows = Revision.objects.filter(matter__in=earlier, matter__pk__lt=matter.pk, matter__filed_at__gte=since, number=1)
    said = matter.revisions.get(number=1).data
    return next((number for number, data in rows.values_list("matter__number", "data") if data == said), None)


def just_filed(person_id: int, stage: Stage, *, since: datetime) -> str | None:
    """The number of what a person filed last in the process of a call since a moment, or None."""
    rows = Matter.objects.filter(author_id=person_id, process_id=stage.process_id, filed_at__gte=since)
    return rows.exclude(ending="withdrawn").order_by("-filed_at", "-pk").values_list("number", flat=True).first()


def begun(person_id: int) -> list[Draft]:
    """The drafts of a person for calls that still take something in, the latest first. One query."""
    rows = Draft.objects.filter(person_id=person_id, stage__closed_at__isnull=True, stage__opened_at__isnull=False)
    rows = rows.select_related("stage__process").defer("stage__process__recipe", "stage__process__facts", "sealed")
    return list(rows.order_by("-updated_at"))


def ahead_of(matter: Matter) -> list[Stage]:
    """The stage a matter is in and those still to come, in their order; none once its journey has ended."""
    if matter.stage is None:
        return []
    rows = matter.process.stages.filter(order__gte=matter.stage.order, closed_at__isnull=True).order_by("order")
    return [stage for stage in rows if stage.state != "planned"]


def filed(stage: Stage) -> QuerySet[Matter]:
    """What was filed at a call and may be read by anybody, the latest first."""
    rows = Matter.objects.filter(process_id=stage.process_id).exclude(ending="hidden")
    return rows.select_related("area", "stage").order_by("-filed_at", "-pk")


def requested(stage: Stage) -> int | None:
    """The won that all matters under way or decided ask for; None where nobody asks for money."""
    rows = filed(stage).exclude(ending__in=("withdrawn", "merged"))
    total: int | None = rows.order_by().aggregate(total=Sum("amount_won"))["total"]
    return total


def for_desk(stage: Stage) -> QuerySet[Matter]:
    """What was filed, hidden matters too, with `has_personal`, the latest first."""
    rows = Matter.objects.filter(process_id=stage.process_id).select_related("area", "stage")
    sealed = PersonalAnswer.objects.filter(matter=OuterRef("pk"))
    return rows.annotate(has_personal=Exists(sealed)).order_by("-filed_at", "-pk")


def title_in(form: Form, data: Mapping[str, Any]) -> str:
    """The title among answers that are still being written; "" without one."""
    return next((str(data.get(spec["code"]) or "") for spec in form.fields if spec.get("title")), "")
