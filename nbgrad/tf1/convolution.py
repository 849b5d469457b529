"""Convolutions and pools of images, as `tf.nn` has them.

Images are tensors [image, row, column, channel] ("NHWC", the only `data_format`). `strides`, the
step from one window to the next, `ksize`, its size, and `dilations`, the step from one cell of it
to the next, are one number, [rows, columns] or [1, rows, columns, 1]. With the `padding` "VALID"
windows lie inside the image; with "SAME" there is one at each stride, and they hang over its edges.
`name` is what the operation is called in the graph.
"""

from __future__ import annotations

from typing import Any

from nbgrad.core.graph import Tensor
from nbgrad.ops.convolution import _avg_pool, _conv2d, _conv2d_images, _max_pool
from nbgrad.ops.define import attribute
from nbgrad.tf1.signatures import takes

pool = takes("value ksize strides padding data_format name input", input="value")


@takes(
    "input filter strides padding use_cudnn_on_gpu=True data_format dilations name filters",
    filters="filter",
)
def conv2d(
    input: Any,
    filter: Any = None,
    strides: Any = None,
    padding: Any = None,
    data_format: str = "NHWC",
    dilations: Any = (1, 1, 1, 1),
    name: str | None = None,
) -> Tensor:
    """Images convolved with filters, z = Σ x · w over a window of the image x at each place.

    Filters have the shape [row, column, channel, result channel]; as in TensorFlow, they are not
    turned around. `filters` is another name for `filter`; `use_cudnn_on_gpu` has no effect.

    >>> image = tf.reshape([1.0, 2.0, 3.0, 4.0], [1, 2, 2, 1])
    >>> print(tf.Session().run(tf.nn.conv2d(image, tf.ones([1, 2, 1, 1]), 1, "VALID")).ravel())
    [3. 7.]
    """
    check_format(data_format)
    inside = checked_padding(padding, "Conv2D")
    strides, dilations = pair(strides, "strides"), pair(dilations, "dilations")
    return _conv2d(input, filter, strides, inside, dilations, name)


@takes(
    "value filter output_shape strides padding data_format name input filters dilations",
    input="value",
    filters="filter",
)
def conv2d_transpose(
    value: Any = None,
    filter: Any = None,
    output_shape: Any = None,
    strides: Any = None,
    padding: str = "SAME",
    data_format: str = "NHWC",
    name: str | None = "conv2d_transpose",
    dilations: Any = None,
) -> Tensor:
    """The transpose of a convolution: the gradient of `conv2d` for its images.

    Filters have the shape [row, column, result channel, channel]; `output_shape` is needed, as
    several may lead to one shape of `value`. `input` and `filters` are other names for `value` and
    `filter`. See Dumoulin, Visin, "A Guide to Convolution Arithmetic for Deep Learning", 2016.

    >>> image, ones = tf.reshape([1.0, 2.0], [1, 1, 2, 1]), tf.ones([1, 2, 1, 1])
    >>> whole = tf.nn.conv2d_transpose(image, ones, [1, 1, 3, 1], 1, "VALID")
    >>> print(tf.Session().run(whole).ravel())
    [1. 3. 2.]
    """
    check_format(data_format)
    sizes, strides = attribute("shape", output_shape), pair(strides, "strides")
    dilations = (1, 1) if dilations is None else pair(dilations, "dilations")
    inside = checked_padding(padding, "Conv2DBackpropInput")
    return _conv2d_images(filter, value, sizes, strides, inside, dilations, name)


@pool
def max_pool(
    value: Any, ksize: Any, strides: Any, padding: Any, data_format: Any = "NHWC", name: Any = None
) -> Tensor:
    """The largest number of each window of an image, z = max x.

    The gradient goes to the place of the largest: the first, row by row, where several tie. What
    hangs over the edges does not count. `input` is another name for `value`.

    >>> image = tf.reshape([1.0, 2.0, 3.0, 4.0], [1, 1, 4, 1])
    >>> print(tf.Session().run(tf.nn.max_pool(image, [1, 2], [1, 2], "VALID")).ravel())
    [2. 4.]
    """
    return _max_pool(value, *pool_window("MaxPool", ksize, strides, padding, data_format), name)


@pool
def avg_pool(
    value: Any, ksize: Any, strides: Any, padding: Any, data_format: Any = "NHWC", name: Any = None
) -> Tensor:
    """The mean of each window of an image, z = Σ x / n over its cells that lie inside the image.

    `input` is another name for `value`.

    >>> image = tf.reshape([1.0, 2.0, 3.0, 4.0], [1, 1, 4, 1])
    >>> print(tf.Session().run(tf.nn.avg_pool(image, [1, 2], [1, 2], "VALID")).ravel())
    [1.5 3.5]
    """
    return _avg_pool(value, *pool_window("AvgPool", ksize, strides, padding, data_format), name)


def pool_window(
    op_type: str, ksize: Any, strides: Any, padding: Any, data_format: str
) -> tuple[tuple[int, int], tuple[int, int], str]:
    """The window of a pool, its strides and its padding."""
    check_format(data_format)
    inside = checked_padding(padding, op_type)
    return pair(ksize, "ksize"), pair(strides, "strides"), inside


def pair(numbers: Any, argument: str) -> tuple[int, int]:
    """The two numbers for rows and columns, of four or two or one."""
    if isinstance(numbers, int):
        return numbers, numbers
    sizes = tuple(int(n) for n in numbers)
    if len(sizes) == 4:
        if sizes[0] != 1 or sizes[3] != 1:
            raise ValueError(
                f"Current implementation does not yet support {argument} in the batch and depth "
                "dimensions.\nThe first and the last number are 1."
            )
        sizes = sizes[1:3]
    if len(sizes) != 2:
        raise ValueError(f"{argument} should contain 1, 2 or 4 numbers: {list(sizes)}")
    return sizes[0], sizes[1]


def checked_padding(padding: Any, op_type: str) -> str:
    if not isinstance(padding, str):
        raise TypeError(f"Expected string for argument 'padding' not {padding!r}.")
    if padding not in ("SAME", "VALID"):
        raise ValueError(
            f"Attr 'padding' of '{op_type}' Op passed string '{padding}' not in: \"SAME\", "
            '"VALID".'
        )
    return padding


def check_format(data_format: str | None) -> None:
    if data_format not in (None, "NHWC"):
        raise ValueError(
            f"The Conv2D op currently only supports the NHWC tensor format on the CPU, not "
            f"{data_format}.\nTranspose the images to [image, row, column, channel]."
        )
