"""Where cards stand and how roads run, for a width that is asked for.

A layered drawing after Sugiyama, Tagawa and Toda (1981): every box stands in the column after its
last operand, the order within a column crosses few roads, and boxes move up and down until the
main line is straight and the other roads are as straight as that allows. Nothing here knows of
traces or of numbers: boxes of given sizes are placed, and roads between their ports.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import NamedTuple

from nbgrad.picture.crossings import ordered
from nbgrad.picture.gaps import APART, Attached, Rise, Taken, across

Point = tuple[float, float]

#: How long an S is: as long as it is high, within these.
SHORTEST, LONGEST = 62.0, 130.0
#: From a card to what is attached above or below it.
AWAY = 30.0
#: Half of what a road takes of a column that it passes.
HALF_ROAD = 11.0
#: How much a road that passes columns resists a bend there, against one in the last gap.
STIFF = 12.0
#: Of so many readers on, roads bend in the first gap and run on between the rows of cards.
FAN = 3
SWEEPS = 60


@dataclass(frozen=True)
class Port:
    """One end of a road: a box, and a height measured from the top of that box."""

    box: str
    y: float


@dataclass(frozen=True)
class Road:
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
class Box:
    """What is to be placed: a card with all that belongs to it alone.

    Attributes
    ----------
    width, height
        Its size; the inbox at its right counts.
    above, below
        The room above and below that no road and no other box may enter.
    outs
        The heights at which its roads leave, from top to bottom; they are given to the roads in
        the order in which these run on.
    inset
        How far in from the left and right roads end: beside a card below a wider one.
    over, under
        The cards attached above and below, from left to right.
    tray
        How much of its width is not under or above these.
    """

    id: str
    width: float
    height: float
    above: float = 0.0
    below: float = 0.0
    outs: tuple[float, ...] = ()
    inset: float = 0.0
    over: tuple[Side, ...] = ()
    under: tuple[Side, ...] = ()
    tray: float = 0.0

    @property
    def room(self) -> tuple[float, float]:
        """The room above and below that is needed in its column, with what is attached."""
        over = max((AWAY + side.height + 8 for side in self.over), default=0.0)
        under = max((AWAY + side.height + 8 for side in self.under), default=0.0)
        return max(self.above, over), max(self.below, under)


@dataclass(frozen=True)
class Placement:
    """Corners of boxes by id, stations of roads by id, and the size of everything.

    A road runs straight between two stations of one height, and in an S between two others.
    """

    corners: Mapping[str, Point]
    stations: Mapping[str, tuple[Point, ...]]
    leaving: Mapping[str, int]
    width: float
    height: float


@dataclass(eq=False)
class Item:
    """What takes room in a column: a box, or the passage of a road."""

    column: int
    above: float
    below: float
    y: float = 0.0
    floats: bool = False


def place(
    boxes: Sequence[Box], roads: Sequence[Road], main: Sequence[str], width: float
) -> Placement | None:
    """The places of boxes and roads within a width; None where the columns do not fit.

    `boxes` stand in the order of the formula, which decides where nothing else does; `main` are
    the ids along the main line. Roads leave by `Box.outs`; the heights of `Road.source` say
    nothing until the order is known.
    """
    by_id = {box.id: box for box in boxes}
    column_of = columns(by_id, roads)
    items = {}
    for box in boxes:
        above, below = box.room
        floats = not box.over and not box.under
        items[box.id] = Item(column_of[box.id], above, box.height + below, floats=floats)
    passages = {road.id: tuple(passing(road, column_of, items)) for road in roads}
    pieces = [
        (a, b, road.target.y if b == road.target.box else 0.0)
        for road in roads
        for a, b in pairwise((road.source.box, *passages[road.id], road.target.box))
    ]
    order = ordered({key: item.column for key, item in items.items()}, pieces)
    roads, leaving = with_ports(by_id, roads, passages, order)
    straighten(by_id, items, roads, passages, order, main)
    level(items, roads, passages, order)
    keep_within(items, order)
    found = horizontally(by_id, items, roads, passages, column_of, width)
    if found is None:
        return None
    ends, beside = found
    top = min(item.y - item.above for item in items.values())
    corners = {box.id: (ends[column_of[box.id]][0], items[box.id].y - top) for box in boxes}
    stations = {
        road.id: tuple(stations_of(road, by_id, corners, items, passages[road.id], ends, top))
        for road in roads
    }
    corners |= {key: (x, y - top) for key, (x, y, _) in beside.items()}
    bottom = max(item.y + item.below for item in items.values()) - top
    right = max([ends[-1][1], *(x + size for x, _, size in beside.values())])
    return Placement(corners, stations, leaving, right, bottom)


def columns(boxes: Iterable[str], roads: Sequence[Road]) -> dict[str, int]:
    """The column of each box: one after its last operand."""
    operands: dict[str, list[str]] = {}
    for road in roads:
        operands.setdefault(road.target.box, []).append(road.source.box)
    found: dict[str, int] = {}
    waiting = list(boxes)
    while waiting:
        key = waiting.pop()
        missing = [source for source in operands.get(key, ()) if source not in found]
        if missing:
            waiting += [key, *missing]
        else:
            found[key] = 1 + max((found[source] for source in operands.get(key, ())), default=-1)
    return found


def passing(road: Road, column_of: Mapping[str, int], items: dict[str, Item]) -> Iterable[str]:
    """The keys of new items: a passage of the road through each column between its ends."""
    for column in range(column_of[road.source.box] + 1, column_of[road.target.box]):
        key = f"{road.id}@{column}"
        items[key] = Item(column, HALF_ROAD, HALF_ROAD)
        yield key


def with_ports(
    boxes: Mapping[str, Box],
    roads: Sequence[Road],
    passages: Mapping[str, Sequence[str]],
    order: Sequence[Sequence[str]],
) -> tuple[list[Road], dict[str, int]]:
    """The roads, leaving each box in the order in which they run on; and which out each took."""
    rank = {key: i for column in order for i, key in enumerate(column)}

    def runs_on(road: Road) -> tuple[int, float]:
        first = (*passages[road.id], road.target.box)[0]
        return rank[first], road.target.y

    leaving: dict[str, int] = {}
    of_box: dict[str, int] = {}
    for road in sorted(roads, key=runs_on):
        leaving[road.id] = of_box.get(road.source.box, 0)
        of_box[road.source.box] = leaving[road.id] + 1
    return [
        replace(
            road,
            source=Port(road.source.box, boxes[road.source.box].outs[leaving[road.id]]),
            bends_early=len(boxes[road.source.box].outs) >= FAN,
        )
        for road in roads
    ], leaving


def straighten(
    boxes: Mapping[str, Box],
    items: Mapping[str, Item],
    roads: Sequence[Road],
    passages: Mapping[str, Sequence[str]],
    order: Sequence[Sequence[str]],
    main: Sequence[str],
) -> None:
    """Move items up and down: the main line is straight, other roads as straight as may be."""
    for column in order:
        bottom = 0.0
        for key in column:
            items[key].y = bottom + items[key].above
            bottom = items[key].y + items[key].below
    pulls: dict[str, list[tuple[Item, float, float]]] = {key: [] for key in items}
    for road in roads:
        stops = (road.source.box, *passages[road.id], road.target.box)
        last = len(stops) - 2
        for i, (a, b) in enumerate(pairwise(stops)):
            down = (road.source.y if i == 0 else 0.0) - (road.target.y if i == last else 0.0)
            weight = 1.0 if i == (0 if road.bends_early else last) else STIFF
            pulls[a].append((items[b], -down, weight))
            pulls[b].append((items[a], down, weight))
    fixed = dict(main_line(roads, main))
    for _ in range(SWEEPS):
        for column in (*order, *order[-2::-1]):
            settle(
                [items[key] for key in column],
                [pulls[k] for k in column],
                [fixed.get(key) for key in column],
            )


def main_line(roads: Sequence[Road], main: Sequence[str]) -> Iterable[tuple[str, float]]:
    """The heights along the main line, each in-port level with the out-port before it."""
    y = 0.0
    for before, key in pairwise(("", *main)):
        road = next((r for r in roads if (r.source.box, r.target.box) == (before, key)), None)
        if road is not None:
            y += road.source.y - road.target.y
        yield key, y


def settle(
    column: Sequence[Item],
    pulls: Sequence[Sequence[tuple[Item, float, float]]],
    fixed: Sequence[float | None],
) -> None:
    """Move the items of a column to where their roads pull them, in order and without overlap.

    Isotonic regression by pooling adjacent violators (Ayer and others, 1955), on heights from
    which the room of the items above has been taken.
    """
    pools: list[tuple[float, float, int]] = []  # weight, weighted sum of wishes, items
    depth, depths = 0.0, []
    for i, item in enumerate(column):
        depth += column[i - 1].below + item.above if i else 0.0
        depths.append(depth)
        weight, total = 1e-3, 1e-3 * item.y
        for other, offset, strength in pulls[i]:
            weight += strength
            total += strength * (other.y + offset)
        wish = fixed[i]
        if wish is not None:
            weight, total = 1e7, 1e7 * wish
        pools.append((weight, total - weight * depth, 1))
        while len(pools) > 1 and pools[-2][1] / pools[-2][0] >= pools[-1][1] / pools[-1][0]:
            a, b = pools.pop(), pools.pop()
            pools.append((a[0] + b[0], a[1] + b[1], a[2] + b[2]))
    heights = [total / weight for weight, total, count in pools for _ in range(count)]
    for item, height, depth in zip(column, heights, depths, strict=True):
        item.y = height + depth


def level(
    items: Mapping[str, Item],
    roads: Sequence[Road],
    passages: Mapping[str, Sequence[str]],
    order: Sequence[Sequence[str]],
) -> None:
    """Give each long road the height of the end where it does not bend, where that is free."""
    for road in roads:
        mine = [items[key] for key in passages[road.id]]
        heights = [items[end.box].y + end.y for end in (road.source, road.target)]
        for height in heights[::-1] if road.bends_early else heights:
            if mine and all(is_free(item, height, mine, items, order) for item in mine):
                for item in mine:
                    item.y = height
                break


def keep_within(items: Mapping[str, Item], order: Sequence[Sequence[str]]) -> None:
    """Move a column that alone reaches beyond all others up or down, so that less height is needed.

    A ladder is tall, and its first rung is level with what it reads: it hangs below everything.
    """
    spans = [
        (
            min(items[k].y - items[k].above for k in keys),
            max(items[k].y + items[k].below for k in keys),
        )
        for keys in order
    ]
    for i, (keys, (top, bottom)) in enumerate(zip(order, spans, strict=True)):
        others = spans[:i] + spans[i + 1 :]
        if len(keys) != 1 or not others or not items[keys[0]].floats:
            continue
        least, most = min(a for a, _ in others), max(b for _, b in others)
        shift = -max(0.0, min(bottom - most, top - least)) + max(
            0.0, min(least - top, most - bottom)
        )
        items[keys[0]].y += shift
        spans[i] = (top + shift, bottom + shift)


def is_free(
    item: Item,
    height: float,
    mine: Sequence[Item],
    items: Mapping[str, Item],
    order: Sequence[Sequence[str]],
) -> bool:
    """Whether a road may pass a column at this height."""
    others = (items[key] for key in order[item.column])
    return all(
        other in mine
        or other.y - other.above >= height + HALF_ROAD
        or other.y + other.below <= height - HALF_ROAD
        for other in others
    )


def horizontally(
    boxes: Mapping[str, Box],
    items: Mapping[str, Item],
    roads: Sequence[Road],
    passages: Mapping[str, Sequence[str]],
    column_of: Mapping[str, int],
    width: float,
) -> tuple[list[tuple[float, float]], dict[str, tuple[float, float, float]]] | None:
    """The ends of each column, and corner and width of what is attached, where all fits."""
    widths = [0.0] * (1 + max(column_of.values()))
    for key, box in boxes.items():
        widths[column_of[key]] = max(widths[column_of[key]], box.width)
    wishes = [0.0] * (len(widths) - 1)
    rises: dict[int, list[Rise]] = defaultdict(list)
    for road in roads:
        y = items[road.source.box].y + road.source.y
        goal = items[road.target.box].y + road.target.y
        gap = column_of[road.source.box]
        for height in (*(items[key].y for key in passages[road.id]), goal):
            rises[gap].append((min(y, height) - HALF_ROAD, max(y, height) + HALF_ROAD))
            if abs(height - y) > 1:
                wishes[gap] = max(wishes[gap], length_of_bend(height - y))
            y, gap = height, gap + 1
    attached = sorted(attached_to(boxes, items, column_of), key=lambda each: each.column)
    taken = [*taken_heights(boxes, items, widths)] if attached else []
    found = across(widths, wishes, attached, taken, rises, width)
    if found is None:
        return None
    lefts, beside = found
    ends = [(left, left + size) for left, size in zip(lefts, widths, strict=True)]
    return ends, {each.id: (beside[each.id], each.top, each.width) for each in attached}


def attached_to(
    boxes: Mapping[str, Box], items: Mapping[str, Item], column_of: Mapping[str, int]
) -> Iterator[Attached]:
    """The cards above and below their readers, at their heights."""
    for key, box in boxes.items():
        for sides, above in ((box.over, True), (box.under, False)):
            reader = box.width - box.tray
            total = sum(side.width for side in sides) + APART * (len(sides) - 1)
            wish = (reader - total) / 2
            for side in sides:
                y = items[key].y
                top = y - AWAY - side.height if above else y + box.height + AWAY
                size = (side.width, top, top + side.height)
                yield Attached(side.id, column_of[key], reader, wish, *size)
                wish += side.width + APART


def taken_heights(
    boxes: Mapping[str, Box], items: Mapping[str, Item], widths: Sequence[float]
) -> Iterator[Taken]:
    """The heights that boxes and passing roads take in their columns."""
    for key, item in items.items():
        if key in boxes:
            box = boxes[key]
            size = (item.y - box.above, item.y + box.height + box.below, box.width)
        else:
            size = (item.y - item.above, item.y + item.below, widths[item.column])
        yield Taken(item.column, *size)


def length_of_bend(rise: float) -> float:
    return max(SHORTEST, min(LONGEST, abs(rise)))


def stations_of(
    road: Road,
    boxes: Mapping[str, Box],
    corners: Mapping[str, Point],
    items: Mapping[str, Item],
    passages: Sequence[str],
    ends: Sequence[tuple[float, float]],
    top: float,
) -> Iterable[Point]:
    """Where a road begins, where it bends, and where it ends."""
    (left, height), (goal, goal_top) = corners[road.source.box], corners[road.target.box]
    source, target = boxes[road.source.box], boxes[road.target.box]
    x, y = left + source.width - source.inset, height + road.source.y
    yield x, y
    passed = [(*ends[items[key].column], items[key].y - top) for key in passages]
    end = goal + target.inset
    for begin, after, height in (*passed, (goal, end, goal_top + road.target.y)):
        if abs(height - y) > 0.5:
            bend = min(length_of_bend(height - y), begin - x)
            start = x if road.bends_early else begin - bend
            yield start, y
            yield start + bend, height
            y = height
        x = after
    yield end, y
