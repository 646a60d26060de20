"""Notices by mail: at once or once a day, from the same notices, to confirmed addresses only."""

import re
from datetime import timedelta
from smtplib import SMTPRecipientsRefused

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.test import Client
from factories import AT, OPEN_CALL, as_actor, citizen, file_matter, make_person, opened

from madang.site.docket import conductor
from madang.site.docket.actions import forget_reader, read_notices
from madang.site.docket.mailing import choose_pace, mail_all
from madang.site.docket.models import Notice, Reader
from madang.site.kit.actor import SYSTEM
from madang.site.kit.verdict import Refused
from madang.site.people.models import Account, Person

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def reader(pace: str, language: str = "en", verified: bool = True) -> Person:
    person = make_person()
    person.account = Account.objects.create_user(f"{person.pseudonym}@example.invalid", "synthetic-password")
    person.save()
    EmailAddress.objects.create(user=person.account, email=person.account.email, verified=verified, primary=True)
    if pace:
        choose_pace(by=as_actor(person), at=AT, person=person, pace=pace, language=language)
    return person


def tell(*people: Person, at=AT + timedelta(hours=1), **more):
    conductor.tell(
        people=[one.pk for one in people], at=at, **{"matter": None, "ko": "합성 알림", "en": "synthetic", **more}
    )


def sent():
    found = [(message.to, message.subject, message.body) for message in mail.outbox]
    mail.outbox.clear()
    return found


def test_those_who_want_it_at_once_get_it_at_once_and_the_others_in_one_message_a_day():
    (stage,) = opened(("call", OPEN_CALL))
    matter = file_matter(stage=stage, title="합성 쉼터")
    quick, daily, quiet = reader("at_once"), reader("daily", "ko"), reader("")
    tell(quick, daily, quiet, matter=matter, url=f"/matters/{matter.number}/")
    tell(daily, at=AT + timedelta(hours=2))
    assert mail_all(SYSTEM, AT + timedelta(hours=3), daily=False) == 1
    ((to, subject, body),) = sent()
    assert (to, re.sub(r"^.*Madang", "Madang", subject)) == ([quick.account.email], "Madang: 1 notice")
    assert body.splitlines()[:2] == ["합성 쉼터 – synthetic", f"http://localhost/matters/{matter.number}/"]
    assert mail_all(SYSTEM, AT + timedelta(hours=4)) == 1
    ((to, subject, body),) = sent()
    assert (to, subject.endswith("새 알림 2건"), body.count("합성 알림")) == ([daily.account.email], True, 2)
    # The same night again, and a new notice of the same day: one message a day.
    tell(daily, at=AT + timedelta(hours=5))
    assert (mail_all(SYSTEM, AT + timedelta(hours=6)), sent()) == (0, [])
    # A night that was missed does no harm.
    assert (mail_all(SYSTEM, AT + 3 * DAY), len(sent())) == (1, 1)
    assert Notice.objects.filter(mailed_at=None).count() == 1


def test_what_was_read_already_or_told_before_the_choice_is_not_mailed():
    person = reader("")
    tell(person, at=AT - DAY)
    choose_pace(by=as_actor(person), at=AT, person=person, pace="at_once", language="en")
    tell(person)
    read_notices(by=as_actor(person), at=AT + timedelta(hours=2), person=person)
    assert (mail_all(SYSTEM, AT + DAY), sent()) == (0, [])


def test_a_message_that_the_server_refuses_stops_nobody_elses_and_is_tried_again(monkeypatch):
    wrong, right = reader("at_once"), reader("at_once")
    tell(wrong, right)
    send = EmailBackend.send_messages

    def refuse(self, messages):
        if messages[0].to == [wrong.account.email]:
            raise SMTPRecipientsRefused({})
        return send(self, messages)

    monkeypatch.setattr(EmailBackend, "send_messages", refuse)
    assert mail_all(SYSTEM, AT + DAY) == 1
    assert [to for to, _subject, _body in sent()] == [[right.account.email]]
    monkeypatch.undo()
    assert mail_all(SYSTEM, AT + DAY) == 1
    assert [to for to, _subject, _body in sent()] == [[wrong.account.email]]


def test_a_choice_needs_a_confirmed_address_and_ends_with_the_account():
    person = reader("", verified=False)
    for pace in ("daily", "hourly"):
        with pytest.raises(Refused):
            choose_pace(by=as_actor(person), at=AT, person=person, pace=pace, language="en")
    with pytest.raises(Refused):
        choose_pace(by=citizen(), at=AT, person=person, pace="daily", language="en")
    other = reader("daily")
    choose_pace(by=as_actor(other), at=AT, person=other, pace="at_once", language="en")
    assert Reader.objects.get().pace == "at_once"
    EmailAddress.objects.update(verified=False)
    tell(other)
    assert mail_all(SYSTEM, AT + DAY) == 0
    forget_reader(by=as_actor(other), at=AT, person=other)
    assert Reader.objects.count() == 0


def test_the_choice_is_made_on_my_page():
    person = reader("")
    client = Client(headers={"Accept-Language": "en"})
    client.force_login(person.account)
    assert f"Mail goes to {person.account.email}" in client.get("/my/").content.decode()
    assert client.post("/my/by-mail/", {"pace": "daily"}).url == "/my/"
    assert (Reader.objects.get().pace, Reader.objects.get().language) == ("daily", "en")
    assert 'value="daily" checked' in client.get("/my/").content.decode()
    client.post("/my/by-mail/", {"pace": ""})
    assert Reader.objects.count() == 0
    EmailAddress.objects.update(verified=False)
    page = client.get("/my/").content.decode()
    assert ("confirm your e-mail address first" in page, 'value="daily" disabled' in page) == (True, True)


def test_a_name_that_somebody_else_uses_is_shown_again_with_the_reason():
    make_person()
    Person.objects.update(nickname="합성이")
    client = Client(headers={"Accept-Language": "en"})
    client.force_login(reader("").account)
    page = client.post("/my/name/", {"nickname": "합성이"}).content.decode()
    assert (page.count("Somebody else uses the name 합성이"), 'value="합성이"' in page) == (2, True)
    assert client.post("/my/name/", {"nickname": "가" * 41}).status_code == 200
    assert client.post("/my/name/", {"nickname": "합성 둘"}).url == "/my/"
