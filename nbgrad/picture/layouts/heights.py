"""How high everything stands: the main line is straight, other roads as straight as may be."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from math import inf
from types import MappingProxyType

from nbgrad.picture.layouts.boxes import Item, Road

#: How much a road that passes columns resists a bend there, against one in the last gap.
STIFF = 60.0
#: As tall is what may stand anywhere, since it hangs below everything else anyway.
TALL = 240.0
#: So many sweeps are made at most, and none when nothing moves further than this any more.
SWEEPS, AT_REST = 60, 0.2


#: What pulls an item: another one, how much lower it would like to be than that, and how strongly.
Pull = tuple[Item, float, float]
#: What is to be level: items; and the heights that it may have, each below the top of an item.
Run = tuple[Sequence[str], Sequence[tuple[str, float]]]


def straighten(
    items: Mapping[str, Item],
    roads: Sequence[Road],
    passages: Mapping[str, Sequence[str]],
    order: Sequence[Sequence[str]],
    main: Sequence[str],
) -> None:
    """Move items up and down: the main line is straight, other roads as straight as may be.

    What no road leads to or from stands right below the others of its column.
    """
    pile_up(items, order)
    pulls: dict[str, list[Pull]] = {key: [] for key in items}
    for road in roads:
        stops = (road.source.box, *passages[road.id], road.target.box)
        last = len(stops) - 2
        for i, (a, b) in enumerate(pairwise(stops)):
            down = (road.source.y if i == 0 else 0.0) - (road.target.y if i == last else 0.0)
            weight = 1.0 if i == (0 if road.bends_early else last) else STIFF
            pulls[a].append((items[b], -down, weight))
            pulls[b].append((items[a], down, weight))
    sweep(items, order, pulls, SWEEPS, dict(main_heights(roads, main)))
    for keys in order:
        for upper, key in pairwise(keys):
            if not pulls[key]:
                items[key].y = items[upper].y + items[upper].below + items[key].above


def pile_up(items: Mapping[str, Item], order: Sequence[Sequence[str]]) -> None:
    """Put the items of each column right below each other."""
    for column in order:
        bottom = 0.0
        for key in column:
            items[key].y = bottom + items[key].above
            bottom = items[key].y + items[key].below


def sweep(
    items: Mapping[str, Item],
    order: Sequence[Sequence[str]],
    pulls: Mapping[str, Sequence[Pull]],
    most: int,
    fixed: Mapping[str, float] = MappingProxyType({}),
) -> None:
    """Settle all columns to and fro, until they are at rest or it was done so often."""
    columns = [
        ([items[k] for k in keys], [pulls[k] for k in keys], [fixed.get(k) for k in keys])
        for keys in order
    ]
    for _ in range(most):
        if max([settle(*column) for column in (*columns, *columns[-2::-1])]) < AT_REST:
            break


def main_heights(roads: Sequence[Road], main: Sequence[str]) -> Iterable[tuple[str, float]]:
    """The heights along the main line, each in-port level with the out-port before it."""
    y = 0.0
    for before, key in pairwise(("", *main)):
        road = next((r for r in roads if (r.source.box, r.target.box) == (before, key)), None)
        if road is not None:
            y += road.source.y - road.target.y
        yield key, y


def settle(
    column: Sequence[Item],
    pulls: Sequence[Sequence[Pull]],
    fixed: Sequence[float | None],
) -> float:
    """Move the items of a column to where their roads pull them, in order and without overlap.

    Returns how far it moved the one that moved furthest.

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
    furthest = 0.0
    for item, height, depth in zip(column, heights, depths, strict=True):
        furthest = max(furthest, abs(item.y - height - depth))
        item.y = height + depth
    return furthest


def level(items: Mapping[str, Item], runs: Sequence[Run], order: Sequence[Sequence[str]]) -> None:
    """Make each run level where there is room: in the height of an end, or else near it.

    The order of what stands in a column stays. One run out of the way may make room for others.
    """
    beside = neighbours(order)
    for keys, ends in [*runs, *reversed(runs)]:
        least, most = free_heights(items, beside, keys)
        if keys and least <= most:
            wish = nearest([items[key].y + y for key, y in ends], least, most)
            for key in keys:
                items[key].y = wish


def neighbours(order: Sequence[Sequence[str]]) -> dict[str, tuple[str, str]]:
    """What stands above and below each key; "" where nothing does."""
    return {
        key: (upper, lower)
        for column in order
        for upper, key, lower in zip(("", *column), column, (*column[1:], ""), strict=False)
    }


def free_heights(
    items: Mapping[str, Item], beside: Mapping[str, tuple[str, str]], keys: Iterable[str]
) -> tuple[float, float]:
    """The least and the largest height that items can all have, between their neighbours."""
    least, most = -inf, inf
    for key in keys:
        upper, lower = (items.get(other) for other in beside[key])
        if upper is not None:
            least = max(least, upper.y + upper.below + items[key].above)
        if lower is not None:
            most = min(most, lower.y - lower.above - items[key].below)
    return least, most


def nearest(ends: Sequence[float], least: float, most: float) -> float:
    """The first of two heights that is in a range, or else what is nearest to the first."""
    free = [end for end in ends if least <= end <= most]
    return free[0] if free else max(least, min(most, ends[0]))


def is_tall(span: tuple[float, float]) -> bool:
    """Whether what stands there is as tall as a ladder."""
    return span[1] - span[0] > TALL


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
        others = [
            span
            for j, span in enumerate(spans)
            if j != i and (j < i or not is_tall(span) or len(order[j]) > 1)
        ]
        if len(keys) != 1 or not others or not items[keys[0]].floats:
            continue
        least, most = min(a for a, _ in others), max(b for _, b in others)
        shift = -max(0.0, min(bottom - most, top - least)) + max(
            0.0, min(least - top, most - bottom)
        )
        items[keys[0]].y += shift
        spans[i] = (top + shift, bottom + shift)
