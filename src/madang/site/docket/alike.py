"""Matters whose titles resemble each other.

Alike by the pairs of letters they share (Dice 1945), spaces left out: word order and particles count for little,
which suits Korean titles.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping
from itertools import chain

from madang.site.docket.models import Matter
from madang.site.programmes.models import Process

ALIKE = 0.45
# Whoever sees a group is asked to merge it, so more must be shared than where one is only shown.
SAME = 0.55


def similar(process: Process, title: str, *, but: int | None = None, limit: int = 8) -> list[Matter]:
    """Matters under way in a process whose titles resemble one, the most alike first."""
    if not _pairs(title):
        return []
    rows = Matter.objects.filter(process=process, ended_at__isnull=True).exclude(pk=but or 0).values_list("pk", "title")
    best = resembling(title, dict(rows.iterator()))[:limit]
    found = Matter.objects.select_related("stage").in_bulk(best)
    return [found[pk] for pk in best]


def resembling(title: str, titles: Mapping[int, str]) -> list[int]:
    """The keys of titles that resemble one, the most alike first."""
    wanted = _pairs(title)
    scored = [(_dice(wanted, _pairs(other)), key) for key, other in titles.items()] if wanted else []
    return [
        key for _score, key in sorted((row for row in scored if row[0] >= ALIKE), key=lambda row: (-row[0], row[1]))
    ]


def groups(titles: Mapping[int, str], alike: float = SAME) -> list[list[int]]:
    """The keys of titles that resemble the first of their group, in the order given; who is alone is left out.

    All resemble the first one, not only a neighbour: else a chain of likenesses would end at something else.
    """
    pairs = {key: _pairs(title) for key, title in titles.items()}
    order = {key: place for place, key in enumerate(titles)}
    heads: defaultdict[str, list[int]] = defaultdict(list)
    found: dict[int, list[int]] = {}
    for key, own in pairs.items():
        shared = Counter(chain.from_iterable(heads[pair] for pair in own))
        scored = [(2 * count / (len(own) + len(pairs[head])), head) for head, count in shared.items()]
        score, head = max(scored, key=lambda row: (row[0], -order[row[1]]), default=(0.0, key))
        if score >= alike:
            found[head].append(key)
            continue
        found[key] = [key]
        for pair in own:
            heads[pair].append(key)
    return [keys for keys in found.values() if len(keys) > 1]


def _pairs(text: str) -> frozenset[str]:
    letters = "".join(text.lower().split())
    return frozenset(letters[index : index + 2] for index in range(len(letters) - 1))


def _dice(one: frozenset[str], other: frozenset[str]) -> float:
    return 2 * len(one & other) / (len(one) + len(other)) if other else 0.0
