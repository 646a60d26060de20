"""A small synthetic city with a stage of meetings and one of courses, its officials and citizens."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta

from madang.site.docket import conductor
from madang.site.gatherings import actions
from madang.site.gatherings.models import Booking, Cohort, Course, Gathering, Slot, Space
from madang.site.kit.actor import SYSTEM, Actor
from madang.site.people.actions import NewSeat, give_role, open_account, seat
from madang.site.people.actors import actor_for, citizen
from madang.site.people.models import Account, Organisation, Person
from madang.site.programmes.models import Process, Programme, Stage
from madang.site.record.journal import action

AT = datetime(2021, 3, 2, 1, tzinfo=UTC)


@action
def open_stage(*, stage: Stage) -> Stage:
    """Open a stage."""
    return conductor.open_stage(stage=stage, by=SYSTEM, at=AT)


@action
def close_stage(*, stage: Stage, at: datetime = AT) -> list:
    """Close a stage."""
    return conductor.close_stage(stage=stage, by=SYSTEM, at=at)


@action
def file(*, stage: Stage, author: Person):
    """A synthetic application of somebody."""
    return conductor.file_matter(
        stage=stage, kind="candidacy", title="신청", form="f@1", data={}, by=SYSTEM, at=AT, author_id=author.pk
    )


@dataclass
class World:
    """What the tests speak about."""

    process: Process
    meet: Stage
    learn: Stage
    book: Stage
    officer: Actor
    stranger: Actor
    accounts: dict[str, Account] = field(default_factory=dict)
    people: list[Person] = field(default_factory=list)

    def hold(self, **more) -> Gathering:
        """A synthetic meeting in the past, unless told otherwise."""
        given = {"number": 1, "mode": "video", "title_ko": "회의", "title_en": "Meeting", "held_at": AT, **more}
        return actions.hold(by=self.officer, at=AT, process=self.process, stage=self.meet, **given)

    def seated(self, index: int) -> Person:
        """One of the synthetic people with a seat in the assembly."""
        person = self.people[index]
        seat(
            by=SYSTEM,
            at=AT - timedelta(days=30),
            body=Organisation.objects.get(code="assembly"),
            rows=[NewSeat(person.pk, "citizen", "lot", "2021")],
        )
        return person

    def coming(self, **more) -> Gathering:
        """A synthetic meeting of the assembly a week later."""
        body = Organisation.objects.get(code="assembly")
        return self.hold(**{"held_at": AT + timedelta(days=7), "body": body, **more})

    def written(self) -> Gathering:
        """A synthetic meeting in writing, a week long."""
        return self.coming(mode="written")

    def course(self, code: str = "school", **more) -> Course:
        """A synthetic course of four hours."""
        given = {"title_ko": "학교", "title_en": "School", "audience": "citizens", "hours": 4, **more}
        return actions.open_course(by=self.officer, at=AT, process=self.process, code=code, **given)

    def run(self, course: Course, **more) -> Cohort:
        """A synthetic run of a course that begins on 2 March 2021."""
        given = {"title_ko": "1기", "title_en": "First run", "mode": "video", "starts_on": date(2021, 3, 2), **more}
        return actions.open_cohort(by=self.officer, at=AT, course=course, **given)

    def space(self, **more) -> Space:
        """A synthetic space for ten people."""
        given = {"name_ko": "모임방", "name_en": "Room", "place": "1", "capacity": 10, **more}
        return actions.open_space(by=self.officer, at=AT, stage=self.book, **given)

    def slots(self, space: Space, **more) -> list[Slot]:
        """Slots of an hour at ten and eleven on the days from 3 to 5 March 2021, unless told otherwise."""
        given = {
            "first_day": date(2021, 3, 3), "last_day": date(2021, 3, 5), "weekdays": range(7),
            "opens": time(10), "closes": time(12), "minutes": 60, **more,
        }  # fmt: skip
        return actions.make_slots(by=self.officer, at=AT, space=space, **given)

    def books(self, index: int, slot: Slot, at: datetime = AT, **more) -> Booking:
        """One of the synthetic people books a slot for two."""
        given = {"purpose": "모임", "size": 2, **more}
        return actions.book(by=citizen(self.people[index]), at=at, slot=slot, **given)

    def gives(self, **rules) -> None:
        """Give the stage of bookings other rules."""
        self.book.settings = {**self.book.settings, **rules}
        self.book.save(update_fields=["settings"])


def build() -> World:
    """The synthetic city."""
    department = Organisation.objects.create(code="dept", kind="department", name_ko="과", name_en="Division")
    Organisation.objects.create(code="other", kind="department", name_ko="다른과", name_en="Other division")
    Organisation.objects.create(code="assembly", kind="body", name_ko="회의", name_en="Assembly")
    programme = Programme.objects.create(
        code="1-1", slug="a", department=department, order=1, name_ko="사업", name_en="Programme"
    )
    process = Process.objects.create(
        code="1-1/2021", programme=programme, department=department, year=2021, recipe={}, title_ko="회차",
        title_en="Process",
    )  # fmt: skip
    rows = [
        ("meet", "회의", "Meetings", {"body": "assembly", "modes": ["written", "video", "face_to_face"]}),
        ("learn", "교육", "Courses", {"course": "s", "hours": 4}),
        ("book", "대관", "Booking", {"no_shows": {"count": 2, "within_days": 30, "bars_days": 14}}),
    ]
    meet, learn, book = [
        Stage.objects.create(process=process, order=order, kind=kind, title_ko=ko, title_en=en, settings=rules)
        for order, (kind, ko, en, rules) in enumerate(rows, 1)
    ]
    accounts, people = {}, {}
    for name in ("officer", "stranger", "one", "two", "three"):
        accounts[name] = Account.objects.create_user(f"{name}@example.invalid", "synthetic-password")
        people[name] = open_account(by=SYSTEM, at=AT, account=accounts[name])
    for name, office in (("officer", department), ("stranger", Organisation.objects.get(code="other"))):
        give_role(by=SYSTEM, at=AT, person=people[name], role="officer", organisation=office)
    open_stage(stage=meet)
    open_stage(stage=learn)
    open_stage(stage=book)
    return World(
        process, meet, learn, book, actor_for(people["officer"], AT), actor_for(people["stranger"], AT), accounts,
        [people[name] for name in ("one", "two", "three")],
    )  # fmt: skip
