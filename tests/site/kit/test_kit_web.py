"""Access to pages, refusals, paging, health, and the hygiene of all templates."""

import gzip
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.template.loader import get_template
from django.test import Client, RequestFactory
from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, reverse
from django.utils.translation import override

from madang.site.kit.actor import VISITOR, Actor, Grant
from madang.site.kit.navigation import entries
from madang.site.kit.stages import kinds
from madang.site.kit.verdict import YES, Refused, no
from madang.site.kit.web import access, errors
from madang.site.kit.web.limits import TooMany
from madang.site.kit.web.middleware import RefusalMiddleware
from madang.site.kit.web.paging import page_of

SITE = Path(settings.ROOT_URLCONF.replace(".", "/")).parent
SOURCE = Path(__file__).resolve().parents[3] / "src" / SITE
TEMPLATES = sorted(SOURCE.glob("*/templates/**/*.html"))
CITIZEN = Actor("p-citizen", 1)
OFFICER = Actor("p-officer", 2, frozenset({Grant("officer", "office")}))


def views(resolver=None, inside=""):
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLResolver):
            if not str(pattern.pattern).startswith(("accounts/", "i18n/", "api/")):
                yield from views(pattern, inside + str(pattern.pattern))
        elif isinstance(pattern, URLPattern):
            yield inside + str(pattern.pattern), pattern.callback


def test_every_view_says_who_may_open_it():
    assert [path for path, view in views() if not hasattr(view, "allow")] == []


def test_every_entry_of_the_navigation_has_its_page():
    assert [reverse(entry.url_name) for entry in entries if not reverse(entry.url_name).startswith("/")] == []


def test_every_stage_kind_has_the_pages_it_names():
    pages = [(kind.name, name) for kind in kinds().values() for name in (kind.citizen_page, kind.desk_page) if name]
    missing = []
    for kind, name in pages:
        try:
            reverse(name, args=[1])
        except NoReverseMatch:
            missing.append((kind, name))
    assert missing == []


def test_rules_of_access():
    rules = [access.anyone, access.signed_in, access.roles("officer", "head"), access.roles("auditor")]
    assert [[rule(by).ok for rule in rules] for by in (VISITOR, CITIZEN, OFFICER)] == [
        [True, False, False, False],
        [True, True, False, False],
        [True, True, True, False],
    ]


@pytest.fixture
def request_of(db):
    def make(method="get", by=CITIZEN, **headers):
        request = getattr(RequestFactory(headers=headers), method)("/somewhere/")
        request.actor, request.session = by, {}
        from django.contrib.auth.models import AnonymousUser
        from django.contrib.messages.storage.fallback import FallbackStorage

        request.user, request._messages = AnonymousUser(), FallbackStorage(request)
        return request

    return make


def refuse(request, exception):
    return RefusalMiddleware(lambda _request: None).process_exception(request, exception)


def test_a_refused_post_goes_back_with_the_reason(request_of):
    request = request_of("post", referer="http://testserver/from/?page=2")
    response = refuse(request, Refused("Not today."))
    assert (response.status_code, response["Location"]) == (302, "/from/?page=2")
    assert [str(message) for message in request._messages] == ["Not today."]


def test_a_refused_post_never_goes_to_another_site(request_of):
    response = refuse(request_of("post", referer="https://evil.invalid/x"), Refused("Not today."))
    assert response.status_code == 403


def test_a_refused_get_is_a_403_page_with_the_reason(request_of):
    response = refuse(request_of(), Refused("Not today."))
    assert (response.status_code, re.findall('class="lead">(.*?)<', response.text)) == (403, ["Not today."])


def test_too_many_attempts_say_when_to_try_again(request_of):
    response = refuse(request_of("post"), TooMany("Wait a minute.", 60))
    assert (response.status_code, response["Retry-After"]) == (429, "60")


def test_other_exceptions_are_left_alone(request_of):
    assert refuse(request_of(), ValueError("a bug")) is None


def test_too_large_an_upload_is_413(request_of):
    assert errors.bad_request(request_of(), RequestDataTooBig()).status_code == 413
    assert errors.bad_request(request_of(), ValueError()).status_code == 400


def test_the_500_page_needs_neither_database_nor_session():
    response = errors.broken(RequestFactory().get("/"))
    assert (response.status_code, re.findall("<h1>(.*?)</h1>", response.text)) == (500, ["잠시 문제가 생겼습니다"])


def test_a_closed_site_says_so_and_what_the_file_says(settings, tmp_path, db):
    settings.CLOSED_BY = tmp_path / "closed"
    assert Client().get("/record/").status_code == 200
    settings.CLOSED_BY.write_text("새벽 2시에 다시 엽니다. <b>\n", encoding="utf-8")
    response = Client().get("/record/")
    assert (response.status_code, response["Retry-After"]) == (503, "600")
    assert re.findall('class="lead">(.*?)<', response.text) == ["새벽 2시에 다시 엽니다. &lt;b&gt;"]
    assert [Client().get(address).status_code for address in ("/healthz", "/readyz")] == [200, 200]
    assert Client().post("/i18n/setlang/", {"language": "en"}).status_code == 503


@pytest.mark.parametrize(
    ("asked", "number", "rows"), [("1", 1, 25), ("2", 2, 5), ("99", 2, 5), ("-1", 2, 5), ("many", 1, 25)]
)
def test_paging_gives_the_nearest_page(asked, number, rows):
    page = page_of(RequestFactory().get("/", {"page": asked, "q": "a"}), list(range(30)))
    assert (page.number, len(page), page.total, page.last) == (number, rows, 30, 2)
    assert page.following == ("?page=2&q=a" if number == 1 else "")


def test_headers_keep_scripts_and_frames_out(db):
    response = Client().get("/healthz")
    policy = dict(part.split(" ", 1) for part in response["Content-Security-Policy"].split("; "))
    assert (policy["script-src"], policy["style-src"], policy["default-src"]) == ("'self'", "'self'", "'none'")
    assert (response["X-Frame-Options"], response["Referrer-Policy"]) == ("DENY", "same-origin")


def test_the_language_is_switched_by_a_post(db):
    client = Client(headers={"accept-language": "ko"})
    response = client.post("/i18n/setlang/", {"language": "en", "next": "/record/"})
    assert (response.status_code, response["Location"]) == (302, "/record/")
    assert re.findall('<html lang="(.*?)">', client.get("/record/").text) == ["en"]


@pytest.mark.parametrize("file", TEMPLATES, ids=lambda file: str(file.relative_to(SOURCE)))
def test_templates_hold_no_inline_style_or_script(file):
    text = file.read_text(encoding="utf-8")
    assert re.findall(r'<style|\sstyle=|\son[a-z]+\s*=\s*["\']|javascript:|<script(?![^>]*\ssrc=)', text) == []


def test_the_stylesheets_are_small_and_stay_at_home():
    texts = [
        (SOURCE / "kit/static" / name).read_text(encoding="utf-8") for name in ("krds.css", "madang.css", "desk.css")
    ]
    assert sum(len(text.encode()) for text in texts[:2]) < 52_000
    away = r'url\((?!"data:|%23)|@import|https?://(?!www\.w3\.org)'
    assert [re.findall(away, text.replace('href^="http"', "")) for text in texts] == [[]] * 3


def rendered(markup: str, **context) -> str:
    from django.template import engines
    from django_cotton.compiler_regex import CottonCompiler

    template = engines["django"].from_string(CottonCompiler().process(markup))
    with override("en"):
        return re.sub(r"\s+", " ", template.render(context)).strip()


def test_a_button_that_may_not_be_pressed_says_why():
    shown = rendered('<c-verdict-button :verdict="may">Go</c-verdict-button>', may=no("Only in June."))
    assert shown == (
        '<span class="verdict-button"><button type="submit" class="button button-primary" disabled>Go</button> '
        '<span class="why-not">Only in June.</span></span>'
    )
    shown = rendered('<c-verdict-button :verdict="may" name="a" value="b">Go</c-verdict-button>', may=YES)
    assert re.findall("<button .*?>", shown) == [
        '<button type="submit" class="button button-primary" name="a" value="b" >'
    ]


def test_money_shows_the_short_form_and_keeps_the_exact_one():
    assert rendered('<c-money :amount="sum" />', sum=350_000_001) == (
        '<button type="button" class="money" popovertarget="won-1" aria-describedby="won-1">350 million won</button>'
        '<span popover id="won-1" class="exact">350,000,001 won</span>'
    )
    assert rendered('<c-money :amount="sum" />', sum=-9_999) == '<data value="-9999">△9,999 won</data>'
    assert rendered('<c-money :amount="sum" />', sum=None) == ""


def test_each_amount_of_a_page_opens_its_own_exact_one():
    request = RequestFactory().get("/")
    shown = rendered(
        '<c-money :amount="sum" /><c-figure label="A" :amount="sum" value="(5%)" />', sum=10**6, request=request
    )
    assert re.findall(r'popovertarget="(.*?)"', shown) == re.findall(r'popover id="(.*?)"', shown) == ["won-1", "won-2"]
    assert re.findall(r'<span class="meta">(.*?)</span></dd>', shown) == ["(5%)"]


@pytest.mark.parametrize(("official", "said"), [(False, []), (True, ["This website is run by Seoul."])])
def test_only_a_site_of_the_state_says_that_it_is_one(db, settings, official, said):
    settings.OFFICIAL = official
    html = Client(headers={"accept-language": "en"}).get("/record/").text
    assert len(re.findall('class="official"', html)) == len(said)
    assert re.findall(r"<p>(This website is run by .*?)</p>", html) == said


def test_a_page_that_is_not_there_offers_the_search(db):
    html = Client(headers={"accept-language": "en"}).get("/nosuch/").text
    assert re.findall(r'class="error-code">(.*?)<', html) == ["404"]
    assert Client().get("/matters/", {"words": "a"}).status_code == 200
    assert re.findall(r'<form method="get" action="(.*?)".*?name="(.*?)"', html) == [("/matters/", "words")]


def test_a_chart_has_its_table():
    shown = rendered('<c-bar-chart :rows="rows" caption="Votes" unit="votes" />', rows=[("A", 3), ("B", 1)])
    assert re.findall(r"<th scope=\"row\">(.*?)</th><td class=\"number\">(.*?)</td>", shown) == [("A", "3"), ("B", "1")]
    assert re.findall(r'viewBox="(.*?)"', shown) == ["0 0 360 96"]


def test_what_people_write_is_escaped_in_components():
    shown = rendered('<c-card title="{{ title }}" />', title="<script>")
    assert re.findall('class="card-title">(.*?)</h3>', shown) == ["&lt;script&gt;"]


def test_all_templates_compile():
    # The registrar's are those of another site, whose tests open every one of them.
    names = [str(file).split("/templates/")[1] for file in TEMPLATES if "registrar" not in file.parts]
    assert len([get_template(name) for name in names]) == len(names)


def test_pages_are_sent_compressed_to_browsers_that_ask_for_it(db, client):
    plain, packed = client.get("/programmes/"), client.get("/programmes/", headers={"accept-encoding": "gzip"})
    assert (plain.headers.get("content-encoding"), packed.headers["content-encoding"]) == (None, "gzip")
    assert len(gzip.decompress(packed.content)) > len(packed.content)
