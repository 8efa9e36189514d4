"""What may, must not and must be done with an item, and the one rule that decides a use.

The words are those of ODRL 2.2 (https://www.w3.org/TR/odrl-model/): permission, prohibition, duty, action, constraint.
Prohibition beats permission. What is not known denies. A dimension of a rule has three forms: `ANY` (stated to be
unrestricted), a set of codes, or `UNKNOWN` (nothing usable is stated), which permits nothing and prohibits everything.
An empty set permits nothing, and as a prohibition is taken for UNKNOWN: nobody prohibits nowhere.
"""

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from functools import lru_cache
from operator import attrgetter
from typing import Literal, NamedTuple
from zoneinfo import ZoneInfo

import msgspec

from lockgate.model import codes
from lockgate.model.verdict import Verdict, allow, deny, earliest

ANY: Literal["any"] = "any"
UNKNOWN: Literal["unknown"] = "unknown"
Scope = Literal["any", "unknown"] | frozenset[str]


class Period(msgspec.Struct, frozen=True):
    """Instants [from, until): `until` is the first one outside. None is open. Both must be aware and are kept in UTC."""

    from_: datetime | None = msgspec.field(default=None, name="from")
    until: datetime | None = None

    def __post_init__(self) -> None:
        for name, at in (("from_", self.from_), ("until", self.until)):
            if at is not None and at.tzinfo is not UTC:
                msgspec.structs.force_setattr(self, name, in_utc(at))

    @classmethod
    def of_days(cls, first: date | None, last: date | None, zone: str = "UTC") -> "Period":
        """Whole calendar days in a time zone, the last day included: it ends at the next midnight there.

        The first and the last day of the calendar (0001-01-01, 9999-12-31) are what systems write for `always`: open.
        """
        return whole_days(first, last, zone)

    @property
    def empty(self) -> bool:
        """Whether it ends before it begins: somebody's mistake, and no instant at all."""
        return self.from_ is not None and self.until is not None and self.until <= self.from_

    def holds(self, at: datetime) -> bool:
        return (self.from_ is None or self.from_ <= at) and (self.until is None or at < self.until)

    def ended(self, at: datetime) -> bool:
        return self.until is not None and at >= self.until

    def next_edge(self, at: datetime) -> datetime | None:
        """The first edge after `at`, where the answer of `holds` may change."""
        start, end = self.from_, self.until
        if start is not None and start > at and (end is None or start < end):
            return start
        return end if end is not None and end > at else None


ALWAYS = Period()


@lru_cache(maxsize=16384)
def whole_days(first: date | None, last: date | None, zone: str) -> Period:
    """See `Period.of_days`: many items name the same days."""
    tz = ZoneInfo(zone)
    return Period(
        midnight(first, tz) if first is not None and first != date.min else None,
        midnight(last + timedelta(days=1), tz) if last is not None and last != date.max else None,
    )


def in_utc(at: datetime) -> datetime:
    if at.tzinfo is None:
        raise ValueError(f"a period needs instants with a time zone, got {at.isoformat()}")
    try:
        return at.astimezone(UTC)
    except OverflowError:  # within a day of the calendar's ends, where UTC falls outside of it
        return at.replace(tzinfo=UTC)


def midnight(day: date, zone: ZoneInfo) -> datetime:
    """The first instant of a day: where clocks skip midnight, the one at which they skip it; where they repeat it, the first."""
    return in_utc(datetime.combine(day, time.min, zone))


class Rule(msgspec.Struct, frozen=True, kw_only=True):
    """A permission or a prohibition."""

    action: str = "distribute"
    territories: Scope = ANY
    channels: Scope = ANY
    media: Scope = ANY
    languages: Scope = ANY
    purposes: Scope = ANY
    period: Period = ALWAYS
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
    """What somebody wants to do. A dimension left None is not known; a rule that restricts it then denies.

    A territory that is a group (`DACH`) asks for all of it: each part may be permitted by another rule.
    """

    action: str = "distribute"
    territory: str | None = None
    channel: str | None = None
    medium: str | None = None
    language: str | None = None
    purpose: str | None = None


def same_word(outer: str, inner: str) -> bool:
    return outer.casefold() == inner.casefold()


def same_language(outer: str, inner: str) -> bool:
    """`de` covers `de-AT`, not the other way round (BCP 47, basic filtering of RFC 4647)."""
    return f"{inner}-".casefold().startswith(f"{outer}-".casefold())


def touching_language(one: str, other: str) -> bool:
    return same_language(one, other) or same_language(other, one)


class Dimension(NamedTuple):
    """One of the five things that a rule may restrict."""

    asked: str
    """Its name in a use, and in sentences."""
    word: str
    """How a sentence joins it: ` in DE`, ` on web`."""
    of: Callable[[Rule], Scope]
    asked_of: Callable[[Use], str | None]
    contains: Callable[[str, str], bool]
    overlaps: Callable[[str, str], bool]


DIMENSIONS = tuple(
    Dimension(asked, word, attrgetter(of), attrgetter(asked), contains, overlaps)
    for of, asked, word, contains, overlaps in (
        ("territories", "territory", "in", codes.contains, codes.overlaps),
        ("channels", "channel", "on", same_word, same_word),
        ("media", "medium", "in", same_word, same_word),
        ("languages", "language", "in", same_language, touching_language),
        ("purposes", "purpose", "for", same_word, same_word),
    )
)

WHOLE = "use"
"""ODRL's action that includes every other."""


def decide(rights: Rights | None, use: Use, at: datetime) -> Verdict:
    """May this use be made at this instant (aware)? The reason is a sentence; `due` the first instant it may change."""
    return decide_all(rights, (use,), at)


def decide_all(rights: Rights | None, uses: Sequence[Use], at: datetime, match: Match = Match.EVERY) -> Verdict:
    """`decide` over several uses; with EVERY the first denial decides, with ONE the first permission."""
    if rights is None or not rights.permissions:
        return deny("no usage rights are stated, and what is not stated is not allowed", code="rights.unknown")
    if not uses:
        return deny("no use was asked for", code="rights.unknown")
    wanted = match is Match.ONE
    found = first = whole(rights, uses[0], at)
    for use in uses[1:]:
        if found.allows is wanted:
            break
        found = whole(rights, use, at)
    return (found if found.allows is wanted else first).verdict(rights, at)


class Finding(NamedTuple):
    """What was found for one use: the rule that decides, or none. Put into words only where it is the one that counts."""

    allows: bool
    rule: Rule | None
    use: Use

    def verdict(self, rights: Rights, at: datetime) -> Verdict:
        due = next_edge(rights, at)
        if self.rule is None:
            return refuse(rights.permissions, self.use, at, due)
        said = f"{describe(self.rule)}{by(self.rule)}"
        if self.allows:
            return allow(f"permitted{said}", code="rights.permitted", due=due)
        return deny(f"prohibited{said}", code="rights.prohibited", due=due)


def whole(rights: Rights, use: Use, at: datetime) -> Finding:
    """What decides a use: over every part of a group the first denial, else a permission."""
    if use.territory not in codes.GROUPS:
        return single(rights, use, at)
    found = [single(rights, part, at) for part in by_place(use)]
    return next((one for one in found if not one.allows), found[0])


@lru_cache(maxsize=4096)
def by_place(use: Use) -> tuple[Use, ...]:
    """A use of a group as uses of its parts; any other as it is."""
    places = sorted(codes.parts(use.territory)) if use.territory is not None else [None]
    return tuple(msgspec.structs.replace(use, territory=place) for place in places)


def single(rights: Rights, use: Use, at: datetime) -> Finding:
    for rule in rights.prohibitions:
        # A prohibition whose period ends before it begins states no usable period, so it may hold at any time.
        if (rule.period.holds(at) or rule.period.empty) and prohibits(rule, use):
            return Finding(False, rule, use)
    for rule in rights.permissions:
        if rule.period.holds(at) and permits(rule, use):
            return Finding(True, rule, use)
    return Finding(False, None, use)


def permits(rule: Rule, use: Use) -> bool:
    """Whether a permission covers the use, its period aside. An unknown on either side does not."""
    if rule.action not in (use.action, WHOLE):
        return False
    for dimension in DIMENSIONS:
        scope = dimension.of(rule)
        if scope != ANY and not covers(dimension, scope, dimension.asked_of(use)):
            return False
    return True


def covers(dimension: Dimension, scope: Scope, wanted: str | None) -> bool:
    if scope == ANY:
        return True
    if scope == UNKNOWN or wanted is None:
        return False
    if wanted in scope:  # the usual case, without walking through a long list of countries
        return dimension.contains(wanted, wanted)
    return any(dimension.contains(code, wanted) for code in scope)


def prohibits(rule: Rule, use: Use) -> bool:
    """Whether a prohibition may bite, its period aside. An unknown on either side does."""
    if rule.action != use.action and WHOLE not in {rule.action, use.action}:
        return False
    return all(touches(one, one.of(rule), one.asked_of(use)) for one in DIMENSIONS)


def touches(dimension: Dimension, scope: Scope, wanted: str | None) -> bool:
    if isinstance(scope, str) or not scope or wanted is None:
        return True
    return any(dimension.overlaps(code, wanted) for code in scope)


def next_edge(rights: Rights, at: datetime) -> datetime | None:
    rules = (*rights.permissions, *rights.prohibitions) if rights.prohibitions else rights.permissions
    return earliest([rule.period.next_edge(at) for rule in rules])


def refuse(permissions: Sequence[Rule], use: Use, at: datetime, due: datetime | None) -> Verdict:
    """Say which of the permissions came nearest, and what was wrong with it."""
    fitting = [rule.period for rule in permissions if permits(rule, use)]
    if fitting:
        return out_of_time(fitting, at, due)
    if use.action not in (stated := {rule.action for rule in permissions}):
        reason = f"{use.action} is not permitted: permitted is {', '.join(sorted(stated))}"
        return deny(reason, code="rights.action", due=due)
    for dimension in DIMENSIONS:
        wanted = dimension.asked_of(use)
        scopes = [dimension.of(rule) for rule in permissions]
        if not any(covers(dimension, scope, wanted) for scope in scopes):
            return outside(dimension.asked, wanted, frozenset().union(*map(names, scopes)), due)
    return deny(f"no permission covers {use.action} for this use as a whole", code="rights.uncovered", due=due)


def out_of_time(periods: Sequence[Period], at: datetime, due: datetime | None) -> Verdict:
    """A right that is still to come is named before one that is over."""
    coming = [one.from_ for one in periods if one.from_ is not None and one.from_ > at and not one.empty]
    if coming:
        return deny(f"the right begins at {instant(min(coming))}", code="rights.not_yet", due=due)
    over = [one.until for one in periods if one.until is not None and one.until <= at and not one.empty]
    if over:
        return deny(f"the right ended at {instant(max(over))}", code="rights.expired", due=due)
    return deny("the right ends before it begins, so it never holds", code="rights.unknown", due=due)


def outside(asked: str, wanted: str | None, stated: frozenset[str], due: datetime | None) -> Verdict:
    if not stated:
        return deny(f"nothing usable is stated about the permitted {asked}", code="rights.unknown", due=due)
    given = f"permitted {'are' if len(stated) > 1 else 'is'} {', '.join(sorted(stated))}"
    return deny(f"{asked} {wanted or '(not stated)'} is not permitted: {given}", code=f"rights.{asked}", due=due)


def names(scope: Scope) -> frozenset[str]:
    return frozenset() if isinstance(scope, str) else scope


@lru_cache(maxsize=16384)
def describe(rule: Rule) -> str:
    """` in AT, CH until 2026-12-31 23:00:00 UTC`, with what the rule restricts."""
    text = "".join(restriction(one, one.of(rule)) for one in DIMENSIONS)
    if rule.period.from_ is not None:
        text += f" from {instant(rule.period.from_)}"
    if rule.period.until is not None:
        text += f" until {instant(rule.period.until)}"
    return text


def restriction(dimension: Dimension, scope: Scope) -> str:
    if scope == ANY:
        return ""
    stated = ", ".join(sorted(names(scope)))
    return f" {dimension.word} {stated}" if stated else f" ({dimension.asked} not known)"


def by(rule: Rule) -> str:
    return f" ({rule.source})" if rule.source else ""


@lru_cache(maxsize=16384)
def instant(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S UTC")


@lru_cache(maxsize=16384)
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
