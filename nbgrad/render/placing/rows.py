"""How far right everything stands, counted in cards; and where a long picture begins a new row.

A picture that is too wide for a page is broken into rows, like a text. Between the last rank of
a row and the first of the next, one rank is left out.
"""

from __future__ import annotations

import bisect
from collections import defaultdict
from collections.abc import Mapping, Sequence

from nbgrad.render.placing.card_sizes import is_small_constant
from nbgrad.tracing.model import Trace
from nbgrad.tracing.parts import Node


def ranks_of(trace: Trace) -> dict[str, int]:
    """The longest way from a leaf to each node; ys that nobody reads stand in the last rank."""
    ranks: dict[str, int] = {}
    for node in trace.nodes:
        if not is_small_constant(trace, node):
            operands = [edge.source for edge in trace.incoming(node)]
            ranks[node.id] = 1 + max((ranks.get(each, 0) for each in operands), default=-1)
    for node in trace.nodes:
        readers = [ranks[edge.target] for edge in trace.outgoing(node)]
        if node.role == "constant" and node.id in ranks and readers:
            ranks[node.id] = min(readers) - 1
    last = max(ranks.values(), default=0)
    return ranks | {y: last for y in trace.ys if not any(trace.outgoing(trace.node(y)))}


def broken(trace: Trace, ranks: Mapping[str, int], starts: Sequence[int]) -> dict[str, int]:
    """The ranks in rows that begin at the given ones; between two rows, a rank is left out.

    Every row begins with a column of its own for the leaves that are first read in it.
    """
    found: dict[str, int] = {}
    for node in trace.nodes:
        rank = ranks.get(node.id)
        if rank is None:
            continue
        leaf = not any(trace.incoming(node))
        first = first_reader(trace, node, ranks) if leaf else rank
        row = bisect.bisect_right(starts, first) - 1
        before = starts[row] + 2 * row
        found[node.id] = before - 1 if leaf else before + rank - starts[row]
    return found


def first_reader(trace: Trace, node: Node, ranks: Mapping[str, int]) -> int:
    """The first rank in which a node is read."""
    return min((ranks[edge.target] for edge in trace.outgoing(node)), default=1)


def starts_of(
    trace: Trace, ranks: Mapping[str, int], widths: Mapping[str, float], room: float
) -> list[int]:
    """The ranks at which rows of this width begin: as many columns in a row as fit."""
    wide: dict[int, float] = defaultdict(float)
    leaves: dict[int, float] = defaultdict(float)
    for node in trace.nodes:
        if node.id in ranks:
            leaf = not any(trace.incoming(node))
            rank = first_reader(trace, node, ranks) if leaf else ranks[node.id]
            where = leaves if leaf else wide
            where[rank] = max(where[rank], widths[node.id])
    starts, taken, first = [1], 0.0, 0.0
    for rank in sorted(wide):
        first = max(first, leaves[rank])
        if taken and taken + wide[rank] + first > room:
            starts.append(rank)
            taken, first = 0.0, leaves[rank]
        taken += wide[rank]
    return starts


def rows_by_column(ranks: Mapping[str, int]) -> dict[int, int]:
    """The row of every column; the gap before a row belongs to it, and the gap after it."""
    used = {*ranks.values()}
    rows: dict[int, int] = {}
    row = 0
    for rank in sorted(used):
        row += rank > 0 and rank - 1 not in used
        rows |= dict.fromkeys((2 * rank - 1, 2 * rank, 2 * rank + 1), row)
    return rows
