"""What the verbs that this room writes into the record mean."""

from madang.site.kit.words import add_words

add_words(
    {
        "lines.loaded": ("예산과목을 불러왔습니다", "Budget lines were loaded"),
        "line.forecast": ("집행 전망을 적었습니다", "A forecast was noted"),
        "entry.original": ("본예산을 편성했습니다", "The original budget was entered"),
        "entry.supplementary": ("추가경정예산을 편성했습니다", "A supplementary budget was entered"),
        "entry.carry_over": ("예산을 이월했습니다", "Money was carried over"),
        "entry.transfer": ("예산을 전용했습니다", "Money was transferred"),
        "entry.obligation": ("원인행위를 했습니다", "Money was obligated"),
        "entry.de_obligation": ("원인행위를 줄였습니다", "An obligation was released"),
        "entry.payment": ("대금을 지급했습니다", "A payment was made"),
        "entry.refund": ("지급한 돈을 돌려받았습니다", "A payment was refunded"),
        "obligation.requested": ("원인행위를 요청했습니다", "An obligation was requested"),
        "payment.requested": ("지급을 요청했습니다", "A payment was requested"),
        "correction.requested": ("분개 정정을 요청했습니다", "The correction of an entry was requested"),
        "release.requested": ("원인행위 감액을 요청했습니다", "The release of an obligation was requested"),
        "refund.requested": ("반납 처리를 요청했습니다", "The booking of a refund was requested"),
        "request.approved": ("요청을 승인했습니다", "A request was approved"),
        "request.refused": ("요청을 돌려보냈습니다", "A request was refused"),
        "request.withdrawn": ("요청을 거두어들였습니다", "A request was taken back"),
        "revenue.loaded": ("세입예산을 불러왔습니다", "The revenue budget was loaded"),
        "revenue.assessed": ("세입을 징수결정했습니다", "Revenue was assessed"),
        "revenue.collected": ("세입을 수납했습니다", "Revenue was collected"),
        "upload.read": ("파일을 읽어 들였습니다", "A file was read in"),
        "upload.posted": ("파일 내용을 장부에 적었습니다", "The rows of a file were written"),
        "upload.dropped": ("읽어 들인 파일을 버렸습니다", "A file was taken back"),
    }
)
