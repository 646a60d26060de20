#!/usr/bin/env python3
"""Generate benchmark instances for quota-constrained citizens' panel lotteries.

Standard library only; output depends on the arguments alone (own integer PRNG
built on SHA-256, so it is stable across Python versions and platforms).

    python3 make_instances.py --out DIR                 # every instance
    python3 make_instances.py --out DIR --only NAME ... # some of them
    python3 make_instances.py --out DIR --seed heldout-1 --only NAME
    python3 make_instances.py --list

Every instance becomes a folder DIR/NAME_K (K = panel size) with
    categories.csv   category,feature,min,max        (one row per quota)
    respondents.csv  id,<one column per category>[,address,postcode]
    meta.json        name, n, k, seed, number of types, notes

The layout is that of the public replication package of Flanigan et al.
(Nature 2021) plus an id column, so that other tools can read it.

Model: a population is drawn feature by feature (optional dependence on an
earlier feature), each person volunteers with probability proportional to
exp(sum of biases of their values) (self-selection), the pool is a sample of n
volunteers.  Quotas are population shares of k, widened by `tol` seats, then
checked feasible on the pool by construction: a witness panel of k pool members
is built greedily and any quota it breaks is widened to admit it (the number of
widened quotas is recorded in meta.json).
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import json
import math
import pathlib
from bisect import bisect_right
from collections import Counter
from itertools import accumulate


class Stream:
    """Deterministic integer stream: SHA-256 in counter mode."""

    def __init__(self, seed: str) -> None:
        self.seed = seed.encode()
        self.counter = 0
        self.buf = b""

    def _word(self) -> int:
        if not self.buf:
            self.buf = hashlib.sha256(self.seed + self.counter.to_bytes(8, "big")).digest()
            self.counter += 1
        out, self.buf = self.buf[:8], self.buf[8:]
        return int.from_bytes(out, "big")

    def below(self, n: int) -> int:
        limit = (1 << 64) - (1 << 64) % n
        while True:
            w = self._word()
            if w < limit:
                return w % n

    def unit(self) -> float:
        return (self._word() >> 11) / (1 << 53)

    def shuffle(self, xs: list) -> None:
        for i in range(len(xs) - 1, 0, -1):
            j = self.below(i + 1)
            xs[i], xs[j] = xs[j], xs[i]


# --- building blocks -------------------------------------------------------

SEX = {"F": 0.51, "M": 0.49}
AGE6 = {"19-29": 0.18, "30-39": 0.18, "40-49": 0.19, "50-59": 0.19, "60-69": 0.15, "70+": 0.11}
AGE3 = {"-39": 0.38, "40-59": 0.36, "60+": 0.26}
# Rounded shares (per mille) of Seoul's registered population by district, about 2021.
GU25 = {
    "Jongno": 15,
    "Jung": 13,
    "Yongsan": 24,
    "Seongdong": 30,
    "Gwangjin": 36,
    "Dongdaemun": 36,
    "Jungnang": 40,
    "Seongbuk": 45,
    "Gangbuk": 31,
    "Dobong": 33,
    "Nowon": 54,
    "Eunpyeong": 49,
    "Seodaemun": 32,
    "Mapo": 39,
    "Yangcheon": 47,
    "Gangseo": 60,
    "Guro": 42,
    "Geumcheon": 24,
    "Yeongdeungpo": 40,
    "Dongjak": 40,
    "Gwanak": 51,
    "Seocho": 43,
    "Gangnam": 56,
    "Songpa": 69,
    "Gangdong": 48,
}
EDU4 = {"none": 0.12, "secondary": 0.38, "college": 0.34, "postgrad": 0.16}
EDU5 = {"e1": 0.12, "e2": 0.25, "e3": 0.25, "e4": 0.25, "e5": 0.13}
REGION8 = {f"r{i}": w for i, w in enumerate((0.2, 0.17, 0.15, 0.13, 0.11, 0.1, 0.08, 0.06))}
REGION17 = {f"r{i:02d}": 1.0 / (i + 3) for i in range(17)}
ETHN3 = {"majority": 0.82, "minority_a": 0.1, "minority_b": 0.08}
ATT4 = {"very": 0.42, "fairly": 0.35, "not_very": 0.15, "not": 0.08}
URBAN3 = {"urban": 0.55, "suburban": 0.27, "rural": 0.18}
HOUSING3 = {"owner": 0.55, "renter": 0.35, "other": 0.1}
WORK5 = {"employee": 0.48, "self": 0.1, "home": 0.12, "student": 0.1, "retired": 0.2}
MIGR2 = {"no": 0.85, "yes": 0.15}
INCOME5 = {f"q{i}": 0.2 for i in range(1, 6)}
VULN4 = {"none": 0.86, "youth": 0.04, "disabled": 0.06, "migrant": 0.04}

# log-odds of volunteering per value (missing = 0)
BIAS = {
    "edu": {
        "none": -1.3,
        "secondary": -0.6,
        "college": 0.3,
        "postgrad": 1.1,
        "e1": -1.4,
        "e2": -0.7,
        "e3": 0.0,
        "e4": 0.5,
        "e5": 1.2,
    },
    "age": {
        "19-29": -0.7,
        "30-39": -0.2,
        "40-49": 0.1,
        "50-59": 0.4,
        "60-69": 0.5,
        "70+": -0.3,
        "-39": -0.4,
        "40-59": 0.2,
        "60+": 0.3,
    },
    "attitude": {"very": 1.0, "fairly": 0.1, "not_very": -1.0, "not": -1.5},
    "ethnicity": {"minority_a": -0.5, "minority_b": -0.7},
    "housing": {"renter": -0.2, "other": -0.5},
    "migration": {"yes": -0.6},
    "income": {"q1": -0.6, "q2": -0.3, "q4": 0.2, "q5": 0.4},
    "urban": {"rural": -0.2},
    "sex": {"F": 0.0, "M": 0.0},
    "work": {"home": -0.4, "student": -0.1, "retired": 0.3},
    "vulnerable": {"youth": -0.6, "disabled": -0.4, "migrant": -0.8},
}

# name -> specification; tol = seats by which every quota may be missed
SPECS: dict[str, dict] = {
    "small_a": {
        "n": 200,
        "k": 20,
        "bias": 1.0,
        "tol": 1,
        "features": {"sex": SEX, "age": AGE6, "edu": EDU4, "region": REGION8, "ethnicity": ETHN3, "urban": URBAN3},
    },
    "small_b": {
        "n": 200,
        "k": 20,
        "bias": 0.6,
        "tol": 0,
        "features": {"sex": SEX, "age": AGE6, "edu": EDU4, "region": REGION8},
    },
    "mid_345": {
        "n": 345,
        "k": 45,
        "bias": 1.0,
        "tol": 1,
        "features": {
            "sex": SEX,
            "age": AGE6,
            "edu": EDU5,
            "region": REGION8,
            "attitude": ATT4,
            "urban": URBAN3,
            "housing": HOUSING3,
        },
    },
    "sfe_like": {
        "n": 1727,
        "k": 110,
        "bias": 1.0,
        "tol": 1,
        "features": {
            "sex": SEX,
            "age": AGE6,
            "edu": EDU5,
            "region": REGION8,
            "attitude": ATT4,
            "ethnicity": ETHN3,
            "urban": URBAN3,
        },
    },
    "seoul_marginal": {"n": 3201, "k": 1081, "bias": 0.8, "tol": 2, "features": {"sex": SEX, "age": AGE6, "gu": GU25}},
    "seoul_pairwise": {
        "n": 3201,
        "k": 1081,
        "bias": 0.8,
        "tol": 2,
        "merge": ("sex", "age"),
        "features": {"sex": SEX, "age": AGE6, "gu": GU25},
    },
    "seoul_households": {
        "n": 3201,
        "k": 1081,
        "bias": 0.8,
        "tol": 2,
        "households": 0.15,
        "features": {"sex": SEX, "age": AGE6, "gu": GU25},
    },
    "budget_344": {
        "n": 1011,
        "k": 344,
        "bias": 0.6,
        "tol": 2,
        "fixed": {("sex", "F"): (165, 165), ("sex", "M"): (179, 179)},
        "features": {"sex": {"F": 0.48, "M": 0.52}, "age": AGE6, "gu": GU25},
    },
    # Seoul 2023: 826 applicants, 120 members, sex 1:1, age 1:1:1, at most 6 per district
    "seoul2023": {
        "n": 826,
        "k": 120,
        "bias": 0.8,
        "tol": 0,
        "features": {"sex": SEX, "age": AGE3, "gu": GU25, "vulnerable": VULN4},
        "fixed": {
            ("sex", "F"): (60, 60),
            ("sex", "M"): (60, 60),
            ("age", "-39"): (40, 40),
            ("age", "40-59"): (40, 40),
            ("age", "60+"): (40, 40),
            ("vulnerable", "youth"): (6, 8),
            ("vulnerable", "disabled"): (6, 8),
            ("vulnerable", "migrant"): (6, 8),
            ("vulnerable", "none"): (96, 102),
            **{("gu", g): (0, 6) for g in GU25},
        },
    },
    # Seoul 2012: 1664 applicants, 150 members, one man and one woman per age group (3) and district
    "seoul2012": {
        "n": 1664,
        "k": 150,
        "bias": 0.8,
        "tol": 0,
        "cross": True,
        "features": {"gu": GU25, "sex": {"F": 0.385, "M": 0.615}, "age": AGE3},
    },
    "online_1067": {
        "n": 8000,
        "k": 1067,
        "bias": 1.0,
        "tol": 3,
        "features": {"sex": SEX, "age": AGE6, "gu": GU25, "edu": EDU4, "income": INCOME5},
    },
    "region_20k": {
        "n": 20000,
        "k": 1000,
        "bias": 0.8,
        "tol": 3,
        "features": {"sex": SEX, "age": AGE6, "edu": EDU4, "region": REGION17, "work": WORK5, "migration": MIGR2},
    },
    "nation_100k": {
        "n": 100000,
        "k": 1000,
        "bias": 0.8,
        "tol": 3,
        "features": {
            "sex": SEX,
            "age": AGE6,
            "edu": EDU4,
            "region": REGION17,
            "work": WORK5,
            "migration": MIGR2,
            "income": INCOME5,
            "urban": URBAN3,
        },
    },
    "nation_1m": {
        "n": 1000000,
        "k": 1000,
        "bias": 0.8,
        "tol": 3,
        "features": {
            "sex": SEX,
            "age": AGE6,
            "edu": EDU4,
            "region": REGION17,
            "work": WORK5,
            "migration": MIGR2,
            "income": INCOME5,
            "urban": URBAN3,
        },
    },
}


def normalise(shares: dict[str, float]) -> dict[str, float]:
    total = sum(shares.values())
    return {v: w / total for v, w in shares.items()}


def draw_pool(spec: dict, rng: Stream) -> list[tuple[str, ...]]:
    feats = list(spec["features"])
    tables = []
    for f in feats:
        shares = normalise(spec["features"][f])
        vals = list(shares)
        w = [shares[v] * math.exp(spec["bias"] * BIAS.get(f, {}).get(v, 0.0)) for v in vals]
        cum = list(accumulate(w))
        tables.append((vals, cum, cum[-1]))
    pool = []
    for _ in range(spec["n"]):
        person = []
        for vals, cum, total in tables:
            person.append(vals[min(bisect_right(cum, rng.unit() * total), len(vals) - 1)])
        pool.append(tuple(person))
    return pool


def largest_remainder(shares: dict[str, float], k: int) -> dict[str, int]:
    raw = {v: s * k for v, s in shares.items()}
    out = {v: int(r) for v, r in raw.items()}
    for v in sorted(raw, key=lambda v: (out[v] - raw[v], v))[: k - sum(out.values())]:
        out[v] += 1
    return out


def witness(pool: list[tuple], quotas: dict, feats: list[str], k: int, rng: Stream) -> list[int]:
    """A panel that tries to respect the quotas: greedy by deficit, then swaps."""
    n = len(pool)
    order = list(range(n))
    rng.shuffle(order)
    count = Counter()
    chosen: list[int] = []
    by_type: dict[tuple, list[int]] = {}
    for i in order:
        by_type.setdefault(pool[i], []).append(i)

    def gain(t: tuple) -> float:
        g = 0.0
        for f, v in zip(feats, t, strict=False):
            lo, hi = quotas[f, v]
            c = count[f, v]
            g += (lo - c) / max(lo, 1) if c < lo else (0.0 if c < hi else -3.0)
        return g

    names = list(by_type)
    window = 1500  # look at a rotating window of types only, for very large pools
    for step in range(k):
        if len(names) > window:
            start = step * window % len(names)
            cand = names[start : start + window] or names
        else:
            cand = names
        t = max(cand, key=gain)
        i = by_type[t].pop()
        if not by_type[t]:
            del by_type[t]
            names.remove(t)
        chosen.append(i)
        for f, v in zip(feats, t, strict=False):
            count[f, v] += 1
    return chosen


def build(name: str, spec: dict, seed: str):
    rng = Stream(f"{name}|{seed}")
    k = spec["k"]
    feats = list(spec["features"])
    pool = draw_pool(spec, rng)
    shares = {f: normalise(spec["features"][f]) for f in feats}
    if spec.get("merge"):
        a, b = spec["merge"]
        ia, ib = feats.index(a), feats.index(b)
        merged = {f"{x}/{y}": shares[a][x] * shares[b][y] for x in shares[a] for y in shares[b]}
        rest = [f for f in feats if f not in (a, b)]
        pool = [(f"{p[ia]}/{p[ib]}", *tuple(p[feats.index(f)] for f in rest)) for p in pool]
        shares = {f"{a}_{b}": merged, **{f: shares[f] for f in rest}}
        feats = list(shares)
    quotas: dict[tuple[str, str], tuple[int, int]] = {}
    if spec.get("cross"):
        # one seat per full cross-classification cell
        fs = feats
        pool = [("/".join(p),) for p in pool]
        feats = ["x".join(fs)]
        cells = Counter(p[0] for p in pool)
        full = [""]
        for f in fs:
            full = [f"{c}/{v}" if c else v for c in full for v in shares[f]]
        per = k // len(full)
        shares = {feats[0]: dict.fromkeys(full, 1.0)}
        for c in full:
            quotas[feats[0], c] = (min(per, cells[c]), per + 1)
    else:
        fixed = spec.get("fixed", {})
        for f in feats:
            seats = largest_remainder(shares[f], k)
            for v in shares[f]:
                lo, hi = max(0, seats[v] - spec["tol"]), seats[v] + spec["tol"]
                quotas[f, v] = fixed.get((f, v), (lo, hi))
    present = {f: {p[j] for p in pool} for j, f in enumerate(feats)}
    for f, v in list(quotas):
        if v not in present[f]:
            quotas[f, v] = (0, quotas[f, v][1])
    panel = witness(pool, quotas, feats, k, rng)
    count = Counter()
    for i in panel:
        for f, v in zip(feats, pool[i], strict=False):
            count[f, v] += 1
    widened = 0
    for key, (lo, hi) in list(quotas.items()):
        c = count[key]
        if c < lo or c > hi:
            widened += 1
            quotas[key] = (min(lo, c), max(hi, c))
    address = None
    if spec.get("households"):
        n = len(pool)
        ids = list(range(n))
        rng.shuffle(ids)
        address = [None] * n
        h = 0
        i = 0
        gu = feats.index("gu") if "gu" in feats else None
        # pair people of the same district, share `households` of the pool
        if gu is not None:
            ids.sort(key=lambda j: pool[j][gu])
        while i < n:
            same = i + 1 < n and (gu is None or pool[ids[i]][gu] == pool[ids[i + 1]][gu])
            if same and rng.unit() < spec["households"] / (2 - spec["households"]):
                address[ids[i]] = address[ids[i + 1]] = h
                i += 2
            else:
                address[ids[i]] = h
                i += 1
            h += 1
    return feats, pool, quotas, address, widened


def write(name: str, spec: dict, seed: str, out: pathlib.Path) -> None:
    feats, pool, quotas, address, widened = build(name, spec, seed)
    folder = out / f"{name}_{spec['k']}"
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "categories.csv").open("w", newline="", encoding="utf-8") as fh:
        w = csv.writer(fh, lineterminator="\n")
        w.writerow(["category", "feature", "min", "max"])
        for (f, v), (lo, hi) in quotas.items():
            w.writerow([f, v, lo, hi])
    width = len(str(len(pool) - 1))
    with (folder / "respondents.csv").open("w", newline="", encoding="utf-8") as fh:
        w = csv.writer(fh, lineterminator="\n")
        w.writerow(["id", *feats] + (["address", "postcode"] if address else []))
        for i, p in enumerate(pool):
            row = [f"p{i:0{width}d}", *p]
            if address:
                row += [f"{address[i]} Lottery Street", f"{address[i] // 50:05d}"]
            w.writerow(row)
    meta = {
        "name": name,
        "n": len(pool),
        "k": spec["k"],
        "seed": seed,
        "features": len(feats),
        "quotas": len(quotas),
        "types": len(set(pool)),
        "widened_quotas": widened,
        "households_of_two": sum(1 for c in Counter(address).values() if c > 1) if address else 0,
    }
    (folder / "meta.json").write_text(json.dumps(meta, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(meta))


def main() -> None:
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("--out", type=pathlib.Path)
    ap.add_argument("--only", nargs="*")
    ap.add_argument("--seed", default="public-1")
    ap.add_argument("--list", action="store_true")
    a = ap.parse_args()
    if a.list or not a.out:
        for name, s in SPECS.items():
            print(f"{name}_{s['k']}: n={s['n']} k={s['k']} features={list(s['features'])}")
        return
    for name in a.only or SPECS:
        write(name, SPECS[name], a.seed, a.out)


if __name__ == "__main__":
    main()
