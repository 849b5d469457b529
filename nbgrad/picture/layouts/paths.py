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
from functools import partial

from nbgrad.picture.cards.roads import APART, backwards, lane
from nbgrad.picture.derivations import local_symbol, product_along, text_of
from nbgrad.picture.layouts.overlay import Layers
from nbgrad.picture.scene import (
    Box,
    Chip,
    Curve,
    Element,
    Group,
    Point,
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


def with_paths(template: Template, trace: Trace, width: float, *, ribbons: bool) -> Template:
    """An overlay with ribbons in the place of roads, but on rails, and their products below it."""
    shown = ribbons_of(trace)
    scene = template.scene
    found = Layers()
    for layer in scene.root.children:
        found[layer.id] = list(layer.children)
    if not shown:
        found.update({name: with_counts(each, trace) for name, each in found.items()})
    if ribbons:
        paint_ribbons(found, shown)
    table, (right, bottom) = products(found, trace, shown, scene.height, width, samples=ribbons)
    layers = found.template(0, 0).scene.root.children
    whole = Group("picture", (*layers, table))
    changed = Scene(max(scene.width, right), bottom, whole)
    kept = [rule for rule in template.rules if rule.id in changed.ids]
    return replace(template, scene=changed, rules=(*kept, *found.rules))


# Which ------------------------------------------------------------------------------------------


def ribbons_of(trace: Trace) -> list[Ribbon]:
    """The ribbons of all xs that can be shown together; xs with too many paths have none."""
    shown: list[Ribbon] = []
    ys = [trace.node(y) for y in trace.ys]
    for key in trace.xs:
        paths = paths_between(trace, trace.node(key), ys, most=MOST, cut=True).listed
        if len(shown) + len(paths) <= MOST:
            for path in filter(lambda path: path.edges, paths):
                edges = tuple(edge.id for edge in path.edges)
                shown.append(Ribbon(len(shown) + 1, key, edges))
    return shown


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


def paint_ribbons(layers: Layers, shown: Sequence[Ribbon]) -> None:
    """Ribbons in the place of the roads that they follow; the middle one has a head."""
    along: dict[str, list[Ribbon]] = defaultdict(list)
    for ribbon in shown:
        for edge in ribbon.edges:
            along[edge].append(ribbon)
    lights = {light.id: light for light in layers["lights"] if isinstance(light, Curve)}
    curves = {}
    roads: list[Element] = [road for road in layers["roads"] if road.id not in along]
    for key, here in along.items():
        bundle = []
        for place, ribbon in enumerate(here):
            points = aside(lights[f"{key}.glow"].points, place - (len(here) - 1) / 2)
            curves[key, ribbon.number] = points
            curve = Curve(f"{key}.path.{ribbon.number}", backwards(points))
            if place == (len(here) - 1) // 2:
                curve = curve._replace(head="open")
            bundle.append(shown_as_ribbon(layers, curve, ribbon))
        roads.append(Group(f"{key}.paths", tuple(bundle), "edge", edge=key))
    layers["roads"] = roads
    layers["badges"] = [*badges(layers, shown, along, curves)]


def shown_as_ribbon(layers: Layers, curve: Curve, ribbon: Ribbon) -> Curve:
    """A curve in the colour of a ribbon, with its rule said."""
    options = {"number": ribbon.number, "edges": list(ribbon.edges)}
    return layers.shown(curve, "ribbon", ribbon.x, **options)


def aside(points: Sequence[Point], n: float) -> tuple[Point, ...]:
    """The middle of a road, moved to its side by so many ribbons."""
    stations = points[::3]
    if all(x == stations[0][0] for x, _ in stations):
        return tuple((x + n * ASIDE, y) for x, y in points)
    return lane(stations, n * ASIDE / APART)


def badges(
    layers: Layers,
    shown: Sequence[Ribbon],
    along: Mapping[str, Sequence[Ribbon]],
    curves: Mapping[tuple[str, int], Sequence[Point]],
) -> Iterator[Chip]:
    """The number of each ribbon, in a place where it covers nothing else."""
    elements = [e for layer in layers.values() for each in layer for e in inside(each)]
    cards = [e for e in elements if isinstance(e, Box) and e.id.endswith((".body", ".tray"))]
    captions = [e for e in elements if isinstance(e, Text) and e.id.endswith(".local")]
    taken: list[Point] = [(e.x + dx, e.y - 4) for e in captions for dx in (0, 25, 50)]
    roads = [e for e in elements if isinstance(e, Curve) and e.id.endswith(BARE)]
    bare = [point for road in roads for point in samples(road.points)]
    lines = {key: list(samples(points)) for key, points in curves.items()}

    def is_free(x: float, y: float, others: Sequence[Point]) -> bool:
        room = BADGE / 2 + 1
        return (
            all(math.dist((x, y), other) >= BADGE / 2 + 2.5 for other in others)
            and all(math.dist((x, y), other) >= BADGE + 2 for other in taken)
            and not any(
                card.x - room < x < card.x + card.width + room
                and card.y - room < y < card.y + card.height + room
                for card in cards
            )
        )

    for ribbon in shown:
        others = [p for (_, n), points in lines.items() if n != ribbon.number for p in points]
        alone = sorted(ribbon.edges, key=lambda edge: len(along[edge]))
        places = (p for edge in alone for p in from_middle(lines[edge, ribbon.number]))
        if place := next((p for p in places if is_free(*p, [*others, *bare])), None):
            taken.append(place)
            yield badge(f"path.{ribbon.number}.mark", *place, ribbon.number)


def badge(key: str, x: float, y: float, number: int) -> Chip:
    """The number of a ribbon in its colour."""
    return Chip(key, x, y, BADGE, "middle", str(number), f"chip badge{number}", BADGE)


def samples(points: Sequence[Point]) -> Iterator[Point]:
    """Points along a curve."""
    for n in range(0, len(points) - 1, 3):
        for t in (step / 16 for step in range(17)):
            weights = ((1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t * t * (1 - t), t**3)
            piece = [*zip(weights, points[n : n + 4], strict=True)]
            yield sum(w * x for w, (x, _) in piece), sum(w * y for w, (_, y) in piece)


def from_middle(points: Sequence[Point]) -> list[Point]:
    """Points in the order of their distance from the middle of a curve."""
    middle = (len(points) - 1) / 2
    return [points[n] for n in sorted(range(len(points)), key=lambda n: abs(n - middle))]


def with_counts(elements: Sequence[Element], trace: Trace) -> list[Element]:
    """Elements in which captions say how many paths go along an edge."""
    through = paths_through(trace)

    def counted(element: Element) -> Element:
        if isinstance(element, Group):
            return element._replace(children=tuple(map(counted, element.children)))
        key, _, part = element.id.rpartition(".")
        if part == "local" and isinstance(element, Text) and key in through:
            words = count_words(through[key])
            return Text(f"{key}.count", element.x, element.y, words, "text value-text")
        return element

    return [counted(element) for element in elements]


def count_words(count: int) -> str:
    """The number of paths, in words: `1 path`, `1,024 paths`, `1e12 paths`."""
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
    layers: Layers, trace: Trace, shown: Sequence[Ribbon], y: float, width: float, *, samples: bool
) -> tuple[Group, Point]:
    """A line for each ribbon and a sum for each x from y on; and the lower right corner."""
    symbols = {}
    for ribbon in shown:  # `∂f/∂b · ∂b/∂a · ∂a/∂x`: from the y back to the x
        edges = map(trace.edge, reversed(ribbon.edges))
        symbols[ribbon] = text_of(product_along(trace, edges, (), partial(local_symbol, trace)))
    factors = max((len(ribbon.edges) for ribbon in shown), default=0)
    table = table_of([*symbols.values()], factors, width, samples=samples)
    elements: list[Element] = []
    y += LINE / 2
    for x in trace.xs:
        here = [ribbon for ribbon in shown if ribbon.x == x]
        for ribbon in here:
            elements += product_line(layers, table, ribbon, symbols[ribbon], y, samples=samples)
            y += LINE + 14 if table.stacked else LINE
        if here:
            elements += sum_line(layers, table, x, y, several=len(here) > 1)
        else:
            elements.append(path_count(trace, x, y, width - 2 * MARGIN))
        y += LINE + 8
    return Group("ledger", tuple(elements), "ledger"), (table.result + MARGIN if shown else 0.0, y)


def product_line(
    layers: Layers, table: Table, ribbon: Ribbon, symbols: str, y: float, *, samples: bool
) -> Iterator[Element]:
    """One product: its ribbon, its symbols, its numbers and what they are."""
    key, edges = f"path.{ribbon.number}", list(ribbon.edges)
    lower = y + 15 if table.stacked else y
    if samples:  # a number that is nowhere in the picture says nothing
        yield badge(f"{key}.badge", MARGIN + 9, y, ribbon.number)
        start = MARGIN + 24
        sample = Curve(f"{key}.sample", straight((start, y), (start + SAMPLE, y)))
        yield shown_as_ribbon(layers, sample, ribbon)
    words = clipped(symbols, SMALL, table.symbols_room)
    yield Text(f"{key}.symbols", table.symbols, y + 4, words, "text local-text")
    numbers, room = Text(f"{key}.numbers", table.numbers, lower + 4), table.result - RESULT
    room -= table.numbers
    yield layers.shown(numbers, "path numbers", ribbon.x, edges=edges, room=room)
    product = Chip(f"{key}.product", table.result - 5, lower, 16, "end")
    yield layers.shown(product, "path product", ribbon.x, edges=edges, room=RESULT - 8)


def sum_line(layers: Layers, table: Table, x: str, y: float, *, several: bool) -> Iterator[Element]:
    """The sum over the paths of one x."""
    top = y - LINE / 2 + 1
    yield Curve(f"{x}.paths.rule", straight((table.symbols, top), (table.result, top)), "rule")
    symbol = Text(f"{x}.paths.symbol", table.symbols, y + 5)
    yield layers.shown(symbol, "total", x, room=90.0)
    if several and not table.stacked:
        words = "the sum over its paths"
        yield Text(f"{x}.paths.terms", table.numbers, y + 4, words, "text quiet-text")
    total = Chip(f"{x}.paths.sum", table.result - 5, y + 1, 16, "end")
    yield layers.shown(total, "path sum", x, room=RESULT - 8)


def path_count(trace: Trace, x: str, y: float, room: float) -> Text:
    """The number of paths of one x, where they are not drawn."""
    count = counts(trace, set(trace.ys), cut=True).get(x, 0)
    words = "is one of the ys itself" if x in trace.ys else count_words(count)
    words += ", too many to draw" if count > 1 else ""
    label = clipped(trace.node(x).label, SMALL, room - text_width(f": {words}", SMALL))
    return Text(f"{x}.paths.count", MARGIN, y + 4, f"{label}: {words}", "text")
