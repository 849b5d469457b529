"""The Trace: one forward and one reverse run as plain data.

Everything that a picture, a derivation or a table shows is read from here. There are names,
numbers and edges, and no object of the engine, so a trace can be written to JSON, sent to a
browser, and compared with `==`. What it is made of stands in `records`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, ClassVar

from nbgrad.trace.cells import Cell, cell_of
from nbgrad.trace.formulas import bar
from nbgrad.trace.numbers import Numbers
from nbgrad.trace.paths import Paths, paths_between
from nbgrad.trace.records import (
    Adjoint,
    Cause,
    Edge,
    Lane,
    Local,
    Node,
    NodesAndEdges,
    Step,
    plain,
    rebuilt,
)

__all__ = ["Adjoint", "Cause", "Edge", "Local", "Node", "Numbers", "Step", "Trace"]

#: The number of the JSON format that `to_dict` writes and `from_dict` reads.
FORMAT = 1


@dataclass(frozen=True, repr=False)
class Trace(NodesAndEdges):
    """One forward and one reverse run: nodes, edges, and the steps in the order they happened.

    In a notebook it shows itself as a picture and a table; `print` shows it in words.
    """

    #: The function that makes its picture with a table, which stands in a layer above.
    shown: ClassVar[Callable[[Trace], Any]]

    def __repr__(self) -> str:
        ys, xs = (", ".join(self.node(key).label for key in keys) for keys in (self.ys, self.xs))
        of = f"{ys} with respect to {xs}" if xs else ys
        return f"<Trace of {of}: {len(self.nodes)} nodes, {len(self.steps)} steps>"

    def __str__(self) -> str:
        return str(Trace.shown(self))

    def _repr_mimebundle_(self, **kwargs: Any) -> dict[str, str]:
        bundle: dict[str, str] = Trace.shown(self)._repr_mimebundle_(**kwargs)
        return bundle

    def save(self, path: str | Path) -> Path:
        """Write it to a file, in the form that the ending of its name says, as a drawing does."""
        written: Path = Trace.shown(self).save(path)
        return written

    def total(self, node: Node) -> str:
        """The symbol of a node's adjoint: "df/dx"; "x̄" where ys are several, or not seeded by 1."""
        return f"d{self._only_y}/d{node.label}" if self._only_y else bar(node.label)

    @cached_property
    def _only_y(self) -> str:
        """The label of the only y, if its seed is nothing but ones; else ""."""
        ys = [self.node(y) for y in self.ys]
        if len(ys) != 1 or (ys[0].seed is not None and (ys[0].seed.array != 1).any()):
            return ""
        return ys[0].label

    def paths(self, x: str, y: str | None = None, *, most: int = 200, cut: bool = False) -> Paths:
        """The paths from x to the ys, or to one y, each with its product.

        The sum of the products is the adjoint of x (for one y of several: that y's part). Nodes
        are named by id or label. More paths than `most` are only counted; with `cut`, those are
        listed too that are cut by a stop, an integer or a missing rule.
        """
        ys = [self.node(each) for each in ([y] if y is not None else self.ys)]
        return paths_between(self, self.node(x), ys, most=most, cut=cut)

    def cell(self, key: str, index: tuple[int, ...] | int, lane: Lane = "value") -> Cell:
        """One cell of a node's "value" or "adjoint", with the products whose sum it is.

        Raises
        ------
        IndexError
            If there is no such cell.
        ValueError
            If the node has no adjoint.

        Examples
        --------
        >>> A = tf.Variable([[1.0, 2.0], [3.0, 4.0]], name="A")
        >>> v = tf.Variable([[5.0], [6.0]], name="v")
        >>> print(ng.trace(tf.matmul(A, v, name="u"), [A, v]).cell("u", (1, 0)))
        u[1, 0] = A[1, 0]·v[0, 0] + A[1, 1]·v[1, 0] = 3·5 + 4·6 = 39
        """
        return cell_of(self, key, index, lane)

    def check_step(self, k: int) -> None:
        """Refuse a number of steps that the trace does not have, by an IndexError."""
        if not 0 <= k <= len(self.steps):
            raise IndexError(f"This trace has {len(self.steps)} steps; there is no step {k}.")

    def to_dict(self) -> dict[str, Any]:
        """The whole trace as dictionaries, lists, strings and numbers: ready for JSON."""
        return {"format": FORMAT, **plain(self)}

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Trace:
        """The trace that `to_dict` wrote: `Trace.from_dict(t.to_dict()) == t`.

        Raises
        ------
        ValueError
            If it is of another format, or an edge does not lead from a node to a later one.
        """
        if data.get("format") != FORMAT:
            raise ValueError(
                f"A trace of format {data.get('format')!r} cannot be read; this nbgrad reads "
                f"format {FORMAT}."
            )
        trace: Trace = rebuilt(cls, {key: data[key] for key in data if key != "format"})
        order = {node.id: place for place, node in enumerate(trace.nodes)}
        for edge in trace.edges:
            if not order.get(edge.source, len(order)) < order.get(edge.target, -1):
                raise ValueError(
                    f"Edge {edge.id!r} leads from {edge.source!r} to {edge.target!r}, which is no "
                    "later node: a trace has no cycles."
                )
        return trace
