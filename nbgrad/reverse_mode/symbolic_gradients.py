"""Gradients as tensors: what a reverse pass gives for each x, and what for an x without one."""

from __future__ import annotations

import enum
from collections.abc import Callable
from typing import Any

from nbgrad.errors import advise
from nbgrad.graph import Tensor
from nbgrad.graph.typing import TensorLike, Tensors
from nbgrad.ops.copying.repetition import zeros_like
from nbgrad.reverse_mode.reverse_pass import reverse_pass


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
