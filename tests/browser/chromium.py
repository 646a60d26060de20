"""The machine's Chromium, and the two widths of a window that we look at."""

import shutil

from playwright.sync_api import Browser, Playwright

PHONE, DESK = 360, 1280
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def chromium() -> str | None:
    """Where the machine's Chromium is, if it has one."""
    return shutil.which("chromium")


def launch(playwright: Playwright) -> Browser:
    """Start the machine's Chromium."""
    return playwright.chromium.launch(executable_path=chromium(), args=ARGUMENTS)
