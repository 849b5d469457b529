"""The paths: one coloured ribbon for each way from an x to a y, and below them their products.

The chain rule at its plainest: multiply along each ribbon, add where ribbons of one x meet.
Paths multiply where a graph branches; where they are too many to draw, every operand's caption
says how many go along it.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from nbgrad.picture.cards.roads import APART, backwards, lane
from nbgrad.picture.derivations import Symbols, product_along, text_of
from nbgrad.picture.scene import (
    Box,
    Chip,
    Curve,
    Element,
    Group,
    Point,
    Rule,
    Scene,
    Text,
    inside,
    straight,
)
from nbgrad.picture.template import Template
from nbgrad.picture.theme import SMALL, clipped, text_width
from nbgrad.trace.model import Trace
from nbgrad.trace.paths import counts, paths_between

MOST = 6  # the most ribbons that can be distinguished
ASIDE = 5.0  # how far apart two ribbons run along one road
BADGE = 15.0
BARE = (".forward", ".reverse")  # roads without ribbons
MARGIN, LINE, SAMPLE = 8.0, 22.0, 34.0  # around the table; its lines; a ribbon's sample in it
SYMBOLS, NUMBERS, RESULT = 400.0, 330.0, 84.0  # the most that each of its columns takes


@dataclass(frozen=True)
class Ribbon:
    """A path in the picture: its number, and the edges along it, from its x to a y."""

    number: int
    x: str
    edges: tuple[str, ...]

    @property
    def options(self) -> dict[str, object]:
        """What the forms of paths need to know of it."""
        return {"number": self.number, "edges": list(self.edges)}


def with_paths(template: Template, trace: Trace, width: float, *, ribbons: bool) -> Template:
    """An overlay with ribbons in the place of roads, and their products below it.

    Rails keep their brackets, which are too close for ribbons.
    """
    shown = ribbons_of(trace)
    scene = template.scene
    layers = list(scene.root.children)
    if ribbons:
        layers = with_ribbons(layers, shown)
    if not shown:
        layers = with_counts(layers, trace)
    table, size, rules = products(trace, shown, scene.height, width, samples=ribbons)
    whole = Group("picture", (*layers, table))
    right = max(scene.width, size[0])
    changed = Scene(right, size[1], whole)
    kept = [rule for rule in template.rules if rule.id in changed.ids]
    if ribbons:
        rules += ribbon_rules(shown)
    return replace(template, scene=changed, rules=(*kept, *rules))


# Which ------------------------------------------------------------------------------------------


def ribbons_of(trace: Trace) -> list[Ribbon]:
    """The ribbons of all xs that can be shown together; xs with too many paths have none."""
    shown: list[Ribbon] = []
    ys = [trace.node(y) for y in trace.ys]
    for key in trace.xs:
        paths = paths_between(trace, trace.node(key), ys, most=MOST, cut=True).listed
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


def paths_through(trace: Trace) -> dict[str, int]:
    """The number of paths from any x to any y along each edge that has any."""
    ahead = counts(trace, set(trace.ys), cut=True)
    behind: Counter[str] = Counter(trace.xs)
    for node in trace.nodes:
        for edge in trace.incoming(node):
            behind[node.id] += behind[edge.source]
    through = {e.id: behind[e.source] * ahead.get(e.target, 0) for e in trace.edges}
    return {key: count for key, count in through.items() if count}


# Ribbons ----------------------------------------------------------------------------------------


def with_ribbons(layers: Sequence[Element], shown: Sequence[Ribbon]) -> list[Element]:
    """The layers of an overlay with ribbons in the place of the roads that they follow."""
    along = ribbons_along(shown)
    lit = {e.id: e for e in inside(Group("", tuple(layers))) if isinstance(e, Curve)}
    curves = {
        (key, ribbon.number): aside(lit[f"{key}.glow"].points, i - (len(here) - 1) / 2)
        for key, here in along.items()
        for i, ribbon in enumerate(here)
    }
    found: list[Element] = []
    for layer in layers:
        if isinstance(layer, Group) and layer.id == "roads":
            roads = tuple(road for road in layer.children if road.id not in along)
            bundles = tuple(
                Group(
                    f"{key}.paths",
                    tuple(
                        ribbon_curve(f"{key}.path.{r.number}", curves[key, r.number], i, len(here))
                        for i, r in enumerate(here)
                    ),
                    "edge",
                    edge=key,
                )
                for key, here in along.items()
            )
            layer = with_children(layer, (*roads, *bundles))
        found.append(layer)
    found.append(Group("badges", tuple(badges(found, shown, along, curves))))
    return found


def ribbon_curve(key: str, points: Sequence[Point], place: int, count: int) -> Curve:
    """A ribbon, as the gradient runs; of several beside each other the middle one has a head."""
    return Curve(key, backwards(points), head="open" if place == (count - 1) // 2 else "")


def with_children(group: Group, children: tuple[Element, ...]) -> Group:
    return group._replace(children=children)


def aside(points: Sequence[Point], n: float) -> tuple[Point, ...]:
    """The middle of a road, moved to its side by so many ribbons."""
    stations = points[::3]
    if all(x == stations[0][0] for x, _ in stations):
        return tuple((x + n * ASIDE, y) for x, y in points)
    return lane(stations, n * ASIDE / APART)


def badges(
    layers: Sequence[Element],
    shown: Sequence[Ribbon],
    along: Mapping[str, list[Ribbon]],
    curves: Mapping[tuple[str, int], Sequence[Point]],
) -> Iterator[Chip]:
    """The number of each ribbon, in a place where it covers nothing else."""
    elements = [e for layer in layers for e in inside(layer)]
    cards = [e for e in elements if isinstance(e, Box) and e.id.endswith((".body", ".tray"))]
    captions = [e for e in elements if isinstance(e, Text) and e.id.endswith(".local")]
    taken: list[Point] = [(e.x + dx, e.y - 4) for e in captions for dx in (0, 25, 50)]
    lines = {key: list(samples(points)) for key, points in curves.items()}
    bare = [p for e in elements if e.id.endswith(BARE) for p in samples(points_of(e))]
    for ribbon in shown:
        others = [p for (_, n), points in lines.items() if n != ribbon.number for p in points]
        others += bare
        alone = sorted(ribbon.edges, key=lambda edge: len(along[edge]))
        places = (p for edge in alone for p in from_middle(lines[edge, ribbon.number]))
        free = (
            p
            for p in places
            if is_clear(p, others, BADGE / 2 + 2.5)
            and is_clear(p, taken, BADGE + 2)
            and all(is_outside(p, card) for card in cards)
        )
        if (place := next(free, None)) is not None:
            taken.append(place)
            yield badge(f"path.{ribbon.number}.mark", *place, ribbon.number)


def points_of(element: Element) -> tuple[Point, ...]:
    return element.points if isinstance(element, Curve) else ()


def badge(key: str, x: float, y: float, number: int) -> Chip:
    """The number of a ribbon in its colour."""
    return Chip(key, x, y, BADGE, "middle", str(number), f"chip badge{number}", BADGE)


def samples(points: Sequence[Point]) -> Iterator[Point]:
    """Points along a curve."""
    for n in range(0, len(points) - 1, 3):
        yield from (on_piece(points[n : n + 4], t / 16) for t in range(17))


def on_piece(piece: Sequence[Point], t: float) -> Point:
    """The point of a cubic piece at t between 0 and 1."""
    weights = ((1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t * t * (1 - t), t**3)
    x, y = (sum(w * p[axis] for w, p in zip(weights, piece, strict=True)) for axis in (0, 1))
    return x, y


def from_middle(points: Sequence[Point]) -> list[Point]:
    """Points in the order of their distance from the middle of a curve."""
    middle = (len(points) - 1) / 2
    return [points[n] for n in sorted(range(len(points)), key=lambda n: abs(n - middle))]


def is_clear(point: Point, others: Sequence[Point], distance: float) -> bool:
    """Whether a point has so much room around it."""
    return all(math.dist(point, other) >= distance for other in others)


def is_outside(point: Point, card: Box) -> bool:
    """Whether a badge at a point does not touch a card."""
    (x, y), room = point, BADGE / 2 + 1
    across = card.x - room < x < card.x + card.width + room
    return not (across and card.y - room < y < card.y + card.height + room)


def ribbon_rules(shown: Sequence[Ribbon]) -> Iterator[Rule]:
    """How the ribbons look, and their samples in the table."""
    for ribbon in shown:
        keys = [*(f"{edge}.path.{ribbon.number}" for edge in ribbon.edges)]
        for key in (*keys, f"path.{ribbon.number}.sample"):
            yield Rule(key, "ribbon", ribbon.x, ribbon.options)


def with_counts(layers: Sequence[Element], trace: Trace) -> list[Element]:
    """Layers in which captions say how many paths go along an edge."""
    through = paths_through(trace)

    def counted(element: Element) -> Element:
        if isinstance(element, Group):
            return with_children(element, tuple(map(counted, element.children)))
        key, _, part = element.id.rpartition(".")
        if part == "local" and isinstance(element, Text) and key in through:
            return Text(f"{key}.count", element.x, element.y, count_words(through[key]), COUNT)
        return element

    return [counted(layer) for layer in layers]


COUNT = "text value-text"


def count_words(count: int) -> str:
    """The number of paths, in words.

    Examples
    --------
    >>> count_words(1), count_words(1024), count_words(2**40)
    ('1 path', '1,024 paths', '1e12 paths')
    """
    text = f"{count:,}" if count < 10**6 else f"{count:.0e}".replace("e+", "e")
    return f"{text} path" if count == 1 else f"{text} paths"


# The products below the picture -----------------------------------------------------------------


@dataclass(frozen=True)
class Table:
    """The columns of the products: where symbols and numbers begin, and where results end."""

    symbols: float
    numbers: float
    result: float
    stacked: bool

    @property
    def room(self) -> float:
        """The width of a row of numbers."""
        return self.result - RESULT - self.numbers

    @property
    def symbols_room(self) -> float:
        return (self.result - RESULT if self.stacked else self.numbers - 14) - self.symbols


def table_of(symbols: Sequence[str], factors: int, width: float, *, samples: bool) -> Table:
    """The columns within a width; where both do not fit, numbers stand below symbols."""
    left = MARGIN + (24 + SAMPLE + 10 if samples else 0)
    wide = min(SYMBOLS, max((text_width(each, SMALL) for each in symbols), default=0) + 2)
    numbers = min(NUMBERS, max(236.0, 60.0 * factors))
    if left + wide + 14 + numbers + RESULT + MARGIN <= width:
        middle = left + wide + 14
        return Table(left, middle, middle + numbers + RESULT, stacked=False)
    right = min(width - MARGIN, left + max(wide, numbers) + RESULT)
    return Table(left, left, max(right, left + 120 + RESULT), stacked=True)


def products(
    trace: Trace, shown: Sequence[Ribbon], top: float, width: float, *, samples: bool
) -> tuple[Group, Point, list[Rule]]:
    """A line for each ribbon and a sum for each x; the lower right corner; and the rules."""
    symbols = {ribbon.number: symbols_along(trace, ribbon) for ribbon in shown}
    factors = max((len(ribbon.edges) for ribbon in shown), default=0)
    table = table_of([*symbols.values()], factors, width, samples=samples)
    elements: list[Element] = []
    rules: list[Rule] = []
    y = top + LINE / 2
    for x in trace.xs:
        here = [ribbon for ribbon in shown if ribbon.x == x]
        for ribbon in here:
            elements += line(table, ribbon, symbols[ribbon.number], y, samples=samples)
            y += LINE + 14 if table.stacked else LINE
        if here:
            elements += sum_line(table, x, y, several=len(here) > 1)
        else:
            elements.append(path_count(trace, x, y, width - 2 * MARGIN))
        rules += line_rules(table, x, here)
        y += LINE + 8
    right = table.result + MARGIN if shown else 0.0
    return Group("ledger", tuple(elements), "ledger"), (right, y), rules


def symbols_along(trace: Trace, ribbon: Ribbon) -> str:
    """`∂f/∂b · ∂b/∂a · ∂a/∂x`: from the y back to the x."""
    edges = map(trace.edge, reversed(ribbon.edges))
    return text_of(product_along(trace, edges, (), Symbols(trace).local))


def line(
    table: Table, ribbon: Ribbon, symbols: str, y: float, *, samples: bool
) -> Iterator[Element]:
    """One product: its ribbon, its symbols, its numbers and what they are."""
    key = f"path.{ribbon.number}"
    lower = y + 15 if table.stacked else y
    if samples:  # a number that is nowhere in the picture says nothing
        yield badge(f"{key}.badge", MARGIN + 9, y, ribbon.number)
        start = MARGIN + 24
        yield Curve(f"{key}.sample", straight((start, y), (start + SAMPLE, y)))
    words = clipped(symbols, SMALL, table.symbols_room)
    yield Text(f"{key}.symbols", table.symbols, y + 4, words, "text local-text")
    yield Text(f"{key}.numbers", table.numbers, lower + 4)
    yield Chip(f"{key}.product", table.result - 5, lower, 16, "end")


def sum_line(table: Table, x: str, y: float, *, several: bool) -> Iterator[Element]:
    """The sum over the paths of one x."""
    top = y - LINE / 2 + 1
    yield Curve(f"{x}.paths.rule", straight((table.symbols, top), (table.result, top)), "rule")
    yield Text(f"{x}.paths.symbol", table.symbols, y + 5)
    if several and not table.stacked:
        words = "the sum over its paths"
        yield Text(f"{x}.paths.terms", table.numbers, y + 4, words, "text quiet-text")
    yield Chip(f"{x}.paths.sum", table.result - 5, y + 1, 16, "end")


def path_count(trace: Trace, x: str, y: float, room: float) -> Text:
    """The number of paths of one x, where they are not drawn."""
    count = counts(trace, set(trace.ys), cut=True).get(x, 0)
    words = "is one of the ys itself" if x in trace.ys else count_words(count)
    words += ", too many to draw" if count > 1 else ""
    label = clipped(trace.node(x).label, SMALL, room - text_width(f": {words}", SMALL))
    return Text(f"{x}.paths.count", MARGIN, y + 4, f"{label}: {words}", "text")


def line_rules(table: Table, x: str, here: Sequence[Ribbon]) -> Iterator[Rule]:
    """What the lines of one x show."""
    for ribbon in here:
        key = f"path.{ribbon.number}"
        edges = {"edges": list(ribbon.edges)}
        yield Rule(f"{key}.numbers", "path numbers", x, {**edges, "room": table.room})
        yield Rule(f"{key}.product", "path product", x, {**edges, "room": RESULT - 8})
    if here:
        yield Rule(f"{x}.paths.symbol", "total", x, {"room": 90.0})
        yield Rule(f"{x}.paths.sum", "path sum", x, {"room": RESULT - 8})
