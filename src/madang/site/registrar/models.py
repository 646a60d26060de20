"""What the registrar keeps: elections, credentials nobody has yet, and which humans have one.

Rows have random keys and no moments, so that the order in which people came is nowhere in the file. The city's
database and this one share no key, and neither holds the list of public credentials beside a human.
"""

from django.db import models

from madang.site.registrar.terms import Terms


class Election(models.Model):
    """An election for which credentials are handed out; `terms` came from the city, `listing` went to it.

    `handed_out` is filled when it is closed, and is public from then on.
    """

    uuid = models.CharField(max_length=40, unique=True)
    terms = models.JSONField()
    pool = models.PositiveIntegerField()
    listing = models.CharField(max_length=64)
    made_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    handed_out = models.PositiveIntegerField(null=True)

    def __str__(self) -> str:
        return self.uuid

    @property
    def told(self) -> Terms:
        """The terms as values."""
        return Terms.model_validate(self.terms)


class Unused(models.Model):
    """A credential that nobody has yet, under the registrar's seal. Handing it out deletes the row."""

    id = models.BigIntegerField(primary_key=True)
    election = models.ForeignKey(Election, models.PROTECT, related_name="unused")
    sealed = models.BinaryField()

    def __str__(self) -> str:
        return f"unused credential of {self.election_id}"


class Holder(models.Model):
    """That a human has a credential of an election, and the credential where only that human's check opens it.

    `human` and `likeness` are keyed hashes for this election only; `sealed` and `sealed_alike` hold the same credential
    under keys that are made of what an identity check says and are kept nowhere.
    """

    id = models.BigIntegerField(primary_key=True)
    election = models.ForeignKey(Election, models.PROTECT, related_name="holders")
    human = models.CharField(max_length=64)
    likeness = models.CharField(max_length=64, blank=True)
    method = models.CharField(max_length=20)
    sealed = models.BinaryField()
    sealed_alike = models.BinaryField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["election", "human"], name="one_credential_a_human")]
        indexes = [models.Index(fields=["election", "likeness"], name="holder_by_likeness")]

    def __str__(self) -> str:
        return f"holder in {self.election_id}"
