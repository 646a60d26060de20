"""What the verbs that this room writes into the record mean."""

from madang.site.kit.words import add_words

add_words(
    {
        "answer.asked": ("담당 부서에 답변을 요청했습니다", "A department was asked for an answer"),
        "matter.answered": ("담당 부서가 답변했습니다", "The department answered"),
        "matter.visited": ("시민이 현장을 점검했습니다", "A citizen looked at it on the spot"),
        "milestone.added": ("이행 일정이 추가되었습니다", "A milestone was added"),
        "milestone.reached": ("이행 일정을 마쳤습니다", "A milestone was reached"),
        "officials.reminded": ("담당자에게 기한을 다시 알렸습니다", "Officials were reminded of a deadline"),
    }
)
