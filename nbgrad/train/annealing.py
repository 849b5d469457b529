"""Learning rates that reach their last value: along a power, a cosine, or in steps."""

from __future__ import annotations

import math
from collections.abc import Sequence

from nbgrad.graph import Graph, Tensor, graph_of
from nbgrad.graph.operands import as_tensor
from nbgrad.graph.typing import TensorLike
from nbgrad.ops.elementwise.logic import where
from nbgrad.ops.elementwise.piecewise import ceil, maximum, minimum
from nbgrad.ops.elementwise.powers import pow
from nbgrad.ops.elementwise.trigonometry import cos
from nbgrad.train.schedules import as_float, number, schedule


@schedule("PolynomialDecay")
def polynomial_decay(
    learning_rate: TensorLike,
    global_step: TensorLike,
    decay_steps: TensorLike,
    end_learning_rate: TensorLike = 0.0001,
    power: TensorLike = 1.0,
    cycle: bool = False,
    name: str | None = None,
) -> Tensor:
    """A learning rate that falls along a power of the steps left, and then stays.

    (η − end) · (1 − step / decay_steps)^power + end.

    Parameters
    ----------
    learning_rate
        η, where it starts: a number or a scalar tensor.
    global_step
        The step: an integer, or a scalar tensor or variable such as `minimize` counts.
    decay_steps
        The number of steps after which it has reached the end.
    end_learning_rate
        The end.
    power
        The exponent: 1 for a straight line.
    cycle
        Whether to start again and again, each time lower and with more steps to go, instead of
        staying at the end.
    name
        The scope of the new operations.

    Returns
    -------
    Tensor
        The learning rate at the step: a scalar, of the dtype of `learning_rate`.

    Raises
    ------
    ValueError
        If `global_step` is None.

    Examples
    --------
    >>> import nbgrad as ng
    >>> with ng.Graph().as_default():
    ...     step = ng.placeholder(ng.int32, [])
    ...     rate = ng.train.polynomial_decay(1.0, step, 20, end_learning_rate=0.5)
    ...     print([float(ng.Session().run(rate, {step: n})) for n in (0, 10, 20)])
    [1.0, 0.75, 0.5]
    """
    steps, end = number(decay_steps, learning_rate), number(end_learning_rate, learning_rate)
    if cycle:
        # At step 0 the quotient's ceiling is 0, and yet the first cycle has begun.
        steps = steps * maximum(1.0, ceil(global_step / steps))
    else:
        global_step = minimum(global_step, steps)
    left = pow(1 - global_step / steps, number(power, learning_rate))
    return (learning_rate - end) * left + end


@schedule("CosineDecay")
def cosine_decay(
    learning_rate: TensorLike,
    global_step: TensorLike,
    decay_steps: TensorLike,
    alpha: float = 0.0,
    name: str | None = None,
) -> Tensor:
    """A learning rate that falls along half a wave of a cosine, and then stays.

    η · ((1 − α) · (1 + cos(π · step / decay_steps)) / 2 + α).

    Parameters
    ----------
    learning_rate
        η, where it starts: a number or a scalar tensor.
    global_step
        The step: an integer, or a scalar tensor or variable such as `minimize` counts.
    decay_steps
        The number of steps after which it has reached α · η.
    alpha
        α, the part of η that remains.
    name
        The scope of the new operations.

    Returns
    -------
    Tensor
        The learning rate at the step: a scalar, of the dtype of `learning_rate`.

    Raises
    ------
    ValueError
        If `global_step` is None.

    References
    ----------
    I. Loshchilov and F. Hutter (2017), "SGDR: Stochastic gradient descent with warm restarts".

    Examples
    --------
    >>> import nbgrad as ng
    >>> with ng.Graph().as_default():
    ...     step = ng.placeholder(ng.int32, [])
    ...     rate = ng.train.cosine_decay(1.0, step, 20)
    ...     print([float(ng.Session().run(rate, {step: n})) for n in (0, 10, 20)])
    [1.0, 0.5, 0.0]
    """
    steps = number(decay_steps, learning_rate)
    wave = 0.5 * (1 + cos(math.pi * (minimum(global_step, steps) / steps)))
    return learning_rate * ((1 - alpha) * wave + alpha)


def piecewise_constant(
    x: TensorLike,
    boundaries: Sequence[TensorLike],
    values: Sequence[TensorLike],
    name: str | None = None,
) -> Tensor:
    """A learning rate with a value for each stretch of steps.

    values[0] up to and including boundaries[0], then values[1], and so on.

    Parameters
    ----------
    x
        The step, or what else decides: an integer, or a scalar tensor or variable.
    boundaries
        Where one stretch ends and the next begins: rising numbers.
    values
        The rate in each stretch, one more than there are boundaries.
    name
        The scope of the new operations.

    Returns
    -------
    Tensor
        The learning rate: a scalar, of the dtype of the values.

    Raises
    ------
    ValueError
        If there is not exactly one value more than boundaries.

    Examples
    --------
    >>> import nbgrad as ng
    >>> with ng.Graph().as_default():
    ...     step = ng.placeholder(ng.int32, [])
    ...     rate = ng.train.piecewise_constant(step, [10, 15], [1.0, 0.5, 0.25])
    ...     print([float(ng.Session().run(rate, {step: n})) for n in (0, 10, 20)])
    [1.0, 1.0, 0.25]
    """
    if len(boundaries) != len(values) - 1:
        raise ValueError("The length of boundaries should be 1 less than the length of values")
    graph: Graph = graph_of(x)
    with graph.as_default(), graph.name_scope(name or "PiecewiseConstant"):
        step = as_tensor(x, graph)
        rate = as_tensor(as_float(values[-1]), graph)
        for boundary, value in zip(reversed(boundaries), reversed(values[:-1]), strict=True):
            rate = where(step <= number(boundary, step), number(value, rate), rate)
        return rate
