"""Events hashed per second by `madang.chain.event_hash`, beside the physical limit: hashlib alone on the same bytes.

Run: python benchmarks/chain.py
"""

import time
from collections.abc import Callable
from hashlib import sha256

from madang.chain import GENESIS, canonical, event_hash

EVENTS = 60_000


def body(number: int) -> dict[str, object]:
    """A small synthetic event, as an action writes it."""
    return {
        "at": "2021-08-28T01:02:03.000000Z",
        "verb": "matter.supported",
        "actor": f"p-{number:08x}",
        "subject": f"matter:{number}",
        "data": {"stage": 3, "supports": number, "reply": "검토하겠습니다"},
    }


def seconds(run: Callable[[], object]) -> float:
    """The best CPU time of three runs."""
    taken = []
    for _ in range(3):
        start = time.process_time()
        run()
        taken.append(time.process_time() - start)
    return min(taken)


def chained(bodies: list[dict[str, object]] | list[bytes]) -> str:
    previous = GENESIS
    for number, content in enumerate(bodies, 1):
        previous = event_hash(book="2021-1-2", number=number, previous=previous, body=content)
    return previous


def main() -> None:
    bodies = [body(number) for number in range(1, EVENTS + 1)]
    serialised = [canonical(content) for content in bodies]
    head = f"madang-event-1\n2021-1-2\n12345\n{GENESIS}\n".encode()
    whole = [head + content for content in serialised]
    limit = seconds(lambda: [sha256(content).hexdigest() for content in whole])
    print(f"{EVENTS:,} events of {len(whole[0])} bytes, CPU time, best of 3")
    for name, taken in [
        ("hashlib alone (the limit)", limit),
        ("event_hash, bytes given", seconds(lambda: chained(serialised))),
        ("event_hash, dict given", seconds(lambda: chained(bodies))),
    ]:
        print(f"{name:26} {EVENTS / taken:12,.0f} events/s {taken / EVENTS * 1e6:6.2f} us  ratio {taken / limit:5.2f}")


if __name__ == "__main__":
    main()
