"""`tf.nn`: what layers of neural networks are made of, under TensorFlow's names.

The cross entropies are those of each example. Write `labels=` and `logits=`, as they are easily
confused, and either way it would run: `_sentinel` takes no value.

`nce_loss` and `sampled_softmax_loss` look at a sample of many classes. `weights` [class, dim] and
`biases` [class] are those of the last layer, `inputs` [example, dim] what comes into it, `labels`
[example, true class] the numbers of the classes that are true. With `remove_accidental_hits` a
sampled class that happens to be true does not count as false. `sampled_values` is what a candidate
sampler returned, by default `log_uniform_candidate_sampler`: the sampled classes, and how often the
true and the sampled ones are expected in a sample. As everywhere, these are not TensorFlow's.
"""

from __future__ import annotations

# fmt: off
# isort: off
import math
from collections.abc import Callable
from typing import Any

import numpy as np

from nbgrad.core.graph import graph_of
from nbgrad.core.graph import Operand, Tensor
from nbgrad.core.operands import as_tensor
from nbgrad.core.shapes import Shape, compatible
from nbgrad.ops.activations import (
    _bias_add, _cross_entropy, _sparse_cross_entropy, elu, leaky_relu, relu, relu6, selu,
)
from nbgrad.ops.sources import ones_like
from nbgrad.ops.shaping import cast
from nbgrad.ops.control import stop_gradient
from nbgrad.ops.logic import where
from nbgrad.ops.parts import concat
from nbgrad.ops.reductions import l2_loss
from nbgrad.ops.shaping import reshape, shape as shape_tensor, size_along
from nbgrad.tf1 import rnn_cell
from nbgrad.tf1.convolution import (
    avg_pool, batch_normalization, check_format, conv2d, conv2d_transpose, dropout,
    fused_batch_norm, local_response_normalization, lrn, max_pool, moments,
)
from nbgrad.tf1.left_out import absent
from nbgrad.tf1.loops import (
    bidirectional_dynamic_rnn, dynamic_rnn, static_bidirectional_rnn, static_rnn,
)
from nbgrad.tf1.math import (
    abs, add, divide, equal, exp, expm1, greater_equal, in_top_k, l2_normalize, log, log1p,
    log_sigmoid, log_softmax, multiply, negative, reduce_sum, sigmoid, softmax, softplus, softsign,
    subtract, tanh, top_k, zero_fraction,
)
from nbgrad.tf1.random import random_uniform
from nbgrad.tf1.signatures import (
    called, composite, expand_dims, gather, matmul, takes, zeros_like,
)
from nbgrad.tf1.tensors import constant
# isort: on

__all__ = [
    "avg_pool", "avg_pool2d", "batch_normalization", "bias_add", "bidirectional_dynamic_rnn",
    "conv2d", "conv2d_transpose", "dropout", "dynamic_rnn", "elu", "embedding_lookup",
    "fused_batch_norm", "in_top_k", "l2_loss", "l2_normalize", "leaky_relu",
    "local_response_normalization", "log_sigmoid", "log_softmax", "log_uniform_candidate_sampler",
    "lrn", "max_pool", "max_pool2d", "moments", "nce_loss", "relu", "relu6", "rnn_cell",
    "sampled_softmax_loss", "selu", "sigmoid", "sigmoid_cross_entropy_with_logits", "softmax",
    "softmax_cross_entropy_with_logits", "softmax_cross_entropy_with_logits_v2", "softplus",
    "softsign", "sparse_softmax_cross_entropy_with_logits", "static_bidirectional_rnn",
    "static_rnn", "swish", "tanh", "top_k", "uniform_candidate_sampler",
    "weighted_cross_entropy_with_logits", "xw_plus_b", "zero_fraction",
]
# fmt: on
__dir__ = __all__.copy
__getattr__ = absent("nn", __all__)

ONE_TABLE = "embedding_lookup takes one table here, and no max_norm."

Sample = tuple[Tensor, Tensor, Tensor]

max_pool2d = max_pool
avg_pool2d = avg_pool


def bias_add(value, bias, data_format=None, name=None) -> Tensor:
    """A vector added along the last axis, z = x + b.

    >>> print(tf.Session().run(tf.nn.bias_add([[1.0, 2.0], [3.0, 4.0]], [10.0, 20.0])))
    [[11. 22.]
     [13. 24.]]
    """
    check_format(data_format)
    return _bias_add(value, bias, name)


def xw_plus_b(x, weights, biases, name=None) -> Tensor:
    """A layer of neurons before its activation, z = x w + b.

    Shapes: [example, input] times [input, result] plus [result].

    >>> print(tf.Session().run(tf.nn.xw_plus_b([[1.0, 2.0]], [[3.0], [4.0]], [100.0])))
    [[111.]]
    """
    return _bias_add(matmul(x, weights), biases, name or "xw_plus_b")


@composite("swish")
def swish(features, name=None) -> Tensor:
    """A relu that is smooth and dips below 0, z = x σ(x).

    Ramachandran, Zoph, Le, "Searching for Activation Functions", 2017.

    >>> print(tf.Session().run(tf.nn.swish(2.0)))
    1.7616
    """
    return multiply(features, sigmoid(features), name=name)


@takes(
    "params, ids, partition_strategy='mod', name=None, validate_indices=True, max_norm=None",
    left_out={"max_norm": ONE_TABLE},
)
def embedding_lookup(params, ids, name=None) -> Tensor:
    """The rows of a table for a tensor of row numbers.

    The gradients of a row that is named several times add up. There is one table only.

    >>> table = tf.constant([[1.0, 2.0], [3.0, 4.0]])
    >>> print(tf.Session().run(tf.nn.embedding_lookup(table, [1, 0])))
    [[3. 4.]
     [1. 2.]]
    """
    table = params[0] if isinstance(params, list | tuple) and len(params) == 1 else params
    if isinstance(table, list | tuple):
        raise NotImplementedError(ONE_TABLE)
    with graph_of(table, ids).name_scope(name or "embedding_lookup"):
        return gather(table, ids, 0, "Identity")


@takes("_sentinel=None, labels=None, logits=None, axis=None, name=None, dim=None")
def softmax_cross_entropy_with_logits_v2(
    _sentinel=None, labels=None, logits=None, axis=None, name=None
) -> Tensor:
    """The cross entropy of probabilities and a softmax, −Σ labels · log softmax(logits).

    The classes lie along `axis`, by default the last. Gradients flow to both; that of
    the logits is softmax(logits) − labels, also where the labels do not sum to 1 (Bridle,
    "Probabilistic Interpretation of Feedforward Classification Network Outputs", 1990).

    >>> loss = tf.nn.softmax_cross_entropy_with_logits_v2(labels=[0.0, 1.0], logits=[0.0, 0.0])
    >>> print(tf.Session().run(loss))
    0.6931
    """
    check_given_by_name("softmax_cross_entropy_with_logits", _sentinel, labels, logits)
    return flattened_cross_entropy(logits, labels, -1 if axis is None else axis, name)


def softmax_cross_entropy_with_logits(
    _sentinel=None, labels=None, logits=None, dim=-1, name=None, axis=None
) -> Tensor:
    """The cross entropy of fixed probabilities and a softmax, −Σ labels · log softmax(logits).

    No gradient flows to the labels; with `softmax_cross_entropy_with_logits_v2` it does.

    >>> loss = tf.nn.softmax_cross_entropy_with_logits(labels=[0.0, 1.0], logits=[0.0, 0.0])
    >>> print(tf.Session().run(loss))
    0.6931
    """
    check_given_by_name("softmax_cross_entropy_with_logits", _sentinel, labels, logits)
    truth = stop_gradient(as_tensor(labels, graph_of(labels, logits), name="labels"))
    return flattened_cross_entropy(logits, truth, dim if axis is None else axis, name)


def flattened_cross_entropy(logits, labels, axis: int, name: str | None) -> Tensor:
    """The cross entropy of logits and labels, which TensorFlow makes [example, class] first.

    So an axis of size 1 too many, in either, does no harm. The result has the shape of the logits.
    """
    graph = graph_of(logits, labels)
    x = as_tensor(logits, graph, name="logits")
    truth = as_tensor(labels, graph, None if isinstance(labels, Operand) else x.dtype, "labels")
    truth = cast(truth, x.dtype)
    rank = None if x.static_shape is None else len(x.static_shape)
    if axis not in (-1, rank and rank - 1) or corresponds(x.static_shape, truth.static_shape):
        return _cross_entropy(x, truth, axis, name)
    with graph.name_scope(name or "softmax_cross_entropy_with_logits") as scope:
        rows = [reshape(each, [-1, size_along(each, -1)]) for each in (x, truth)]
        each = _cross_entropy(rows[0], rows[1], -1, None)
        return reshape(each, outer_shape(x), name=scope)


def corresponds(logits: Shape, labels: Shape) -> bool:
    """Whether two shapes belong together axis by axis, as far as is known before a run."""
    if logits is None or labels is None or len(logits) != len(labels):
        return False
    outer = list(zip(logits, labels, strict=True))[:-1]
    if len(outer) == 1:
        return True
    unknown = [pair for pair in outer if None in pair]
    return len(unknown) <= 1 and all(m == n or None in (m, n) for m, n in outer)


def outer_shape(x: Tensor) -> Any:
    """The shape of a tensor but for its last axis."""
    known = x.static_shape
    if known is not None and known[:-1].count(None) <= 1:
        return [-1 if size is None else size for size in known[:-1]]
    return shape_tensor(x)[:-1]


def sparse_softmax_cross_entropy_with_logits(
    _sentinel=None, labels=None, logits=None, name=None
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
    _sentinel=None, labels=None, logits=None, name=None
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
    x, truth = logits_and_labels(logits, labels)
    positive = greater_equal(x, 0)
    above, minus_size = where(positive, x, zeros_like(x)), where(positive, negative(x), x)
    # e^−|x| cannot overflow, whichever the sign of x.
    return add(subtract(above, multiply(x, truth)), log1p(exp(minus_size)), name=name)


@takes("labels=None, logits=None, pos_weight=None, name=None, targets=None")
@composite("logistic_loss")
def weighted_cross_entropy_with_logits(
    labels=None, logits=None, pos_weight=None, name=None
) -> Tensor:
    """The logistic loss where a positive truth counts w-fold, −w t log σ(x) − (1 − t) log σ(−x).

    Here t are the labels (or `targets`), x the logits and w `pos_weight`.

    >>> loss = tf.nn.weighted_cross_entropy_with_logits(1.0, 0.0, pos_weight=2.0)
    >>> print(tf.Session().run(loss))
    1.3863
    """
    x, truth = logits_and_labels(logits, labels)
    weight = add(multiply(subtract(of_same_dtype(x, pos_weight, "pos_weight"), 1), truth), 1)
    # log(1 + e⁻ˣ), in which e^−|x| cannot overflow, whichever the sign of x.
    surprise = add(log1p(exp(negative(abs(x)))), relu(negative(x)))
    return add(multiply(subtract(1, truth), x), multiply(weight, surprise), name=name)


def logits_and_labels(logits, labels) -> tuple[Tensor, Tensor]:
    """Logits and labels as tensors of one dtype and one shape."""
    x = as_tensor(logits, graph_of(labels, logits), name="logits")
    truth = of_same_dtype(x, labels, "labels")
    if not compatible(x.static_shape, truth.static_shape):
        raise ValueError(f"logits and labels must have the same shape ({x.shape} vs {truth.shape})")
    return x, truth


def check_given_by_name(function: str, sentinel, labels, logits) -> None:
    if sentinel is not None:
        problem = "with named arguments (labels=..., logits=..., ...)"
        raise ValueError(f"Only call `{function}` {problem}")
    if labels is None or logits is None:
        raise ValueError("Both labels and logits must be provided.")


def of_same_dtype(x: Tensor, value, name: str) -> Tensor:
    """A tensor as it is, anything else as a constant of the dtype of x."""
    return as_tensor(value, x.graph, None if isinstance(value, Operand) else x.dtype, name)


def over_a_sample(last: str) -> Callable[[Callable[..., Tensor]], Callable[..., Tensor]]:
    """A decorator: from a loss of logits and labels to one over the true and some other classes."""

    def decorate(loss: Callable[..., Tensor]) -> Callable[..., Tensor]:
        @takes(
            "weights, biases, labels, inputs, num_sampled, num_classes, num_true=1, "
            f"sampled_values=None, {last}"
        )
        @called(loss.__name__, loss.__doc__)
        def build(name, partition_strategy, **given) -> Tensor:
            graph = graph_of(*given.values())
            with graph.name_scope(name or loss.__name__):
                return loss(*sampled_logits(graph, **given))

        return build

    return decorate


@over_a_sample("remove_accidental_hits=False, partition_strategy='mod', name='nce_loss'")
def nce_loss(logits, truth) -> Tensor:
    """The loss of telling the true classes from sampled ones, for each example.

    Gutmann, Hyvärinen, "Noise-contrastive estimation", 2010.

    >>> w, b, x = tf.ones([10, 3]), tf.zeros([10]), tf.ones([2, 3])
    >>> print(tf.nn.nce_loss(w, b, [[1], [2]], x, num_sampled=4, num_classes=10).shape)
    (2,)
    """
    each = sigmoid_cross_entropy_with_logits(labels=truth, logits=logits, name="sampled_losses")
    return reduce_sum(each, 1)


@over_a_sample(
    "remove_accidental_hits=True, partition_strategy='mod', name='sampled_softmax_loss', seed=None"
)
def sampled_softmax_loss(logits, truth) -> Tensor:
    """The cross entropy of a softmax over the true classes and sampled ones, for each example.

    Jean, Cho, Memisevic, Bengio, "On Using Very Large Target Vocabulary for Neural Machine
    Translation", 2015.

    >>> w, b, x = tf.ones([10, 3]), tf.zeros([10]), tf.ones([2, 3])
    >>> print(tf.nn.sampled_softmax_loss(w, b, [[1], [2]], x, num_sampled=4, num_classes=10).shape)
    (2,)
    """
    fixed = stop_gradient(truth, name="labels_stop_gradient")
    return softmax_cross_entropy_with_logits_v2(labels=fixed, logits=logits)


def sampled_logits(
    graph, weights, biases, labels, inputs, num_true, sampled_values, remove_accidental_hits, **of
) -> tuple[Tensor, Tensor]:
    """Logits of the true and the sampled classes, less the logs of their counts; and the truth."""
    w = concat(weights, 0) if isinstance(weights, list | tuple) else weights
    x = as_tensor(inputs, graph, name="inputs")
    true = reshape(as_tensor(labels, graph, name="labels"), [-1, num_true])
    if sampled_values is None:
        count, classes, seed = of["num_sampled"], of["num_classes"], of.get("seed")
        sampled_values = log_uniform_candidate_sampler(true, num_true, count, True, classes, seed)
    sampled, true_expected, sampled_expected = (
        stop_gradient(as_tensor(each, graph)) for each in sampled_values
    )
    sampled = cast(sampled, true.dtype)
    true_logits = add(
        reduce_sum(multiply(expand_dims(x, 1), gather(w, true)), 2), gather(biases, true)
    )
    others = add(matmul(x, gather(w, sampled), transpose_b=True), gather(biases, sampled))
    if remove_accidental_hits:
        hits = equal(expand_dims(true, 2), reshape(sampled, [1, 1, -1]))
        lowest = float(np.finfo(x.dtype.as_numpy_dtype).min)
        others = add(others, multiply(reduce_sum(cast(hits, x.dtype), 1), lowest))
    true_logits = subtract(true_logits, log(true_expected))
    others = subtract(others, log(sampled_expected))
    truth = divide(ones_like(true_logits), float(num_true))
    return concat([true_logits, others], 1), concat([truth, zeros_like(others)], 1)


def log_uniform_candidate_sampler(
    true_classes, num_true, num_sampled, unique, range_max, seed=None, name=None
) -> Sample:
    """A sample of classes that are numbered by falling frequency, as the words of a language are.

    Class k has the probability log((k + 2) / (k + 1)) / log(range_max + 1). Returns the
    classes, and how often the true and the sampled ones are expected; with `unique` none twice.

    >>> sampled, _, _ = tf.nn.log_uniform_candidate_sampler([[0]], 1, 3, True, 3)
    >>> print(sorted(tf.Session().run(sampled).tolist()))
    [0, 1, 2]
    """
    classes = np.arange(range_max)
    p = np.log((classes + 2) / (classes + 1)) / math.log(range_max + 1)
    return sample_of(true_classes, num_sampled, unique, p, seed, name or "LogUniformSampler")


def uniform_candidate_sampler(
    true_classes, num_true, num_sampled, unique, range_max, seed=None, name=None
) -> Sample:
    """A sample of classes, all equally likely; with `unique` none twice.

    Returns the classes, and how often the true and the sampled ones are expected.

    >>> sampled, _, _ = tf.nn.uniform_candidate_sampler([[0]], 1, 3, True, 3)
    >>> print(sorted(tf.Session().run(sampled).tolist()))
    [0, 1, 2]
    """
    p = np.full(range_max, 1 / range_max)
    return sample_of(true_classes, num_sampled, unique, p, seed, name or "UniformSampler")


def sample_of(true_classes, num_sampled, unique, p: np.ndarray, seed, name) -> Sample:
    """Classes drawn with the probabilities p, and the counts of true and sampled ones.

    Each class i arrives after a random time −log(u) / pᵢ, as raindrops do. Those that arrive first
    are a sample without repetition; when the last of them does, a class has arrived with the
    probability 1 − e^(−pᵢ t), which is what TensorFlow expects after t tries.
    """
    if unique and num_sampled > len(p):
        raise ValueError(f"Sampled {num_sampled} classes of {len(p)}, and none twice: too many.")
    graph = graph_of(true_classes)
    with graph.as_default(), graph.name_scope(name):
        rates = constant(p.astype(np.float32))
        if unique:
            u = random_uniform([len(p)], 1e-30, 1.0, seed=seed)
            times, sampled = top_k(divide(log(u), rates), num_sampled)
            expected = negative(expm1(multiply(rates, times[num_sampled - 1])))
        else:
            u = random_uniform([num_sampled, 1], 0.0, 1.0, seed=seed)
            ends = constant(np.cumsum(p)[:-1].astype(np.float32))
            sampled = reduce_sum(cast(u > ends, "int32"), 1)
            expected = multiply(rates, float(num_sampled))
        true = as_tensor(true_classes, graph, name="true_classes")
        counts = gather(expected, true), gather(expected, sampled)
        return cast(sampled, true.dtype), *counts
