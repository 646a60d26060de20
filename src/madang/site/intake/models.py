"""Versioned forms, drafts that only their writers see, and personal answers under seal."""

from django.db import models
from django.db.models import Q

from madang.site.docket.models import Matter
from madang.site.kit.language import named
from madang.site.people.models import Person
from madang.site.programmes.models import Stage


class Form(models.Model):
    """A version of a form. `fields` is a list of plain values in the order of the page.

    Each field has code, type, ko, en, help_ko, help_en, required, max_length, choices, title, personal,
    purpose_ko, purpose_en and keep_days (see `load_forms`). A version that was loaded never changes.
    """

    code = models.CharField(max_length=60)
    version = models.PositiveSmallIntegerField()
    title_ko = models.CharField(max_length=160)
    title_en = models.CharField(max_length=200)
    fields = models.JSONField()
    title = named("title")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["code", "version"], name="form_version_once")]

    def __str__(self) -> str:
        return self.key

    @property
    def key(self) -> str:
        """How stages and revisions name it, such as "pb_project@1"."""
        return f"{self.code}@{self.version}"


class Draft(models.Model):
    """What somebody has written so far for a call. Personal answers are in `sealed` only."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="drafts")
    stage = models.ForeignKey(Stage, models.CASCADE, related_name="drafts")
    data = models.JSONField(default=dict)
    sealed = models.BinaryField(null=True)
    updated_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "stage"], name="one_draft_a_call")]

    def __str__(self) -> str:
        return f"draft {self.pk}"


class PersonalAnswer(models.Model):
    """A personal answer under seal: what for, and until when it is kept. Never in a revision or in the chain."""

    matter = models.ForeignKey(Matter, models.CASCADE, related_name="personal_answers")
    field = models.CharField(max_length=60)
    sealed = models.BinaryField()
    purpose_ko = models.CharField(max_length=200, blank=True)
    purpose_en = models.CharField(max_length=200, blank=True)
    expires_at = models.DateTimeField(db_index=True)
    purpose = named("purpose")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["matter", "field"], name="personal_answer_once"),
            models.CheckConstraint(condition=~Q(field=""), name="personal_answer_names_its_field"),
        ]

    def __str__(self) -> str:
        return f"{self.matter_id} {self.field}"
