"""A run once more, in another precision: the same operations, kernels and rules.

Nothing is rebuilt. NumPy's kernels compute in the precision of what they are given; so we round
what goes in, and call them in the order of creation. It is a session in thirty lines, slow and
plain, and for that a second opinion on the fast one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from nbgrad.core.dtypes import DType, as_dtype
from nbgrad.core.endpoints import as_list
from nbgrad.core.errors import advise
from nbgrad.core.feeds import feeds_of
from nbgrad.core.graph import Operation, Tensor, ancestors
from nbgrad.core.operands import replace_tensors
from nbgrad.core.registry import Effect
from nbgrad.core.scopes import Branch
from nbgrad.core.session import Session, get_default_session
from nbgrad.trace.model import DIGITS
from nbgrad.trace.record import Recorder
from nbgrad.trace.tensors import itself

PRECISIONS = tuple(DIGITS)


COMPLEX = {"float32": "complex64", "float64": "complex128"}


class Reevaluation:
    """Some tensors of a graph as a function of others, in one precision.

    Parameters
    ----------
    fetches
        The tensors to compute.
    held
        The values of those that are not computed: variables, placeholders, random numbers.
    precision
        "float32" or "float64".
    perturbation
        If given, the last digit of the data is changed at random. What an answer loses by that
        it never had. Data are the tensors held and the arrays that stand in the graph; a lone
        constant belongs to the formula, like the 2 of x².
    """

    def __init__(
        self,
        fetches: Sequence[Tensor],
        held: Mapping[Tensor, Any],
        precision: str,
        perturbation: np.random.Generator | None = None,
    ) -> None:
        self.fetches = list(fetches)
        self.precision = precision
        known = {tensor: self.rounded(value) for tensor, value in held.items()}
        needed = [op for op in ancestors(fetches, stop=held) if op.outputs]
        for op in needed:
            if op.effect is Effect.CONSTANT and op.outputs[0] not in known:
                known[op.outputs[0]] = self.rounded(op.attributes["value"])
        if perturbation is not None:
            data = {t for t, value in known.items() if t in held or np.ndim(value)}
            known = {t: perturbed(v, perturbation) if t in data else v for t, v in known.items()}
        self.known = known
        self.operations = [
            op for op in needed if op.effect is not Effect.CONSTANT and not op.effect.needs_session
        ]

    def settle(self, moving: Sequence[Tensor]) -> Reevaluation:
        """Compute now, once, whatever does not depend on the tensors that will move."""
        depends, later = set(moving), []
        with np.errstate(all="ignore"):
            for op in self.operations:
                if depends.isdisjoint((*op.inputs, *predicates(op.branch))):
                    self._compute(op, self.known)
                else:
                    depends.update(op.outputs)
                    later.append(op)
        self.operations = later
        return self

    def run(self, moved: Mapping[Tensor, Any] | None = None) -> list[Any]:
        """The values of the fetches, where some of the tensors held have others."""
        values = {**self.known, **{t: self.rounded(v) for t, v in (moved or {}).items()}}
        with np.errstate(all="ignore"):
            for op in self.operations:
                self._compute(op, values)
        return [values[tensor] for tensor in self.fetches]

    def _compute(self, op: Operation, values: dict[Tensor, Any]) -> None:
        """Add what one operation makes of its operands, unless it is known, or not to run."""
        if op.outputs[0] in values or not is_taken(op.branch, values):
            return
        operands = [values.get(tensor) for tensor in op.inputs[: op.operand_count]]
        settings = {
            key: self.rounded(replace_tensors(value, values.__getitem__))
            for key, value in op.attributes.items()
        }
        result = op.definition.kernel(*operands, **settings)
        values.update(zip(op.outputs, result if op.definition.many else [result], strict=True))

    def rounded(self, value: Any) -> Any:
        """A number, an array or a dtype in this precision; anything else as it is."""
        complex_name = COMPLEX[self.precision]
        if isinstance(value, np.ndarray | np.generic):
            kind = {"f": self.precision, "c": complex_name}.get(value.dtype.kind)
            return value if kind is None else value.astype(kind)[()]
        if isinstance(value, DType):
            name = self.precision if value.is_floating else complex_name
            return as_dtype(name) if value.is_trainable else value
        if isinstance(value, tuple) and type(value) is tuple:
            return tuple(map(self.rounded, value))
        return value


def is_taken(branch: Branch | None, values: Mapping[Tensor, Any]) -> bool:
    """Whether the operations of a branch run, given what was computed so far."""
    while branch is not None:
        if bool(values.get(branch.predicate)) is not branch.value:
            return False
        branch = branch.outer
    return True


def predicates(branch: Branch | None) -> Iterator[Tensor]:
    """What decides whether the operations of a branch run."""
    while branch is not None:
        yield branch.predicate
        branch = branch.outer


def perturbed(value: Any, rng: np.random.Generator) -> Any:
    """Floating-point numbers, each up to one unit in its last place away."""
    if not isinstance(value, np.ndarray | np.generic) or value.dtype.kind != "f":
        return value
    change = rng.uniform(-1, 1, value.shape) * np.finfo(value.dtype).eps
    return (value * (1 + change)).astype(value.dtype)


class HeldGraph:
    """The run of one question, and the values that make every other run of it the same.

    Held are variables, placeholders and random numbers, the weights of the ys, and, while an x
    moves, what is stopped: the derivative in question takes that for constant.

    Attributes
    ----------
    recorder, sweep, run
        The question, its reverse pass, and its trace.
    values
        What every tensor drawn has in that run.
    held, weights, still
        The values given; the weights of the ys; the tensors behind which nothing is sent.
    """

    def __init__(
        self, ys: Any, xs: Any, grad_ys: Any, stop_gradients: Any, feed_dict: Any, session: Any
    ) -> None:
        self.recorder = recorder = Recorder(ys, xs, grad_ys, stop_gradients)
        self.sweep = recorder.sweep
        self.run = run = recorder.record(feed_dict, session or get_default_session())
        fed = feeds_of(feed_dict, recorder.graph)
        self.values = {t: run.node(recorder.ids[t]).value.array for t in recorder.nodes}
        self.held = {t: v for t, v in self.values.items() if t in fed or not_computed(t)}
        weights = recorder.values_of(self.sweep.seeds, {**fed, **self.held})
        self.weights = dict(zip(self.sweep.seeds, weights, strict=True))
        stops = {itself(tensor) for tensor in as_list(stop_gradients or [])}
        self.still = {t for t in self.values if t in stops or t.op.type == "StopGradient"}


def not_computed(tensor: Tensor) -> bool:
    """Whether a tensor's value is given or drawn, and not computed from others."""
    effect = tensor.op.effect
    return effect.needs_session or (not tensor.op.inputs and effect is not Effect.CONSTANT)


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
