"""People, organisations and areas; who may do what; and the vault that keeps identities apart."""

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q

from madang.site.kit.language import named


class Area(models.Model):
    """City, district (gu) or neighbourhood (dong). `population` counts residents by "sex/age band"."""

    class Level(models.TextChoices):
        CITY = "city"
        DISTRICT = "district"
        DONG = "dong"

    code = models.CharField(max_length=60, unique=True)
    level = models.CharField(max_length=10, choices=Level.choices)
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="parts")
    name_ko = models.CharField(max_length=60)
    name_en = models.CharField(max_length=60)
    population = models.JSONField(default=dict)
    name = named()

    def __str__(self) -> str:
        return self.name_ko


class Organisation(models.Model):
    """A department, district office, group, company, council or other body."""

    class Kind(models.TextChoices):
        BUREAU = "bureau"
        DEPARTMENT = "department"
        DISTRICT_OFFICE = "district_office"
        BODY = "body"
        GROUP = "group"
        COMPANY = "company"

    code = models.CharField(max_length=60, unique=True)
    kind = models.CharField(max_length=20, choices=Kind.choices)
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="parts")
    area = models.ForeignKey(Area, models.PROTECT, null=True)
    order = models.PositiveSmallIntegerField(default=0)
    name_ko = models.CharField(max_length=120)
    name_en = models.CharField(max_length=160)
    duties = models.JSONField(default=list)
    established_on = models.DateField(null=True)
    name = named()

    def __str__(self) -> str:
        return self.name_ko

    @property
    def department(self) -> "Organisation | None":
        """The department it belongs to, itself or above it; a council of its own right has none."""
        above: Organisation | None = self
        while above is not None and above.kind != self.Kind.DEPARTMENT:
            above = above.parent
        return above


class Post(models.Model):
    """An authorised post and when it was filled; `counted_apart` are part-time fixed-term officials."""

    code = models.CharField(max_length=60, unique=True)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="posts")
    job_type = models.CharField(max_length=40)
    counted_apart = models.BooleanField(default=False)
    authorised_from = models.DateField()
    filled_from = models.DateField(null=True)
    filled_until = models.DateField(null=True)

    def __str__(self) -> str:
        return self.code


class AccountManager(BaseUserManager["Account"]):
    """Makes accounts by e-mail address."""

    def create_user(self, email: str, password: str | None = None, **fields: object) -> "Account":
        """An account that can sign in; without a password only by other means."""
        account = self.model(email=self.normalize_email(email), **fields)
        account.set_password(password)
        account.save()
        return account


class Account(AbstractBaseUser):
    """What somebody signs in with. It proves "the same person as last time", nothing more."""

    email = models.EmailField(unique=True)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)
    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    objects = AccountManager()

    def __str__(self) -> str:
        return f"account {self.pk}"


class Person(models.Model):
    """A person as the public record knows them: a pseudonym and, if they like, a public nickname."""

    pseudonym = models.CharField(max_length=40, unique=True)
    nickname = models.CharField(max_length=40, blank=True)
    account = models.OneToOneField(Account, models.SET_NULL, null=True, related_name="person")
    synthetic = models.BooleanField(default=False)
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.nickname or self.pseudonym


class Identity(models.Model):
    """The vault: that a verified human stands behind a person. Forgetting a person deletes this row.

    `subject` is a keyed hash of the identity agency's subject, so one human has one person; `likeness` one of
    name, day of birth and sex, by which the same human is known who comes another way. `person` is None for
    somebody who was checked without an account, for `purpose` only. `sealed` holds encrypted contact data.
    The night deletes rows whose `expires_at` is over.
    """

    person = models.OneToOneField(Person, models.CASCADE, null=True, related_name="identity")
    subject = models.CharField(max_length=64, unique=True)
    likeness = models.CharField(max_length=64, blank=True, db_index=True)
    method = models.CharField(max_length=20)
    verified_at = models.DateTimeField()
    sealed = models.BinaryField(null=True)
    purpose = models.CharField(max_length=120, blank=True)
    expires_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"identity {self.pk}"


class Consent(models.Model):
    """What a person agreed to, in which version of the text, and until when."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="consents")
    purpose = models.CharField(max_length=60)
    version = models.CharField(max_length=20)
    given_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.purpose}@{self.version}"


class Claim(models.Model):
    """A fact about a person that rules ask for: lives_in, works_in, sex, birth_year, course_done, member_of.

    `person` is None for a fact of an identity check that is over: it is kept for past figures only, and is nobody's.
    """

    person = models.ForeignKey(Person, models.CASCADE, null=True, related_name="claims")
    kind = models.CharField(max_length=40)
    value = models.CharField(max_length=80)
    valid_from = models.DateTimeField()
    valid_until = models.DateTimeField(null=True)
    evidence = models.CharField(max_length=120, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "kind", "value", "valid_from"], name="claim_once")]
        indexes = [models.Index(fields=["kind", "value"])]

    def __str__(self) -> str:
        return f"{self.kind}:{self.value}"


class RoleGrant(models.Model):
    """A role given to a person, in one organisation or in the whole city, from and until a moment."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="role_grants")
    role = models.CharField(max_length=30)
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True)
    valid_from = models.DateTimeField()
    valid_until = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gt=F("valid_from")),
                name="grant_ends_after_start",
            )
        ]

    def __str__(self) -> str:
        return self.role


class Seat(models.Model):
    """A seat in a body: who sits, as what (citizen, expert, official), how appointed, from when to when.

    `person` is None where only the seat is known, as in bodies of earlier terms. `ended_because` is for the
    office alone: it may speak of somebody's health.
    """

    body = models.ForeignKey(Organisation, models.PROTECT, related_name="seats")
    person = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="seats")
    role = models.CharField(max_length=30)
    appointed_by = models.CharField(max_length=20)
    term = models.CharField(max_length=20)
    valid_from = models.DateTimeField()
    valid_until = models.DateTimeField(null=True)
    ended_because = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes = [models.Index(fields=["body", "term", "role"])]

    def __str__(self) -> str:
        return f"{self.role} of {self.body_id}"


class Letter(models.Model):
    """A code that was sent to an address: whoever enters it with the day of birth lives there.

    `code` is a keyed hash of both, `likeness` one of name, day of birth and sex; the address is not kept.
    """

    code = models.CharField(max_length=64, unique=True)
    likeness = models.CharField(max_length=64)
    birth_year = models.PositiveSmallIntegerField()
    sex = models.CharField(max_length=1)
    lives_in = models.CharField(max_length=60)
    issued_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"letter {self.pk}"


class Attempt(models.Model):
    """How often something was tried in one window of time; `key` is a keyed hash, so it names nobody."""

    key = models.CharField(max_length=64)
    window = models.BigIntegerField()
    count = models.PositiveIntegerField(default=0)
    ends_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["key", "window"], name="attempts_once_a_window")]

    def __str__(self) -> str:
        return f"{self.count} attempts"


class Sent(models.Model):
    """A form that was sent: whoever sends it again is led to where it led. `key` is a keyed hash of what it said."""

    key = models.CharField(max_length=64, unique=True)
    led_to = models.CharField(max_length=500, blank=True)
    ends_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"sent form {self.pk}"


class Unsent(models.Model):
    """What somebody typed whose session had ended, under seal, until they have signed in again or the time is over.

    `key` is a keyed hash of what the browser holds, so that nobody else finds it.
    """

    key = models.CharField(max_length=64, unique=True)
    path = models.CharField(max_length=500)
    sealed = models.BinaryField()
    ends_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"unsent form {self.pk}"
