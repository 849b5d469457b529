"""A layered layout of our own, for where there is no Graphviz: a browser's Python, say.

The columns are given. What remains is the order within each, so that few links cross, and how
high each item stands, so that links run straight. Both are found by asking, again and again,
every item where its neighbours are.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from nbgrad.render.placing.columns import Item

GAP = 9
ORDER_SWEEPS, HEIGHT_SWEEPS = 12, 24
STRAIGHT = 6
"""How much more an edge that only passes by wants to run straight than one that begins or ends."""

Links = Sequence[tuple[str, str]]
Near = dict[str, list[tuple[str, float]]]


def order(items: Sequence[Item], links: Links) -> dict[str, float]:
    """The rank of each item in its column, such that few links cross.

    Examples
    --------
    >>> x, y, p, q = (Item(name, column, 20) for name, column in zip("xypq", (0, 0, 1, 1)))
    >>> sorted(order([x, y, p, q], [("x", "q"), ("y", "p")]).items())
    [('p', 1.0), ('q', 0.0), ('x', 0.0), ('y', 1.0)]
    """
    columns = by_column(items)
    right, left = neighbours(items, links)
    ranks = ranked(columns.values())
    for sweep in range(ORDER_SWEEPS):
        # Each column by where its neighbours on one side are: left and right in turn.
        side = left if sweep % 2 == 0 else right
        for number in sorted(columns, reverse=bool(sweep % 2)):
            wishing = wishes(columns[number], side, ranks)
            wanted = [(wishing[item.id], ranks[item.id], item) for item in columns[number]]
            columns[number] = [item for _, _, item in sorted(wanted)]
            ranks |= ranked([columns[number]])
    return ranks


def restacked(ranks: Mapping[str, float], stacked: Links) -> dict[str, float]:
    """The ranks, with the lower one of each pair moved to just below the upper one.

    `stacked` names pairs of one column whose first should be above the second.
    """
    found = dict(ranks)
    for upper, lower in stacked:
        if found[lower] < found[upper]:
            found[lower] = found[upper] + 0.5
    return found


def settle(items: Sequence[Item], links: Links, ranks: Mapping[str, float]) -> dict[str, float]:
    """The heights of the items' middles, in this order and without any overlap.

    Each stands as near to its neighbours as the items above and below it allow.

    Examples
    --------
    >>> x, y = Item("x", 0, 20), Item("y", 1, 20)
    >>> settle([x, y], [("x", "y")], {"x": 0, "y": 0})
    {'x': 0.0, 'y': 0.0}
    """
    columns = by_column(sorted(items, key=lambda item: ranks[item.id]))
    right, left = neighbours(items, links)
    both = {key: right[key] + left[key] for key in right}
    heights = {item.id: 0.0 for item in items}
    for sweep in range(HEIGHT_SWEEPS):
        side = both if sweep > 1 else left if sweep == 0 else right
        for number in sorted(columns, reverse=bool(sweep % 2)):
            heights |= spread(columns[number], wishes(columns[number], side, heights))
    return heights


def by_column(items: Iterable[Item]) -> dict[int, list[Item]]:
    """The items of each column, from top to bottom."""
    columns: dict[int, list[Item]] = defaultdict(list)
    for item in items:
        columns[item.column].append(item)
    return columns


def ranked(columns: Iterable[Sequence[Item]]) -> dict[str, float]:
    """The number of each item in its column, counted from the top."""
    return {item.id: float(n) for column in columns for n, item in enumerate(column)}


def neighbours(items: Sequence[Item], links: Links) -> tuple[Near, Near]:
    """For each item its neighbours to the right and to the left, with the weight of the link."""
    ways = {item.id for item in items if item.is_way}
    right: Near = {item.id: [] for item in items}
    left: Near = {item.id: [] for item in items}
    for source, target in links:
        weight = STRAIGHT if source in ways and target in ways else 1
        right[source].append((target, weight))
        left[target].append((source, weight))
    return right, left


def wishes(column: Sequence[Item], near: Near, heights: Mapping[str, float]) -> dict[str, float]:
    """Where each item of a column would like to be: in the middle of its neighbours."""
    wanted = {}
    for item in column:
        weights = sum(weight for _, weight in near[item.id])
        pull = sum(heights[other] * weight for other, weight in near[item.id])
        wanted[item.id] = pull / weights if weights else heights[item.id]
    return wanted


def spread(column: Sequence[Item], wanted: Mapping[str, float]) -> dict[str, float]:
    """The heights nearest to those wanted (in least squares) at which nothing overlaps.

    Items that would overlap become one block, which stands where its members want it on average.
    """
    blocks: list[tuple[float, list[tuple[str, float]]]] = []  # where it stands, who is in it
    offset = 0.0
    previous = None
    for item in column:
        offset += previous.half + GAP + item.half if previous else 0
        block = (wanted[item.id] - offset, [(item.id, offset)])
        while blocks and blocks[-1][0] > block[0]:
            above, members = blocks.pop()
            total = above * len(members) + block[0] * len(block[1])
            members = members + block[1]
            block = (total / len(members), members)
        blocks.append(block)
        previous = item
    return {key: top + offset for top, members in blocks for key, offset in members}
