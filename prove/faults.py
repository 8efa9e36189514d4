"""Trouble in both sandboxes, another mixture for each life of a process."""

import random
from collections.abc import Mapping, Sequence
from typing import Any

Rules = Sequence[Mapping[str, Any]]

WEBHOOKS: Rules = (
    {"match": "webhook", "kind": "drop", "probability": 0.1},
    {"match": "webhook", "kind": "repeat", "probability": 0.25},
    {"match": "webhook", "kind": "disorder", "probability": 0.35, "delay_ms": 500},
)
"""Always: some are lost, some come twice, some come late."""
TROUBLE: Sequence[Rules] = (
    (),
    ({"match": "*", "kind": "status", "status": 500, "probability": 0.15},),
    ({"match": "*", "kind": "status", "status": 503, "retry_after": 1, "probability": 0.1},),
    ({"match": "*", "kind": "rate_limit", "rate": 25, "retry_after": 1},),
    ({"match": "*", "kind": "rate_limit", "rate": 25},),
    ({"match": "*", "kind": "reset", "probability": 0.15},),
    ({"match": "*", "kind": "cut", "probability": 0.1},),
    ({"match": "*", "kind": "slow", "delay_ms": 120, "probability": 0.5},),
    ({"match": "*", "kind": "timeout", "probability": 0.02},),
    ({"match": "PATCH *", "kind": "slow", "bytes_per_second": 1, "probability": 0.4},),
    ({"match": "P* /api/modules/file/objects*", "kind": "slow", "bytes_per_second": 1, "probability": 0.6},),
    ({"match": "P* /api/modules/file/objects*", "kind": "reset", "probability": 0.4},),
    ({"match": "GET /__files/*", "kind": "slow", "bytes_per_second": 400_000},),
    (
        {"match": "GET /__files/*", "kind": "wrong_length", "probability": 0.3},
        {"match": "GET /__files/*", "kind": "cut", "probability": 0.3},
    ),
)
"""One of these at each side. Where the answer of a write drips or is reset, the write was done and nobody was told."""


def mixture(chance: random.Random) -> tuple[Rules, Rules]:
    """Faults for CELUM and for the portal."""
    celum, portal = chance.choice(TROUBLE), chance.choice(TROUBLE)
    return (*celum, *WEBHOOKS), (*portal, *WEBHOOKS)
