"""Figures on forums, comments, likes and supports."""

from datetime import date
from typing import Literal

from django.db.models import F
from django.utils.translation import gettext as _

from madang.site.forums.models import Comment, CommentLike, Forum, Support
from madang.site.kit.clock import end_of
from madang.site.kit.figures import Arguments, Records, figure_query


class ForumsOf(Arguments):
    """Forums of a process, of a kind or with a title if given: how many, or when the first of them opens or closes."""

    process: str
    kind: str = ""
    title: str = ""
    day: Literal["", "opens_on", "closes_on"] = ""


class CommentsOf(Arguments):
    """What was said in the forums of a process (of a kind if given), or on its matters."""

    process: str
    kind: str = ""
    on: Literal["forums", "matters"] = "forums"

    def conditions(self, path: str) -> dict[str, str]:
        """The conditions on a comment."""
        owner = "forum" if self.on == "forums" else "matter"
        kind = {f"{path}forum__kind": self.kind} if self.kind else {}
        return {f"{path}{owner}__process__code": self.process, **kind}


class SupportsOf(Arguments):
    """Supports for the matters of a process."""

    process: str


@figure_query("forums.forums", ForumsOf)
def forums(arguments: ForumsOf, as_of: date) -> Records:
    """Forums opened by the end of the day."""
    rows = Forum.objects.filter(process__code=arguments.process, opened_at__lt=end_of(as_of))
    if arguments.kind:
        rows = rows.filter(kind=arguments.kind)
    if arguments.title:
        rows = rows.filter(title_ko=arguments.title)
    columns = (("title", _("Forum")), ("opens_on", _("Opens")), ("closes_on", _("Closes")))
    reduce = f"min:{arguments.day}" if arguments.day else "count"
    return Records(rows.order_by("opens_on", "pk"), reduce, columns, lambda row: f"/forums/{row.pk}/")


@figure_query("forums.comments", CommentsOf)
def comments(arguments: CommentsOf, as_of: date) -> Records:
    """Comments made by the end of the day; those hidden by then do not count."""
    end = end_of(as_of)
    rows = Comment.objects.filter(at__lt=end, **arguments.conditions("")).exclude(hidden_at__lt=end)
    columns = (("at", _("When")), ("stance", _("Stance")))
    return Records(rows.order_by("at", "pk"), "count", columns, lambda row: f"/forums/comments/{row.pk}/")


@figure_query("forums.likes", CommentsOf)
def likes(arguments: CommentsOf, as_of: date) -> Records:
    """Likes given by the end of the day to comments that were not hidden by then."""
    end = end_of(as_of)
    rows = CommentLike.objects.filter(at__lt=end, **arguments.conditions("comment__"))
    rows = rows.exclude(comment__hidden_at__lt=end).order_by("at", "pk")
    return Records(rows, "count", (("at", _("When")),), lambda row: f"/forums/comments/{row.comment_id}/")


@figure_query("forums.supports", SupportsOf)
def supports(arguments: SupportsOf, as_of: date) -> Records:
    """Supports that stood at the end of the day."""
    end = end_of(as_of)
    rows = Support.objects.filter(matter__process__code=arguments.process, at__lt=end).exclude(withdrawn_at__lt=end)
    columns = (("number", _("Receipt number")), ("at", _("When")))
    named = rows.annotate(number=F("matter__number")).order_by("at", "pk")
    return Records(named, "count", columns, lambda row: f"/matters/{row.number}/")
