"""The tables of the desk's own pages: processes, bodies, seats; and of the public record."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from madang.site.kit.web.tables import Choice, Column, Table
from madang.site.kit.words import words_of
from madang.site.people.models import Seat
from madang.site.people.queries import SEAT_ROLES, WAYS, masked
from madang.site.programmes.models import Process

PROCESSES = Table(
    name="processes",
    caption=_("Processes"),
    columns=[
        Column(
            "process",
            _("Process"),
            lambda row: f"{row.title} {row.year}",
            order="title_ko",
            link=lambda row: reverse("desk_desk:process", args=[row.code]),
        ),
        Column("year", _("Year"), lambda row: str(row.year), order="year"),
        Column("programme", _("Programme"), lambda row: row.programme.name, order="programme__order"),
        Column("department", _("Department"), lambda row: row.department.name, order="department__order"),
        Column(
            "state",
            _("State"),
            lambda row: _("draft") if row.draft else _("open now") if row.open_count else _("nothing open"),
            badge=lambda row: "warn" if row.draft else "open" if row.open_count else "plain",
        ),
        Column("filed", _("Filed"), lambda row: row.matters_filed, kind="number", order="matters_filed"),
        Column("open", _("Open stages"), lambda row: row.open_count, kind="number", order="open_count"),
    ],
    find=("title_ko", "title_en", "code", "programme__name_ko"),
    choices=[
        Choice(
            "state",
            _("State"),
            lambda: [("open", _("open now")), ("draft", _("draft"))],
            lambda rows, value: rows.filter(draft=True) if value == "draft" else rows.filter(open_count__gt=0),
        ),
        Choice(
            "year",
            _("Year"),
            lambda: [
                (str(year), str(year))
                for year in Process.objects.order_by("-year").values_list("year", flat=True).distinct()
            ],
            lambda rows, value: rows.filter(year=value),
        ),
    ],
)

BODIES = Table(
    name="bodies",
    caption=_("Bodies"),
    columns=[
        Column(
            "body",
            _("Body"),
            lambda row: row.name,
            order="value",
            link=lambda row: reverse("desk_desk:body", args=[row.code]),
        ),
        Column("parent", _("Belongs to"), lambda row: row.parent.name if row.parent else None, order="value"),
        Column("sitting", _("Seats held"), lambda row: row.sitting, kind="number", order="value"),
    ],
    find=("value",),
)


def _who(seat: Seat) -> str:
    return str(seat.person) if seat.person else str(_("not known by name"))


def seats_table(*, ended: bool) -> Table:
    """The seats of a body, those that hold or those that have ended; in a file the names are masked."""
    last = (
        Column("reason", _("Reason"), lambda row: row.ended_because, order="ended_because", only="page")
        if ended
        else Column("end", _("End"), template="desk/end_link.html", only="page")
    )
    return Table(
        name="seats",
        caption=_("Seats"),
        columns=[
            Column("who", _("Who"), _who, order="person__nickname", in_file=lambda row: masked(row.person)),
            Column("sits_as", _("Sits as"), lambda row: SEAT_ROLES.get(row.role, row.role), order="role"),
            Column("appointed", _("Appointed"), lambda row: WAYS.get(row.appointed_by, row.appointed_by)),
            Column("term", _("Term"), lambda row: row.term, order="term"),
            Column("begins", _("Term begins"), lambda row: row.valid_from, kind="day", order="valid_from"),
            Column("ends", _("Term ends"), lambda row: row.valid_until, kind="day", order="valid_until"),
            Column("recusals", _("Recusals"), lambda row: row.recusals, kind="number"),
            last,
        ],
        find=("person__nickname", "person__pseudonym", "term"),
        choices=[
            Choice("role", _("Sits as"), SEAT_ROLES.items, lambda rows, value: rows.filter(role=value)),
            Choice("way", _("Appointed"), WAYS.items, lambda rows, value: rows.filter(appointed_by=value)),
        ],
    )


BOOKS = Table(
    name="books",
    caption=_("Books"),
    columns=[
        Column(
            "book",
            _("Book"),
            lambda row: row.code,
            order="code",
            link=lambda row: reverse("desk:book", args=[row.code]),
        ),
        Column("events", _("Events"), lambda row: row.length, kind="number", order="length"),
        Column("head", _("Hash of the last event"), template="desk/hash.html", in_file=lambda row: row.head),
    ],
    find=("code",),
)

EVENTS = Table(
    name="events",
    caption=_("Events, the latest first"),
    columns=[
        Column("what", _("What"), lambda row: words_of(row.verb), note=lambda row: row.verb),
        Column("number", _("Number"), lambda row: row.number, kind="number", order="number"),
        Column("moment", _("Moment"), lambda row: row.at, kind="moment"),
        Column("verb", _("Verb"), lambda row: row.verb, only="file"),
        Column("subject", _("To what"), lambda row: row.subject),
        Column("by", _("By"), lambda row: row.actor),
        Column("hash", _("Hash"), template="desk/hash.html", in_file=lambda row: row.hash),
    ],
    find=("verb", "subject", "actor"),
)
