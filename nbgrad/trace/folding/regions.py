"""Regions of a trace that have one way out, and so may be one card."""

from __future__ import annotations

import heapq
import itertools
from collections.abc import Collection, Iterable, Sequence
from functools import cached_property

from nbgrad.trace.folding.fold import Fold
from nbgrad.trace.folding.ladders import is_absorbed
from nbgrad.trace.model import Node, Trace

#: Operations through which no gradient goes, whatever their operand.
WITHOUT_GRADIENT = {
    *("StopGradient", "Shape", "ShapeN", "Size", "Rank", "ZerosLike", "OnesLike", "Fill", "Range"),
    *("RandomUniform", "RandomStandardNormal", "TruncatedNormal", "OneHot", "ArgMax", "ArgMin"),
    *("Equal", "NotEqual", "Greater", "GreaterEqual", "Less", "LessEqual", "Floor", "Round"),
    *("RandomNormal", "Multinomial", "Step", "Sign"),
}

#: Operations that only change shape or dtype.
SHAPING = {
    *("Reshape", "Squeeze", "ExpandDims", "Cast", "Identity", "Transpose", "BroadcastTo"),
    *("StopGradient", "Spread"),
}


class Structure:
    """A trace as the rules for folds see it: which operations lead to an x, and who reads what."""

    def __init__(self, trace: Trace) -> None:
        self.trace = trace
        self.place = {node.id: place for place, node in enumerate(trace.nodes)}
        self._operands: dict[str, list[Node]] = {}
        self._readers: dict[str, list[Node]] = {}
        self.ends = {node.id for node in trace.nodes if node.requested} | {*trace.ys}

    @cached_property
    def shown(self) -> list[Node]:
        """The nodes that have cards: all but numbers in the expressions of what reads them."""
        return [node for node in self.trace.nodes if not is_absorbed(self.trace, node)]

    @cached_property
    def active(self) -> set[str]:
        """The ids of the xs, and of the operations that a gradient comes through on its way."""
        found: set[str] = set()
        for node in self.trace.nodes:
            if node.requested or (
                node.op_type not in WITHOUT_GRADIENT
                and node.dtype.startswith(("float", "complex", "bfloat"))
                and any(edge.source in found for edge in self.trace.incoming(node))
            ):
                found.add(node.id)
        return found

    def operands(self, node: Node) -> list[Node]:
        """What an operation reads, each once, without numbers that have no card."""
        if node.id not in self._operands:
            keys = dict.fromkeys(edge.source for edge in self.trace.incoming(node))
            nodes = [self.trace.node(key) for key in keys]
            shown = [each for each in nodes if not is_absorbed(self.trace, each)]
            self._operands[node.id] = shown
        return self._operands[node.id]

    def readers(self, node: Node) -> list[Node]:
        """The operations that read a node, each once."""
        if node.id not in self._readers:
            keys = dict.fromkeys(edge.target for edge in self.trace.outgoing(node))
            self._readers[node.id] = [self.trace.node(key) for key in keys]
        return self._readers[node.id]

    def is_leaf(self, node: Node) -> bool:
        return not self.trace.incoming(node)

    def is_inner(self, node: Node, within: Collection[str]) -> bool:
        """Whether an operation is read by these alone, and is no x and no y."""
        readers = self.trace.outgoing(node)
        inside = bool(readers) and all(edge.target in within for edge in readers)
        return inside and node.id not in self.ends and not self.is_leaf(node)

    def in_order(self, keys: Iterable[str]) -> list[Node]:
        return [self.trace.node(key) for key in sorted(keys, key=self.place.__getitem__)]

    def closing(self, start: Node, most: int) -> list[Node]:
        """The operations behind one up to the first that all ways from it lead to; [] if none."""
        found: list[Node] = []
        waiting = [self.place[node.id] for node in self.readers(start)]
        heapq.heapify(waiting)
        seen = set(waiting)
        while waiting and len(found) < most:
            found.append(self.trace.nodes[heapq.heappop(waiting)])
            if not waiting:
                return found
            if found[-1].id in self.ends:
                return []
            for reader in self.readers(found[-1]):
                place = self.place[reader.id]
                if place not in seen:
                    seen.add(place)
                    heapq.heappush(waiting, place)
        return []

    def fold(self, operations: Sequence[Node], form: str = "", name: str = "") -> Fold | None:
        """A fold of operations in order and their constants, if only the last has readers."""
        last, members = operations[-1], {node.id for node in operations}
        if last.requested:
            return None
        for node in operations[:-1]:
            if not self.is_leaf(node) and not self.is_inner(node, members):
                return None
        for key in {edge.source for node in operations for edge in self.trace.incoming(node)}:
            node = self.trace.node(key)
            if key in members or not self.is_detail(node, name):
                continue
            if all(edge.target in members for edge in self.trace.outgoing(node)):
                members.add(key)
        count = sum(not self.is_leaf(node) for node in operations)
        return Fold(name, frozenset(members), last.id, count, form)

    def scope(self, operations: Sequence[Node]) -> str:
        """The innermost scope that some operations are all in."""
        scopes = [scopes_above(node) for node in operations if not self.is_leaf(node)]
        return "/".join(common_scope(scopes))

    def is_detail(self, node: Node, scope: str) -> bool:
        """Whether a constant is a part of what is folded, and not data that goes into it."""
        if node.role != "constant" or node.id in self.ends:
            return False
        inside = scope != "" and scoped_name(node).startswith(f"{scope}/")
        return not node.shape or inside


def scoped_name(node: Node) -> str:
    """The scopes and the name; those of the graph where a trace was written without a path."""
    return node.path or node.name.partition(":")[0]


def scopes_above(node: Node) -> tuple[str, ...]:
    """The name scopes that a node is in, from the outermost."""
    return tuple(scoped_name(node).split("/")[:-1])


def common_scope(scopes: Sequence[tuple[str, ...]]) -> tuple[str, ...]:
    """The innermost scope that all of these are in."""
    levels = itertools.takewhile(lambda names: len({*names}) == 1, zip(*scopes, strict=False))
    return tuple(names[0] for names in levels)
