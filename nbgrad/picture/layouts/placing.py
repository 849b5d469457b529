"""Where cards stand and how roads run, for a width that is asked for.

A layered drawing after Sugiyama, Tagawa and Toda (1981): every box stands in the column after its
last operand, the order within a column crosses few roads, and boxes move up and down until the
main line is straight and the other roads are as straight as that allows. Nothing here knows of
traces or of numbers: boxes of given sizes are placed, and roads between their ports.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

from nbgrad.picture.layouts.bends import Bend, Gap, pieces_of
from nbgrad.picture.layouts.boxes import (
    APART,
    AWAY,
    HALF_ROAD,
    Area,
    Item,
    Placement,
    Point,
    Port,
    Road,
)
from nbgrad.picture.layouts.crossings import ordered
from nbgrad.picture.layouts.gaps import LEAST_STRAIGHT, Across, Attached, Taken, across
from nbgrad.picture.layouts.heights import keep_within, level, straighten

#: Of so many readers on, roads bend in the first gap and run on between the rows of cards.
FAN = 3


def place(
    boxes: Sequence[Area], roads: Sequence[Road], main: Sequence[str], width: float
) -> Placement | None:
    """The places of boxes and roads within a width; None where the columns do not fit.

    `boxes` stand in the order of the formula, which decides where nothing else does; `main` are
    the ids along the main line. Roads leave by `Area.outs`; the heights of `Road.source` say
    nothing until the order is known.
    """
    by_id = {box.id: box for box in boxes}
    column_of = columns(boxes, roads)
    if least_width(boxes, column_of) > width:
        return None
    items = {}
    for box in boxes:
        above, below = box.room
        floats = not box.over and not box.under
        items[box.id] = Item(column_of[box.id], above, box.height + below, floats=floats)
    passages = {road.id: tuple(passing(road, column_of, items)) for road in roads}
    links = pieces_between(roads, passages)
    order = ordered({key: each.column for key, each in items.items()}, links, passages.values())
    joined = {end for a, b, _ in links for end in (a, b)}
    for column in order:
        column.sort(key=lambda key: key not in joined)
    roads, leaving = with_ports(by_id, roads, passages, order)
    straighten(items, roads, passages, order, main)
    level(items, [(passages[road.id], heights_of(road)) for road in roads], order)
    keep_within(items, order)
    pieces = pieces_of(roads, items, passages)
    gaps = {gap: Gap(bends) for gap, bends in pieces.items()}
    found = horizontally(by_id, items, pieces, gaps, width)
    if found is None:
        return None
    (ends, insets, beside, share), attached = found
    top = min(item.y - item.above for item in items.values())
    corners = {
        key: (ends[column][0] + insets.get(key, 0.0), items[key].y - top)
        for key, column in column_of.items()
    }
    bends = bends_of(gaps, ends, top)
    walls = [*walls_of(by_id, items, ends, attached, beside)]
    for k, gap in gaps.items():
        if len(gap.bends) == 1 and f"{gap.bends[0].road}@{k}" in items:
            points = bends[gap.bends[0].road]
            if points[-1][0] <= ends[k + 1][0]:
                lengthen(gap.bends[0], points, ends[k], walls)
    stations = {road.id: (*way_of(road, by_id, corners, bends[road.id]),) for road in roads}
    corners |= {each.id: (beside[each.id], each.top - top) for each in attached}
    bottom = max(item.y + item.below for item in items.values()) - top
    right = max([ends[-1][1], *(beside[each.id] + each.width for each in attached)])
    return Placement(corners, stations, leaving, right, bottom, share)


def least_width(boxes: Sequence[Area], column_of: Mapping[str, int]) -> float:
    """A width that columns need at least."""
    widths = column_widths(boxes, column_of)
    return sum(widths) + LEAST_STRAIGHT * (len(widths) - 1)


def column_widths(boxes: Sequence[Area], column_of: Mapping[str, int]) -> list[float]:
    widths = [0.0] * (1 + max(column_of.values()))
    for box in boxes:
        widths[column_of[box.id]] = max(widths[column_of[box.id]], box.width)
    return widths


def columns(boxes: Sequence[Area], roads: Sequence[Road]) -> dict[str, int]:
    """The column of each box: one after its last operand."""
    operands: dict[str, list[str]] = {box.id: [] for box in boxes}
    for road in roads:
        operands[road.target.box].append(road.source.box)
    found = columns_behind(operands)
    for box in boxes:
        first = min((found[r.target.box] for r in roads if r.source.box == box.id), default=0)
        if box.late and not operands[box.id] and first:
            found[box.id] = first - 1
    return found


def columns_behind(
    operands: Mapping[str, Collection[str]], starts: Iterable[str] = ()
) -> dict[str, int]:
    """The column of each key, one after its last operand; `starts` stand in the first column."""
    found = dict.fromkeys(starts, 0)
    waiting = [*operands]
    while waiting:
        key = waiting.pop()
        missing = [source for source in operands[key] if source not in found]
        if missing:
            waiting += [key, *missing]
        else:
            found[key] = 1 + max((found[source] for source in operands[key]), default=-1)
    return found


def passing(road: Road, column_of: Mapping[str, int], items: dict[str, Item]) -> Iterable[str]:
    """The keys of new items: a passage of the road through each column between its ends."""
    for column in range(column_of[road.source.box] + 1, column_of[road.target.box]):
        key = f"{road.id}@{column}"
        items[key] = Item(column, HALF_ROAD, HALF_ROAD)
        yield key


def pieces_between(
    roads: Sequence[Road], passages: Mapping[str, Sequence[str]]
) -> list[tuple[str, str, float]]:
    """The pieces of all roads from one column to the next, each with the order of its port."""
    by_port = sorted(roads, key=lambda road: (road.target.box, road.target.y))
    port = {road.id: float(n) for n, road in enumerate(by_port)}
    return [
        (a, b, port[road.id] if b == road.target.box else 0.0)
        for road in roads
        for a, b in pairwise((road.source.box, *passages[road.id], road.target.box))
    ]


def with_ports(
    boxes: Mapping[str, Area],
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


def heights_of(road: Road) -> list[tuple[str, float]]:
    """The heights that a road would like to run in: those of its ends."""
    ends = [(end.box, end.y) for end in (road.source, road.target)]
    return ends[::-1] if road.bends_early else ends


def horizontally(
    boxes: Mapping[str, Area],
    items: Mapping[str, Item],
    pieces: Mapping[int, Sequence[Bend]],
    gaps: Mapping[int, Gap],
    width: float,
) -> tuple[Across, list[Attached]] | None:
    """Where columns and attached cards begin and end, where all fits."""
    column_of = {key: items[key].column for key in boxes}
    widths = column_widths([*boxes.values()], column_of)
    attached = sorted(attached_to(boxes, items, column_of), key=lambda each: each.column)
    taken = [*taken_heights(boxes, items, widths)] if attached else []
    rises = {gap: [piece.heights for piece in each] for gap, each in pieces.items()}
    wishes = [
        (gaps[k].least, gaps[k].wish) if k in gaps else (0.0, 0.0) for k in range(len(widths) - 1)
    ]
    found = across(widths, wishes, attached, taken, rises, width)
    return None if found is None else (found, attached)


def attached_to(
    boxes: Mapping[str, Area], items: Mapping[str, Item], column_of: Mapping[str, int]
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
                size = (side.width, top, top + side.height, total, box.tray)
                yield Attached(side.id, column_of[key], key, reader, wish, *size)
                wish += side.width + APART


def taken_heights(
    boxes: Mapping[str, Area], items: Mapping[str, Item], widths: Sequence[float]
) -> Iterator[Taken]:
    """The heights that boxes and passing roads take in their columns."""
    for key, item in items.items():
        if key in boxes:
            box = boxes[key]
            size = (item.y - box.above, item.y + box.height + box.below, box.width)
        else:
            size = (item.y - item.above, item.y + item.below, widths[item.column])
        yield Taken(item.column, *size)


def bends_of(
    gaps: Mapping[int, Gap], ends: Sequence[tuple[float, float]], top: float
) -> Mapping[str, list[Point]]:
    """Where each road bends: the two ends of each S, below the top of the picture."""
    found: dict[str, list[Point]] = defaultdict(list)
    for k, gap in sorted(gaps.items()):
        heights = {bend.road: (bend.before - top, bend.after - top) for bend in gap.bends}
        for road, xs in gap.places(ends[k][1], ends[k + 1][0]):
            found[road] += zip(xs, heights[road], strict=True)
    return found


def walls_of(
    boxes: Mapping[str, Area],
    items: Mapping[str, Item],
    ends: Sequence[tuple[float, float]],
    attached: Sequence[Attached],
    beside: Mapping[str, float],
) -> Iterator[tuple[str, float, float, float, float]]:
    """What no bend may touch: left, right, top, and bottom of each box, passage, and attached."""
    for key, item in items.items():
        height = boxes[key].height if key in boxes else 0.0
        above, below = (boxes[key].above, boxes[key].below) if key in boxes else (HALF_ROAD,) * 2
        yield key, *ends[item.column], item.y - above, item.y + height + below
    for each in attached:
        yield each.id, beside[each.id], beside[each.id] + each.width, each.top, each.bottom


def lengthen(
    bend: Bend,
    points: list[Point],
    column: tuple[float, float],
    walls: Sequence[tuple[str, float, float, float, float]],
) -> None:
    """Let the last S of a road begin before its gap, where the column that it passes is free."""
    (begin, y), (end, goal) = points[-2:]
    start = max(end - bend.length, column[0], points[-3][0] if len(points) > 2 else 0.0)
    if bend.early or start >= begin - 1:
        return
    # A little more than is in the column: the lanes run beside the middle of the road.
    share = min(1.0, 0.1 + (column[1] - start) / (end - start))
    heights = sorted((bend.before, bend.before + bend.rise * share * share * (3 - 2 * share)))
    free = not any(
        left < column[1]
        and start < right
        and top < heights[1] + HALF_ROAD
        and heights[0] - HALF_ROAD < bottom
        for key, left, right, top, bottom in walls
        if not key.startswith(f"{bend.road}@")
    )
    if free:
        points[-2:] = [(start, y), (end, goal)]


def way_of(
    road: Road, boxes: Mapping[str, Area], corners: Mapping[str, Point], bends: Sequence[Point]
) -> Iterator[Point]:
    """The stations of a road: where it begins, where it bends, and where it ends."""
    (left, top), (goal, goal_top) = corners[road.source.box], corners[road.target.box]
    source, target = boxes[road.source.box], boxes[road.target.box]
    yield left + source.width - source.inset, top + road.source.y
    yield from bends
    yield goal + target.inset, goal_top + road.target.y
