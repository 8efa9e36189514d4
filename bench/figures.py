"""Figures of a job: by part of the job and by name; of several rounds the median with the least and the most."""

from collections.abc import Mapping, Sequence
from statistics import median, quantiles
from typing import Any

import msgspec

Figures = dict[str, float]
"""By name, which says the unit. The order is the order in which they are shown."""
Parts = dict[str, Figures]
"""By part of a job (`sustained`, `half rate`)."""


class Spread(msgspec.Struct, frozen=True):
    """One figure over all rounds."""

    median: float
    least: float
    most: float


def spread(rounds: Sequence[Parts]) -> dict[str, dict[str, Spread]]:
    """Each figure over those rounds that have it."""
    found: dict[str, dict[str, Spread]] = {}
    for part, names in ordered(rounds).items():
        found[part] = {}
        for name in names:
            values = [one[part][name] for one in rounds if name in one.get(part, {})]
            found[part][name] = Spread(median(values), min(values), max(values))
    return found


def ordered(rounds: Sequence[Parts]) -> dict[str, list[str]]:
    """The parts and the names in them, as they first come."""
    found: dict[str, dict[str, None]] = {}
    for one in rounds:
        for part, figures in one.items():
            found.setdefault(part, {}).update(dict.fromkeys(figures))
    return {part: list(names) for part, names in found.items()}


def waits(seconds: Sequence[float], what: str) -> Figures:
    """The middle and the slow end of many waiting times."""
    if len(seconds) < 2:
        return {f"{what} p50, ms": seconds[0] * 1000} if seconds else {}
    cuts = quantiles(seconds, n=100, method="inclusive")
    return {f"{what} p50, ms": cuts[49] * 1000, f"{what} p99, ms": cuts[98] * 1000}


def counted(told: Mapping[str, Any], what: str) -> Figures:
    """Waiting times as the rig tells them."""
    return {f"{what} p50, ms": told["p50"], f"{what} p99, ms": told["p99"]}


def number(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 1000 or value == int(value) else f"{value:,.3g}"
