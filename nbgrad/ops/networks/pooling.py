"""Pooling: at each place of an image, the largest number of a window, or their mean."""

from __future__ import annotations

from typing import Any

import numpy as np

from nbgrad.graph import Tensor, name_of, shape_of
from nbgrad.ops.copying.repetition import zeros_like
from nbgrad.ops.define import operation
from nbgrad.ops.networks.windows import Windows, checked_padding, only_nhwc, pair, windows_shape
from nbgrad.ops.shape_rules import as_given
from nbgrad.registry import RegisterGradient


def _pooled(images, *_gradient, ksize, strides, padding):
    channels = None if images is None else images[-1]
    return windows_shape(Windows(ksize, strides, padding), images, channels)


def _how(op):
    return {key: op.attributes[key] for key in ("ksize", "strides", "padding")}


# The largest --------------------------------------------------------------------------------


def _places(x, windows):
    """Where in each window the largest number stands: the first, row by row, where several tie."""
    taken = windows.taken(x, -np.inf)
    cells = taken.reshape(*taken.shape[:3], -1, taken.shape[-1])
    return cells, np.argmax(cells, 3)[:, :, :, None]


@operation(
    "MaxPool",
    node="(input) T=input ksize=1,ksize,1 strides=1,strides,1 padding=padding",
    dtypes="F->F",
    shape=_pooled,
    symbol="maxpool",
)
def _max_pool(input, *, ksize, strides, padding):
    """z = the largest x of each window"""
    return Windows(ksize, strides, padding).taken(input, -np.inf).max((3, 4))


@RegisterGradient("MaxPool")
def _max_pool_grad(op, dz):
    return _to_largest(op.inputs[0], dz, **_how(op))


def _of_pooled_node(op, write):
    """TensorFlow hands over what was pooled as well; it is pooled once more for that."""
    x, grad = op.inputs
    how = {key: [1, *op.attributes[key], 1] for key in ("ksize", "strides")}
    how |= {"padding": op.attributes["padding"], "T": x.dtype}
    pooled = write.helper(op, "MaxPool", "MaxPool", [name_of(x)], **how)
    write.node(op, op.type, [name_of(x), pooled, name_of(grad)], **how)


@operation("MaxPoolGrad", node=_of_pooled_node, dtypes="F,F->F", symbol="put", text="put({grad})")
def _to_largest(orig_input, grad, *, ksize, strides, padding):
    """z = zeros like x, with each dz added where the largest x of its window stands"""
    windows = Windows(ksize, strides, padding)
    cells, places = _places(orig_input, windows)
    chosen = np.zeros(cells.shape, grad.dtype)
    np.put_along_axis(chosen, places, grad[:, :, :, None], 3)
    shape = (*places.shape[:3], *ksize, places.shape[-1])
    return windows.put_back(chosen.reshape(shape), orig_input.shape)


@RegisterGradient("MaxPoolGrad")
def _to_largest_grad(op, d):
    return zeros_like(op.inputs[0]), _at_largest(op.inputs[0], d, **_how(op))


@operation(
    "MaxPoolGradGrad",
    node=_of_pooled_node,
    dtypes="F,F->F",
    shape=_pooled,
    symbol="[max]",
    text="pick({grad})",
)
def _at_largest(orig_input, grad, *, ksize, strides, padding):
    """z = the d that stands where the largest x of each window stands"""
    windows = Windows(ksize, strides, padding)
    cells, places = _places(orig_input, windows)
    picked = windows.taken(grad).reshape(cells.shape)
    return np.take_along_axis(picked, places, 3)[:, :, :, 0]


@RegisterGradient("MaxPoolGradGrad")
def _at_largest_grad(op, dz):
    return zeros_like(op.inputs[0]), _to_largest(op.inputs[0], dz, **_how(op))


# The mean -----------------------------------------------------------------------------------


def _cells_inside(windows, shape, dtype):
    """How many cells of each window lie inside the image."""
    return windows.taken(np.ones((1, *shape[1:3], 1), dtype)).sum((3, 4))


@operation(
    "AvgPool",
    node="(value) T=value ksize=1,ksize,1 strides=1,strides,1 padding=padding",
    dtypes="F->F",
    shape=_pooled,
    symbol="avgpool",
)
def _avg_pool(value, *, ksize, strides, padding):
    """z = the mean of the x of each window that lie inside the image"""
    windows = Windows(ksize, strides, padding)
    return windows.taken(value).sum((3, 4)) / _cells_inside(windows, value.shape, value.dtype)


@RegisterGradient("AvgPool")
def _avg_pool_grad(op, dz):
    return _shared_out(dz, shape_of(op.inputs[0]), **_how(op))


@operation(
    "AvgPoolGrad",
    node="(shape, grad) T=grad ksize=1,ksize,1 strides=1,strides,1 padding=padding",
    dtypes="F->F",
    shape=as_given,
    symbol="share",
    text="share({grad})",
)
def _shared_out(grad, *, shape, ksize, strides, padding):
    """z = each dz divided equally among the cells of its window, added up"""
    windows = Windows(ksize, strides, padding)
    shares = grad / _cells_inside(windows, shape, grad.dtype)
    cells = np.broadcast_to(shares[:, :, :, None, None], (*grad.shape[:3], *ksize, grad.shape[3]))
    return windows.put_back(cells, tuple(shape))


@RegisterGradient("AvgPoolGrad")
def _shared_out_grad(op, d):
    return _avg_pool(d, **_how(op))


def max_pool(
    value: Any,
    ksize: Any,
    strides: Any,
    padding: Any,
    data_format: str = "NHWC",
    name: str | None = None,
    input: Any = None,
) -> Tensor:
    """The largest number of each window of an image, z = max x.

    The gradient goes to the place of the largest: the first, row by row, where several tie.

    Parameters
    ----------
    value : tensor_like of float or complex
        Images, of shape [image, row, column, channel].
    ksize : int or sequence of int
        The size of a window: one number, [rows, columns] or [1, rows, columns, 1].
    strides : int or sequence of int
        From one window to the next, written as `ksize`.
    padding : str
        "VALID": windows lie inside the image. "SAME": there is one at each stride, and what hangs
        over the edges does not count.
    data_format : str, default "NHWC"
        Only this one.
    name : str, optional
        What the operation is called in the graph.
    input : optional
        Another name for `value`.

    Returns
    -------
    Tensor
        Of the same dtype, and of shape [image, row, column, channel].

    Raises
    ------
    TypeError
        If the padding is no text.
    ValueError
        If the shapes do not fit, or padding, sizes, strides or format are none of these.

    Examples
    --------
    >>> import nbgrad as tf
    >>> image = tf.reshape([1.0, 2.0, 3.0, 4.0], [1, 1, 4, 1])
    >>> with tf.Session() as session:
    ...     print(session.run(tf.nn.max_pool(image, [1, 2], [1, 2], "VALID"))[0, :, :, 0])
    [[2. 4.]]
    """
    return _pool(
        _max_pool, input if value is None else value, ksize, strides, padding, data_format, name
    )


def avg_pool(
    value: Any,
    ksize: Any,
    strides: Any,
    padding: Any,
    data_format: str = "NHWC",
    name: str | None = None,
    input: Any = None,
) -> Tensor:
    """The mean of each window of an image, z = Σ x / n over its cells that lie inside the image.

    Parameters
    ----------
    value : tensor_like of float or complex
        Images, of shape [image, row, column, channel].
    ksize : int or sequence of int
        The size of a window: one number, [rows, columns] or [1, rows, columns, 1].
    strides : int or sequence of int
        From one window to the next, written as `ksize`.
    padding : str
        "VALID": windows lie inside the image. "SAME": there is one at each stride, and what hangs
        over the edges does not count.
    data_format : str, default "NHWC"
        Only this one.
    name : str, optional
        What the operation is called in the graph.
    input : optional
        Another name for `value`.

    Returns
    -------
    Tensor
        Of the same dtype, and of shape [image, row, column, channel].

    Raises
    ------
    TypeError
        If the padding is no text.
    ValueError
        If the shapes do not fit, or padding, sizes, strides or format are none of these.

    Examples
    --------
    >>> import nbgrad as tf
    >>> image = tf.reshape([1.0, 2.0, 3.0, 4.0], [1, 1, 4, 1])
    >>> with tf.Session() as session:
    ...     print(session.run(tf.nn.avg_pool(image, [1, 2], [1, 2], "VALID"))[0, :, :, 0])
    [[1.5 3.5]]
    """
    return _pool(
        _avg_pool, input if value is None else value, ksize, strides, padding, data_format, name
    )


def _pool(
    build: Any, images: Any, ksize: Any, strides: Any, padding: Any, data_format: str, name: Any
) -> Tensor:
    only_nhwc(data_format)
    inside = checked_padding(padding, "AvgPool" if build is _avg_pool else "MaxPool")
    return build(images, pair(ksize, "ksize"), pair(strides, "strides"), inside, name)
