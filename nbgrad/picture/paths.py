"""The paths: one coloured ribbon for each way from an x to a y, and below them their products.

The chain rule at its plainest: multiply along each ribbon, add where ribbons of one x meet.
Paths multiply where a graph branches; where they are too many to draw, every arrow says how many
go along it.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from nbgrad.picture.facts import NEVER, Facts
from nbgrad.picture.legend import with_legend
from nbgrad.picture.old_edges import connector_elements, connectors, value_line
from nbgrad.picture.old_overlay import all_cards, placed_styles
from nbgrad.picture.placement import MARGIN, Placement, placements_of
from nbgrad.picture.routes import Route, parallel
from nbgrad.picture.scene import Chip, Curve, Element, Group, Point, Text, straight
from nbgrad.picture.style import Style, Styles
from nbgrad.picture.template import Template
from nbgrad.picture.terms import Symbols, local_number, number, product_along, text_of
from nbgrad.picture.text_width import clipped, pill_width, text_width
from nbgrad.picture.theme import SMALL
from nbgrad.trace.model import Node, Numbers, Trace
from nbgrad.trace.numbers import in_words
from nbgrad.trace.paths import Path, counts, paths_between

MOST = 6  # the most ribbons that can be distinguished
RIBBON_GAP = 1.4  # how far apart two ribbons run, in units of the distance of an edge's lines
BADGE = 15


@dataclass(frozen=True)
class Ribbon:
    """A path in the picture: its number, and the edges along it, from its x to a y."""

    number: int
    x: str
    edges: tuple[str, ...]

    def path_in(self, trace: Trace) -> Path:
        """The path with the numbers of a trace of the same graph."""
        paths = all_paths(trace, trace.node(self.x))
        return next(p for p in paths if tuple(e.id for e in p.edges) == self.edges)


def ribbons(trace: Trace, *, legend: bool, every_chip: bool) -> Template:
    """Ribbons or counts, then cards, then the products, which are all the legend it needs."""
    [placement] = placements_of(trace, every_chip=every_chip)
    shown = ribbons_of(trace)
    along = ribbons_along(shown)
    bare = [route for key, route in placement.routes.items() if key not in along]
    locals_ = (Chip(f"{key}.local", *route.local, 16) for key, route in placement.routes.items())
    table, width, height = products(trace, shown, placement.height)
    layers = [
        Group("edges", tuple(map(value_line, bare))),
        Group("ribbons", tuple(bundles(placement, along))),
        Group("stubs", tuple(connector_elements(connectors(trace, placement), (0, None)))),
        Group("cards", all_cards(trace, placement)),
        Group("chips", (*locals_, *badges(placement, shown, along))),
        Group("counts", () if shown else tuple(count_chips(trace, placement))),
        table,
    ]
    return Template(
        with_legend([*layers], (max(placement.width, width), height), None),
        styles=(*placed_styles(placement), partial(ribbon_styles, shown=shown)),
        crowded=placement.crowded,
    )


def all_paths(trace: Trace, x: Node) -> Sequence[Path]:
    """Every path from x, whether a gradient comes back along it or not."""
    ys = [trace.node(y) for y in trace.ys]
    return paths_between(trace, x, ys, most=MOST, cut=True).listed


def ribbons_of(trace: Trace) -> list[Ribbon]:
    """The ribbons of all xs that can be shown together; xs with too many paths have none."""
    shown: list[Ribbon] = []
    for key in trace.xs:
        paths = all_paths(trace, trace.node(key))
        if len(shown) + len(paths) <= MOST:
            for path in paths:
                if path.edges:
                    edges = tuple(edge.id for edge in path.edges)
                    shown.append(Ribbon(len(shown) + 1, key, edges))
    return shown


def ribbons_along(shown: Sequence[Ribbon]) -> Mapping[str, list[Ribbon]]:
    """The ribbons that run along each edge."""
    along: dict[str, list[Ribbon]] = defaultdict(list)
    for ribbon in shown:
        for edge in ribbon.edges:
            along[edge].append(ribbon)
    return along


def bundles(placement: Placement, along: Mapping[str, list[Ribbon]]) -> Iterator[Element]:
    """The ribbons along every edge, side by side."""
    for key, here in along.items():
        points = placement.routes[key].points
        curves = (
            Curve(f"{key}.path.{ribbon.number}", parallel(points, side))
            for ribbon, side in zip(here, sides(len(here)), strict=True)
        )
        yield Group(f"{key}.paths", tuple(curves), "edge", edge=key)


def sides(count: int) -> list[float]:
    """The distance of each ribbon from the middle of its route."""
    return [(n - (count - 1) / 2) * RIBBON_GAP for n in range(count)]


def badges(
    placement: Placement, shown: Sequence[Ribbon], along: Mapping[str, list[Ribbon]]
) -> Iterator[Chip]:
    """The number of each ribbon, where it begins and where it ends."""
    for ribbon in shown:
        for name, edge in (("start", ribbon.edges[0]), ("end", ribbon.edges[-1])):
            here = along[edge]
            position = here.index(ribbon)
            side = sides(len(here))[position]
            x, y = badge_place(placement.routes[edge], name, position, side)
            yield badge(f"path.{ribbon.number}.{name}", x, y, ribbon.number)


def badge(key: str, x: float, y: float, number: int) -> Chip:
    """The number of a ribbon in its colour."""
    return Chip(key, x, y, BADGE, "middle", str(number), f"chip badge{number}", BADGE)


def badge_place(route: Route, name: str, position: int, side: float) -> Point:
    """A place near an end of a ribbon; the badges of a bundle stand one behind the other."""
    along = 11 + position * (BADGE + 1)
    x = route.points[0][0] + along if name == "start" else route.points[-1][0] - along
    return x, height_at(parallel(route.points, side), x)


def height_at(curve: Sequence[Point], x: float) -> float:
    """The height of a curve from left to right at some x, by bisection of the piece it is in."""
    pieces = (curve[n : n + 4] for n in range(0, len(curve) - 1, 3))
    piece = next((p for p in pieces if p[0][0] <= x <= p[3][0]), curve[:4])
    low, high = 0.0, 1.0
    for _ in range(20):
        t = (low + high) / 2
        low, high = (t, high) if on_piece(piece, t)[0] < x else (low, t)
    return on_piece(piece, low)[1]


def on_piece(piece: Sequence[Point], t: float) -> Point:
    """The point of a cubic piece at t between 0 and 1."""
    weights = ((1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t * t * (1 - t), t**3)
    x, y = (sum(w * p[axis] for w, p in zip(weights, piece, strict=True)) for axis in (0, 1))
    return x, y


def count_chips(trace: Trace, placement: Placement) -> Iterator[Chip]:
    """The number of paths along each edge, where they cannot be drawn one by one."""
    for key, count in paths_through(trace).items():
        x, y = placement.routes[key].points[-1]
        text = f"{count:,}" if count < 10**6 else f"{count:.0e}".replace("e+", "e")
        width = 12 + 7 * len(text)
        yield Chip(f"{key}.count", x - 8 - width / 2, y, 15, "middle", text, "chip count", width)


def paths_through(trace: Trace) -> dict[str, int]:
    """The number of paths from any x to any y along each edge that has any."""
    ahead = counts(trace, set(trace.ys), cut=True)
    behind: Counter[str] = Counter(trace.xs)
    for node in trace.nodes:
        for edge in trace.incoming(node):
            behind[node.id] += behind[edge.source]
    through = {e.id: behind[e.source] * ahead.get(e.target, 0) for e in trace.edges}
    return {key: count for key, count in through.items() if count}


def ribbon_styles(facts: Facts, shown: Sequence[Ribbon]) -> Styles:
    """The styles of ribbons, thin where no gradient comes back, and of their products."""
    styles: Styles = {}
    for ribbon in shown:
        path = ribbon.path_in(facts.trace)
        classes = f"ribbon path{ribbon.number}" + (" cut" if path.cut else "")
        title = f"path {ribbon.number}: {path}"
        for edge in ribbon.edges:
            styles[f"{edge}.path.{ribbon.number}"] = Style(classes=classes, title=title)
        styles[f"path.{ribbon.number}.sample"] = Style(classes=classes)
        styles |= product_styles(facts, ribbon, path)
    return styles


# The products below the picture -----------------------------------------------------------------

LINE, SAMPLE = 22, 34  # the height of a line, and the length of a ribbon's sample in it
SYMBOLS, NUMBERS, RESULT = 400, 230, 110  # the most that each column takes


def products(trace: Trace, shown: Sequence[Ribbon], top: float) -> tuple[Group, float, float]:
    """A line for each ribbon and a sum for each x; with the right and the lower end of all."""
    symbols = {ribbon.number: symbols_along(trace, ribbon) for ribbon in shown}
    wide = min(SYMBOLS, max((text_width(each, SMALL) for each in symbols.values()), default=0))
    left = MARGIN + 24 + SAMPLE + 10
    middle, right = left + wide + 18, left + wide + 18 + NUMBERS + RESULT
    elements: list[Element] = []
    y = top + LINE / 2
    for x in trace.xs:
        here = [ribbon for ribbon in shown if ribbon.x == x]
        for ribbon in here:
            key = f"path.{ribbon.number}"
            words = clipped(symbols[ribbon.number], SMALL, SYMBOLS)
            ends = (MARGIN + 24, y), (MARGIN + 24 + SAMPLE, y)
            elements += [
                badge(f"{key}.badge", MARGIN + 9, y, ribbon.number),
                Curve(f"{key}.sample", straight(*ends)),
                Text(f"{key}.symbols", left, y + 4, words, "text local-text"),
                Text(f"{key}.numbers", middle, y + 4),
                Chip(f"{key}.product", right, y, 16, "end"),
            ]
            y += LINE
        elements += sum_line(x, (left, middle, right), y) if here else [path_count(trace, x, y)]
        y += LINE + 8
    return Group("ledger", tuple(elements), "ledger"), right + MARGIN if shown else 0, y


def symbols_along(trace: Trace, ribbon: Ribbon) -> str:
    """`∂f/∂b · ∂b/∂a · ∂a/∂x`: from the y back to the x."""
    edges = map(trace.edge, reversed(ribbon.edges))
    return text_of(product_along(trace, edges, (), Symbols(trace).local))


def sum_line(x: str, columns: tuple[float, float, float], y: float) -> list[Element]:
    """The sum over the paths of one x."""
    left, middle, right = columns
    rule = straight((middle, y - LINE / 2 + 1), (right + 6, y - LINE / 2 + 1))
    return [
        Curve(f"{x}.paths.rule", rule, "rule"),
        Text(f"{x}.paths.symbol", left, y + 4),
        Text(f"{x}.paths.terms", middle, y + 4),
        Chip(f"{x}.paths.sum", right, y, 16, "end"),
    ]


def path_count(trace: Trace, x: str, y: float) -> Text:
    """The number of paths of one x, where they are not drawn."""
    count = counts(trace, set(trace.ys), cut=True).get(x, 0)
    words = "is one of the ys itself" if x in trace.ys else f"{count:,} paths"
    text = f"{trace.node(x).label}: {words}" + (", too many to draw" if count > 1 else "")
    return Text(f"{x}.paths.count", MARGIN, y + 4, text, "text")


def product_styles(facts: Facts, ribbon: Ribbon, path: Path) -> Styles:
    """The numbers of one path, and of the sum that it belongs to."""
    key, x = f"path.{ribbon.number}", facts.trace.node(ribbon.x)
    is_cut = path.cut is not None
    since = 0 if is_cut else facts.moments.contribution.get(ribbon.edges[0], NEVER)
    known = facts.moments.adjoint[x.id] if x.adjoint.state != "not run" else NEVER
    total = "None" if x.adjoint.value is None else in_words(x.adjoint.value)
    return {
        f"{key}.numbers": Style(factors_of(facts.trace, path), "text", since),
        f"{key}.product": result_style(product_of(path), since, cut=is_cut),
        f"{x.id}.paths.symbol": Style(facts.trace.total(x), "text adjoint-text"),
        f"{x.id}.paths.terms": Style("the sum over its paths", "text quiet-text"),
        f"{x.id}.paths.sum": result_style(total, known),
    }


def result_style(text: str, since: int, *, cut: bool = False) -> Style:
    """A number at the end of a line."""
    more = " words" if cut else " long" if len(text) >= 9 else ""
    return Style(text, f"chip number adjoint{more}", since, width=pill_width(text))


def factors_of(trace: Trace, path: Path) -> str:
    """The seed where it is not 1, and the local derivatives, from the y back to the x."""
    if path.cut is not None:
        z, x = trace.node(path.cut.target).label, trace.node(path.cut.source).label
        return f"nothing passes from {z} to {x}: {path.cut.cause}"
    if len(path.factors) < len(path.edges):
        return "not a product of numbers alone"
    seed = path.nodes[-1].seed
    first = (number(seed, "adjoint"),) if seed is not None and (seed.array != 1).any() else ()
    side = product_along(trace, path.edges[::-1], first, local_number)
    return clipped(text_of(side), SMALL, NUMBERS - 12)


def product_of(path: Path) -> str:
    """The product of a path."""
    if path.cut is not None:
        return "‖ cut" if path.cut.cause == "stopped" else "cut"
    return "?" if path.product is None else in_words(Numbers(path.product))
