"""Faults: what may be put in the way of requests and webhooks, when, and how often."""

import random
from collections import deque
from collections.abc import Callable, Sequence
from fnmatch import fnmatchcase
from typing import Annotated, Literal

import msgspec

Kind = Literal[
    "status", "timeout", "reset", "cut", "slow", "wrong_length", "rate_limit", "expired_token", "skip", "twice",
    "drop", "repeat", "disorder", "delay",
]  # fmt: skip
WEBHOOK_KINDS = frozenset({"drop", "repeat", "disorder", "delay"})
LIST_KINDS = frozenset({"skip", "twice"})
Count = Annotated[int, msgspec.Meta(ge=0)]


class FaultRule(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """One fault and the calls it meets.

    `match` is `GET /assets/*`, a path alone for every method, `webhook`, or `webhook ASSET_*`. A vendor's base path may be left out.
    """

    kind: Kind
    match: str = "*"
    status: Annotated[int, msgspec.Meta(ge=100, le=599)] | None = None
    """Status answered; None is 503, for `rate_limit` 429."""
    retry_after: Annotated[float, msgspec.Meta(ge=0)] | None = None
    """Seconds named in Retry-After; None sends none."""
    times: Count | None = None
    """How often it strikes; None for ever."""
    probability: Annotated[float, msgspec.Meta(ge=0, le=1)] = 1.0
    after: Count = 0
    """Let this many matching calls pass first."""
    delay_ms: Count = 0
    """Wait this long before answering, sending or (`disorder`) giving up on being overtaken."""
    bytes_per_second: Annotated[int, msgspec.Meta(ge=1)] | None = None
    """For `slow`: how fast the body drips."""
    rate: Annotated[int, msgspec.Meta(ge=1)] | None = None
    """For `rate_limit`: calls allowed in any one second; None allows none."""
    record: str = ""
    """For `skip` and `twice`: the id of the record that lists leave out or show twice. It strikes where a list shows it."""
    seen: int = 0
    hits: int = 0

    @property
    def answer_status(self) -> int:
        return self.status or (429 if self.kind == "rate_limit" else 503)


class Faults:
    """The faults in force. Chances come from one seeded generator, so a run can be repeated."""

    def __init__(self, seed: int, elapsed: Callable[[], float], base_path: str = "") -> None:
        self._seed = seed
        self._elapsed = elapsed
        self._base_path = base_path
        self._recent: dict[int, deque[float]] = {}
        self.rules: list[FaultRule] = []
        self._chance = random.Random(seed)  # noqa: S311 (repeatable on purpose)

    def set(self, rules: Sequence[FaultRule]) -> None:
        """Replace all faults; counters and chances start anew."""
        self.rules = []
        self._recent.clear()
        self._chance.seed(self._seed)
        for rule in rules:
            self.add(rule)

    def add(self, rule: FaultRule) -> None:
        """Put one more fault in force, after those there are."""
        self.rules.append(msgspec.structs.replace(rule, seen=0, hits=0))

    def clear(self) -> None:
        self.set([])

    def for_request(self, method: str, path: str) -> FaultRule | None:
        """The first fault that strikes this call, if any."""
        if not self.rules:
            return None
        paths = {path, path.removeprefix(self._base_path)}
        return self._first(lambda rule: rule.kind not in WEBHOOK_KINDS and _matches(rule.match, method, paths))

    def for_webhook(self, type: str) -> FaultRule | None:
        """The first fault that strikes this delivery, if any."""
        if not self.rules:
            return None
        return self._first(lambda rule: rule.kind in WEBHOOK_KINDS and _matches_webhook(rule.match, type))

    def _first(self, meets: Callable[[FaultRule], bool]) -> FaultRule | None:
        return next((rule for rule in self.rules if meets(rule) and self._strikes(rule)), None)

    def _strikes(self, rule: FaultRule) -> bool:
        rule.seen += 1
        if rule.seen <= rule.after or (rule.times is not None and rule.hits >= rule.times):
            return False
        if rule.probability < 1 and self._chance.random() >= rule.probability:
            return False
        if rule.kind == "rate_limit" and rule.rate and self._within(rule, rule.rate):
            return False
        rule.hits += rule.kind not in LIST_KINDS  # these are counted when a list shows the record
        return True

    def _within(self, rule: FaultRule, rate: int) -> bool:
        """Whether this call still fits the calls allowed in the last second; if so it counts among them."""
        now = self._elapsed()
        recent = self._recent.setdefault(id(rule), deque())
        while recent and recent[0] <= now - 1:
            recent.popleft()
        if len(recent) >= rate:
            return False
        recent.append(now)
        return True


def header_fault(value: str) -> FaultRule:
    """What `X-Sandbox-Fault` asks for: a status or a kind. 429 and 503 name a pause of two seconds. ValueError otherwise."""
    if value.isdigit():
        status = int(value)
        return FaultRule(kind="status", status=status, retry_after=2 if status in {429, 503} else None)
    try:
        return msgspec.convert({"kind": value}, FaultRule)
    except msgspec.ValidationError:
        raise ValueError(f"X-Sandbox-Fault must be a status or a kind of fault, not {value!r}") from None


def _matches(pattern: str, method: str, paths: set[str]) -> bool:
    methods, _, glob = pattern.strip().rpartition(" ")
    return (not methods or fnmatchcase(method, methods.strip().upper())) and any(
        fnmatchcase(path, glob) for path in paths
    )


def _matches_webhook(pattern: str, type: str) -> bool:
    word, _, glob = pattern.strip().partition(" ")
    return word in {"webhook", "*"} and fnmatchcase(type, glob.strip() or "*")
