"""The one journey: an idea becomes a project, a winner of the vote, a decision, and money spent."""

import pytest
from chromium import DESK

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PUBLIC, OFFICE = "/processes/B/ideas/2031/", "/desk/processes/B/ideas/2031/"
FERRY, LAMPS = "나루터 쉼터", "골목 등불"
FERRY_PAGE, LAMPS_PAGE = "/matters/B-ideas-2031-00001/", "/matters/B-ideas-2031-00002/"


def open_next(officer):
    officer.open(OFFICE).press("열기").press("단계 열기")


def close_stage(officer, shot=""):
    officer.open(OFFICE).press("마치기")
    if shot:
        officer.judge(shot)
    officer.press("단계 마치기")


def write_idea(citizen, title, content, cost):
    citizen.open(PUBLIC).judge("process").press("주민 제안 공모")
    citizen.press("작성하기").fill(title=title, content=content).judge("write").press("다음")
    citizen.fill(cost=cost).page.locator("[name=place]").select_option(label="아골리")
    citizen.judge("write-cost").press("다음").judge("write-look").press("제출하기").judge("receipt")


def screen(officer):
    for title, cost in ((FERRY, "32000000"), (LAMPS, "25000000")):
        officer.open(OFFICE).press("타당성 검토").press(title)
        officer.fill(amount_won=cost, note="견적 세 곳").press("추정 금액 기록").judge("screening")
    officer.open(OFFICE).press("타당성 검토")
    choose_all(officer)
    officer.page.locator("[name=department]").select_option(label="주민예산과")
    officer.press("미리 보기 선택한 안건 부서 배정").judge("referring").press("이대로 처리")
    choose_all(officer)
    officer.page.get_by_label("적격", exact=True).check()
    officer.press("미리 보기 선택한 안건 판정").press("이대로 처리").judge("screened")


def choose_all(officer):
    for box in officer.page.locator("[name=matters]").all():
        box.check()


def score(member, ferry, lamps):
    member.open(PUBLIC).press("심사단 심사").press("나의 채점표").press(FERRY)
    for (need, effect), button in ((ferry, "제출하고 다음으로"), (lamps, "제출하기")):
        member.fill(need=need, effect=effect).judge("score").press(button)


def cast(citizen, title):
    citizen.open(PUBLIC).press("주민 투표").judge("ballot")
    citizen.page.get_by_role("checkbox", name=title).check()
    citizen.press("내 투표 살펴보기").press("투표하기").judge("ballot-receipt")
    return citizen.text(".receipt-code")


def approve(official, done):
    official.open("/desk/ledger/approvals/")
    official.follow("main tbody a").judge("request").press("결재")
    assert official.texts(".notice-success") == [done]


def ask(officer, **answers):
    officer.fill(amount_won="30500000", **answers).press("요청")
    assert officer.texts(".notice-success") == ["요청했습니다. 다음은 부서장입니다."]


DAY, EN_DAY = "2031. 5. 12.(월)", "Mon 12 May 2031"
SCORED = "평균 85.00점(100점 만점, 채점표 2장), 2건 중 1위."
FUNDED = "선정되었습니다. 순위 1위(2표)이며, 차례가 왔을 때 남은 예산 5,000만원에서 사업비 3,200만원을 배정했습니다."
NOT_FUNDED = (
    "선정되지 않았습니다. 순위 2위(1표)였으나, 사업비 2,500만원이 차례가 왔을 때 남은 예산 1,800만원보다 "
    "많았습니다. 다른 조건이 같다면 1표를 더 받았을 때 선정되었을 것입니다."
)
WON = [
    f"1 주민 제안 공모 접수 {DAY}",
    f"2 타당성 검토 적격 {DAY} · 3,200만원",
    f"3 심사단 심사 심사 통과 {DAY} · 1위 · {SCORED}",
    f"4 이의신청 이의 없음 {DAY}",
    f"5 주민 투표 개표 완료 {DAY} · 1위 · 2표로 1위입니다.",
    f"6 예산 배정 예산 배정 {DAY} · 1위 · 3,200만원 · {FUNDED}",
    f"7 의회 의결 승인 {DAY} · 3,100만원",
    f"8 사업 추진 완료 {DAY} · 모두 마쳤다.",
]
LIFE = [
    "접수 : 마침",
    "적격 심사 : 마침 적격",
    "비용 : 마침 3,200만원",
    "심사 : 마침 심사 통과",
    "이의신청 : 마침 이의 없음",
    "투표 : 마침 개표 완료",
    "예산 배정 : 마침 예산 배정",
    "의결 : 마침 승인",
    "원인행위 : 마침 3,050만원",
    "지출 : 마침 3,050만원",
    "이행 : 마침 완료",
]
# Reasons are kept in the language in which they were given.
EN_WON = [
    f"1 Call for ideas received {EN_DAY}",
    f"2 Feasibility suitable {EN_DAY} · 32 million won",
    f"3 Review by the jury shortlisted {EN_DAY} · rank 1 · {SCORED}",
    f"4 Objections no objection {EN_DAY}",
    f"5 Residents' vote counted {EN_DAY} · rank 1 · 2표로 1위입니다.",
    f"6 Allotment funded {EN_DAY} · rank 1 · 32 million won · {FUNDED}",
    f"7 Decision of the council approved {EN_DAY} · 31 million won",
    f"8 Carrying out delivered {EN_DAY} · 모두 마쳤다.",
]


def write_ideas(visitor, officer):
    ara, bom = visitor(), visitor()
    ara.open(PUBLIC).press("주민 제안 공모").judge("call-visitor")
    assert ara.text(".notice") == "지금은 제출할 수 없습니다 먼저 로그인해 주세요."
    write_idea(ara.sign_in("ara"), FERRY, "비를 피할 쉼터를 짓는다.", "30000000")
    assert ara.text("main strong") == "B-ideas-2031-00001"
    write_idea(bom.sign_in("bom"), LAMPS, "어두운 골목에 등을 단다.", "24000000")
    assert bom.text("main strong") == "B-ideas-2031-00002"
    close_stage(officer, "desk-close")
    return ara, bom


def review(visitor, officer):
    open_next(officer)
    officer.open(OFFICE).press("심사단 심사").press("모든 안건을 소관 회의체 위원에게 배정")
    officer.judge("assign-whom").press("모두 배정하기").judge("desk-review")
    cho, dan = visitor().sign_in("cho"), visitor().sign_in("dan")
    score(cho, ("50", "30"), ("40", "30"))
    score(dan, ("55", "35"), ("45", "20"))
    close_stage(officer)
    return cho


def vote(officer, ara, bom, cho):
    open_next(officer)
    receipts = {cast(ara, FERRY), cast(cho, FERRY), cast(bom, LAMPS)}
    assert len(receipts) == 3
    officer.open(OFFICE).press("주민 투표").judge("desk-vote").press("투표함을 닫고 개표")
    close_stage(officer)
    ara.open(PUBLIC).press("주민 투표").judge("result").press("내 표가 투표함에 있나요?")
    ara.fill(code=min(receipts)).press("찾기").judge("receipts")
    assert ara.texts(".notice-good") == ["네, 이 투표 확인증의 표가 투표함에 있습니다."]


def allot(officer, bom):
    open_next(officer)
    close_stage(officer)
    bom.open(PUBLIC).press("예산 배정").judge("allotment")
    for folded in ("선정되지 않은 사업 1건", "2. 골목 등불"):
        bom.page.locator("summary", has_text=folded).first.click()
    assert bom.texts("main details details p")[0] == NOT_FUNDED
    bom.open(LAMPS_PAGE).judge("loser")
    assert bom.texts("ol.stepper > li")[5:] == [
        f"6 예산 배정 미배정 {DAY} · 2위 · {NOT_FUNDED}",
        "7 의회 의결",
        "8 사업 추진",
    ]
    bom.open("/my/").judge("my")


def decide(officer):
    open_next(officer)
    officer.open(OFFICE).press("의회 의결")
    officer.fill(matter__0__amount_won="31000000", in_favour="9", against="1", abstained="1", minutes="원안에서 깎았다")
    officer.judge("decide").press("표결 기록")
    close_stage(officer)


def pay(visitor, officer):
    head, finance = visitor(DESK).sign_in("head"), visitor(DESK).sign_in("finance")
    officer.open(FERRY_PAGE).judge("officer-matter").press("이 안건의 원인행위 요청").judge("line")
    ask(officer, payee="합성건설", note="쉼터 공사")
    head.open("/desk/").judge("inbox")
    approve(head, "결재했습니다. 다음은 회계 담당자입니다.")
    approve(finance, "분개를 기록했습니다.")
    officer.open(FERRY_PAGE).press("이 안건의 원인행위 요청")
    officer.follow("main tbody a").judge("obligation")
    ask(officer, note="준공 대금")
    approve(head, "결재했습니다. 다음은 회계 담당자입니다.")
    approve(finance, "분개를 기록했습니다.")


def deliver(officer):
    officer.open(FERRY_PAGE).press("업무 화면에서 처리하기").fill(title="쉼터 준공", due_on="2031-09-30")
    officer.judge("delivery").press("추가").press("달성 기록하기")
    officer.fill(note="쉼터를 열었다.").press("달성 처리")
    officer.fill(complete__note="모두 마쳤다.").press("완료 처리")
    close_stage(officer)


def test_an_idea_becomes_won(visitor):
    officer = visitor(DESK).sign_in("officer")
    officer.open(OFFICE).judge("desk-process").press("열기").press("단계 열기")
    ara, bom = write_ideas(visitor, officer)
    open_next(officer)
    screen(officer)
    close_stage(officer)
    cho = review(visitor, officer)
    open_next(officer)
    ara.open(PUBLIC).press("이의신청").judge("object")
    close_stage(officer)
    vote(officer, ara, bom, cho)
    allot(officer, bom)
    decide(officer)
    open_next(officer)
    pay(visitor, officer)
    deliver(officer)

    ara.open(FERRY_PAGE).judge("won")
    assert ara.texts("ol.stepper > li") == WON
    assert ara.texts("section[aria-labelledby=money] dl.figures > div") == [
        "금액 3,100만원",
        "원인행위액 3,050만원",
        "지출액 3,050만원",
    ]
    assert ara.texts("section[aria-labelledby=delivery] li") == [f"쉼터 준공 달성 {DAY}"]
    assert ara.texts("ol.life > li") == LIFE
    officer.open(FERRY_PAGE).judge("won")
    ara.page.locator(".menu > summary").click()
    ara.press("English", within=".menu-panel").judge("won-english")
    assert ara.texts("ol.stepper > li") == EN_WON
    money = ["Amount 31 million won", "Obligated 30.5 million won", "Spent 30.5 million won"]
    assert ara.texts("section[aria-labelledby=money] dl.figures > div") == money
