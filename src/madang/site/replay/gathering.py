"""Players of meetings and courses, and of appointments that are not made by lot."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from madang.site.gatherings import actions as gatherings
from madang.site.gatherings.models import Course, Enrolment
from madang.site.kit.actor import SYSTEM
from madang.site.people import actions as people
from madang.site.people.claims import holders
from madang.site.people.models import Organisation
from madang.site.programmes.models import Stage
from madang.site.replay.schedule import Step, ending, moments, opening
from madang.site.replay.world import World

Script = dict[str, Any]


def play_meet(world: World, stage: Stage, script: Script) -> Iterator[Step]:
    """Hold the meetings of each mode over the stage's time, with the attendance of the body's members."""
    chance = world.chance(stage.process.code, stage.order, "meet")
    officer = world.official("officer", stage.process.department)
    end = ending(stage)
    modes = [mode for mode, count in script["modes"].items() for _ in range(count)]
    chance.shuffle(modes)
    bodies = list(
        Organisation.objects.filter(code__startswith=script["body"], kind=Organisation.Kind.BODY).order_by("code")
    )
    bodies = [body for body in bodies if "/" in body.code] or bodies
    attended = _evenly(script["attended"], len(modes)) if "attended" in script else []

    def hold(at: datetime, number: int, mode: str) -> None:
        body = bodies[number % len(bodies)]
        gathering = gatherings.hold(
            by=officer,
            at=at,
            process=stage.process,
            stage=stage,
            body=body,
            kind=script["kind"],
            number=number + 1,
            mode=mode,
            title_ko=script["title_ko"].format(number=number + 1, body=body.name_ko),
            title_en=script["title_en"].format(number=number + 1, body=body.name_en),
            held_at=at,
        )
        members = list(holders(f"member_of:{body.code}", at).order_by("pk").values_list("pk", flat=True))
        count = min(attended[number] if attended else len(members), len(members))
        present = chance.sample(members, count)
        gatherings.record_attendance(by=officer, at=at, gathering=gathering, person_ids=present)
        gatherings.publish_minutes(by=officer, at=at, gathering=gathering, text=script["minutes"])

    span_end = world.day(script["until"], hour=18) if "until" in script else end
    for number, at in enumerate(moments(opening(stage), span_end - timedelta(hours=4), len(modes), chance)):
        yield Step(at, stage.order, lambda at=at, number=number: hold(at, number, modes[number]))


def _evenly(total: int, count: int) -> list[int]:
    """A total over meetings, the later ones a little smaller; no meeting may have more people than the body."""
    tilt = total // count // 50
    parts = [total // count + tilt * (count - 1 - 2 * number) // 2 for number in range(count)]
    parts[0] += total - sum(parts)
    return parts


def play_event(world: World, script: Script) -> Iterator[Step]:
    """One gathering of a process outside its stages: who spoke, who took part, who watched."""
    process = world.process(script["process"])
    officer = world.official("officer", process.department)
    at = world.day(script["on"], hour=script.get("hour", 14))
    chance = world.chance(process.code, script["kind"], script["on"], script.get("number", 1))

    def hold() -> None:
        gathering = gatherings.hold(
            by=officer,
            at=at,
            process=process,
            kind=script["kind"],
            number=script.get("number", 1),
            mode=script["mode"],
            title_ko=script["title_ko"],
            title_en=script["title_en"],
            held_at=at,
        )
        if "members" in script:
            keys = list(holders(f"member_of:{script['body']}", at).order_by("pk").values_list("pk", flat=True))
            gatherings.record_attendance(
                by=officer, at=at, gathering=gathering, person_ids=chance.sample(keys, script["members"])
            )
        for part in ("speaker", "viewer"):
            if part in script:
                gatherings.record_attendance(by=officer, at=at, gathering=gathering, heads=script[part], part=part)
        if "minutes" in script:
            gatherings.publish_minutes(by=officer, at=at, gathering=gathering, text=script["minutes"])

    yield Step(at, 50, hold)


def play_course(world: World, script: Script) -> Iterator[Step]:
    """Offer a course and run its cohorts: by name with attendance, or as institutions report heads."""
    process = world.process(script["process"])
    officer = world.official("officer", process.department)
    start = world.day(script["from"])
    chance = world.chance(process.code, script["course"])
    runner = _Runner(world, script, officer)

    def offer() -> None:
        runner.course = gatherings.open_course(
            by=officer,
            at=start,
            process=process,
            code=script["course"],
            title_ko=script["title_ko"],
            title_en=script["title_en"],
            audience=script["audience"],
            hours=script["hours"],
            lectures=script.get("lectures"),
            group_size=script.get("group_size"),
        )

    yield Step(start, 0, offer)
    for number, institution in enumerate(script.get("institutions", []), start=1):
        at = world.day(institution["on"])
        yield Step(at, 1, lambda at=at, number=number, row=institution: runner.report(at, number, row))
    runs = script.get("runs", 0)
    sizes = [(script["learners"] + number) // runs for number in range(runs)]
    people = list(world.crowd)
    chance.shuffle(people)
    for number, at in enumerate(
        moments(start + timedelta(days=1), world.day(script["until"]), len(sizes), chance), start=1
    ):
        keys = [resident.person_id for resident in people[: sizes[number - 1]]]
        # Some learners come again to another topic: person-times exceed people.
        people = people[sizes[number - 1] - script.get("again", 0) :]
        yield Step(at, 1, lambda at=at, number=number, keys=keys: runner.teach(at, number, keys))


class _Runner:
    """Runs the cohorts of one course."""

    def __init__(self, world: World, script: Script, officer: Any) -> None:
        self.world, self.script, self.officer = world, script, officer
        self.course: Course | None = None

    def report(self, at: datetime, number: int, row: dict[str, Any]) -> None:
        """An institution ran the course and reports how many took part."""
        cohort = self._cohort(at, number, row["name_ko"])
        gatherings.report_headcount(
            by=self.officer, at=at, cohort=cohort, headcount=row["heads"], source=self.script["source"]
        )

    def teach(self, at: datetime, number: int, keys: list[int]) -> None:
        """A group learns all hours and completes the course."""
        cohort = self._cohort(at, number, "")
        gatherings.enrol(by=self.officer, at=at, cohort=cohort, person_ids=keys)
        gatherings.attend(by=self.officer, at=at, cohort=cohort, person_ids=keys, hours=self.script["hours"])
        done = set(
            Enrolment.objects.filter(
                person_id__in=keys, cohort__course=self.course, completed_at__isnull=False
            ).values_list("person_id", flat=True)
        )
        gatherings.complete(by=self.officer, at=at, cohort=cohort, person_ids=[key for key in keys if key not in done])

    def _cohort(self, at: datetime, number: int, institution: str) -> Any:
        return gatherings.open_cohort(
            by=self.officer,
            at=at,
            course=self.course,  # type: ignore[arg-type]
            title_ko=f"{self.script['title_ko']} {number}",
            title_en=f"{self.script['title_en']} {number}",
            mode=self.script["mode"],
            starts_on=at.date(),
            institution=institution,
        )


def play_seats(world: World, script: Script) -> Iterator[Step]:
    """Appoint to a body, or spread over the bodies of a set: members drawn before, experts and officials."""
    at = world.day(script["on"])
    chance = world.chance("seats", script["body"], script["role"], script["term"])

    def appoint() -> None:
        bodies = list(Organisation.objects.filter(code__startswith=f"{script['body']}/").order_by("code"))
        bodies = bodies or [Organisation.objects.get(code=script["body"])]
        keys = _people(world, script, at, chance)
        until = world.day(script["until"]) if "until" in script else None
        for index, body in enumerate(bodies):
            rows = [
                people.NewSeat(key, script["role"], script["appointed_by"], script["term"], until)
                for key in keys[index :: len(bodies)]
            ]
            if rows:
                people.seat(by=SYSTEM, at=at, body=body, rows=rows)

    yield Step(at, 2, appoint)


def _people(world: World, script: Script, at: datetime, chance: Any) -> list[int | None]:
    if not script.get("known", True):
        return [None] * script["count"]
    if "who" in script:
        keys = list(holders(script["who"], at).order_by("pk").values_list("pk", flat=True))
    else:
        keys = [resident.person_id for resident in world.crowd]
    return chance.sample(keys, script["count"])
