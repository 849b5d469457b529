"""The step of training, and learning rates that change with it.

In the formulas η is `learning_rate`, where the rate starts: a number or a scalar tensor, whose
dtype the result has. The step is `global_step`: an integer, or a scalar tensor or variable such as
`minimize` counts. With `staircase` the rate falls only at the end of each stretch of `decay_steps`:
step / decay_steps is rounded down. `name` is the scope of the new operations.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import numpy as np

from nbgrad.core.default_graph import get_default_graph, graph_of
from nbgrad.core.graph import Graph, Operand, Tensor
from nbgrad.core.operands import as_tensor
from nbgrad.core.session import Session
from nbgrad.core.typing import TensorLike
from nbgrad.ops.copying import cast
from nbgrad.ops.functions import cos, exp, pow
from nbgrad.ops.logic import where
from nbgrad.ops.piecewise import ceil, floor, maximum, minimum
from nbgrad.tf1.variables import GraphKeys, Variable

Schedule = TypeVar("Schedule", bound=Callable[..., Tensor])


def schedule(scope: str) -> Callable[[Schedule], Schedule]:
    """A decorator: the schedule's operations get a scope, its rate and step become tensors."""

    def decorate(formula: Schedule) -> Schedule:
        @functools.wraps(formula)
        def build(learning_rate: Any, global_step: Any, *args: Any, **options: Any) -> Tensor:
            if global_step is None:
                raise ValueError(f"global_step is required for {formula.__name__}.")
            name = options.pop("name", None)
            graph = graph_of(global_step, learning_rate)
            with graph.as_default(), graph.name_scope(name or scope):
                rate = as_tensor(as_float(learning_rate), graph, name="learning_rate")
                step = cast(as_tensor(global_step, graph, name="step"), rate.dtype)
                return formula(rate, step, *args, **options)

        return build  # type: ignore[return-value]

    return decorate


def as_float(value: Any) -> Any:
    return float(value) if isinstance(value, int) else value


def as_setting(value: TensorLike, like: Any) -> Tensor:
    """A setting as a tensor of the learning rate's dtype."""
    tensor = as_tensor(as_float(value), like.graph)
    return tensor if tensor.dtype is like.dtype else cast(tensor, like.dtype)


def decay(scope: str) -> Callable[[Callable[..., Tensor]], Callable[..., Tensor]]:
    """A decorator: from η, the decay rate and the number of periods passed to a schedule."""

    def decorate(formula: Callable[..., Tensor]) -> Callable[..., Tensor]:
        def decayed(
            learning_rate: Any,
            global_step: Any,
            decay_steps: TensorLike,
            decay_rate: TensorLike,
            staircase: bool = False,
            name: str | None = None,
        ) -> Tensor:
            passed = global_step / as_setting(decay_steps, global_step)
            periods = floor(passed) if staircase else passed
            return formula(learning_rate, as_setting(decay_rate, learning_rate), periods)

        decayed.__name__ = decayed.__qualname__ = formula.__name__
        decayed.__doc__ = formula.__doc__
        return schedule(scope)(decayed)

    return decorate


@decay("ExponentialDecay")
def exponential_decay(learning_rate: Tensor, decay_rate: Tensor, periods: Tensor) -> Tensor:
    """A learning rate multiplied by one factor in every stretch, η · rate^(step / decay_steps).

    >>> print(tf.Session().run(tf.train.exponential_decay(1.0, 20, 10, 0.5)))
    0.25
    """
    return learning_rate * pow(decay_rate, periods)


@decay("NaturalExpDecay")
def natural_exp_decay(learning_rate: Tensor, decay_rate: Tensor, periods: Tensor) -> Tensor:
    """A learning rate that falls exponentially, η · e^(−rate · step / decay_steps).

    >>> print(tf.Session().run(tf.train.natural_exp_decay(1.0, 20, 10, 0.5)))
    0.3679
    """
    return learning_rate * exp(-decay_rate * periods)


@decay("InverseTimeDecay")
def inverse_time_decay(learning_rate: Tensor, decay_rate: Tensor, periods: Tensor) -> Tensor:
    """A learning rate that falls as one over the time, η / (1 + rate · step / decay_steps).

    >>> print(tf.Session().run(tf.train.inverse_time_decay(1.0, 20, 10, 0.5)))
    0.5
    """
    return learning_rate / (1 + decay_rate * periods)


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
    """A learning rate that falls as a power of the steps left, (η − end) · left^power + end.

    Here left is 1 − step / decay_steps. At the end the rate stays, or with `cycle` starts again and
    again, each time lower and with more steps to go.

    >>> print(tf.Session().run(tf.train.polynomial_decay(1.0, 10, 20, end_learning_rate=0.5)))
    0.75
    """
    steps = as_setting(decay_steps, learning_rate)
    end = as_setting(end_learning_rate, learning_rate)
    if cycle:
        # At step 0 the quotient's ceiling is 0, and yet the first cycle has begun.
        steps = steps * maximum(1.0, ceil(global_step / steps))
    else:
        global_step = minimum(global_step, steps)
    left = pow(1 - global_step / steps, as_setting(power, learning_rate))
    return (learning_rate - end) * left + end


@schedule("CosineDecay")
def cosine_decay(
    learning_rate: TensorLike,
    global_step: TensorLike,
    decay_steps: TensorLike,
    alpha: float = 0.0,
    name: str | None = None,
) -> Tensor:
    """A learning rate that falls along half a wave of a cosine, and then stays at α · η.

    η · ((1 − α) · (1 + cos(π · step / decay_steps)) / 2 + α). I. Loshchilov and F. Hutter (2017),
    "SGDR: Stochastic gradient descent with warm restarts".

    >>> print(tf.Session().run(tf.train.cosine_decay(1.0, 10, 20)))
    0.5
    """
    steps = as_setting(decay_steps, learning_rate)
    wave = 0.5 * (1 + cos(math.pi * (minimum(global_step, steps) / steps)))
    return learning_rate * ((1 - alpha) * wave + alpha)


def piecewise_constant(
    x: TensorLike,
    boundaries: Sequence[TensorLike],
    values: Sequence[TensorLike],
    name: str | None = None,
) -> Tensor:
    """A learning rate with one value more than there are boundaries, for the stretches between.

    It is values[0] up to and including boundaries[0], then values[1], and so on; x is the step.

    >>> print(tf.Session().run(tf.train.piecewise_constant(10, [10, 15], [1.0, 0.5, 0.25])))
    1.0
    """
    if len(boundaries) != len(values) - 1:
        raise ValueError("The length of boundaries should be 1 less than the length of values")
    graph: Graph = graph_of(x)
    with graph.as_default(), graph.name_scope(name or "PiecewiseConstant"):
        step = as_tensor(x, graph)
        rate = as_tensor(as_float(values[-1]), graph)
        for boundary, value in zip(reversed(boundaries), reversed(values[:-1]), strict=True):
            rate = where(step <= as_setting(boundary, step), as_setting(value, rate), rate)
        return rate


def create_global_step(graph: Graph | None = None) -> Variable:
    """A new variable "global_step" that counts the steps of training, a scalar of int64.

    >>> print(tf.train.create_global_step().name)
    global_step:0
    """
    graph = graph or get_default_graph()
    if get_global_step(graph) is not None:
        raise ValueError('"global_step" already exists.')
    with graph.as_default(), graph.name_scope(None):
        return Variable(
            np.int64(0),
            trainable=False,
            name="global_step",
            collections=[GraphKeys.GLOBAL_VARIABLES, GraphKeys.GLOBAL_STEP],
        )


def get_global_step(graph: Graph | None = None) -> Variable | None:
    """The variable that counts the steps of training, None where the graph has none.

    >>> print(tf.train.get_global_step())
    None
    """
    found = (graph or get_default_graph()).get_collection(GraphKeys.GLOBAL_STEP)
    return found[0] if found else None


def get_or_create_global_step(graph: Graph | None = None) -> Variable:
    """The variable that counts the steps of training, made now where there is none yet.

    >>> step = tf.train.get_or_create_global_step()
    >>> print(tf.train.get_or_create_global_step() is step)
    True
    """
    found = get_global_step(graph)
    return create_global_step(graph) if found is None else found


def global_step(sess: Session, global_step_tensor: Operand | str) -> int:
    """The number of steps that a session has trained.

    >>> step, w = tf.train.create_global_step(), tf.Variable(3.0)
    >>> descent = tf.train.GradientDescentOptimizer(0.25).minimize(w * w, global_step=step)
    >>> with tf.Session() as session:
    ...     session.run(tf.global_variables_initializer())
    ...     session.run(descent)
    ...     print(tf.train.global_step(session, step))
    1
    """
    return int(sess.run(global_step_tensor))
