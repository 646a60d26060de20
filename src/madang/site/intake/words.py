"""What the verbs that this room writes into the record mean."""

from madang.site.kit.words import add_words

add_words(
    {
        "forms.loaded": ("양식을 불러왔습니다", "Forms were loaded"),
        "draft.saved": ("초안을 저장했습니다", "A draft was saved"),
        "draft.discarded": ("초안을 지웠습니다", "A draft was discarded"),
        "matter.entered_for": (
            "담당자가 창구에서 시민의 동의를 받아 대신 접수했습니다",
            "An official entered it at the counter, with the citizen's consent",
        ),
        "matter.revised": ("내용을 고쳤습니다", "The text was revised"),
        "matter.merged": ("다른 안건과 합쳤습니다", "It was merged with another matter"),
        "personal.read": ("담당자가 연락처를 열어 보았습니다", "An official read personal answers"),
        "personal.forgotten": (
            "보관 기한이 지난 개인정보를 지웠습니다",
            "Personal answers whose time was over were deleted",
        ),
        "author.forgotten": ("제안자의 개인정보를 지웠습니다", "What the author entrusted was deleted"),
    }
)
