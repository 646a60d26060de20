"""What the record's verbs mean in words: each room brings the texts of the verbs it writes."""

from collections.abc import Mapping

from madang.site.kit.language import pick

_words: dict[str, tuple[str, str]] = {}


def add_words(words: Mapping[str, tuple[str, str]]) -> None:
    """Bring texts of verbs, each in Korean and English; a second text for a verb is a programming error."""
    for verb, texts in words.items():
        if _words.setdefault(verb, texts) != texts:
            raise ValueError(f"The verb {verb} has two texts.")


def words_of(verb: str) -> str:
    """What a verb of the record means, in the reader's language; the verb itself where no room brings a text."""
    return pick(*_words[verb]) if verb in _words else verb


def known() -> frozenset[str]:
    """The verbs that have a text."""
    return frozenset(_words)
