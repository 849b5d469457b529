"""The paths: one coloured ribbon for each way from an x to a y, and below them their products.

The chain rule at its plainest: multiply along each ribbon, add where ribbons of one x meet.
Paths multiply where a graph branches; where they are too many to draw, every arrow says how many
go along it.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from nbgrad.render.elements.edges import forward_line
from nbgrad.render.elements.row_ends import stub_lines, stubs_of
from nbgrad.render.layouts.overlay import cards_of, draw_place, finished, rooms_of
from nbgrad.render.layouts.path_table import ledger, ledger_looks
from nbgrad.render.layouts.view import Options, View
from nbgrad.render.placing.layout import Layout, arrange
from nbgrad.render.placing.routes import Route
from nbgrad.render.scene.curves import height_at, lane
from nbgrad.render.scene.facts import Facts
from nbgrad.render.scene.picture import Chip, Curve, Element, Group, Look, Point
from nbgrad.tracing.model import Trace
from nbgrad.tracing.parts import Node
from nbgrad.tracing.paths import Path, counts, paths_between

MOST = 6
"""So many ribbons are still told apart."""

SIDE = 1.4
"""How far apart two ribbons run, in units of the distance of a lane from its middle."""

BADGE = 15


@dataclass(frozen=True)
class Ribbon:
    """A path that is drawn: its number, and the edges along it, from its x to a y."""

    number: int
    x: str
    edges: tuple[str, ...]

    def found_in(self, trace: Trace) -> Path:
        """The path with the numbers of a trace of the same graph."""
        paths = all_paths(trace, trace.node(self.x))
        return next(p for p in paths if tuple(e.id for e in p.edges) == self.edges)


def ribbons(trace: Trace, options: Options) -> View:
    """Ribbons or counts, then cards, then the products, which are all the legend it needs."""
    [layout] = arrange(trace, every_chip=options.every_chip)
    drawn = ribbons_of(trace)
    along = ribbons_along(drawn)
    through = {} if drawn else paths_through(trace)
    bare = [route for key, route in layout.routes.items() if key not in along]
    below = ledger(trace, drawn, layout.height, layout.width)
    layers = [
        Group("edges", tuple(forward_line(route) for route in bare)),
        Group("ribbons", tuple(bundles(layout, along))),
        Group("stubs", tuple(stub_lines(stubs_of(trace, layout), (0, None)))),
        Group("cards", tuple(draw_place(trace, layout, each) for each in layout.places.values())),
        Group("chips", (*local_chips(layout), *badges(layout, drawn, along))),
        Group("counts", tuple(count_chips(layout, through))),
        below.group,
    ]
    width = max(layout.width, below.width)
    return View(
        finished(layers, width, layout.height + below.height, None),
        cards_of(layout),
        rooms_of(layout),
        layout.crowded,
        more=(lambda facts: ribbon_looks(facts, drawn),),
    )


def all_paths(trace: Trace, x: Node) -> Sequence[Path]:
    """Every path from x, whether a gradient comes back along it or not."""
    ys = [trace.node(y) for y in trace.ys]
    return paths_between(trace, x, ys, most=MOST, cut=True).listed


def ribbons_of(trace: Trace) -> list[Ribbon]:
    """The ribbons of all xs that can be drawn together; xs with too many paths have none."""
    drawn: list[Ribbon] = []
    for key in trace.xs:
        paths = all_paths(trace, trace.node(key))
        if len(drawn) + len(paths) <= MOST:
            for path in paths:
                if path.edges:
                    edges = tuple(edge.id for edge in path.edges)
                    drawn.append(Ribbon(len(drawn) + 1, key, edges))
    return drawn


def ribbons_along(drawn: Sequence[Ribbon]) -> Mapping[str, list[Ribbon]]:
    """The ribbons that run along each edge."""
    along: dict[str, list[Ribbon]] = defaultdict(list)
    for ribbon in drawn:
        for edge in ribbon.edges:
            along[edge].append(ribbon)
    return along


def bundles(layout: Layout, along: Mapping[str, list[Ribbon]]) -> Iterator[Element]:
    """The ribbons along every edge, side by side."""
    for key, here in along.items():
        curves = (
            Curve(f"{key}.path.{ribbon.number}", lane(layout.routes[key].points, side))
            for ribbon, side in zip(here, sides(len(here)), strict=True)
        )
        yield Group(f"{key}.paths", tuple(curves), "edge", edge=key)


def sides(count: int) -> list[float]:
    """How far from the middle of a route each of its ribbons runs."""
    return [(n - (count - 1) / 2) * SIDE for n in range(count)]


def local_chips(layout: Layout) -> Iterator[Chip]:
    """The factors: a local derivative beside each edge."""
    for key, route in layout.routes.items():
        yield Chip(f"{key}.local", *route.local, 16)


def badges(
    layout: Layout, drawn: Sequence[Ribbon], along: Mapping[str, list[Ribbon]]
) -> Iterator[Chip]:
    """The number of each ribbon, where it begins and where it ends."""
    for ribbon in drawn:
        for name, key in (("start", ribbon.edges[0]), ("end", ribbon.edges[-1])):
            here = along[key]
            x, y = end_of(layout.routes[key], name, here.index(ribbon), sides(len(here)))
            classes = f"chip badge{ribbon.number}"
            text = str(ribbon.number)
            key = f"path.{ribbon.number}.{name}"
            yield Chip(key, x, y, BADGE, "middle", text, classes, BADGE)


def end_of(route: Route, name: str, position: int, offsets: Sequence[float]) -> Point:
    """Where the badge of a ribbon stands; the badges of a bundle stand one behind the other."""
    along = 11 + position * (BADGE + 1)
    x = route.points[0][0] + along if name == "start" else route.points[-1][0] - along
    return x, height_at(lane(route.points, offsets[position]), x)


def paths_through(trace: Trace) -> dict[str, int]:
    """How many paths from any x to any y go along each edge."""
    ahead = counts(trace, set(trace.ys), cut=True)
    behind: Counter[str] = Counter(trace.xs)
    for node in trace.nodes:
        for edge in trace.incoming(node):
            behind[node.id] += behind[edge.source]
    through = {e.id: behind[e.source] * ahead.get(e.target, 0) for e in trace.edges}
    return {key: count for key, count in through.items() if count}


def count_chips(layout: Layout, through: Mapping[str, int]) -> Iterator[Chip]:
    """How many paths go along each edge, where they cannot be drawn one by one."""
    for key, count in through.items():
        x, y = layout.routes[key].points[-1]
        text = f"{count:,}" if count < 10**6 else f"{count:.0e}".replace("e+", "e")
        width = 12 + 7 * len(text)
        yield Chip(f"{key}.count", x - 8 - width / 2, y, 15, "middle", text, "chip count", width)


def ribbon_looks(facts: Facts, drawn: Sequence[Ribbon]) -> dict[str, Look]:
    """The ribbons, thin where nothing comes back, and what they bring."""
    looks: dict[str, Look] = {}
    for ribbon in drawn:
        path = ribbon.found_in(facts.trace)
        classes = f"ribbon path{ribbon.number}" + (" cut" if path.cut else "")
        title = f"path {ribbon.number}: {path}"
        for edge in ribbon.edges:
            looks[f"{edge}.path.{ribbon.number}"] = Look(classes=classes, title=title)
        looks |= ledger_looks(facts, ribbon, path)
    return looks
