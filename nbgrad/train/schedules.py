"""How learning rates are built that change with the global step."""

from __future__ import annotations

import functools
import math
from collections.abc import Callable, Sequence
from typing import Any

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
from nbgrad.tf1.scopes import GraphKeys
from nbgrad.tf1.variables import Variable

Schedule = Callable[..., Tensor]


def schedule(scope: str) -> Callable[[Schedule], Schedule]:
    """A decorator: the schedule's operations get a scope, its arguments become tensors."""

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

        return build

    return decorate


def as_float(value: Any) -> Any:
    return float(value) if isinstance(value, int) else value


def number(value: TensorLike, like: Any) -> Tensor:
    """A setting as a tensor of the learning rate's dtype."""
    tensor = as_tensor(as_float(value), like.graph)
    return tensor if tensor.dtype is like.dtype else cast(tensor, like.dtype)


def fraction(step: Any, decay_steps: TensorLike, staircase: bool) -> Tensor:
    """How many times `decay_steps` steps have gone by, whole times only on a staircase."""
    passed = step / number(decay_steps, step)
    return floor(passed) if staircase else passed


@schedule("ExponentialDecay")
def exponential_decay(
    learning_rate: TensorLike,
    global_step: TensorLike,
    decay_steps: TensorLike,
    decay_rate: TensorLike,
    staircase: bool = False,
    name: str | None = None,
) -> Tensor:
    """A learning rate that is multiplied by the same factor in every stretch of steps.

    η · rate^(step / decay_steps).

    Parameters
    ----------
    learning_rate
        η, where it starts: a number or a scalar tensor.
    global_step
        The step: an integer, or a scalar tensor or variable such as `minimize` counts.
    decay_steps
        The number of steps in which it falls by the factor.
    decay_rate
        The factor.
    staircase
        Whether it falls at the end of each stretch only: the exponent is rounded down.
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
    ...     rate = ng.train.exponential_decay(1.0, step, 10, 0.5)
    ...     print([float(ng.Session().run(rate, {step: n})) for n in (0, 10, 20)])
    [1.0, 0.5, 0.25]
    """
    times = fraction(global_step, decay_steps, staircase)
    return learning_rate * pow(number(decay_rate, learning_rate), times)


@schedule("NaturalExpDecay")
def natural_exp_decay(
    learning_rate: TensorLike,
    global_step: TensorLike,
    decay_steps: TensorLike,
    decay_rate: TensorLike,
    staircase: bool = False,
    name: str | None = None,
) -> Tensor:
    """A learning rate that falls exponentially, as e^(−rate · t).

    η · e^(−rate · step / decay_steps).

    Parameters
    ----------
    learning_rate
        η, where it starts: a number or a scalar tensor.
    global_step
        The step: an integer, or a scalar tensor or variable such as `minimize` counts.
    decay_steps
        The number of steps in which t grows by one.
    decay_rate
        The rate: how fast it falls.
    staircase
        Whether it falls at the end of each stretch only: t is rounded down.
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
    ...     rate = ng.train.natural_exp_decay(1.0, step, 10, 0.5)
    ...     print([float(ng.Session().run(rate, {step: n})) for n in (0, 10, 20)])
    [1.0, 0.6065, 0.3679]
    """
    times = fraction(global_step, decay_steps, staircase)
    return learning_rate * exp(-number(decay_rate, learning_rate) * times)


@schedule("InverseTimeDecay")
def inverse_time_decay(
    learning_rate: TensorLike,
    global_step: TensorLike,
    decay_steps: TensorLike,
    decay_rate: TensorLike,
    staircase: bool = False,
    name: str | None = None,
) -> Tensor:
    """A learning rate that falls as one over the time.

    η / (1 + rate · step / decay_steps).

    Parameters
    ----------
    learning_rate
        η, where it starts: a number or a scalar tensor.
    global_step
        The step: an integer, or a scalar tensor or variable such as `minimize` counts.
    decay_steps
        The number of steps that count as one unit of time.
    decay_rate
        The rate: how fast it falls.
    staircase
        Whether it falls at the end of each unit only: the time is rounded down.
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
    ...     rate = ng.train.inverse_time_decay(1.0, step, 10, 1.0)
    ...     print([float(ng.Session().run(rate, {step: n})) for n in (0, 10, 20)])
    [1.0, 0.5, 0.3333]
    """
    times = fraction(global_step, decay_steps, staircase)
    return learning_rate / (1 + number(decay_rate, learning_rate) * times)


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


def create_global_step(graph: Graph | None = None) -> Variable:
    """A new variable that counts the steps of training, for `minimize(…, global_step=…)`.

    Parameters
    ----------
    graph
        By default the default graph.

    Returns
    -------
    Variable
        "global_step", a scalar of int64 that begins with zero and is not trained.

    Raises
    ------
    ValueError
        If the graph has one already.

    Examples
    --------
    >>> import nbgrad as ng
    >>> with ng.Graph().as_default():
    ...     print(ng.train.create_global_step().name)
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
    """The variable that counts the steps of training.

    Parameters
    ----------
    graph
        By default the default graph.

    Returns
    -------
    Variable or None
        None where the graph has none.

    Examples
    --------
    >>> import nbgrad as ng
    >>> with ng.Graph().as_default():
    ...     print(ng.train.get_global_step())
    None
    """
    found = (graph or get_default_graph()).get_collection(GraphKeys.GLOBAL_STEP)
    return found[0] if found else None


def get_or_create_global_step(graph: Graph | None = None) -> Variable:
    """The variable that counts the steps of training, made now where there is none yet.

    Parameters
    ----------
    graph
        By default the default graph.

    Returns
    -------
    Variable
        A scalar of int64.

    Examples
    --------
    >>> import nbgrad as ng
    >>> with ng.Graph().as_default():
    ...     step = ng.train.get_or_create_global_step()
    ...     print(ng.train.get_or_create_global_step() is step)
    True
    """
    found = get_global_step(graph)
    return create_global_step(graph) if found is None else found


def global_step(sess: Session, global_step_tensor: Operand | str) -> int:
    """The number of steps that a session has trained.

    Parameters
    ----------
    sess
        The session.
    global_step_tensor
        The variable that counts them.

    Returns
    -------
    int
        Its value in that session.

    Examples
    --------
    >>> import nbgrad as ng
    >>> with ng.Graph().as_default(), ng.Session() as session:
    ...     step, w = ng.train.create_global_step(), ng.Variable(3.0)
    ...     descent = ng.train.GradientDescentOptimizer(0.25).minimize(w * w, global_step=step)
    ...     session.run(ng.global_variables_initializer())
    ...     session.run(descent)
    ...     print(ng.train.global_step(session, step))
    1
    """
    return int(sess.run(global_step_tensor))
