"""Small drawings of numbers, with words for those who do not see them."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from markupsafe import Markup

from lockgate.app.views import SeriesView
from lockgate.console.parts.markup import NOTHING, OUTCOMES, joined, link, number

HIGH = 64
"""Units of a column that is as high as can be."""
WIDE = 10
"""Units from one column to the next."""


def outcome_bar(counts: Mapping[str, int], leads: Callable[[str], str]) -> Markup:
    """How many items stand at each outcome, as one bar and in words; `leads` says where an outcome's items are."""
    shown = [(OUTCOMES[outcome], counts.get(outcome, 0), leads(outcome)) for outcome in OUTCOMES]
    parts = joined(
        Markup('<span class="{}" style="flex-grow:{}"></span>').format(tone, n) for (_, tone), n, _ in shown if n
    )
    words = joined(
        Markup('<a href="{}" class="{}"><i></i>{} <b>{}</b></a>').format(target, tone, word, number(n))
        for (word, tone), n, target in shown
    )
    return Markup('<div class="bar" aria-hidden="true">{}</div><div class="legend">{}</div>').format(parts, words)


def hours(series: SeriesView) -> Markup:
    """What was done hour by hour: a column per hour, made of outcomes, the newest at the right."""
    slots = hour_slots(series)
    most = max((sum(found.values()) for _, found in slots), default=0)
    if not most:
        return Markup('<p class="muted">Nothing was looked at in this time.</p>')
    columns = joined(column(place * WIDE, at, found, most) for place, (at, found) in enumerate(slots))
    return Markup(
        '<svg class="hours" viewBox="0 0 {} {}" preserveAspectRatio="none" role="img" aria-label="{}">{}</svg>'
        '<div class="axis"><span>{} hours ago</span><span>most in an hour: {}</span><span>now</span></div>'
    ).format(len(slots) * WIDE, HIGH, spoken(slots), columns, len(slots), number(most))


def hour_slots(series: SeriesView) -> list[tuple[datetime, dict[str, int]]]:
    """Every hour of the series with what was done in it, by outcome."""
    done = {point.hour: {name: point.outcomes.get(name, 0) for name in OUTCOMES} for point in series.points}
    first = series.since.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    count = round((series.until - series.since) / timedelta(hours=1))
    return [(at, done.get(at, {})) for at in (first + timedelta(hours=n) for n in range(count))]


def column(left: int, at: datetime, found: Mapping[str, int], most: int) -> Markup:
    parts, below = [], 0.0
    for outcome, (_, tone) in OUTCOMES.items():
        if n := found.get(outcome, 0):
            high = max(n / most * HIGH, 1.0)
            below += high
            parts.append(
                Markup('<rect class="{}" x="{}" y="{:.1f}" width="{}" height="{:.1f}"/>').format(
                    tone, left + 1, HIGH - below, WIDE - 2, high
                )
            )
    return Markup("<g><title>{}</title>{}</g>").format(in_words(at, found), joined(parts)) if parts else NOTHING


def in_words(at: datetime, found: Mapping[str, int]) -> str:
    done = ", ".join(f"{n:,} {OUTCOMES[outcome][0]}" for outcome, n in found.items() if n)
    return f"{at:%H:%M} UTC: {done}"


def spoken(slots: list[tuple[datetime, dict[str, int]]]) -> str:
    return "; ".join(in_words(at, found) for at, found in slots if any(found.values()))


def progress(done: float | None, label: str) -> Markup:
    """How far something is; a bar that only moves where that is not known."""
    value = Markup(' value="{:.3f}"').format(done) if done is not None else NOTHING
    return Markup('<progress max="1"{} aria-label="{}"></progress>').format(value, label)


def counted(words: str, n: int, target: str, tone: str = "") -> Markup:
    """A number that leads to what it counts, and its words."""
    return Markup("{} {}").format(link(number(n), target, f"count {tone}"), words)
