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
from nbgrad.ops.define import elementwise, operation
from nbgrad.ops.linalg import matmul
from nbgrad.ops.windows import Windows, checked_padding, only_nhwc, pair, windows_shape
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
    windows = _windows(filter.shape, strides, padding, dilations).taken(input)
    return np.tensordot(windows, filter, 3)


@RegisterGradient("Conv2D")
def _conv2d_grad(op, dz):
    x, w = op.inputs
    return _conv2d_images(w, dz, shape_of(x), **_how(op)), _conv2d_filters(
        x, dz, shape_of(w), **_how(op)
    )


def _how(op):
    return {key: op.attributes[key] for key in ("strides", "padding", "dilations")}


def _sizes(_first, _second, *, shape, **_rest):
    return shape


@operation(
    "Conv2DBackpropInput",
    node="(shape, filter, out_backprop) T=filter strides=1,strides,1 padding=padding "
    "dilations=1,dilations,1",
    dtypes="F,F->F",
    shape=_sizes,
    symbol="∗ᵀ",
    text="{filter} ∗ᵀ {out_backprop}",
)
def _conv2d_images(filter, out_backprop, *, shape, strides, padding, dilations=(1, 1)):
    """z = the image to which every dz has sent its filter w, added up"""
    windows = np.tensordot(out_backprop, filter, ([3], [3]))
    return _windows(filter.shape, strides, padding, dilations).put_back(windows, tuple(shape))


@RegisterGradient("Conv2DBackpropInput")
def _conv2d_images_grad(op, dx):
    w, dz = op.inputs[:2]
    return _conv2d_filters(dx, dz, shape_of(w), **_how(op)), _conv2d(dx, w, **_how(op))


@operation(
    "Conv2DBackpropFilter",
    node="(input, shape, out_backprop) T=input strides=1,strides,1 padding=padding "
    "dilations=1,dilations,1",
    dtypes="F,F->F",
    shape=_sizes,
    symbol="∗ᵀ",
    text="{input} ∗ᵀ {out_backprop}",
)
def _conv2d_filters(input, out_backprop, *, shape, strides, padding, dilations=(1, 1)):
    """z = the windows of the image x, each times its dz, added up"""
    windows = _windows(shape, strides, padding, dilations).taken(input)
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
    """Images [image, row, column, channel] convolved with filters [row, column, in, out]."""
    only_nhwc(data_format)
    weights, inside = filters if filter is None else filter, checked_padding(padding, "Conv2D")
    steps, holes = pair(strides, "strides"), pair(dilations, "dilations")
    return _conv2d(input, weights, steps, inside, holes, name)


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
    """The transpose of a convolution: images of `output_shape`, filters [row, column, out, in]."""
    only_nhwc(data_format)
    images, weights = input if value is None else value, filters if filter is None else filter
    sizes, steps = attribute("shape", output_shape), pair(strides, "strides")
    holes = (1, 1) if dilations is None else pair(dilations, "dilations")
    inside = checked_padding(padding, "Conv2DBackpropInput")
    return _conv2d_images(weights, images, sizes, steps, inside, holes, name)


# Layers -------------------------------------------------------------------------------------


def _biased(value, bias):
    if bias is not None and len(bias) != 1:
        raise ShapeError(f"Shape must be rank 1 but is rank {len(bias)}")
    if (
        value is not None
        and bias is not None
        and None not in (value[-1], bias[0])
        and value[-1] != bias[0]
    ):
        raise ShapeError(f"Dimensions must be equal, but are {value[-1]} and {bias[0]}")
    return value


@elementwise(
    "BiasAdd", dtypes="N,N->N", shape=_biased, symbol="+", text="{value} + {bias}", cells="sum"
)
def _bias_add(value, bias):
    """z = x + b, the same b at every place of the last axis"""
    return value + bias


@RegisterGradient("BiasAdd")
def _bias_add_grad(op, dz):
    return dz, dz


def bias_add(
    value: Any, bias: Any, data_format: str | None = None, name: str | None = None
) -> Tensor:
    """A vector added along the last axis."""
    only_nhwc(data_format)
    return _bias_add(value, bias, name)


def xw_plus_b(x: Any, weights: Any, biases: Any, name: str | None = None) -> Tensor:
    """z = x w + b"""
    return _bias_add(matmul(x, weights), biases, name or "xw_plus_b")
