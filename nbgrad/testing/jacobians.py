"""TensorFlow's own checker: the whole Jacobian, once derived and once measured."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from nbgrad.dtypes import as_dtype
from nbgrad.finite_differences import central_difference
from nbgrad.graph import Tensor
from nbgrad.graph.typing import ArrayLike, FeedDict, Fetches, Tensors
from nbgrad.ops.sources.constants import placeholder
from nbgrad.reverse_mode import gradients
from nbgrad.reverse_mode.endpoints import as_list
from nbgrad.session import session_or_default


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
    """The Jacobian of y with respect to x by reverse mode, and measured by central differences.

    Parameters
    ----------
    x, x_shape
        A tensor, or a list of them, and their shapes as lists of numbers.
    y, y_shape
        What depends on it: a tensor, and its shape.
    x_init_value
        Where to measure, an array or a list of them; by default at random between 0 and 1.
    delta
        How far to step aside.
    init_targets
        Operations to be run first, such as an initialiser.
    extra_feed_dict
        What else to feed.

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
    >>> import nbgrad as ng
    >>> with ng.Graph().as_default(), ng.Session():
    ...     x = ng.constant([1.0, 2.0])
    ...     derived, measured = ng.test.compute_gradient(x, [2], x * x, [2], [1.0, 2.0])
    >>> print(derived)
    [[2. 0.]
     [0. 4.]]
    """
    session = session_or_default(None)
    if init_targets is not None:
        session.run(init_targets)
    many = isinstance(x, list | tuple)
    starts = as_list(x_init_value) if many and x_init_value is not None else [x_init_value]
    xs, shapes = (list(x), list(x_shape)) if many else ([x], [x_shape])
    starts += [None] * (len(xs) - len(starts))
    feed = dict(extra_feed_dict or {})
    for each, shape, start in zip(xs, shapes, starts, strict=True):
        feed[each] = starting_point(each, shape, start)
    pairs = [
        (derived_jacobian(each, y, y_shape, feed), measured_jacobian(each, y, feed, delta))
        for each in xs
    ]
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
    """The largest difference between the Jacobians that `compute_gradient` gives.

    Parameters
    ----------
    x, x_shape
        A tensor, or a list of them, and their shapes as lists of numbers.
    y, y_shape
        What depends on it: a tensor, and its shape.
    x_init_value
        Where to measure, an array or a list of them; by default at random between 0 and 1.
    delta
        How far to step aside.
    init_targets
        Operations to be run first, such as an initialiser.
    extra_feed_dict
        What else to feed.

    Returns
    -------
    float
        The absolute difference; 0 where the Jacobians have no elements.

    Raises
    ------
    ValueError
        If there is no default session.

    Examples
    --------
    >>> import nbgrad as ng
    >>> with ng.Graph().as_default(), ng.Session():
    ...     x = ng.constant([1.0, 2.0], ng.float64)
    ...     print(ng.test.compute_gradient_error(x, [2], x * x, [2]) < 1e-9)
    True
    """
    found = compute_gradient(
        x, x_shape, y, y_shape, x_init_value, delta, init_targets, extra_feed_dict
    )
    pairs = found if isinstance(found, list) else [found]
    return max((float(np.abs(a - b).max()) for a, b in pairs if a.size), default=0.0)


def starting_point(x: Any, shape: Sequence[int], start: Any) -> np.ndarray:
    dtype = as_dtype(x.dtype).as_numpy_dtype
    if start is None:
        start = np.random.default_rng(0).random(size=shape)
    return np.asarray(start, dtype=dtype).reshape(shape)


def derived_jacobian(x: Any, y: Tensor, y_shape: Sequence[int], feed: Any) -> np.ndarray:
    """One backward pass for each element of y, weighed 1 there and 0 elsewhere."""
    session = session_or_default(None)
    numpy_type = y.dtype.as_numpy_dtype
    with y.graph.scratch(), y.graph.as_default():
        weight = placeholder(y.dtype, y_shape)
        dx = gradients(y, x, weight, unconnected_gradients="zero")[0]
        units = np.eye(int(np.prod(y_shape)), dtype=numpy_type).reshape(-1, *y_shape)
        columns = [session.run(dx, {**feed, weight: unit}) for unit in units]
    size = np.size(feed[x])
    return np.stack([np.ravel(c) for c in columns], 1) if columns else np.zeros((size, 0))


def measured_jacobian(x: Any, y: Tensor, feed: Any, delta: float) -> np.ndarray:
    """Two runs for each element of x, one on either side."""
    session = session_or_default(None)
    start = feed[x]
    units = np.eye(np.size(start), dtype=start.dtype).reshape(-1, *np.shape(start))

    def moved(value: np.ndarray) -> list[Any]:
        return [session.run(y, {**feed, x: value})]

    rows = [central_difference(moved, start, unit, delta)[0] for unit in units]
    columns = np.size(session.run(y, feed))
    return np.stack([np.ravel(row) for row in rows]) if rows else np.zeros((0, columns))
