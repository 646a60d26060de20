"""Secret votes: who voted and what was cast, in two tables that share no key and no order.

Keys of roll and ballots are random. SQLite stores rows in the order of their keys, so that the order in
which people voted is nowhere in the file; neither table has a moment.
"""

import secrets
from decimal import Decimal
from functools import cached_property

from django.db import models

from madang.site.docket.models import Matter
from madang.site.kit.language import pick
from madang.site.kit.money import WonField
from madang.site.people.models import Person
from madang.site.programmes.models import Stage
from madang.site.votes.board.models import Board as Board
from madang.site.votes.board.models import Cast as Cast
from madang.site.votes.board.models import Contribution as Contribution
from madang.site.votes.board.models import Credential as Credential
from madang.site.votes.board.models import Record as Record
from madang.site.votes.board.models import Trustee as Trustee
from madang.site.votes.settings import Electorate
from madang.site.votes.settings import Vote as Rules


def random_key() -> int:
    """A random key of 63 bits, never 0."""
    return secrets.randbits(63) or 1


class Election(models.Model):
    """The vote of a stage. `tally` and `record` are filled by the count and shown when the stage is closed."""

    stage = models.OneToOneField(Stage, models.PROTECT, related_name="election")
    counted_at = models.DateTimeField(null=True)
    tally = models.JSONField(null=True)
    record = models.JSONField(null=True)

    def __str__(self) -> str:
        return self.code

    @property
    def code(self) -> str:
        """What voter keys are made for, so that rolls of two elections cannot be joined."""
        return f"election:{self.pk}"

    @cached_property
    def rules(self) -> Rules:
        """The settings of the stage; they never change once it has opened."""
        return self.stage.rules  # type: ignore[return-value]

    @cached_property
    def electorates(self) -> dict[str, Electorate]:
        """The electorates by code."""
        return {electorate.code: electorate for electorate in self.rules.electorates}

    @cached_property
    def amounts(self) -> dict[int, int]:
        """What each number on the ballot paper costs (0 where nothing is said); it never changes once opened."""
        return {order: amount or 0 for order, amount in self.options.values_list("order", "amount_won")}

    @property
    def numbers(self) -> frozenset[int]:
        """The numbers on the ballot paper."""
        return frozenset(self.amounts)


class Option(models.Model):
    """A matter on the ballot paper under its number, with the amount it stood for when the vote opened."""

    election = models.ForeignKey(Election, models.PROTECT, related_name="options")
    matter = models.ForeignKey(Matter, models.PROTECT, related_name="options")
    order = models.PositiveIntegerField()
    amount_won = WonField(null=True)

    class Meta:
        ordering = ["order"]
        constraints = [
            models.UniqueConstraint(fields=["election", "matter"], name="option_matter_once"),
            models.UniqueConstraint(fields=["election", "order"], name="option_number_once"),
        ]

    def __str__(self) -> str:
        return f"{self.order} {self.matter_id}"


class RollEntry(models.Model):
    """That somebody has voted, under a keyed hash for this election only. The unique constraint is the guard.

    Destroyed after the time for complaints (`WORKFLOWS.md`, 1-3 e-vote, k).
    """

    id = models.BigAutoField(primary_key=True)
    election = models.ForeignKey(Election, models.PROTECT, related_name="roll")
    electorate = models.CharField(max_length=40)
    voter_key = models.CharField(max_length=64)
    channel = models.CharField(max_length=20, default="online")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["election", "voter_key"], name="one_vote_a_person")]

    def __str__(self) -> str:
        return f"roll of {self.election_id}"


class Ballot(models.Model):
    """What was cast: numbers of options in rising order, "3,7,12". The receipt proves presence, not a choice.

    Triggers refuse any change or deletion.
    """

    id = models.BigAutoField(primary_key=True)
    election = models.ForeignKey(Election, models.PROTECT, related_name="ballots")
    electorate = models.CharField(max_length=40)
    choices = models.CharField(max_length=400)
    receipt = models.CharField(max_length=14)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["election", "receipt"], name="receipt_once")]

    def __str__(self) -> str:
        return f"ballot of {self.election_id}"


class Begun(models.Model):
    """That somebody with an account began to fill in a ballot. What they picked is not here but in their browser.

    The night reminds them once while the vote is open, and deletes the row when they have voted or it is over.
    """

    election = models.ForeignKey(Election, models.PROTECT, related_name="begun")
    person = models.ForeignKey(Person, models.CASCADE, related_name="begun_votes")
    at = models.DateTimeField()
    reminded_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["election", "person"], name="one_begun_vote_a_person")]

    def __str__(self) -> str:
        return f"begun vote of {self.election_id}"


class PaperBatch(models.Model):
    """Paper ballots that one official entered and a second one confirms.

    `ballots` holds the voters and the papers as two sorted lists, so that not even here they lie side by
    side; it is emptied when the batch is confirmed or rejected. `spoiled` is how many papers of each electorate
    count for nobody; `size` counts the others.
    """

    election = models.ForeignKey(Election, models.PROTECT, related_name="paper_batches")
    entered_by = models.CharField(max_length=60)
    entered_at = models.DateTimeField()
    confirmed_by = models.CharField(max_length=60, blank=True)
    confirmed_at = models.DateTimeField(null=True)
    rejected_at = models.DateTimeField(null=True)
    size = models.PositiveIntegerField()
    spoiled = models.JSONField(default=dict)
    ballots = models.JSONField(null=True)

    def __str__(self) -> str:
        return f"{self.size} papers of {self.election_id}"

    @property
    def spoiled_papers(self) -> int:
        """How many papers count for nobody."""
        return sum(self.spoiled.values())


class Turnout(models.Model):
    """Voters of a day through a channel: written at sealing, or handed over by an earlier system."""

    election = models.ForeignKey(Election, models.PROTECT, related_name="turnout")
    day = models.DateField()
    channel = models.CharField(max_length=20)
    voters = models.PositiveIntegerField()

    class Meta:
        ordering = ["day", "channel"]
        constraints = [models.UniqueConstraint(fields=["election", "day", "channel"], name="turnout_day_once")]

    def __str__(self) -> str:
        return f"{self.day} {self.channel} {self.voters}"


class Circumstance(models.Model):
    """What a vote was held under, such as a level of distancing, as the office noted it; the latest note counts.

    Turnouts of different years can only be compared by who knows this.
    """

    election = models.ForeignKey(Election, models.PROTECT, related_name="circumstances")
    code = models.SlugField(max_length=40)
    name_ko = models.CharField(max_length=120)
    name_en = models.CharField(max_length=120)
    value = models.DecimalField(max_digits=12, decimal_places=2)
    source = models.CharField(max_length=300)
    noted_at = models.DateTimeField()
    by = models.CharField(max_length=60)

    class Meta:
        ordering = ["-noted_at", "-pk"]
        constraints = [models.CheckConstraint(condition=~models.Q(source=""), name="circumstance_has_a_source")]

    def __str__(self) -> str:
        return f"{self.code} {self.number}"

    @property
    def number(self) -> int | Decimal:
        """The value without the noughts behind the point."""
        return int(self.value) if self.value == int(self.value) else self.value.normalize()

    @property
    def name(self) -> str:
        """The name in the reader's language."""
        return pick(self.name_ko, self.name_en)


class Sealing(models.Model):
    """A commitment to all ballots cast so far: Merkle roots over ballots and receipts, and the end of an archive."""

    election = models.ForeignKey(Election, models.PROTECT, related_name="sealings")
    number = models.PositiveIntegerField()
    at = models.DateTimeField()
    ballots = models.PositiveIntegerField()
    root = models.CharField(max_length=64)
    receipts_root = models.CharField(max_length=64)
    # Of an encrypted vote: how many events its archive had, and the hash of the last one.
    events = models.PositiveIntegerField(null=True)
    head = models.CharField(max_length=64, null=True)

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["election", "number"], name="sealing_number_once")]

    def __str__(self) -> str:
        return f"sealing {self.number} of {self.election_id}"


class Allotment(models.Model):
    """Money allotted by the result of an election, with the record that `madang budgeting verify` checks.

    `beside` is what only the ballots tell: other rules on the same ballots, and whose votes went where.
    """

    stage = models.OneToOneField(Stage, models.PROTECT, related_name="allotment")
    election = models.ForeignKey(Election, models.PROTECT, related_name="allotments")
    record = models.JSONField()
    beside = models.JSONField(null=True)

    def __str__(self) -> str:
        return f"allotment of stage {self.stage_id}"

    @property
    def spent_won(self) -> int:
        """What the funded projects cost."""
        return int(self.record["total_cost"])

    @property
    def left_won(self) -> int:
        """What is left of the ceiling."""
        return int(self.record["left"])
