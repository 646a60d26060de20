"""The board of an encrypted vote: its archive as records in a table, who may sign a ballot, and the trustees.

The roll is elsewhere and shares no key with any of this: no row here says who holds or used a credential, or when.
"""

import json
from typing import Any

from django.db import models

from madang.site.programmes.models import Stage


class Board(models.Model):
    """The board of a vote stage. The last lines say where its archive ends; whoever adds a record locks this row.

    `uuid` and `group` are what trustees and registrar make keys for. `election` is empty until the board is set up.
    A board that was withdrawn before the vote opened stays, and the stage gets another.
    """

    stage = models.ForeignKey(Stage, models.PROTECT, related_name="boards")
    uuid = models.CharField(max_length=40, unique=True)
    group = models.CharField(max_length=20)
    shuffles = models.PositiveSmallIntegerField()
    begun_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)
    # How many members of the group of trustees must decrypt; None where all trustees are always needed.
    threshold = models.PositiveSmallIntegerField(null=True)
    # The ballot paper as matter numbers, in the order of their numbers on the paper.
    paper = models.JSONField(default=list)
    election = models.BinaryField(default=b"")
    credentials = models.PositiveIntegerField(default=0)
    credentials_sha256 = models.CharField(max_length=64, blank=True)
    timestamp = models.PositiveBigIntegerField(default=0)
    records = models.PositiveIntegerField(default=0)
    events = models.PositiveIntegerField(default=0)
    size = models.PositiveBigIntegerField(default=0)
    head = models.CharField(max_length=64, blank=True)
    last = models.CharField(max_length=20, blank=True)
    ballots = models.PositiveIntegerField(default=0)
    voters = models.PositiveIntegerField(default=0)
    # Spoilt electronic ballots, once they are opened.
    spoilt = models.PositiveIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["stage"], condition=models.Q(withdrawn_at=None), name="one_board_a_stage_at_a_time"
            ),
        ]

    def __str__(self) -> str:
        return self.uuid

    @property
    def is_set_up(self) -> bool:
        """Whether trustees, credentials and ballot paper are fixed."""
        return self.events > 0

    @property
    def takes_ballots(self) -> bool:
        """Whether the archive can still take a ballot."""
        return self.last in ("Setup", "Ballot")


class Record(models.Model):
    """A record of the archive: data, or the event (its type in `kind`) that names the data before it.

    Triggers refuse any change or deletion.
    """

    board = models.ForeignKey(Board, models.PROTECT, related_name="archive")
    number = models.PositiveIntegerField()
    event = models.PositiveIntegerField()
    kind = models.CharField(max_length=20)
    hash = models.CharField(max_length=64)
    body = models.BinaryField()

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["board", "number"], name="record_number_once")]
        indexes = [
            models.Index(fields=["board", "event"], name="board_record_event"),
            models.Index(fields=["board", "kind"], name="board_record_kind"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.kind} of {self.board_id}"


class Credential(models.Model):
    """A public credential, by its SHA-256: whose ballots the board takes. Triggers refuse any change or deletion."""

    board = models.ForeignKey(Board, models.PROTECT, related_name="listed")
    digest = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["board", "digest"], name="credential_listed_once")]

    def __str__(self) -> str:
        return f"credential of {self.board_id}"


class Cast(models.Model):
    """A ballot on the board: signed with which credential, its tracker, the number of its event. No voter, no moment.

    Triggers refuse any change or deletion.
    """

    board = models.ForeignKey(Board, models.PROTECT, related_name="cast")
    credential = models.CharField(max_length=64)
    tracker = models.CharField(max_length=43)
    number = models.PositiveIntegerField()

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["board", "tracker"], name="ballot_cast_once"),
            models.UniqueConstraint(fields=["board", "number"], name="one_ballot_an_event"),
        ]
        indexes = [models.Index(fields=["board", "credential", "number"], name="cast_credential")]

    def __str__(self) -> str:
        return f"{self.number} of {self.board_id}"


class Trustee(models.Model):
    """Somebody without whom (or without some of whom) the tally cannot be opened; all they hand in is public.

    A personal link leads to their page; only its hash is kept. `material` is what they gave for the key ceremony, each
    file as its text: PostgreSQL would put the fields of an object into another order than they are signed in.
    """

    class Kind(models.TextChoices):
        """Always needed, or one of a group of whom some are."""

        SINGLE = "single"
        MEMBER = "member"

    board = models.ForeignKey(Board, models.PROTECT, related_name="trustees")
    number = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=120)
    owner = models.CharField(max_length=120)
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.SINGLE)
    token_hash = models.CharField(max_length=64, unique=True)
    checksum = models.CharField(max_length=64, blank=True)
    material = models.JSONField(default=dict)
    given_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["board", "number"], name="trustee_number_once")]

    def __str__(self) -> str:
        return f"{self.number} {self.name}"

    def given(self, step: str) -> Any:
        """What they gave in a step, as it was."""
        return json.loads(self.material[step])


class Contribution(models.Model):
    """A shuffle or a partial decryption that a trustee handed in. It is on the board once it was verified.

    What was verified or refused keeps its hash; its bytes then stand in the archive, or nowhere.
    """

    board = models.ForeignKey(Board, models.PROTECT, related_name="contributions")
    trustee = models.ForeignKey(Trustee, models.PROTECT, related_name="contributions")
    kind = models.CharField(max_length=20)
    body = models.BinaryField(null=True)
    hash = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField()
    handed_in_at = models.DateTimeField()
    taken_at = models.DateTimeField(null=True)
    refused_at = models.DateTimeField(null=True)
    refusal = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.kind} of trustee {self.trustee_id}"
