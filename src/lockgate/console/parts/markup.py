"""Pieces of HTML, always escaped: `Markup("…{}…").format(value)` escapes each value that is not Markup itself."""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from datetime import datetime
from urllib.parse import quote, urlencode

from markupsafe import Markup
from nicegui import ui

from lockgate.console.parts.saying import EXPECTED, alert, sentences

Piece = str | Markup
NOTHING = Markup("")

OUTCOMES = {
    "written": ("delivered", "ok"),
    "unchanged": ("unchanged", "calm"),
    "blocked": ("blocked", "warn"),
    "parked": ("parked", "park"),
    "failed": ("failed", "stop"),
}
"""An outcome's word for people, and the tone in which it is shown: ok, calm, warn, park, stop."""
HELD = {"live": ("live", "ok"), "hidden": ("hidden", "warn"), "none": ("not there", "calm")}
HEALTH = {"ready": ("answers", "ok"), "problem": ("does not answer", "stop"), "new": ("not asked yet", "calm")}
"""A connection's state in words, and its tone."""
STATES = {
    "done": "ok", "active": "ok", "running": "live", "queued": "calm", "waiting": "warn", "paused": "warn", "failed": "stop",
    "cancelled": "calm", "draft": "calm",
}  # fmt: skip


def draw(markup: Markup, tag: str = "div", classes: str = "") -> ui.html:
    """Put a piece on the page. It is sent as it is: what a person or a vendor wrote must have been escaped."""
    return ui.html(markup, sanitize=False, tag=tag).classes(classes)


async def live(
    piece: Callable[[], Awaitable[Markup]], *, every: float = 2.0, tag: str = "div"
) -> Callable[[], Awaitable[None]]:
    """Put a piece on the page and keep it true: it is made anew every so many seconds, and sent when it differs.

    Answers what makes it anew at once. What goes wrong meanwhile is said in its place.
    """
    shown = draw(await piece(), tag)

    async def again() -> None:
        try:
            shown.set_content(await piece())
        except EXPECTED as error:
            shown.set_content(alert(sentences(error)))

    ui.timer(every, again, immediate=False)
    return again


def joined(pieces: Iterable[Piece], between: Piece = "") -> Markup:
    return Markup("").join([*with_between(pieces, between)]) if between else Markup("").join(pieces)


def with_between(pieces: Iterable[Piece], between: Piece) -> Iterable[Piece]:
    for number, piece in enumerate(pieces):
        if number:
            yield between
        yield piece


def heading(text: str, *, below: Piece = "", level: int = 1) -> Markup:
    under = Markup('<p class="below">{}</p>').format(below) if below else NOTHING
    return Markup("<h{level}>{text}</h{level}>{under}").format(level=level, text=text, under=under)


def prose(text: str) -> Markup:
    """A sentence in which what stands between back quotes is a command or a name."""
    parts = text.split("`")
    return joined(Markup("<code>{}</code>").format(one) if n % 2 else one for n, one in enumerate(parts))


def stack(pieces: Iterable[Piece]) -> Markup:
    """Panels one below the other."""
    return Markup('<div class="stack">{}</div>').format(joined(pieces))


def halves(main: Piece, beside: Piece) -> Markup:
    """What a page is about, and what belongs to it beside it; below each other where there is little room."""
    return Markup('<div class="halves">{}{}</div>').format(main, beside)


def link(text: Piece, target: str, classes: str = "") -> Markup:
    return Markup('<a href="{}" class="{}">{}</a>').format(target, classes, text)


def away(text: Piece, target: str) -> Markup:
    """A link to a vendor's own page. Anything but http and https is shown as text: addresses come from other systems."""
    if not target.startswith(("https://", "http://")):
        return Markup("{}").format(text)
    return Markup('<a href="{}" target="_blank" rel="noopener noreferrer" class="away">{}</a>').format(target, text)


def badge(text: str, tone: str = "calm") -> Markup:
    return Markup('<span class="badge {}">{}</span>').format(tone, text)


def outcome_badge(outcome: str) -> Markup:
    return badge(*OUTCOMES.get(outcome, (outcome, "calm")))


def held_badge(held: str) -> Markup:
    return badge(*HELD.get(held, (held, "calm")))


def state_badge(state: str) -> Markup:
    return badge(state, STATES.get(state, "calm"))


def instant(at: datetime | None, otherwise: str = "–") -> Markup:
    """A moment: the browser shows how long ago or how far ahead, and the exact time in its own zone on hovering."""
    if at is None:
        return Markup("{}").format(otherwise)
    text = f"{at:%Y-%m-%d %H:%M} UTC"
    return Markup('<lg-time datetime="{}">{}</lg-time>').format(at.isoformat(), text)


def number(value: int) -> str:
    return f"{value:,}"


def size(count: float) -> str:
    """Bytes in words, decimal."""
    for unit in ("B", "kB", "MB", "GB"):
        if count < 1000:
            return f"{count:,.0f} {unit}" if unit == "B" else f"{count:,.1f} {unit}"
        count /= 1000
    return f"{count:,.1f} TB"


def facts(pairs: Iterable[tuple[str, Piece]]) -> Markup:
    """Names and values beside each other; pairs without a value are left out."""
    rows = (Markup("<dt>{}</dt><dd>{}</dd>").format(name, value) for name, value in pairs if value)
    return Markup('<dl class="facts">{}</dl>').format(joined(rows))


def empty(title: str, *teaching: Piece) -> Markup:
    """What stands where nothing is there yet: says what will be here and how it comes about."""
    lines = joined(Markup("<p>{}</p>").format(line) for line in teaching)
    return Markup('<div class="empty"><strong>{}</strong>{}</div>').format(title, lines)


def section(title: str, content: Piece, *, tools: Piece = "", id: str = "") -> Markup:
    """A panel. `tools` stand at the right of its title; `id` makes it reachable by a link."""
    head = Markup('<div class="head"><h2>{}</h2>{}</div>').format(title, tools) if title or tools else NOTHING
    named = Markup(' id="{}"').format(id) if id else NOTHING
    return Markup('<section class="panel"{}>{}{}</section>').format(named, head, content)


def filters(path: str, texts: Mapping[str, tuple[str, str]], **kept: str) -> Markup:
    """A form that asks a list for less: by name, what each text field is called and holds now. `kept` goes along unseen."""
    hidden = joined(
        Markup('<input type="hidden" name="{}" value="{}">').format(name, value)
        for name, value in kept.items()
        if value
    )
    fields = joined(
        Markup('<input type="search" name="{}" aria-label="{}" placeholder="{}" value="{}">').format(
            name, label, label, held
        )
        for name, (label, held) in texts.items()
    )
    return Markup('<form class="filters" action="{}">{}{}<button class="button">Find</button></form>').format(
        path, hidden, fields
    )


def item_address(flow: str, key: str) -> str:
    """Where an item's page is. A key may hold any sign."""
    return f"/items/{quote(flow, safe='')}/{quote(key, safe='')}"


def address(path: str, **questions: object) -> str:
    """A path with those questions that are given."""
    given: Mapping[str, object] = {name: value for name, value in questions.items() if value not in {None, ""}}
    return f"{path}?{urlencode(given)}" if given else path
