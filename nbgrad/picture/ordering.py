"""The order of the vertices in their columns, such that few links cross; then their heights.

Graphviz finds the order, in process where there is pygraphviz, else as the program `dot`. Where
there is neither (a browser's Python, say), the barycenter heuristic does: every column in turn is
sorted by where its neighbours in the next column are. The heights are our own in all three cases.
"""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from subprocess import SubprocessError

from nbgrad.picture.columns import Vertex

Links = Sequence[tuple[str, str]]
Neighbours = dict[str, list[tuple[str, float]]]

GAP = 9  # between two vertices of a column
ORDER_ROUNDS, HEIGHT_ROUNDS = 12, 24
STRAIGHT = 6  # the weight of a link between two dummy vertices; that of others is 1
MOST_VERTICES = 1500  # of more, Graphviz would take seconds
INCH = 72


def order(vertices: Sequence[Vertex], links: Links) -> dict[str, float]:
    """A number for each vertex that grows from the top of its column to the bottom."""
    if len(vertices) <= MOST_VERTICES:
        for run in (run_pygraphviz, run_dot):
            # Each may be missing, or may fail.
            with suppress(ImportError, OSError, RuntimeError, SubprocessError):
                return graphviz_order(vertices, run(dot_source(vertices, links)))
    return barycenter_order(vertices, links)


# By Graphviz ------------------------------------------------------------------------------------


def dot_source(vertices: Sequence[Vertex], links: Links) -> str:
    """The graph in Graphviz' language: a rank for each column, boxes of the vertices' heights."""
    import graphviz

    number = {vertex.id: str(n) for n, vertex in enumerate(vertices)}
    dummies = {vertex.id for vertex in vertices if vertex.is_dummy}
    graph = graphviz.Digraph(
        graph_attr={
            "rankdir": "LR",
            "splines": "false",
            "nodesep": f"{GAP / INCH:.4f}",
            "ranksep": "0.2",
        },
        node_attr={"shape": "box", "fixedsize": "true", "label": "", "width": "0.2"},
    )
    for _, column in sorted(by_column(vertices).items()):
        with graph.subgraph(graph_attr={"rank": "same"}) as rank:
            for vertex in column:
                rank.node(number[vertex.id], height=f"{2 * vertex.half / INCH:.4f}")
    for source, target in links:
        weight = (1, 2, 4)[(source in dummies) + (target in dummies)]
        graph.edge(number[source], number[target], weight=str(weight))
    return str(graph.source)


def run_pygraphviz(source: str) -> str:
    """Graphviz' `plain` output, from the library that comes with pygraphviz."""
    import pygraphviz

    with silent_stderr():
        plain: bytes = pygraphviz.AGraph(string=source).draw(format="plain", prog="dot")
    return plain.decode()


def run_dot(source: str) -> str:
    """Graphviz' `plain` output, from the program `dot`."""
    import graphviz

    return str(graphviz.Source(source).pipe("plain", encoding="utf-8"))


def graphviz_order(vertices: Sequence[Vertex], plain: str) -> dict[str, float]:
    """The middles of the vertices, with y downwards, read from `plain` output."""
    lines = (line.split() for line in plain.splitlines())
    found = {words[1]: -float(words[3]) * INCH for words in lines if words[0] == "node"}
    return {vertex.id: found[str(n)] for n, vertex in enumerate(vertices)}


@contextmanager
def silent_stderr() -> Iterator[None]:
    """Keep the messages of a C library out of the notebook: those to file descriptor 2.

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


# By barycenters ---------------------------------------------------------------------------------


def barycenter_order(vertices: Sequence[Vertex], links: Links) -> dict[str, float]:
    """The position of each vertex in its column.

    Examples
    --------
    >>> x, y, p, q = (Vertex(name, column, 20) for name, column in zip("xypq", (0, 0, 1, 1)))
    >>> sorted(barycenter_order([x, y, p, q], [("x", "q"), ("y", "p")]).items())
    [('p', 1.0), ('q', 0.0), ('x', 0.0), ('y', 1.0)]
    """
    columns = by_column(vertices)
    right, left = neighbours(vertices, links)
    position = positions(columns.values())
    for n in range(ORDER_ROUNDS):
        # From left to right by the neighbours on the left, then back by those on the right.
        side = left if n % 2 == 0 else right
        for number in sorted(columns, reverse=bool(n % 2)):
            center = barycenters(columns[number], side, position)
            columns[number].sort(key=lambda vertex: (center[vertex.id], position[vertex.id]))
            position |= positions([columns[number]])
    return position


def by_column(vertices: Iterable[Vertex]) -> dict[int, list[Vertex]]:
    """The vertices of each column, from top to bottom."""
    columns: dict[int, list[Vertex]] = defaultdict(list)
    for vertex in vertices:
        columns[vertex.column].append(vertex)
    return columns


def positions(columns: Iterable[Sequence[Vertex]]) -> dict[str, float]:
    """The number of each vertex in its column, counted from the top."""
    return {vertex.id: float(n) for column in columns for n, vertex in enumerate(column)}


def neighbours(vertices: Sequence[Vertex], links: Links) -> tuple[Neighbours, Neighbours]:
    """For each vertex its neighbours to the right and to the left, with the weight of the link."""
    dummies = {vertex.id for vertex in vertices if vertex.is_dummy}
    right: Neighbours = {vertex.id: [] for vertex in vertices}
    left: Neighbours = {vertex.id: [] for vertex in vertices}
    for source, target in links:
        weight = STRAIGHT if source in dummies and target in dummies else 1
        right[source].append((target, weight))
        left[target].append((source, weight))
    return right, left


def barycenters(
    column: Sequence[Vertex], near: Neighbours, heights: Mapping[str, float]
) -> dict[str, float]:
    """The weighted mean of the heights of each vertex's neighbours; its own where it has none."""
    found = {}
    for vertex in column:
        weights = sum(weight for _, weight in near[vertex.id])
        total = sum(heights[other] * weight for other, weight in near[vertex.id])
        found[vertex.id] = total / weights if weights else heights[vertex.id]
    return found


# Heights ----------------------------------------------------------------------------------------


def keep_stacked(order: Mapping[str, float], stacked: Links) -> dict[str, float]:
    """The order, with the lower vertex of each pair moved to just below the upper one.

    `stacked` names pairs of one column whose first should be above the second.
    """
    found = dict(order)
    for upper, lower in stacked:
        if found[lower] < found[upper]:
            found[lower] = found[upper] + 0.5
    return found


def heights_of(
    vertices: Sequence[Vertex], links: Links, order: Mapping[str, float]
) -> dict[str, float]:
    """The heights of the vertices' middles, in this order and without any overlap.

    Each stands as near to the barycenter of its neighbours as those above and below it allow.

    Examples
    --------
    >>> x, y = Vertex("x", 0, 20), Vertex("y", 1, 20)
    >>> heights_of([x, y], [("x", "y")], {"x": 0, "y": 0})
    {'x': 0.0, 'y': 0.0}
    """
    columns = by_column(sorted(vertices, key=lambda vertex: order[vertex.id]))
    right, left = neighbours(vertices, links)
    both = {key: right[key] + left[key] for key in right}
    heights = {vertex.id: 0.0 for vertex in vertices}
    for n in range(HEIGHT_ROUNDS):
        side = both if n > 1 else left if n == 0 else right
        for number in sorted(columns, reverse=bool(n % 2)):
            wanted = barycenters(columns[number], side, heights)
            heights |= without_overlap(columns[number], wanted)
    return heights


def without_overlap(column: Sequence[Vertex], wanted: Mapping[str, float]) -> dict[str, float]:
    """The heights nearest to those wanted (in least squares) at which nothing overlaps.

    Pool adjacent violators: vertices that would overlap become one block, which stands where its
    members want it on average.
    """
    blocks: list[tuple[float, list[tuple[str, float]]]] = []  # its place, its vertices
    offset = 0.0
    previous = None
    for vertex in column:
        offset += previous.half + GAP + vertex.half if previous else 0
        block = (wanted[vertex.id] - offset, [(vertex.id, offset)])
        while blocks and blocks[-1][0] > block[0]:
            above, members = blocks.pop()
            total = above * len(members) + block[0] * len(block[1])
            members = members + block[1]
            block = (total / len(members), members)
        blocks.append(block)
        previous = vertex
    return {key: top + offset for top, members in blocks for key, offset in members}
