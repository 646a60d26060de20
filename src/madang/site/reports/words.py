"""What the verbs that this room writes into the record mean."""

from madang.site.kit.words import add_words

add_words(
    {
        "figure.observed": ("지표 값을 적었습니다", "A figure was noted"),
        "report.reworded": ("보고서 문안을 고쳤습니다", "A text of a report was reworded"),
        "report.frozen": ("보고서를 제출본으로 확정했습니다", "A report was handed in"),
    }
)
