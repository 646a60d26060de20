"""What the verbs that this room writes into the record mean."""

from madang.site.kit.words import add_words

add_words(
    {
        "city.loaded": ("도시 자료를 불러왔습니다", "The city's data were loaded"),
    }
)
