"""What the verbs that this room writes into the record mean."""

from madang.site.kit.words import add_words

add_words(
    {
        "matter.referred": ("담당 부서로 넘겼습니다", "It was referred to a department"),
        "matter.costed": ("비용을 산정했습니다", "Its cost was estimated"),
        "costing.checked": ("산정한 비용을 다시 확인했습니다", "A second look was taken at its estimate"),
        "matter.ruled": ("검토 결과를 정했습니다", "The screening was decided"),
        "ruling.undone": ("검토 결과를 되돌렸습니다", "A ruling was taken back"),
        "screening.paused": ("보완을 기다리며 검토를 멈췄습니다", "The screening was paused"),
        "screening.resumed": ("검토를 다시 시작했습니다", "The screening went on"),
        "review.assigned": ("심사위원에게 나누어 맡겼습니다", "Reviewers were assigned"),
        "review.recused": ("심사위원이 심사에서 빠졌습니다", "A reviewer stepped back"),
        "review.reminded": ("심사위원에게 기한을 다시 알렸습니다", "Reviewers were reminded"),
        "sheet.submitted": ("심사표를 냈습니다", "A score sheet was handed in"),
        "review.scoring_ended": ("채점을 마감했습니다", "The scoring ended"),
        "sheet.sent_back": ("채점표를 위원에게 되돌려 보냈습니다", "A score sheet was sent back to its reviewer"),
        "sheet.kept": (
            "되돌려 보낸 채점표를 그대로 두기로 했습니다",
            "A score sheet sent back counts as it was",
        ),
        "letters.prepared": ("결과 안내문을 준비했습니다", "Letters about the results were prepared"),
        "letter.changed": ("결과 안내문을 고쳤습니다", "A letter was corrected"),
        "letters.sent": ("결과 안내문을 보냈습니다", "Letters about the results were sent"),
        "review.published": ("심사 결과를 공개했습니다", "The results of a review were published"),
        "motion.carried": ("안이 가결되었습니다", "A motion was carried"),
        "motion.lost": ("안이 부결되었습니다", "A motion was lost"),
        "objection.made": ("이의를 신청했습니다", "Somebody objected"),
        "objection.decided": ("이의신청을 결정했습니다", "An objection was decided"),
    }
)
