"""Convolution: at each place of an image, the product of a window with the filters.

z is linear in the image and in the filter, so the three operations here are each other's
gradients: whichever two of image, filter and dz are given, they make the third.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from nbgrad.errors import ShapeError
from nbgrad.graph import Tensor, shape_of
from nbgrad.ops.calling import attribute
from nbgrad.ops.define import operation
from nbgrad.ops.networks.windows import Windows, checked_padding, only_nhwc, pair, windows_shape
from nbgrad.ops.shape_rules import as_given
from nbgrad.registry import RegisterGradient


def _windows(filter_shape, strides, padding, dilations):
    return Windows(tuple(filter_shape[:2]), strides, padding, dilations)


def _convolved(images, filters, *, strides, padding, dilations):
    if filters is None:
        return (None,) * 4
    if len(filters) != 4:
        raise ShapeError(f"Shape must be rank 4 but is rank {len(filters)}")
    if images is not None and None not in (images[-1], filters[2]) and images[-1] != filters[2]:
        raise ShapeError(f"Dimensions must be equal, but are {images[-1]} and {filters[2]}")
    if None in filters[:2]:
        return (None if images is None else images[0], None, None, filters[3])
    return windows_shape(_windows(filters, strides, padding, dilations), images, filters[3])


@operation(
    "Conv2D",
    node="(input, filter) T=input strides=1,strides,1 padding=padding dilations=1,dilations,1",
    dtypes="F,F->F",
    shape=_convolved,
    symbol="∗",
    text="{input} ∗ {filter}",
)
def _conv2d(input, filter, *, strides, padding, dilations=(1, 1)):
    """z = Σ x · w over each window of the image x, for each filter w"""
    windows = _windows(filter.shape, strides, padding, dilations).extract(input)
    return np.tensordot(windows, filter, 3)


@RegisterGradient("Conv2D")
def _conv2d_grad(op, dz):
    x, w = op.inputs
    return _conv2d_images(w, dz, shape_of(x), **_how(op)), _conv2d_filters(
        x, dz, shape_of(w), **_how(op)
    )


def _how(op):
    return {key: op.attributes[key] for key in ("strides", "padding", "dilations")}


@operation(
    "Conv2DBackpropInput",
    node="(shape, filter, out_backprop) T=filter strides=1,strides,1 padding=padding "
    "dilations=1,dilations,1",
    dtypes="F,F->F",
    shape=as_given,
    symbol="∗ᵀ",
    text="{filter} ∗ᵀ {out_backprop}",
)
def _conv2d_images(filter, out_backprop, *, shape, strides, padding, dilations=(1, 1)):
    """z = the image to which every dz has sent its filter w, added up"""
    windows = np.tensordot(out_backprop, filter, ([3], [3]))
    return _windows(filter.shape, strides, padding, dilations).scatter_add(windows, tuple(shape))


@RegisterGradient("Conv2DBackpropInput")
def _conv2d_images_grad(op, dx):
    w, dz = op.inputs[:2]
    return _conv2d_filters(dx, dz, shape_of(w), **_how(op)), _conv2d(dx, w, **_how(op))


@operation(
    "Conv2DBackpropFilter",
    node="(input, shape, out_backprop) T=input strides=1,strides,1 padding=padding "
    "dilations=1,dilations,1",
    dtypes="F,F->F",
    shape=as_given,
    symbol="∗ᵀ",
    text="{input} ∗ᵀ {out_backprop}",
)
def _conv2d_filters(input, out_backprop, *, shape, strides, padding, dilations=(1, 1)):
    """z = the windows of the image x, each times its dz, added up"""
    windows = _windows(shape, strides, padding, dilations).extract(input)
    return np.tensordot(windows, out_backprop, ([0, 1, 2], [0, 1, 2]))


@RegisterGradient("Conv2DBackpropFilter")
def _conv2d_filters_grad(op, dw):
    x, dz = op.inputs[:2]
    return _conv2d_images(dw, dz, shape_of(x), **_how(op)), _conv2d(x, dw, **_how(op))


def conv2d(
    input: Any,
    filter: Any = None,
    strides: Any = None,
    padding: Any = None,
    use_cudnn_on_gpu: bool = True,
    data_format: str = "NHWC",
    dilations: Any = (1, 1, 1, 1),
    name: str | None = None,
    filters: Any = None,
) -> Tensor:
    """Images convolved with filters, z = Σ x · w over a window of the image x at each place.

    As in TensorFlow, the filter is not turned around.

    Parameters
    ----------
    input : tensor_like of float or complex
        Images, of shape [image, row, column, channel].
    filter : tensor_like of float or complex
        Of shape [row, column, channel, result channel].
    strides : int or sequence of int
        From one window to the next: one number, [rows, columns] or [1, rows, columns, 1].
    padding : str
        "VALID": windows lie inside the image. "SAME": there is one at each stride, and they hang
        over the edges, where zeros are.
    use_cudnn_on_gpu : optional
        Accepted as in TensorFlow, and without effect.
    data_format : str, default "NHWC"
        Only this one.
    dilations : int or sequence of int, default 1
        From one cell of a window to the next, written as `strides`.
    name : str, optional
        What the operation is called in the graph.
    filters : optional
        Another name for `filter`.

    Returns
    -------
    Tensor
        Of the same dtype, and of shape [image, row, column, result channel].

    Raises
    ------
    TypeError
        If the dtypes of the operands differ, or the padding is no text.
    ValueError
        If the shapes do not fit, or padding, strides or format are none of these.

    Examples
    --------
    >>> import nbgrad as tf
    >>> image = tf.reshape([1.0, 2.0, 3.0, 4.0], [1, 2, 2, 1])
    >>> with tf.Session() as session:
    ...     print(session.run(tf.nn.conv2d(image, tf.ones([1, 2, 1, 1]), 1, "VALID"))[0, :, :, 0])
    [[3.]
     [7.]]
    """
    only_nhwc(data_format)
    weights, inside = filters if filter is None else filter, checked_padding(padding, "Conv2D")
    strides, dilations = pair(strides, "strides"), pair(dilations, "dilations")
    return _conv2d(input, weights, strides, inside, dilations, name)


def conv2d_transpose(
    value: Any = None,
    filter: Any = None,
    output_shape: Any = None,
    strides: Any = None,
    padding: str = "SAME",
    data_format: str = "NHWC",
    name: str | None = "conv2d_transpose",
    input: Any = None,
    filters: Any = None,
    dilations: Any = None,
) -> Tensor:
    """The transpose of a convolution: what `conv2d` takes from an image, this adds up into one.

    Parameters
    ----------
    value : tensor_like of float or complex
        Images, of shape [image, row, column, channel].
    filter : tensor_like of float or complex
        Of shape [row, column, result channel, channel].
    output_shape : sequence of int, or tensor of integers
        The shape of the result, as several may lead to one shape of `value`.
    strides : int or sequence of int
        From one window to the next: one number, [rows, columns] or [1, rows, columns, 1].
    padding : str, default "SAME"
        "VALID" or "SAME", as for `conv2d`.
    data_format : str, default "NHWC"
        Only this one.
    name : str, optional
        What the operation is called in the graph.
    input : optional
        Another name for `value`.
    filters : optional
        Another name for `filter`.
    dilations : int or sequence of int, optional
        From one cell of a window to the next, written as `strides`.

    Returns
    -------
    Tensor
        Of the same dtype, and of shape `output_shape`.

    Raises
    ------
    TypeError
        If the dtypes of the operands differ, or the padding is no text.
    ValueError
        If padding, strides or format are none of these.

    References
    ----------
    Dumoulin, Visin, "A Guide to Convolution Arithmetic for Deep Learning", 2016.

    Examples
    --------
    >>> import nbgrad as tf
    >>> image, ones = tf.reshape([1.0, 2.0], [1, 1, 2, 1]), tf.ones([1, 2, 1, 1])
    >>> whole = tf.nn.conv2d_transpose(image, ones, [1, 1, 3, 1], 1, "VALID")
    >>> with tf.Session() as session:
    ...     print(session.run(whole)[0, :, :, 0])
    [[1. 3. 2.]]
    """
    only_nhwc(data_format)
    images, weights = input if value is None else value, filters if filter is None else filter
    sizes, strides = attribute("shape", output_shape), pair(strides, "strides")
    dilations = (1, 1) if dilations is None else pair(dilations, "dilations")
    inside = checked_padding(padding, "Conv2DBackpropInput")
    return _conv2d_images(weights, images, sizes, strides, inside, dilations, name)
