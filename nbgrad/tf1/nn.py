"""`tf.nn`: layers of neural networks, their losses for each example, and normalisation.

Activations and softmax are `nbgrad.ops`; below stand convolutions and pools, cross entropies,
dropout and normalisation. `name` is what the operations are called in the graph.

Images are tensors [image, row, column, channel] ("NHWC", the only `data_format`). `strides`, the
step from one window to the next, `ksize`, its size, and `dilations`, the step from one cell of it
to the next, are one number, [rows, columns] or [1, rows, columns, 1]. With the `padding` "VALID"
windows lie inside the image; with "SAME" there is one at each stride, and they hang over its edges.

Labels and logits are given by name, as they are easily confused, and either way it would run:
`_sentinel` takes no value.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from nbgrad.core.default_graph import graph_of
from nbgrad.core.errors import ShapeError
from nbgrad.core.graph import Operand, Tensor
from nbgrad.core.operands import as_tensor
from nbgrad.core.shapes import merge
from nbgrad.ops.activations import _bias_add, elu, leaky_relu, relu, relu6, selu
from nbgrad.ops.arithmetic import divide
from nbgrad.ops.convolution import _conv2d, _conv2d_images
from nbgrad.ops.copying import cast, stop_gradient
from nbgrad.ops.define import attribute
from nbgrad.ops.logic import where
from nbgrad.ops.piecewise import abs
from nbgrad.ops.pooling import _avg_pool, _max_pool
from nbgrad.ops.reductions import l2_loss
from nbgrad.ops.shaping import shape as shape_tensor
from nbgrad.ops.softmax import _cross_entropy, _sparse_cross_entropy
from nbgrad.tf1.arrays import embedding_lookup
from nbgrad.tf1.linalg import matmul
from nbgrad.tf1.math import (
    add,
    exp,
    greater_equal,
    in_top_k,
    l2_normalize,
    log1p,
    log_sigmoid,
    log_softmax,
    multiply,
    negative,
    reduce_mean,
    rsqrt,
    sigmoid,
    softmax,
    softplus,
    softsign,
    squared_difference,
    subtract,
    tanh,
    top_k,
    without_axes,
    zero_fraction,
)
from nbgrad.tf1.random import random_uniform
from nbgrad.tf1.signatures import composite, zeros_like

# fmt: off
__all__ = [
    "avg_pool", "avg_pool2d", "batch_normalization", "bias_add", "conv2d", "conv2d_transpose",
    "dropout", "elu", "embedding_lookup", "in_top_k", "l2_loss", "l2_normalize", "leaky_relu",
    "log_sigmoid", "log_softmax", "max_pool", "max_pool2d", "moments", "relu", "relu6", "selu",
    "sigmoid", "sigmoid_cross_entropy_with_logits", "softmax",
    "softmax_cross_entropy_with_logits", "softmax_cross_entropy_with_logits_v2", "softplus",
    "softsign", "sparse_softmax_cross_entropy_with_logits", "swish", "tanh", "top_k",
    "weighted_cross_entropy_with_logits", "xw_plus_b", "zero_fraction",
]
# fmt: on
__dir__ = __all__.copy


def bias_add(
    value: Any, bias: Any, data_format: str | None = None, name: str | None = None
) -> Tensor:
    """A vector added along the last axis, z = x + b.

    >>> print(tf.Session().run(tf.nn.bias_add([[1.0, 2.0], [3.0, 4.0]], [10.0, 20.0])))
    [[11. 22.]
     [13. 24.]]
    """
    check_format(data_format)
    return _bias_add(value, bias, name)


def xw_plus_b(x: Any, weights: Any, biases: Any, name: str | None = None) -> Tensor:
    """A layer of neurons before its activation, z = x w + b.

    Shapes: [example, input] times [input, result] plus [result].

    >>> print(tf.Session().run(tf.nn.xw_plus_b([[1.0, 2.0]], [[3.0], [4.0]], [100.0])))
    [[111.]]
    """
    return _bias_add(matmul(x, weights), biases, name or "xw_plus_b")


@composite("swish")
def swish(features: Any, name: str | None = None) -> Tensor:
    """A relu that is smooth and dips below 0, z = x σ(x).

    Ramachandran, Zoph, Le, "Searching for Activation Functions", 2017.

    >>> print(tf.Session().run(tf.nn.swish(2.0)))
    1.7616
    """
    return multiply(features, sigmoid(features), name=name)


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

    Filters have the shape [row, column, channel, result channel]; as in TensorFlow, they are not
    turned around. `filters` is another name for `filter`; `use_cudnn_on_gpu` has no effect.

    >>> image = tf.reshape([1.0, 2.0, 3.0, 4.0], [1, 2, 2, 1])
    >>> print(tf.Session().run(tf.nn.conv2d(image, tf.ones([1, 2, 1, 1]), 1, "VALID")).ravel())
    [3. 7.]
    """
    check_format(data_format)
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

    Filters have the shape [row, column, result channel, channel]; `output_shape` is needed, as
    several may lead to one shape of `value`. `input` and `filters` are other names for `value` and
    `filter`. See Dumoulin, Visin, "A Guide to Convolution Arithmetic for Deep Learning", 2016.

    >>> image, ones = tf.reshape([1.0, 2.0], [1, 1, 2, 1]), tf.ones([1, 2, 1, 1])
    >>> whole = tf.nn.conv2d_transpose(image, ones, [1, 1, 3, 1], 1, "VALID")
    >>> print(tf.Session().run(whole).ravel())
    [1. 3. 2.]
    """
    check_format(data_format)
    images, weights = input if value is None else value, filters if filter is None else filter
    sizes, strides = attribute("shape", output_shape), pair(strides, "strides")
    dilations = (1, 1) if dilations is None else pair(dilations, "dilations")
    inside = checked_padding(padding, "Conv2DBackpropInput")
    return _conv2d_images(weights, images, sizes, strides, inside, dilations, name)


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

    The gradient goes to the place of the largest: the first, row by row, where several tie. What
    hangs over the edges does not count. `input` is another name for `value`.

    >>> image = tf.reshape([1.0, 2.0, 3.0, 4.0], [1, 1, 4, 1])
    >>> print(tf.Session().run(tf.nn.max_pool(image, [1, 2], [1, 2], "VALID")).ravel())
    [2. 4.]
    """
    images = input if value is None else value
    return pool("MaxPool", _max_pool, images, ksize, strides, padding, data_format, name)


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

    `input` is another name for `value`.

    >>> image = tf.reshape([1.0, 2.0, 3.0, 4.0], [1, 1, 4, 1])
    >>> print(tf.Session().run(tf.nn.avg_pool(image, [1, 2], [1, 2], "VALID")).ravel())
    [1.5 3.5]
    """
    images = input if value is None else value
    return pool("AvgPool", _avg_pool, images, ksize, strides, padding, data_format, name)


max_pool2d = max_pool
avg_pool2d = avg_pool


def pool(
    op_type: str,
    build: Callable[..., Tensor],
    images: Any,
    ksize: Any,
    strides: Any,
    padding: Any,
    data_format: str,
    name: str | None,
) -> Tensor:
    check_format(data_format)
    inside = checked_padding(padding, op_type)
    return build(images, pair(ksize, "ksize"), pair(strides, "strides"), inside, name)


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


def softmax_cross_entropy_with_logits_v2(
    _sentinel: Any = None,
    labels: Any = None,
    logits: Any = None,
    axis: int | None = None,
    name: str | None = None,
    dim: int | None = None,
) -> Tensor:
    """The cross entropy of probabilities and a softmax, −Σ labels · log softmax(logits).

    The classes lie along `axis` (or `dim`), by default the last. Gradients flow to both; that of
    the logits is softmax(logits) − labels, also where the labels do not sum to 1 (Bridle,
    "Probabilistic Interpretation of Feedforward Classification Network Outputs", 1990).

    >>> loss = tf.nn.softmax_cross_entropy_with_logits_v2(labels=[0.0, 1.0], logits=[0.0, 0.0])
    >>> print(tf.Session().run(loss))
    0.6931
    """
    check_given_by_name("softmax_cross_entropy_with_logits", _sentinel, labels, logits)
    axis = dim if axis is None else axis
    return _cross_entropy(logits, labels, -1 if axis is None else axis, name)


def softmax_cross_entropy_with_logits(
    _sentinel: Any = None,
    labels: Any = None,
    logits: Any = None,
    dim: int = -1,
    name: str | None = None,
    axis: int | None = None,
) -> Tensor:
    """The cross entropy of fixed probabilities and a softmax, −Σ labels · log softmax(logits).

    No gradient flows to the labels; with `softmax_cross_entropy_with_logits_v2` it does.

    >>> loss = tf.nn.softmax_cross_entropy_with_logits(labels=[0.0, 1.0], logits=[0.0, 0.0])
    >>> print(tf.Session().run(loss))
    0.6931
    """
    check_given_by_name("softmax_cross_entropy_with_logits", _sentinel, labels, logits)
    truth = as_tensor(labels, graph_of(labels, logits), name="labels")
    return _cross_entropy(logits, stop_gradient(truth), dim if axis is None else axis, name)


def sparse_softmax_cross_entropy_with_logits(
    _sentinel: Any = None, labels: Any = None, logits: Any = None, name: str | None = None
) -> Tensor:
    """The cross entropy of one true class and a softmax, −log softmax(logits) at that class.

    Labels are the numbers of the classes, from 0; logits have one more axis, that of the classes.

    >>> logits = tf.constant([[100.0, 0.0], [0.0, 100.0]])
    >>> loss = tf.nn.sparse_softmax_cross_entropy_with_logits(labels=[1, 0], logits=logits)
    >>> print(tf.Session().run(loss))
    [100. 100.]
    """
    check_given_by_name("sparse_softmax_cross_entropy_with_logits", _sentinel, labels, logits)
    return _sparse_cross_entropy(logits, labels, name)


@composite("logistic_loss")
def sigmoid_cross_entropy_with_logits(
    _sentinel: Any = None, labels: Any = None, logits: Any = None, name: str | None = None
) -> Tensor:
    """The logistic loss of every element, −t · log σ(x) − (1 − t) · log(1 − σ(x)).

    Here t are the labels, x the logits. It is computed as max(x, 0) − x · t + log(1 + e^−|x|), in
    which nothing overflows. Its gradient is σ(x) − t (Cox, "The Regression Analysis of Binary
    Sequences", 1958).

    >>> loss = tf.nn.sigmoid_cross_entropy_with_logits(labels=1.0, logits=-100.0)
    >>> print(tf.Session().run(loss))
    100.0
    """
    check_given_by_name("sigmoid_cross_entropy_with_logits", _sentinel, labels, logits)
    graph = graph_of(labels, logits)
    x = as_tensor(logits, graph, name="logits")
    truth = of_same_dtype(x, labels, "labels")
    try:
        merge(x.static_shape, truth.static_shape)
    except ShapeError:
        raise ValueError(
            f"logits and labels must have the same shape ({x.shape} vs {truth.shape})"
        ) from None
    positive = greater_equal(x, 0)
    above, minus_size = where(positive, x, zeros_like(x)), where(positive, negative(x), x)
    # e^−|x| cannot overflow, whichever the sign of x.
    return add(subtract(above, multiply(x, truth)), log1p(exp(minus_size)), name=name)


@composite("logistic_loss")
def weighted_cross_entropy_with_logits(
    labels: Any = None,
    logits: Any = None,
    pos_weight: Any = None,
    name: str | None = None,
    targets: Any = None,
) -> Tensor:
    """The logistic loss where a positive truth counts w-fold, −w t log σ(x) − (1 − t) log σ(−x).

    Here t are the labels (or `targets`), x the logits and w `pos_weight`.

    >>> loss = tf.nn.weighted_cross_entropy_with_logits(1.0, 0.0, pos_weight=2.0)
    >>> print(tf.Session().run(loss))
    1.3863
    """
    graph = graph_of(labels, logits, targets)
    x = as_tensor(logits, graph, name="logits")
    truth = of_same_dtype(x, targets if labels is None else labels, "labels")
    weight = add(multiply(subtract(of_same_dtype(x, pos_weight, "pos_weight"), 1), truth), 1)
    # log(1 + e⁻ˣ), in which e^−|x| cannot overflow, whichever the sign of x.
    surprise = add(log1p(exp(negative(abs(x)))), relu(negative(x)))
    return add(multiply(subtract(1, truth), x), multiply(weight, surprise), name=name)


def check_given_by_name(function: str, sentinel: Any, labels: Any, logits: Any) -> None:
    if sentinel is not None:
        raise ValueError(
            f"Only call `{function}` with named arguments (labels=..., logits=..., ...)"
        )
    if labels is None or logits is None:
        raise ValueError("Both labels and logits must be provided.")


def of_same_dtype(x: Tensor, value: Any, name: str) -> Tensor:
    """A tensor as it is, anything else as a constant of the dtype of x."""
    return as_tensor(value, x.graph, None if isinstance(value, Operand) else x.dtype, name)


@composite("dropout")
def dropout(
    x: Any,
    keep_prob: Any = None,
    noise_shape: Any = None,
    seed: int | None = None,
    name: str | None = None,
    rate: Any = None,
) -> Tensor:
    """Elements left out at random in every run, and the others scaled, z = x / keep or 0.

    The probability is that to keep an element, `keep_prob`, or that to leave it out, `rate`; the
    mean stays that of x. `noise_shape` is the shape of what is drawn, where elements along an axis
    are to share it; with a `seed` the choice repeats in every new session. After Srivastava,
    Hinton, Krizhevsky, Sutskever, Salakhutdinov, "Dropout: A Simple Way to Prevent Neural Networks
    from Overfitting", 2014.

    >>> z = tf.nn.dropout(tf.ones([100]), rate=0.5)
    >>> print(*sorted(set(tf.Session().run(z).tolist())))
    0.0 2.0
    """
    x = as_tensor(x, graph_of(x, keep_prob, rate), name="x")
    rate = drop_rate(keep_prob, rate)
    if isinstance(rate, int | float):
        if not 0 <= rate < 1:
            raise ValueError(
                f"rate must be a scalar tensor or a float in the range [0, 1), got {rate:g}"
            )
        if rate == 0:
            return x
    sizes = noise_shape if noise_shape is not None else x.static_shape
    if sizes is None or (isinstance(sizes, tuple) and None in sizes):
        sizes = shape_tensor(x)
    kept = greater_equal(random_uniform(sizes, seed=seed, dtype=x.dtype), rate)
    return multiply(divide(x, subtract(1.0, rate)), cast(kept, x.dtype), name="mul_1")


def drop_rate(keep_prob: Any, rate: Any) -> Any:
    """The probability of dropping, from either argument."""
    if keep_prob is not None and rate is not None:
        raise ValueError("Cannot specify both 'keep_prob' and 'rate'")
    if keep_prob is None and rate is None:
        raise ValueError("You must provide a rate to dropout.")
    if rate is not None:
        return rate
    return subtract(1.0, keep_prob) if isinstance(keep_prob, Operand) else 1.0 - keep_prob


@composite("moments")
def moments(
    x: Any,
    axes: Any,
    shift: Any = None,
    name: str | None = None,
    keep_dims: Any = None,
    keepdims: Any = None,
) -> tuple[Tensor, Tensor]:
    """The mean m = Σx / n and the variance Σ(x − m)² / n over some axes.

    With `keepdims` (`keep_dims`) the axes stay, with size 1; `shift` has no effect. The second
    derivative of the variance takes m as fixed, as in TensorFlow.

    >>> print(*tf.Session().run(tf.nn.moments([[1.0, 10.0], [3.0, 20.0]], axes=[0])))
    [ 2. 15.] [ 1. 25.]
    """
    mean = reduce_mean(x, axes, True, name="mean")
    # Σ(x − mean) is 0: what reaches the mean adds nothing to a first derivative, and is left out.
    # A second derivative lacks it, in TensorFlow too.
    fixed = stop_gradient(mean)
    variance = reduce_mean(squared_difference(x, fixed), axes, True, name="variance")
    kept = keepdims or keep_dims
    return without_axes(mean, axes, kept), without_axes(variance, axes, kept)


@composite("batchnorm")
def batch_normalization(
    x: Any,
    mean: Any,
    variance: Any,
    offset: Any,
    scale: Any,
    variance_epsilon: float,
    name: str | None = None,
) -> Tensor:
    """A tensor brought to mean 0 and variance 1, z = (x − m) / √(v + ε) · γ + β.

    Here m and v are as `moments` gives them, β is `offset` and γ `scale` (None leaves the term
    out), and ε keeps the root away from 0. After Ioffe, Szegedy, "Batch Normalization: Accelerating
    Deep Network Training by Reducing Internal Covariate Shift", 2015.

    >>> x = tf.constant([1.0, 3.0])
    >>> mean, variance = tf.nn.moments(x, axes=[0])
    >>> print(tf.Session().run(tf.nn.batch_normalization(x, mean, variance, 0.5, 2.0, 0.0)))
    [-1.5  2.5]
    """
    factor = rsqrt(add(variance, variance_epsilon, name="add"))
    if scale is not None:
        factor = multiply(factor, scale)
    shift = multiply(mean, factor)
    rest = multiply(x, factor)
    if offset is None:
        return add(rest, negative(shift), name="add")
    return add(rest, subtract(offset, shift), name="add")
