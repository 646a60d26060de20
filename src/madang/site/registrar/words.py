"""What the verbs that the registrar writes into its record mean."""

from madang.site.kit.words import add_words

add_words(
    {
        "credentials.made": ("투표 열쇠를 만들었습니다", "Credentials were made"),
        "credential.given": ("투표 열쇠를 내주었습니다", "A credential was handed out"),
        "credentials.closed": (
            "아무도 찾아가지 않은 투표 열쇠를 모두 파기했습니다",
            "The credentials nobody had asked for were destroyed",
        ),
        "holders.destroyed": (
            "누가 투표 열쇠를 받았는지의 기록을 파기했습니다",
            "The list of who had a credential was destroyed",
        ),
    }
)
