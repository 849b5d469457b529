"""Gradients as tensors: the reverse pass, operation by operation, from the last to the first.

A gradient is a graph: rules build it from operations, so it can be run, drawn and differentiated
again. Read `gradients`, then `reverse_pass`; what they are given is checked in `endpoints`.
"""

from __future__ import annotations

import contextlib
import gc
from collections.abc import Iterator, Sequence
from functools import partial
from operator import attrgetter
from typing import Any

from nbgrad.core import endpoints
from nbgrad.core.endpoints import UnconnectedGradients, as_list, zeros_in_shape_of
from nbgrad.core.errors import user_lines
from nbgrad.core.graph import Operation, Tensor, ancestors, graph_of, shape_of
from nbgrad.core.operands import TensorLike, Tensors
from nbgrad.core.registry import gradient_rule, is_differentiable, is_ours
from nbgrad.core.reverse import Absence, ReversePass, RuleStep, absence, absences
from nbgrad.core.scopes import changed


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
    here = changed(graph, branch=graph.branch, lines=user_lines())
    with collector_paused(), graph.name_scope(name or "gradients"), here:
        ys = [endpoints.tensor_of_y(y, graph) for y in ys]
        xs = [endpoints.tensor_of_x(x, ys, graph) for x in xs]
        between = operations_between(xs, ys)
        stopped = {endpoints.operation_of_stop(t) for t in stops} | ends_of_pass(xs, between)
        reverse = ReversePass(graph, ys, xs, between, stopped, began)

        # Seed. Each y receives what it starts with: ones, unless the caller says otherwise.
        reverse.seeds = endpoints.seeds(ys, grad_ys)
        for y, seed in zip(ys, reverse.seeds, strict=True):
            reverse.receive(y, seed)

        names, scope = graph.names, graph.names.scope
        # Whatever reads a tensor was created after it. So, walking from the last operation
        # to the first, we meet each one after its outputs have received all they will.
        for op in reversed(between):
            graph.branch, names.scope = op.branch, scope
            dzs = list(map(reverse.total, op.outputs))
            missing = dzs.count(None)
            if op in stopped or missing == len(dzs) or not is_differentiable(op):
                continue
            if missing:  # zeros for an output that received nothing beside one that did
                dzs = [
                    zeros_in_shape_of(z) if dz is None and z.dtype.is_trainable else dz
                    for z, dz in zip(op.outputs, dzs, strict=True)
                ]
            names.scope = names.claim(f"{op.name}_grad")
            dxs = apply_rule(op, dzs)
            sent = [match_shape(op, i, dx) for i, dx in enumerate(dxs)]
            sent = endpoints.grouped_gradients(op, sent) if gate else sent
            for x, dx in zip(op.inputs, sent, strict=True):
                reverse.receive(x, dx)
            reverse.steps.append(RuleStep(op, dzs, dxs, sent))
    return reverse


@contextlib.contextmanager
def collector_paused() -> Iterator[None]:
    """A `with` in which Python does not look for garbage; what a reverse pass builds is none."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def operations_between(xs: Sequence[Tensor], ys: Sequence[Tensor]) -> list[Operation]:
    """The operations that gradients from `ys` to `xs` pass, in the order of creation.

    They depend on an x, and a y depends on them. Only real and complex numbers carry a
    gradient: what depends on an x through integers alone does not count.
    """
    found = {x.op for x in xs}
    before_ys = ancestors(ys)
    for op in before_ys:
        for x in op.inputs:
            if x.op in found and x.dtype.is_trainable:
                found.add(op)
                break
    return [op for op in before_ys if op in found]


def ends_of_pass(xs: Sequence[Tensor], between: Sequence[Operation]) -> set[Operation]:
    """The operations at which the pass ends: those of xs behind which no other x lies."""
    inside = set(between)
    return {x.op for x in xs if not any(t.op in inside for t in x.op.inputs)}


is_complex = attrgetter("dtype.is_complex")


def apply_rule(op: Operation, dzs: Sequence[Tensor | None]) -> list[Tensor | None]:
    """The gradients that an operation's rule returns for those that arrived: one per input."""
    rule = gradient_rule(op)
    if not is_ours(rule):
        rule = changed(op.graph, lines=None)(rule)  # what it builds stands in lines of its own
    # TensorFlow sends the conjugate of a complex derivative back. Rules are written for the
    # derivative itself: conjugating what arrives and what leaves makes the one of the other.
    turned = conjugated if any(map(is_complex, op.outputs)) else None
    try:
        returned = rule(op, *(turned(dzs) if turned else dzs))
    except (TypeError, ValueError) as error:
        fault = endpoints.fault_of_seed(op, dzs)
        if not fault:
            raise
        raise type(error)(f"{error}\n{fault}") from None
    dxs = endpoints.one_for_each_input(op, returned)
    return turned(dxs) if turned else dxs


def conjugated(gradients: Sequence[Tensor | None]) -> list[Tensor | None]:
    return [
        each.graph.apply("Conj", each) if each is not None and each.dtype.is_complex else each
        for each in gradients
    ]


def match_shape(op: Operation, position: int, dx: Tensor | None) -> Tensor | None:
    """A gradient in the shape of its input.

    An element-wise operation repeats an operand to fit the other; whatever was repeated
    received many gradients, which are summed here, once for all rules.
    """
    if dx is None:
        return None
    x = op.inputs[position]
    wanted, got = x.static_shape, dx.static_shape
    if wanted == got and wanted is not None and None not in wanted:
        return dx
    endpoints.check_shape(op, position, wanted, got)
    if op.definition.elementwise and len(op.inputs) > 1:
        # TensorFlow's name for the last of the operations that do this there.
        label = "Reshape" if position == 0 else f"Reshape_{position}"
        dx = dx.graph.apply("SumTo", dx, shape=shape_of(x), name=label)
    dx.set_shape(wanted)
    return dx


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
