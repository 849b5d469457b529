"""A layered layout of our own, for where there is no Graphviz: a browser's Python, say.

The columns are given. What remains is the order within each, so that few links cross, and how
high each item stands, so that links run straight. Both are found by asking, again and again,
every item where its neighbours are.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress

from nbgrad.picture.columns import Item

GAP = 9


ORDER_SWEEPS, HEIGHT_SWEEPS = 12, 24


STRAIGHT = 6


"""How much more an edge that only passes by wants to run straight than one that begins or ends."""


ItemLinks = Sequence[tuple[str, str]]


Near = dict[str, list[tuple[str, float]]]


def plain_order(items: Sequence[Item], links: ItemLinks) -> dict[str, float]:
    """The rank of each item in its column, such that few links cross.

    Examples
    --------
    >>> x, y, p, q = (Item(name, column, 20) for name, column in zip("xypq", (0, 0, 1, 1)))
    >>> sorted(plain_order([x, y, p, q], [("x", "q"), ("y", "p")]).items())
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


def restacked(ranks: Mapping[str, float], stacked: ItemLinks) -> dict[str, float]:
    """The ranks, with the lower one of each pair moved to just below the upper one.

    `stacked` names pairs of one column whose first should be above the second.
    """
    found = dict(ranks)
    for upper, lower in stacked:
        if found[lower] < found[upper]:
            found[lower] = found[upper] + 0.5
    return found


def settle(items: Sequence[Item], links: ItemLinks, ranks: Mapping[str, float]) -> dict[str, float]:
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


def neighbours(items: Sequence[Item], links: ItemLinks) -> tuple[Near, Near]:
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


Links = Sequence[tuple[str, str]]


INCH = 72


SEPARATION = GAP


MOST_ITEMS = 1500


"""Beyond this, Graphviz would take seconds, and our own layout takes its place."""


def graphviz_order(items: Sequence[Item], links: Links) -> dict[str, float]:
    """The order of the items in each column, by pygraphviz, else by `dot`, else our own."""
    if len(items) <= MOST_ITEMS:
        for draw in (draw_in_process, draw_with_dot):
            with suppress(ImportError, OSError, subprocess.SubprocessError):
                return heights(items, draw(dot_source(items, links)))
    return plain_order(items, links)


def dot_source(items: Sequence[Item], links: Links) -> str:
    """The graph in Graphviz' language: a rank for each column, boxes of the items' heights."""
    import graphviz

    number = {item.id: str(n) for n, item in enumerate(items)}
    way = {item.id for item in items if item.is_way}
    graph = graphviz.Digraph(
        graph_attr={
            "rankdir": "LR",
            "splines": "false",
            "nodesep": f"{SEPARATION / INCH:.4f}",
            "ranksep": "0.2",
        },
        node_attr={"shape": "box", "fixedsize": "true", "label": "", "width": "0.2"},
    )
    columns: dict[int, list[Item]] = defaultdict(list)
    for item in items:
        columns[item.column].append(item)
    for _, column in sorted(columns.items()):
        with graph.subgraph(graph_attr={"rank": "same"}) as rank:
            for item in column:
                rank.node(number[item.id], height=f"{2 * item.half / INCH:.4f}")
    for source, target in links:
        straight = 4 if source in way and target in way else 2 if {source, target} & way else 1
        graph.edge(number[source], number[target], weight=str(straight))
    text: str = graph.source
    return text


def draw_in_process(source: str) -> str:
    """Graphviz' `plain` output, from the library that comes with pygraphviz."""
    import pygraphviz

    with silence_stderr():
        plain: bytes = pygraphviz.AGraph(string=source).draw(format="plain", prog="dot")
    return plain.decode()


def draw_with_dot(source: str) -> str:
    """Graphviz' `plain` output, from the program `dot`."""
    if shutil.which("dot") is None:
        raise FileNotFoundError("There is no `dot` on the PATH.")
    done = subprocess.run(
        ["dot", "-Tplain"], input=source, capture_output=True, text=True, check=True, timeout=60
    )
    return str(done.stdout)


def heights(items: Sequence[Item], plain: str) -> dict[str, float]:
    """The middles of the items, with y downwards, read from `plain` output."""
    lines = (line.split() for line in plain.splitlines())
    found = {words[1]: -float(words[3]) * INCH for words in lines if words[0] == "node"}
    return {item.id: found[str(n)] for n, item in enumerate(items)}


@contextmanager
def silence_stderr() -> Iterator[None]:
    """Keep what a C library writes to file descriptor 2 out of the notebook.

    The font library in pygraphviz' wheels warns about newer configuration files when it is first
    used, and a notebook would show that in red.
    """
    with open(os.devnull, "wb") as nowhere:
        kept = os.dup(2)
        os.dup2(nowhere.fileno(), 2)
        try:
            yield
        finally:
            os.dup2(kept, 2)
            os.close(kept)
