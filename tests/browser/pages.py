"""Every page of the site, each with somebody who may open it."""

from collections.abc import Iterator
from dataclasses import dataclass
from http.cookies import Morsel

from axe_playwright_python.base import AXE_SCRIPT
from chromium import PHONE
from django.conf import settings
from django.test import Client
from django.urls import reverse
from house_routes import Route, addresses, routes
from house_world import build
from playwright.sync_api import Browser, BrowserContext

OFFICIALS = ("head", "finance", "administrator")
# Pages of other packages that our templates dress.
FOREIGN = (
    "account_login",
    "account_signup",
    "account_logout",
    "account_email",
    "account_change_password",
    "account_reset_password",
    "mfa_index",
    "mfa_activate_totp",
)
# A page that is there at all answers one of the first addresses; these many are tried.
TRIED = 60


@dataclass(frozen=True)
class Opened:
    """A page, and who opens it: a role, or "visitor"."""

    address: str
    role: str


def world() -> dict[str, Client]:
    """The synthetic city of the house; a client for a visitor, a citizen and each official."""
    accounts = build()
    made = {"visitor": Client()}
    for role in ("citizen", *OFFICIALS):
        made[role] = Client(raise_request_exception=False)
        made[role].force_login(accounts[role])
    return made


def key(client: Client) -> Morsel | None:
    """The session of a client, which a browser may take over."""
    return client.cookies.get(settings.SESSION_COOKIE_NAME)


def context(browser: Browser, live: str, language: str, session: Morsel | None) -> BrowserContext:
    """A browser of somebody, in a language, with axe at hand."""
    made = browser.new_context(
        base_url=live, viewport={"width": PHONE, "height": 800}, locale="ko-KR", reduced_motion="reduce"
    )
    # English pages are read in large text: what fits then fits in the usual size too.
    cookies = {"django_language": language, "text_size": "large" if language == "en" else "normal"}
    cookies |= {session.key: session.value} if session else {}
    made.add_cookies([{"name": name, "value": value, "url": live} for name, value in cookies.items()])
    made.add_init_script(AXE_SCRIPT)
    return made


def pages(clients: dict[str, Client], desk: bool) -> Iterator[Opened]:
    """One address of each route that shows a page, of the desk or of the public site."""
    for route in routes():
        if route.path.startswith("desk/") == desk and (found := _first(route, clients)):
            yield found
    if not desk:
        for name in FOREIGN:
            address = reverse(name)
            for role in ("visitor", "citizen"):
                if clients[role].get(address).status_code == 200:
                    yield Opened(address, role)
                    break


def _first(route: Route, clients: dict[str, Client]) -> Opened | None:
    """The first address of a route that somebody may open as a page."""
    for tried, address in enumerate(addresses(route)):
        for role in ("head", "finance", "administrator", "citizen"):
            answer = clients[role].get(address)
            if answer.status_code == 405 or tried == TRIED:
                return None
            if answer.status_code == 404:
                break
            if answer.status_code == 200:
                shown = answer.headers["Content-Type"].startswith("text/html")
                return Opened(address, role) if shown else None
    return None
