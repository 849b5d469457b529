"""The largest number of each window of an image, and the way back to where it stood."""

from __future__ import annotations

from typing import Any

import numpy as np

from nbgrad.graph import Tensor, name_of
from nbgrad.ops.copying.repetition import zeros_like
from nbgrad.ops.define import operation
from nbgrad.ops.networks.pooling import pool, pooled_shape, pooling_attributes
from nbgrad.ops.networks.windows import Windows
from nbgrad.registry import RegisterGradient


def _places(x, windows):
    """Where in each window the largest number stands: the first, row by row, where several tie."""
    taken = windows.extract(x, -np.inf)
    cells = taken.reshape(*taken.shape[:3], -1, taken.shape[-1])
    return cells, np.argmax(cells, 3)[:, :, :, None]


@operation(
    "MaxPool",
    node="(input) T=input ksize=1,ksize,1 strides=1,strides,1 padding=padding",
    dtypes="F->F",
    shape=pooled_shape,
    symbol="maxpool",
)
def _max_pool(input, *, ksize, strides, padding):
    """z = the largest x of each window"""
    return Windows(ksize, strides, padding).extract(input, -np.inf).max((3, 4))


@RegisterGradient("MaxPool")
def _max_pool_grad(op, dz):
    return _to_largest(op.inputs[0], dz, **pooling_attributes(op))


def _of_pooled_node(op, write):
    """TensorFlow hands over what was pooled as well; it is pooled once more for that."""
    x, grad = op.inputs
    how = {key: [1, *op.attributes[key], 1] for key in ("ksize", "strides")}
    how |= {"padding": op.attributes["padding"], "T": x.dtype}
    pooled = write.helper(op, "MaxPool", "MaxPool", [name_of(x)], **how)
    write.node(op, op.type, [name_of(x), pooled, name_of(grad)], **how)


@operation(
    "MaxPoolGrad",
    node=_of_pooled_node,
    dtypes="F,F->F",
    symbol="put",
    text="{grad} at the maxima",
    latex=r"{grad} \text{{ at the maxima}}",
)
def _to_largest(orig_input, grad, *, ksize, strides, padding):
    """z = zeros like x, with each dz added where the largest x of its window stands"""
    windows = Windows(ksize, strides, padding)
    cells, places = _places(orig_input, windows)
    chosen = np.zeros(cells.shape, grad.dtype)
    np.put_along_axis(chosen, places, grad[:, :, :, None], 3)
    shape = (*places.shape[:3], *ksize, places.shape[-1])
    return windows.scatter_add(chosen.reshape(shape), orig_input.shape)


@RegisterGradient("MaxPoolGrad")
def _to_largest_grad(op, d):
    return zeros_like(op.inputs[0]), _at_largest(op.inputs[0], d, **pooling_attributes(op))


@operation(
    "MaxPoolGradGrad",
    node=_of_pooled_node,
    dtypes="F,F->F",
    shape=pooled_shape,
    symbol="[max]",
    text="pick({grad})",
)
def _at_largest(orig_input, grad, *, ksize, strides, padding):
    """z = the d that stands where the largest x of each window stands"""
    windows = Windows(ksize, strides, padding)
    cells, places = _places(orig_input, windows)
    picked = windows.extract(grad).reshape(cells.shape)
    return np.take_along_axis(picked, places, 3)[:, :, :, 0]


@RegisterGradient("MaxPoolGradGrad")
def _at_largest_grad(op, dz):
    return zeros_like(op.inputs[0]), _to_largest(op.inputs[0], dz, **pooling_attributes(op))


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
    images = input if value is None else value
    return pool("MaxPool", _max_pool, images, ksize, strides, padding, data_format, name)
