"""What the verbs that this room writes into the record mean."""

from madang.site.kit.words import add_words

add_words(
    {
        "person.opened": ("계정을 열었습니다", "An account was opened"),
        "person.renamed": ("표시 이름을 바꿨습니다", "Somebody changed their public name"),
        "person.forgotten": ("계정과 개인정보를 지웠습니다", "An account was erased"),
        "people.registered": ("사람들을 등록했습니다", "People were registered"),
        "identity.verified": ("본인확인을 마쳤습니다", "Somebody verified their identity"),
        "claims.granted": ("자격을 확인했습니다", "Claims were granted"),
        "body.appointed": ("위원을 위촉했습니다", "Members of a body were appointed"),
        "role.given": ("역할을 맡겼습니다", "A role was given"),
        "role.ended": ("역할을 거두었습니다", "A role was ended"),
        "seat.ended": ("위원의 임기를 마쳤습니다", "A seat was ended"),
        "identity.noted": ("창구에서 본인확인을 하였습니다", "An identity was checked at the counter"),
        "identities.forgotten": (
            "기한이 지난 본인확인 정보를 지웠습니다",
            "Identity checks that were over were deleted",
        ),
        "visitor.checked": ("계정 없이 본인확인을 마쳤습니다", "Somebody without an account verified their identity"),
        "letters.printed": ("본인확인 편지를 인쇄하였습니다", "Letters with codes were printed"),
    }
)
