"""Every text has its Korean, and the compiled texts are those of the catalogues."""

import re

import texts

PLACE = re.compile(r"%\(\w+\)[sd]|%[sd]")


def test_every_message_has_a_korean_text():
    known = texts.translated()
    missing = sorted(f"{file}: {message}" for message, file in texts.used().items() if message not in known)
    assert missing == []


def test_each_site_has_the_texts_of_its_own_rooms():
    """The registrar's is a site of its own: it does not know the catalogues of the city's rooms, nor they its."""
    of_the_registrar = {"registrar", "kit", "record", "people"}
    alone = set(texts.used(lambda room: room == "registrar"))
    assert alone - texts.translated(lambda room: room in of_the_registrar) == set()
    others = set(texts.used(lambda room: room != "registrar"))
    assert others - texts.translated(lambda room: room != "registrar") == set()


def test_the_compiled_texts_are_up_to_date():
    stale = [
        str(po.relative_to(texts.SITE))
        for po in texts.catalogues()
        if not po.with_suffix(".mo").exists() or po.with_suffix(".mo").read_bytes() != texts.compiled(po)
    ]
    assert stale == [], "run ./madang translations"


def test_no_catalogue_says_the_same_thing_twice():
    # A careless merge doubles entries; then somebody corrects one of them, and the other one counts.
    begins = re.compile(r"^msgid (.+?)(?=^msgid_plural |^msgstr)", re.MULTILINE | re.DOTALL)
    doubled = []
    for po in texts.catalogues():
        ids = [found.strip() for found in begins.findall(po.read_text(encoding="utf-8"))]
        doubled += [f"{po.parts[-5]}: {one}" for one in sorted(set(ids)) if ids.count(one) > 1]
    assert doubled == []


def _texts(message):
    """The English and the Korean texts of a message, each with its plural."""
    ids = message.id if isinstance(message.id, tuple | list) else (message.id,)
    strings = message.string if isinstance(message.string, tuple | list) else (message.string,)
    return ids, strings


def test_korean_texts_have_no_place_that_the_english_ones_lack():
    wrong = []
    for po in texts.catalogues():
        for ids, strings in (_texts(message) for message in texts.read(po) if message.id):
            places = {place for text in ids for place in PLACE.findall(text)}
            wrong += [f"{po.parts[-5]}: {text}" for text in strings if text and set(PLACE.findall(text)) - places]
    assert wrong == []


def test_a_message_has_the_same_korean_text_in_every_room():
    """Catalogues are merged at run time, so the last room would change the words of the others."""
    found: dict[tuple[str | None, str], dict[str, list[str]]] = {}
    for file in texts.catalogues():
        for message in texts.read(file):
            if message.id:
                first = message.id if isinstance(message.id, str) else message.id[0]
                words = found.setdefault((message.context, first), {})
                words.setdefault(str(message.string), []).append(file.parts[-5])
    assert {message: words for message, words in found.items() if len(words) > 1} == {}
