"""The program that seals ballots, in Chromium, on a page of its own without a site."""

from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Route

from madang.ballots import Election

STATIC = Path(__file__).parents[2] / "src/madang/site/votes/static/votes"
ADDRESS = "https://booth.invalid/"
SEAL = """async ([raw, credential, answers, numbers]) => {
    const election = await sealing.readElection(new TextEncoder().encode(raw));
    const secret = await sealing.secretOf(election.group, election.uuid, credential);
    const waiting = numbers && numbers.map(BigInt);
    const made = await sealing.seal(election, secret, answers, waiting ? { draw: () => waiting.shift() } : {});
    return { ...made, secrets: made.secrets.map(String), waiting: waiting ? waiting.length : 0 };
}"""
REVEAL = """async ([raw, ballot, secrets]) => {
    const election = await sealing.readElection(new TextEncoder().encode(raw));
    const found = await sealing.reveal(election, ballot, secrets.map(BigInt)).catch(refused => refused);
    return found.rule || found;
}"""


class Sealer:
    """The module `sealing.js` in a page of Chromium."""

    def __init__(self, browser: Browser) -> None:
        self.page = browser.new_page()
        self.page.route(f"{ADDRESS}**", self._serve)
        self.page.goto(ADDRESS)
        self.page.evaluate("async () => { window.sealing = await import('/sealing.js'); }")

    def _serve(self, route: Route) -> None:
        path = STATIC / route.request.url.removeprefix(ADDRESS)
        if path.is_file():
            route.fulfill(body=path.read_bytes(), content_type="text/javascript")
        else:
            route.fulfill(body="<!doctype html><title>booth</title>", content_type="text/html")

    def run(self, script: str, given: Any = None) -> Any:
        """What a function of JavaScript answers."""
        return self.page.evaluate(script, given)

    def seal(
        self, election: Election, credential: str, answers: list[list[int]], numbers: list[str] | None = None
    ) -> dict[str, Any]:  # fmt: skip
        """A ballot, from the generator's numbers or from these."""
        return self.run(SEAL, [election.raw.decode(), credential, answers, numbers])

    def reveal(self, election: Election, ballot: str, secrets: list[str]) -> Any:
        """What a ballot says by the secrets it was made with, or the rule under which that is refused."""
        return self.run(REVEAL, [election.raw.decode(), ballot, secrets])
