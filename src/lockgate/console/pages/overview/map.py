"""The map: which system feeds which by what flow, how they are, and how much went through."""

from collections.abc import Iterator

from markupsafe import Markup

from lockgate.app.views import ConnectionLine, FlowLine
from lockgate.console.pages.overview.layout import Edge, Layout, Sizes, Spot, layout
from lockgate.console.parts.charts import Share, legend
from lockgate.console.parts.markup import HEALTH, NOTHING, address, badge, instant, joined, link, number, state_badge
from lockgate.console.parts.runs import how_far, run_progress


def drawn(systems: list[ConnectionLine], flows: list[FlowLine]) -> Markup:
    """Boxes with arrows between them on a wide screen; one box below the other on a narrow one."""
    known = {one.name for one in systems}
    whole = [one for one in flows if {one.source, one.target} <= known]
    edges = [Edge(one.name, one.source, one.target) for one in whole]
    at = layout([one.name for one in systems], edges)
    arrows = joined(joined(arrow(one, at)) for one in whole)
    return Markup(
        '<div class="map" style="--wide:{}px;--high:{}px"><svg aria-hidden="true" viewBox="0 0 {} {}">{}</svg>{}</div>'
    ).format(at.wide, at.high, at.wide, at.high, arrows, joined(boxes(systems, whole, at)))


def boxes(systems: list[ConnectionLine], flows: list[FlowLine], at: Layout) -> Iterator[Markup]:
    """In reading order: the systems of a column, then the flows between it and the next."""
    by_name = {one.name: one for one in systems}
    for n, column in enumerate(at.columns):
        for name in column:
            yield system_box(by_name[name], role(name, flows), at.systems[name], at.sizes)
        left = n * at.sizes.stride
        for flow in flows:
            if left < at.flows[flow.name].left < left + at.sizes.stride:
                yield flow_box(flow, at.flows[flow.name], at.sizes)


def role(name: str, flows: list[FlowLine]) -> str:
    words = {
        (True, True): "source and target", (True, False): "source", (False, True): "target", (False, False): "in no flow yet",
    }  # fmt: skip
    return words[any(one.source == name for one in flows), any(one.target == name for one in flows)]


BOX = Markup('<div class="box {}" style="--left:{}px;--top:{}px;--width:{}px;--height:{}px">{}</div>')


def system_box(one: ConnectionLine, role: str, spot: Spot, sizes: Sizes) -> Markup:
    word, tone = HEALTH.get(one.state, (one.state, "calm"))
    inside = Markup('<div class="name">{}</div><div class="what">{} · {}</div><div>{} {}</div>').format(
        link(one.name, f"/connections/{one.name}", "cover"),
        one.title,
        role,
        badge(word, tone),
        Markup('<span class="muted">{}</span>').format(instant(one.checked_at, "")),
    )
    top = spot.middle - sizes.system_high // 2
    return BOX.format(f"system {tone}", spot.left, top, sizes.system, sizes.system_high, inside)


def flow_box(one: FlowLine, spot: Spot, sizes: Sizes) -> Markup:
    inside = Markup('<div class="name">{}{}</div><div class="what" title="{}">{}</div>{}').format(
        link(one.name, f"/flows/{one.name}", "cover"),
        standing(one),
        one.title,
        one.title,
        under_way(one) or counts(one),
    )
    top = spot.middle - sizes.flow_high // 2
    return BOX.format("flow", spot.left, top, sizes.flow, sizes.flow_high, inside)


def standing(one: FlowLine) -> Markup:
    """Its state, where that is worth a word."""
    if one.problem is not None:
        return badge("cannot work", "stop")
    if one.halted is not None:
        return badge("stands still", "stop")
    return badge("running", "live") if one.running else state_badge(one.state)


def counts(one: FlowLine) -> Markup:
    shown = [
        Share("delivered", "ok", one.held.get("live", 0), address("/items", flow=one.name, held="live")),
        Share("blocked", "warn", one.blocked, address("/items", flow=one.name, outcome="blocked")),
        Share("parked", "park", one.parked, address("/parked", flow=one.name)),
    ]
    waiting = [Share("waiting", "calm", one.waiting)] if one.waiting else []
    return legend([*shown, *waiting], f"{one.name}, now")


def under_way(one: FlowLine) -> Markup:
    if not one.running:
        return NOTHING
    run = one.running[0]
    more = f" · {number(len(one.running) - 1)} more" if len(one.running) > 1 else ""
    return Markup('<div class="far">{}{}</div>{}').format(
        link(how_far(run), f"/runs/{run.id}"), more, run_progress(run)
    )


def arrow(one: FlowLine, at: Layout) -> Iterator[Markup]:
    """From the source into the flow, and from the flow into the target."""
    flow, source, target = at.flows[one.name], at.systems[one.source], at.systems[one.target]
    tone = "off" if one.state != "active" or one.problem is not None or one.halted is not None else "on"
    classes = f"{tone} moving" if one.running else tone
    yield line(edges_of(source, at.sizes.system, flow, at.sizes.flow), classes)
    yield line(edges_of(flow, at.sizes.flow, target, at.sizes.system), classes)


def edges_of(one: Spot, wide: int, other: Spot, other_wide: int) -> tuple[int, int, int, int]:
    """From the side of a box that faces the other to the side of the other that faces it."""
    if one.left <= other.left:
        return one.left + wide, one.middle, other.left, other.middle
    return one.left, one.middle, other.left + other_wide, other.middle


def line(ends: tuple[int, int, int, int], classes: str) -> Markup:
    """A curve with a head at its end."""
    x1, y1, x2, y2 = ends
    bend, back = (x1 + x2) // 2, 8 if x1 < x2 else -8
    curve = f"M{x1} {y1}C{bend} {y1} {bend} {y2} {x2} {y2}"
    head = f"M{x2 - back} {y2 - 5}L{x2} {y2}L{x2 - back} {y2 + 5}"
    return Markup('<path class="{}" d="{}"/><path class="head {}" d="{}"/>').format(classes, curve, classes, head)
