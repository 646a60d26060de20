"""Columns and filters that tables about matters share."""

from collections.abc import Callable, Iterable
from typing import Any

from django.db.models import Case, F, QuerySet, Value, When
from django.utils.translation import gettext_lazy as _

from madang.site.docket.models import Matter
from madang.site.docket.outcomes import OUTCOME_NAMES
from madang.site.docket.templatetags.docket import outcome, outcome_kind
from madang.site.kit.language import pick
from madang.site.kit.web.tables import Choice, Column


def with_shown_title(rows: QuerySet[Any], path: str = "matter__") -> QuerySet[Any]:
    """Rows with the title of their matter as `shown_title`, empty where it is hidden."""
    hidden = When(**{f"{path}ending": "hidden"}, then=Value(""))
    return rows.annotate(shown_title=Case(hidden, default=F(f"{path}title")))


def of_matter(
    link: Callable[[Any], str] | None = None,
    *,
    path: str = "",
    title_order: str = "",
    matter: Callable[[Any], Matter] = lambda row: row,
) -> list[Column]:
    """The title of a row's matter with its receipt number; hidden ones are named by their number only.

    `path` leads from a row to its matter in the database, `matter` the same for a row that was read. Rows that hold
    hidden ones come from `with_shown_title`, so that nobody finds a title by searching for its words.
    """

    def title(row: Any) -> str:
        return str(_("(not shown)")) if matter(row).ending == "hidden" else matter(row).title

    def address(row: Any) -> str:
        if link is not None:
            return link(row)
        return "" if matter(row).ending == "hidden" else f"/matters/{matter(row).number}/"

    return [
        Column(
            "matter",
            _("Matter"),
            title,
            order=title_order or f"{path}title",
            link=address,
            note=lambda row: matter(row).number,
        ),
        Column("number", _("Receipt number"), lambda row: matter(row).number, only="file"),
    ]


def of_outcome(key: str, label: Any, code: Callable[[Any], str], order: str) -> Column:
    """An outcome as its badge."""
    return Column(
        key,
        label,
        lambda row: outcome(code(row) or ""),
        order=order,
        badge=lambda row: outcome_kind(code(row) or ""),
    )


def by_outcome(label: Any, codes: Callable[[], Iterable[str]], path: str = "outcome", key: str = "result") -> Choice:
    """A filter by some outcomes."""
    return Choice(
        key,
        label,
        lambda: [(code, pick(*OUTCOME_NAMES[code])) for code in codes()],
        lambda rows, value: rows.filter(**{path: value}),
    )
