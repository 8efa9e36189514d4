"""Small drawings of numbers, with words for those who do not see them."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from markupsafe import Markup

from lockgate.app.views import AccountView, SeriesView
from lockgate.console.parts.markup import NOTHING, OUTCOMES, joined, link, number

HIGH = 64
"""Units of a column that is as high as can be."""
WIDE = 10
"""Units from one column to the next."""
WITHDRAWN = ("withdrawn", "gone")
"""Copies that were closed: counted within blocked, shown apart from what never came through."""


class Share(NamedTuple):
    """One part of a whole: its word, its tone, how many, and where they are to be seen."""

    word: str
    tone: str
    n: int
    target: str = ""


def bar(shares: Sequence[Share], label: str = "") -> Markup:
    """Parts beside each other, each as wide as it is many, and below them in words; those of none are in the words only."""
    parts = joined(
        Markup('<span class="{}" style="flex-grow:{}"></span>').format(one.tone, one.n) for one in shares if one.n
    )
    return Markup('<div class="bar" aria-hidden="true">{}</div>{}').format(parts, legend(shares, label))


def legend(shares: Iterable[Share], label: str = "") -> Markup:
    named = Markup(' aria-label="{}"').format(label) if label else NOTHING
    return Markup('<ul class="legend"{}>{}</ul>').format(named, joined(map(entry, shares)))


def entry(one: Share) -> Markup:
    told = Markup("<i></i>{} <b>{}</b>").format(one.word, number(one.n))
    inner = link(told, one.target) if one.target else told
    return Markup('<li class="{}">{}</li>').format(one.tone, inner)


def account_bar(account: AccountView, leads: Callable[[str], str]) -> Markup:
    """What came of the items that were read; the parts add up to them. `leads` says where those of an outcome are."""
    counts = {outcome: getattr(account, outcome) for outcome in OUTCOMES}
    counts["blocked"] -= account.withdrawn
    shares = [Share(word, tone, counts[outcome], leads(outcome)) for outcome, (word, tone) in OUTCOMES.items()]
    return bar([*shares, Share(*WITHDRAWN, account.withdrawn, leads("withdrawn"))])


def hours(series: SeriesView) -> Markup:
    """What was done hour by hour: a column per hour, made of outcomes, the newest at the right."""
    slots = hour_slots(series)
    most = max((sum(one.n for one in found) for _, found in slots), default=0)
    if not most:
        return Markup('<p class="muted">Nothing was done in this time.</p>')
    columns = joined(column(place * WIDE, at, found, most) for place, (at, found) in enumerate(slots))
    return Markup(
        '<svg class="hours" viewBox="0 0 {} {}" preserveAspectRatio="none" role="img" aria-label="{}">{}</svg>'
        '<div class="axis"><span>{} hours ago</span><span>most in an hour: {}</span><span>now</span></div>'
    ).format(len(slots) * WIDE, HIGH, spoken(slots), columns, len(slots), number(most))


Slot = tuple[datetime, list[Share]]


def hour_slots(series: SeriesView) -> list[Slot]:
    """Every hour of the series with what was done in it."""
    done = {point.hour: point.outcomes for point in series.points}
    first = series.since.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    count = round((series.until - series.since) / timedelta(hours=1))
    return [(at, hour_shares(done.get(at, {}))) for at in (first + timedelta(hours=n) for n in range(count))]


def hour_shares(done: Mapping[str, int]) -> list[Share]:
    """Items that were looked at and found unchanged are no news."""
    withdrawn = done.get("withdrawn", 0)
    counts = {**done, "blocked": done.get("blocked", 0) - withdrawn, "unchanged": 0}
    shares = [Share(word, tone, counts.get(outcome, 0)) for outcome, (word, tone) in OUTCOMES.items()]
    return [one for one in (*shares, Share(*WITHDRAWN, withdrawn)) if one.n > 0]


def summed(series: SeriesView) -> list[Share]:
    """All hours together."""
    counts: dict[tuple[str, str], int] = {}
    for _, found in hour_slots(series):
        for one in found:
            counts[one.word, one.tone] = counts.get((one.word, one.tone), 0) + one.n
    return [Share(word, tone, n) for (word, tone), n in counts.items()]


def column(left: int, at: datetime, found: Sequence[Share], most: int) -> Markup:
    """One hour, from the ground up. What there is any of is always seen."""
    parts, below = [], 0.0
    for one in found:
        high = max(one.n / most * HIGH, 1.0)
        below += high
        parts.append(
            Markup('<rect class="{}" x="{}" y="{:.1f}" width="{}" height="{:.1f}"/>').format(
                one.tone, left + 1, HIGH - below, WIDE - 2, high
            )
        )
    return Markup("<g><title>{}</title>{}</g>").format(in_words(at, found), joined(parts)) if parts else NOTHING


def in_words(at: datetime, found: Iterable[Share]) -> str:
    return f"{at:%H:%M} UTC: {', '.join(f'{one.n:,} {one.word}' for one in found)}"


def spoken(slots: Iterable[Slot]) -> str:
    return "; ".join(in_words(at, found) for at, found in slots if found)


def progress(done: float | None, label: str) -> Markup:
    """How far something is; a bar that only moves where that is not known."""
    value = Markup(' value="{:.3f}"').format(done) if done is not None else NOTHING
    return Markup('<progress max="1"{} aria-label="{}"></progress>').format(value, label)
