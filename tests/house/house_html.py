"""Whether a page is valid HTML: the parser of the standard, and the rules of it that no parser enforces."""

import re
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache
from typing import Any
from xml.etree.ElementTree import Element

from tinyhtml5.parser import HTMLParser


def words(listed: str) -> set[str]:
    """The words of a line."""
    return set(listed.split())


PHRASING = words(
    "a abbr b bdi br button cite code data del em i img input ins kbd label mark noscript output progress s samp "
    "script select small span strong sub sup svg textarea time u var wbr"
)
# What may hold text and inline elements only.
INLINE_ONLY = words("p h1 h2 h3 h4 h5 h6 span label button strong em b i code pre small time data summary legend")
CHILDREN = {
    "ul": {"li"}, "ol": {"li"}, "dl": {"dt", "dd", "div"}, "tr": {"td", "th"}, "tbody": {"tr"}, "thead": {"tr"},
    "table": {"caption", "colgroup", "thead", "tbody", "tfoot"}, "colgroup": {"col"}, "select": {"option", "optgroup"},
}  # fmt: skip
KNOWN = PHRASING | INLINE_ONLY | set(CHILDREN) | set().union(*CHILDREN.values())
KNOWN |= words(
    "html head body title meta link header footer nav main section article aside div form fieldset details figure "
    "figcaption blockquote hr iframe"
)
ATTRIBUTES = words(
    "id class lang dir title hidden tabindex role href rel type src defer charset name content value action method "
    "enctype novalidate for placeholder required checked selected disabled readonly multiple accept maxlength "
    "minlength min max step pattern autocomplete inputmode rows cols size scope colspan rowspan headers datetime "
    "open download alt width height start reversed form autofocus autocapitalize spellcheck autocorrect target "
    "formaction formnovalidate sizes list label media popover popovertarget popovertargetaction integrity"
)
REFERENCES = ("for", "aria-labelledby", "aria-describedby", "aria-controls", "headers", "form", "popovertarget")
INTERACTIVE = ("a", "button", "select", "textarea", "label", "details")
FIELDS = ("input", "select", "textarea")
ROLES = words("alert dialog group img list none note presentation region search status timer")
TOKEN = re.compile(r'(?<=name="csrfmiddlewaretoken" value=")\w+')
CURRENT = ("page", "step", "location", "date", "time", "true", "false")


def faults_of(answer: Any) -> list[str]:
    """What is wrong with what the site answered; nothing for what is no page."""
    kind = answer.headers.get("Content-Type", "")
    if answer.streaming or not answer.content or not kind.startswith("text/html") or answer.status_code == 405:
        return []
    # A file to keep brings its style with it, since it is read away from the site.
    if answer.headers.get("Content-Disposition", "").startswith("attachment") or "Content-Encoding" in answer.headers:
        return []
    return list(faults(TOKEN.sub("", answer.content.decode())))


@lru_cache(maxsize=4096)
def faults(html: str) -> tuple[str, ...]:
    """What is wrong with a page, each as a sentence; nothing for a valid one."""
    parser = HTMLParser(namespace_html_elements=False)
    root = parser.parse(html)
    lines = html.splitlines() or [""]
    told = [
        f"{code} {details or ''} at: {lines[min(line, len(lines)) - 1].strip()[max(column - 80, 0) : column + 20]}"
        for (line, column), code, details in parser.errors
    ]
    nodes = [node for node in _html(root) if isinstance(node.tag, str)]
    for rule in (_whole, _references, _headings, _tables, _structure, _attributes, _names, _refusals):
        told += list(rule(root, nodes))
    return tuple(told)


def _html(root: Element) -> Iterator[Element]:
    """Every element but those inside drawings, which have a standard of their own."""
    yield root
    if _tag(root) != "svg":
        for child in root:
            yield from _html(child)


def _tag(node: Element) -> str:
    return node.tag.rpartition("}")[2] if isinstance(node.tag, str) else ""


def _text(node: Element) -> str:
    return " ".join("".join(node.itertext()).split())


def _shown(node: Element) -> str:
    kept = {name: value for name, value in node.items() if name in ("id", "name", "class", "href", "action")}
    return f"<{_tag(node)} {kept}> {_text(node)[:40]}".strip()


def _whole(root: Element, nodes: list[Element]) -> Iterator[str]:
    """A language, a title, one main part, and each id once."""
    if not root.get("lang"):
        yield "The page does not say its language."
    titles = [node for node in nodes if _tag(node) == "title"]
    if len(titles) != 1 or not _text(titles[0]).partition("|")[0].strip():
        yield "The page has no title of its own."
    if sum(_tag(node) == "main" for node in nodes) != 1:
        yield "The page has not exactly one <main>."
    ids = Counter(node.get("id") for node in nodes if node.get("id") is not None)
    yield from (f"The id {name!r} is there {count} times." for name, count in ids.items() if count > 1)
    yield from (f"The id {name!r} is empty or has a space." for name in ids if not re.fullmatch(r"\S+", name or ""))


def _references(root: Element, nodes: list[Element]) -> Iterator[str]:
    """What points to an id must find it."""
    ids = {node.get("id") for node in nodes}
    for node in nodes:
        for name in REFERENCES:
            missing = [target for target in (node.get(name) or "").split() if target not in ids]
            yield from (f"{name} of {_shown(node)} points to no id: {target}" for target in missing)
        if (link := node.get("href") or "").startswith("#") and link[1:] not in ids:
            yield f"There is no {link} on the page: {_shown(node)}"


def _headings(root: Element, nodes: list[Element]) -> Iterator[str]:
    """One h1, no level left out, none without words."""
    found = [node for node in nodes if re.fullmatch("h[1-6]", _tag(node))]
    levels = [int(_tag(node)[1]) for node in found]
    if levels[:1] != [1] or levels.count(1) != 1:
        yield f"The headings do not begin with the only h1: {levels}"
    pairs = zip(found[1:], levels, levels[1:], strict=False)
    yield from (f"A level is left out before {_shown(node)}" for node, before, level in pairs if level > before + 1)
    yield from (f"A heading has no words: {_shown(node)}" for node in found if not _text(node))


def _tables(root: Element, nodes: list[Element]) -> Iterator[str]:
    """A caption first, a scope for each head, rows of one width."""
    for table in (node for node in nodes if _tag(node) == "table"):
        if not len(table) or _tag(table[0]) != "caption" or not _text(table[0]):
            yield f"A table has no caption: {_shown(table)}"
        for row in table.iter("tr"):
            yield from (f"No scope: {_shown(cell)}" for cell in row if _tag(cell) == "th" and not cell.get("scope"))
        widths = {sum(int(cell.get("colspan", "1")) for cell in row) for row in table.iter("tr")}
        if len(widths) > 1 and not any(cell.get("rowspan") for row in table.iter("tr") for cell in row):
            yield f"Rows of different widths {sorted(widths)}: {_shown(table)}"


def _structure(root: Element, nodes: list[Element]) -> Iterator[str]:
    """Which element may stand in which."""
    for node in nodes:
        tag = _tag(node)
        if tag not in KNOWN:
            yield f"There is no element {tag}: {_shown(node)}"
        allowed = CHILDREN.get(tag) or (PHRASING if tag in INLINE_ONLY else None)
        if tag in ("summary", "legend") and allowed:
            allowed = allowed | {"h2", "h3", "h4"}
        if allowed is not None and tag != "svg":
            wrong = [child for child in node if _tag(child) and _tag(child) not in allowed | {"script", "template"}]
            yield from (f"<{_tag(child)}> may not stand in {_shown(node)}" for child in wrong)
        if tag in ("ul", "ol", "dl") and not len(node):
            yield f"A list is empty: {_shown(node)}"
        if tag in ("a", "button"):
            inner = [child for child in node.iter() if child is not node and _tag(child) in INTERACTIVE]
            yield from (f"<{_tag(child)}> may not stand in {_shown(node)}" for child in inner)


def _attributes(root: Element, nodes: list[Element]) -> Iterator[str]:
    """No attribute that is unknown, empty where it may not be, or against the policy for styles and scripts."""
    for node in nodes:
        if _tag(node) == "svg":
            continue
        for name, value in node.items():
            if name == "style" or name.startswith("on"):
                yield f"Styles and scripts belong into files: {name} of {_shown(node)}"
            elif name not in ATTRIBUTES and not name.startswith(("data-", "aria-")):
                yield f"There is no attribute {name}: {_shown(node)}"
            elif name in ("id", "for", "href", "name", "class") and not value.strip():
                yield f"{name} is empty: {_shown(node)}"
        if node.get("role", "group") not in ROLES:
            yield f"Unknown role {node.get('role')}: {_shown(node)}"
        if node.get("aria-current", "true") not in CURRENT:
            yield f"Unknown aria-current: {_shown(node)}"
        if _tag(node) in ("div", "span", "p") and not node.get("role") and node.get("aria-label"):
            yield f"A name is not heard without a role: {_shown(node)}"
        # A block of JSON is data: no browser runs it.
        runs = _tag(node) == "script" and not node.get("src") and node.get("type") != "application/json"
        if runs or _tag(node) == "style":
            yield f"Styles and scripts belong into files: {_shown(node)}"


def _names(root: Element, nodes: list[Element]) -> Iterator[str]:
    """Every field, link and button says what it is."""
    labels = [node for node in nodes if _tag(node) == "label"]
    named = {node.get("for") for node in labels if _text(node)}
    inside = {id(child) for node in labels if _text(node) for child in node.iter()}
    for node in nodes:
        tag, spoken = _tag(node), node.get("aria-label") or node.get("aria-labelledby")
        if tag in FIELDS and node.get("type") not in ("hidden", "submit"):
            if not (spoken or node.get("id") in named - {None} or id(node) in inside):
                yield f"A field has no label: {_shown(node)}"
        elif tag in ("a", "button", "summary") and not (spoken or _text(node)):
            yield f"Nothing says what this does: {_shown(node)}"
        elif tag == "img" and node.get("alt") is None:
            yield f"A picture has no alt: {_shown(node)}"


def _refusals(root: Element, nodes: list[Element]) -> Iterator[str]:
    """A field that was refused says why beside itself; above a form that was sent, a summary leads to it."""
    reasons = {node.get("id") for node in nodes if "error" in (node.get("class") or "").split()}
    alerts = [node for node in nodes if node.get("role") == "alert"]
    links = {link.get("href") for alert in alerts for link in alert.iter("a")}
    groups = [node for node in nodes if _tag(node) == "fieldset"]
    filters = [child for node in nodes if node.get("method") == "get" for child in node.iter()]
    for node in nodes:
        if node.get("aria-invalid") != "true":
            continue
        around = [node, *(group for group in groups if any(child is node for child in group.iter()))]
        if not reasons & {told for one in around for told in (one.get("aria-describedby") or "").split()}:
            yield f"Nothing beside the field says why it was refused: {_shown(node)}"
        if (
            node not in filters
            and not {f"#{node.get('id')}", f"#{re.sub('_[0-9]+$', '', node.get('id') or '')}"} & links
        ):
            yield f"No summary leads to the refused field: {_shown(node)}"
