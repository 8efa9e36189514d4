"""What may, must not and must be done with an item, and the one rule that decides a use.

The words are those of ODRL 2.2 (https://www.w3.org/TR/odrl-model/): permission, prohibition, duty, action, constraint.
Prohibition beats permission. What is not known denies. A dimension of a rule has three forms: `ANY` (stated to be
unrestricted), a set of codes, or `UNKNOWN` (nothing usable is stated), which permits nothing and prohibits everything.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Literal
from zoneinfo import ZoneInfo

import msgspec

from lockgate.model import codes
from lockgate.model.verdict import Verdict, allow, deny, earliest

ANY: Literal["any"] = "any"
UNKNOWN: Literal["unknown"] = "unknown"
Scope = Literal["any", "unknown"] | frozenset[str]


class Period(msgspec.Struct, frozen=True):
    """Instants [from, until): `until` is the first one outside. Both aware; None is open."""

    from_: datetime | None = msgspec.field(default=None, name="from")
    until: datetime | None = None

    def __post_init__(self) -> None:
        for instant in (self.from_, self.until):
            if instant is not None and instant.tzinfo is None:
                raise ValueError(f"a period needs instants with a time zone, got {instant.isoformat()}")

    @classmethod
    def of_days(cls, first: date | None, last: date | None, zone: str = "UTC") -> "Period":
        """Whole calendar days in a time zone, the last day included: it ends at the next midnight there."""
        tz = ZoneInfo(zone)
        start = datetime.combine(first, time.min, tz).astimezone(UTC) if first else None
        end = datetime.combine(last + timedelta(days=1), time.min, tz).astimezone(UTC) if last else None
        return cls(start, end)

    def holds(self, at: datetime) -> bool:
        return (self.from_ is None or self.from_ <= at) and (self.until is None or at < self.until)

    def ended(self, at: datetime) -> bool:
        return self.until is not None and at >= self.until

    def next_edge(self, at: datetime) -> datetime | None:
        """The first edge after `at`, where the answer of `holds` may change."""
        return earliest(edge for edge in (self.from_, self.until) if edge is not None and edge > at)


class Rule(msgspec.Struct, frozen=True, kw_only=True):
    """A permission or a prohibition."""

    action: str = "distribute"
    territories: Scope = ANY
    channels: Scope = ANY
    media: Scope = ANY
    languages: Scope = ANY
    purposes: Scope = ANY
    period: Period = Period()
    source: str = ""
    """Where this was read (`CELUM field regions`), for the sentence a person sees."""


class Duty(msgspec.Struct, frozen=True, kw_only=True):
    """Something the user of the item owes, such as a credit line (`action="attribute"`)."""

    action: str
    text: str


class Rights(msgspec.Struct, frozen=True, kw_only=True):
    """All that is stated about an item. No permission means nothing is permitted."""

    permissions: tuple[Rule, ...] = ()
    prohibitions: tuple[Rule, ...] = ()
    duties: tuple[Duty, ...] = ()
    statement: str = ""
    """The owner's own words (usage terms, copyright notice), carried along unread."""


class Match(StrEnum):
    """With several markets asked for: must the rights cover every one, or is one enough?"""

    EVERY = "every"
    ONE = "one"


class Use(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody wants to do. A dimension left None is not known; a rule that restricts it then denies."""

    action: str = "distribute"
    territory: str | None = None
    channel: str | None = None
    medium: str | None = None
    language: str | None = None
    purpose: str | None = None


DIMENSIONS = (
    ("territories", "territory"),
    ("channels", "channel"),
    ("media", "medium"),
    ("languages", "language"),
    ("purposes", "purpose"),
)


def decide(rights: Rights | None, use: Use, at: datetime) -> Verdict:
    """May this use be made at this instant (aware)? The reason is a sentence; `due` the first instant it may change."""
    if rights is None or not rights.permissions:
        return deny("no usage rights are stated, and what is not stated is not allowed", code="rights.unknown")
    due = next_edge(rights, at)
    for rule in rights.prohibitions:
        if rule.period.holds(at) and prohibits(rule, use):
            return deny(f"prohibited{describe(rule)}{by(rule)}", code="rights.prohibited", due=due)
    for rule in rights.permissions:
        if rule.period.holds(at) and permits(rule, use):
            return allow(f"permitted{describe(rule)}{by(rule)}", code="rights.permitted", due=due)
    return refuse(rights.permissions, use, at, due)


def decide_all(rights: Rights | None, uses: Sequence[Use], at: datetime, match: Match = Match.EVERY) -> Verdict:
    """`decide` over several uses; with EVERY the first denial decides, with ONE the first permission."""
    if not uses:
        return deny("no use was asked for", code="rights.unknown")
    verdicts = [decide(rights, use, at) for use in uses]
    due = earliest(verdict.due for verdict in verdicts)
    wanted = match is Match.ONE
    chosen = next((verdict for verdict in verdicts if verdict.allows is wanted), verdicts[0])
    return msgspec.structs.replace(chosen, due=due)


def permits(rule: Rule, use: Use) -> bool:
    """Whether a permission covers the use, its period aside. An unknown on either side does not."""
    return rule.action == use.action and all(covers(getattr(rule, of), getattr(use, asked)) for of, asked in DIMENSIONS)


def covers(scope: Scope, wanted: str | None) -> bool:
    if scope == ANY:
        return True
    if scope == UNKNOWN or wanted is None:
        return False
    return any(codes.contains(code, wanted) for code in scope)


def prohibits(rule: Rule, use: Use) -> bool:
    """Whether a prohibition may bite, its period aside. An unknown on either side does."""
    return rule.action == use.action and all(
        touches(getattr(rule, of), getattr(use, asked)) for of, asked in DIMENSIONS
    )


def touches(scope: Scope, wanted: str | None) -> bool:
    if isinstance(scope, str) or wanted is None:
        return True
    return any(codes.overlaps(code, wanted) for code in scope)


def next_edge(rights: Rights, at: datetime) -> datetime | None:
    rules: Iterable[Rule] = (*rights.permissions, *rights.prohibitions)
    return earliest(rule.period.next_edge(at) for rule in rules)


def refuse(permissions: Sequence[Rule], use: Use, at: datetime, due: datetime | None) -> Verdict:
    """Say which of the permissions came nearest, and what was wrong with it."""
    fitting = [rule for rule in permissions if permits(rule, use)]
    if any(rule.period.ended(at) for rule in fitting):
        until = max(rule.period.until for rule in fitting if rule.period.until is not None and rule.period.ended(at))
        return deny(f"the right ended at {instant(until)}", code="rights.expired", due=due)
    if fitting:
        start = min(rule.period.from_ for rule in fitting if rule.period.from_ is not None)
        return deny(f"the right begins at {instant(start)}", code="rights.not_yet", due=due)
    for of, asked in DIMENSIONS:
        if not any(covers(getattr(rule, of), getattr(use, asked)) for rule in permissions):
            wanted = getattr(use, asked)
            stated = sorted({code for rule in permissions for code in names(getattr(rule, of))})
            given = f"permitted are {', '.join(stated)}" if stated else "nothing usable is stated"
            return deny(
                f"{asked} {wanted or '(not stated)'} is not permitted: {given}", code=f"rights.{asked}", due=due
            )
    return deny(f"no permission covers {use.action} for this use", code="rights.uncovered", due=due)


def names(scope: Scope) -> frozenset[str]:
    return frozenset() if isinstance(scope, str) else scope


def describe(rule: Rule) -> str:
    """` in AT, CH until 2026-12-31 23:00 UTC`, with what the rule restricts."""
    text = "".join(
        f" {word} {', '.join(sorted(names(getattr(rule, of))))}"
        for (of, _), word in zip(DIMENSIONS, ("in", "on", "in", "in", "for"), strict=True)
        if names(getattr(rule, of))
    )
    if rule.period.from_ is not None:
        text += f" from {instant(rule.period.from_)}"
    if rule.period.until is not None:
        text += f" until {instant(rule.period.until)}"
    return text


def by(rule: Rule) -> str:
    return f" ({rule.source})" if rule.source else ""


def instant(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S UTC")


def summary(rights: Rights | None) -> str:
    """One line for a target's text field: permissions, prohibitions, duties, the owner's statement."""
    if rights is None:
        return ""
    lines = [f"{rule.action}{describe(rule)}" for rule in rights.permissions]
    lines += [f"not {rule.action}{describe(rule)}" for rule in rights.prohibitions]
    lines += [f"{duty.action}: {duty.text}" for duty in rights.duties]
    if rights.statement:
        lines.append(rights.statement)
    return "; ".join(lines)
