"""What the verbs that this room writes into the record mean."""

from madang.site.kit.words import add_words

add_words(
    {
        "draw.planned": ("추첨 배분 기준을 바꾸었습니다", "The quotas of a draw were changed"),
        "draw.frozen": ("추첨 대상 명단을 확정했습니다", "The list for the draw was frozen"),
        "draw.drawn": ("추첨했습니다", "Lots were drawn"),
        "draw.reserves_called": ("예비 후보를 불렀습니다", "Reserves were called"),
        "seat.accepted": ("위촉을 수락했습니다", "Somebody accepted the seat"),
        "seat.declined": ("위촉을 사양했습니다", "Somebody declined the seat"),
    }
)
