"""The prepared people of a demonstration, one for each role that a visitor may try."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from madang.site.kit.actor import Actor
from madang.site.people.actions import NewSeat, Verified, give_role, open_account, rename, seat, verify_identity
from madang.site.people.actors import citizen
from madang.site.people.models import Account, Area, Organisation, Person


def demo_address(code: str) -> str:
    """The address of a role's account; the domain can never exist."""
    return f"{code}@demo.invalid"


@dataclass(frozen=True)
class DemoRole:
    """Somebody to try the site as."""

    code: str
    title: str | Promise
    text: str | Promise
    nickname: str
    grants: Sequence[str] = ()
    member: bool = False

    @property
    def address(self) -> str:
        """The account's address."""
        return demo_address(self.code)


ROLES = (
    DemoRole("citizen", _("Citizen"), _("Propose, support, discuss, vote."), "데모시민"),
    DemoRole(
        "member", _("Council member"), _("Review and score proposals in a body of citizens."), "데모위원", member=True
    ),
    DemoRole(
        "officer", _("Officer"), _("Run stages, screen, refer and answer."), "데모담당관", ("officer", "moderator")
    ),
    DemoRole("head", _("Head of department"), _("Approve answers, obligations and payments."), "데모과장", ("head",)),
    DemoRole(
        "finance", _("Finance officer"), _("Appropriate, approve payments, forecast."), "데모재무관", ("finance",)
    ),
    DemoRole(
        "finance2",
        _("Second finance officer"),
        _("Confirm what the first one read in or entered."),
        "데모재무관2",
        ("finance",),
    ),
    DemoRole("auditor", _("Auditor"), _("See everything that was done, change nothing."), "데모감사관", ("auditor",)),
    DemoRole(
        "administrator",
        _("Administrator"),
        _("Give roles to officials and end them."),
        "데모관리자",
        ("administrator",),
    ),
)


def role_named(code: str) -> DemoRole | None:
    """The role of that code, or None."""
    return next((role for role in ROLES if role.code == code), None)


def prepare_accounts(*, by: Actor, at: datetime, body: Organisation | None = None) -> list[Person]:
    """Make the demonstration's accounts; those that exist are left alone.

    `by` is an administrator or the system; `body` is where the council member sits, the city's first body
    if it is left out.
    """
    known = set(Account.objects.filter(email__in=[role.address for role in ROLES]).values_list("email", flat=True))
    body = body or Organisation.objects.filter(kind=Organisation.Kind.BODY).order_by("pk").first()
    home = Area.objects.filter(level=Area.Level.DISTRICT).order_by("pk").first()
    return [_prepare(role, by, at, body, home) for role in ROLES if role.address not in known]


def _prepare(role: DemoRole, by: Actor, at: datetime, body: Organisation | None, home: Area | None) -> Person:
    account = Account.objects.create_user(role.address)
    person = open_account(by=by, at=at, account=account)
    person.synthetic = True
    person.save(update_fields=["synthetic"])
    own = citizen(person)
    rename(by=own, at=at, person=person, nickname=role.nickname)
    verified = Verified(
        subject=f"demo:{role.code}",
        method="mock",
        birth_year=at.year - 41,
        sex="f",
        lives_in=home.code if home else "",
    )
    verify_identity(by=own, at=at, person=person, verified=verified)
    for grant in role.grants:
        give_role(by=by, at=at, person=person, role=grant)
    if role.member and body is not None:
        seat(by=by, at=at, body=body, rows=[NewSeat(person.pk, "citizen", "demo", "demo")])
    return person
