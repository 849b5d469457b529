"""Graphviz, in whichever way it can be had, decides what stands above what.

It gets nothing but boxes of a fixed size without a word in them, so it needs no font. Its order
within the columns crosses few arrows; how far apart things stand is then settled as in our own
layout, which pulls every item to the middle of its neighbours.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress

from nbgrad.render.placing import layered
from nbgrad.render.placing.columns import Item

Links = Sequence[tuple[str, str]]

INCH = 72
SEPARATION = layered.GAP
MOST_ITEMS = 1500
"""Beyond this, Graphviz would take seconds, and our own layout takes its place."""


def order(items: Sequence[Item], links: Links) -> dict[str, float]:
    """The order of the items in each column, by pygraphviz, else by `dot`, else our own."""
    if len(items) <= MOST_ITEMS:
        for draw in (draw_in_process, draw_with_dot):
            with suppress(ImportError, OSError, subprocess.SubprocessError):
                return heights(items, draw(dot_source(items, links)))
    return layered.order(items, links)


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
