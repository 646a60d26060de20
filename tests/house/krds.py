"""The design system of the Korean government: what of it our stylesheet uses, and the file that pages bring.

python tests/house/krds.py       writes kit/static/krds.css anew from kit/krds and our stylesheets
"""

import re
import sys
from pathlib import Path

KIT = Path(__file__).resolve().parents[2] / "src" / "madang" / "site" / "kit"
TOKENS, ICONS = KIT / "krds" / "krds_tokens.css", KIT / "krds" / "icons"
STYLES, SERVED = [KIT / "static" / name for name in ("madang.css", "desk.css")], KIT / "static" / "krds.css"
HEAD = (
    "/* Tokens and icons of KRDS (krds-uiux 1.1.0) that madang.css uses; made by tests/house/krds.py, see kit/krds. */"
)


def styles() -> str:
    """Our stylesheets, one after the other."""
    return "".join(file.read_text(encoding="utf-8") for file in STYLES)


def tokens() -> dict[str, str]:
    """Every token of the design system with its value."""
    return dict(re.findall(r"(--krds-[\w-]+):\s*([^;]+);", TOKENS.read_text(encoding="utf-8")))


def used(style: str) -> tuple[list[str], list[str]]:
    """The tokens and the icons that a stylesheet names."""
    names = sorted(set(re.findall(r"var\((--(?:krds|icon)-[\w-]+)\)", style)))
    return [name for name in names if name.startswith("--krds-")], [name for name in names if "--icon-" in name]


def value(name: str, known: dict[str, str]) -> str:
    """What a token comes to; tokens that stand for others are followed."""
    found = known[name]
    return value(found[4:-1], known) if found.startswith("var(") else found


def drawn(name: str) -> str:
    """An icon as an address that needs no further request; its outline to a hundredth of a pixel."""
    text = (ICONS / f"ico_{name.removeprefix('--icon-').replace('-', '_')}.svg").read_text(encoding="utf-8")
    text = re.sub(r"\d+\.\d{3,}", lambda number: f"{float(number[0]):.2f}".rstrip("0").rstrip("."), text)
    packed = re.sub(r">\s+<", "><", " ".join(text.split())).replace('"', "'").replace("#", "%23")
    return f'url("data:image/svg+xml,{packed}")'


def served() -> str:
    """The file that pages bring: no token and no icon more than the stylesheet names."""
    names, icons = used(styles())
    known = tokens()
    lines = [f"{name}:{value(name, known)};" for name in names] + [f"{name}:{drawn(name)};" for name in icons]
    return "\n".join([HEAD, ":root{", *lines, "}", ""])


if __name__ == "__main__":
    SERVED.write_text(served(), encoding="utf-8")
    sys.exit(0)
