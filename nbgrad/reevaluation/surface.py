"""A scalar of a graph as a surface to walk on: its height and its slopes at any point."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from nbgrad.errors import advise
from nbgrad.graph import Tensor
from nbgrad.reevaluation.held_graph import HeldGraph
from nbgrad.reevaluation.reevaluation import Reevaluation
from nbgrad.session import Session


class Surface:
    """A scalar of a graph as a Python function of some of the scalars it depends on."""

    def __init__(self, y: Any, xs: Sequence[Any], feed_dict: Any, session: Session | None) -> None:
        # Over the plane of two xs each moves alone, also where one is computed from the other.
        graph = HeldGraph(y, xs, None, list(xs), feed_dict, session)
        [self.y], self.xs = graph.sweep.ys, graph.recorder.xs
        for tensor in (*self.xs, *graph.recorder.ys):
            if graph.values[tensor].ndim:
                raise ValueError(
                    advise(
                        f"A plot is of scalars, and {tensor.name!r} has shape "
                        f"{list(graph.values[tensor].shape)}.",
                        tensor.op,
                        "Take one element, or a sum.",
                    )
                )
        totals = [graph.recorder.totals.get(x) for x in self.xs]
        self.reached = [x for x, total in zip(self.xs, totals, strict=True) if total is not None]
        self.start = np.array([float(graph.values[x]) for x in self.xs])
        self.labels = [graph.recorder.labels[t].text for t in (*self.xs, *graph.recorder.ys)]
        held = {**graph.held, **graph.weights, **{x: graph.values[x] for x in self.xs}}
        self._height = Reevaluation([self.y], held, "float64").settle(self.xs)
        found = [total for total in totals if total is not None]
        self._slopes = Reevaluation([self.y, *found], held, "float64").settle(self.xs)

    def height(self, point: Sequence[float]) -> float:
        """The value at a point."""
        return float(self._height.run(self._at(point))[0])

    def slopes(self, point: Sequence[float]) -> tuple[float, list[float]]:
        """The value at a point, and the derivative with respect to each x."""
        value, *found = self._slopes.run(self._at(point))
        known = dict(zip(self.reached, map(float, found), strict=True))
        return float(value), [known.get(x, 0.0) for x in self.xs]

    def _at(self, point: Sequence[float]) -> dict[Tensor, Any]:
        return {x: np.float64(each) for x, each in zip(self.xs, point, strict=True)}
