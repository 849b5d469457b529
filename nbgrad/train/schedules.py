"""Learning rates that fall as training goes on: tensors made from the global step."""

from __future__ import annotations

import functools
import math
from collections.abc import Callable, Sequence
from typing import Any

from nbgrad.graph import Graph, Tensor, graph_of
from nbgrad.graph.operands import as_tensor
from nbgrad.ops.arrays import cast
from nbgrad.ops.functions import cos
from nbgrad.ops.logic import where
from nbgrad.ops.piecewise import ceil, floor, maximum, minimum
from nbgrad.ops.powers import exp, pow

Schedule = Callable[..., Tensor]


def _schedule(scope: str) -> Callable[[Schedule], Schedule]:
    """A decorator: the schedule's operations get a scope, its arguments become tensors."""

    def decorate(schedule: Schedule) -> Schedule:
        @functools.wraps(schedule)
        def build(learning_rate: Any, global_step: Any, *args: Any, **options: Any) -> Tensor:
            if global_step is None:
                raise ValueError(f"global_step is required for {schedule.__name__}.")
            name = options.pop("name", None)
            graph = graph_of(global_step, learning_rate)
            with graph.as_default(), graph.name_scope(name or scope):
                rate = as_tensor(as_float(learning_rate), graph, name="learning_rate")
                step = cast(as_tensor(global_step, graph, name="step"), rate.dtype)
                return schedule(rate, step, *args, **options)

        return build

    return decorate


def as_float(value: Any) -> Any:
    return float(value) if isinstance(value, int) else value


def number(value: Any, like: Tensor) -> Tensor:
    """A setting as a tensor of the learning rate's dtype."""
    tensor = as_tensor(as_float(value), like.graph)
    return tensor if tensor.dtype is like.dtype else cast(tensor, like.dtype)


def fraction(step: Tensor, decay_steps: Any, staircase: bool) -> Tensor:
    """How many times `decay_steps` steps have gone by, whole times only on a staircase."""
    passed = step / number(decay_steps, step)
    return floor(passed) if staircase else passed


@_schedule("ExponentialDecay")
def exponential_decay(
    learning_rate: Any,
    global_step: Any,
    decay_steps: Any,
    decay_rate: Any,
    staircase: bool = False,
    name: str | None = None,
) -> Tensor:
    """η · rate^(step / decay_steps)

    Parameters
    ----------
    staircase
        Whether the exponent grows in whole steps only.

    Examples
    --------
    >>> import nbgrad as ng
    >>> with ng.Graph().as_default():
    ...     step = ng.placeholder(ng.int32, [])
    ...     rate = ng.train.exponential_decay(1.0, step, 10, 0.5)
    ...     print(ng.Session().run(rate, {step: 20}))
    0.25
    """
    times = fraction(global_step, decay_steps, staircase)
    return learning_rate * pow(number(decay_rate, learning_rate), times)


@_schedule("NaturalExpDecay")
def natural_exp_decay(
    learning_rate: Any,
    global_step: Any,
    decay_steps: Any,
    decay_rate: Any,
    staircase: bool = False,
    name: str | None = None,
) -> Tensor:
    """η · e^(−rate · step / decay_steps)"""
    times = fraction(global_step, decay_steps, staircase)
    return learning_rate * exp(-number(decay_rate, learning_rate) * times)


@_schedule("InverseTimeDecay")
def inverse_time_decay(
    learning_rate: Any,
    global_step: Any,
    decay_steps: Any,
    decay_rate: Any,
    staircase: bool = False,
    name: str | None = None,
) -> Tensor:
    """η / (1 + rate · step / decay_steps)"""
    times = fraction(global_step, decay_steps, staircase)
    return learning_rate / (1 + number(decay_rate, learning_rate) * times)


@_schedule("PolynomialDecay")
def polynomial_decay(
    learning_rate: Any,
    global_step: Any,
    decay_steps: Any,
    end_learning_rate: Any = 0.0001,
    power: Any = 1.0,
    cycle: bool = False,
    name: str | None = None,
) -> Tensor:
    """(η − end) · (1 − step / decay_steps)^power + end

    Parameters
    ----------
    cycle
        Whether to start again from ever lower rates after `decay_steps`, instead of staying.
    """
    steps, end = number(decay_steps, learning_rate), number(end_learning_rate, learning_rate)
    if cycle:
        # At step 0 the quotient's ceiling is 0, and yet the first cycle has begun.
        steps = steps * maximum(1.0, ceil(global_step / steps))
    else:
        global_step = minimum(global_step, steps)
    left = pow(1 - global_step / steps, number(power, learning_rate))
    return (learning_rate - end) * left + end


@_schedule("CosineDecay")
def cosine_decay(
    learning_rate: Any,
    global_step: Any,
    decay_steps: Any,
    alpha: float = 0.0,
    name: str | None = None,
) -> Tensor:
    """η · ((1 − α) · (1 + cos(π · step / decay_steps)) / 2 + α)"""
    steps = number(decay_steps, learning_rate)
    wave = 0.5 * (1 + cos(math.pi * (minimum(global_step, steps) / steps)))
    return learning_rate * ((1 - alpha) * wave + alpha)


def piecewise_constant(
    x: Any, boundaries: Sequence[Any], values: Sequence[Any], name: str | None = None
) -> Tensor:
    """values[0] up to and including boundaries[0], then values[1], and so on.

    Parameters
    ----------
    x
        The global step, or what else decides.

    Raises
    ------
    ValueError
        If there is not exactly one value more than boundaries.
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
