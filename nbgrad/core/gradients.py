"""Gradients as tensors; and why one is None."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from functools import partial
from html import escape
from typing import Literal, NamedTuple

from nbgrad.core import endpoints
from nbgrad.core.endpoints import UnconnectedGradients, zeros_in_shape_of
from nbgrad.core.graph import Operation, Tensor, ancestors, graph_of
from nbgrad.core.operands import TensorLike, Tensors
from nbgrad.core.registry import is_differentiable
from nbgrad.core.reverse import ReversePass, reverse_pass


def gradients(
    ys: TensorLike,
    xs: TensorLike,
    grad_ys: TensorLike | None = None,
    name: str = "gradients",
    colocate_gradients_with_ops: bool = False,
    gate_gradients: bool = False,
    aggregation_method: int | None = None,
    stop_gradients: Tensors | None = None,
    unconnected_gradients: UnconnectedGradients | str = UnconnectedGradients.NONE,
) -> list[Tensor | None]:
    """For each x, a new tensor: the sum over all ys of grad_y · ∂y/∂x.

    The total derivative, by reverse accumulation; with every other x in `stop_gradients`, the
    partial one. (A. Griewank, A. Walther: "Evaluating derivatives", 2008, chapter 3.)

    Parameters
    ----------
    ys, xs
        A tensor or variable, or a list of them.
    grad_ys
        The seed of each y, of its shape; ones where it is None. Seeds are constant factors: no
        product rule is applied to them.
    name
        The scope of the new operations.
    colocate_gradients_with_ops, gate_gradients, aggregation_method
        Accepted for TensorFlow's sake; they change no number.
    stop_gradients
        Tensors to take as constants: a gradient arrives at them, and nothing is sent on by
        the operations that made them. It binds this call only.
    unconnected_gradients
        "none" or "zero": what to give for an x that no y depends on.

    Returns
    -------
    list of Tensor or None
        One for each x, of its shape and dtype; None where no gradient can reach it.

    Raises
    ------
    LookupError
        If an operation on the way has no gradient rule.
    ValueError, TypeError
        If the arguments do not fit each other.

    Examples
    --------
    >>> a = tf.constant(0.0)
    >>> b = 2 * a
    >>> total = tf.gradients(a + b, [a, b])
    >>> partial = tf.gradients(a + b, [a, b], stop_gradients=[a, b])
    >>> print([float(g) for g in tf.Session().run(total + partial)])
    [3.0, 1.0, 1.0, 1.0]
    """
    if aggregation_method not in (None, 0, 1, 2):
        raise ValueError(f"Invalid aggregation_method specified {aggregation_method}.")
    zero = endpoints.wants_zeros(unconnected_gradients)
    reverse = reverse_pass(ys, xs, grad_ys, stop_gradients, name, gate_gradients)
    if not all(x in reverse.received for x in reverse.xs):
        reverse.graph.reasons_for_none.append(partial(absences, reverse))  # for runs that fetch one
    totals = [(x, reverse.total(x)) for x in reverse.xs]
    return [zeros_in_shape_of(x) if dx is None and zero else dx for x, dx in totals]


# Why a gradient is None: from x we walk on towards the ys until we meet operations that a gradient
# did reach; they are what let nothing through -------------------------------------------------


def why_none(
    ys: TensorLike,
    x: TensorLike,
    grad_ys: TensorLike | None = None,
    stop_gradients: Tensors | None = None,
) -> Absence | None:
    """Why `gradients(ys, x, grad_ys, stop_gradients)` gives None for x.

    Parameters
    ----------
    ys, grad_ys, stop_gradients
        As for `nbgrad.gradients`; tensors, or their names.
    x
        The one tensor or variable with respect to which is differentiated.

    Returns
    -------
    Absence or None
        The reason, which prints as a sentence; None where there is a gradient.

    Examples
    --------
    >>> x = tf.constant(3.0, name="x")
    >>> y = tf.multiply(x, x, name="y")
    >>> print(ng.why_none(x, y))
    The gradient of 'x:0' with respect to 'y:0' is None: 'x:0' is an ancestor of 'y:0'...
    """
    ys, x, stop_gradients = endpoints.without_names(None, ys, x, stop_gradients)
    with graph_of(ys, x).scratch():
        reverse = reverse_pass(ys, [x], grad_ys, stop_gradients)
        return absence(reverse.xs[0], reverse)


Kind = Literal[
    # Something is in the way …
    "stopped",
    "not differentiable",
    "integer",
    "rule",
    # … or nothing leads from x to a y.
    "reversed",
    "beside",
    "new constant",
    "no path",
]


class Absence(NamedTuple):
    """The reason why no gradient reached an x. It prints as a sentence.

    Attributes
    ----------
    kind
        "stopped" (by stop_gradients or tf.stop_gradient), "not differentiable", "integer",
        "rule" (an operation's gradient rule sends nothing to this operand); or,
        where nothing leads from x to a y:
        "reversed" (the way leads from y to x), "beside" (x and y are made from the same tensor),
        "new constant" (x or y was a number or an array), "no path".
    x
        The tensor without a gradient.
    ys
        What was differentiated.
    at
        The operations in the way; for "beside", what x and y are both made from.
    """

    kind: Kind
    x: Tensor
    ys: tuple[Tensor, ...]
    at: tuple[Operation, ...] = ()

    def __str__(self) -> str:
        x, y = display_name(self.x), " and ".join(map(display_name, self.ys)) or "nothing"
        sentence = self._wording().format(x=x, y=y, at=locations(self.at))
        return f"The gradient of {y} with respect to {x} is None: {sentence}"

    def __repr__(self) -> str:
        return str(self)

    def _repr_html_(self) -> str:
        return f"<p>{escape(str(self))}</p>"  # of plain text, front ends break words anywhere

    def _wording(self) -> str:
        if self.kind == "stopped" and all(map(is_stop, self.at)):
            return "tf.stop_gradient stops it at {at}."
        if self.kind == "integer" and all(z.dtype.is_bool for op in self.at for z in op.outputs):
            return "the way passes {at}, which holds true and false, and those have no slope."
        if self.kind == "integer" and all(op.type == "Cast" for op in self.at):
            return CAST_TO_INTEGERS
        if self.kind == "beside" and not is_copied_from(self.x, self.at[0]):
            return ANOTHER_FUNCTION
        return SENTENCES[self.kind]


SENTENCES: dict[Kind, str] = {
    "stopped": "stop_gradients stops it at {at}.",
    "not differentiable": "{at} has no derivative, or was declared to let no gradient pass.",
    "integer": "the way passes the integers of {at}, and integers have no slope. Write 1. for 1, "
    "or tf.cast before, not after.",
    "rule": "the gradient rule of {at} sends nothing to this operand.",
    "reversed": "{y} is an ancestor of {x}. Did you mean gradients({x}, {y})?",
    "beside": "{x} is a copy or a part made from {at}, and {y} is made from that too, but not from "
    "{x}. Differentiate with respect to the original, or build {y} from {x}.",
    "new constant": "what was given is a number or a NumPy array. It became a new constant, from "
    "which nothing has been built. Make it a tensor first, and build with that.",
    "no path": "{y} does not depend on {x} at all: no operation leads from {x} there.",
}
CAST_TO_INTEGERS = (
    "the way passes the integers of {at}, and integers have no slope. Leave this tf.cast out, or "
    "keep what it rounds away as a constant: x + tf.stop_gradient(rounded - x)."
)
ANOTHER_FUNCTION = (
    "{x} is another function of {at}: {y} is made from that too, but not from {x}. Differentiate "
    "with respect to the original, or build {y} from {x}."
)

#: The types of operations whose result holds elements of their operand, unchanged.
COPIES = {"Identity", "Reshape", "ExpandDims", "Squeeze", "Transpose", "StridedSlice", "Slice"}
COPIES |= {"Gather", "GatherV2", "GatherNd", "Unpack", "Split", "SplitV", "ReverseV2", "Tile"}


def absences(reverse: ReversePass) -> list[Absence]:
    """The reasons for each None that a reverse pass gave."""
    found = (absence(x, reverse) for x in reverse.xs)
    return [reason for reason in found if reason is not None]


def absence(x: Tensor, reverse: ReversePass) -> Absence | None:
    """Why no gradient reached x in a reverse pass; None if one did."""
    if x in reverse.received:
        return None
    ys = tuple(reverse.ys)
    found = list(blockers(x, reverse))
    if found:
        kind = found[0][0]
        return Absence(kind, x, ys, tuple(dict.fromkeys(op for k, op in found if k == kind)))
    if any(t.op.index >= reverse.began and t.op.type == "Const" for t in (x, *ys)):
        return Absence("new constant", x, ys)
    if {y.op for y in ys} & set(ancestors([x])):
        return Absence("reversed", x, ys)
    shared = common_ancestor(x, set(ancestors(ys)))
    if shared is not None:
        return Absence("beside", x, ys, (shared,))
    return Absence("no path", x, ys)


def blockers(x: Tensor, reverse: ReversePass) -> Iterator[tuple[Kind, Operation]]:
    """The operations on the ways from x to the ys that let nothing through, nearest to x first."""
    towards_ys = set(ancestors(reverse.ys))
    waiting, seen = deque([x]), {x}
    while waiting:
        here = waiting.popleft()
        for op in here.consumers():
            if op not in towards_ys:
                continue
            if not here.dtype.is_trainable:
                yield "integer", here.op
            elif reverse.reached(op):
                yield blocking_reason(op, reverse), op
            else:
                new = [z for z in op.outputs if z not in seen]
                seen.update(new)
                waiting.extend(new)


def blocking_reason(op: Operation, reverse: ReversePass) -> Kind:
    """The way in which an operation blocks a gradient that reached it."""
    if op in reverse.stopped or is_stop(op):
        return "stopped"
    if not is_differentiable(op):
        return "not differentiable"
    if not any(z.dtype.is_trainable for z in op.outputs):
        return "integer"
    return "rule"


def is_stop(op: Operation) -> bool:
    """Whether an operation is there to let no gradient pass."""
    return op.gradient_type == "StopGradient"


def common_ancestor(x: Tensor, towards_ys: set[Operation]) -> Operation | None:
    """The operation that x copies, cuts or computes from, if a y depends on it."""
    op = x.op
    while op.operand_count == 1:
        op = op.inputs[0].op
        if op in towards_ys:
            return variable_read_by(op.outputs[0]).op
    return None


def is_copied_from(x: Tensor, source: Operation) -> bool:
    """Whether the way from `source` to x, through first operands, only copies elements."""
    op = x.op
    while op is not source and op.inputs:
        if op.type not in COPIES:
            return False
        op = op.inputs[0].op
    return True


def variable_read_by(tensor: Tensor) -> Tensor:
    """The variable that a tensor reads, or else the tensor."""
    source = tensor.op.inputs[0] if tensor.op.operand_count == 1 else tensor
    return source if source.op.is_variable else tensor


def display_name(tensor: Tensor) -> str:
    """The name by which a learner knows a tensor: the variable's, not its reading's."""
    return repr(variable_read_by(tensor).name)


def locations(ops: tuple[Operation, ...]) -> str:
    """Operations by name, type and line."""
    return " and ".join(f"{op.name!r} (type {op.type!r}, created {op.line})" for op in ops)
