"""The reverse pass: from ys back to xs, one gradient rule for each operation between them."""

from __future__ import annotations

import enum
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from nbgrad import shapes
from nbgrad.dtypes import int32
from nbgrad.errors import advise
from nbgrad.graph import ancestors, graph_of, shape_of
from nbgrad.operands import as_tensor, foreign
from nbgrad.ops.arrays import identity, sum_to, zeros_like
from nbgrad.ops.reductions import add_n
from nbgrad.registry import gradient_rule, is_differentiable
from nbgrad.tensor import Operand, Operation, Tensor


class UnconnectedGradients(enum.Enum):
    """What `gradients` gives for an x that no y depends on."""

    NONE = "none"
    ZERO = "zero"


class AggregationMethod:
    """Ways to add several contributions; accepted for TensorFlow's sake, one is used."""

    ADD_N = DEFAULT = 0
    EXPERIMENTAL_TREE = 1
    EXPERIMENTAL_ACCUMULATE_N = 2


def gradients(
    ys: Any,
    xs: Any,
    grad_ys: Any = None,
    name: str = "gradients",
    colocate_gradients_with_ops: bool = False,
    gate_gradients: bool = False,
    aggregation_method: int | None = None,
    stop_gradients: Any = None,
    unconnected_gradients: UnconnectedGradients | str = UnconnectedGradients.NONE,
) -> list[Tensor | None]:
    """For each x, a new tensor: the sum over all ys of grad_y · ∂y/∂x.

    Parameters
    ----------
    ys, xs
        A tensor or variable, or a list of them.
    grad_ys
        The weight of each y, of its shape; ones where it is None. The weights are constant
        factors: no product rule is applied to them.
    stop_gradients
        Tensors to take as constants: a gradient arrives at them, and nothing is sent on by
        the operations that made them. It binds this call only.
    unconnected_gradients
        "none" or "zero": what to give for an x that no y depends on.
    name
        The scope of the new operations.
    colocate_gradients_with_ops, gate_gradients, aggregation_method
        Accepted for TensorFlow's sake; they change no number.

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

    Notes
    -----
    The total derivative by reverse accumulation; with every other x in `stop_gradients`, the
    partial one.

    Examples
    --------
    >>> import nbgrad as ng
    >>> with ng.Graph().as_default():
    ...     a = ng.constant(0.0)
    ...     b = 2 * a
    ...     total = ng.gradients(a + b, [a, b])
    ...     partial = ng.gradients(a + b, [a, b], stop_gradients=[a, b])
    ...     print([float(g) for g in ng.Session().run(total + partial)])
    [3.0, 1.0, 1.0, 1.0]
    """
    if aggregation_method not in (None, 0, 1, 2):
        raise ValueError(f"Invalid aggregation_method specified {aggregation_method}.")
    absent = what_is_absent(unconnected_gradients)
    sweep = reverse_pass(ys, xs, grad_ys, stop_gradients, name)
    return [sweep.total(x, absent) for x in sweep.xs]


def reverse_pass(
    ys: Any, xs: Any, grad_ys: Any = None, stop_gradients: Any = None, name: str = "gradients"
) -> ReversePass:
    """Send gradients from `ys` back to `xs`, keeping every step so that it can be drawn."""
    ys, xs = as_list(ys), as_list(xs)
    graph = graph_of(*ys, *xs)
    with graph.name_scope(name or "gradients"):
        ys = [as_tensor(y, graph, name="y") for y in ys]
        xs = [differentiable_tensor(x, ys) for x in xs]
        between = operations_between(xs, ys)
        stopped = {tensor.op for tensor in as_list(stop_gradients or [])} | leaves(xs, between)
        sweep = ReversePass(ys, xs, stopped, between)

        # Seed. Each y receives grad_y from outside: ones, unless the caller weighs it.
        for y, grad_y in zip(ys, seeds(ys, grad_ys), strict=True):
            sweep.seeds.append(grad_y)
            sweep.receive(y, grad_y)

        # Sweep. Whatever reads a tensor was created after it. So, walking from the last
        # operation to the first, we meet each one after its outputs have received it all.
        for op in reversed(between):
            if op in stopped or not sweep.reached(op) or not is_differentiable(op):
                continue
            dzs = [sweep.total(z, zeros_if_trainable) for z in op.outputs]
            with graph.name_scope(f"{op.name}_grad"):
                dxs = apply_rule(op, dzs)
                sent = [match_shape(op, i, dx) for i, dx in enumerate(dxs)]
            for x, dx in zip(op.inputs, sent, strict=True):
                sweep.receive(x, dx)
            sweep.steps.append(Step(op, dzs, dxs, sent))
    return sweep


@dataclass(frozen=True)
class Step:
    """One operation's turn in a reverse pass.

    Attributes
    ----------
    op
        The operation.
    dzs
        The gradient that had reached each of its outputs.
    dxs
        What its rule made of them, one for each input.
    sent
        The same, in the shape of each input: what left.
    """

    op: Operation
    dzs: list[Tensor | None]
    dxs: list[Tensor | None]
    sent: list[Tensor | None]


@dataclass
class ReversePass:
    """The record of a reverse pass: what every tensor received, and every step."""

    ys: list[Tensor]
    xs: list[Tensor]
    stopped: set[Operation]
    between: list[Operation]
    seeds: list[Tensor] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)
    received: dict[Tensor, list[Tensor]] = field(default_factory=dict)
    _totals: dict[Tensor, Tensor] = field(default_factory=dict)

    def receive(self, tensor: Tensor, gradient: Tensor | None) -> None:
        """Put a contribution into a tensor's inbox."""
        if gradient is not None:
            self.received.setdefault(tensor, []).append(gradient)

    def reached(self, op: Operation) -> bool:
        """Whether any gradient has come to an operation's outputs."""
        return any(z in self.received for z in op.outputs)

    def total(self, tensor: Tensor, absent: Callable[[Tensor], Any] = lambda _: None) -> Any:
        """The adjoint of a tensor: one gradient for each path, added up.

        This sum is the chain rule for functions of several variables.
        """
        if tensor not in self.received:
            return absent(tensor)
        if tensor not in self._totals:
            inbox = self.received[tensor]
            self._totals[tensor] = inbox[0] if len(inbox) == 1 else add_n(inbox)
        return self._totals[tensor]


def operations_between(xs: Sequence[Tensor], ys: Sequence[Tensor]) -> list[Operation]:
    """The operations that gradients from `ys` to `xs` pass, in the order of creation.

    They depend on an x, and a y depends on them. Only real and complex numbers carry a
    gradient: what depends on an x through integers alone does not count.
    """
    reached = {x.op for x in xs}
    for op in ancestors(ys):
        if any(t.op in reached and t.dtype.is_trainable for t in op.inputs):
            reached.add(op)
    return [op for op in ancestors(ys) if op in reached]


def leaves(xs: Sequence[Tensor], between: Sequence[Operation]) -> set[Operation]:
    """The operations of those xs behind which no other x lies: the pass ends there."""
    inside = set(between)
    return {x.op for x in xs if not any(t.op in inside for t in x.op.inputs)}


def seeds(ys: Sequence[Tensor], grad_ys: Any) -> list[Tensor]:
    """What each y starts with.

    Raises
    ------
    ValueError
        If there are not as many weights as ys.
    TypeError
        If a weight's dtype is no gradient for its y.
    """
    weights = [None] * len(ys) if grad_ys is None else as_list(grad_ys)
    if len(weights) != len(ys):
        raise ValueError(
            advise(
                f"Passed {len(weights)} grad_ys for {len(ys)} ys",
                advice="Give one weight for each y, of its shape; for a single vector y that is "
                "a list of one list: grad_ys=[[10., 100.]].",
            )
        )
    return [seed(i, y, weight) for i, (y, weight) in enumerate(zip(ys, weights, strict=True))]


def seed(i: int, y: Tensor, weight: Any) -> Tensor:
    """Ones of y's shape, or the weight given."""
    if weight is None:
        if y.dtype.is_complex:
            raise TypeError(
                f"Gradients of complex tensors must set grad_ys (y.dtype = {y.dtype!r})"
            )
        graph = y.graph
        sizes = shape_of(y)
        if isinstance(sizes, tuple):
            sizes = graph.constant(list(sizes), int32, "Shape")
        one = graph.constant(1, y.dtype, f"grad_ys_{i}")
        ones: Tensor = graph.apply("Fill", one, shape=sizes)
        return ones
    grad_y = as_tensor(weight, y.graph, name="grad_y")
    real = grad_y.dtype.is_floating or grad_y.dtype.is_integer
    if not (real or (y.dtype.is_complex and grad_y.dtype.is_complex)):
        raise TypeError(
            advise(
                f"Gradient type {grad_y.dtype.name} generated for real or integer-valued tensor "
                f"{y} with type {y.dtype.name} must be real or integer",
                y.op,
            )
        )
    weighed: Tensor = identity(grad_y, name=f"grad_ys_{i}")
    return weighed


def zeros_if_trainable(tensor: Tensor) -> Tensor | None:
    """What an output that received nothing counts as, beside one that did."""
    return zeros_like(tensor) if tensor.dtype.is_trainable else None


def apply_rule(op: Operation, dzs: Sequence[Tensor | None]) -> list[Tensor | None]:
    """What an operation's gradient rule makes of what arrived: one gradient per input.

    Raises
    ------
    LookupError
        If there is no rule.
    ValueError
        If the rule returns another number of gradients.
    """
    returned = gradient_rule(op)(op, *dzs)
    dxs = list(returned) if isinstance(returned, list | tuple) else [returned]
    # Tensors given for attributes (an axis, a shape) come after the operands: no slope.
    attributes = len(op.inputs) - op.operand_count
    if len(dxs) == op.operand_count:
        dxs += [None] * attributes
    if len(dxs) != len(op.inputs):
        raise ValueError(
            advise(
                f'Num gradients {len(dxs)} generated for op name: "{op.name}" op: "{op.type}" do '
                f"not match num inputs {len(op.inputs)}",
                op,
                "Return one gradient for each input, None where nothing flows.",
            )
        )
    for dx in dxs:
        if dx is not None and not isinstance(dx, Operand):
            raise AttributeError(
                advise(
                    f"{type(dx).__name__!r} object has no attribute 'op'",
                    op,
                    "A gradient rule returns tensors: build it from nbgrad operations.",
                )
            )
    return [None if dx is None else dx.as_tensor() for dx in dxs]


def match_shape(op: Operation, position: int, dx: Tensor | None) -> Tensor | None:
    """A gradient in the shape of its input.

    An element-wise operation repeats an operand to fit the other; whatever was repeated
    received many gradients, which are summed here, once for all rules.

    Raises
    ------
    ValueError
        If any other rule returned a gradient of the wrong shape.
    """
    if dx is None:
        return None
    x = op.inputs[position]
    wanted, got = x.static_shape, dx.static_shape
    if shapes.is_known(wanted) and wanted == got:
        return dx
    if op.definition.elementwise:
        if len(op.inputs) == 1:
            return dx  # nothing to be repeated for
        summed: Tensor = sum_to(dx, shape_of(x))
        return summed
    if not shapes.compatible(wanted, got):
        raise ValueError(
            advise(
                "Incompatible shapes between op input and calculated input gradient.  Forward "
                f"operation: {op.name}.  Input index: {position}. Original input shape: "
                f"{shapes.show(wanted)}.  Calculated input gradient shape: {shapes.show(got)}",
                op,
            )
        )
    dx.set_shape(wanted)
    return dx


def what_is_absent(choice: Any) -> Callable[[Tensor], Any]:
    """What to give for an x that received nothing.

    Raises
    ------
    ValueError
        If the choice is none of `UnconnectedGradients`.
    """
    try:
        chosen = UnconnectedGradients(choice)
    except ValueError:
        raise ValueError(
            advise(
                f"Unknown value for unconnected_gradients: {choice!r}",
                advice='Choose "none" or "zero".',
            )
        ) from None
    return zeros_like if chosen is UnconnectedGradients.ZERO else lambda _: None


def differentiable_tensor(x: Any, ys: Sequence[Tensor]) -> Tensor:
    """An x as the tensor to differentiate with respect to: a variable itself, not a reading."""
    if x is None:
        raise AttributeError("'NoneType' object has no attribute 'op'")
    if isinstance(x, list | tuple | dict) and any(isinstance(v, Operand) for v in x):
        raise TypeError(
            "List of Tensors when single Tensor expected\nxs is a tensor or a flat list of them."
        )
    graph = graph_of(*ys)
    if not isinstance(x, Operand):
        return as_tensor(x, graph, name="x")
    reference = getattr(x, "as_graph_element", x.as_tensor)()
    if ys and reference.graph is not graph:
        raise foreign(reference, ys[0])
    return reference


def as_list(value: Any) -> list[Any]:
    """A list of what may be given singly or in a list."""
    return list(value) if isinstance(value, list | tuple) else [value]
