"""What became of a matter: its text, its way through the stages, its money, its record."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.db.models import CharField, Exists, Model, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Cast, Concat
from django.urls import reverse

from madang.site.desk.changes import Version, versions
from madang.site.desk.life import LifeStep, Seeking, Station, life_of, seeking
from madang.site.desk.queries import Step, page_of_stage
from madang.site.docket.answers import Said
from madang.site.docket.models import Attachment, Follow, Link, Matter, Passage, Revision
from madang.site.docket.policy import may_run
from madang.site.followups.models import Answer, Milestone, Visit
from madang.site.forums.models import Comment, Support
from madang.site.forums.queries import best, entered, with_counts
from madang.site.intake.models import Form
from madang.site.kit.actor import Actor
from madang.site.kit.counting import counted
from madang.site.kit.language import pick
from madang.site.ledger.models import Entry
from madang.site.ledger.policy import may_request
from madang.site.ledger.queries import Trail, entries_of_matter, line_of, trail
from madang.site.record.queries import events_of
from madang.site.reviews.models import Costing, Objection
from madang.site.reviews.policy import may_object_to

ELSEWHERE = ("area", "consent", "file")
# What a few matters have and most have not: asked for only where there is something.
RARE: dict[str, type[Model]] = {
    "costings": Costing,
    "entries": Entry,
    "attachments": Attachment,
    "answers": Answer,
    "milestones": Milestone,
    "objections": Objection,
}


def find(number: str, by: Actor) -> Any:
    """The matter with that receipt number, or None. One query.

    It knows what is counted on its page, whether this reader `follows` and `supports` it, and what it `has_…`.
    """
    related = ("process__programme", "process__department", "stage", "area", "organisation", "author")
    standing = Support.objects.filter(matter=OuterRef("pk"), withdrawn_at__isnull=True)
    follows, person = Follow.objects.filter(matter=OuterRef("pk")), by.person_id or 0
    rows = entered(with_counts(Matter.objects.select_related(*related).filter(number=number)))
    return rows.annotate(
        followers=counted(follows, "matter"),
        supporters=counted(standing, "matter"),
        visited=counted(Visit.objects.filter(matter=OuterRef("pk")), "matter"),
        follows_it=Exists(follows.filter(person_id=person)),
        supports_it=Exists(standing.filter(person_id=person)),
        **{f"has_{name}": Exists(model._default_manager.filter(matter=OuterRef("pk"))) for name, model in RARE.items()},
    ).first()


def is_open_to(matter: Matter, by: Actor) -> bool:
    """A hidden matter is shown to its author and to those who run or moderate its process."""
    if matter.ending != "hidden":
        return True
    department = matter.process.department.code
    return by.holds("officer", "head", "moderator", "auditor", organisation=department) or (
        by.known and by.person_id == matter.author_id
    )


def revisions_of(matter: Matter) -> QuerySet[Revision]:
    """The revisions of a matter, the latest first, each with the `fields` of its form if there is one."""
    named = Form.objects.annotate(name=Concat("code", Value("@"), Cast("version", CharField())))
    fields = named.filter(name=OuterRef("form")).values("fields")[:1]
    return matter.revisions.annotate(fields=Subquery(fields)).order_by("-number")


def texts_of(revisions: Sequence[Revision], recipe: Mapping[str, Any]) -> list[list[Said]]:
    """The answers of each revision in the order of its form; without the form, under their codes. One query for all.

    Areas, consents and files are shown elsewhere on the page; `recipe` names the fields of policy.
    """
    codes = {revision.form.partition("@")[0] for revision in revisions}
    forms = {form.key: form.fields for form in Form.objects.filter(code__in=codes)}
    return [_text_of(revision, forms.get(revision.form), recipe) for revision in revisions]


def _text_of(revision: Revision, form: Sequence[dict[str, Any]] | None, recipe: Mapping[str, Any]) -> list[Said]:
    fields = form or [{"code": key} for key in revision.data]
    shown = [field for field in fields if field.get("type") not in ELSEWHERE and field["code"] in revision.data]
    return [_said(field, revision.data[field["code"]], recipe) for field in shown]


def _said(field: dict[str, Any], answer: Any, recipe: Mapping[str, Any]) -> Said:
    kind = field.get("type", "")
    question = pick(field.get("ko", ""), field.get("en", "")) or field["code"]
    choices = [choice for choice in field.get("choices") or () if isinstance(choice, dict)]
    if kind == "field":
        choices = [row for group in recipe.get("field_sets", {}).values() for row in group["fields"]]
    names = {str(choice["code"]): choice for choice in choices}
    if isinstance(answer, list):
        answer = ", ".join(str(_chosen(names, part)) for part in answer)
    return Said(
        question,
        _chosen(names, answer),
        money=kind == "won" and isinstance(answer, int),
        prose=kind == "long_text" and isinstance(answer, str),
    )


def _chosen(names: dict[str, dict[str, Any]], answer: Any) -> Any:
    choice = names.get(str(answer))
    return answer if choice is None else pick(choice.get("ko", ""), choice.get("en", ""))


def way_of(matter: Matter) -> list[Station]:
    """The stages of the matter's process with what they decided on it. Two queries."""
    passages = {row.stage_id: row for row in Passage.objects.filter(matter=matter)}
    return [
        Station(Step(stage, page_of_stage(stage)), passages.get(stage.pk), here=stage.pk == matter.stage_id)
        for stage in matter.process.stages.all()
    ]


def objection_page(matter: Matter, way: Sequence[Station], by: Actor, at: datetime) -> str:
    """Where this reader may object to the end of the matter's journey; "" where they may not."""
    for station in way if matter.ended_at is not None else ():
        stage = station.step.stage
        if stage.kind in ("object", "screen") and may_object_to(by, stage, matter, at).ok:
            return reverse("reviews:object_to", args=[stage.pk, matter.pk])
    return ""


@dataclass(frozen=True)
class Story:
    """Everything the page of a matter shows."""

    matter: Matter
    versions: list[Version]
    said: list[Said]
    way: list[Station]
    life: list[LifeStep]
    seeking: Seeking | None
    costings: list[Costing]
    out: list[Link]
    back: list[Link]
    files: list[Any]
    answers: list[Answer]
    milestones: list[Milestone]
    comments: dict[str, list[Comment]]
    objections: list[Objection]
    money: Trail
    events: list[Any]


def story_of(matter: Any, at: datetime) -> Story:
    """All about a matter that was found by its number, with a fixed number of queries at most."""

    def rare(name: str, rows: QuerySet[Any]) -> list[Any]:
        return list(rows) if getattr(matter, f"has_{name}") else []

    revisions = list(revisions_of(matter))
    texts, way = [_text_of(row, row.fields, matter.process.recipe) for row in revisions], way_of(matter)
    costings = rare("costings", matter.costings.order_by("-at", "-pk"))
    money = trail(entries=rare("entries", entries_of_matter(matter.pk)), allotted_won=matter.amount_won)
    links = Link.objects.filter(Q(source=matter) | Q(target=matter)).select_related("source", "target").order_by("pk")
    return Story(
        matter=matter,
        versions=versions(revisions, texts),
        said=texts[0] if texts else [],
        way=way,
        life=life_of(matter, way, costings, money),
        seeking=seeking(matter, way, at),
        costings=costings,
        out=[link for link in links if link.source_id == matter.pk],
        back=[link for link in links if link.target_id == matter.pk][:50],
        files=rare("attachments", matter.attachments.order_by("pk")),
        answers=rare("answers", matter.answers.select_related("department").order_by("at")),
        milestones=rare("milestones", matter.milestones.order_by("due_on", "pk")),
        comments=best(matter) if matter.comment_count else {},
        objections=rare("objections", matter.objections.order_by("at", "pk")),
        money=money,
        events=list(events_of(f"matter:{matter.pk}")[:100]),
    )


@dataclass(frozen=True)
class Work:
    """What an official may do about a matter elsewhere at the desk: addresses, empty where there is nothing."""

    stage_url: str = ""
    obligation_url: str = ""


def work_on(matter: Matter, by: Actor, at: datetime) -> Work | None:
    """The desk's pages on which this official goes on with the matter; None for all who hold no role.

    Money is asked for on the line that the recipe names, with the matter filled in already.
    """
    if not by.grants:
        return None
    line = line_of(year=matter.process.year, recipe=matter.process.recipe)
    money = ""
    if line is not None and may_request(by, line, at).ok:
        money = (
            f"{reverse('ledger_desk:line', args=[line.fiscal_year, line.code])}?{urlencode({'matter': matter.number})}"
        )
    return Work(_desk_page(matter) if may_run(by, matter.process, at).ok else "", money)


def _desk_page(matter: Matter) -> str:
    stage = matter.stage
    if stage is None or not stage.is_open:
        return ""
    if stage.kind == "deliver":
        return reverse("followups_desk:matter", args=[matter.pk])
    page = stage.behaviour.desk_page
    return reverse(page, args=[stage.pk]) if page else ""
