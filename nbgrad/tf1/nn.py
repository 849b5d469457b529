"""`tf.nn`: layers of neural networks, their losses for each example, and normalisation.

Activations and softmax are `nbgrad.ops`, convolutions and pools `nbgrad.tf1.convolution`; below
stand layers, cross entropies, dropout and normalisation. `name` is what the operations are called
in the graph.

Write `labels=` and `logits=`, as they are easily confused, and either way it would run:
`_sentinel` takes no value.
"""

from __future__ import annotations

from typing import Any

from nbgrad.core.default_graph import graph_of
from nbgrad.core.errors import ShapeError
from nbgrad.core.graph import Operand, Tensor
from nbgrad.core.operands import as_tensor
from nbgrad.core.shapes import merge
from nbgrad.ops.activations import _bias_add, elu, leaky_relu, relu, relu6, selu
from nbgrad.ops.arithmetic import divide
from nbgrad.ops.copying import cast, stop_gradient
from nbgrad.ops.logic import where
from nbgrad.ops.piecewise import abs
from nbgrad.ops.reductions import l2_loss
from nbgrad.ops.shaping import shape as shape_tensor
from nbgrad.ops.softmax import _cross_entropy, _sparse_cross_entropy
from nbgrad.tf1.arrays import embedding_lookup
from nbgrad.tf1.convolution import (
    avg_pool,
    check_format,
    conv2d,
    conv2d_transpose,
    max_pool,
)
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

max_pool2d = max_pool
avg_pool2d = avg_pool


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
