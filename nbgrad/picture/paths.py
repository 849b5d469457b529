"""The paths: one coloured ribbon for each way from an x to a y, and below them their products.

The chain rule at its plainest: multiply along each ribbon, add where ribbons of one x meet.
Paths multiply where a graph branches; where they are too many to draw, every arrow says how many
go along it.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from nbgrad.picture.cards import straight
from nbgrad.picture.edges import forward_line, stub_lines, stubs_of
from nbgrad.picture.facts import Facts
from nbgrad.picture.geometry import MARGIN, clipped, height_at, lane, pill_width, text_width
from nbgrad.picture.layout import Layout, Route, arrange
from nbgrad.picture.overlay import Options, Template, cards_of, draw_place, finished, rooms_of
from nbgrad.picture.scene import Chip, Curve, Element, Group, Point, Style, Text
from nbgrad.picture.terms import Symbols
from nbgrad.picture.theme import SMALL
from nbgrad.trace.model import NEVER, Node, Numbers, Trace
from nbgrad.trace.numbers import listed, shaped, short
from nbgrad.trace.paths import Path, counts, paths_between
from nbgrad.trace.symbols import in_brackets

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


def ribbons(trace: Trace, options: Options) -> Template:
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
    return Template(
        finished(layers, width, layout.height + below.height, None),
        cards_of(layout),
        rooms_of(layout),
        layout.crowded,
        more=(lambda facts: ribbon_styles(facts, drawn),),
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


def ribbon_styles(facts: Facts, drawn: Sequence[Ribbon]) -> dict[str, Style]:
    """The ribbons, thin where nothing comes back, and what they bring."""
    styles: dict[str, Style] = {}
    for ribbon in drawn:
        path = ribbon.found_in(facts.trace)
        classes = f"ribbon path{ribbon.number}" + (" cut" if path.cut else "")
        title = f"path {ribbon.number}: {path}"
        for edge in ribbon.edges:
            styles[f"{edge}.path.{ribbon.number}"] = Style(classes=classes, title=title)
        styles |= ledger_styles(facts, ribbon, path)
    return styles


LINE = 22


SAMPLE = 34


SYMBOLS, NUMBERS, RESULT = 400, 230, 110


"""The most that each column takes."""


@dataclass(frozen=True)
class Ledger:
    """The lines below the picture, and the room in the column of the numbers."""

    group: Group
    width: float
    height: float


def ledger(trace: Trace, drawn: Sequence[Ribbon], top: float, width: float) -> Ledger:
    """A line for each ribbon, a sum for each x; and what is not drawn is counted."""
    symbols = {ribbon.number: product_of_symbols(trace, ribbon) for ribbon in drawn}
    wide = min(SYMBOLS, max((text_width(each, SMALL) for each in symbols.values()), default=0))
    left = MARGIN + 24 + SAMPLE + 10
    middle, right = left + wide + 18, left + wide + 18 + NUMBERS + RESULT
    elements: list[Element] = []
    y = top + LINE / 2
    for x in trace.xs:
        here = [ribbon for ribbon in drawn if ribbon.x == x]
        for ribbon in here:
            key = f"path.{ribbon.number}"
            words = clipped(symbols[ribbon.number], SMALL, SYMBOLS)
            ends = (MARGIN + 24, y), (MARGIN + 24 + SAMPLE, y)
            badge = Chip(f"{key}.badge", MARGIN + 9, y, 15, "middle", str(ribbon.number))
            elements += [
                badge._replace(classes=f"chip badge{ribbon.number}", width=15),
                Curve(f"{key}.sample", straight(*ends)),
                Text(f"{key}.symbols", left, y + 4, words, "text local-text"),
                Text(f"{key}.numbers", middle, y + 4),
                Chip(f"{key}.product", right, y, 16, "end"),
            ]
            y += LINE
        elements += sum_line(trace, x, here, (left, middle, right), y)
        y += LINE + 8
    return Ledger(Group("ledger", tuple(elements), "ledger"), min(right + 18, width), y - top)


def sum_line(
    trace: Trace, x: str, here: Sequence[Ribbon], at: tuple[float, float, float], y: float
) -> list[Element]:
    """The sum over the paths of one x; or how many there are that are not drawn."""
    left, middle, right = at
    key = f"{x}.paths"
    if not here:
        count = counts(trace, set(trace.ys), cut=True).get(x, 0)
        words = "is one of the ys itself" if x in trace.ys else f"{count:,} paths"
        many = f"{trace.node(x).label}: {words}" + (", too many to draw" if count > 1 else "")
        return [Text(f"{key}.count", MARGIN, y + 4, many, "text")]
    rule = straight((middle, y - LINE / 2 + 1), (right + 6, y - LINE / 2 + 1))
    return [
        Curve(f"{key}.rule", rule, "rule"),
        Text(f"{key}.symbol", left, y + 4),
        Text(f"{key}.terms", middle, y + 4),
        Chip(f"{key}.sum", right, y, 16, "end"),
    ]


def product_of_symbols(trace: Trace, ribbon: Ribbon) -> str:
    """`∂f/∂b · ∂b/∂a · ∂a/∂x`: from the y back to the x."""
    edges = [trace.edge(key) for key in reversed(ribbon.edges)]
    return " · ".join(Symbols(trace, bars=False).local(edge).text for edge in edges)


def ledger_styles(facts: Facts, ribbon: Ribbon, path: Path) -> dict[str, Style]:
    """The numbers of one path, and of the sum that it belongs to."""
    key, x = f"path.{ribbon.number}", facts.trace.node(ribbon.x)
    since = facts.moments.contribution.get(ribbon.edges[0], NEVER)
    if path.cut is not None:
        since = 0
    sample = f"ribbon path{ribbon.number}" + (" cut" if path.cut else "")
    total = x.adjoint.value
    known = facts.moments.adjoint[x.id] if x.adjoint.state != "not run" else NEVER
    return {
        f"{key}.sample": Style(classes=sample),
        f"{key}.numbers": Style(numbers_of(facts.trace, path), "text", since),
        f"{key}.product": amount(product_text(facts.trace, path), since, cut=path.cut is not None),
        f"{ribbon.x}.paths.symbol": Style(facts.trace.total(x), "text adjoint-text"),
        f"{ribbon.x}.paths.terms": Style("the sum over its paths", "text quiet-text"),
        f"{ribbon.x}.paths.sum": amount("None" if total is None else brief(total.array), known),
    }


def amount(text: str, since: int, *, cut: bool = False) -> Style:
    """A number at the end of a line."""
    classes = "chip number adjoint words" if cut else "chip number adjoint"
    classes = classes if len(text) < 9 or cut else f"{classes} long"
    return Style(text, classes, since, width=pill_width(text))


def numbers_of(trace: Trace, path: Path) -> str:
    """The seed where it is not 1, and the local derivatives, from the y back to the x."""
    if path.cut is not None:
        cut = path.cut
        z, x = trace.node(cut.target).label, trace.node(cut.source).label
        return f"nothing passes from {z} to {x}: {cut.cause}"
    seed = path.nodes[-1].seed
    scaled = seed is not None and bool((seed.array != 1).any())
    factors = [seed.array] if seed is not None and scaled else []
    factors += path.factors
    if len(factors) - scaled < len(path.edges):
        return "not a product of numbers alone"
    return clipped(" · ".join(in_product(each) for each in factors), SMALL, NUMBERS - 12)


def in_product(array: np.ndarray) -> str:
    """A factor: a number, or the shape of an array."""
    return in_brackets(brief(array))


def product_text(trace: Trace, path: Path) -> str:
    """What the path brings."""
    if path.cut is not None:
        return "‖ cut" if path.cut.cause == "stopped" else "cut"
    return "?" if path.product is None else brief(path.product)


def brief(array: np.ndarray) -> str:
    """A number; the elements of a short array; the shape of a long one."""
    if array.shape == ():
        return short(array.item())
    text = listed(Numbers(array), room=5)
    return text if text_width(text, SMALL) < RESULT else f"[{shaped(array.shape)}]"
