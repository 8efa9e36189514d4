"""What needs a person now; each leads to where it is solved."""

from markupsafe import Markup

from lockgate.app.views import NeedView
from lockgate.app.views.reasons import words
from lockgate.console.parts.markup import address, badge, instant, joined, link, number, prose, section


def needs(found: list[NeedView]) -> Markup:
    if not found:
        return section("Needs you now", Markup('<p class="muted">Nothing. All goes on by itself.</p>'))
    rows = joined(row(one) for one in found)
    return section("Needs you now", Markup('<ul class="needs">{}</ul>').format(rows), id="needs")


def row(one: NeedView) -> Markup:
    what, tone, where = told(one)
    return Markup("<li>{}<div>{} <p>{}</p></div>{}</li>").format(
        badge(what, tone), link(headline(one), where, "cover"), prose(one.sentence), instant(one.since, "")
    )


def told(one: NeedView) -> tuple[str, str, str]:
    """Its word, its tone, and where it is solved."""
    flow = f"/flows/{one.flow}"
    return {
        "connection": ("system", "stop", f"/connections/{one.connection}"),
        "flow": ("flow", "stop", flow),
        "halted": ("flow", "stop", flow),
        "guard": ("guard", "warn", address("/parked", flow=one.flow, code=one.code)),
        "confirm": ("asks you", "warn", f"/runs/{one.run}"),
        "parked": ("parked", "park", address("/parked", flow=one.flow, code=one.code)),
    }[one.kind]


def headline(one: NeedView) -> str:
    if one.n is not None and one.code is not None:
        return f"{number(one.n)} × {words(one.code)} · {one.flow}"
    heads = {
        "connection": f"{one.connection} does not answer", "flow": f"{one.flow} cannot work", "halted": f"{one.flow} stands still",
        "confirm": f"A run of {one.flow} asks before it withdraws",
    }  # fmt: skip
    return heads.get(one.kind, one.flow or "")
