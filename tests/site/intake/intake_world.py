"""Somebody with a browser who writes for a call."""

from typing import Any

from django.test import Client

from madang.site.kit import clock
from madang.site.people.models import Account, Claim, Person, RoleGrant


def client_of(*claims: str, office=None) -> Client:
    """A signed-in browser of a synthetic person who reads English."""
    account = Account.objects.create_user(f"{Account.objects.count()}@example.invalid", "synthetic-password")
    since = clock.now()
    person = Person.objects.create(pseudonym=f"page-{account.pk}", account=account, synthetic=True, created_at=since)
    for kind, _sep, value in (claim.partition(":") for claim in claims):
        Claim.objects.create(person=person, kind=kind, value=value, valid_from=since)
    if office is not None:
        RoleGrant.objects.create(person=person, role="officer", organisation=office, valid_from=since)
    client = Client(headers={"Accept-Language": "en"})
    client.force_login(account)
    client.person = person
    return client


def write_all(client: Client, call: int, answers: dict[str, Any], **files: Any) -> Any:
    """Write the steps of the form `idea@1` one after the other and file; gives the answer to the last one."""
    address = f"/intake/calls/{call}/write/"
    parts = [("title", "content"), ("cost", "phone")]
    for step, codes in enumerate(parts, start=1):
        client.post(f"{address}?step={step}", {code: answers[code] for code in codes if code in answers})
    return client.post(f"{address}?step=3", {"do": "submit", **files})
