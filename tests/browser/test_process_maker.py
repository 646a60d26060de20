"""A new participatory budget for one village: from a card to a public page that a resident opens."""

import pytest
from chromium import DESK, PHONE

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

CODE = "B/ideas/2031-2"
PUBLIC, OFFICE, PLAN = f"/processes/{CODE}/", f"/desk/processes/{CODE}/", f"/desk/plans/{CODE}/"
REASON = "합성 사유: 비가 많이 와서 접수를 늘립니다."


def make(officer):
    officer.open("/desk/processes/").press("새 회차 만들기").judge("cards").press("달빛읍 주민참여예산")
    officer.fill(year="2031", title_ko="아골리 마을예산", title_en="Budget of Agol Village")
    officer.page.locator("[name=area]").select_option(label="아골리")
    officer.judge("card").press("초안 만들기")
    officer.fill(opens_1="2031-05-12", closes_1="2031-05-30", opens_5="2031-06-09", closes_5="2031-06-20")
    officer.press("계획 저장").fill(closes_1="2031-06-02").press("계획 저장").judge("plan-moved")
    assert officer.texts("p[role=status]") == [
        "1개 단계의 날짜를 함께 옮겼습니다. 아직 저장하지 않았으니, 날짜를 살펴본 뒤 저장해 주세요."
    ]
    assert [officer.page.locator(f"[name={name}_5]").input_value() for name in ("opens", "closes")] == [
        "2031-06-12",
        "2031-06-23",
    ]
    officer.press("계획 저장").press("시민에게 보이는 모습 미리보기").judge("preview")
    officer.press("계획으로 돌아가기")


def stages(visitor):
    return visitor.texts("ol.stepper > li")[:2]


@pytest.mark.parametrize(("width", "script"), [(PHONE, False), (DESK, True)])
def test_a_budget_for_a_village_is_made_opened_and_seen(visitor, width, script):
    officer, ara = visitor(width, script).sign_in("officer"), visitor(width, script)
    make(officer)
    assert ara.context.request.get(PUBLIC).status == 404
    officer.press("회차 공개하기").press("열기").press("단계 열기")

    ara.open("/programmes/B/").press("아골리 마을예산")
    assert stages(ara) == ["1 주민 제안 공모 진행 중 2031. 5. 12.(월) – 2031. 6. 2.(월)", "2 타당성 검토 시작 전"]
    ara.sign_in("ara").open(PUBLIC).press("주민 제안 공모").press("작성하기")
    ara.fill(title="합성 제안", content="합성 내용").press("다음").fill(cost="1000")
    ara.page.locator("[name=place]").select_option(label="아골리")
    ara.press("다음").press("제출하기")

    officer.open(PLAN).fill(closes_1="2031-06-06", reason=REASON).press("날짜 바꾸고 알리기").judge("days-moved")
    officer.press("날짜 바꾸고 알리기")
    ara.open(PUBLIC).judge("days-changed")
    assert stages(ara)[0] == "1 주민 제안 공모 진행 중 2031. 5. 12.(월) – 2031. 6. 6.(금)"
    assert ara.texts("section[aria-labelledby=changes] p") == ["2031. 5. 12.(월)", f"사유: {REASON}"]
    officer.open("/desk/bodies/").judge("bodies").press("주민예산 심사단").judge("body")
    officer.follow("main tbody a").judge("end-seat")
    assert ara.open("/my/").page.get_by_text("아골리 마을예산: 기간이 바뀌었습니다.").count() == 1
