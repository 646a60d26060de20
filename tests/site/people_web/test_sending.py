"""Forms that are sent twice are done once; what is typed when the session has ended comes back after signing in."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from factories import AT, OPEN_CALL, file_matter, make_person, opened

from madang.site.docket.models import Follow
from madang.site.forums.models import Comment, Support
from madang.site.kit import clock
from madang.site.people import forms
from madang.site.people.models import Account, Person, Sent, Unsent

WORDS = {"text": "합성 의견: 쉼터가 필요합니다.", "stance": "for"}
SUPPORT = ("support", {"thresholds": [{"since": "2021-01-01", "supports": 50}]})
PASSWORD = "synthetic-password"


@pytest.fixture
def matter(db):
    (stage,) = opened(("call", OPEN_CALL))
    return file_matter(stage=stage)


@pytest.fixture
def debate(matter):
    return f"/forums/matters/{matter.pk}/"


def person_with_account() -> Person:
    person = make_person()
    person.account = Account.objects.create_user(f"{person.pseudonym}@example.invalid", PASSWORD)
    person.save()
    return person


def browser(person: Person | None = None, **more) -> Client:
    client = Client(headers={"Accept-Language": "en"}, **more)
    if person is not None:
        client.force_login(person.account)
    return client


def sign_in(client: Client, person: Person, onward: str):
    address = f"/accounts/login/?next={onward}"
    return client.post(address, {"login": person.account.email, "password": PASSWORD, "next": onward})


def test_the_same_form_sent_twice_is_done_once_and_leads_to_the_same_place(debate):
    client, form = browser(person_with_account()), {**WORDS, "csrfmiddlewaretoken": "a" * 64}
    answers = [client.post(debate, form) for _ in range(3)]
    assert [(answer.status_code, answer.url) for answer in answers] == [(302, debate)] * 3
    assert Comment.objects.count() == 1
    assert "it was done once" in client.get(debate).content.decode()
    # The page that is loaded anew has a token of its own, so the same words may be said again.
    client.post(debate, {**form, "csrfmiddlewaretoken": "b" * 64})
    # Somebody else's words are not these.
    browser(person_with_account()).post(debate, form)
    assert Comment.objects.count() == 3
    assert Sent.objects.count() == 3


def test_a_form_that_was_refused_or_shown_again_may_be_sent_again(debate, matter):
    person = person_with_account()
    client, token = browser(person), {"csrfmiddlewaretoken": "a" * 64}
    assert client.post(debate, {"text": "", **token}).status_code == 200
    # Taking back what was never given is refused with a message and the way back.
    there = f"/forums/matters/{matter.pk}/unsupport/"
    assert client.post(there, token, headers={"Referer": f"http://testserver{debate}"}).status_code == 302
    assert Sent.objects.count() == 0


def test_other_files_are_another_form(debate, matter):
    client, token = browser(person_with_account()), {"csrfmiddlewaretoken": "a" * 64}
    for content in (b"one", b"one", b"two"):
        client.post(debate, {**WORDS, **token, "file": SimpleUploadedFile("a.txt", content)})
    assert Comment.objects.count() == 2


def test_what_failed_is_forgotten_and_what_was_done_is_remembered_for_an_hour(db):
    sent = forms.claim(key="a" * 64, at=AT)
    assert (forms.claim(key="a" * 64, at=AT), forms.led_to(key="a" * 64, at=AT)) == (None, "")
    forms.done(sent=sent, led_to="", at=AT)
    assert forms.led_to(key="a" * 64, at=AT) is None
    forms.done(sent=forms.claim(key="a" * 64, at=AT), led_to="/x/", at=AT)
    assert forms.led_to(key="a" * 64, at=AT) == "/x/"
    assert forms.led_to(key="a" * 64, at=AT + timedelta(hours=1)) is None
    # A process that was killed leaves a form that can be sent again after a minute.
    forms.claim(key="b" * 64, at=AT)
    assert forms.claim(key="b" * 64, at=AT + timedelta(minutes=1)) is not None
    assert forms.forget_forms(at=AT + timedelta(days=1)) == 2


def test_two_clicks_at_once_create_one_thing(in_threads):
    def begin():
        (stage,) = opened(SUPPORT)
        person = person_with_account()
        return f"/forums/matters/{file_matter(stage=stage).pk}/", [browser(person) for _ in range(4)]

    ((there, clients),) = in_threads(begin)

    def send(address, form):
        answers = in_threads(*[lambda client=client: client.post(address, form) for client in clients])
        return {(answer.status_code, answer.url) for answer in answers}

    assert send(there, {**WORDS, "csrfmiddlewaretoken": "a" * 64}) == {(302, there)}
    assert send(f"{there}support/", {"csrfmiddlewaretoken": "b" * 64}) == {(302, there)}
    assert in_threads(lambda: (Comment.objects.count(), Support.objects.count())) == [(1, 1)]


def test_what_was_typed_after_the_session_ended_comes_back_after_signing_in(debate):
    person, client = person_with_account(), browser()
    answer = client.post(debate, WORDS)
    assert answer.url == f"/accounts/login/?next={debate}"
    kept = Unsent.objects.get()
    assert (kept.path, "쉼터".encode() in bytes(kept.sealed), kept.key == client.cookies["unsent"].value) == (
        debate,
        False,
        False,
    )
    # Nobody sees it who is not signed in, and no other browser.
    assert WORDS["text"] not in client.get(debate).content.decode()
    assert WORDS["text"] not in browser(person).get(debate).content.decode()
    assert sign_in(client, person, debate).url == debate
    page = client.get(debate).content.decode()
    assert (WORDS["text"] in page, "is still here" in page, Comment.objects.count()) == (True, True, 0)
    client.post(debate, WORDS)
    assert (Comment.objects.count(), Unsent.objects.count(), client.cookies["unsent"].value) == (1, 0, "")
    assert client.get(debate).content.decode().count("is still here") == 0


def test_what_was_typed_in_one_account_is_shown_in_no_other(debate):
    one, another = person_with_account(), person_with_account()
    client = browser()
    sign_in(client, one, debate)
    client.get(debate)
    del client.cookies["sessionid"]
    client.post(debate, WORDS)

    sign_in(client, another, debate)
    assert WORDS["text"] not in client.get(debate).content.decode()
    client.post("/accounts/logout/")
    sign_in(client, one, debate)
    assert WORDS["text"] in client.get(debate).content.decode()


def test_a_button_that_was_pressed_without_a_session_waits_on_a_page_of_its_own(db):
    (stage,) = opened(SUPPORT)
    matter, person, client = file_matter(stage=stage), person_with_account(), browser()
    there = f"/forums/matters/{matter.pk}/support/"
    assert client.post(there, {"pressed_on": "matter"}).url == f"/accounts/login/?next={there}"
    sign_in(client, person, there)
    page = client.get(there).content.decode()
    assert ("Not sent yet" in page, f'action="{there}"' in page, 'name="pressed_on" value="matter"' in page) == (
        True,
        True,
        True,
    )
    assert client.post(there, {"pressed_on": "matter"}).url == f"/matters/{matter.number}/"
    assert Support.objects.count() == 1


def test_what_is_kept_ends_after_half_an_hour_and_too_much_is_not_kept(debate, monkeypatch):
    client, person = browser(), person_with_account()
    client.post(debate, WORDS)
    sign_in(client, person, debate)
    later = clock.now() + timedelta(minutes=31)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert WORDS["text"] not in client.get(debate).content.decode()
    assert (forms.forget_forms(at=later), Unsent.objects.count()) == (1, 0)
    browser().post(debate, {"text": "가" * forms.LARGEST})
    assert Unsent.objects.count() == 0


def test_a_form_with_the_token_of_an_earlier_session_is_shown_again_if_it_comes_from_our_own_page(debate):
    person = person_with_account()
    client = browser(person, enforce_csrf_checks=True)
    client.get(debate)
    old = {**WORDS, "csrfmiddlewaretoken": "x" * 64}
    elsewhere = client.post(debate, old, headers={"Origin": "https://elsewhere.invalid"})
    assert (elsewhere.status_code, Unsent.objects.count()) == (403, 0)
    own = client.post(debate, old, headers={"Origin": "http://testserver"})
    assert (own.status_code, own.url, Comment.objects.count()) == (302, debate, 0)
    assert WORDS["text"] in client.get(debate).content.decode()


def test_passwords_and_following_are_not_kept_in_the_clear_nor_done_without_signing_in(matter):
    client = browser()
    client.post("/accounts/password/change/", {"oldpassword": "synthetic", "password1": "a", "password2": "a"})
    assert Unsent.objects.count() == 0
    client.post(f"/matters/{matter.number}/follow/", {"csrfmiddlewaretoken": "a" * 64})
    assert (Unsent.objects.count(), Follow.objects.filter(matter=matter).count()) == (0, 0)
