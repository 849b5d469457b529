"""Why an adjoint is None, exactly zero, or not finite: the cause, and where it lies.

Why it is None the engine knows (`nbgrad.core.reverse`); the words are in
`nbgrad.picture.derivations.why`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from nbgrad.core.graph import Operation, Tensor
from nbgrad.core.reverse import ReversePass, absence, is_stop
from nbgrad.trace.numbers import Numbers
from nbgrad.trace.records import Adjoint, Cause
from nbgrad.trace.tensors import is_bypassed

#: What a trace says of each kind of absence; whatever else it is, no path leads there.
CAUSES: dict[str, Cause] = {
    "stopped": "stopped",
    "integer": "integer",
    "not differentiable": "not differentiable",
    "rule": "not differentiable",
}


def cause_of_none(tensor: Tensor, reverse: ReversePass) -> tuple[Cause, Tensor | None]:
    """Why no gradient reached a tensor, and the tensor where its way was cut."""
    reason = absence(tensor, reverse)
    cause = CAUSES.get(reason.kind) if reason else None
    if reason is None or cause is None or all(is_bypassed(op, tensor) for op in reason.at):
        return "no path", None
    return cause, reason.at[0].outputs[0]


def cause_of_nothing_sent(op: Operation, operand: Tensor, reverse: ReversePass) -> Cause:
    """Why an operation that a gradient reached sent none to one of its operands."""
    if op in reverse.stopped or is_stop(op):
        return "stopped"
    if not operand.dtype.is_trainable:
        return "integer"
    if operand.op not in reverse.between or is_bypassed(op, operand):
        return "no path"
    return "not differentiable"


class Arrival(NamedTuple):
    """One contribution to an adjoint."""

    node: str  # the id of the node whose operation sent it
    above: Adjoint  # the adjoint of that node
    value: Any
    gate: bool  # whether the sender's rule chooses by a comparison
    culprit: str | None = None  # the node whose value made an operand of the sender ∞ or NaN
    factor: Any = None  # of what arrived there, where the rule multiplies by element

    @property
    def is_sum(self) -> bool:
        """Whether products without a zero factor were summed: what was broadcast, adds up."""
        above = self.above.value
        is_fewer = above is not None and np.size(self.value) < np.size(above.array)
        return is_fewer and self.factor is not None and bool(np.all(self.factor))


def adjoint_with_cause(node: str, value: Any, seed: Any, arrivals: Sequence[Arrival]) -> Adjoint:
    """The adjoint of a node with its state and, where it is zero or not finite, the cause.

    `seed` is what a y started with, None for any other node.
    """
    if not np.isfinite(value).all():
        return Adjoint("not finite", *cause_of_not_finite(node, arrivals), Numbers(value))
    if np.size(value) and not np.any(value):
        return Adjoint("zero", *cause_of_zero(node, seed, arrivals), Numbers(value))
    return Adjoint("number", value=Numbers(value))


def cause_of_not_finite(node: str, arrivals: Sequence[Arrival]) -> tuple[Cause, str | None]:
    """Whether ∞ or NaN came from further on, from a value, or began at this node's operations."""
    for arrival in arrivals:
        if not np.isfinite(arrival.value).all():
            if arrival.above.state == "not finite":
                from_value = arrival.above.cause == "value not finite"
                return "value not finite" if from_value else "came from above", arrival.above.at
            if arrival.culprit is not None:
                return "value not finite", arrival.culprit
            return "began here", arrival.node
    return "began here", node


def cause_of_zero(node: str, seed: Any, arrivals: Sequence[Arrival]) -> tuple[Cause, str | None]:
    """Whether terms cancelled, a factor was zero, a unit was off, or nothing but zero came."""
    terms = [arrival.value for arrival in arrivals] + ([] if seed is None else [seed])
    if any(np.any(term) for term in terms):
        return "terms cancel", node
    for arrival in arrivals:
        if arrival.above.state != "zero":
            if arrival.is_sum:
                return "terms cancel", node
            return "unit off" if arrival.gate else "times zero", arrival.node
    if not arrivals:
        return "seed zero", node
    return arrivals[0].above.cause, arrivals[0].above.at
