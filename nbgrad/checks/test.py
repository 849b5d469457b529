"""TensorFlow's `tf.test`: reverse mode against finite differences, which share no code.

`assert_gradient` checks the rules that you write: it measures the whole Jacobian J with one number.
With a random direction v among the inputs and a random seed u of the outputs, reverse mode gives
⟨v, Jᵀu⟩ by one backward pass, differences give ⟨Jv, u⟩ ≈ ⟨f(x + hv) − f(x − hv), u⟩ / 2h, and
these are equal; an error anywhere in J would have to be orthogonal to both to hide.
`compute_gradient` is TensorFlow's checker, which finds all of J.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from nbgrad.checks.precision import central_difference, inner_product
from nbgrad.core.dtypes import as_dtype, float64
from nbgrad.core.endpoints import as_list
from nbgrad.core.errors import GradientMismatch
from nbgrad.core.gradients import gradients
from nbgrad.core.graph import Graph, Tensor
from nbgrad.core.notebook import get_default_session
from nbgrad.core.operands import ArrayLike, FeedDict, Fetches, Tensors
from nbgrad.core.session import Session

__all__ = ["assert_gradient", "compute_gradient", "compute_gradient_error"]
__dir__ = __all__.copy


def assert_gradient(
    function: Callable[..., Any],
    *inputs: ArrayLike,
    order: int = 1,
    h: float = 1e-5,
    tolerance: float = 1e-6,
) -> None:
    """Compare the gradient of a function with finite differences, along random directions.

    For each input, reverse mode's ⟨v, Jᵀu⟩ must equal the differences' ⟨Jv, u⟩.

    Parameters
    ----------
    function
        From tensors to a tensor or a list of them, written in nbgrad operations.
    *inputs
        The point: numbers or arrays. Floats are varied, as float64; integers, truth values
        and text stay as they are.
    order
        2 also checks the gradient of the gradient, and so on.
    h
        How far to step aside.
    tolerance
        The error allowed, relative to the size of the derivative where that is above 1; ten times
        as much for each further order.

    Raises
    ------
    GradientMismatch
        Where they disagree; the message has both numbers and the point.

    References
    ----------
    J. F. Claerbout (1992), "Earth soundings analysis: Processing versus inversion", whose
    dot-product test compares Jᵀ with J; the differences stand in for J here.

    Examples
    --------
    >>> tf.test.assert_gradient(lambda x, y: tf.sin(x) * y, 0.7, [1.0, 2.0], order=2)
    """
    point = [np.asarray(each) for each in inputs]
    rng = np.random.default_rng(len(point))
    with Graph().as_default() as graph, Session() as session:
        xs = [input_tensor(each, graph) for each in point]
        zs = differentiable(function(*xs))
        feed = {x: value for x, value in zip(xs, point, strict=True) if x.op.type == "Placeholder"}
        us = [rng.normal(size=np.shape(z)) for z in session.run(zs, feed)]
        dxs = gradients(zs, list(feed), us)

        def moved(x: Tensor) -> Callable[[Any], list[Any]]:
            return lambda value: session.run(zs, {**feed, x: value})

        for i, (x, dx) in enumerate(zip(feed, dxs, strict=True)):
            v = rng.normal(size=feed[x].shape)
            derived = 0.0 if dx is None else float(np.vdot(v, session.run(dx, feed)))
            measured = inner_product(us, central_difference(moved(x), feed[x], v, h))
            if not abs(derived - measured) <= tolerance * max(1.0, abs(measured)):
                where = "\n".join(f"  input {k}: {np.array2string(x)}" for k, x in enumerate(point))
                raise GradientMismatch(
                    f"The derivative along a random direction of input {i} is\n"
                    f"  {derived:.9g} by reverse mode,\n"
                    f"  {measured:.9g} by finite differences, at\n{where}"
                )

    def backward(*arguments: Tensor) -> list[Tensor]:
        """Jᵀu, of the inputs and the seeds of the outputs."""
        xs, us = arguments[: len(point)], arguments[len(point) :]
        dxs = gradients(differentiable(function(*xs)), differentiable(xs), list(us))
        return [dx for dx in dxs if dx is not None]

    if order > 1 and any(dx is not None for dx in dxs):
        assert_gradient(backward, *point, *us, order=order - 1, h=h, tolerance=tolerance * 10)


def input_tensor(value: np.ndarray, graph: Graph) -> Tensor:
    """A tensor to be fed, for an array of floats; a constant for any other."""
    if value.dtype.kind == "f":
        return graph.apply("Placeholder", dtype=float64, shape=value.shape)
    return graph.constant(value)


def differentiable(tensors: Any) -> list[Tensor]:
    """The tensors among some that carry a gradient."""
    return [t for t in as_list(tensors) if t.dtype.is_trainable]


def compute_gradient(
    x: Tensors,
    x_shape: Sequence[Any],
    y: Tensor,
    y_shape: Sequence[int],
    x_init_value: ArrayLike | None = None,
    delta: float = 1e-3,
    init_targets: Fetches | None = None,
    extra_feed_dict: FeedDict | None = None,
) -> Any:
    """The Jacobian of y with respect to x, by reverse mode and by central differences.

    Parameters
    ----------
    x, x_shape, y, y_shape
        A tensor, or a list of them, and the tensor that depends on it; with their shapes.
    x_init_value
        Where to measure, an array or a list of them; by default at random between 0 and 1.
    delta
        How far to step aside.
    init_targets, extra_feed_dict
        Operations to be run first, such as an initializer; what else to feed.

    Returns
    -------
    tuple of ndarray
        Two arrays of shape [size of x, size of y]; a list of such pairs for a list of x.

    Raises
    ------
    ValueError
        If there is no default session.

    Examples
    --------
    >>> x = tf.constant([1.0, 2.0])
    >>> with tf.Session():
    ...     derived, measured = tf.test.compute_gradient(x, [2], x * x, [2], [1.0, 2.0])
    >>> print(derived)
    [[2. 0.]
     [0. 4.]]
    """
    session = get_default_session()
    if session is None:
        raise ValueError("No default session is registered. Enter one: `with tf.Session():`.")
    if init_targets is not None:
        session.run(init_targets)
    many = isinstance(x, list | tuple)
    xs: Any = x if many else [x]
    shapes = x_shape if many else [x_shape]
    starts: Any = x_init_value if many else [x_init_value]
    starts = [None] * len(xs) if starts is None else starts
    feed = dict(extra_feed_dict or {})
    for each, shape, start in zip(xs, shapes, starts, strict=True):
        start = np.random.default_rng(0).random(size=shape) if start is None else start
        feed[each] = np.asarray(start, as_dtype(each.dtype).as_numpy_dtype).reshape(shape)
    derived = [derived_jacobian(each, y, y_shape, feed, session) for each in xs]
    measured = [measured_jacobian(each, y, feed, delta, session) for each in xs]
    pairs = [*zip(derived, measured, strict=True)]
    return pairs if many else pairs[0]


def compute_gradient_error(
    x: Tensors,
    x_shape: Sequence[Any],
    y: Tensor,
    y_shape: Sequence[int],
    x_init_value: ArrayLike | None = None,
    delta: float = 1e-3,
    init_targets: Fetches | None = None,
    extra_feed_dict: FeedDict | None = None,
) -> float:
    """The largest difference between the two Jacobians of `compute_gradient`; 0 for none.

    Examples
    --------
    >>> x = tf.constant([1.0, 2.0], tf.float64)
    >>> with tf.Session():
    ...     print(tf.test.compute_gradient_error(x, [2], x * x, [2]) < 1e-9)
    True
    """
    more = delta, init_targets, extra_feed_dict
    found = compute_gradient(x, x_shape, y, y_shape, x_init_value, *more)
    pairs = found if isinstance(found, list) else [found]
    return max((float(np.abs(a - b).max()) for a, b in pairs if a.size), default=0.0)


def derived_jacobian(
    x: Any, y: Tensor, y_shape: Sequence[int], feed: Any, session: Session
) -> np.ndarray:
    """One backward pass for each element of y, whose seed is 1 there and 0 elsewhere."""
    with y.graph.scratch(), y.graph.as_default():
        seed = y.graph.apply("Placeholder", dtype=y.dtype, shape=tuple(y_shape))
        dx = gradients(y, x, seed, unconnected_gradients="zero")[0]
        units = np.eye(int(np.prod(y_shape)), dtype=y.dtype.as_numpy_dtype).reshape(-1, *y_shape)
        columns = [session.run(dx, {**feed, seed: unit}) for unit in units]
    return np.reshape(columns, (len(columns), np.size(feed[x]))).T


def measured_jacobian(x: Any, y: Tensor, feed: Any, delta: float, session: Session) -> np.ndarray:
    """Two runs for each element of x, one on either side."""
    start = feed[x]
    units = np.eye(np.size(start), dtype=start.dtype).reshape(-1, *np.shape(start))

    def moved(value: np.ndarray) -> list[Any]:
        return [session.run(y, {**feed, x: value})]

    rows = [central_difference(moved, start, unit, delta)[0] for unit in units]
    return np.reshape(rows, (len(rows), np.size(session.run(y, feed))))
