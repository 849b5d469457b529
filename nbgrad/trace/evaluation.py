"""Evaluations: a graph as a function of some of its tensors, in a precision that one chooses.

The operations needed are built once more, in a graph of their own, with floating-point numbers
of another type; a session runs them as it runs any graph.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from nbgrad.core.dtypes import DType, as_dtype
from nbgrad.core.endpoints import as_list
from nbgrad.core.errors import advise
from nbgrad.core.graph import Graph, Operation, Tensor, ancestors
from nbgrad.core.operators import replace_tensors
from nbgrad.core.running import feeds_of
from nbgrad.core.scopes import Branch
from nbgrad.core.session import Session
from nbgrad.core.traits import Effect
from nbgrad.trace.numbers import DIGITS
from nbgrad.trace.record import Recorder

PRECISIONS = tuple(DIGITS)
COMPLEX = {"float32": "complex64", "float64": "complex128"}


class Evaluation:
    """Some tensors of a graph as a function of others, in "float32" or "float64".

    `values` are those of what is not computed: variables, placeholders, random numbers. `moving` is
    what `run` will give other values; whatever does not depend on it is computed once.
    """

    def __init__(
        self,
        fetches: Sequence[Tensor],
        values: Mapping[Tensor, Any],
        precision: str,
        moving: Sequence[Tensor] = (),
    ) -> None:
        if moving:
            known = independent_tensors(fetches, values, moving)
            found = Evaluation(known, values, precision).run()
            values = {**values, **dict(zip(known, found, strict=True))}
        self._precision = precision
        self._graph = Graph()
        self._twins: dict[Any, Any] = {}  # of tensors and branches
        self._start = {tensor: self._rounded(value) for tensor, value in values.items()}
        needed = [op for op in ancestors(fetches, stop=values) if op.outputs]
        for op in needed:
            # An array that stands in the graph is data, too, and can be fed.
            if op.effect is Effect.CONSTANT and np.ndim(op.attributes["value"]):
                self._start.setdefault(op.outputs[0], self._rounded(op.attributes["value"]))
        for tensor in self._start:
            dtype, shape = self._rounded(tensor.dtype), tensor.static_shape
            self._twins[tensor] = self._graph.apply("Placeholder", dtype=dtype, shape=shape)
        for op in needed:
            if op.outputs[0] not in self._twins and not op.effect.needs_session:
                self._rebuild(op)
        session = Session(graph=self._graph)
        feeds = [self._twins[tensor] for tensor in self._start]
        self._call = session.make_callable([self._twins[tensor] for tensor in fetches], feeds)

    def run(self, moved: Mapping[Tensor, Any] | None = None) -> list[Any]:
        """The values of the fetches, where some of the given tensors have other values."""
        rounded = {tensor: self._rounded(value) for tensor, value in (moved or {}).items()}
        return self._call(*(self._start | rounded).values())

    def run_perturbed(self, rng: np.random.Generator) -> list[Any]:
        """The values of the fetches with the last digit of the data changed at random.

        What an answer loses by that it never had. Data are the tensors given and the arrays that
        stand in the graph; a lone constant belongs to the formula, like the 2 of x².
        """

        def perturbed(value: Any) -> Any:
            """Floating-point numbers, each up to one unit in its last place away."""
            if not isinstance(value, np.ndarray | np.generic) or value.dtype.kind != "f":
                return value
            change = rng.uniform(-1, 1, value.shape) * np.finfo(value.dtype).eps
            return (value * (1 + change)).astype(value.dtype)

        return self._call(*map(perturbed, self._start.values()))

    def _rebuild(self, op: Operation) -> None:
        """Build an operation like this one on the twins of its operands."""
        operands = [self._twins[tensor] for tensor in op.inputs[: op.operand_count]]
        attributes = {key: self._attribute(value) for key, value in op.attributes.items()}
        with self._graph.inside(self._branch(op.branch)):
            made = self._graph.apply(op.type, *operands, **attributes)
        self._twins.update(zip(op.outputs, as_list(made), strict=True))

    def _attribute(self, value: Any) -> Any:
        """An attribute in this precision, with twins for tensors and branches."""
        if isinstance(value, Branch):
            return self._branch(value)
        if type(value) is tuple:
            return tuple(map(self._attribute, value))
        return self._rounded(replace_tensors(value, self._twins.__getitem__))

    def _branch(self, branch: Branch | None) -> Branch | None:
        """The branch of a `cond` that stands for this one."""
        if branch is not None and branch not in self._twins:
            predicate, outer = self._twins[branch.predicate], self._branch(branch.outer)
            self._twins[branch] = Branch(predicate, branch.value, outer)
        return self._twins.get(branch)

    def _rounded(self, value: Any) -> Any:
        """A number, an array or a dtype in this precision; anything else as it is."""
        complex_name = COMPLEX[self._precision]
        if isinstance(value, np.ndarray | np.generic):
            kind = {"f": self._precision, "c": complex_name}.get(value.dtype.kind)
            return value if kind is None else value.astype(kind)[()]
        if isinstance(value, DType) and value.is_inexact:
            return as_dtype(self._precision if value.is_floating else complex_name)
        return value


def independent_tensors(
    fetches: Sequence[Tensor], values: Mapping[Tensor, Any], moving: Sequence[Tensor]
) -> list[Tensor]:
    """The last tensors on the ways to the fetches that do not depend on those moving."""
    depending, found = set(moving), set[Tensor]()
    for op in ancestors(fetches, stop=values):
        # What lies in a branch cannot be fetched, as it may not run: it counts as depending.
        if op.branch is not None or not depending.isdisjoint(op.inputs):
            depending.update(op.outputs)
            found.update(op.inputs)
    found -= {*depending, *values}
    return [tensor for tensor in found if tensor.op.effect is not Effect.CONSTANT]


class EvaluationPoint:
    """The point at which a graph is evaluated: the values of one run, and the fixed ones.

    Fixed are variables, placeholders and random numbers, the seeds of the ys, and, while an x
    moves, what is stopped: the derivative takes that for constant.
    """

    def __init__(self, recorder: Recorder, feed_dict: Any, session: Session | None) -> None:
        self.recorder, self.reverse = recorder, recorder.reverse
        self.trace = recorder.record(feed_dict, session)
        fed = feeds_of(feed_dict, recorder.graph)
        nodes = zip(recorder.nodes, self.trace.nodes, strict=True)
        self.values = {tensor: node.value.array for tensor, node in nodes}
        # What is fed, given or random, and not computed from others.
        given = {t for t in self.values if not t.op.inputs and t.op.effect is not Effect.CONSTANT}
        given |= {*fed, *(t for t in self.values if t.op.effect.needs_session)}
        self.fixed = {t: v for t, v in self.values.items() if t in given}
        seeds = recorder.values_of(self.reverse.seeds, {**fed, **self.fixed})
        self.seeds = dict(zip(self.reverse.seeds, seeds, strict=True))
        stops = recorder.stopped
        self.stopped = {t for t in self.values if t.op in stops or t.op.type == "StopGradient"}


class Surface:
    """A scalar of a graph as a Python function of some of the scalars it depends on.

    It begins at `start`, the values of the xs; `labels` are those of the xs, and then of y.
    """

    def __init__(self, y: Any, xs: Sequence[Any], feed_dict: Any, session: Session | None) -> None:
        # Over the plane of two xs each moves alone, also where one is computed from the other.
        recorder = Recorder(y, xs, None, list(xs), session=session)
        found = EvaluationPoint(recorder, feed_dict, session)
        values = found.values
        self.xs = recorder.xs
        for tensor in (*self.xs, *recorder.ys):
            if values[tensor].ndim:
                shape = list(values[tensor].shape)
                problem = f"A plot is of scalars, and {tensor.name!r} has shape {shape}."
                raise ValueError(advise(problem, tensor.op, "Take one element, or a sum."))
        self.start = np.array([float(values[x]) for x in self.xs])
        self.labels = [recorder.labels[tensor].text for tensor in (*self.xs, *recorder.ys)]
        totals = recorder.totals.items()
        slopes = {x: total for x, total in totals if x in self.xs and total is not None}
        self._reached = list(slopes)
        fixed = {**found.fixed, **found.seeds, **{x: values[x] for x in self.xs}}
        [y] = found.reverse.ys
        self._height = Evaluation([y], fixed, "float64", self.xs)
        self._slopes = Evaluation([y, *slopes.values()], fixed, "float64", self.xs)

    def height(self, point: Sequence[float]) -> float:
        """The value at a point."""
        return float(self._height.run(self._at(point))[0])

    def slopes(self, point: Sequence[float]) -> tuple[float, list[float]]:
        """The value at a point, and the derivative with respect to each x."""
        value, *found = self._slopes.run(self._at(point))
        known = dict(zip(self._reached, map(float, found), strict=True))
        return float(value), [known.get(x, 0.0) for x in self.xs]

    def _at(self, point: Sequence[float]) -> dict[Tensor, Any]:
        return {x: np.float64(each) for x, each in zip(self.xs, point, strict=True)}
