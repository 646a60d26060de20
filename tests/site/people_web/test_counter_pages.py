"""The counter and the letters: pages for officials, and where the code of a letter is entered."""

import re
from datetime import UTC, datetime
from io import BytesIO

import pytest
from django.test import Client
from pypdf import PdfReader

from madang.site.kit.actor import SYSTEM
from madang.site.kit.clock import now
from madang.site.people.actions import give_role, open_account
from madang.site.people.claims import claims_of
from madang.site.people.models import Account, Area, Identity, Letter
from madang.site.record.models import Event

AT = datetime(2021, 6, 1, 3, 0, tzinfo=UTC)
LETTER = "madang.site.people.web.identity.LetterVerifier"
LINES = "김합성,1985-05-05,f,testville/north,예시로 1\n이합성,1990-01-02,m,testville/north,예시로 2, 303호"
SEEN = {"person": "citizen@example.invalid", "paper": "passport", "name": "김합성", "born_on": "1985-05-05", "sex": "f"}


@pytest.fixture
def home(db) -> Area:
    return Area.objects.create(code="testville/north", level="district", name_ko="북구", name_en="North")


def client_of(name: str, role: str = "") -> Client:
    account = Account.objects.create_user(f"{name}@example.invalid")
    person = open_account(by=SYSTEM, at=AT, account=account)
    if role:
        give_role(by=SYSTEM, at=AT, person=person, role=role)
    client = Client(headers={"accept-language": "en"})
    client.force_login(account)
    return client


def codes(pdf: bytes) -> list[str]:
    text = "".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages)
    return re.findall(r"\b[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}\b", text)


def enter(client: Client, code: str, born_on: str = "1985-05-05") -> int:
    page = client.post("/my/identity/", {"way": "letter"})["Location"]
    assert client.get(page).status_code == 200
    state = page.partition("state=")[2]
    return client.post("/identity/back/", {"code": code, "born_on": born_on, "state": state}).status_code


def test_a_printed_letter_leads_to_a_checked_identity(home, settings):
    settings.IDENTITY_VERIFIERS = [LETTER]
    printed = client_of("officer", "officer").post("/desk/letters/", {"addressees": LINES})
    assert (printed.status_code, printed["Content-Type"]) == (200, "application/pdf")
    found = codes(printed.content)
    assert (len(found), len(PdfReader(BytesIO(printed.content)).pages), Letter.objects.count()) == (2, 2, 2)
    citizen = client_of("citizen")
    assert enter(citizen, found[0], born_on="1985-05-06") == 403
    assert enter(citizen, found[0].lower()) == 302
    identity = Identity.objects.get()
    assert identity.method == "letter"
    assert claims_of(identity.person_id, now()) >= {"birth_year:1985", "sex:f", "lives_in:testville/north"}
    assert enter(client_of("another"), found[0]) == 403


def test_a_mistyped_code_may_be_typed_again_but_not_for_ever(home, settings):
    settings.IDENTITY_VERIFIERS = [LETTER]
    right = codes(client_of("officer", "officer").post("/desk/letters/", {"addressees": LINES}).content)[0]
    citizen = client_of("citizen")
    state = citizen.post("/my/identity/", {"way": "letter"})["Location"].partition("state=")[2]
    answer = {"born_on": "1985-05-05", "state": state}
    tries = [citizen.post("/identity/back/", {**answer, "code": f"WRNG-{n:04}-CODE"}).status_code for n in range(11)]
    assert tries == [403] * 10 + [429]
    assert citizen.post("/identity/back/", {**answer, "code": right}).status_code == 429
    assert Identity.objects.count() == 0


@pytest.mark.parametrize(
    ("lines", "sentence"),
    [
        ("김합성,1985-05-05,f", "Line 1 must be: name, date of birth (1985-05-05), sex (f or m), code of a district"),
        ("김합성,5.5.1985,f,testville/north,x", "Line 1 must be: name"),
        ("김합성,1985-05-05,f,testville/north,x\n이합성,1990-01-02,w,testville/north,x", "Line 2 must be: name"),
        ("김합성,1985-05-05,f,nowhere,x", "The area nowhere is not known in this city."),
    ],
)
def test_a_wrong_line_is_named_and_nothing_is_printed(home, lines, sentence):
    answer = client_of("officer", "officer").post("/desk/letters/", {"addressees": lines})
    assert (answer.status_code, answer.text.count(sentence) > 0, Letter.objects.count()) == (200, True, 0)
    assert lines.partition("\n")[0] in answer.text


def test_the_counter_notes_a_check(home):
    citizen, officer = client_of("citizen"), client_of("officer", "district_officer")
    assert officer.post("/desk/counter/", {**SEEN, "lives_in": home.pk}).status_code == 302
    identity = Identity.objects.get()
    assert (identity.method, identity.person.account.email) == ("counter", SEEN["person"])
    assert "김합성" not in str(list(Event.objects.values())) + str(list(Identity.objects.values()))
    assert citizen.get("/my/").status_code == 200


def test_the_counter_has_no_field_for_a_number_and_says_what_is_wrong(home):
    officer = client_of("officer", "officer")
    page = officer.get("/desk/counter/").text
    names = re.findall(r'<(?:input|select|textarea)[^>]* name="(\w+)"', page.partition("<main")[2])
    assert sorted(set(names) - {"csrfmiddlewaretoken", "language", "next"}) == [
        "born_on", "lives_in", "name", "paper", "person", "sex",
    ]  # fmt: skip
    own = officer.post("/desk/counter/", {**SEEN, "person": "officer@example.invalid"})
    assert "Nobody notes the own identity check; ask another official." in own.text
    assert Identity.objects.count() == 0


@pytest.mark.parametrize("path", ["/desk/counter/", "/desk/letters/"])
@pytest.mark.parametrize("role", ["", "auditor", "finance", "administrator"])
def test_other_people_have_no_counter(home, path, role):
    client = client_of("other", role)
    assert [client.get(path).status_code, client.post(path, {"addressees": LINES}).status_code] == [403, 403]
