"""Numbers turned into probabilities: softmax, its logarithm, and the cross-entropy with a truth."""

from __future__ import annotations

import functools

import numpy as np

from nbgrad.core.errors import ShapeError, invalid
from nbgrad.core.registry import RegisterGradient
from nbgrad.core.shapes import brackets, broadcast, merge_shapes, normal_axes
from nbgrad.ops.arithmetic import multiply, negative, subtract
from nbgrad.ops.define import leaving_out, must_have_axes, operation
from nbgrad.ops.functions import exp
from nbgrad.ops.indexing import one_hot
from nbgrad.ops.reductions import reduce_sum
from nbgrad.ops.shaping import expand_dims, size_along


def _softmax_shape(shape, *, axis):
    """The shape of `logits`."""
    rank = None if shape is None else len(shape)
    if rank is not None and axis != -1 and not -rank <= axis < rank:
        raise invalid(
            f"Dimension ({axis}) must be in the range [{-rank}, {rank}) where {rank} is the number "
            "of dimensions in the input."
        )
    must_have_axes(shape, 1)
    return shape


_of_logits = functools.partial(operation, dtypes="F->F", shape=_softmax_shape)


def exponentials(x, *, axis=-1):
    """The parts of a softmax and its logarithm: x − max x, its exponential, and their sum.

    No exponential can overflow. A loss and its gradient both begin with it; a run does it once.
    """
    # np.max and np.sum call these; their preambles take longer than a small reduction.
    shifted = x - np.maximum.reduce(x, axis, keepdims=True, initial=-np.inf)
    weights = np.exp(shifted)
    return shifted, weights, np.add.reduce(weights, axis, keepdims=True)


def log_of_softmax(x, axis, shared=None):
    """x − log Σ eˣ on NumPy arrays."""
    shifted, _, total = shared or exponentials(x, axis=axis)
    return shifted - np.log(total)


@_of_logits("Softmax", shares=exponentials)
def softmax(logits, *, axis=-1, shared=None):
    """Numbers turned into probabilities, zᵢ = e^(xᵢ) / Σ e^(xⱼ), in which no exponential overflows.

    >>> print(tf.Session().run(tf.nn.softmax([1000.0, 1000.0, 0.0])))
    [0.5 0.5 0. ]

    Bridle, "Probabilistic Interpretation of Feedforward Classification Network Outputs", 1990.
    """
    _, weights, total = shared or exponentials(logits, axis=axis)
    return weights / total


@RegisterGradient("Softmax")
def _softmax_grad(op, dz):
    z = op.outputs[0]
    mean = reduce_sum(multiply(dz, z), op.attributes["axis"], True)
    return multiply(subtract(dz, mean), z)


@_of_logits("LogSoftmax", symbol="log softmax", shares=exponentials)
def log_softmax(logits, *, axis=-1, shared=None):
    """The logarithm of the softmax, zᵢ = xᵢ − log Σ e^(xⱼ), exact also where that is nearly 0.

    >>> print(tf.Session().run(tf.nn.log_softmax([1000.0, 0.0])))
    [    0. -1000.]
    """
    return log_of_softmax(logits, axis, shared)


@RegisterGradient("LogSoftmax")
def _log_softmax_grad(op, dz):
    z = op.outputs[0]
    return subtract(dz, multiply(reduce_sum(dz, op.attributes["axis"], True), exp(z)))


def _cross_entropy_shape(logits, labels, *, axis):
    both = broadcast(logits, labels)
    if both is None:
        return None
    return leaving_out(both, normal_axes(axis, len(both)))


@operation(
    "SoftmaxCrossEntropyWithLogits",
    dtypes="F,F->F",
    shape=_cross_entropy_shape,
    name="softmax_cross_entropy_with_logits",
    symbol="xent",
    text="−Σ {labels} · log softmax({features})",
    shares=exponentials,
)
def _cross_entropy(features, labels, *, axis=-1, shared=None):
    """z = −Σ t · log softmax x, for the truth t, along an axis"""
    return -np.add.reduce(labels * log_of_softmax(features, axis, shared), axis)


@RegisterGradient("SoftmaxCrossEntropyWithLogits")
def _cross_entropy_grad(op, dz):
    (x, truth), axis = op.inputs[:2], op.attributes["axis"]
    dz = expand_dims(dz, axis)
    error = subtract(softmax(x, axis), truth)
    return multiply(dz, error), multiply(dz, negative(log_softmax(x, axis)))


def _sparse_cross_entropy_shape(logits, labels):
    if logits is None or labels is None:
        return labels if logits is None else logits[:-1]
    if len(labels) != len(logits) - 1:
        raise ShapeError(
            "Rank mismatch: Rank of labels (received "
            f"{len(labels)}) should equal rank of logits minus 1 (received {len(logits)})."
        )
    return merge_shapes(labels, logits[:-1])


@operation(
    "SparseSoftmaxCrossEntropyWithLogits",
    dtypes="F,I->F",
    shape=_sparse_cross_entropy_shape,
    symbol="xent",
    text="−log softmax({features})[{labels}]",
    shares=exponentials,
)
def _sparse_cross_entropy(features, labels, *, shared=None):
    """z = −log softmax x at the class that is true"""
    *outer, count = np.shape(features)
    if np.shape(labels) != (*outer,):
        raise invalid(
            "logits and labels must have the same first dimension, got logits shape "
            f"{brackets(np.shape(features))} and labels shape {brackets(np.shape(labels))}"
        )
    wrong = np.unique(labels[(labels < 0) | (labels >= count)])
    if wrong.size:
        raise invalid(
            f"Received a label value of {wrong[0]} which is outside the valid range of "
            f"[0, {count}).  Label values: {' '.join(map(str, np.ravel(labels)))}"
        )
    log_p = log_of_softmax(features, -1, shared)
    return -np.take_along_axis(log_p, np.expand_dims(labels, -1), -1)[..., 0]


@RegisterGradient("SparseSoftmaxCrossEntropyWithLogits")
def _sparse_cross_entropy_grad(op, dz):
    x, labels = op.inputs
    truth = one_hot(labels, size_along(x, -1), dtype=x.dtype)
    return multiply(expand_dims(dz, -1), subtract(softmax(x), truth)), None
