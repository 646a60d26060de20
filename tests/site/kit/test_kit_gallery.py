"""The gallery of components, and the size of the text."""

import re
from datetime import UTC, datetime

import pytest
from django.test import Client

from madang.site.kit.actor import SYSTEM
from madang.site.people.actions import give_role, open_account
from madang.site.people.models import Account

pytestmark = pytest.mark.django_db
GALLERY = "/desk/components/"
AT = datetime(2021, 6, 1, 3, tzinfo=UTC)


def signed_in(role=""):
    account = Account.objects.create_user(f"{role or 'citizen'}@example.invalid", "synthetic-password")
    person = open_account(by=SYSTEM, at=AT, account=account)
    if role:
        give_role(by=SYSTEM, at=AT, person=person, role=role)
    client = Client(headers={"accept-language": "en"})
    client.force_login(account)
    return client


def test_the_gallery_is_for_officials_and_in_a_demonstration_for_everybody(settings):
    assert [who.get(GALLERY).status_code for who in (Client(), signed_in(), signed_in("officer"))] == [302, 403, 200]
    settings.DEMO = True
    assert Client().get(GALLERY).status_code == 200


def test_the_gallery_shows_a_form_that_was_refused():
    html = signed_in("officer").get(GALLERY).text
    alert = re.findall(r'role="alert">.*?</div>', html, re.DOTALL)[-1]
    assert re.findall('href="#(.*?)"', alert) == [
        f"refused_{name}" for name in ("words", "text", "number", "day", "one", "radio", "several", "agreed", "file")
    ]
    assert re.findall('<input type="number" name="number" value="(.*?)"', html) == ["0"]


def choose(client, size, onward="/matters/"):
    return client.post("/text-size/", {"size": size, "next": onward})


def text_of(client):
    return re.findall(r"<html (.*?)>", client.get("/matters/").text)


def test_large_text_is_kept_until_it_is_not_wanted_any_more():
    client = Client(headers={"accept-language": "en"})
    assert text_of(client) == ['lang="en"']
    assert choose(client, "large")["Location"] == "/matters/"
    assert text_of(client) == ['lang="en" data-text="large"']
    choose(client, "normal")
    assert text_of(client) == ['lang="en"']


@pytest.mark.parametrize("onward", ["https://evil.invalid/", "//evil.invalid", ""])
def test_the_size_of_the_text_leads_to_no_other_site(onward):
    assert choose(Client(), "large", onward)["Location"] == "/"
    assert Client().get("/text-size/").status_code == 405
