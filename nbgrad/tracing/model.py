"""The Trace: one forward and one reverse run as plain data.

Everything that a picture, a derivation or a table shows is read from here. There are names,
numbers and edges, and no object of the engine, so a trace can be written to JSON, sent to a
browser, and compared with `==`.

Two symbols never mix: ∂a/∂x is a *local* derivative and belongs to an edge; df/dx (or x̄) is
a *total* one, the adjoint, and belongs to a node.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

from nbgrad.tracing.cell_terms import Cell, cell_of
from nbgrad.tracing.grouping import grouped
from nbgrad.tracing.moments import Frame, Moments, moments_of
from nbgrad.tracing.numbers import Numbers
from nbgrad.tracing.parts import Adjoint, Edge, Local, Node, Step
from nbgrad.tracing.paths import Paths, paths_between
from nbgrad.tracing.symbols import bar


@dataclass(frozen=True)
class Trace:
    """One forward and one reverse run: nodes, edges, and the steps in the order they happened."""

    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    steps: tuple[Step, ...]
    ys: tuple[str, ...]
    xs: tuple[str, ...]

    @cached_property
    def _by_id(self) -> dict[str, Any]:
        return {**{n.id: n for n in self.nodes}, **{e.id: e for e in self.edges}}

    def node(self, key: str) -> Node:
        """The node with this id or this label.

        Raises
        ------
        KeyError
            If no node has it; the message lists the labels there are.
        """
        found = self._by_id.get(key) or next((n for n in self.nodes if n.label == key), None)
        if not isinstance(found, Node):
            labels = ", ".join(n.label for n in self.nodes)
            raise KeyError(f"No node {key!r} in this trace. It has: {labels}")
        return found

    def edge(self, key: str) -> Edge:
        """The edge with this id, such as "e5.1"."""
        found: Edge = self._by_id[key]
        return found

    def incoming(self, node: Node) -> Iterator[Edge]:
        """The edges from a node's operands, in the order of the operands."""
        return (edge for edge in self._into.get(node.id, ()))

    def outgoing(self, node: Node) -> Iterator[Edge]:
        """The edges to the operations that read a node."""
        return (edge for edge in self._out_of.get(node.id, ()))

    @cached_property
    def _into(self) -> dict[str, list[Edge]]:
        return grouped(self.edges, lambda edge: edge.target)

    @cached_property
    def _out_of(self) -> dict[str, list[Edge]]:
        return grouped(self.edges, lambda edge: edge.source)

    def paths(self, x: str, y: str | None = None, *, most: int = 200, cut: bool = False) -> Paths:
        """The paths from x to the ys, or to one y, each with its product.

        The sum of the products is the adjoint of x (for one y of several: that y's part).

        Parameters
        ----------
        x, y
            Ids or labels of nodes.
        most
            If there are more, they are only counted.
        cut
            Also list those that are cut by a stop, an integer or a missing rule.
        """
        ys = [self.node(each) for each in ([y] if y is not None else self.ys)]
        return paths_between(self, self.node(x), ys, most=most, cut=cut)

    def total(self, node: Node) -> str:
        """The symbol of a node's adjoint: "df/dx"; "x̄" where ys are several, or weighed."""
        if self._unweighed is None:
            return bar(node.label)
        return f"d{self._unweighed}/d{node.label}"

    @cached_property
    def _unweighed(self) -> str | None:
        """The label of the only y, if its seed is nothing but ones."""
        ys = [self.node(y) for y in self.ys]
        if len(ys) != 1 or (ys[0].seed is not None and (ys[0].seed.array != 1).any()):
            return None
        return ys[0].label

    def cell(
        self, key: str, index: tuple[int, ...] | int, lane: Literal["value", "adjoint"] = "value"
    ) -> Cell:
        """One cell of a node's value or adjoint, with the products whose sum it is.

        Examples
        --------
        >>> import nbgrad as ng
        >>> with ng.Graph().as_default():
        ...     A = ng.Variable([[1.0, 2.0], [3.0, 4.0]], name="A")
        ...     v = ng.Variable([[5.0], [6.0]], name="v")
        ...     t = ng.trace(ng.matmul(A, v, name="u"), [A, v])
        >>> print(t.cell("u", (1, 0)))
        u[1, 0] = A[1, 0]·v[0, 0] + A[1, 1]·v[1, 0] = 3·5 + 4·6 = 39
        """
        return cell_of(self, key, index, lane)

    def to_dict(self) -> dict[str, Any]:
        """The whole trace as dictionaries, lists, strings and numbers: ready for JSON."""
        return {"format": 1, **plain(self)}

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Trace:
        """The trace that `to_dict` wrote: `Trace.from_dict(t.to_dict()) == t`."""

        def numbers(item: dict[str, Any] | None) -> Numbers | None:
            return None if item is None else Numbers.from_dict(item)

        def adjoint(item: dict[str, Any]) -> Adjoint:
            return Adjoint(**item | {"value": numbers(item["value"])})

        def local(item: dict[str, Any] | None) -> Local | None:
            if item is None:
                return None
            uses = tuple(item.get("uses", ()))
            return Local(**item | {"value": numbers(item["value"]), "uses": uses})

        return cls(
            nodes=tuple(
                Node(
                    **item
                    | {
                        "shape": tuple(item["shape"]),
                        "value": numbers(item["value"]),
                        "adjoint": adjoint(item["adjoint"]),
                        "seed": numbers(item["seed"]),
                    }
                )
                for item in data["nodes"]
            ),
            edges=tuple(
                Edge(
                    **item
                    | {
                        "local": local(item["local"]),
                        "contribution": numbers(item["contribution"]),
                    }
                )
                for item in data["edges"]
            ),
            steps=tuple(Step(**item | {"edges": tuple(item["edges"])}) for item in data["steps"]),
            ys=tuple(data["ys"]),
            xs=tuple(data["xs"]),
        )

    @cached_property
    def moments(self) -> Moments:
        """When each value, adjoint and contribution becomes known."""
        return moments_of(self)

    def frame(self, k: int) -> Frame:
        """What is known after the first `k` steps; `frame(len(steps))` knows everything.

        Raises
        ------
        IndexError
            If there is no such step.
        """
        if not 0 <= k <= len(self.steps):
            raise IndexError(f"This trace has {len(self.steps)} steps; there is no step {k}.")
        return Frame(self, k)

    def frames(self) -> Iterator[Frame]:
        """What is known before the first step, after it, and so on to the last."""
        return (Frame(self, k) for k in range(len(self.steps) + 1))


def plain(item: Any) -> Any:
    """Dataclasses as dictionaries, tuples as lists, all the way down."""
    if isinstance(item, Numbers):
        return item.to_dict()
    if dataclasses.is_dataclass(item):
        return {f.name: plain(getattr(item, f.name)) for f in dataclasses.fields(item)}
    if isinstance(item, tuple):
        return [plain(each) for each in item]
    return item
