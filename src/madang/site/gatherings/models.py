"""Meetings, courses and bookings of spaces: who was there, what was said, who completed what, who has which slot."""

from django.db import models
from django.db.models import F, Q

from madang.site.kit.language import named
from madang.site.people.models import Organisation, Person
from madang.site.programmes.models import Process, Stage


class Gathering(models.Model):
    """One meeting: written, by video, face to face or combined.

    Of a meeting in writing `held_at` is the moment until which members may write. `changes` counts what calendars
    must be told anew. While `code_from` to `code_until` runs, members note their own attendance with a code.
    """

    class Mode(models.TextChoices):
        WRITTEN = "written"
        VIDEO = "video"
        FACE_TO_FACE = "face_to_face"
        COMBINED = "combined"

    process = models.ForeignKey(Process, models.PROTECT, related_name="gatherings")
    stage = models.ForeignKey(Stage, models.PROTECT, null=True, related_name="gatherings")
    body = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="gatherings")
    kind = models.CharField(max_length=30, default="meeting")
    number = models.PositiveSmallIntegerField()
    mode = models.CharField(max_length=12, choices=Mode.choices)
    title_ko = models.CharField(max_length=160)
    title_en = models.CharField(max_length=200, blank=True)
    agenda = models.TextField(blank=True)
    held_at = models.DateTimeField()
    minutes = models.TextField(blank=True)
    minutes_at = models.DateTimeField(null=True)
    cancelled_at = models.DateTimeField(null=True)
    cancelled_because = models.CharField(max_length=300, blank=True)
    changes = models.PositiveSmallIntegerField(default=0)
    changed_at = models.DateTimeField(null=True)
    code_from = models.DateTimeField(null=True)
    code_until = models.DateTimeField(null=True)
    title = named("title")

    class Meta:
        ordering = ["held_at", "pk"]
        indexes = [models.Index(fields=["process", "kind", "mode"])]

    def __str__(self) -> str:
        return self.title_ko


class Attendance(models.Model):
    """Who attended a meeting: a person, or a head count where nobody was asked for a name.

    `part` is what they did there: participant, speaker or viewer.
    """

    gathering = models.ForeignKey(Gathering, models.CASCADE, related_name="attendance")
    person = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="attendance")
    part = models.CharField(max_length=20, default="participant")
    heads = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["gathering", "person", "part"], condition=Q(person__isnull=False), name="attended_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.gathering_id}: {self.heads}"


class Contribution(models.Model):
    """What a member wrote in a meeting that is held in writing; published when the meeting is over."""

    gathering = models.ForeignKey(Gathering, models.CASCADE, related_name="contributions")
    person = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="contributions")
    text = models.TextField()
    by = models.CharField(max_length=60)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["gathering", "person"], condition=Q(person__isnull=False), name="contributed_once"
            )
        ]

    def __str__(self) -> str:
        return f"contribution to {self.gathering_id}"


class Course(models.Model):
    """A course of a programme; completing it gives the claim course_done:<code>."""

    process = models.ForeignKey(Process, models.PROTECT, related_name="courses")
    code = models.CharField(max_length=60)
    title_ko = models.CharField(max_length=160)
    title_en = models.CharField(max_length=200, blank=True)
    audience = models.CharField(max_length=40)
    hours = models.PositiveSmallIntegerField()
    lectures = models.PositiveSmallIntegerField(null=True)
    group_size = models.PositiveSmallIntegerField(null=True)
    title = named("title")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["process", "code"], name="course_once_in_process")]

    def __str__(self) -> str:
        return self.code


class Cohort(models.Model):
    """One run of a course. `headcount` is what an institution reports that keeps its students' data."""

    course = models.ForeignKey(Course, models.PROTECT, related_name="cohorts")
    title_ko = models.CharField(max_length=160)
    title_en = models.CharField(max_length=200, blank=True)
    mode = models.CharField(max_length=12, choices=Gathering.Mode.choices)
    institution = models.CharField(max_length=120, blank=True)
    starts_on = models.DateField()
    headcount = models.PositiveIntegerField(null=True)
    headcount_source = models.CharField(max_length=200, blank=True)
    headcount_at = models.DateTimeField(null=True)
    title = named("title")

    class Meta:
        ordering = ["starts_on", "pk"]

    def __str__(self) -> str:
        return self.title_ko


class Enrolment(models.Model):
    """A learner in a cohort: hours attended, and when the course was completed.

    `entered_by` is the pseudonym of the official who enrolled the person at a counter.
    """

    cohort = models.ForeignKey(Cohort, models.PROTECT, related_name="enrolments")
    person = models.ForeignKey(Person, models.CASCADE, related_name="enrolments")
    enrolled_at = models.DateTimeField()
    hours = models.PositiveSmallIntegerField(default=0)
    completed_at = models.DateTimeField(null=True)
    entered_by = models.CharField(max_length=60, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["cohort", "person"], name="enrolled_once")]

    def __str__(self) -> str:
        return f"{self.cohort_id}: {self.person_id}"


class CalendarLink(models.Model):
    """The key of somebody's own calendar, which a calendar program reads without a password."""

    person = models.OneToOneField(Person, models.CASCADE, related_name="calendar_link")
    key = models.CharField(max_length=32, unique=True)
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"calendar of {self.person_id}"


class Space(models.Model):
    """A room that people book; a stage gives its slots. `capacity` is how many people may be in it.

    `about` says what it looks like and what is in it, `rules` what is asked of those who use it.
    """

    stage = models.ForeignKey(Stage, models.PROTECT, related_name="spaces")
    name_ko = models.CharField(max_length=120)
    name_en = models.CharField(max_length=160, blank=True)
    place = models.CharField(max_length=200)
    capacity = models.PositiveSmallIntegerField()
    about = models.TextField(blank=True)
    rules = models.TextField(blank=True)
    name = named("name")

    class Meta:
        ordering = ["name_ko", "pk"]
        constraints = [models.UniqueConstraint(fields=["stage", "name_ko"], name="space_once_in_stage")]

    def __str__(self) -> str:
        return self.name_ko


class Slot(models.Model):
    """A time for which one group may have a space. `drawn_at` is when its requests were drawn by lot."""

    space = models.ForeignKey(Space, models.PROTECT, related_name="slots")
    begins = models.DateTimeField()
    ends = models.DateTimeField()
    drawn_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    closed_because = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["begins", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["space", "begins"], name="slot_once_in_space"),
            models.CheckConstraint(condition=Q(ends__gt=F("begins")), name="slot_ends_after_it_begins"),
        ]

    def __str__(self) -> str:
        return f"{self.space_id}: {self.begins}"


class Booking(models.Model):
    """Somebody's booking of a slot, the request for one, or their place on its waiting list.

    `group` is who comes, where it is a group; it and the `purpose` are forgotten in the night after the end.
    """

    class State(models.TextChoices):
        REQUESTED = "requested"
        WAITING = "waiting"
        GIVEN = "given"
        NOT_DRAWN = "not_drawn"
        CANCELLED = "cancelled"
        USED = "used"
        NO_SHOW = "no_show"

    slot = models.ForeignKey(Slot, models.PROTECT, related_name="bookings")
    person = models.ForeignKey(Person, models.CASCADE, related_name="bookings")
    purpose = models.CharField(max_length=200, blank=True)
    group = models.CharField(max_length=120, blank=True)
    size = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=10, choices=State.choices)
    asked_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    entered_by = models.CharField(max_length=60, blank=True)

    class Meta:
        ordering = ["asked_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["slot"], condition=Q(state__in=["given", "used", "no_show"]), name="slot_given_once"
            ),
            models.UniqueConstraint(
                fields=["slot", "person"],
                condition=Q(state__in=["requested", "waiting", "given"]),
                name="slot_asked_for_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.slot_id}: {self.state}"
