"""One look: templates use the classes of our stylesheets, and the gallery shows every component."""

import re

import krds
from sources import SOURCE, name_of

SITE = SOURCE / "site"
TEMPLATES = sorted(SITE.rglob("templates/**/*.html"))
GALLERY = SITE / "kit" / "templates" / "kit" / "gallery.html"
TAG = re.compile(r"{%.*?%}|{{.*?}}", re.DOTALL)


def classes() -> set[str]:
    """The classes that the stylesheets know."""
    text = re.sub(r'"[^"]*"', "", krds.styles())
    return set(re.findall(r"\.([a-z][a-z0-9-]*)", text))


def strange(template: str) -> list[str]:
    """The classes of a template that the stylesheet does not know; of one that is put together, its beginning."""
    known = classes()
    found = []
    for value in re.findall(r'\bclass="([^"]*)"', TAG.sub("\0", template)):
        for word in value.split():
            first = word.strip("\0").partition("\0")[0]
            if first and first not in known and not any(one.startswith(first) for one in known if "\0" in word):
                found.append(first)
    return found


def test_pages_bring_the_tokens_and_icons_that_the_stylesheet_names():
    assert krds.SERVED.read_text(encoding="utf-8") == krds.served(), "run: .venv/bin/python tests/house/krds.py"
    _names, icons = krds.used(krds.styles())
    assert sorted(file.stem for file in krds.ICONS.iterdir()) == [
        f"ico_{name.removeprefix('--icon-').replace('-', '_')}" for name in icons
    ]


def test_a_token_that_stands_for_another_is_followed():
    known = {"--a": "var(--b)", "--b": "var(--c)", "--c": "#fff"}
    assert [krds.value(name, known) for name in known] == ["#fff"] * 3


def test_nothing_is_too_small_to_read():
    # 1rem is 10 px.
    sizes = re.findall(
        r"font-size:(\d*\.?\d+)(rem|px)(?=[;}])", re.sub(r"@media print.*?\n}", "", krds.styles(), flags=re.DOTALL)
    )
    assert [size for size, unit in sizes if float(size) < (1.3 if unit == "rem" else 14)] == []


def test_every_variable_of_the_stylesheet_has_a_value():
    texts = [krds.styles(), krds.SERVED.read_text(encoding="utf-8")]
    given = set(re.findall(r"(--[\w-]+):", "".join(texts)))
    assert set(re.findall(r"var\((--[\w-]+)", texts[0])) - given == set()


def test_templates_use_no_class_that_the_stylesheet_does_not_know():
    assert {name_of(file): found for file in TEMPLATES if (found := strange(file.read_text(encoding="utf-8")))} == {}


def test_an_unknown_class_is_found():
    assert strange('<p class="lead own-look">') == ["own-look"]
    assert strange('<p class="badge badge-{{ kind }} own-{{ kind }}">') == ["own-"]
    assert strange('<p class="step step-{% if here %}open{% else %}closed{% endif %}">') == []


def test_the_gallery_shows_every_component():
    components = {file.stem.replace("_", "-") for file in TEMPLATES if file.parent.name == "cotton"}
    shown = set(re.findall(r"<c-([a-z-]+)", GALLERY.read_text(encoding="utf-8")))
    assert sorted(components - shown) == []
