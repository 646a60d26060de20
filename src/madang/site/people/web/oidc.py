"""An identity agency that speaks OpenID Connect: authorization code with PKCE and nonce, claims by a map."""

import base64
import hashlib
import hmac
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

import jwt
import requests
from django.conf import settings
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from madang.site.kit.verdict import Refused
from madang.site.people import vault
from madang.site.people.actions import Verified
from madang.site.people.models import Area

SECONDS = 10
SIGNED_WITH = ["RS256", "PS256", "ES256", "EdDSA"]
SEXES = {"female": "f", "f": "f", "0": "f", "2": "f", "male": "m", "m": "m", "1": "m"}


class OidcVerifier:
    """Sends people to the agency and asks it what it confirmed. Nothing of the agency's answer is stored here."""

    code = "oidc"
    title = gettext_lazy("Identity agency")
    text = gettext_lazy("With your telephone or a mobile identity card, at the agency's site.")

    def __init__(self) -> None:
        self.agency = settings.IDENTITY_AGENCY

    def start(self, *, state: str, back: str) -> str:
        """The agency's page. Raises Refused when the agency does not answer."""
        challenge = hashlib.sha256(_derived("pkce", state).encode()).digest()
        question = {
            "response_type": "code",
            "client_id": self.agency.client.name,
            "redirect_uri": back,
            "scope": "openid profile",
            "state": state,
            "nonce": _derived("nonce", state),
            "code_challenge": base64.urlsafe_b64encode(challenge).rstrip(b"=").decode(),
            "code_challenge_method": "S256",
        }
        return f"{self._about()['authorization_endpoint']}?{urlencode(question)}"

    def finish(self, *, answer: Mapping[str, str], back: str) -> Verified:
        """What the agency confirmed. Raises Refused when it confirmed nothing, or the answer is not its own."""
        if not answer.get("code"):
            raise Refused(_("The identity check was not completed. Please start it again."))
        about = self._about()
        tokens = _ask(
            "POST",
            about["token_endpoint"],
            data={
                "grant_type": "authorization_code",
                "code": answer["code"],
                "redirect_uri": back,
                "code_verifier": _derived("pkce", answer["state"]),
            },
            auth=(self.agency.client.name, self.agency.client.secret),
        )
        told = self._signed(str(tokens.get("id_token", "")), about, answer["state"])
        if "userinfo_endpoint" in about and tokens.get("access_token"):
            bearer = {"Authorization": f"Bearer {tokens['access_token']}"}
            more = _ask("GET", about["userinfo_endpoint"], headers=bearer)
            # Somebody else's claims must never be mixed in.
            if more.get("sub") != told["sub"]:
                raise _broken()
            told = {**more, **told}
        return self._verified(told)

    def _about(self) -> dict[str, Any]:
        found = _ask("GET", f"{self.agency.issuer}/.well-known/openid-configuration")
        if str(found.get("issuer", "")).rstrip("/") != self.agency.issuer:
            raise _broken()
        return found

    def _signed(self, token: str, about: dict[str, Any], state: str) -> dict[str, Any]:
        keys = _ask("GET", about["jwks_uri"]).get("keys", [])
        try:
            wanted = jwt.get_unverified_header(token).get("kid")
            key = next(key for key in keys if wanted in (None, key.get("kid")))
            told: dict[str, Any] = jwt.decode(
                token,
                jwt.PyJWK(key),
                algorithms=SIGNED_WITH,
                audience=self.agency.client.name,
                issuer=about["issuer"],
                leeway=60,
                options={"require": ["exp", "iat", "sub", "aud", "iss"]},
            )
        except (jwt.PyJWTError, StopIteration):
            raise _broken() from None
        if not hmac.compare_digest(str(told.get("nonce", "")), _derived("nonce", state)):
            raise _broken()
        return told

    def _verified(self, told: dict[str, Any]) -> Verified:
        mine = {ours: str(told.get(theirs, "")) for ours, theirs in self.agency.claims.items()}
        born_on, sex = _day(mine["born_on"]), SEXES.get(mine["sex"].lower(), "")
        if born_on is None or not sex:
            raise Refused(_("The agency did not say when you were born or of which sex you are. Ask the help desk."))
        name = mine["name"]
        area = Area.objects.filter(code=mine["lives_in"]).first() if mine["lives_in"] else None
        return Verified(
            subject=f"oidc:{self.agency.issuer}:{mine['subject'] or told['sub']}",
            method=self.code,
            birth_year=born_on.year,
            sex=sex,
            lives_in=area.code if area else "",
            likeness=vault.likeness_hash(name=name, born_on=born_on, sex=sex) if name else "",
        )


def _derived(purpose: str, state: str) -> str:
    """A secret that belongs to one check: known to us from its state, and to nobody else."""
    key = str(settings.SECRET_KEY).encode()
    return hmac.new(key, f"oidc {purpose}\n{state}".encode(), hashlib.sha256).hexdigest()


def _day(text: str) -> date | None:
    for form in ("%Y-%m-%d", "%Y%m%d"):
        try:
            return datetime.strptime(text, form).date()  # noqa: DTZ007 - a day of birth has no zone
        except ValueError:
            continue
    return None


def _ask(method: str, address: str, **more: Any) -> dict[str, Any]:
    try:
        answer = requests.request(method, address, timeout=SECONDS, allow_redirects=False, **more)
        answer.raise_for_status()
        found = answer.json()
    except (requests.RequestException, ValueError):
        raise Refused(_("The identity agency does not answer as it should. Please try again later.")) from None
    if not isinstance(found, dict):
        raise _broken()
    return found


def _broken() -> Refused:
    return Refused(_("The identity agency's answer does not fit. Please start the check again."))
