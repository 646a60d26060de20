"""Pictures of the main pages at both widths, of a city loaded for them: docs/screenshots.

python tests/browser/screenshots.py      loads the demo city afresh and takes them all (./madang screenshots)
"""

import base64
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from chromium import DESK, PHONE, chromium, launch
from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "docs" / "screenshots"
# The same keys each time: codes and pseudonyms in the pictures stay what they are.
KEYS = dict.fromkeys(("MADANG_SECRET_KEY", "MADANG_VAULT_KEY"), "only-for-pictures-and-never-for-a-city")
MADANG = [sys.executable, "-m", "madang.cli", "demo"]
CITIZEN, OFFICER = "시민", "담당 공무원"
HEIGHTS, SHARPNESS = {PHONE: 780, DESK: 900}, {PHONE: 2, DESK: 1}
LONGEST, HEAVIEST = 60, 200_000
# A picture's name, who looks, where they start, and what they follow from there.
PICTURES = (
    ("home", "", "/", ""),
    ("matters", "", "/matters/", ""),
    ("matter", "", "/matters/1-2-proposals-2021-00063/", ""),
    ("process", "", "/processes/1-3/metro/2021/", ""),
    ("ballot", CITIZEN, "/", "main a[href^='/votes/']:not(.action-big)"),
    ("results", "", "/processes/1-3/metro/2021/", "main a[href^='/votes/allotments/']"),
    ("money", "", "/ledger/", ""),
    ("report", "", "/reports/council/", ""),
    ("my-page", CITIZEN, "/my/", ""),
    ("desk", OFFICER, "/desk/", ""),
)


def main() -> int:
    """Load, serve, look, and say what was made."""
    if chromium() is None:
        raise SystemExit("There is no Chromium on this machine; install Debian's package chromium.")
    home = ROOT / "var" / "screenshots"
    environment = {**os.environ, **KEYS, "MADANG_DEMO": "1", "MADANG_HOME": str(home), "PYTHONPATH": str(ROOT / "src")}
    environment.pop("DATABASE_URL", None)
    subprocess.run([*MADANG, "--fresh", "--no-serve"], cwd=ROOT, env=environment, check=True)
    FOLDER.mkdir(parents=True, exist_ok=True)
    for old in FOLDER.glob("*.webp"):
        old.unlink()
    with serving(environment) as site, sync_playwright() as playwright:
        browser = launch(playwright)
        for width in (PHONE, DESK):
            take(browser, site, width)
        browser.close()
    sizes = [file.stat().st_size for file in FOLDER.glob("*.webp")]
    if len(sizes) != 2 * len(PICTURES) or max(sizes) > HEAVIEST:
        raise SystemExit(f"{len(sizes)} pictures, the largest of {max(sizes)} bytes: some are missing or too heavy.")
    sys.stdout.write(f"{len(sizes)} pictures of {sum(sizes) // 1000} kB in {FOLDER.relative_to(ROOT)}.\n")
    return 0


@contextmanager
def serving(environment: dict[str, str]) -> Iterator[str]:
    """The site of the demo city on a free port, for as long as it is looked at."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    site = f"http://127.0.0.1:{port}"
    served = subprocess.Popen([*MADANG, "--port", str(port)], cwd=ROOT, env=environment, stdout=subprocess.DEVNULL)
    try:
        wait(f"{site}/healthz")
        yield site
    finally:
        served.terminate()
        served.wait()


def wait(address: str) -> None:
    """Until the site answers."""
    for _second in range(LONGEST):
        try:
            urlopen(address).close()  # noqa: S310 - our own site
            return
        except URLError:
            time.sleep(1)
    raise SystemExit(f"The site did not answer at {address} within {LONGEST} s.")


def take(browser: Browser, site: str, width: int) -> None:
    """All pictures of one width."""
    for name, role, start, onward in PICTURES:
        context = browser.new_context(
            base_url=site,
            viewport={"width": width, "height": HEIGHTS[width]},
            locale="ko-KR",
            reduced_motion="reduce",
            color_scheme="light",
        )
        # The order of a ballot is by chance for each visitor; this one always sees the same.
        context.add_cookies([{"name": "ballot_order", "value": "pictures", "url": site}])
        page = context.new_page()
        if role:
            page.goto("/demo/")
            page.get_by_role("button", name=f"들어가기: {role}", exact=True).click()
        page.goto(start)
        if onward:
            page.locator(onward).first.click()
        (FOLDER / f"{name}-{width}.webp").write_bytes(picture(page, width))
        context.close()


def picture(page: Page, width: int) -> bytes:
    """What the window shows, as WebP: of a phone in twice as many points."""
    page.wait_for_load_state("networkidle")
    clip = {"x": 0, "y": 0, "width": width, "height": HEIGHTS[width], "scale": SHARPNESS[width]}
    session = page.context.new_cdp_session(page)
    shown = session.send("Page.captureScreenshot", {"format": "webp", "quality": 82, "clip": clip})
    return base64.b64decode(shown["data"])


if __name__ == "__main__":
    sys.exit(main())
