"""The booth of an encrypted vote: identity, credential, picks, encryption, casting, receipt, and what goes wrong."""

import gzip
import json

import pytest
from booths import TITLES, Booth, open_encrypted
from chromium import DESK, PHONE

from madang.ballots.checking import open_envelope, read_envelope
from madang.cli.main import main
from madang.site.votes.models import Cast, Record, RollEntry

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

NARROW = 320
FERRY, LAMPS, GARDEN = TITLES
MOCK = ["madang.site.people.web.identity.MockVerifier"]


def opened(made) -> list[list[int]]:
    """What the ballots on the board say, in their order; only the trustees together could read them."""
    election = made.election
    found = []
    secret = sum(made.trusted.secrets) % election.group.q
    for raw in Record.objects.filter(board=made.board, kind="data", number__gt=4).values_list("body", flat=True):
        envelope = read_envelope(election, bytes(raw))
        alpha, beta = open_envelope(election, envelope).answers[0].choices[0]
        message = election.group.divide(beta, election.group.power(alpha, secret))
        found.append(election.group.to_integers(len(election.questions[0].answers), message))
    return found


def check_identity(visitor, name="합성 나그네"):
    """Check an identity by the stand-in for an agency."""
    visitor.press("본인확인하고 투표하기").press("본인확인 시작")
    visitor.fill(name=name, born_on="1990-01-02")
    visitor.page.locator("[name=lives_in]").select_option(label="아골리")
    visitor.press("확인")


@pytest.mark.parametrize("width", [PHONE, DESK])
def test_a_resident_votes_without_an_account_and_votes_again(visitor, settings, width):
    settings.IDENTITY_VERIFIERS = MOCK
    resident = visitor(width)
    made = open_encrypted()
    booth = Booth(resident, made).open()
    resident.judge("booth-who")
    check_identity(resident)
    assert resident.page.url.endswith(booth.address)
    booth.type_credential("S54Nd").page.locator("#credential_error").wait_for()
    resident.judge("booth-credential")
    booth.type_credential(made.credentials[0].replace("-", " ")).shown("choose", "booth-choose")
    booth.look_over()
    assert booth.refused() == "1개에서 2개까지 골라 주세요. 지금 0개를 고르셨습니다."
    booth.pick(FERRY, GARDEN).look_over().shown("review", "booth-review")
    assert resident.texts("[data-picks] li") == [f"1. {FERRY}", f"3. {GARDEN}"]
    tracker = booth.encrypt()
    resident.judge("booth-sealed")
    assert (booth.cast(), Cast.objects.get().tracker) == (tracker, tracker)
    booth.page.locator("[data-qr]").wait_for()
    resident.judge("booth-receipt")
    assert booth.page.locator("[data-replaces]").is_hidden()
    assert booth.page.evaluate("Object.keys(sessionStorage)") == []
    # With the ballot of somebody without an account the session has ended.
    assert booth.page.locator("[data-visiting]").count() == 0
    booth.page.get_by_role("link", name="다시 투표하기").click()
    check_identity(resident)
    second = booth.vote(made.credentials[0], LAMPS)
    assert booth.page.locator("[data-replaces]").is_visible()
    assert list(Cast.objects.values_list("tracker", flat=True)) == [tracker, second]
    assert (RollEntry.objects.count(), opened(made)) == (1, [[1, 3], [2, 0]])
    assert resident.faults == []


def missed(visitor) -> int:
    """How many answers were refusals or did not come; Chromium notes each. Nothing else may have gone wrong."""
    assert all("Failed to load resource" in fault for fault in visitor.faults), visitor.faults
    count = len(visitor.faults)
    visitor.faults.clear()
    return count


@pytest.fixture
def booth(visitor):
    """Somebody with an account and a credential, before the ballot paper of an encrypted vote."""
    resident = visitor(NARROW).sign_in("ara")
    made = open_encrypted()
    return Booth(resident, made).open()


def test_nothing_that_leaves_the_phone_depends_on_what_was_picked(visitor):
    made = open_encrypted()
    sent: list[list[tuple]] = []
    for name, credential, picks in (("ara", 0, [FERRY]), ("bom", 1, [LAMPS, GARDEN])):
        resident, asked = visitor().sign_in(name), []
        resident.context.on("request", lambda request, asked=asked: asked.append(request))
        Booth(resident, made).open().vote(made.credentials[credential], *picks)
        resident.page.locator("[data-qr]").wait_for()
        bodies = [(one.post_data or "") for one in asked]
        told = [
            len(body) if one.url.endswith("/board/ballots/") else "" for one, body in zip(asked, bodies, strict=True)
        ]
        # Numbers in a ballot have as many digits as they have: a few more or less, by chance.
        sent.append([(one.method, one.url, size and round(size, -2)) for one, size in zip(asked, told, strict=True)])
        everything = "".join(f"{one.url} {one.all_headers()} {body}" for one, body in zip(asked, bodies, strict=True))
        assert [secret for secret in (made.credentials[credential], *TITLES) if secret in everything] == []
        assert "ballot_picks" not in everything
        (cast,) = [json.loads(body) for one, body in zip(asked, bodies, strict=True) if "/ballots/" in one.url]
        assert sorted(cast) == ["answers", "credential", "election_hash", "election_uuid", "signature"]
        assert [sorted(answer) for answer in cast["answers"]] == [["choices", "proof"]]
        resident.context.close()
    assert sent[0] == sent[1]
    assert opened(made) == [[1, 0], [2, 3]]


def test_the_registrar_gives_the_credential_in_the_address_and_it_is_taken_out_at_once(booth):
    booth.page.goto("about:blank")
    booth.page.goto(f"{booth.address}#credential={booth.made.credentials[0]}")
    booth.page.locator("[data-step=choose] h2").wait_for()
    assert booth.page.evaluate("location.href").endswith(booth.address)
    booth.pick(FERRY)
    booth.open()
    assert booth.page.get_by_role("checkbox", name=FERRY).is_checked()
    booth.look_over().shown("review")
    booth.page.go_back()
    booth.shown("choose")
    booth.page.evaluate("location.hash = 'credential=none'")
    booth.page.locator("#credential_error").wait_for()
    assert booth.page.evaluate("location.href").endswith(booth.address)
    booth.visitor.look()


def test_a_ballot_whose_answer_was_lost_is_sent_again_and_recorded_once(booth):
    booth.type_credential(booth.made.credentials[0]).shown("choose").pick(LAMPS).look_over().shown("review")
    tracker = booth.encrypt()
    booth.page.route("**/board/ballots/", lambda route: (route.fetch(), route.abort()))
    booth.do("cast")
    assert "연결이 끊겼습니다" in booth.refused()
    booth.visitor.judge("booth-lost")
    booth.page.unroute_all()
    assert missed(booth.visitor) == 1
    # Even after the page was loaded again the same ballot waits.
    booth.open()
    assert booth.tracker() == tracker
    assert (booth.cast(), Cast.objects.get().tracker, RollEntry.objects.count()) == (tracker, tracker, 1)
    assert "이미 접수된 표입니다" in booth.visitor.text("[data-when]")
    assert missed(booth.visitor) == 1


def test_every_refusal_has_a_way_on(booth):
    made = booth.made
    page = booth.page
    answers = [
        {"status": 503, "headers": {"Retry-After": "7"}, "json": {"rule": "busy", "reason": "x"}},
        {"status": 502, "body": "<h1>Bad gateway</h1>"},
        {"status": 403, "json": {"rule": "eligible", "reason": "본인확인이 필요합니다.", "identity": True}},
    ]
    page.route("**/board/ballots/", lambda route: route.fulfill(**answers.pop(0)))
    booth.type_credential("S54Nd-3evtjA-ZPn8f-frEqXZ").shown("choose").pick(LAMPS).look_over().shown("review").encrypt()
    booth.do("cast")
    assert "7초 뒤에" in booth.refused()
    page.get_by_role("button", name="다시 시도하기").click()
    page.get_by_text("서버가 제대로 답하지 않았습니다").wait_for()
    page.get_by_role("button", name="다시 시도하기").click()
    page.get_by_role("button", name="본인확인", exact=False).click()
    booth.shown("who")
    page.unroute_all()
    assert missed(booth.visitor) == 3
    # Whoever comes back from the check finds the same ballot; now the server itself says what is wrong with it.
    booth.open().do("cast").refused()
    page.get_by_role("button", name="다른 투표 열쇠 쓰기").click()
    booth.shown("credential")
    assert Cast.objects.count() == 0
    booth.vote(made.credentials[0], LAMPS)
    assert (Cast.objects.count(), opened(made), missed(booth.visitor)) == (1, [[2, 0]], 1)


def test_a_device_is_tested_and_the_tested_ballot_is_never_cast(booth, tmp_path, capsys):
    booth.type_credential(booth.made.credentials[0]).shown("choose").pick(FERRY, GARDEN).look_over().shown("review")
    tracker = booth.encrypt()
    booth.do("test").shown("tested", "booth-tested")
    assert booth.tracker() == tracker
    text = booth.page.locator("#given").input_value()
    with booth.page.expect_download() as download:
        booth.do("save-test")
    file, election = tmp_path / "test.json", tmp_path / "election.json"
    download.value.save_as(file)
    election.write_bytes(booth.made.election.raw)
    assert main(["ballots", "audit", str(file), "--election", str(election)]) == 0
    assert capsys.readouterr().out.splitlines()[:2] == ["question 1: 1, 3", f"tracker: {tracker}"]
    booth.do("again").shown("review")
    assert booth.encrypt() != tracker
    booth.cast()
    assert opened(booth.made) == [[1, 3]]

    booth.visitor.open(f"{booth.address}test/")
    wrong = json.loads(text)
    wrong["secrets"] = [str(int(wrong["secrets"][0]) + 1)]
    for given, reason in (("{}", "시험 파일이 아닙니다"), (json.dumps(wrong), "이 숫자로 만든 표가 아닙니다")):
        booth.page.locator("#given").fill(given)
        booth.visitor.page.get_by_role("button", name="표 읽기").click()
        booth.page.get_by_text(reason).wait_for()
    booth.page.locator("#given").fill("")
    booth.page.locator("#file").set_input_files(file)
    booth.page.get_by_role("button", name="표 읽기").click()
    booth.page.locator("[data-read] h2").wait_for()
    assert booth.visitor.texts("[data-picks] li") == [f"1. {FERRY}", f"3. {GARDEN}"]
    assert booth.tracker() == tracker
    booth.visitor.judge("booth-test-read")
    assert booth.visitor.faults == []


def test_the_whole_way_by_keyboard_in_english_in_the_dark_in_large_text(booth):
    page, visitor = booth.page, booth.visitor
    visitor.context.add_cookies(
        [
            {"name": name, "value": value, "url": page.url}
            for name, value in (("django_language", "en"), ("text", "large"))
        ]
    )
    page.emulate_media(color_scheme="dark")
    booth.open()
    page.locator("#credential").focus()
    page.keyboard.type(booth.made.credentials[0])
    page.keyboard.press("Enter")
    booth.shown("choose", "booth-choose-large")

    def tab_to(selector, key):
        for _turn in range(60):
            if page.evaluate("wanted => document.activeElement.matches(wanted)", selector):
                return page.keyboard.press(key)
            page.keyboard.press("Tab")
        raise AssertionError(selector)

    tab_to("#find", "Shift")
    page.keyboard.type("나루")
    page.get_by_text("1 of 3 options are shown.").wait_for()
    tab_to(".option:not([hidden]) input", "Space")
    tab_to(".bar-actions button", "Enter")
    booth.shown("review", "booth-review-large")
    tab_to("[data-do=seal]", "Enter")
    booth.shown("sealed", "booth-sealed-large")
    assert visitor.text("[data-live]") == "Your ballot is encrypted. It is not cast yet."
    tab_to("[data-do=cast]", "Enter")
    booth.shown("receipt", "booth-receipt-large")
    with page.expect_download() as download:
        tab_to("[data-do=save]", "Enter")
    saved = download.value.path().read_text()
    assert booth.tracker() in saved and FERRY not in saved
    assert (opened(booth.made), visitor.faults) == ([[1, 0]], [])


def test_the_other_group_is_encrypted_without_the_library(visitor):
    resident = visitor().sign_in("ara")
    made = open_encrypted(group="RFC-3526-2048")
    asked: list[str] = []
    resident.page.on("request", lambda request: asked.append(request.url))
    Booth(resident, made).open().vote(made.credentials[0], FERRY, LAMPS)
    assert (opened(made), [url for url in asked if "noble" in url]) == ([[1, 2]], [])


def test_without_script_the_page_says_so_and_names_the_booth_on_site(visitor, browser, live_server):
    resident = visitor()
    made = open_encrypted()
    plain = browser.new_context(base_url=live_server.url, java_script_enabled=False, locale="ko-KR")
    page = plain.new_page()
    page.goto(Booth(resident, made).address)
    assert page.locator("noscript").inner_text().splitlines()[0] == "이 기표소에는 자바스크립트가 필요합니다"
    assert "현장 기표소" in page.locator("noscript").inner_text()
    assert [page.locator(f"[data-step={step}]").is_visible() for step in ("who", "choose", "receipt")] == [
        True,
        False,
        False,
    ]
    plain.close()


@pytest.mark.parametrize("name", ["sealing.js", "noble-ed25519-3.2.0.js"])
def test_a_program_that_is_not_the_one_on_the_board_does_not_run(booth, name):
    bad = {"body": "document.title = 'foreign'; export const Point = 1;", "content_type": "text/javascript"}
    booth.page.route(f"**/votes/{name}", lambda route: route.fulfill(**bad))
    booth.type_credential(booth.made.credentials[0]).shown("choose").pick(FERRY).look_over().shown("review").do("seal")
    assert "불러오지 못했습니다" in booth.refused()
    assert "foreign" not in booth.page.title()
    assert [name in fault and "integrity" in fault for fault in booth.visitor.faults] == [True]
    booth.page.unroute_all()
    booth.page.get_by_role("button", name="다시 시도하기").click()
    booth.shown("sealed").cast()
    assert opened(booth.made) == [[1, 0]]


def test_the_whole_booth_is_light_on_the_way(booth):
    """As opened the page weighs what every page may; encrypting loads more, and all of it packed is still less."""
    answers = []
    booth.page.on("response", lambda answer: answers.append(answer))
    booth.open().vote(booth.made.credentials[0], FERRY)
    bodies = {answer.url: answer.body() for answer in answers if answer.status == 200}
    assert any("noble" in url for url in bodies)
    assert sum(len(gzip.compress(body)) for body in bodies.values()) < 60_000
