"""Appeal of a moderation: a report, one button, the author's objection, a second person, the public log."""

import pytest
from chromium import DESK, PHONE

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PUBLIC, MATTER = "/processes/B/ideas/2031/", "/matters/B-ideas-2031-00001/"
MODERATION, LOG = "/desk/forums/moderation/", "/forums/moderation/"
RUDE, INSULT = "합성 문장: 이 제안을 낸 사람은 생각이 없다.", "누군가를 모욕하거나 위협합니다"
OBJECTION, UPHELD = "제안의 빈틈을 말했을 뿐입니다.", "사람이 아니라 제안을 두고 한 말입니다."


def file_idea(visitor, officer):
    officer.open("/desk/processes/B/ideas/2031/").press("열기").press("단계 열기")
    visitor.open(PUBLIC).press("주민 제안 공모").press("작성하기")
    visitor.fill(title="나루터 쉼터", content="비를 피할 쉼터를 짓는다.").press("다음").fill(cost="1000")
    visitor.press("다음").press("제출하기")


@pytest.mark.parametrize(("width", "script"), [(PHONE, False), (DESK, True)])
def test_a_hidden_comment_is_objected_to_and_shown_again(visitor, width, script):
    officer, head = (visitor(width, script).sign_in(name) for name in ("officer", "head"))
    ara, bom, cho = (visitor(width, script).sign_in(name) for name in ("ara", "bom", "cho"))
    file_idea(ara, officer)

    bom.open(MATTER).press("공감하고 의견 쓰기").fill(text=RUDE)
    bom.page.get_by_label("반대", exact=True).check()
    bom.press("올리기")
    debate = bom.page.url
    cho.open(debate).judge("debate").press("신고하기")
    cho.page.get_by_label(INSULT).check()
    cho.judge("report").press("신고하기")

    officer.open("/desk/").press(RUDE).judge("moderation").press(f"가리기: {INSULT}")
    assert officer.texts(".notice-success") == ["댓글을 가리고 작성자에게 사유를 알렸습니다."]
    assert RUDE not in cho.open(debate).text("main")
    assert "신고하신 댓글을 가렸습니다." in cho.open("/my/").text("main")

    bom.open("/my/").press(f"댓글을 가렸습니다: {INSULT}").judge("hidden")
    # What is sent without a word is asked for again, beside the field and at the top.
    bom.press("이의신청").judge("objection-refused")
    assert len(bom.texts("main .error")) == 1
    bom.fill(text=OBJECTION).press("이의신청")
    assert OBJECTION in bom.text("main")

    officer.open(MODERATION).press(OBJECTION)
    assert "결정합니다" in officer.text("main .notice-warn")
    head.open(MODERATION).press(OBJECTION).judge("decide-objection")
    head.page.get_by_label("인용: 댓글을 다시 보입니다").check()
    head.fill(reason=UPHELD).press("결정하기")

    assert RUDE in cho.open(debate).text("main")
    log = visitor(width, script).open(LOG).judge("log").text("main")
    assert (INSULT in log, UPHELD in log, RUDE in log) == (True, True, False)
    assert f"댓글 이의신청 인용: {UPHELD}" in bom.open("/my/").text("main")
