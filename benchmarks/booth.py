"""How long a browser takes to encrypt a ballot: in Chromium, up to 5 of 54, with the program that the booth runs.

Run: python benchmarks/booth.py [--ballots N] [--slower FACTOR]. Wall time of one ballot each, the median of N; a phone
of the middle class is told by `--slower 6`, by which Chromium slows its processor down.
"""

import argparse
import statistics
import tempfile
from pathlib import Path

from playwright.sync_api import Route, sync_playwright

from madang import ballots
from madang.ballots.rehearsing import trustees

STATIC = Path(__file__).parents[1] / "src/madang/site/votes/static/votes"
ADDRESS, CHROMIUM = "https://booth.invalid/", "/usr/bin/chromium"
PICKS = [3, 17, 20, 41, 54]
RUN = """async ([raw, credential, picks, count]) => {
    const started = performance.now();
    const sealing = await import("/sealing.js");
    const election = await sealing.readElection(new TextEncoder().encode(raw));
    const ready = performance.now() - started;
    const times = [];
    let size = 0;
    for (let turn = 0; turn < count; turn += 1) {
        const begun = performance.now();
        const secret = await sealing.secretOf(election.group, election.uuid, credential);
        size = (await sealing.seal(election, secret, [picks])).raw.length;
        times.push(performance.now() - begun);
    }
    return { ready, times, size };
}"""


def serve(route: Route) -> None:
    """The files of the booth, without a site."""
    path = STATIC / route.request.url.removeprefix(ADDRESS)
    if path.is_file():
        route.fulfill(body=path.read_bytes(), content_type="text/javascript")
    else:
        route.fulfill(body="<!doctype html><title>booth</title>", content_type="text/html")


def election(folder: Path, name: str) -> tuple[str, str]:
    """A synthetic election of one shuffled question, and a credential of it."""
    own, uuid = ballots.group(name), ballots.new_token()
    credential, public = ballots.draw_credential(own, uuid)
    slots = ballots.Question("up to 5 of 54", tuple(map(str, range(1, len(PICKS) + 1))), shuffled=True)
    made = ballots.set_up(
        folder / f"{uuid}.bel", group_name=name, uuid=uuid, name="synthetic", description="synthetic",
        questions=[slots], trustees=trustees(own, None).items, credentials=[public], timestamp=1, sync=False,
    )  # fmt: skip
    return made.raw.decode(), credential


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--ballots", type=int, default=20)
    parser.add_argument("--slower", type=float, default=1)
    options = parser.parse_args()
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as folder:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        for name in ("Ed25519", "RFC-3526-2048"):
            page = browser.new_page()
            page.route(f"{ADDRESS}**", serve)
            page.goto(ADDRESS)
            session = page.context.new_cdp_session(page)
            session.send("Emulation.setCPUThrottlingRate", {"rate": options.slower})
            found = page.evaluate(RUN, [*election(Path(folder), name), PICKS, options.ballots])
            first, rest = found["times"][0], statistics.median(found["times"][1:])
            print(
                f"{name}: loaded and election read in {found['ready']:.0f} ms; the first ballot in {first:.0f} ms,"
                f" others in {rest:.0f} ms; {found['size']:,} bytes"
            )
            page.close()
        browser.close()


if __name__ == "__main__":
    main()
