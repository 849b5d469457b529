"""Where cards stand and how roads run, for a width that is asked for.

A layered drawing, in which the main line is straight and the other roads are as straight as that
allows. Nothing here knows of traces or of numbers: boxes of given sizes are placed, and roads
between their ports.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from nbgrad.picture.layouts.columns import (
    Item,
    LayeredDrawing,
    Spring,
    columns_behind,
    ranks,
)
from nbgrad.picture.layouts.gaps import (
    APART,
    HALF_ROAD,
    LEAST_STRAIGHT,
    Across,
    Attached,
    Bend,
    Gap,
    Taken,
    across,
)
from nbgrad.picture.scene import Point

AWAY = 30.0  # from a card to what is attached above or below it
FAN = 3  # of so many readers on, roads bend in the first gap and run on between the rows of cards
STIFF = 60.0  # how much a road that passes columns resists a bend there, against the last gap
SWEEPS = 60  # so many at most are made for the heights


class Port(NamedTuple):
    """One end of a road: a box, and a height measured from the top of that box."""

    box: str
    y: float


class Road(NamedTuple):
    """What is to be joined, from an operand to its reader."""

    id: str
    source: Port
    target: Port
    bends_early: bool = False


class Side(NamedTuple):
    """A card that is attached above or below a box."""

    id: str
    width: float
    height: float


@dataclass(frozen=True)
class Area:
    """What is to be placed: a card with all that belongs to it alone."""

    id: str
    width: float  # the inbox at its right counts
    height: float
    above: float = 0.0  # the room that no road and no other box may enter
    below: float = 0.0
    outs: tuple[float, ...] = ()  # where roads leave, in the order in which these run on
    inset: float = 0.0  # how far in from the left and right roads end
    over: tuple[Side, ...] = ()  # the cards attached above, from left to right
    under: tuple[Side, ...] = ()  # and below
    tray: float = 0.0  # how much of its width is not under or above these
    late: bool = False  # whether it stands right before its first reader

    def item(self, column: int) -> Item:
        """The room that it needs in its column, with what is attached."""
        over, under = (
            max((AWAY + side.height + APART for side in sides), default=0.0)
            for sides in (self.over, self.under)
        )
        below = self.height + max(self.below, under)
        return Item(column, max(self.above, over), below, floats=not self.over and not self.under)

    def attached(self, item: Item) -> Iterator[Attached]:
        """The cards above and below it, at their heights."""
        for sides in (self.over, self.under):
            reader = self.width - self.tray
            total = sum(side.width for side in sides) + APART * (len(sides) - 1)
            wish = (reader - total) / 2
            for id, width, height in sides:
                top = item.y + self.height + AWAY
                if sides is self.over:
                    top = item.y - AWAY - height
                own = (id, item.column, self.id, reader, self.tray)
                yield Attached(*own, wish, width, top, top + height, total)
                wish += width + APART


@dataclass(frozen=True)
class Placement:
    """Where boxes and roads are, by id, and the size of everything."""

    corners: Mapping[str, Point]
    stations: Mapping[str, tuple[Point, ...]]  # a road is an S between two of different heights
    leaving: Mapping[str, int]
    width: float
    height: float
    share: float  # how much bends have of the room that they wish for


def place(
    boxes: Sequence[Area], roads: Sequence[Road], main: Sequence[str], width: float
) -> Placement | None:
    """The places of boxes and roads within a width; None where the columns do not fit.

    `boxes` stand in the order of the formula, which decides where nothing else does; `main` are
    the ids along the main line. The heights of `Road.source` say nothing: see `Area.outs`.
    """
    drawing = CardDrawing(boxes, roads)
    if sum(drawing.widths) + LEAST_STRAIGHT * (len(drawing.widths) - 1) > width:
        return None
    drawing.arrange(main)
    return drawing.within(width)


class CardDrawing(LayeredDrawing):
    """Boxes and roads in columns, while they are placed."""

    ways: dict[str, tuple[str, ...]]  # for each road, the keys of all items that it leads through
    leaving: dict[str, int]  # which of the outs of its box each road takes

    def __init__(self, boxes: Sequence[Area], roads: Sequence[Road]) -> None:
        self.boxes, self.roads = {box.id: box for box in boxes}, roads
        operands: dict[str, list[str]] = {key: [] for key in self.boxes}
        for road in roads:
            operands[road.target.box].append(road.source.box)
        columns = columns_behind(operands, late=[box.id for box in boxes if box.late])
        self.items = {box.id: box.item(columns[box.id]) for box in boxes}
        self.widths = [0.0] * (1 + max(columns.values()))
        for key, box in self.boxes.items():
            self.widths[columns[key]] = max(self.widths[columns[key]], box.width)

    def arrange(self, main: Sequence[str]) -> None:
        """Find the order and the heights of everything."""
        self.ways = {}
        for road in self.roads:
            (a, _), (b, _) = road.source, road.target
            first, last = self.items[a].column, self.items[b].column
            self.ways[road.id] = (a, *self.passages(road.id, first, last, HALF_ROAD), b)
        joined = {key for way in self.ways.values() for key in way}
        self.find_order(joined)
        self.give_ports()
        self.pile_up()
        self.straighten([*self.springs()], SWEEPS, self.main_heights(main))
        for upper, key in (pair for keys in self.order for pair in pairwise(keys)):
            if key not in joined:  # it stands right below the others
                self.items[key].y = self.items[upper].span[1] + self.items[key].above
        runs = []
        for road in self.roads:
            ends = (road.target, road.source) if road.bends_early else (road.source, road.target)
            runs.append((self.ways[road.id][1:-1], ends))
        self.level(runs)
        self.keep_within()

    def find_order(self, joined: Collection[str]) -> None:
        """Order each column such that few roads cross; what no road joins is the last."""
        by_port = sorted(self.roads, key=lambda road: road.target)
        port = {road.id: float(n) for n, road in enumerate(by_port)}
        self.put_in_order(
            [
                (a, b, port[key] if b == way[-1] else 0.0)
                for key, way in self.ways.items()
                for a, b in pairwise(way)
            ]
        )
        for column in self.order:
            column.sort(key=lambda key: key not in joined)

    def give_ports(self) -> None:
        """Let roads leave each box in the order in which they run on."""
        rank, taken = ranks(self.order), Counter[str]()
        self.leaving = {}
        for road in sorted(self.roads, key=lambda r: (rank[self.ways[r.id][1]], r.target.y)):
            self.leaving[road.id] = taken[road.source.box]
            taken[road.source.box] += 1
        roads = []
        for road in self.roads:
            outs = self.boxes[road.source.box].outs
            source = Port(road.source.box, outs[self.leaving[road.id]])
            roads.append(road._replace(source=source, bends_early=len(outs) >= FAN))
        self.roads = roads

    def springs(self) -> Iterator[Spring]:
        """What pulls items up and down: a road is straight but for the gap where it may bend."""
        for road in self.roads:
            links = [*pairwise(self.ways[road.id])]
            bent = 0 if road.bends_early else len(links) - 1
            for i, (a, b) in enumerate(links):
                down = road.source.y if i == 0 else 0.0
                down -= road.target.y if i == len(links) - 1 else 0.0
                yield a, b, down, 1.0 if i == bent else STIFF

    def main_heights(self, main: Sequence[str]) -> dict[str, float]:
        """The heights along the main line, each in-port level with the out-port before it."""
        found, y = {}, 0.0
        first = {(road.source.box, road.target.box): road for road in reversed(self.roads)}
        for before, key in pairwise(("", *main)):
            if road := first.get((before, key)):
                y += road.source.y - road.target.y
            found[key] = y
        return found

    def within(self, width: float) -> Placement | None:
        """All places, where they fit into a width."""
        gaps = [Gap(bends) for bends in self.pieces()]
        boxes = self.boxes.items()
        attached = [each for key, box in boxes for each in box.attached(self.items[key])]
        attached.sort(key=lambda each: each.column)
        taken = []
        for key, item in self.items.items() if attached else ():
            right = self.boxes[key].width if key in self.boxes else self.widths[item.column]
            taken.append(Taken(item.column, *self.room(key), right))
        found = across(self.widths, gaps, attached, taken, width)
        if found is None:
            return None
        top, bottom = self.span
        corners = {}
        for key in self.boxes:
            left = found.columns[self.items[key].column][0]
            corners[key] = left + found.insets.get(key, 0.0), self.items[key].y - top
        bends = self.bends(gaps, found, attached, top)
        ways = {road.id: (*self.way(road, corners, bends[road.id]),) for road in self.roads}
        corners |= {each.id: (found.beside[each.id], each.top - top) for each in attached}
        rights = [found.beside[each.id] + each.width for each in attached]
        right = max([found.columns[-1][1], *rights])
        return Placement(corners, ways, self.leaving, right, bottom - top, found.share)

    def pieces(self) -> list[list[Bend]]:
        """The pieces of all roads in each gap, straight ones too."""
        found: list[list[Bend]] = [[] for _ in self.widths[1:]]
        for road in self.roads:
            heights = [self.items[key].y for key in self.ways[road.id]]
            heights[0] += road.source.y
            heights[-1] += road.target.y
            first = self.items[road.source.box].column
            for k, (before, after) in enumerate(pairwise(heights), first):
                found[k].append(Bend(road.id, before, after, road.bends_early))
        return found

    def room(self, key: str) -> tuple[float, float]:
        """The heights that a box or a passage takes, without what is attached."""
        if (box := self.boxes.get(key)) is None:
            return self.items[key].span
        y = self.items[key].y
        return y - box.above, y + box.height + box.below

    def bends(
        self, gaps: Sequence[Gap], found: Across, attached: Sequence[Attached], top: float
    ) -> Mapping[str, Sequence[Point]]:
        """Where each road bends: the two ends of each S, below the top of the picture.

        The last S of a road begins before its gap, where the column that it passes is free.
        """
        points: dict[str, list[Point]] = {road.id: [] for road in self.roads}
        for k, gap in enumerate(gaps):
            for bend, (begin, end) in gap.places(found.columns[k][1], found.columns[k + 1][0]):
                points[bend.road] += [(begin, bend.before - top), (end, bend.after - top)]
        cards = []
        for each in attached:
            left = found.beside[each.id]
            cards.append((left, left + each.width, each.top, each.bottom))
        for k, gap in enumerate(gaps):
            road = gap.bends[0].road if len(gap.bends) == 1 else ""
            if f"{road}@{k}" in self.items and points[road][-1][0] <= found.columns[k + 1][0]:
                column = found.columns[k]
                walls = [*cards]
                for key, item in self.items.items():
                    if item.column == k and not key.startswith(f"{road}@"):
                        walls.append((*column, *self.room(key)))
                lengthen(gap.bends[0], points[road], column, walls)
        return points

    def way(
        self, road: Road, corners: Mapping[str, Point], bends: Sequence[Point]
    ) -> Iterator[Point]:
        """Where a road begins, where it bends, and where it ends."""
        source, target = self.boxes[road.source.box], self.boxes[road.target.box]
        (left, top), (goal, goal_top) = corners[source.id], corners[target.id]
        yield left + source.width - source.inset, top + road.source.y
        yield from bends
        yield goal + target.inset, goal_top + road.target.y


def lengthen(
    bend: Bend,
    points: list[Point],
    column: tuple[float, float],
    walls: Sequence[tuple[float, float, float, float]],
) -> None:
    """Let the last S of a road begin before its gap, where no wall is in the column there.

    Walls are left, right, top and bottom.
    """
    (begin, y), (end, goal) = points[-2:]
    start = max(end - bend.length, column[0], points[-3][0] if len(points) > 2 else 0.0)
    if bend.early or start >= begin - 1:
        return
    # A little more than is in the column: the lanes run beside the middle of the road.
    share = min(1.0, 0.1 + (column[1] - start) / (end - start))
    heights = sorted((bend.before, bend.before + bend.rise * share * share * (3 - 2 * share)))
    upper, lower = heights[0] - HALF_ROAD, heights[1] + HALF_ROAD
    if not any(
        left < column[1] and start < right and top < lower and upper < bottom
        for left, right, top, bottom in walls
    ):
        points[-2:] = [(start, y), (end, goal)]
