"""Where the boxes of a map stand: systems in columns from source to target, flows in columns between them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple


class Edge(NamedTuple):
    """One flow: its name, and the systems at its ends."""

    name: str
    source: str
    target: str


@dataclass(frozen=True)
class Sizes:
    """In pixels: how wide systems and flows are, the gap between a system and a flow, and the heights."""

    system: int
    flow: int
    gap: int
    system_high: int = 76
    flow_high: int = 96
    between: int = 16

    @property
    def stride(self) -> int:
        """From one column of systems to the next."""
        return self.system + self.flow + 2 * self.gap


WIDE, TIGHT = Sizes(system=230, flow=350, gap=64), Sizes(system=190, flow=256, gap=34)
FEW = 2
"""So many columns of systems have all the room they want."""


class Spot(NamedTuple):
    """A box's left edge and the middle of its height."""

    left: int
    middle: int


@dataclass(frozen=True)
class Layout:
    """Where everything stands."""

    sizes: Sizes
    columns: Sequence[Sequence[str]]
    """Systems, column by column from the left."""
    systems: Mapping[str, Spot]
    flows: Mapping[str, Spot]
    wide: int
    high: int


def layout(systems: Sequence[str], edges: Sequence[Edge]) -> Layout:
    """Place systems and flows. Every end of an edge must be among the systems."""
    layers = layered(systems, edges)
    columns = [[name for name in systems if layers[name] == n] for n in range(max(layers.values(), default=0) + 1)]
    sizes = WIDE if len(columns) <= FEW else TIGHT
    step = sizes.system_high + sizes.between
    first = {name: place * step for column in columns for place, name in enumerate(column)}
    flows = flow_middles(edges, layers, first, sizes)
    middles = settled(columns, edges, flows, first, step)
    return placed(sizes, columns, edges, layers, middles, flows)


def layered(systems: Sequence[str], edges: Sequence[Edge]) -> dict[str, int]:
    """In which column each system stands: behind all that feed it. Flows that lead back do not count."""
    onward = forward(systems, edges)
    layers = dict.fromkeys(systems, 0)
    for _ in systems:
        for edge in onward:
            layers[edge.target] = max(layers[edge.target], layers[edge.source] + 1)
    return layers


def forward(systems: Sequence[str], edges: Sequence[Edge]) -> list[Edge]:
    """The edges without those that close a circle, which are found by walking from the systems that nothing feeds."""
    kept: list[Edge] = []
    walked: set[str] = set()

    def walk(name: str, path: frozenset[str]) -> None:
        walked.add(name)
        for edge in edges:
            if edge.source == name and edge.target not in path:
                kept.append(edge)
                if edge.target not in walked:
                    walk(edge.target, path | {edge.target})

    fed = {edge.target for edge in edges}
    for name in sorted(systems, key=lambda one: one in fed):
        if name not in walked:
            walk(name, frozenset({name}))
    return kept


def column_of(edge: Edge, layers: Mapping[str, int]) -> int:
    """Between which columns of systems a flow stands: before its target, or before its source where it leads back."""
    source, target = layers[edge.source], layers[edge.target]
    return target - 1 if target > source else min(source, target)


def flow_middles(
    edges: Sequence[Edge], layers: Mapping[str, int], systems: Mapping[str, int], sizes: Sizes
) -> dict[str, int]:
    """Each flow as near as can be to the middle between its ends, without touching another."""
    middles: dict[str, int] = {}
    for n in {column_of(edge, layers) for edge in edges}:
        wanted = {
            edge.name: (systems[edge.source] + systems[edge.target]) // 2
            for edge in edges
            if column_of(edge, layers) == n
        }
        middles |= apart(wanted, sizes.flow_high + sizes.between)
    return middles


def settled(
    columns: Sequence[Sequence[str]],
    edges: Sequence[Edge],
    flows: Mapping[str, int],
    first: Mapping[str, int],
    step: int,
) -> dict[str, int]:
    """Each system in the middle of its flows, without touching another."""
    middles: dict[str, int] = {}
    for column in columns:
        wanted = {}
        for name in column:
            near = [flows[edge.name] for edge in edges if name in {edge.source, edge.target}]
            wanted[name] = sum(near) // len(near) if near else first[name]
        middles |= apart(wanted, step)
    return middles


def apart(wanted: Mapping[str, int], step: int) -> dict[str, int]:
    """Boxes of a column moved from each other until they are a step apart, about where they wanted to be."""
    moved: dict[str, int] = {}
    last: int | None = None
    for name, middle in sorted(wanted.items(), key=lambda one: one[1]):
        last = middle if last is None else max(middle, last + step)
        moved[name] = last
    shift = (sum(moved.values()) - sum(wanted.values())) // len(moved) if moved else 0
    return {name: middle - shift for name, middle in moved.items()}


def placed(
    sizes: Sizes,
    columns: Sequence[Sequence[str]],
    edges: Sequence[Edge],
    layers: Mapping[str, int],
    systems: Mapping[str, int],
    flows: Mapping[str, int],
) -> Layout:
    """The middles as spots from the top left corner on."""
    tops = [middle - sizes.system_high // 2 for middle in systems.values()]
    tops += [middle - sizes.flow_high // 2 for middle in flows.values()]
    bottoms = [middle + sizes.system_high // 2 for middle in systems.values()]
    bottoms += [middle + sizes.flow_high // 2 for middle in flows.values()]
    top = min(tops, default=0)
    beside = sizes.system + sizes.gap
    between = max((column_of(edge, layers) + 1 for edge in edges), default=0)
    return Layout(
        sizes,
        columns,
        {name: Spot(layers[name] * sizes.stride, middle - top) for name, middle in systems.items()},
        {edge.name: Spot(column_of(edge, layers) * sizes.stride + beside, flows[edge.name] - top) for edge in edges},
        wide=max(len(columns) * sizes.stride - 2 * sizes.gap - sizes.flow, between * sizes.stride - sizes.gap),
        high=max(bottoms, default=0) - top,
    )
