"""Gradients as tensors: what a reverse pass gives for each x, and what for an x without one."""

from __future__ import annotations

import enum
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from nbgrad.core import shapes
from nbgrad.core.endpoints import as_list, operation_of_stop, seeds, tensor_of_x, tensor_of_y
from nbgrad.core.errors import advise
from nbgrad.core.graph import Graph, ancestors, graph_of
from nbgrad.core.registry import Effect, gradient_rule, is_differentiable
from nbgrad.core.shapes import element_count
from nbgrad.core.tensor import Operand, Operation, Tensor, TensorLike, Tensors, shape_of
from nbgrad.ops.complex_numbers import conj
from nbgrad.ops.copying import identity, sum_to, zeros_like
from nbgrad.ops.joining import stack
from nbgrad.ops.shaping import reshape
from nbgrad.tf1.math import add_n


class UnconnectedGradients(enum.Enum):
    """What `gradients` gives for an x that no y depends on.

    Attributes
    ----------
    NONE
        None.
    ZERO
        Zeros of x's shape and dtype.

    Examples
    --------
    >>> import nbgrad as ng
    >>> with ng.Graph().as_default():
    ...     x, y = ng.constant(1.0), ng.constant(2.0)
    ...     [dx] = ng.gradients(y, x, unconnected_gradients=ng.UnconnectedGradients.ZERO)
    ...     print(ng.Session().run(dx))
    0.0
    """

    NONE = "none"
    ZERO = "zero"


class AggregationMethod:
    """Ways to add several contributions, accepted for TensorFlow's sake: one is used."""

    ADD_N = DEFAULT = 0
    EXPERIMENTAL_TREE = 1
    EXPERIMENTAL_ACCUMULATE_N = 2


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

    Parameters
    ----------
    ys, xs
        A tensor or variable, or a list of them.
    grad_ys
        The weight of each y, of its shape; ones where it is None. The weights are constant
        factors: no product rule is applied to them.
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

    Notes
    -----
    The total derivative by reverse accumulation; with every other x in `stop_gradients`, the
    partial one.

    References
    ----------
    A. Griewank and A. Walther (2008), "Evaluating derivatives", second edition, chapter 3.

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
    sweep = reverse_pass(ys, xs, grad_ys, stop_gradients, name, gate_gradients)
    if not all(x in sweep.received for x in sweep.xs):
        sweep.graph.unanswered.append(sweep)  # for whoever asks why
    return [sweep.total(x, absent) for x in sweep.xs]


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


def reverse_pass(
    ys: Any,
    xs: Any,
    grad_ys: Any = None,
    stop_gradients: Any = None,
    name: str = "gradients",
    gate: bool = False,
) -> ReversePass:
    """Send gradients from `ys` back to `xs`, keeping every step so that it can be drawn."""
    ys, xs = as_list(ys), as_list(xs)
    stops = [] if stop_gradients is None else as_list(stop_gradients)
    graph = graph_of(*ys, *xs)
    began = graph.next_index
    with graph.name_scope(name or "gradients"):
        ys = [tensor_of_y(y, graph) for y in ys]
        xs = [tensor_of_x(x, ys, graph) for x in xs]
        between = operations_between(xs, ys)
        stopped = {operation_of_stop(t) for t in stops} | leaves(xs, between)
        sweep = ReversePass(graph, ys, xs, stopped, between, began)

        # Seed. Each y receives grad_y from outside: ones, unless the caller weighs it.
        for y, grad_y in zip(ys, seeds(ys, grad_ys), strict=True):
            sweep.seeds.append(grad_y)
            sweep.receive(y, grad_y)

        # Sweep. Whatever reads a tensor was created after it. So, walking from the last
        # operation to the first, we meet each one after its outputs have received it all.
        for op in reversed(between):
            with graph.inside(op.branch):
                dzs = [sweep.total(z) for z in op.outputs]
                if op in stopped or not sweep.reached(op) or not is_differentiable(op):
                    continue
                dzs = [zeros_if_trainable(z, dz) for z, dz in zip(op.outputs, dzs, strict=True)]
                with graph.name_scope(f"{op.name}_grad"):
                    dxs = apply_rule(op, dzs)
                    sent = [match_shape(op, i, dx) for i, dx in enumerate(dxs)]
                    sent = gated(op, sent) if gate else sent
            for x, dx in zip(op.inputs, sent, strict=True):
                sweep.receive(x, dx)
            sweep.steps.append(RuleStep(op, dzs, dxs, sent))
    return sweep


class RuleStep(NamedTuple):
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


@dataclass(eq=False)
class ReversePass:
    """The record of a reverse pass: what every tensor received, and every step.

    Attributes
    ----------
    ys, xs, seeds
        What is differentiated, with respect to what, and what each y started with.
    stopped
        The operations behind which nothing was sent.
    between
        The operations that lie between, in the order of creation.
    began
        The index of the first operation made for it.
    steps
        Their turns, in the order in which they came.
    received
        The contributions that came to each tensor.
    """

    graph: Graph
    ys: list[Tensor]
    xs: list[Tensor]
    stopped: set[Operation]
    between: list[Operation]
    began: int
    seeds: list[Tensor] = field(default_factory=list)
    steps: list[RuleStep] = field(default_factory=list)
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
    before_ys = ancestors(ys)
    for op in before_ys:
        if any(t.op in reached and t.dtype.is_trainable for t in op.inputs):
            reached.add(op)
    return [op for op in before_ys if op in reached]


def leaves(xs: Sequence[Tensor], between: Sequence[Operation]) -> set[Operation]:
    """The operations of those xs behind which no other x lies: the pass ends there."""
    inside = set(between)
    return {x.op for x in xs if not any(t.op in inside for t in x.op.inputs)}


def zeros_if_trainable(tensor: Tensor, dz: Tensor | None) -> Tensor | None:
    """A gradient, or zeros for an output that received nothing beside one that did."""
    return zeros_like(tensor) if dz is None and tensor.dtype.is_trainable else dz


def apply_rule(op: Operation, dzs: Sequence[Tensor | None]) -> list[Tensor | None]:
    """What an operation's gradient rule makes of what arrived: one gradient per input.

    Raises
    ------
    LookupError
        If there is no rule.
    ValueError
        If the rule returns another number of gradients.
    """
    rule = gradient_rule(op)
    # TensorFlow sends the conjugate of a complex derivative back. Rules are written for the
    # derivative itself: conjugating what arrives and what leaves makes the one of the other.
    turned = conjugated if any(z.dtype.is_complex for z in op.outputs) else list
    try:
        returned = rule(op, *turned(dzs))
    except (TypeError, ValueError) as error:
        problem = unfit(op, dzs)
        if not problem:
            raise
        raise type(error)(f"{error}\n{problem}") from None
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
    return turned([None if dx is None else dx.as_tensor() for dx in dxs])


def conjugated(gradients: Sequence[Tensor | None]) -> list[Tensor | None]:
    return [None if each is None else conj(each) for each in gradients]


def unfit(op: Operation, dzs: Sequence[Tensor | None]) -> str:
    """What is wrong with what arrived, where it is: a weight that does not fit its y."""
    for z, dz in zip(op.outputs, dzs, strict=True):
        if dz is None:
            continue
        if dz.dtype is not z.dtype:
            arrived, wanted = dz.dtype.name, z.dtype.name
        elif not shapes.compatible(dz.static_shape, z.static_shape):
            arrived, wanted = (f"shape {shapes.show(t.static_shape)}" for t in (dz, z))
        else:
            continue
        return (
            f"This is the gradient rule of {op.name!r}, created {op.line}: a gradient of {arrived} "
            f"arrived at its result, which is of {wanted}. Give grad_ys of each y's shape and "
            "dtype (1., not 1)."
        )
    return ""


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
    if op.definition.elementwise and len(op.inputs) > 1:
        if wanted is not None and got is not None and len(got) < len(wanted):
            # Nothing was repeated: somebody gave a number as the gradient of a vector.
            raise misshapen(
                op,
                f"Cannot reshape a tensor with {shapes.element_count(got)} elements to shape "
                f"{shapes.brackets(wanted)} ({shapes.element_count(wanted)} elements)",
            )
        # TensorFlow's name for the last of the operations that do this there.
        label = "Reshape" if position == 0 else f"Reshape_{position}"
        summed: Tensor = sum_to(dx, shape_of(x), name=label)
        summed.set_shape(wanted)
        return summed
    if not shapes.compatible(wanted, got):
        raise misshapen(
            op,
            "Incompatible shapes between op input and calculated input gradient.  Forward "
            f"operation: {op.name}.  Input index: {position}. Original input shape: "
            f"{shapes.show(wanted)}.  Calculated input gradient shape: {shapes.show(got)}",
        )
    dx.set_shape(wanted)
    return dx


def gated(op: Operation, gradients: Sequence[Tensor | None]) -> list[Tensor | None]:
    """What leaves one operation together, under TensorFlow's names for it.

    There nothing goes on before all is there. Here it makes no difference: a run changes no
    variable before it has read it.
    """
    apart = op.definition.effect is Effect.LEAVES_BRANCH  # each goes into a branch of its own
    if apart or sum(dx is not None for dx in gradients) < 2:
        return list(gradients)
    label = "tuple/control_dependency"
    return [None if dx is None else identity(dx, name=label) for dx in gradients]


def misshapen(op: Operation, sentence: str) -> ValueError:
    """The error for a gradient that has not the shape of what it is the gradient of."""
    advice = "A rule, and each of the grad_ys, gives a gradient the shape of what it is for."
    return ValueError(advise(sentence, op, advice))


def hessians(
    ys: TensorLike,
    xs: Tensors,
    name: str = "hessians",
    colocate_gradients_with_ops: bool = False,
    gate_gradients: bool = False,
    aggregation_method: int | None = None,
) -> list[Tensor]:
    """For each x, the second derivatives of the sum of all ys: ∂²y / ∂xᵢ∂xⱼ.

    The gradient of the gradient: one reverse pass for y, and one for each element of ∂y/∂x.

    Parameters
    ----------
    ys, xs
        A tensor or variable, or a list of them; each x of known shape.
    name
        The scope of the new operations.
    colocate_gradients_with_ops, gate_gradients, aggregation_method
        Accepted for TensorFlow's sake; they change no number.

    Returns
    -------
    list of Tensor
        One for each x, of x's shape twice over.

    Raises
    ------
    ValueError
        If there is no way from x to the ys, or an x has an unknown shape.

    Examples
    --------
    >>> import nbgrad as ng
    >>> with ng.Graph().as_default():
    ...     x = ng.constant([1.0, 2.0])
    ...     [hessian] = ng.hessians(ng.reduce_sum(x * x * x), x)
    ...     print(ng.Session().run(hessian).tolist())
    [[6.0, 0.0], [0.0, 12.0]]
    """
    xs = as_list(xs)
    first = gradients(ys, xs, aggregation_method=aggregation_method)
    return [rows_of(gradient, x) for gradient, x in zip(first, xs, strict=True)]


def rows_of(gradient: Tensor | None, x: Any) -> Tensor:
    """The gradient of every element of a gradient, stacked."""
    if gradient is None:
        raise ValueError("None values not supported.\nThere is no gradient with respect to x.")
    tensor = x.as_graph_element()
    count = element_count(tensor.static_shape)
    if count is None:
        raise ValueError(
            advise(
                f"The Hessian of an x of shape {tensor.shape} has an unknown number of rows.",
                tensor.op,
                "Give the placeholder a shape.",
            )
        )
    elements = reshape(gradient, [-1])
    rows = [gradients(elements[i], x)[0] for i in range(count)]
    if None in rows:
        raise ValueError(
            "None values not supported.\n"
            "The gradient does not depend on x: its derivative, the Hessian, is zero."
        )
    hessian: Tensor = reshape(stack(rows), [*tensor.static_shape, *tensor.static_shape])
    return hessian
