"""Learning rates that fall for ever: exponentially, or as one over the time."""

from __future__ import annotations

from typing import Any

from nbgrad.graph import Tensor
from nbgrad.graph.typing import TensorLike
from nbgrad.ops.elementwise.piecewise import floor
from nbgrad.ops.elementwise.powers import exp, pow
from nbgrad.train.schedules import number, schedule


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
