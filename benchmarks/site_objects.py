"""What `site.py` asks for: the largest objects of the replayed city for the arguments of each route."""

from collections.abc import Callable
from datetime import datetime, time, timedelta
from typing import Any

# Routes that no reader of the demonstration can open, each with the reason; no row of the table measures them.
ABSENT = {
    "accounts/reauthenticate/": "asks for a password; the prepared people have none",
    "accounts/password/change/": "asks for a password; the prepared people have none",
    "accounts/login/code/confirm/": "follows a code sent by mail",
    "accounts/2fa/authenticate/": "follows a password",
    "accounts/2fa/reauthenticate/": "asks for a second factor; the prepared people have none",
    "accounts/2fa/totp/deactivate/": "asks for a second factor; the prepared people have none",
    "accounts/2fa/recovery-codes/": "asks for a second factor; the prepared people have none",
    "accounts/2fa/recovery-codes/download/": "asks for a second factor; the prepared people have none",
    "accounts/2fa/webauthn/reauthenticate/": "asks for a second factor; the prepared people have none",
    "accounts/2fa/webauthn/keys/<int:pk>/remove/": "the prepared people have no passkey",
    "accounts/2fa/webauthn/keys/<int:pk>/edit/": "the prepared people have no passkey",
    "accounts/2fa/webauthn/login/": "asks for a passkey",
    "accounts/3rdparty/login/error/": "only another service leads there",
    "accounts/3rdparty/signup/": "only another service leads there",
    "accounts/social/login/cancelled/": "an old address, answered with a redirect",
    "accounts/social/login/error/": "an old address, answered with a redirect",
    "accounts/social/signup/": "an old address, answered with a redirect",
    "accounts/social/connections/": "an old address, answered with a redirect",
    "desk/roles/<int:pk>/end/": "only an administrator opens it, who is not among these readers",
    "identity/check/": "follows a check that was begun elsewhere",
    "identity/back/": "only an identity agency leads there",
    "desk/ledger/uploads/<int:pk>/drop/": "nobody uploaded a table",
    "reviews/reviews/<int:pk>/sheets/<int:matter>/": "the largest review has no sheet of its first matter to show",
    "desk/reviews/reviews/<int:pk>/<int:matter>/": "only while its stage is open",
    "votes/<int:pk>/picks/": "follows a ballot that was filled in",
    "votes/<int:pk>/review/": "follows a ballot that was filled in",
    "votes/<int:pk>/cast/": "follows a ballot that was filled in",
    "gatherings/enrolments/<int:pk>/leave/": "the prepared people are enrolled nowhere",
    "desk/gatherings/<int:pk>/change/": "only for a meeting that is still to come",
    "desk/plans/<path:code>/": "no draft waits in the demonstration",
    "desk/plans/<path:code>/preview/": "no draft waits in the demonstration",
    "desk/plans/<path:code>/publish/": "no draft waits in the demonstration",
    "desk/plans/<path:code>/discard/": "no draft waits in the demonstration",
    "i18n/setlang/": "answers GET with a redirect",
    "api/": "the API has no page of its own",
    "my/identity/back/": "only an identity agency leads there",
    "matters/files/<int:pk>/": "nobody attached a file; a file is sent as it lies",
    "desk/ledger/uploads/<int:pk>/": "nobody uploaded a table",
    "desk/forums/appeals/<int:pk>/": "nothing was hidden, so nobody objected",
    "reviews/sheets/<int:pk>/": "the prepared member has nothing to score; all reviews are closed",
    "reviews/sheets/<int:pk>/recuse/": "the prepared member has nothing to score; all reviews are closed",
    "desk/votes/<int:pk>/papers/<int:batch>/": "nobody voted on paper",
    "desk/followups/answers/<int:pk>/<int:matter>/": "no matter waits for an answer",
    "searches/<int:pk>/forget/": "answers GET with nothing: a button sends there",
    "desk/reviews/sheets/<int:pk>/": "only while its stage is open",
    "desk/reviews/outbox/<int:pk>/publish/": "only while its stage is open",
    "gatherings/bookings/<int:pk>/cancel/": "answers GET with nothing: a button sends there",
    "desk/gatherings/bookings/<int:pk>/use/": "answers GET with nothing: a button sends there",
    "my/name/": "answers GET with a redirect to the own page",
    "desk/next/": "answers with a redirect to the next task",
}
QUERIES = {
    "matters/": ["", "?page=200", "?words=공원", "?words=나무&state=ended", "?area=seoul/jongno"],
    "record/books/<path:code>/": ["", "?page=500"],
    "figures/": ["", "?page=20"],
    "matters.json": ["", "?page=10"],
    "calendar/": ["", "?month=2021-06"],
}


def furnish() -> None:
    """Put into the copy what a finished year lacks and pages are made for: a handed-in report, an own proposal …"""
    from madang.site.docket.models import Matter
    from madang.site.followups.actions import add_milestone
    from madang.site.kit import clock
    from madang.site.kit.actor import SYSTEM
    from madang.site.people.actors import actor_of
    from madang.site.people.models import Account
    from madang.site.reports.actions import freeze
    from madang.site.reports.queries import codes

    at = clock.now()
    officer = actor_of(Account.objects.get(email="officer@demo.invalid"), at)
    for code in codes()[:1]:
        freeze(by=officer, at=at, report=code, as_of=clock.day_of(at))
    citizen = actor_of(Account.objects.get(email="citizen@demo.invalid"), at)
    delivered = Matter.objects.filter(stage__kind="deliver").select_related("stage__process__department").first()
    if delivered:
        add_milestone(by=SYSTEM, at=at, matter=delivered, title="착공", due_on=clock.day_of(at))
    own = Matter.objects.filter(stage__kind__in=("support", "screen")).order_by("pk").values("pk")[:3]
    Matter.objects.filter(pk__in=[row["pk"] for row in own]).update(author_id=citizen.person_id)
    furnish_citizen(citizen, at)


def furnish_citizen(by: Any, at: datetime) -> None:
    """Letters about decisions, a saved list, an own calendar, and a space with all its slots and a booking."""
    from madang.site.docket.conductor import open_stage
    from madang.site.docket.models import Passage
    from madang.site.docket.searches import save_search
    from madang.site.gatherings import actions
    from madang.site.kit import clock
    from madang.site.kit.actor import SYSTEM
    from madang.site.programmes.models import Process, Stage
    from madang.site.record.journal import batch
    from madang.site.reviews.models import Letter

    for key in stages("review")[:1]:
        told = Passage.objects.filter(stage_id=key).order_by("pk")
        Letter.objects.bulk_create(
            Letter(stage_id=key, matter_id=row.matter_id, outcome=row.outcome, text=f"합성 편지\n\n{row.reason}",
                   drafted_at=at, sent_at=at)
            for row in told
        )  # fmt: skip
    save_search(by=by, at=at, wanted={"words": "공원"}, name="공원")
    actions.make_calendar_link(by=by, at=at)
    process = Process.objects.order_by("pk")[0]
    stage = Stage.objects.create(
        process=process, order=99, kind="book", title_ko="합성 공간", title_en="Synthetic spaces",
        settings={"days_ahead": 60, "most_open": 20},
    )  # fmt: skip
    with batch():
        open_stage(stage=stage, by=SYSTEM, at=at)
        days = [clock.day_of(at) + timedelta(days=ahead) for ahead in (1, 30)]
        for number in range(12):
            space = actions.open_space(
                by=SYSTEM, at=at, stage=stage, name_ko=f"합성 방 {number}", place="합성 건물", capacity=8
            )
            slots = actions.make_slots(
                by=SYSTEM, at=at, space=space, first_day=days[0], last_day=days[1], weekdays=range(7),
                opens=time(9), closes=time(21), minutes=60,
            )  # fmt: skip
            actions.book(by=by, at=at, slot=slots[0], purpose="합성 모임", size=4)


def largest(rows: Any, *relations: str, field: str = "pk") -> list[Any]:
    """The field of the row that most rows of one of the relations hang on; nothing if there is no row."""
    from django.db.models import Count

    found = []
    for relation in relations or ("pk",):
        counted = rows.annotate(hanging=Count(relation)).order_by("-hanging", "pk")
        row = counted.values_list(field, flat=True).first()
        found += [] if row is None or row in found else [row]
    return found


def stages(kind: str) -> list[int]:
    """The stages of a kind with most matters decided and most matters waiting, and the largest that is open."""
    from madang.site.programmes.models import Stage

    rows = Stage.objects.filter(kind=kind)
    now = rows.filter(opened_at__isnull=False, closed_at__isnull=True)
    return list(dict.fromkeys([*largest(rows, "passages", "matters"), *largest(now, "matters")]))


def own_token(person: Any) -> str:
    """The secret part of the address of somebody's calendar, as their page shows it."""
    from django.test import Client

    browser = Client(headers={"host": "localhost"})
    browser.force_login(person.account)
    page = browser.get("/calendar/own/").content.decode()
    return page.partition("/calendar/own/")[2].partition(".ics")[0] if ".ics" in page else ""


def figure_names() -> list[str]:
    """One figure of each query and each way to be found."""
    from madang.site.kit import clock
    from madang.site.reports import queries

    at = clock.now()
    found = {value.figure.query or value.kind: value.figure.name for value in queries.figures(as_of=at.date(), at=at)}
    return list(found.values())


def arguments() -> list[tuple[str, Callable[[], list[dict[str, Any]]]]]:
    """Which objects fill the arguments of a route, by a part of the route; the first part that fits counts."""
    from madang.site.docket.models import Attachment, Matter
    from madang.site.followups.models import Milestone
    from madang.site.forums.models import Appeal, Comment, Forum
    from madang.site.gatherings.models import Booking, Cohort, Course, Gathering, Slot, Space
    from madang.site.ledger.models import Entry, Line, Request, RevenueItem, Upload
    from madang.site.panels.models import Drawn
    from madang.site.people.models import Account, Organisation, RoleGrant, Seat
    from madang.site.programmes.models import Process, Programme, Recipe
    from madang.site.record.models import Book
    from madang.site.reports.models import FrozenReport
    from madang.site.reports.queries import codes
    from madang.site.reviews.models import Assignment, Letter, Objection
    from madang.site.votes.models import PaperBatch

    citizen = Account.objects.get(email="citizen@demo.invalid").person
    member = Account.objects.get(email="member@demo.invalid").person
    bodies = Organisation.objects.filter(kind=Organisation.Kind.BODY)

    def one(name: str, rows: Any, *relations: str, field: str = "pk") -> Callable[[], list[dict[str, Any]]]:
        return lambda: [{name: value} for value in largest(rows.objects.all(), *relations, field=field)]

    def stage(kind: str) -> Callable[[], list[dict[str, Any]]]:
        return lambda: [{"pk": key} for key in stages(kind)]

    def in_stage(kind: str) -> Callable[[], list[dict[str, Any]]]:
        return lambda: [
            {"pk": key, "matter": matter}
            for key in stages(kind)
            for rows in (Matter.objects.filter(stage_id=key), Matter.objects.filter(passages__stage_id=key))
            for matter in rows.order_by("pk").values_list("pk", flat=True)[:1]
        ]

    def numbers(field: str) -> list[Any]:
        own = Matter.objects.filter(author=citizen).order_by("pk").values_list(field, flat=True)
        return [*largest(Matter.objects.all(), "comments", "passages", "supports", "links_in", field=field), *own]

    def formats(**more: Any) -> list[dict[str, Any]]:
        from madang.site.reports.writing import FORMATS

        return [{**more, "form": form} for form in FORMATS]

    return [
        ("api/processes/", one("code", Process, "matters", "stages", field="code")),
        ("api/matters/", lambda: [{"number": number} for number in numbers("number")]),
        ("books/<path:code>", one("code", Book, "events", field="code")),
        ("matters/files/", one("pk", Attachment)),
        ("ledger/programmes/", one("code", Programme, "lines", field="code")),
        (
            "ledger/lines/",
            lambda: [
                {"year": line.fiscal_year, "code": line.code}
                for line in Line.objects.filter(pk__in=largest(Line.objects.all(), "entries", "parts"))
            ],
        ),
        (
            "ledger/revenue/<",
            lambda: [
                {"year": item.fiscal_year, "code": item.code}
                for item in RevenueItem.objects.filter(pk__in=largest(RevenueItem.objects.all(), "collections"))
            ],
        ),
        ("desk/bodies/<", lambda: [{"code": code} for code in largest(bodies, "seats", field="code")]),
        ("desk/seats/", one("pk", Seat)),
        ("desk/roles/", one("pk", RoleGrant)),
        ("desk/cards/<", one("code", Recipe, field="code")),
        ("ledger/entries/", one("pk", Entry)),
        (
            "ledger/obligations/",
            lambda: [{"pk": key} for key in largest(Entry.objects.filter(balance__isnull=False), "requests")],
        ),
        ("ledger/requests/", one("pk", Request)),
        ("ledger/uploads/<", one("pk", Upload)),
        ("calls/<", stage("call")),
        ("intake/matters/", lambda: [{"number": number} for number in numbers("number")]),
        ("forums/support/", stage("support")),
        ("forums/discussions/", stage("discuss")),
        ("forums/matters/", lambda: [{"pk": key} for key in numbers("pk")]),
        ("forums/comments/", one("pk", Comment, "likes", "replies")),
        ("forums/appeals/", one("pk", Appeal)),
        ("forums/<", one("pk", Forum, "comments", "matters")),
        ("reviews/screenings/<int:pk>/<", in_stage("screen")),
        ("reviews/screenings/", stage("screen")),
        ("reviews/reviews/", stage("review")),
        ("reviews/sheets/", lambda: [{"pk": key} for key in largest(Assignment.objects.filter(person=member))]),
        ("reviews/objections/<int:pk>/<", in_stage("object")),
        ("reviews/objections/<int:pk>/decide", one("pk", Objection)),
        ("reviews/objections/", stage("object")),
        ("reviews/decisions/", stage("decide")),
        ("reviews/outbox/", stage("review")),
        (
            "reviews/letters/",
            lambda: [
                {"pk": key}
                for rows in (Letter.objects.all(), Letter.objects.filter(matter__author=citizen))
                for key in largest(rows)
            ],
        ),
        (
            "draws/<int:pk>/replies/",
            lambda: [
                {"pk": row.draw.stage_id, "entry": row.pk}
                for row in Drawn.objects.select_related("draw").order_by("pk")[:1]
            ],
        ),
        ("panels/draws/", stage("draw")),
        ("panels/appointments/", stage("appoint")),
        ("votes/allotments/", stage("allot")),
        (
            "papers/<int:batch>",
            lambda: [{"pk": row.election.stage_id, "batch": row.pk} for row in PaperBatch.objects.all()[:1]],
        ),
        ("votes/<", stage("vote")),
        ("followups/answers/<int:pk>/<", in_stage("answer")),
        ("followups/answers/", stage("answer")),
        ("followups/deliveries/", stage("deliver")),
        (
            "followups/matters/",
            lambda: [
                {"pk": key}
                for key in [
                    *largest(Matter.objects.filter(stage__kind="deliver"), "passages"),
                    *largest(Matter.objects.all(), "milestones", "answers"),
                ]
            ],
        ),
        ("followups/milestones/", one("pk", Milestone)),
        ("gatherings/meetings/", stage("meet")),
        ("gatherings/courses/<int:pk>/runs/", one("pk", Course, "cohorts")),
        ("gatherings/courses/", stage("learn")),
        ("gatherings/booking/", stage("book")),
        ("gatherings/spaces/", one("pk", Space, "slots")),
        (
            "gatherings/bookings/",
            lambda: [{"pk": row.pk} for row in Booking.objects.filter(person=citizen, state="given")[:1]],
        ),
        (
            "gatherings/slots/",
            lambda: [{"pk": key} for key in Slot.objects.order_by("-pk").values_list("pk", flat=True)[:1]],
        ),
        ("calendar/own/<", lambda: [{"token": own_token(citizen)}]),
        ("gatherings/runs/", one("pk", Cohort, "enrolments")),
        ("gatherings/<", one("pk", Gathering, "attendance")),
        (
            "reports/frozen/<int:pk>/<",
            lambda: [one for pk in largest(FrozenReport.objects.all()) for one in formats(pk=pk)],
        ),
        ("reports/frozen/", one("pk", FrozenReport)),
        ("desk/reports/<slug:code>/<", lambda: [row for code in codes() for row in formats(code=code)]),
        ("reports/<slug:code>/", lambda: [{"code": code} for code in codes()]),
        ("figures/<", lambda: [{"name": name} for name in figure_names()]),
        ("programmes/<str:code>/", one("code", Programme, "processes", "processes__stages", field="code")),
        ("processes/<path:code>/", one("code", Process, "matters", "stages", field="code")),
        ("matters/<str:number>/", lambda: [{"number": number} for number in numbers("number")]),
        ("stages/<int:pk>/", lambda: [{"pk": key} for kind in ("call", "deliver", "meet") for key in stages(kind)]),
        ("demo/<slug:code>/", lambda: [{"code": "citizen"}]),
        ("confirm-email/(", lambda: [{"key": "none"}]),
        ("password/reset/key/(", lambda: [{"uidb36": "0", "key": "none"}]),
    ]
