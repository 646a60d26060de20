"""What the verbs that this room writes into the record mean."""

from madang.site.kit.words import add_words

add_words(
    {
        "matter.supported_for": (
            "창구에서 담당자가 시민을 대신해 공감을 표시했습니다",
            "An official noted the support of a citizen at the counter",
        ),
        "matter.supported": ("누군가 공감했습니다", "Somebody supports it"),
        "support.withdrawn": ("누군가 공감을 취소했습니다", "Somebody took their support back"),
        "comment.made": ("의견이 올라왔습니다", "Somebody commented"),
        "comment.liked": ("누군가 의견을 추천했습니다", "Somebody likes a comment"),
        "like.withdrawn": ("누군가 의견 추천을 취소했습니다", "Somebody likes a comment no more"),
        "comment.hidden": ("의견을 가렸습니다", "A comment was hidden"),
        "comment.reported": ("누군가 의견을 신고했습니다", "Somebody reported a comment"),
        "comment.kept": ("신고된 의견을 그대로 두었습니다", "A reported comment was kept"),
        "appeal.made": ("가린 의견에 이의를 제기했습니다", "Somebody objected to the hiding of a comment"),
        "appeal.upheld": (
            "이의를 받아들여 의견을 다시 보이게 했습니다",
            "The objection was upheld; the comment is shown again",
        ),
        "appeal.rejected": ("이의를 받아들이지 않았습니다", "The objection was rejected"),
        "forum.opened": ("토론이 열렸습니다", "A forum was opened"),
        "forum.closed": ("토론이 끝났습니다", "A forum was closed"),
    }
)
