"""An identity agency that speaks OpenID Connect, played by a server of its own in this process."""

from collections.abc import Iterator
from html import unescape
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
import requests
from django.test import Client
from oidc_provider_mock import User, run_server_in_thread

from madang.site.config import CLAIMS, Agency
from madang.site.config import Client as Ours
from madang.site.kit.actor import SYSTEM
from madang.site.kit.clock import now
from madang.site.people.actions import open_account
from madang.site.people.claims import claims_of
from madang.site.people.models import Account, Area, Claim, Identity
from madang.site.people.vault import likeness_hash, subject_hash
from madang.site.people.web.oidc import OidcVerifier
from madang.site.record.models import Event

HUMAN = User(
    sub="synthetic-sub",
    claims={
        "ci": "synthetic-ci",
        "name": "합성 인물",
        "birthdate": "19850505",
        "gender": "1",
        "district": "testville/north",
        "phone_number": "010-0000-0000",
    },
)
BARE = User(sub="bare-sub", claims={"name": "합성"})


@pytest.fixture
def issuer() -> Iterator[str]:
    with run_server_in_thread(require_nonce=True, user_claims=(HUMAN, BARE)) as server:
        yield f"http://localhost:{server.server_port}"


@pytest.fixture
def client(db, issuer, settings):
    settings.IDENTITY_VERIFIERS = ["madang.site.people.web.oidc.OidcVerifier"]
    settings.IDENTITY_AGENCY = Agency(issuer, Ours("synthetic-client", "synthetic-secret"), CLAIMS)
    Area.objects.create(code="testville/north", level="district", name_ko="북구", name_en="North")
    account = Account.objects.create_user("someone@example.invalid", "synthetic-password")
    open_account(by=SYSTEM, at=now(), account=account)
    browser = Client(headers={"accept-language": "en"})
    browser.force_login(account)
    return browser


def begin(client) -> str:
    return client.post("/my/identity/", {"way": "oidc"})["Location"]


def confirm(question: str, sub: str) -> dict[str, str]:
    """What the agency sends back when somebody has confirmed there."""
    answer = requests.post(question, data={"sub": sub}, allow_redirects=False, timeout=10)
    return {name: values[0] for name, values in parse_qs(urlsplit(answer.headers["Location"]).query).items()}


def lead(answer) -> str:
    return unescape(answer.text.partition('class="lead">')[2].partition("<")[0])


def test_the_question_has_nonce_state_and_proof_key(client, issuer):
    question = urlsplit(begin(client))
    asked = {name: values[0] for name, values in parse_qs(question.query).items()}
    assert f"{question.scheme}://{question.netloc}" == issuer
    assert asked["redirect_uri"] == "http://testserver/identity/back/"
    assert (asked["response_type"], asked["client_id"], asked["code_challenge_method"]) == (
        "code", "synthetic-client", "S256",
    )  # fmt: skip
    assert (len(asked["nonce"]), len(asked["code_challenge"]), asked["state"] != asked["nonce"]) == (64, 43, True)


def test_what_the_agency_confirms_becomes_a_hash_and_claims(client, issuer):
    answer = client.get("/identity/back/", confirm(begin(client), "synthetic-sub"))
    assert (answer.status_code, answer["Location"]) == (302, "/my/")
    identity = Identity.objects.get()
    assert (identity.method, identity.subject) == ("oidc", subject_hash(f"oidc:{issuer}:synthetic-ci"))
    born_on = now().date().replace(1985, 5, 5)
    assert identity.likeness == likeness_hash(name="합성인물", born_on=born_on, sex="m")
    held = claims_of(identity.person_id, now())
    assert {one for one in held if not one.startswith("age_band")} == {
        "verified:oidc", "birth_year:1985", "sex:m", "lives_in:testville/north",
    }  # fmt: skip


def test_nothing_else_of_the_answer_is_kept(client):
    client.get("/identity/back/", confirm(begin(client), "synthetic-sub"))
    stored = "".join(str(list(model.objects.values())) for model in (Identity, Claim, Event, Account))
    stored += str(list(client.session.items()))
    found = [word in stored for word in ("synthetic-ci", "synthetic-sub", "합성", "0505", "010-0000")]
    assert found == [False] * 5


def test_an_agency_that_does_not_say_enough_is_told(client):
    answer = client.get("/identity/back/", confirm(begin(client), "bare-sub"))
    assert lead(answer) == "The agency did not say when you were born or of which sex you are. Ask the help desk."
    assert Identity.objects.count() == 0


def test_a_code_counts_once_and_for_its_own_check(client):
    first = confirm(begin(client), "synthetic-sub")
    second = confirm(begin(client), "synthetic-sub")
    # The code of one check with the state of another: nonce and proof key do not fit.
    assert client.get("/identity/back/", {**second, "code": first["code"]}).status_code == 403
    assert client.get("/identity/back/", first).status_code == 403
    assert Identity.objects.count() == 0


def test_who_turns_back_at_the_agency_is_told_so(client):
    question = begin(client)
    state = parse_qs(urlsplit(question).query)["state"][0]
    answer = client.get("/identity/back/", {"error": "access_denied", "state": state})
    assert lead(answer) == "The identity check was not completed. Please start it again."


def test_an_agency_that_is_silent_is_a_sentence(client, settings):
    settings.IDENTITY_AGENCY = Agency("http://localhost:9", Ours("a", "b"), CLAIMS)
    answer = client.post("/my/identity/", {"way": "oidc"})
    assert lead(answer) == "The identity agency does not answer as it should. Please try again later."


@pytest.mark.parametrize("wrong", [{"aud": "another"}, {"iss": "http://localhost:9"}, {"exp": 1}, {"nonce": "another"}])
def test_a_token_that_another_made_or_meant_otherwise_is_refused(client, issuer, wrong, monkeypatch):
    question = begin(client)
    right = confirm(question, "synthetic-sub")
    decode = jwt.decode

    def changed(token, key, **more):
        told = {**decode(token, options={"verify_signature": False}), **wrong}
        other = jwt.encode(told, "a synthetic key of thirty-two bytes!", algorithm="HS256")
        return decode(other, "a synthetic key of thirty-two bytes!", **{**more, "algorithms": ["HS256"]})

    monkeypatch.setattr(jwt, "decode", changed)
    assert lead(client.get("/identity/back/", right)) == (
        "The identity agency's answer does not fit. Please start the check again."
    )
    assert Identity.objects.count() == 0


def test_a_signature_by_another_key_is_refused(client, issuer):
    """The header of a good token, its text signed by somebody else."""
    verifier = OidcVerifier()
    token = jwt.encode({"sub": "x"}, "a synthetic key of thirty-two bytes!", algorithm="HS256")
    about = requests.get(f"{issuer}/.well-known/openid-configuration", timeout=10).json()
    with pytest.raises(Exception, match=r"answer does not fit|응답이 맞지 않습니다"):
        verifier._signed(token, about, "state")
