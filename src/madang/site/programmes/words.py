"""What the verbs that this room writes into the record mean."""

from madang.site.kit.words import add_words

add_words(
    {
        "process.drafted": ("회차 초안을 만들었습니다", "A process was drafted"),
        "process.planned": ("단계의 날짜를 정했습니다", "The days of the stages were planned"),
        "process.published": ("회차를 공개했습니다", "A process was made public"),
        "process.discarded": ("회차 초안을 버렸습니다", "A draft of a process was discarded"),
    }
)
