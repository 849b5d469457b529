"""The mean of each window of an image."""

from __future__ import annotations

from typing import Any

import numpy as np

from nbgrad.graph import Tensor, shape_of
from nbgrad.ops.define import operation
from nbgrad.ops.networks.pooling import pool, pooled_shape, pooling_attributes
from nbgrad.ops.networks.windows import Windows
from nbgrad.ops.shape_rules import as_given
from nbgrad.registry import RegisterGradient


def _cells_inside(windows, shape, dtype):
    """How many cells of each window lie inside the image."""
    return windows.extract(np.ones((1, *shape[1:3], 1), dtype)).sum((3, 4))


@operation(
    "AvgPool",
    node="(value) T=value ksize=1,ksize,1 strides=1,strides,1 padding=padding",
    dtypes="F->F",
    shape=pooled_shape,
    symbol="avgpool",
)
def _avg_pool(value, *, ksize, strides, padding):
    """z = the mean of the x of each window that lie inside the image"""
    windows = Windows(ksize, strides, padding)
    return windows.extract(value).sum((3, 4)) / _cells_inside(windows, value.shape, value.dtype)


@RegisterGradient("AvgPool")
def _avg_pool_grad(op, dz):
    return _shared_out(dz, shape_of(op.inputs[0]), **pooling_attributes(op))


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
    return windows.scatter_add(cells, tuple(shape))


@RegisterGradient("AvgPoolGrad")
def _shared_out_grad(op, d):
    return _avg_pool(d, **pooling_attributes(op))


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
    images = input if value is None else value
    return pool("AvgPool", _avg_pool, images, ksize, strides, padding, data_format, name)
