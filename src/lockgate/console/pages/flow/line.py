"""The way of a flow as a drawn line: from what sets it off, past each gate, to what the target shows.

The line is as thick as the number of items that come so far; what stops at a gate branches off. Drawn lying for wide
windows and upright for narrow ones.
"""

from collections.abc import Sequence
from textwrap import wrap

from markupsafe import Markup

from lockgate.app.views import FlowView
from lockgate.console.pages.flow.stations import Station, set_off, stations
from lockgate.console.parts.markup import NOTHING, joined, number

SLOT, LEAD, HIGH, TOP, THICK = 130, 30, 200, 78, 54
"""Lying: width of a step, more of it at the beginning, height of all, upper edge of the line, thickness where all comes through."""
ROW, LEFT = 62, 14
"""Upright: height of a step, left edge of the line."""
LETTERS, LINES = 18, 3
"""So much of a step's name is drawn."""


def line(flow: FlowView) -> Markup:
    """Both drawings, of which the style sheet shows one."""
    found = stations(flow)
    if not found:
        return NOTHING
    triggers = [*set_off(flow)]
    return lying(flow, found, triggers) + upright(flow, found, triggers)


# ── lying ────────────────────────────────────────────────────────────────────────────────────────────────────────


def lying(flow: FlowView, found: Sequence[Station], triggers: Sequence[str]) -> Markup:
    most = max(one.before for one in found) or 1
    wide = SLOT * (len(found) + 1) + LEAD
    bands = joined(band(place, one, most) for place, one in enumerate(found[:-1]))
    drawn = joined(drawn_lying(place, one, most) for place, one in enumerate(found))
    return Markup(
        '<svg class="way lying" viewBox="0 0 {} {}" role="group" aria-label="The way of items through {}">{}{}{}{}</svg>'
    ).format(wide, HIGH, flow.name, bed(len(found)), bands, drawn, starts(triggers, thick(found[0].passed, most)))


def across(place: int) -> int:
    return LEAD + SLOT * (place + 1) + SLOT // 2


def thick(count: int, most: int, full: int = THICK) -> float:
    """Nothing is nothing; one of many is still seen."""
    return max(count / most * full, 2.0) if count else 0.0


def band(place: int, one: Station, most: int) -> Markup:
    """What goes on to the next step, and what branches off here."""
    left, high = across(place), thick(one.passed, most)
    on = Markup('<rect class="trunk" x="{}" y="{}" width="{}" height="{:.1f}"/>').format(left, TOP, SLOT, high)
    if not one.stopped:
        return on
    width = thick(one.stopped, most)
    start, over = TOP + high + width / 2, left + 16 + width / 2
    return on + Markup(
        '<path class="branch {}" d="M{} {:.1f} C{:.1f} {:.1f} {:.1f} {:.1f} {:.1f} 160" stroke-width="{:.1f}"/>'
    ).format(one.tone, left, start, over, start, over, start + 8, over, width)


def drawn_lying(place: int, one: Station, most: int) -> Markup:
    x = across(place)
    high = max(thick(one.before, most), 10)
    return Markup("<g><title>{}</title>{}{}{}</g>").format(
        one.about, shape(x, one, high), named(x, one), numbers(x, one)
    )


def shape(x: int, one: Station, high: float) -> Markup:
    if one.shape == "join":
        return Markup('<circle class="join {}" cx="{}" cy="{:.1f}" r="9"/>').format(one.tone, x, TOP + high / 2)
    wide, over = (10, 4) if one.shape == "end" else (6, 7)
    return Markup('<rect class="{} {}" x="{}" y="{}" width="{}" height="{:.1f}" rx="3"/>').format(
        one.shape, one.tone, x - wide // 2, TOP - over, wide, high + 2 * over
    )


def named(x: int, one: Station) -> Markup:
    """The name above, its last line next to the line."""
    lines = lines_of(one.name)
    return joined(text(x, TOP - 30 - 14 * (len(lines) - 1 - n), part, "name") for n, part in enumerate(lines))


def lines_of(name: str, letters: int = LETTERS) -> list[str]:
    lines = wrap(name, letters) or [""]
    return lines if len(lines) <= LINES else [*lines[: LINES - 1], f"{lines[LINES - 1]} …"]


def numbers(x: int, one: Station) -> Markup:
    if one.shape == "end":
        return anchor(one.leads, text(x, TOP - 13, f"{number(one.passed)} {one.word}", "number"))
    passed = text(x + SLOT // 2, TOP - 8, number(one.passed), "passed") if one.told else NOTHING
    return passed + (
        anchor(one.leads, text(x + 24, 178, stopped(one), f"number {one.tone}")) if one.stopped else NOTHING
    )


def bed(steps: int) -> Markup:
    """The way itself, seen where nothing comes along."""
    return Markup('<rect class="bed" x="{}" y="{}" width="{}" height="2"/>').format(across(0), TOP, SLOT * (steps - 1))


def starts(triggers: Sequence[str], high: float) -> Markup:
    """What sets it off, leading into the line."""
    middle, x = TOP + round(high / 2), across(-1)
    heights = [middle + 28 * n - 14 * (len(triggers) - 1) for n in range(len(triggers))]
    paths = joined(
        Markup('<path class="wire" d="M{} {} C{} {} {} {} {} {}"/>').format(
            x + 46, y, x + 80, y, x + 90, middle, across(0) - 8, middle
        )
        for y in heights
    )
    return paths + joined(text(x + 42, y + 4, one, "trigger") for y, one in zip(heights, triggers, strict=True))


# ── upright ─────────────────────────────────────────────────────────────────────────────────────────────────────


def upright(flow: FlowView, found: Sequence[Station], triggers: Sequence[str]) -> Markup:
    most = max(one.before for one in found) or 1
    drawn = joined(drawn_upright(place, one, most) for place, one in enumerate(found))
    bands = joined(band_down(place, one, most) for place, one in enumerate(found[:-1]))
    begin = joined(text(LEFT, 14 + 15 * n, one, "start passed") for n, one in enumerate(triggers))
    return Markup(
        '<svg class="way upright" viewBox="0 0 340 {}" role="group" aria-label="The way of items through {}">{}{}{}</svg>'
    ).format(down(len(found)), flow.name, begin, bands, drawn)


def down(place: int) -> int:
    return 70 + ROW * place


def band_down(place: int, one: Station, most: int) -> Markup:
    top, wide = down(place), thick(one.passed, most)
    on = Markup('<rect class="trunk" x="{}" y="{}" width="{:.1f}" height="{}"/>').format(LEFT, top, wide, ROW)
    if not one.stopped:
        return on
    width = thick(one.stopped, most)
    return on + Markup('<path class="branch {}" d="M{:.1f} {} h{:.1f}" stroke-width="{:.1f}"/>').format(
        one.tone, LEFT + wide, top + 18, 62 - wide, min(width, 24.0)
    )


def drawn_upright(place: int, one: Station, most: int) -> Markup:
    y, wide = down(place), max(thick(one.before, most), 10.0)
    mark = Markup('<rect class="{} {}" x="{}" y="{}" width="{:.1f}" height="6" rx="2"/>').format(
        one.shape, one.tone, LEFT - 6, y - 3, wide + 12
    )
    name = lines_of(one.name, 36)[0]
    told = (
        f"{number(one.passed)} {one.word}" if one.shape == "end" else f"{number(one.passed)} pass" if one.told else ""
    )
    passed = text(84, y + 19, told, "passed start")
    if one.shape == "end":
        passed = anchor(one.leads, passed)
    halted = (
        anchor(one.leads, text(84 + 9 * len(told), y + 19, stopped(one), f"number start {one.tone}"))
        if one.stopped
        else NOTHING
    )
    return Markup("<g><title>{}</title>{}{}{}{}</g>").format(
        one.about, mark, text(84, y + 4, name, "name start"), passed, halted
    )


# ── words ────────────────────────────────────────────────────────────────────────────────────────────────────────


def stopped(one: Station) -> str:
    return f"{number(one.stopped)} {one.word}"


def text(x: float, y: float, words: str, classes: str) -> Markup:
    return Markup('<text x="{}" y="{}" class="{}">{}</text>').format(x, y, classes, words)


def anchor(target: str, inner: Markup) -> Markup:
    return Markup('<a href="{}">{}</a>').format(target, inner)
