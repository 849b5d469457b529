"""What changes with the steps of training: their number, learning rates, averages of variables.

In the formulas η is `learning_rate`, where the rate starts: a number or a scalar tensor, whose
dtype the result has. The step is `global_step`: an integer, or a scalar tensor or variable such as
`minimize` counts. With `staircase` the rate falls only at the end of each stretch of `decay_steps`:
step / decay_steps is rounded down. `name` is the scope of the new operations.
"""

from __future__ import annotations

import contextlib
import functools
import math
from collections.abc import Callable, Iterable, Iterator
from typing import Any, TypeVar

import numpy as np

from nbgrad.core.dtypes import float32
from nbgrad.core.graph import Graph, Operand, Operation, Tensor, get_default_graph, graph_of
from nbgrad.core.operands import TensorLike, as_tensor
from nbgrad.core.session import Session
from nbgrad.ops.functions import cos, exp, pow
from nbgrad.ops.logic import where
from nbgrad.ops.piecewise import ceil, floor, maximum, minimum
from nbgrad.ops.shaping import cast
from nbgrad.tf1.control import group
from nbgrad.tf1.signatures import called
from nbgrad.tf1.variables import GraphKeys, Variable, assign_add, assign_sub

Schedule = TypeVar("Schedule", bound=Callable[..., Tensor])


def schedule(formula: Schedule) -> Schedule:
    """A decorator: the schedule's operations get a scope, its rate and step become tensors."""
    scope = formula.__name__.title().replace("_", "")

    @functools.wraps(formula)
    def build(learning_rate: Any, global_step: Any, *args: Any, **options: Any) -> Tensor:
        if global_step is None:
            raise ValueError(f"global_step is required for {formula.__name__}.")
        graph = graph_of(global_step, learning_rate)
        with graph.as_default(), graph.name_scope(options.pop("name", None) or scope):
            rate = as_tensor(as_float(learning_rate), graph, name="learning_rate")
            step = cast(as_tensor(global_step, graph, name="step"), rate.dtype)
            return formula(rate, step, *args, **options)

    return build  # type: ignore[return-value]


def as_float(value: Any) -> Any:
    return float(value) if isinstance(value, int) else value


def as_setting(value: TensorLike, like: Any) -> Tensor:
    """A setting as a tensor of the learning rate's dtype."""
    return cast(as_tensor(as_float(value), like.graph), like.dtype)


def decay(formula: Callable[..., Tensor]) -> Callable[..., Tensor]:
    """A decorator: a schedule from η, the decay rate and the number of stretches passed."""

    @called(formula.__name__, formula.__doc__)
    def decayed(
        learning_rate, global_step, decay_steps, decay_rate, staircase=False, name=None
    ) -> Tensor:
        passed = global_step / as_setting(decay_steps, global_step)
        periods = floor(passed) if staircase else passed
        return formula(learning_rate, as_setting(decay_rate, learning_rate), periods)

    return schedule(decayed)


@decay
def exponential_decay(learning_rate: Tensor, decay_rate: Tensor, periods: Tensor) -> Tensor:
    """A learning rate multiplied by one factor in every stretch, η · rate^(step / decay_steps).

    >>> print(tf.Session().run(tf.train.exponential_decay(1.0, 20, 10, 0.5)))
    0.25
    """
    return learning_rate * pow(decay_rate, periods)


@decay
def natural_exp_decay(learning_rate: Tensor, decay_rate: Tensor, periods: Tensor) -> Tensor:
    """A learning rate that falls exponentially, η · e^(−rate · step / decay_steps).

    >>> print(tf.Session().run(tf.train.natural_exp_decay(1.0, 20, 10, 0.5)))
    0.3679
    """
    return learning_rate * exp(-decay_rate * periods)


@decay
def inverse_time_decay(learning_rate: Tensor, decay_rate: Tensor, periods: Tensor) -> Tensor:
    """A learning rate that falls as one over the time, η / (1 + rate · step / decay_steps).

    >>> print(tf.Session().run(tf.train.inverse_time_decay(1.0, 20, 10, 0.5)))
    0.5
    """
    return learning_rate / (1 + decay_rate * periods)


@schedule
def polynomial_decay(
    learning_rate,
    global_step,
    decay_steps,
    end_learning_rate=0.0001,
    power=1.0,
    cycle=False,
    name=None,
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


@schedule
def cosine_decay(learning_rate, global_step, decay_steps, alpha=0.0, name=None) -> Tensor:
    """A learning rate that falls along half a wave of a cosine, and then stays at α · η.

    η · ((1 − α) · (1 + cos(π · step / decay_steps)) / 2 + α). Loshchilov, Hutter, "SGDR: Stochastic
    Gradient Descent with Warm Restarts", 2017.

    >>> print(tf.Session().run(tf.train.cosine_decay(1.0, 10, 20)))
    0.5
    """
    steps = as_setting(decay_steps, learning_rate)
    wave = 0.5 * (1 + cos(math.pi * (minimum(global_step, steps) / steps)))
    return learning_rate * ((1 - alpha) * wave + alpha)


def piecewise_constant(x, boundaries, values, name=None) -> Tensor:
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


# The number of steps


def create_global_step(graph: Graph | None = None) -> Variable:
    """A new variable "global_step" that counts the steps of training, a scalar of int64.

    >>> print(tf.train.create_global_step().name)
    global_step:0
    """
    graph = graph or get_default_graph()
    if get_global_step(graph) is not None:
        raise ValueError('"global_step" already exists.')
    keys = [GraphKeys.GLOBAL_VARIABLES, GraphKeys.GLOBAL_STEP]
    with graph.as_default(), graph.name_scope(None):
        return Variable(np.int64(0), trainable=False, name="global_step", collections=keys)


def get_global_step(graph: Graph | None = None) -> Variable | None:
    """The variable that counts the steps of training, None where the graph has none.

    >>> print(tf.train.get_global_step())
    None
    """
    found = (graph or get_default_graph()).get_collection(GraphKeys.GLOBAL_STEP)
    return found[0] if found else None


def get_or_create_global_step(graph: Graph | None = None) -> Variable:
    """The variable that counts the steps of training, made now where there is none yet.

    >>> print(tf.train.get_or_create_global_step() is tf.train.get_or_create_global_step())
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


# Averages over the steps


class ExponentialMovingAverage:
    """Moving averages of variables: shadows that follow them from step to step.

    shadow ← shadow − (1 − decay) · (shadow − variable).

    Parameters
    ----------
    decay
        How much of itself a shadow keeps at each step, such as 0.99.
    num_updates
        The number of steps so far: with it, the first steps keep less,
        min(decay, (1 + n) / (10 + n)).
    zero_debias
        Whether shadows of tensors, which start at zero, are corrected for that. Those of variables
        start where the variables do.
    name
        What the shadows are called, after what they follow.

    Examples
    --------
    >>> w = tf.Variable(1.0)
    >>> ema = tf.train.ExponentialMovingAverage(0.75)
    >>> follow = ema.apply([w])
    >>> with tf.Session() as session:
    ...     session.run(tf.global_variables_initializer())
    ...     session.run(w.assign(5.0).op)
    ...     session.run(follow)
    ...     print(session.run(ema.average(w)))
    2.0
    """

    def __init__(
        self, decay, num_updates=None, zero_debias=False, name="ExponentialMovingAverage"
    ) -> None:
        self._decay, self._num_updates = decay, num_updates
        self._zero_debias, self.name = zero_debias, name
        self._averages: dict[Any, Variable] = {}
        self._from_zero: set[Any] = set()

    def apply(self, var_list: Iterable[Operand] | None = None) -> Operation:
        """An operation that moves each shadow once, to be run after each step of training.

        The first call makes the shadows: of variables or other tensors, by default of all
        trainable variables.
        """
        graph = get_default_graph()
        trained = graph.get_collection(GraphKeys.TRAINABLE_VARIABLES)
        followed: list[Any] = trained if var_list is None else list(var_list)
        for each in followed:
            if not each.dtype.is_floating:
                raise TypeError(f"The variables must be half, float, or double: {each.name}")
            if each not in self._averages:
                self._averages[each] = self._shadow(each)
        with graph.name_scope(self.name) as scope:
            decay = as_tensor(self._decay, graph, name="decay")
            if self._num_updates is not None:
                count = cast(as_tensor(self._num_updates, graph), float32, name="num_updates")
                decay = minimum(decay, (1.0 + count) / (10.0 + count))
            return group(*(self._move(each, 1.0 - decay) for each in followed), name=scope)

    def average(self, var: Operand) -> Variable | None:
        """The shadow of a variable, None where it has none."""
        return self._averages.get(var)

    def average_name(self, var: Any) -> str:
        """The name of a variable's shadow, also before there is one."""
        return f"{var.op.name}/{self.name}"

    def variables_to_restore(self, moving_avg_variables: Any = None) -> dict[str, Variable]:
        """Every variable by the name of what is best used in its place: its shadow, if it has one.

        As TensorFlow's savers take it. The variables that have shadows are by default all
        trainable ones, and those in the collection of moving averages.
        """
        collection, averaged = get_default_graph().get_collection, moving_avg_variables
        if averaged is None:
            averaged = collection(GraphKeys.TRAINABLE_VARIABLES)
            averaged = averaged + collection(GraphKeys.MOVING_AVERAGE_VARIABLES)
        names = {self.average_name(each): each for each in dict.fromkeys(averaged)}
        others = set(collection(GraphKeys.GLOBAL_VARIABLES)).difference(names.values())
        return names | {each.op.name: each for each in others if each.op.name not in names}

    def _shadow(self, followed: Any) -> Variable:
        """A new shadow: of a variable it starts where that started, of other tensors at zero."""
        start: Any = zeros_for(followed)
        with free_of_scopes(followed.graph):
            if isinstance(followed, Variable):
                followed.graph.add_to_collection(GraphKeys.MOVING_AVERAGE_VARIABLES, followed)
                start = followed.initialized_value()
            elif self._zero_debias:
                self._from_zero.add(followed)
            return Variable(start, trainable=False, name=self.average_name(followed))

    def _move(self, followed: Any, rate: Tensor) -> Tensor:
        """The assignment that moves one shadow."""
        shadow, value = self._averages[followed], followed.as_tensor()
        rate = cast(rate, value.dtype)
        if followed not in self._from_zero:
            return assign_sub(shadow, (shadow - value) * rate)
        # An average that began at zero is divided by the share that its values have in it.
        with free_of_scopes(shadow.graph):
            biased = Variable(zeros_for(value), trainable=False, name=f"{shadow.op.name}/biased")
            start = value.dtype.as_numpy_dtype(0)
            steps = Variable(start, trainable=False, name=f"{shadow.op.name}/local_step")
        moved = assign_sub(biased, (biased - value) * rate)
        unbiased = moved / (1.0 - pow(1.0 - rate, assign_add(steps, 1.0)))
        return assign_sub(shadow, shadow - unbiased)


@contextlib.contextmanager
def free_of_scopes(graph: Graph) -> Iterator[None]:
    """A variable that is made here has neither a scope's name nor anything to wait for."""
    with graph.as_default(), graph.name_scope(None), graph.control_dependencies(None):
        yield


def zeros_for(tensor: Any) -> np.ndarray:
    """Zeros of a tensor's shape, which is known before a run, and dtype."""
    return np.zeros(tensor.shape.as_list(), tensor.dtype.as_numpy_dtype)
