"""What the verbs of this room mean."""

from madang.site.kit.words import add_words

add_words(
    {
        "file.taken": (
            "담당자가 개인정보가 든 목록을 파일로 내려받았습니다",
            "An official took a list with personal data as a file",
        ),
    }
)
